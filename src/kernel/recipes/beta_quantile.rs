//! The quantile of a beta distribution, as a guess and a step, in the logit of the value: small
//! shapes make quantiles that round to 0 or 1.

use super::super::real::Real;
use super::approach::{Approach, KernelAtQuantile, Tails};
use super::beta_point::exchanged;
use super::gamma::ln_factorial;
use super::gamma_quantile::{LOWEST, gamma_quantile_guess};
use super::incomplete_beta::IncompleteBeta;
use super::root::SplitLogarithm;

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

/// `small`, the smaller of z and 1 − z for I_z(a, b) = p, in single precision and far from ½ with the digits
/// that the logit of z has lost.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn refined_beta_quantile<R: Real>(
    [a, b]: [R; 2],
    logit: R,
    [p, q]: [R; 2],
    small: R,
) -> R {
    if R::double() {
        return small;
    }
    // With x for it and a for the shape at its end
    // P = xᵃ/(a B(a, b)) (1 + a ∑ (1 − b)ₙ xⁿ/(n! (a + n))), of which 20 terms are all up to x = ½, b x = 1.
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let above = logit.gt(zero);
    let ((a, b), (p, q)) = (exchanged(above, a, b), exchanged(above, p, q));
    let (mut power, mut sum, mut slope) = (one, zero, zero);
    for n in (1..=20).map(f64::from) {
        power = power * small * (-b * n.recip() + 1.0);
        let term = power / (a + n);
        sum = sum + term;
        slope = slope + term * n;
    }
    // a B(a, b) = Γ(1 + a) Γ(1 + b)/Γ(1 + a + b) (a + b)/b. Of a large b the quotient is about c⁻ᵃ, by Stirling's
    // formula, and c leaves the exponent before it is rounded.
    let c = b + 1.0;
    let change = (c + a).ln_gamma_stirling() - c.ln_gamma_stirling();
    let beyond_power = (c + a - 0.5) * (a / c).ln_1p() - a + change;
    let large = b.gt(R::constant(4.0));
    let rise = R::select(large, beyond_power, c.log_gamma_difference(a));
    let exponent = (ln_factorial(a) - rise - (a * sum).ln_1p()) / a;
    let root = SplitLogarithm::of_probability(p, q).times_share(a, b).root(a, exponent);
    let root = root / R::select(large, c, one);
    // The factor follows x: a Newton step, in which the error of `small` goes.
    let root = small + (root - small) / (slope / (a * sum + 1.0) + 1.0);
    let leading = small.lt(R::constant(0.5)) & (small * b).lt(one);
    R::select(leading & logit.abs().lt(R::constant(-LOWEST)), root, small)
}

/// z with I_z(a, b) = p, given p and q = 1 − p.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn beta_quantile<R: Real>(a: R, b: R, p: R, q: R) -> R {
    let logit = a.logit_beta_quantile(b, p, q);
    let small = refined_beta_quantile([a, b], logit, [p, q], (-logit.abs()).sigmoid());
    R::select(logit.gt(R::constant(0.0)), R::constant(1.0) - small, small)
}

/// A quantile and its derivatives.
#[derive(Clone, Copy, Debug)]
pub struct BetaQuantile<R> {
    /// z.
    pub value: R,
    /// dz/da, dz/db and dz/dp.
    pub slopes: [R; 3],
}

impl<R: Real> BetaQuantile<R> {
    /// Of p and q = 1 − p.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn recipe(a: R, b: R, p: R, q: R) -> Self {
        let logit = a.logit_beta_quantile(b, p, q);
        Self::at(&a.incomplete_beta_at_logit(b, logit), [a, b], logit, [p, q])
    }

    /// From the functions at logit z, where I_z(a, b) = p.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn at(at: &IncompleteBeta<R>, [a, b]: [R; 2], logit: R, [p, q]: [R; 2]) -> Self {
        let small = refined_beta_quantile([a, b], logit, [p, q], (-logit.abs()).sigmoid());
        // dz/d logit = z (1 − z), and its logarithm.
        let size = logit.abs();
        let slope = small * (R::constant(1.0) - small);
        let log_slope = -size - (-size).exp().ln_1p() * 2.0;
        let kernel = beta_kernel_at_quantile(at, [a, b], logit, p, q);
        Self {
            value: R::select(logit.gt(R::constant(0.0)), R::constant(1.0) - small, small),
            slopes: [
                at.slope_a.chain(slope),
                at.slope_b.chain(slope),
                kernel.divide(slope, log_slope),
            ],
        }
    }
}
