//! The regularised incomplete beta function I_x(a, b) and its complement, and how the quantile of
//! a beta distribution moves with its shapes.
//!
//! The tail not containing the mode is one positive integral over the logit (`beta_tail`); where
//! that tail is long because a shape is below one, the power series of the other end serves
//! (`beta_series`). Both are written for one end and reached from the other by exchanging the
//! shapes.

use super::super::real::Real;
use super::beta_kernel::Shares;
use super::beta_point::{UnitPoint, deviation, exchanged};
use super::beta_series::lower_series;
use super::beta_tail::upper_tail;

/// Everything about one (a, b, x); what is not read is not computed.
#[derive(Clone, Copy, Debug)]
pub struct IncompleteBeta<R> {
    /// P = I_x(a, b).
    pub p: R,
    /// Q = 1 − P.
    pub q: R,
    /// ln P, exact also where P underflows.
    pub log_p: R,
    /// ln Q, exact also where Q underflows.
    pub log_q: R,
    /// ln K = ln of the density of the logit, which is x (1 − x) times that of x.
    pub log_kernel: R,
    /// K/P, the derivative of ln P in the logit, without the digits that K and P share.
    pub kernel_over_p: R,
    /// K/Q.
    pub kernel_over_q: R,
    /// d logit(z)/da at fixed P, at z = x: −(∂P/∂a)/K.
    pub slope_a: R,
    /// d logit(z)/db at fixed P, at z = x: −(∂P/∂b)/K.
    pub slope_b: R,
}

impl<R: Real> IncompleteBeta<R> {
    /// At x with its complement y, of which the smaller is read.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn recipe(a: R, b: R, x: R, y: R) -> Self {
        Self::at(a, b, UnitPoint::new(x, y))
    }

    /// At ln x − ln y.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn recipe_at_logit(a: R, b: R, logit: R) -> Self {
        Self::at(a, b, UnitPoint::at_logit(logit))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn at(a: R, b: R, at: UnitPoint<R>) -> Self {
        let fine = R::double();
        let (lower, upper) = (has_series(a, b, &at), has_series(b, a, &at.mirror()));
        let mirrored = !lower;
        let ((a_1, b_1), at_1) = (exchanged(mirrored, a, b), at.swapped(mirrored));
        let series = lower_series(a_1, b_1, &at_1, fine).mirrored(mirrored);
        let shares = (!fine).then(|| Shares::new(a, b, &at));
        let rise = shares.as_ref().map_or_else(|| deviation(a, b, &at), |s| s.deviation(&at));
        let below = rise.lt(R::constant(0.0));
        let ((a_2, b_2), at_2) = (exchanged(below, a, b), at.swapped(below));
        let tail = upper_tail(a_2, b_2, &at_2, rise.abs(), shares.as_ref(), fine).mirrored(below);
        Self::select(lower | upper, series, tail)
    }

    /// The same of another kind of number.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn map<S>(self, convert: impl Fn(R) -> S) -> IncompleteBeta<S> {
        IncompleteBeta {
            p: convert(self.p),
            q: convert(self.q),
            log_p: convert(self.log_p),
            log_q: convert(self.log_q),
            log_kernel: convert(self.log_kernel),
            kernel_over_p: convert(self.kernel_over_p),
            kernel_over_q: convert(self.kernel_over_q),
            slope_a: convert(self.slope_a),
            slope_b: convert(self.slope_b),
        }
    }

    /// As seen from the other end of the interval where `mask` holds.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn mirrored(self, mask: R::Mask) -> Self {
        let ((p, q), (log_p, log_q)) =
            (exchanged(mask, self.p, self.q), exchanged(mask, self.log_p, self.log_q));
        let (kernel_over_p, kernel_over_q) =
            exchanged(mask, self.kernel_over_p, self.kernel_over_q);
        Self {
            p,
            q,
            log_p,
            log_q,
            log_kernel: self.log_kernel,
            kernel_over_p,
            kernel_over_q,
            slope_a: R::select(mask, -self.slope_b, self.slope_a),
            slope_b: R::select(mask, -self.slope_a, self.slope_b),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn select(mask: R::Mask, then: Self, otherwise: Self) -> Self {
        let pick = |field: fn(&Self) -> R| R::select(mask, field(&then), field(&otherwise));
        Self {
            p: pick(|s| s.p),
            q: pick(|s| s.q),
            log_p: pick(|s| s.log_p),
            log_q: pick(|s| s.log_q),
            log_kernel: pick(|s| s.log_kernel),
            kernel_over_p: pick(|s| s.kernel_over_p),
            kernel_over_q: pick(|s| s.kernel_over_q),
            slope_a: pick(|s| s.slope_a),
            slope_b: pick(|s| s.slope_b),
        }
    }
}

/// Whether the power series in x converges fast.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn has_series<R: Real>(a: R, b: R, at: &UnitPoint<R>) -> R::Mask {
    let one = R::constant(1.0);
    a.lt(one) & at.x.le(R::constant(0.5)) & (at.x * b).le(one)
}

/// The limits and the domain: the constants of x < 0 and y < 0, NaN where a number is NaN or a
/// shape not positive.
#[cfg_attr(not(debug_assertions), inline(always))]
fn within<R: Real>([a, b, x, y]: [R; 4], value: R, at_zero: f64, at_one: f64) -> R {
    let zero = R::constant(0.0);
    let inner = R::select(y.lt(zero), R::constant(at_one), value);
    let inner = R::select(x.lt(zero), R::constant(at_zero), inner);
    let valid = a.gt(zero) & b.gt(zero) & !(x.is_nan() | y.is_nan());
    R::select(valid, inner, R::constant(f64::NAN))
}

/// I_x(a, b), given y = 1 − x.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn beta_p<R: Real>(a: R, b: R, x: R, y: R) -> R {
    within([a, b, x, y], a.incomplete_beta(b, x, y).p, 0.0, 1.0)
}

/// 1 − I_x(a, b) = I_y(b, a).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn beta_q<R: Real>(a: R, b: R, x: R, y: R) -> R {
    within([a, b, x, y], a.incomplete_beta(b, x, y).q, 1.0, 0.0)
}

/// ln I_x(a, b).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_beta_p<R: Real>(a: R, b: R, x: R, y: R) -> R {
    within([a, b, x, y], a.incomplete_beta(b, x, y).log_p, f64::NEG_INFINITY, 0.0)
}

/// ln(1 − I_x(a, b)).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_beta_q<R: Real>(a: R, b: R, x: R, y: R) -> R {
    within([a, b, x, y], a.incomplete_beta(b, x, y).log_q, 0.0, f64::NEG_INFINITY)
}

/// d logit(z)/da and d logit(z)/db at fixed probability for a beta variate: the implicit
/// reparameterisation gradient (Figurnov, Mohamed and Mnih 2018) in the logit, which is finite
/// also where z or 1 − z underflows.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn beta_implicit_gradient<R: Real>(a: R, b: R, logit: R) -> [R; 2] {
    let at = a.incomplete_beta_at_logit(b, logit);
    let zero = R::constant(0.0);
    let valid = a.gt(zero) & b.gt(zero) & !logit.is_nan();
    [at.slope_a, at.slope_b].map(|slope| R::select(valid, slope, R::constant(f64::NAN)))
}
