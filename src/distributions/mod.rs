//! Families and combinators, one a file.

use core::fmt;

use crate::parameter::Parametric;

mod bernoulli;
mod beta;
mod binomial;
mod categorical;
mod cauchy;
mod chi2;
mod counts;
mod dirichlet;
mod exponential;
mod frechet;
mod gamma;
mod geometric;
mod given;
mod gumbel;
mod half_cauchy;
mod half_normal;
mod independent;
mod inverse_gamma;
mod kumaraswamy;
mod laplace;
mod log_logistic;
mod log_normal;
mod log_uniform;
mod logistic;
mod low_rank_multivariate_normal;
mod mixture;
mod moment_generating;
pub(crate) mod multivariate_normal;
mod negative_binomial;
mod normal;
mod odds;
mod one_hot_categorical;
mod pareto;
mod poisson;
mod powers;
mod rayleigh;
mod student_t;
mod transformed;
mod trials;
pub(crate) mod truncated_normal;
mod uniform;
mod von_mises;
mod waiting;
mod weibull;

pub use bernoulli::Bernoulli;
pub use beta::Beta;
pub(crate) use beta::beta_entropy;
pub use binomial::Binomial;
pub use categorical::Categorical;
pub use cauchy::Cauchy;
pub use chi2::Chi2;
pub use dirichlet::Dirichlet;
pub(crate) use dirichlet::{dirichlet_entropy_rest, dirichlet_entropy_term};
pub use exponential::Exponential;
pub use frechet::Frechet;
pub use gamma::Gamma;
pub use geometric::Geometric;
pub use gumbel::Gumbel;
pub use half_cauchy::HalfCauchy;
pub use half_normal::HalfNormal;
pub use independent::Independent;
pub use inverse_gamma::InverseGamma;
pub use kumaraswamy::Kumaraswamy;
pub use laplace::Laplace;
pub use log_logistic::LogLogistic;
pub use log_normal::LogNormal;
pub use log_uniform::LogUniform;
pub use logistic::Logistic;
pub use low_rank_multivariate_normal::LowRankMultivariateNormal;
pub use mixture::Mixture;
pub use multivariate_normal::MultivariateNormal;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use one_hot_categorical::OneHotCategorical;
pub use pareto::Pareto;
pub use poisson::Poisson;
pub(crate) use powers::ln_quotient;
pub use rayleigh::Rayleigh;
pub use student_t::StudentT;
pub use transformed::Transformed;
pub use truncated_normal::TruncatedNormal;
pub use uniform::Uniform;
pub use von_mises::VonMises;
pub use weibull::Weibull;

/// Families are shown as their name and the shapes of their parameters. (A `Display` for all that is [`Parametric`] is
/// not for this crate to write.)
macro_rules! shown_by_name {
    ($($family:ident)*) => {$(
        impl<const D: usize> fmt::Display for $family<D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.describe(f)
            }
        }
    )*};
}

shown_by_name! {
    Bernoulli Beta Binomial Categorical Cauchy Chi2 Dirichlet Exponential Frechet Gamma Geometric
    Gumbel HalfCauchy HalfNormal InverseGamma Kumaraswamy Laplace LogLogistic LogNormal LogUniform
    Logistic LowRankMultivariateNormal MultivariateNormal NegativeBinomial Normal OneHotCategorical Pareto
    Poisson Rayleigh StudentT TruncatedNormal Uniform VonMises Weibull
}
