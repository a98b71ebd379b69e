//! The incomplete beta family on the host: scalar `f64` with real branches, also for `f32`, so
//! that only the formula needed runs and single precision is exact to rounding.

use pulp::{Simd, WithSimd};

use super::super::lanes::Lane;
use super::super::real::Real;
use super::super::simd::dispatch;
use super::beta_point::{UnitPoint, deviation, exchanged};
use super::beta_quantile::{BetaQuantile, beta_quantile_guess, step_from};
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

/// The functions at one point, compiled for the instruction set of this machine: without its
/// fused multiply-add every exponential is a dozen library calls.
struct Branching {
    a: Lane<f64>,
    b: Lane<f64>,
    at: UnitPoint<Lane<f64>>,
    fine: bool,
}

impl WithSimd for Branching {
    type Output = IncompleteBeta<Lane<f64>>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let Self { a, b, at, fine } = self;
        let mirror = at.mirror();
        let lower = has_series(a, b, &at);
        if lower || has_series(b, a, &mirror) {
            let ((a, b), at) = (exchanged(!lower, a, b), at.swapped(!lower));
            return lower_series(a, b, &at, fine).mirrored(!lower);
        }
        let rise = deviation(a, b, &at);
        let below = rise.0 < 0.0;
        let ((a, b), at) = (exchanged(below, a, b), at.swapped(below));
        upper_tail(a, b, &at, rise.abs(), None, fine).mirrored(below)
    }
}

fn branching(
    a: Lane<f64>,
    b: Lane<f64>,
    at: UnitPoint<Lane<f64>>,
    fine: bool,
) -> IncompleteBeta<Lane<f64>> {
    dispatch(Branching { a, b, at, fine })
}

/// logit z with I_z(a, b) = p, stopping when a step changes little.
#[inline(never)]
pub(crate) fn logit_beta_quantile(a: f64, b: f64, p: f64, q: f64, fine: bool) -> f64 {
    dispatch(Quantile { shapes: [Lane(a), Lane(b)], p: Lane(p), q: Lane(q), fine })
}

/// z itself.
pub(crate) fn beta_quantile(a: f64, b: f64, p: f64, q: f64, fine: bool) -> f64 {
    Lane(logit_beta_quantile(a, b, p, q, fine)).sigmoid().0
}

/// z with its derivatives.
#[inline(never)]
pub(crate) fn beta_quantile_with_slopes(
    a: f64,
    b: f64,
    p: f64,
    q: f64,
    fine: bool,
) -> BetaQuantile<Lane<f64>> {
    let logit = logit_beta_quantile(a, b, p, q, fine);
    let at = incomplete_beta_at_logit(a, b, logit, fine);
    BetaQuantile::at(&at, [Lane(a), Lane(b)], Lane(logit), [Lane(p), Lane(q)])
}

struct Quantile {
    shapes: [Lane<f64>; 2],
    p: Lane<f64>,
    q: Lane<f64>,
    fine: bool,
}

impl WithSimd for Quantile {
    type Output = f64;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        let Self { shapes: [a, b], p, q, fine } = self;
        // Halley's method triples the digits: the next step would change nothing.
        let tolerance = if fine { 1e-8 } else { 1e-6 };
        let mut logit = beta_quantile_guess(a, b, p, q);
        for _ in 0..24 {
            let at = branching(a, b, UnitPoint::at_logit(logit), fine);
            let next = step_from(at, [a, b], logit, p, q);
            let change = (next.0 - logit.0).abs();
            logit = next;
            // NaN − NaN and ∞ − ∞ end the loop too.
            if change.is_nan() || change <= tolerance * logit.0.abs().max(1.0) {
                break;
            }
        }
        logit.0
    }
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
