//! Elementary functions of one `f64`.

mod error;
mod exponential;
mod logarithm;
mod power;
#[cfg(test)]
mod tests;
mod trigonometric;

pub(crate) use error::{erf, erfc};
pub(crate) use exponential::{exp, exp_m1, sigmoid, tanh};
pub(crate) use logarithm::{ln, ln_1p};
pub(crate) use power::pow;
pub(super) use power::{pow_edges, pow_short};
pub(crate) use trigonometric::{atan, cos, cos_pi, sin, sin_pi};

/// `c[0] + c[1] x + c[2] x² + …` by Horner's rule, one rounding a step.
#[inline(always)]
fn polynomial<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    let mut sum = coefficients[N - 1];
    let mut index = N - 1;
    while index > 0 {
        index -= 1;
        sum = sum.mul_add(x, coefficients[index]);
    }
    sum
}
