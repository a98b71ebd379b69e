//! Families and combinators, one a file.

mod bernoulli;
mod categorical;
mod given;
mod independent;
mod mixture;
mod normal;
mod one_hot_categorical;
mod transformed;

pub use bernoulli::Bernoulli;
pub use categorical::Categorical;
pub use independent::Independent;
pub use mixture::Mixture;
pub use normal::Normal;
pub use one_hot_categorical::OneHotCategorical;
pub use transformed::Transformed;
