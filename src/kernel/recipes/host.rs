//! The incomplete gamma family on the host: scalar `f64` with real branches, also for `f32`, so
//! that only the formula needed runs and single precision is exact to rounding.

use super::super::lanes::Lane;
use super::gamma_quantile::{gamma_quantile_guess, gamma_quantile_step};
use super::incomplete_gamma::IncompleteGamma;

/// P, Q, their logarithms and the slope of the quantile at (a, x), to 1e-12 relative when `fine`,
/// else to 2e-8.
#[inline(never)]
pub(crate) fn incomplete_gamma(
    a: f64,
    x: f64,
    log_x: f64,
    fine: bool,
) -> IncompleteGamma<Lane<f64>> {
    let (in_series, a, x, log_x) = (a < 1.0 && x < 1.0, Lane(a), Lane(x), Lane(log_x));
    if in_series {
        IncompleteGamma::series(a, x, log_x, fine)
    } else {
        IncompleteGamma::quadrature(a, x, log_x, fine)
    }
}

/// ln z with P(a, z) = p, stopping when a step no longer changes it.
#[inline(never)]
pub(crate) fn log_gamma_quantile(a: f64, p: f64, q: f64, fine: bool) -> f64 {
    let tolerance = if fine { 1e-15 } else { 1e-8 };
    let (a, p, q) = (Lane(a), Lane(p), Lane(q));
    let mut log_z = gamma_quantile_guess(a, p, q);
    // Halley's method triples the digits; the bound only ends a last-bit oscillation.
    for _ in 0..16 {
        let next = gamma_quantile_step(a, log_z, p, q);
        let change = (next.0 - log_z.0).abs();
        log_z = next;
        // NaN − NaN and ∞ − ∞ end the loop too.
        if change.is_nan() || change <= tolerance * log_z.0.abs().max(1.0) {
            break;
        }
    }
    log_z.0
}
