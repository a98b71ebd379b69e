//! The incomplete beta family on the host: scalar `f64` with real branches, also for `f32`, so
//! that only the formula needed runs and single precision is exact to rounding.

use super::super::lanes::Lane;
use super::beta_point::{UnitPoint, deviation};
use super::beta_series::lower_series;
use super::beta_tail::upper_tail;
use super::incomplete_beta::{IncompleteBeta, has_series};

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
