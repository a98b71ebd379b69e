//! Bayesian neural networks: a posterior over the weights of any module.
//!
//! * [`MeanField`] turns a module into its Gaussian mean-field version, without a change to its
//!   code, and gives the divergence to any [`Prior`].
//! * [`LocalLinear`] and [`FlipoutLinear`] are layers whose gradient varies less.
//! * [`LastLayerLaplace`] gives a posterior to the last layer of a network that is already trained.
//! * [`MinibatchWeights`] and [`Annealing`] share the divergence among the steps of training.
//! * [`Predictions`] and [`Calibration`] say what the draws predict together and whether that is to
//!   be believed; [`MeanField::prune`] removes the weights that say least.
//!
//! The loss to minimise for N examples, of which a minibatch shows some, is the mean negative
//! log-likelihood of the minibatch plus the divergence over N.

mod calibration;
mod config;
mod formulas;
mod handle;
mod laplace;
mod linear;
mod mean_field;
mod predict;
mod prior;
mod pruning;
mod scale;
mod schedule;
mod weights;

pub use calibration::{Calibration, ConfidenceBin, expected_calibration_error};
pub use config::{MeanFieldConfig, Refresh, Start};
pub use laplace::LastLayerLaplace;
pub use linear::{BayesianLinearConfig, FlipoutLinear, GaussianLinear, LocalLinear};
pub use mean_field::MeanField;
pub use predict::Predictions;
pub use prior::{
    ExactPrior, InverseGammaPrior, NormalInverseGammaPrior, NormalPrior, Prior, SampledPrior,
    ScaleMixturePrior,
};
pub use pruning::Pruned;
pub use scale::WeightScale;
pub use schedule::{Annealing, MinibatchWeights};
pub use weights::WeightPosterior;
