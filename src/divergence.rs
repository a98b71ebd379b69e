//! Kullback–Leibler divergences between families, one file for each family Q they lead to.
//!
//! [`KlDivergence`](crate::distribution::KlDivergence) is implemented for the pairs that have a
//! closed form or an integral as good, so a pair without one does not compile. Rows are P, columns Q of KL(P ‖ Q); `∞`
//! marks a divergence that is +∞ whatever the parameters, because P has mass where Q has none or
//! because the expectation of −ln q diverges.
//!
//! | P \ Q | Normal | LogNormal | HalfNormal | Exponential | Gamma | Laplace | Cauchy | Gumbel | Weibull | Uniform |
//! | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
//! | Normal | yes | ∞ | ∞ | ∞ | ∞ | yes | | yes | ∞ | ∞ |
//! | LogNormal | yes | yes | yes | yes | yes | yes | | | yes | ∞ |
//! | HalfNormal | yes | yes | yes | yes | yes | yes | | | | ∞ |
//! | Exponential | yes | yes | yes | yes | yes | yes | | | yes | ∞ |
//! | Gamma | yes | yes | yes | yes | yes | yes | | | | ∞ |
//! | Laplace | yes | ∞ | ∞ | ∞ | ∞ | yes | | | ∞ | ∞ |
//! | Logistic | yes | ∞ | ∞ | ∞ | ∞ | yes | | | ∞ | ∞ |
//! | Cauchy | ∞ | ∞ | ∞ | ∞ | ∞ | ∞ | yes | ∞ | ∞ | ∞ |
//! | Gumbel | yes | ∞ | ∞ | ∞ | ∞ | | | yes | ∞ | ∞ |
//! | HalfCauchy | ∞ | yes | ∞ | ∞ | ∞ | ∞ | | | | ∞ |
//! | Pareto | | yes | | | | | | | | ∞ |
//! | Weibull | | yes | | yes | yes | | | | yes | ∞ |
//! | Uniform | yes | yes | yes | yes | yes | yes | yes | | | yes |
//!
//! Chi2 has one to itself, and to Gamma and from it; TruncatedNormal to itself, to Normal, and to
//! Uniform and from it; Bernoulli, Beta, Categorical, Dirichlet, Frechet, Geometric, HalfCauchy, InverseGamma,
//! LogUniform, NegativeBinomial, OneHotCategorical, Pareto, Poisson, Rayleigh and VonMises have one to themselves,
//! Binomial to itself with the same `total_count`, `Independent` distributions whose bases have one the
//! sum of those, and MultivariateNormal, LowRankMultivariateNormal and independent Normals one to each
//! other; that of a low rank to independent Normals takes no matrix of K². Kumaraswamy has none:
//! E ln(1 − Xᶜ) is no finite sum of special functions unless c is a multiple of its own power.
//!
//! # Accuracy
//!
//! The textbook forms are differences of large terms where P and Q nearly agree: in `f32` the
//! divergence from N(0, 1) to N(0, 1.0001), 1e-8, comes out as 0. Here every pair is a sum of terms
//! none of which is negative, or nearly so, each with its own relative accuracy. A distribution's
//! divergence to itself is exactly 0 with gradient 0.

mod beta;
mod cauchy;
mod chi2;
mod counts;
mod dirichlet;
mod discrete;
mod exponential;
mod extremes;
mod frechet;
mod gamma;
pub(crate) mod gaps;
mod gumbel;
mod half_normal;
mod infinite;
mod interval;
mod inverse_gamma;
mod laplace;
mod log_normal;
mod log_uniform;
mod multivariate_normal;
mod negative_binomial;
mod normal;
mod pareto;
mod rayleigh;
pub(crate) mod stirling;
mod truncated_normal;
mod uniform;
mod von_mises;
mod weibull;

use burn::tensor::Tensor;

use crate::kernel::Op;
use crate::parameter::Parametric;

/// Applies the formula of a pair to the parameters of P, then those of Q, in the order of their
/// constructors.
fn closed_form<const D: usize, const N: usize>(
    formula: &Op<N>,
    p: &impl Parametric<D>,
    q: &impl Parametric<D>,
) -> Tensor<D> {
    let parameters = p.parameters().into_iter().chain(q.parameters());
    let values: Vec<Tensor<D>> = parameters.map(|parameter| parameter.value).collect();
    let values = values.try_into().expect("a pair's formula takes the parameters of both families");
    formula.apply(values)
}
