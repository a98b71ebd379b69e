//! Differences of ln Γ and of ψ at two arguments, as products with the distance between them: for
//! arguments that are close, or large, the difference of the two values would cancel.
//!
//! The remainders of Stirling's formula are polynomials, and the difference of a polynomial at two
//! points is their distance times a divided difference, which Horner's rule gives as well.

use core::f64::consts::EULER_GAMMA;

use super::super::real::Real;
use super::coefficients::{
    DIGAMMA_F32, DIGAMMA_F64, LN_GAMMA_CURVE_F32, LN_GAMMA_CURVE_F64, STIRLING_F32, STIRLING_F64,
};
use super::elementary::ln_1p_remainder_near;
use super::fitted;

/// The value P(u) and the divided difference (P(v) − P(u))/(v − u), which is a polynomial itself
/// and so has no trouble at u = v.
#[cfg_attr(not(debug_assertions), inline(always))]
fn divided<R: Real, const N: usize>(u: R, v: R, coefficients: &[f64; N]) -> (R, R) {
    let mut value = R::constant(coefficients[0]);
    let mut difference = value;
    value = value * u + coefficients[1];
    for coefficient in &coefficients[2..] {
        difference = difference * v + value;
        value = value * u + *coefficient;
    }
    (value, difference)
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn divided_fit<R: Real, const N: usize, const M: usize>(
    u: R,
    v: R,
    single: &[f64; N],
    double: &[f64; M],
) -> (R, R) {
    if R::double() { divided(u, v, double) } else { divided(u, v, single) }
}

/// P(v)/end − P(u)/start for a fit in (x − 1)/(x + 1), with `end` = `start` + `distance`; every
/// term is a multiple of the distance.
#[cfg_attr(not(debug_assertions), inline(always))]
fn remainder_difference<R: Real, const N: usize, const M: usize>(
    start: R,
    end: R,
    distance: R,
    single: &[f64; N],
    double: &[f64; M],
) -> R {
    // 1 − 2/(x + 1) and not (x − 1)/(x + 1), which is ∞/∞ at ∞.
    let (up, far) = ((start + 1.0).recip(), (end + 1.0).recip());
    let (value, difference) = divided_fit(-(up * 2.0) + 1.0, -(far * 2.0) + 1.0, single, double);
    // Quotients one after the other: the product of the arguments may overflow.
    let along = distance / end;
    difference * 2.0 * (distance * up) * far / end - value * along / start
}

/// Parts of ln Γ(`end`) − ln Γ(`start`) by Stirling's formula, for arguments from ½.
pub(super) struct StirlingDifference<R> {
    /// ln(end/start).
    pub(super) log_ratio: R,
    /// end ln(end/start) − (end − start).
    bend: R,
    /// The difference of the remainders.
    pub(super) remainder: R,
}

impl<R: Real> StirlingDifference<R> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn new(start: R, end: R, distance: R) -> Self {
        let t = distance / start;
        let near = t.ge(R::constant(-0.5)) & t.le(R::constant(1.0));
        // With r = ln(1 + t) − t the bend is (1 + t) r + t², where half cancels and no more; for
        // large t the squares would cancel, and near −1 1 + t has lost its digits but `end` has
        // not.
        let r = ln_1p_remainder_near(t);
        let log = (end / start).ln();
        let bend = start * ((t + 1.0) * r + t.square());
        Self {
            log_ratio: R::select(near, r + t, log),
            bend: R::select(near, bend, end * log - distance),
            remainder: remainder_difference(start, end, distance, &STIRLING_F32, &STIRLING_F64)
                / 12.0,
        }
    }

    /// ln Γ(end) − ln Γ(start).
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn total(&self, start: R, distance: R) -> R {
        distance * start.ln() + self.bend - self.log_ratio * 0.5 + self.remainder
    }
}

/// ln Γ(x + d) − ln Γ(x) with a relative error that stays small for small d and for large x; NaN
/// where x or x + d is negative.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_gamma_difference<R: Real>(x: R, d: R) -> R {
    let (half, three) = (R::constant(0.5), R::constant(3.0));
    let end = x + d;
    let (least, most) = (R::select(d.lt(R::constant(0.0)), end, x), x.max(end));
    let by_stirling = difference_by_stirling(x, d);
    // Around the roots 1 and 2 the values themselves are exact and Stirling's terms are not: that
    // keeps ln Γ(2) − ln Γ(1) at 0. Nor are they where Stirling would be taken one step up and the
    // difference is next to 0.
    let direct = end.ln_gamma() - x.ln_gamma();
    let around_roots = least.ge(half) & most.le(three);
    let next_to_zero = least.lt(half) & direct.abs().lt(half);
    let exact = (around_roots | next_to_zero) & d.abs().ge(half);
    R::select(exact, direct, by_stirling)
}

/// The same with an absolute error of a few ε where ln Γ is below one.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn difference_by_stirling<R: Real>(x: R, d: R) -> R {
    let (zero, half) = (R::constant(0.0), R::constant(0.5));
    let end = x + d;
    let low = R::select(d.lt(zero), end, x).lt(half);
    // One step up where an argument is below the fit: Γ(x + d)/Γ(x) is Γ(x + d + 1)/Γ(x + 1) over
    // (x + d)/x.
    let (start, stop) = (R::select(low, x + 1.0, x), R::select(low, end + 1.0, end));
    let shifted = StirlingDifference::new(start, stop, d).total(start, d);
    let ratio = d / x;
    // ln(1 + d/x) keeps a small d, the quotient a small x + d, its root a ratio that overflows; the same NaN
    // in all for x < 0.
    let beyond = ratio.gt(R::constant(if R::double() { 1e300 } else { 1e30 }));
    let log = R::select(beyond, end.sqrt() / x.sqrt(), end / x).ln();
    let step = R::select(ratio.lt(-half), log, R::select(beyond, log * 2.0, ratio.ln_1p()));
    let step = R::select(x.lt(zero) | end.lt(zero), R::constant(f64::NAN), step);
    R::select(low, shifted - step, shifted)
}

/// ln Γ(1 + t) for 0 <= t <= 1, with a relative error of a few ε but next to t = 1.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn ln_gamma_1p_by_curve<R: Real>(t: R) -> R {
    t * (t * fitted(t - 0.5, &LN_GAMMA_CURVE_F32, &LN_GAMMA_CURVE_F64) - EULER_GAMMA)
}

/// ln Γ(1 + k + l) − ln Γ(1 + k) − ln Γ(1 + l) for 0 <= k, l <= ½: 1.6 k l where both are small.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn few_chosen<R: Real>(k: R, l: R) -> R {
    // With ln Γ(1 + t) = −γt + t² F(t) the linear parts cancel by hand, and what is left is k l times
    // 2 F(n) and two divided differences of F, each less than a quarter of it.
    let n = k + l - 0.5;
    let along = |t: R| divided_fit(n, t - 0.5, &LN_GAMMA_CURVE_F32, &LN_GAMMA_CURVE_F64);
    let ((curve, by_k), (_, by_l)) = (along(k), along(l));
    k * l * (curve * 2.0 + k * by_k + l * by_l)
}

/// ψ(x + d) − ψ(x) with a small relative error everywhere; NaN where x or x + d is negative.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn digamma_difference<R: Real>(x: R, d: R) -> R {
    let (zero, two) = (R::constant(0.0), R::constant(2.0));
    let end = x + d;
    let (least, most) = (R::select(d.lt(zero), end, x), R::select(d.lt(zero), x, end));
    let low = least.lt(two);
    // Two steps up, each of which adds 1/x − 1/(x + d) = d/(x (x + d)): all of one sign.
    let (start, stop) = (R::select(low, x + 2.0, x), R::select(low, end + 2.0, end));
    let ratio = d / start;
    let log = R::select(ratio.lt(R::constant(-0.5)), (stop / start).ln(), ratio.ln_1p());
    let far = log - remainder_difference(start, stop, d, &DIGAMMA_F32, &DIGAMMA_F64);
    // By the larger argument first, which is no less than the distance: the quotient with the smaller one
    // may overflow where the value does not.
    let steps = d / most / least + d / (x + 1.0) / (end + 1.0);
    let value = R::select(low, far + steps, far);
    R::select(x.lt(zero) | end.lt(zero), R::constant(f64::NAN), value)
}
