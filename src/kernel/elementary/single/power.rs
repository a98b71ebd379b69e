//! `pow`.

use super::super::double;

/// `x^y` as IEEE 754 defines it. The exponent multiplies the relative error of the logarithm by up
/// to 104, so both the logarithm and the exponential are evaluated in f64, to about 2^-32.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    let a = f64::from(x.abs());
    let y = f64::from(y);
    double::pow_edges(f64::from(x), y, double::pow_short(a, y)) as f32
}
