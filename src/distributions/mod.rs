//! Families and combinators, one a file.

mod gamma;
mod independent;
mod normal;
mod transformed;

pub use gamma::Gamma;
pub use independent::Independent;
pub use normal::Normal;
pub use transformed::Transformed;
