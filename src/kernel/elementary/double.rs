//! Elementary functions of one `f64`.

mod error;
mod exponential;
mod logarithm;
mod power;
#[cfg(test)]
mod tests;
mod trigonometric;

pub(crate) use error::{erf, erfc};
pub(crate) use exponential::{
    exp, exp_below_zero, exp_m1, exp_m1_remainder, exp_pair, exp_within, sigmoid, tanh,
};
pub(crate) use logarithm::{ln, ln_1p, ln_pair};
pub(crate) use power::pow;
pub(super) use power::{pow_edges, pow_short};
pub(crate) use trigonometric::{atan, cos_pi, sin_pi};

/// `c[0] + c[1] x + c[2] x² + …`, even and odd powers apart, each by Horner's rule in x²: as many
/// operations as Horner's rule in x but half the latency, which is what bounds a loop of these.
#[cfg_attr(not(debug_assertions), inline(always))]
fn polynomial<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    const { assert!(N >= 2) };
    let square = x * x;
    let mut alike = coefficients[N - 1];
    let mut other = coefficients[N - 2];
    let mut index = N - 2;
    while index > 0 {
        index -= 1;
        let next = alike.mul_add(square, coefficients[index]);
        alike = other;
        other = next;
    }
    alike.mul_add(x, other)
}
