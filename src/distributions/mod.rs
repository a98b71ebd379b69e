//! Families and combinators, one a file.

mod independent;
mod normal;
mod transformed;

pub use independent::Independent;
pub use normal::Normal;
pub use transformed::Transformed;
