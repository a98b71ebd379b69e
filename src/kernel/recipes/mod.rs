//! Functions composed from the primitives of the algebra, for numbers that have nothing better.
//!
//! A recipe may use `+ - * /`, `sqrt`, `recip`, `floor`, `exp` and `ln`, each trusted to about
//! 2 ULP, and `select`; nothing else a backend offers is accurate everywhere. Host lanes replace
//! the elementary ones by faster code of their own.

mod approach;
mod bessel;
pub(crate) mod beta_host;
mod beta_kernel;
mod beta_point;
pub(crate) mod beta_quantile;
mod beta_series;
mod beta_tail;
mod coefficients;
mod distribution_derivatives;
mod elementary;
mod error;
mod gamma;
mod gamma_difference;
mod gamma_kernel;
pub(crate) mod gamma_quantile;
mod gamma_reflection;
pub(crate) mod host;
mod incomplete_beta;
mod incomplete_gamma;
mod ln_beta;
mod polygamma;
mod power;
mod quadrature_nodes;
mod root;
mod split_exponent;
pub(crate) mod student_t;
mod von_mises;
pub(crate) mod von_mises_host;
pub(crate) mod von_mises_quantile;
mod wichura;

pub(crate) use bessel::{bessel, i0e, i1e, log_i0};
pub use beta_quantile::BetaQuantile;
pub(crate) use beta_quantile::{beta_quantile, logit_beta_quantile};
pub(crate) use distribution_derivatives::{
    incomplete_beta_at_logit_with_derivatives, incomplete_beta_with_derivatives,
    student_t_with_derivatives, von_mises_with_derivatives,
};
pub(crate) use elementary::{
    EXP_M1_F32, atan, cos_pi, exp_m1, exp_m1_remainder, ln_1p, ln_1p_remainder, pow, sin_pi, tanh,
};
pub(crate) use error::{
    erf, erfc, erfcx, erfcx_slope, erfinv, gaussian, log_ndtr, ndtr, ndtri, ndtri_exp,
    normal_hazard, normal_hazard_slope,
};
pub(crate) use gamma::{
    digamma, digamma_stirling, ln_gamma, ln_gamma_stirling, ln_through_one, stirling_from_half,
    trigamma,
};
pub(crate) use gamma_difference::{digamma_difference, log_gamma_difference};
pub use gamma_quantile::GammaQuantile;
pub(crate) use gamma_reflection::{
    digamma_real, ln_abs_gamma, ln_multivariate_gamma, tetragamma_real, trigamma_real,
};
pub use incomplete_beta::IncompleteBeta;
pub(crate) use incomplete_beta::{beta_implicit_gradient, beta_p, beta_q, log_beta_p, log_beta_q};
pub use incomplete_gamma::IncompleteGamma;
pub(crate) use incomplete_gamma::{
    gamma_implicit_gradient, gamma_p, gamma_q, log_gamma_p, log_gamma_q,
};

pub(crate) use ln_beta::{ln_beta, log_binomial};
pub(crate) use polygamma::polygamma;

pub use student_t::StudentT;
pub(crate) use student_t::{
    log_student_t_cdf, student_t_cdf, student_t_implicit_gradient, student_t_quantile,
};
pub use von_mises::VonMises;
pub(crate) use von_mises::{log_von_mises_cdf, von_mises_cdf, von_mises_implicit_gradient};
pub(crate) use von_mises_quantile::von_mises_quantile;

use super::real::Real;

/// A polynomial, highest power first.
#[cfg_attr(not(debug_assertions), inline(always))]
fn polynomial<R: Real, const N: usize>(x: R, coefficients: &[f64; N]) -> R {
    x.polynomial(coefficients)
}

/// The polynomial of the precision in use.
#[cfg_attr(not(debug_assertions), inline(always))]
fn fitted<R: Real, const N: usize, const M: usize>(
    x: R,
    single: &[f64; N],
    double: &[f64; M],
) -> R {
    if R::double() { polynomial(x, double) } else { polynomial(x, single) }
}

/// (x − k)/(x + k) written so that it tends to 1 at infinity: folds x ≥ 0 into [−1, 1].
#[cfg_attr(not(debug_assertions), inline(always))]
fn folded<R: Real>(x: R, k: f64) -> R {
    -((x + k).recip() * (2.0 * k)) + 1.0
}
#[cfg(test)]
mod tests;
