//! Probability distributions and bijectors for Burn.
pub mod bijector;
pub mod bijectors;
pub mod distribution;
pub mod distributions;
pub mod kernel;
pub mod numeric;
pub mod parameter;
pub mod random;
pub mod special;
pub mod support;
pub mod testing;

/// What most programs need.
pub mod prelude {
    pub use crate::bijector::Bijector;
    pub use crate::bijectors::*;
    pub use crate::distribution::{
        Distribution, Entropy, KlDivergence, Moments, Reparameterized, Univariate,
    };
    pub use crate::distributions::*;
    pub use crate::parameter::{ParameterError, Parametric};
    pub use crate::random::Key;
    pub use crate::support::Support;
}
