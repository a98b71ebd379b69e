//! Burn modules built on the distributions and bijectors of this crate.
//!
//! * [`Learnable`]: any family as a module whose parameters are trained.
//! * [`bayes`]: posteriors over the weights of any module, their priors, and what they predict.
//! * [`flows`]: normalizing flows, their layers and the networks that condition them.
//!
//! ```
//! use burn::module::Module;
//! use burn::tensor::{Device, Tensor};
//! use pushforward::nn::Learnable;
//! use pushforward::prelude::*;
//!
//! let device = Device::flex().autodiff();
//! let loc = Tensor::<1>::from_floats([0.0], &device);
//! let model = Learnable::new(Normal::new(loc, 1.0));
//!
//! // One step of maximum likelihood: the scale stays positive, whatever the optimizer does.
//! let data = Tensor::from_floats([1.5, 2.5, 2.0], &device);
//! let loss = -model.log_prob(data).mean();
//! let gradients = loss.backward();
//! assert!(model.unconstrained("scale").unwrap().grad(&gradients).is_some());
//! assert_eq!(model.num_params(), 2);
//! ```
//!
//! All are ordinary modules: they move between devices, are frozen and saved as every other, and
//! the names of their parameters do not change between versions.

pub mod bayes;
pub mod flows;
mod learnable;

pub use learnable::{Learnable, LearnableConfig, Positivity};
