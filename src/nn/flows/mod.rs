//! Normalizing flows: invertible layers whose log-determinants are cheap, and distributions made of
//! them.
//!
//! A layer is an ordinary Burn module. Its forward direction leads from noise to data, so that
//! sampling runs forward and densities are evaluated backward. Every layer takes an optional
//! context, such as a label or an observation that the distribution depends on;
//! [`FlowLayer::condition`] gives a plain [`Bijector`](crate::bijector::Bijector) over rows
//! `[N, features]`.
//!
//! ```
//! use burn::tensor::Device;
//! use pushforward::nn::flows::{CouplingConfig, ElementConfig, Flow, Layer, SplineConfig};
//! use pushforward::prelude::*;
//!
//! let device = Device::flex();
//! let spline = ElementConfig::Spline(SplineConfig::new());
//! let layers = (0..4).map(|index| {
//!     let config = CouplingConfig::new(2).with_element(spline.clone()).with_swap(index % 2 == 1);
//!     Layer::Coupling(config.with_seed(index).init(&device))
//! });
//! let flow = Flow::standard(layers.collect(), &device);
//! let (x, log_prob) = flow.rsample_and_log_prob([16, 2], &mut rand::rng());
//! assert_eq!(flow.log_prob(x).dims(), log_prob.dims());
//! ```
//!
//! # Randomness
//!
//! Layers are initialised from the `seed` of their configuration, the same on every device. Give
//! the layers of one flow different seeds.

mod act_norm;
mod autoregressive;
mod base;
mod batch_norm;
mod conditioner;
mod coupling;
mod element;
mod flow;
mod layer;
mod linear;
mod lu_linear;
mod made;
mod monotone;
mod permutation;
mod planar;
mod radial;
mod root;
mod rows;
mod sylvester;

pub use act_norm::{ActNorm, ActNormConfig};
pub use autoregressive::{Autoregressive, AutoregressiveConfig, OnePass};
pub use base::{Base, StandardNormal};
pub use batch_norm::{FlowBatchNorm, FlowBatchNormConfig};
pub use conditioner::{Conditioner, ConditionerConfig, Mlp, ResidualBlock, ResidualNet};
pub use coupling::{Coupling, CouplingConfig};
pub use element::{ElementConfig, ElementMap, LOG_SCALE_BOUND, SplineConfig};
pub use flow::{ConditionalFlow, Flow};
pub use layer::{Conditioned, FlowLayer, Layer};
pub use lu_linear::{LuLinear, LuLinearConfig};
pub use made::{Made, MadeConfig, MaskedLinear, Order};
pub use permutation::{Permutation, PermutationConfig};
pub use planar::{Planar, PlanarConfig};
pub use radial::{Radial, RadialConfig};
pub use rows::RowParameters;
pub use sylvester::{Sylvester, SylvesterConfig};
