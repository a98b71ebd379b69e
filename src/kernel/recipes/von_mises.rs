//! The von Mises distribution with concentration κ about 0, for angles in [−π, π], from one
//! positive integral.
//!
//! With f the density and α = |θ|, f(α + v) = f(α) e^φ(v), where
//! φ(v) = κ (cos(α + v) − cos α) = −2κ sin(α + v/2) sin(v/2). Away from the mean the tail is
//! f(α) ∫ e^φ over v up to π − α, or to where e^φ ends; near the mean the integral runs back to 0
//! instead. Either way φ is monotone or small, the terms are positive, and a fixed rule serves.

use core::f64::consts::{FRAC_1_PI, FRAC_PI_2, LN_2, PI};

use super::super::real::Real;
use super::bessel::bessel;
use super::quadrature_nodes::{NODES_F32, NODES_F64};

/// Everything about one (κ, θ); what is not read is not computed.
#[derive(Clone, Copy, Debug)]
pub struct VonMises<R> {
    /// P(Θ > |θ|).
    pub tail: R,
    /// P(0 < Θ < |θ|), relative also for small θ.
    pub central: R,
    /// ln P(Θ > |θ|), exact also where it underflows.
    pub log_tail: R,
    /// The logarithm of the density.
    pub log_density: R,
    /// d|θ|/dκ at fixed probability.
    pub quantile_slope: R,
}

impl<R: Real> VonMises<R> {
    /// `fine` asks for double precision of the sums; the arithmetic may be finer than that.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn recipe(concentration: R, angle: R, fine: bool) -> Self {
        let alpha = angle.abs();
        let beta = supplement(alpha).max(R::constant(0.0));
        let at = bessel(concentration);
        // 1 − cos α, and the fall of the exponent from the mean to α.
        let rise = (alpha * (0.5 * FRAC_1_PI)).sin_pi().square() * 2.0;
        let fall = concentration * rise;
        let inner = fall.le(R::constant(1.0)) & alpha.le(R::constant(1.5));
        let log_density = -fall - (at.i0e * (2.0 * PI)).ln();
        let length = R::select(inner, alpha, tail_length(concentration, alpha, beta, rise, fine));
        let (integral, moment) = if fine {
            integrals(concentration, alpha, beta, inner, length, &NODES_F64)
        } else {
            integrals(concentration, alpha, beta, inner, length, &NODES_F32)
        };
        let part = log_density.exp() * integral;
        let other = -part + 0.5;
        let tail = R::select(inner, other, part);
        // ∂/∂κ ln f(θ) = cos θ − A(κ), from 1 − A and 1 − cos α.
        let change = (at.complement - rise) * integral + moment;
        let log_other = (part * -2.0).ln_1p() - LN_2;
        Self {
            tail,
            central: R::select(inner, part, other),
            log_tail: R::select(inner, log_other, log_density + integral.ln()),
            log_density,
            quantile_slope: R::select(inner, -change, change),
        }
    }

    /// The same of another kind of number.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn map<S>(self, convert: impl Fn(R) -> S) -> VonMises<S> {
        VonMises {
            tail: convert(self.tail),
            central: convert(self.central),
            log_tail: convert(self.log_tail),
            log_density: convert(self.log_density),
            quantile_slope: convert(self.quantile_slope),
        }
    }
}

/// π − α with π in two parts: near π the distance to it is all that matters.
#[cfg_attr(not(debug_assertions), inline(always))]
fn supplement<R: Real>(alpha: R) -> R {
    let (head, rest) = if R::double() {
        (PI, 1.224_646_799_147_353_2e-16)
    } else {
        (3.141_592_741_012_573_2, -8.742_278_000_372_485e-8)
    };
    (-alpha + head) + rest
}

/// Where φ has fallen to about −`depth`, at most π − α.
#[cfg_attr(not(debug_assertions), inline(always))]
fn tail_length<R: Real>(concentration: R, alpha: R, beta: R, rise: R, fine: bool) -> R {
    // Short lengths from sin α v + cos α v²/2 = depth/κ, lengthened as cosines bend less than parabolas; long ones
    // from 1 − cos(α + v), as the difference of angles whose digits the short ones would lose.
    let fall = concentration.recip() * if fine { 38.0 } else { 20.0 };
    let (sine, cosine) = ((alpha * FRAC_1_PI).sin_pi(), -rise + 1.0);
    let root = (sine.square() + fall * cosine * 2.0).max(R::constant(0.0)).sqrt();
    let length = fall * 2.0 / (sine + root);
    let short = length * (length.square() * (1.0 / 12.0) + 1.0);
    let end = fall + rise;
    let long = (end / (-end + 2.0)).sqrt().atan() * 2.0 - alpha;
    let long = R::select(end.lt(R::constant(2.0)), long, beta);
    R::select(length.lt(R::constant(0.5)), short, long).min(beta)
}

/// ∫ e^φ and ∫ (cos − cos α) e^φ from α outwards, or inwards where `inner`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn integrals<R: Real, const N: usize>(
    concentration: R,
    alpha: R,
    beta: R,
    inner: R::Mask,
    length: R,
    nodes: &[(f64, f64); N],
) -> (R, R) {
    // sin(α ± v/2), from π − α where that is the smaller.
    let far = alpha.gt(R::constant(FRAC_PI_2));
    let start = R::select(far, beta, alpha);
    let step = R::select(far | inner, -length, length);
    let outward = R::select(inner, R::constant(2.0), R::constant(-2.0));
    let zero = R::constant(0.0);
    let (mut integral, mut moment) = (zero, zero);
    for (node, weight) in nodes {
        let middle = ((start + step * (0.5 * node)) * FRAC_1_PI).sin_pi();
        let change = outward * middle * (length * (0.5 * FRAC_1_PI * node)).sin_pi();
        let term = (concentration * change).exp_of_term() * *weight;
        integral = integral + term;
        moment = moment + term * change;
    }
    (integral * length, moment * length)
}

/// NaN unless κ >= 0 and θ is a number; the constants below −π and above π.
#[cfg_attr(not(debug_assertions), inline(always))]
fn within<R: Real>(concentration: R, angle: R, value: R, [below, above]: [f64; 2]) -> R {
    let end = R::constant(PI);
    let inner = R::select(angle.gt(end), R::constant(above), value);
    let inner = R::select(angle.lt(-end), R::constant(below), inner);
    let valid = concentration.ge(R::constant(0.0)) & !angle.is_nan();
    R::select(valid, inner, R::constant(f64::NAN))
}

/// P(Θ <= θ), relative in the lower tail; the upper tail is this at −θ.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn von_mises_cdf<R: Real>(concentration: R, angle: R) -> R {
    let at = concentration.von_mises(angle);
    let value = R::select(angle.lt(R::constant(0.0)), at.tail, at.central + 0.5);
    within(concentration, angle, value, [0.0, 1.0])
}

/// ln P(Θ <= θ), also where P underflows.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_von_mises_cdf<R: Real>(concentration: R, angle: R) -> R {
    let at = concentration.von_mises(angle);
    let value = R::select(angle.lt(R::constant(0.0)), at.log_tail, (-at.tail).ln_1p());
    within(concentration, angle, value, [f64::NEG_INFINITY, 0.0])
}

/// dθ/dκ at fixed probability for a von Mises variate about 0: the implicit reparameterisation
/// gradient (Figurnov, Mohamed and Mnih 2018).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn von_mises_implicit_gradient<R: Real>(concentration: R, angle: R) -> R {
    let slope = angle.sign_of(concentration.von_mises(angle).quantile_slope);
    let valid = concentration.ge(R::constant(0.0)) & !angle.is_nan();
    R::select(valid, slope, R::constant(f64::NAN))
}
