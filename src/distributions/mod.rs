//! Families and combinators, one a file.

mod bernoulli;
mod categorical;
mod cauchy;
mod exponential;
mod gamma;
mod given;
mod half_normal;
mod independent;
mod laplace;
mod log_normal;
mod logistic;
mod low_rank_multivariate_normal;
mod mixture;
mod moment_generating;
pub(crate) mod multivariate_normal;
mod normal;
mod one_hot_categorical;
mod transformed;
mod uniform;

pub use bernoulli::Bernoulli;
pub use categorical::Categorical;
pub use cauchy::Cauchy;
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use half_normal::HalfNormal;
pub use independent::Independent;
pub use laplace::Laplace;
pub use log_normal::LogNormal;
pub use logistic::Logistic;
pub use low_rank_multivariate_normal::LowRankMultivariateNormal;
pub use mixture::Mixture;
pub use multivariate_normal::MultivariateNormal;
pub use normal::Normal;
pub use one_hot_categorical::OneHotCategorical;
pub use transformed::Transformed;
pub use uniform::Uniform;
