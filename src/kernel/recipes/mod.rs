//! Functions composed from the primitives of the algebra, for numbers that have nothing better.
//!
//! A recipe may use `+ - * /`, `sqrt`, `recip`, `floor`, `exp` and `ln`, each trusted to about
//! 2 ULP, and `select`; nothing else a backend offers is accurate everywhere. Host lanes replace
//! the elementary ones by faster code of their own.

mod coefficients;
mod elementary;
mod error;
mod gamma;
pub(crate) mod gamma_quantile;
pub(crate) mod host;
mod incomplete_gamma;
mod power;
mod quadrature_nodes;
mod wichura;

pub(crate) use elementary::{atan, cos_pi, exp_m1, ln_1p, ln_1p_remainder, pow, sin_pi, tanh};
pub(crate) use error::{
    erf, erfc, erfcx, log_ndtr, ndtri, ndtri_central, ndtri_exp, normal_hazard,
};
pub(crate) use gamma::{
    digamma, digamma_stirling, ln_gamma, ln_gamma_stirling, stirling_from_half, trigamma,
};
pub(crate) use gamma_quantile::log_gamma_quantile;
pub use incomplete_gamma::IncompleteGamma;
pub(crate) use incomplete_gamma::{
    gamma_implicit_gradient, gamma_p, gamma_q, log_gamma_p, log_gamma_q,
};

use super::real::Real;

/// A polynomial by Horner's rule, highest power first.
#[inline(always)]
fn polynomial<R: Real, const N: usize>(x: R, coefficients: &[f64; N]) -> R {
    let mut sum = R::constant(coefficients[0]);
    for coefficient in &coefficients[1..] {
        sum = sum * x + *coefficient;
    }
    sum
}

/// The polynomial of the precision in use.
#[inline(always)]
fn fitted<R: Real, const N: usize, const M: usize>(
    x: R,
    single: &[f64; N],
    double: &[f64; M],
) -> R {
    if R::double() { polynomial(x, double) } else { polynomial(x, single) }
}

/// (x − k)/(x + k) written so that it tends to 1 at infinity: folds x ≥ 0 into [−1, 1].
#[inline(always)]
fn folded<R: Real>(x: R, k: f64) -> R {
    -((x + k).recip() * (2.0 * k)) + 1.0
}
#[cfg(test)]
mod tests;
