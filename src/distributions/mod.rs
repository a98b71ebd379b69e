//! Families and combinators, one a file.

mod exponential;
mod half_normal;
mod independent;
mod laplace;
mod normal;
mod transformed;

pub use exponential::Exponential;
pub use half_normal::HalfNormal;
pub use independent::Independent;
pub use laplace::Laplace;
pub use normal::Normal;
pub use transformed::Transformed;
