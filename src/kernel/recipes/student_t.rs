//! Student's t distribution with any number of degrees of freedom, through the incomplete beta
//! function: with x = ν/(ν + t²), P(|T| > |t|) = I_x(ν/2, ½).

use core::f64::consts::LN_2;

use super::super::real::Real;
use super::beta_point::UnitPoint;
use super::incomplete_beta::IncompleteBeta;

/// Everything about one (ν, t); what is not read is not computed.
#[derive(Clone, Copy, Debug)]
pub struct StudentT<R> {
    /// P(T > |t|).
    pub tail: R,
    /// P(0 < T < |t|), relative also for small t.
    pub central: R,
    /// ln P(T > |t|), exact also where it underflows.
    pub log_tail: R,
    /// The logarithm of the density at t.
    pub log_density: R,
    /// The density over P(T > |t|), also where both underflow.
    pub hazard: R,
    /// d ln|t|/dν at fixed probability: dt/dν is t times this.
    pub log_quantile_slope: R,
}

impl<R: Real> StudentT<R> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn recipe(freedom: R, t: R) -> Self {
        let [a, half] = shapes(freedom);
        Self::from_beta(freedom, t, IncompleteBeta::at(a, half, point(freedom, t)), R::double())
    }

    /// From I_x(ν/2, ½) at [`point`].
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn from_beta(freedom: R, t: R, at: IncompleteBeta<R>, fine: bool) -> Self {
        let (freedom, [a, half]) = (bounded(freedom), shapes(freedom));
        let at_zero = -(half.ln_beta(a) + freedom.ln() * 0.5);
        let at_t = at.log_kernel - t.abs().ln();
        // With ln x − ln(1 − x) = ln ν − 2 ln|t| the slope is the difference below. For large ν
        // that is 1/ν² of 1/ν, and the series of Cornish and Fisher (1938) in 1/ν takes over.
        let direct = (freedom.recip() - at.slope_a * 0.5) * 0.5;
        let square = t.square();
        let normal = (square + 1.0).lt(freedom * if fine { 1e-3 } else { 1e-2 });
        let slope = R::select(normal, nearly_normal_slope(freedom, square), direct);
        Self {
            tail: at.p * 0.5,
            central: at.q * 0.5,
            log_tail: at.log_p - LN_2,
            log_density: R::select(t.equal(R::constant(0.0)), at_zero, at_t),
            hazard: R::select(t.equal(R::constant(0.0)), at_zero.exp(), at.kernel_over_p / t.abs())
                * 2.0,
            log_quantile_slope: slope,
        }
    }

    /// The same of another kind of number.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn map<S>(self, convert: impl Fn(R) -> S) -> StudentT<S> {
        StudentT {
            tail: convert(self.tail),
            central: convert(self.central),
            log_tail: convert(self.log_tail),
            log_density: convert(self.log_density),
            hazard: convert(self.hazard),
            log_quantile_slope: convert(self.log_quantile_slope),
        }
    }
}

/// ν, held where the distribution is the normal one to all digits, so that ν may be infinite.
#[cfg_attr(not(debug_assertions), inline(always))]
fn bounded<R: Real>(freedom: R) -> R {
    R::select(freedom.gt(R::constant(1e30)), R::constant(1e30), freedom)
}

/// The shapes of the beta variate ν/(ν + t²).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn shapes<R: Real>(freedom: R) -> [R; 2] {
    [bounded(freedom) * 0.5, R::constant(0.5)]
}

/// x = ν/(ν + t²).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn point<R: Real>(freedom: R, t: R) -> UnitPoint<R> {
    let (freedom, size, one) = (bounded(freedom), t.abs(), R::constant(1.0));
    // t²/ν or its reciprocal, the smaller, as two quotients: t² overflows where ν/t² need not.
    let ratio = size / freedom * size;
    let inner = ratio.le(one);
    let ratio = R::select(inner, ratio, freedom / size / size);
    let log_ratio = size.ln() * 2.0 - freedom.ln();
    let log_ratio = R::select(inner, log_ratio, -log_ratio);
    let log_ratio = R::select(ratio.lt(R::constant(1e-30)), log_ratio, ratio.ln());
    let log_large = -ratio.ln_1p();
    UnitPoint::from_small(ratio / (ratio + 1.0), log_ratio + log_large, log_large, !inner)
}

/// d ln|t|/dν for 1 + t² much below ν: relative error about ((1 + t²)/ν)⁴/10.
#[cfg_attr(not(debug_assertions), inline(always))]
fn nearly_normal_slope<R: Real>(freedom: R, u: R) -> R {
    let r = freedom.recip();
    let third = u * (u * (-u * 0.1 + 0.1) + 1.0 / 30.0) - 1.0 / 6.0;
    let second = u * (u * (u - 1.0) - 1.0) / 6.0 - 0.5;
    let sum = r * (r * (r * (u * third) + second) + (u - u.square()) / 3.0) + (u + 1.0);
    sum * r * r * -0.25
}

/// NaN unless ν > 0 and t is a number; `at_infinity` where |t| is infinite.
#[cfg_attr(not(debug_assertions), inline(always))]
fn within<R: Real>(freedom: R, t: R, value: R, [at_minus, at_plus]: [f64; 2]) -> R {
    let infinity = R::constant(f64::INFINITY);
    let inner = R::select(t.equal(infinity), R::constant(at_plus), value);
    let inner = R::select(t.equal(-infinity), R::constant(at_minus), inner);
    R::select(freedom.gt(R::constant(0.0)) & !t.is_nan(), inner, R::constant(f64::NAN))
}

/// P(T <= t) with relative accuracy in the lower tail; the upper tail is this at −t.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn student_t_cdf<R: Real>(freedom: R, t: R) -> R {
    let at = freedom.student_t(t);
    let value = R::select(t.lt(R::constant(0.0)), at.tail, at.central + 0.5);
    within(freedom, t, value, [0.0, 1.0])
}

/// ln P(T <= t), also where P underflows.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_student_t_cdf<R: Real>(freedom: R, t: R) -> R {
    let at = freedom.student_t(t);
    let value = R::select(t.lt(R::constant(0.0)), at.log_tail, (-at.tail).ln_1p());
    within(freedom, t, value, [f64::NEG_INFINITY, 0.0])
}

/// The t with P(T <= t) = p, given p and q = 1 − p: at the fixed x with I_x(ν/2, ½) = 2 min(p, q).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn student_t_quantile<R: Real>(freedom: R, p: R, q: R) -> R {
    let (zero, [a, half]) = (R::constant(0.0), shapes(freedom));
    let (tail, central) = (p.min(q) * 2.0, (q - p).abs());
    let logit = a.logit_beta_quantile(half, tail, central);
    student_t_from_logit(freedom, logit, (p - q).lt(zero), central)
}

/// t from the logit of x = ν/(ν + t²).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn student_t_from_logit<R: Real>(
    freedom: R,
    logit: R,
    negative: R::Mask,
    central: R,
) -> R {
    let size = ((bounded(freedom).ln() - logit) * 0.5).exp();
    let size = R::select(central.equal(R::constant(0.0)), R::constant(0.0), size);
    let valid = freedom.gt(R::constant(0.0));
    R::select(valid, R::select(negative, -size, size), R::constant(f64::NAN))
}

/// dt/dν at fixed probability for a Student variate: the implicit reparameterisation gradient
/// (Figurnov, Mohamed and Mnih 2018).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn student_t_implicit_gradient<R: Real>(freedom: R, t: R) -> R {
    let slope = t * freedom.student_t(t).log_quantile_slope;
    // At t = 0 the slope may be 0 · ∞.
    let slope = R::select(t.equal(R::constant(0.0)), R::constant(0.0), slope);
    R::select(freedom.gt(R::constant(0.0)) & !t.is_nan(), slope, R::constant(f64::NAN))
}
