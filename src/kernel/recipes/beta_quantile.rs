//! The quantile of a beta distribution, as a guess and a step, in the logit of the value: small
//! shapes make quantiles that round to 0 or 1.

use super::super::real::Real;
use super::approach::{Approach, KernelAtQuantile, Tails};
use super::beta_point::exchanged;
use super::gamma_quantile::gamma_quantile_guess;
use super::incomplete_beta::IncompleteBeta;

/// A first guess of logit z with I_z(a, b) = p, given p and q = 1 − p.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn beta_quantile_guess<R: Real>(a: R, b: R, p: R, q: R) -> R {
    let one = R::constant(1.0);
    // The smaller shape first.
    let mirrored = b.lt(a);
    let ((small, large), (p, q)) = (exchanged(mirrored, a, b), exchanged(mirrored, p, q));
    let bumps = bump_guess(small, large, p, q);
    let horns = horns_guess(small, large, p, q);
    let mixed = mixed_guess(small, large, p, q);
    let below = R::select(large.lt(one), horns, mixed);
    let logit = R::select(small.lt(one), below, bumps);
    R::select(mirrored, -logit, logit)
}

/// For shapes from one up: half the logit is roughly normal (Abramowitz and Stegun 26.5.22).
#[cfg_attr(not(debug_assertions), inline(always))]
fn bump_guess<R: Real>(a: R, b: R, p: R, q: R) -> R {
    let lower = p.lt(R::constant(0.5));
    let normal = R::select(lower, p, q).ndtri();
    let normal = R::select(lower, -normal, normal);
    let lambda = (normal.square() - 3.0) / 6.0;
    let (r, s) = ((a * 2.0 - 1.0).recip(), (b * 2.0 - 1.0).recip());
    let h = (r + s).recip() * 2.0;
    let skew = (s - r) * (lambda + 5.0 / 6.0 - h.recip() * (2.0 / 3.0));
    (a / b).ln() - (normal * (h + lambda).max(R::constant(0.0)).sqrt() / h - skew) * 2.0
}

/// For shapes below one: the leading power at the end that has the probability.
#[cfg_attr(not(debug_assertions), inline(always))]
fn horns_guess<R: Real>(a: R, b: R, p: R, q: R) -> R {
    let left = (p * (a + b)).lt(b);
    let (shape, _) = exchanged(!left, a, b);
    let log_tail = R::select(left, p, q).ln();
    let log_x = ((log_tail + a.ln_beta(b) + shape.ln()) / shape).min(R::constant(-0.3));
    let logit = log_x - (-log_x).log1mexp();
    R::select(left, logit, -logit)
}

/// For a < 1 <= b: −ln(1 − x) times b + (a − 1)/2 is roughly a gamma variate.
#[cfg_attr(not(debug_assertions), inline(always))]
fn mixed_guess<R: Real>(a: R, b: R, p: R, q: R) -> R {
    let log_rate = gamma_quantile_guess(a, p, q) - (b + (a - 1.0) * 0.5).ln();
    let minus_log_y = log_rate.exp();
    // ln x = ln(1 − e^−r), and ln r where r may underflow.
    let tiny = log_rate.lt(R::constant(-10.0));
    R::select(tiny, log_rate, minus_log_y.log1mexp()) + minus_log_y
}

/// One Halley step from logit z towards I_z(a, b) = p.
///
/// It solves ln P = ln p, or ln Q = ln q above the median: the density of the logit is
/// log-concave, and so are both tails. d ln K/d logit = a (1 − z) − b z. From the guess two or three
/// steps reach single precision and three or four double precision.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn beta_quantile_step<R: Real>(a: R, b: R, logit: R, p: R, q: R) -> R {
    step_from(a.incomplete_beta_at_logit(b, logit), [a, b], logit, p, q)
}

/// The same from the functions at logit z.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn step_from<R: Real>(at: IncompleteBeta<R>, shapes: [R; 2], logit: R, p: R, q: R) -> R {
    approach(&at, shapes, logit, p, q).next(logit)
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn approach<R: Real>(at: &IncompleteBeta<R>, [a, b]: [R; 2], logit: R, p: R, q: R) -> Approach<R> {
    let IncompleteBeta { log_p, log_q, kernel_over_p, kernel_over_q, .. } = *at;
    let tails = Tails { log_p, log_q, kernel_over_p, kernel_over_q };
    Approach::new(&tails, a * (-logit).sigmoid() - b * logit.sigmoid(), [p, q])
}

/// K at the z with I_z(a, b) = p, from the functions at about logit z.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn beta_kernel_at_quantile<R: Real>(
    at: &IncompleteBeta<R>,
    shapes: [R; 2],
    logit: R,
    p: R,
    q: R,
) -> KernelAtQuantile<R> {
    approach(at, shapes, logit, p, q).kernel()
}

/// logit z with I_z(a, b) = p, given p and q = 1 − p: the guess and a fixed number of steps.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn logit_beta_quantile<R: Real>(a: R, b: R, p: R, q: R) -> R {
    let mut logit = beta_quantile_guess(a, b, p, q);
    for _ in 0..if R::double() { 5 } else { 4 } {
        logit = beta_quantile_step(a, b, logit, p, q);
    }
    logit
}
