//! Probability distributions and bijectors for [Burn](https://burn.dev): batched, differentiable,
//! one source for every backend.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use pushforward::prelude::*;
//!
//! let device = Device::flex();
//! let loc = Tensor::<2>::from_floats([[0.0, 1.0, -1.0]], &device);
//! let policy = Normal::new(loc, 0.3).pushforward(Tanh).independent(1);
//!
//! // Draws and their log-densities, with the pathwise gradient and without inverting tanh.
//! let (action, log_prob) = policy.rsample_and_log_prob([64, 3], &mut rand::rng());
//! assert_eq!(action.dims(), [64, 3]);
//! assert_eq!(log_prob.dims(), [64, 1]);
//! ```
//!
//! # Where things are
//!
//! * [`distribution`]: what a distribution can do, one trait a capability.
//! * [`distributions`]: the families and combinators.
//! * [`family`]: families that are formulas alone, open to your own.
//! * [`bijector`] and [`bijectors`]: invertible maps with their log-determinants.
//! * [`support`]: where distributions live, and the bijectors onto those sets.
//! * [`random`]: the counter-based generator behind all draws.
//! * [`linalg`]: Cholesky factors and triangular systems, batched and differentiable.
//! * [`maximum_likelihood`]: fits that need no optimizer.
//! * [`nn`]: Burn modules built on all this.
//! * [`kernel`]: the engine, open to formulas of your own.
//!
//! # Shapes
//!
//! Parameters, values, samples and log-densities of a distribution of rank `D` are all rank-`D`
//! tensors and broadcast as Burn broadcasts: sizes equal, or 1. Results that reduce event
//! dimensions keep them with size 1. Nothing else broadcasts silently: ranks are checked by the
//! compiler, sizes when the program runs, with a panic that names them.
//!
//! # Errors
//!
//! Shape mistakes panic. Values are not read back on the way: a negative scale gives NaN, and
//! `try_new` or [`Parametric::validate`](parameter::Parametric::validate) find it and name the
//! parameter, the index, the value and the constraint.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod bijector;
pub mod bijectors;
mod constants;
pub mod distribution;
pub mod distributions;
pub mod divergence;
pub mod family;
pub mod kernel;
pub mod linalg;
pub mod maximum_likelihood;
pub mod nn;
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
        Distribution, Entropy, KlDivergence, Moments, Reparameterized, Tail, Univariate,
    };
    pub use crate::distributions::*;
    pub use crate::maximum_likelihood::MaximumLikelihood;
    pub use crate::parameter::{ParameterError, Parametric};
    pub use crate::random::Key;
    pub use crate::support::Support;
}
