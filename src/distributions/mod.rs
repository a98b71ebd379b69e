//! Families and combinators, one a file.

mod cauchy;
mod exponential;
mod gamma;
mod half_normal;
mod independent;
mod laplace;
mod log_normal;
mod logistic;
mod moment_generating;
mod normal;
mod transformed;
mod uniform;

pub use cauchy::Cauchy;
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use half_normal::HalfNormal;
pub use independent::Independent;
pub use laplace::Laplace;
pub use log_normal::LogNormal;
pub use logistic::Logistic;
pub use normal::Normal;
pub use transformed::Transformed;
pub use uniform::Uniform;
