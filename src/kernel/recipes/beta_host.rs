//! The incomplete beta family on the host: scalar `f64` with real branches, also for `f32`, so
//! that only the formula needed runs and single precision is exact to rounding.

use super::super::lanes::Lane;
use super::beta_point::{UnitPoint, deviation};
use super::beta_quantile::{beta_quantile_guess, beta_quantile_step};
use super::beta_series::lower_series;
use super::beta_tail::upper_tail;
use super::incomplete_beta::{IncompleteBeta, has_series};
use super::student_t::{StudentT, point, shapes, student_t_from_logit};

/// P, Q, their logarithms and the slopes of the quantile, to 1e-12 relative when `fine`, else to
/// 1e-7.
#[inline(never)]
pub(crate) fn incomplete_beta(
    a: f64,
    b: f64,
    x: f64,
    y: f64,
    fine: bool,
) -> IncompleteBeta<Lane<f64>> {
    branching(Lane(a), Lane(b), UnitPoint::new(Lane(x), Lane(y)), fine)
}

/// The same at ln x − ln y.
#[inline(never)]
pub(crate) fn incomplete_beta_at_logit(
    a: f64,
    b: f64,
    logit: f64,
    fine: bool,
) -> IncompleteBeta<Lane<f64>> {
    branching(Lane(a), Lane(b), UnitPoint::at_logit(Lane(logit)), fine)
}

fn branching(
    a: Lane<f64>,
    b: Lane<f64>,
    at: UnitPoint<Lane<f64>>,
    fine: bool,
) -> IncompleteBeta<Lane<f64>> {
    let mirror = at.mirror();
    if has_series(a, b, &at) {
        return lower_series(a, b, &at, fine);
    }
    if has_series(b, a, &mirror) {
        return lower_series(b, a, &mirror, fine).mirrored(true);
    }
    let rise = deviation(a, b, &at);
    if rise.0 < 0.0 {
        upper_tail(b, a, &mirror, -rise, fine).mirrored(true)
    } else {
        upper_tail(a, b, &at, rise, fine)
    }
}

/// logit z with I_z(a, b) = p, stopping when a step no longer changes it.
#[inline(never)]
pub(crate) fn logit_beta_quantile(a: f64, b: f64, p: f64, q: f64, fine: bool) -> f64 {
    let tolerance = if fine { 1e-15 } else { 1e-8 };
    let (a, b, p, q) = (Lane(a), Lane(b), Lane(p), Lane(q));
    let mut logit = beta_quantile_guess(a, b, p, q);
    // Halley's method triples the digits; the bound only ends a last-bit oscillation.
    for _ in 0..24 {
        let next = beta_quantile_step(a, b, logit, p, q);
        let change = (next.0 - logit.0).abs();
        logit = next;
        // NaN − NaN and ∞ − ∞ end the loop too.
        if change.is_nan() || change <= tolerance * logit.0.abs().max(1.0) {
            break;
        }
    }
    logit.0
}

/// Student's t distribution with ν degrees of freedom at t.
#[inline(never)]
pub(crate) fn student_t(freedom: f64, t: f64, fine: bool) -> StudentT<Lane<f64>> {
    let (freedom, t) = (Lane(freedom), Lane(t));
    let [a, half] = shapes(freedom);
    StudentT::from_beta(freedom, t, branching(a, half, point(freedom, t), fine), fine)
}

/// The t with P(T <= t) = p.
#[inline(never)]
pub(crate) fn student_t_quantile(freedom: f64, p: f64, q: f64, fine: bool) -> f64 {
    let [a, half] = shapes(Lane(freedom));
    let (tail, central) = (p.min(q) * 2.0, (q - p).abs());
    let logit = logit_beta_quantile(a.0, half.0, tail, central, fine);
    student_t_from_logit(Lane(freedom), Lane(logit), p < q, Lane(central)).0
}
