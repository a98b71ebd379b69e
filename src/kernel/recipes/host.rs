//! The incomplete gamma family on the host, for loops that become SIMD code: sums in the precision
//! of the lanes, exponents in two parts.

mod incomplete_gamma;
mod pair;
mod tail;

use super::super::lanes::{HostFloat, Lane};
use super::super::simd::dispatch;
use super::gamma_quantile::{GammaQuantile, gamma_quantile_guess, gamma_quantile_step};

pub(crate) use incomplete_gamma::incomplete_gamma;
pub(crate) use pair::Pair;
pub(crate) use tail::{tail_sums_double, tail_sums_single};

/// The quantile of p and q = 1 − p. In `f64` also for `f32`: exponentials magnify the rounding of ln z
/// in the value, and a large concentration that in the density.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn gamma_quantile<E: HostFloat>(a: E, p: E, q: E) -> GammaQuantile<Lane<E>> {
    let [a, p, q] = [Lane(a.to_f64()), Lane(p.to_f64()), Lane(q.to_f64())];
    let log_value = log_gamma_quantile(a, p, q, if E::DOUBLE { 1e-15 } else { 1e-8 });
    let at = GammaQuantile::at(a, log_value, p, q);
    let rounded = |number: Lane<f64>| Lane(E::from_f64(number.0));
    GammaQuantile {
        log_value: rounded(log_value),
        value: rounded(at.value),
        rate: rounded(at.rate),
        log_rate: rounded(at.log_rate),
        log_quantile_slope: rounded(at.log_quantile_slope),
        quantile_slope: rounded(at.quantile_slope),
    }
}

/// ln z with P(a, z) = p, stopping when a step no longer changes it.
#[inline(never)]
fn log_gamma_quantile(a: Lane<f64>, p: Lane<f64>, q: Lane<f64>, tolerance: f64) -> Lane<f64> {
    Lane(dispatch(Quantile { a, p, q, tolerance }))
}

struct Quantile {
    a: Lane<f64>,
    p: Lane<f64>,
    q: Lane<f64>,
    tolerance: f64,
}

impl pulp::WithSimd for Quantile {
    type Output = f64;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_simd<S: pulp::Simd>(self, _simd: S) -> f64 {
        let mut log_z = gamma_quantile_guess(self.a, self.p, self.q);
        // Halley's method triples the digits; the bound only ends a last-bit oscillation.
        for _ in 0..16 {
            let next = gamma_quantile_step(self.a, log_z, self.p, self.q);
            let change = (next.0 - log_z.0).abs();
            log_z = next;
            // NaN − NaN and ∞ − ∞ end the loop too.
            if change.is_nan() || change <= self.tolerance * log_z.0.abs().max(1.0) {
                break;
            }
        }
        log_z.0
    }
}
