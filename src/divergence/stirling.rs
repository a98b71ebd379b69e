//! What is left of ln Γ, ψ and ψ₁ where their leading terms cancel.

use super::gaps::{log_gap, log_moment_gap};
use crate::kernel::Real;

/// B₂ₖ/(2k(2k − 1)) for k = 1, 2, …: Stirling's series in odd powers of 1/x. From 8 on four terms
/// leave 3e-10 of the first, ten 1e-18.
const SERIES: [f64; 10] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
    43_867.0 / 244_188.0,
    -174_611.0 / 125_400.0,
];

/// The argument from which [`SERIES`] is used.
const LARGE: f64 = 8.0;

/// How far [`gamma_bregman`] steps up to reach the series.
const STEPS: usize = 8;

/// As many terms of [`SERIES`] as the precision wants.
#[inline(always)]
pub(crate) fn stirling_series<R: Real>() -> &'static [f64] {
    if R::double() { &SERIES } else { &SERIES[..4] }
}

/// δ(b) − δ(a) − (b − a) δ′(a), for Stirling's remainder δ and a, b ≥ 8.
#[inline(always)]
pub(super) fn stirling_bregman<R: Real>(b: R, a: R) -> R {
    stirling_bregman_by(b - a, b, a)
}

/// The same, given the difference b − a as well, which `b` may have rounded away.
#[inline(always)]
pub(super) fn stirling_bregman_by<R: Real>(difference: R, b: R, a: R) -> R {
    // For the power x⁻ᵐ the difference is, with x = 1/a and y = 1/b,
    // ((b − a) x)² y Σⱼ (j + 1) xʲ yᵐ⁻¹⁻ʲ, j < m: a sum of positive terms, by recurrence in m.
    let (x, y) = (a.recip(), b.recip());
    let mut power = R::constant(1.0);
    let mut inner = power;
    let mut sum = R::constant(0.0);
    for (k, coefficient) in stirling_series::<R>().iter().enumerate() {
        // From the power 2k − 1 to 2k + 1: only odd ones occur.
        for order in (2 * k).max(2)..2 * k + 2 {
            power = power * x;
            inner = inner * y + power * (order as f64);
        }
        sum = sum + inner * *coefficient;
    }
    (difference * x).square() * y * sum
}

/// ln Γ(b) − ln Γ(a) − (b − a) ψ(a) ≥ 0, for a/b within a factor of about two.
#[inline(always)]
pub(crate) fn gamma_bregman<R: Real>(b: R, a: R) -> R {
    gamma_bregman_by(b - a, a)
}

/// The same, for b = a + `difference`.
#[inline(always)]
pub(crate) fn gamma_bregman_by<R: Real>(difference: R, a: R) -> R {
    // ln Γ(a) = ln Γ(a + n) − Σ ln(a + k): each step is a gap of its own, and at a + n Stirling's
    // three parts are. No ln Γ and no ψ is taken, whose difference would cancel.
    let mut sum = R::constant(0.0);
    for step in 0..STEPS {
        sum = sum + log_gap(difference / (a + step as f64));
    }
    let low = a + STEPS as f64;
    let t = difference / low;
    let leading = low * log_moment_gap(t) + log_gap(t) * 0.5;
    sum + leading + stirling_bregman_by(difference, low + difference, low)
}

/// δ′(a) = ψ(a) − ln a + 1/(2a), the derivative of Stirling's remainder.
#[inline(always)]
pub(super) fn stirling_slope<R: Real>(a: R) -> R {
    -(a.digamma_stirling() - 0.5) / a
}

/// ½ ln(2πea) − H(X) ≥ 0 for X ~ Gamma(a, 1): how far X is from a Normal of the same variance.
#[inline(always)]
pub(crate) fn gamma_negentropy<R: Real>(a: R) -> R {
    // 1/(3a) for large a, the difference of two entropies that grow: by the series there.
    let x = a.recip();
    let squared = x.square();
    let mut power = x;
    let mut far = x * 0.5;
    for (k, coefficient) in (1..).zip(stirling_series::<R>()) {
        let twice = f64::from(2 * k);
        far = far - power * (-(x * (twice - 1.0)) + twice) * *coefficient;
        power = power * squared;
    }
    let near = -(a.ln_gamma_stirling() + (a - 1.0) * (a.digamma_stirling() / a)) + 0.5;
    R::select(a.lt(R::constant(LARGE)), near, far)
}

/// a ψ₁(a) − 1, 1/(2a) for large a.
#[inline(always)]
pub(super) fn trigamma_excess<R: Real>(a: R) -> R {
    let x = a.recip();
    let squared = x.square();
    let (mut power, mut far) = (squared, x * 0.5);
    for (k, coefficient) in (1..).zip(stirling_series::<R>()) {
        let twice = f64::from(2 * k);
        far = far + power * (twice * (twice - 1.0) * coefficient);
        power = power * squared;
    }
    R::select(a.lt(R::constant(LARGE)), a * a.trigamma() - 1.0, far)
}

/// τ(a) − τ(a + d) ≥ 0 for d ≥ 0, with τ(x) = ψ₁(x) − 1/x, also where d is far smaller than a.
#[inline(always)]
pub(super) fn trigamma_rest_fall<R: Real>(a: R, d: R) -> R {
    // τ(a) = τ(a + n) + Σ 1/((a + k)² (a + k + 1)): as in `gamma_bregman_by` steps up to the series,
    // and what each of them and each power of 1/x there falls by as a product with d.
    let b = a + d;
    let (mut x, mut y) = (a.recip(), b.recip());
    let mut sum = R::constant(0.0);
    for step in 1..=STEPS {
        let (next_x, next_y) = ((a + step as f64).recip(), (b + step as f64).recip());
        let squares = x * x + x * y + y * y;
        sum = sum + d * next_x * next_y * (squares + x * y * (x + y));
        (x, y) = (next_x, next_y);
    }
    let gap = d * x * y;
    let (mut difference, mut power) = (gap, y);
    sum = sum + gap * (x + y) * 0.5;
    for (k, coefficient) in (1..).zip(stirling_series::<R>()) {
        for _ in 0..2 {
            difference = difference * x + power * gap;
            power = power * y;
        }
        let twice = f64::from(2 * k);
        sum = sum + difference * (twice * (twice - 1.0) * coefficient);
    }
    sum
}

/// ½ ln(2πe ψ₁(a)) − H(ln X) ≥ 0 for X ~ Gamma(a, 1): how far ln X is from a Normal of the same
/// variance.
#[inline(always)]
pub(super) fn log_gamma_negentropy<R: Real>(a: R) -> R {
    // 1/(12a) for large a: by the series there, of which a third is left by the last difference.
    let x = a.recip();
    let squared = x.square();
    let mut power = x;
    // a ψ₁(a) − 1, and δ(a) + a (ln a − ψ(a)) − ½.
    let (mut excess, mut rest) = (x * 0.5, R::constant(0.0));
    for (k, coefficient) in (1..).zip(stirling_series::<R>()) {
        let twice = f64::from(2 * k);
        rest = rest + power * (twice * coefficient);
        excess = excess + power * x * (twice * (twice - 1.0) * coefficient);
        power = power * squared;
    }
    let far = excess.ln_1p() * 0.5 - rest;
    let logs = (a * a.trigamma()).ln() * 0.5;
    let near = (logs + 0.5) - (a.ln_gamma_stirling() + a.digamma_stirling());
    R::select(a.lt(R::constant(LARGE)), near, far)
}
