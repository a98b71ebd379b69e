//! The von Mises distribution on the host: scalar `f64`, also for `f32`, so that single precision
//! is exact to rounding.

use super::super::lanes::Lane;
use super::von_mises::VonMises;
use super::von_mises_quantile::{signed, von_mises_quantile_guess, von_mises_quantile_step};

/// The distribution at θ, to 1e-12 relative when `fine`, else to 1e-7.
#[inline(never)]
pub(crate) fn von_mises(concentration: f64, angle: f64, fine: bool) -> VonMises<Lane<f64>> {
    VonMises::recipe(Lane(concentration), Lane(angle), fine)
}

/// The θ with P(Θ <= θ) = p, stopping when a step no longer changes it.
#[inline(never)]
pub(crate) fn von_mises_quantile(concentration: f64, p: f64, q: f64, fine: bool) -> f64 {
    let tolerance = if fine { 1e-15 } else { 1e-8 };
    let (concentration, p, q) = (Lane(concentration), Lane(p), Lane(q));
    let mut size = von_mises_quantile_guess(concentration, p, q);
    for _ in 0..24 {
        let next = von_mises_quantile_step(concentration, size, p, q);
        let change = (next.0 - size.0).abs();
        size = next;
        if change.is_nan() || change <= tolerance * size.0 {
            break;
        }
    }
    signed(concentration, size, p, q).0
}
