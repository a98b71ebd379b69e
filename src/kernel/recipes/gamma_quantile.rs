//! The quantile of a standard gamma, as a guess and a step, in the logarithm of the value: a
//! small concentration makes quantiles far below the smallest float.

use super::super::real::Real;
use super::approach::{Approach, KernelAtQuantile, Tails};
use super::gamma::ln_factorial;
use super::incomplete_gamma::IncompleteGamma;
use super::root::SplitLogarithm;

/// The logarithm below which a quantile may underflow in single precision.
pub(super) const LOWEST: f64 = -87.2;

/// A first guess of ln z with P(a, z) = p, given p and q = 1 − p.
///
/// Wilson and Hilferty (1931) for a ≥ 1 except in its lower tail, there and for small p the
/// leading term of the series, P ≈ zᵃ/Γ(a + 1), and for a < 1 in the upper tail an exponential.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn gamma_quantile_guess<R: Real>(a: R, p: R, q: R) -> R {
    let (one, half) = (R::constant(1.0), R::constant(0.5));
    let lower = p.lt(half);
    let log_p = R::select(lower, p.ln(), (-q).ln_1p());
    let normal = R::select(lower, p, q).ndtri();
    let normal = R::select(lower, normal, -normal);
    let cube_root = (normal - a.sqrt().recip() / 3.0) / (a.sqrt() * 3.0) + 1.0;
    // The cube root turns negative in the lower tail; the leading term is good there.
    let leading = (log_p + a.ln_gamma() + a.ln()) / a;
    let large = R::select(cube_root.gt(R::constant(0.4)), a.ln() + cube_root.ln() * 3.0, leading);
    // P(a, 1) ≈ 1 − a (0.253 + 0.12 a) for a < 1.
    let beyond_one = a * (a * 0.12 + 0.253);
    let small = R::select(
        q.gt(beyond_one),
        (log_p - (-beyond_one).ln_1p()) / a,
        (-(q / beyond_one).ln() + 1.0).ln(),
    );
    R::select(a.lt(one), small, large)
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn approach<R: Real>(a: R, log_z: R, p: R, q: R) -> Approach<R> {
    let IncompleteGamma { log_p, log_q, kernel_over_p, kernel_over_q, .. } =
        a.incomplete_gamma_at_log(log_z);
    let tails = Tails { log_p, log_q, kernel_over_p, kernel_over_q };
    Approach::new(&tails, a - log_z.exp(), [p, q])
}

/// One Halley step from ln z towards P(a, z) = p.
///
/// It solves ln P = ln p, or ln Q = ln q above the median: both are concave in ln z, so that
/// Newton's method converges from anywhere, and neither loses the digits of a small tail. The
/// second derivative costs nothing, as d ln K/d ln z = a − z. Three steps reach single precision
/// from [`gamma_quantile_guess`].
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn gamma_quantile_step<R: Real>(a: R, log_z: R, p: R, q: R) -> R {
    approach(a, log_z, p, q).next(log_z)
}

/// K at the z with P(a, z) = p, from ln z.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn gamma_kernel_at_quantile<R: Real>(a: R, log_z: R, p: R, q: R) -> KernelAtQuantile<R> {
    approach(a, log_z, p, q).kernel()
}

/// `z` with P(a, z) = p, in single precision and far from 1 with the digits that ln z has lost.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn refined_gamma_quantile<R: Real>(a: R, log_z: R, [p, q]: [R; 2], z: R) -> R {
    if R::double() {
        return z;
    }
    // P(a, z) = zᵃ/Γ(1 + a) (1 + a ∑ (−z)ⁿ/(n! (a + n))), of which 10 terms are all up to z = 1.
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let (mut power, mut sum) = (one, zero);
    for n in (1..=10).map(f64::from) {
        power = power * z * -n.recip();
        sum = sum + power / (a + n);
    }
    let exponent = (ln_factorial(a) - (a * sum).ln_1p()) / a;
    let root = SplitLogarithm::of_probability(p, q).root(a, exponent);
    let small = log_z.lt(zero) & log_z.gt(R::constant(LOWEST));
    R::select(small, root, z)
}

/// A quantile and what its derivatives are made of; what is not read is not computed.
#[derive(Clone, Copy, Debug)]
pub struct GammaQuantile<R> {
    /// ln z, finite also where z underflows.
    pub log_value: R,
    /// z.
    pub value: R,
    /// dz/dp, z over K.
    pub rate: R,
    /// d ln z/dp, the reciprocal of K.
    pub log_rate: R,
    /// d ln z/da at fixed p.
    pub log_quantile_slope: R,
    /// dz/da at fixed p.
    pub quantile_slope: R,
}

impl<R: Real> GammaQuantile<R> {
    /// Of p and q = 1 − p: the guess and a fixed number of steps.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn recipe(a: R, p: R, q: R) -> Self {
        let mut log_value = gamma_quantile_guess(a, p, q);
        for _ in 0..if R::double() { 5 } else { 4 } {
            log_value = gamma_quantile_step(a, log_value, p, q);
        }
        Self::at(a, log_value, p, q)
    }

    /// At ln z, where P(a, z) = p.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn at(a: R, log_value: R, p: R, q: R) -> Self {
        let at = a.incomplete_gamma_at_log(log_value);
        let kernel = gamma_kernel_at_quantile(a, log_value, p, q);
        let value = refined_gamma_quantile(a, log_value, [p, q], log_value.exp());
        // By √z twice where z itself underflows and z times a large slope does not. 0 · ∞ at z = 0 is 0.
        let (root, zero) = ((log_value * 0.5).exp(), R::constant(0.0));
        let low = root * at.log_quantile_slope * root;
        let high = value * at.log_quantile_slope;
        let quantile_slope = R::select(log_value.lt(R::constant(LOWEST)), low, high);
        Self {
            log_value,
            value,
            rate: kernel.divide(value, log_value),
            log_rate: kernel.divide(R::constant(1.0), zero),
            log_quantile_slope: at.log_quantile_slope,
            quantile_slope: R::select(root.equal(zero), zero, quantile_slope),
        }
    }
}
