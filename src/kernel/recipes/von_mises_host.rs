//! The von Mises distribution on the host: scalar `f64`, also for `f32`, so that single precision
//! is exact to rounding.

use pulp::{Simd, WithSimd};

use super::super::lanes::Lane;
use super::super::simd::dispatch;
use super::von_mises::VonMises;
use super::von_mises_quantile::{signed, step_from, von_mises_quantile_guess};

/// The distribution at θ, to 1e-12 relative when `fine`, else to 1e-7.
#[inline(never)]
pub(crate) fn von_mises(concentration: f64, angle: f64, fine: bool) -> VonMises<Lane<f64>> {
    dispatch(Distribution { concentration: Lane(concentration), angle: Lane(angle), fine })
}

/// The recipe compiled for the instruction set of this machine: without its fused multiply-add
/// every exponential is a dozen library calls.
struct Distribution {
    concentration: Lane<f64>,
    angle: Lane<f64>,
    fine: bool,
}

impl WithSimd for Distribution {
    type Output = VonMises<Lane<f64>>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        VonMises::recipe(self.concentration, self.angle, self.fine)
    }
}

/// The θ with P(Θ <= θ) = p, stopping when a step changes little.
#[inline(never)]
pub(crate) fn von_mises_quantile(concentration: f64, p: f64, q: f64, fine: bool) -> f64 {
    dispatch(Quantile { concentration: Lane(concentration), p: Lane(p), q: Lane(q), fine })
}

struct Quantile {
    concentration: Lane<f64>,
    p: Lane<f64>,
    q: Lane<f64>,
    fine: bool,
}

impl WithSimd for Quantile {
    type Output = f64;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        let Self { concentration, p, q, fine } = self;
        // Halley's method triples the digits: the next step would change nothing.
        let tolerance = if fine { 1e-8 } else { 1e-6 };
        let mut size = von_mises_quantile_guess(concentration, p, q);
        for _ in 0..24 {
            let at = von_mises(concentration.0, size.0, fine);
            let next = step_from(at, concentration, size, p, q);
            let change = (next.0 - size.0).abs();
            size = next;
            if change.is_nan() || change <= tolerance * size.0 {
                break;
            }
        }
        signed(concentration, size, p, q).0
    }
}
