//! Priors of weights, as the divergence of a posterior to them.

mod conjugate;
mod distribution;
mod mixture;
mod normal;

use burn::tensor::Tensor;

pub use conjugate::{InverseGammaPrior, NormalInverseGammaPrior};
pub use distribution::{ExactPrior, SampledPrior};
pub use mixture::ScaleMixturePrior;
pub use normal::NormalPrior;

use super::weights::WeightPosterior;

/// A prior of the weights of a network.
///
/// A closure is one too, which lets the prior depend on the path or the shape:
///
/// ```
/// use pushforward::nn::bayes::{NormalPrior, Prior, ScaleMixturePrior, WeightPosterior};
///
/// let mixture = ScaleMixturePrior::new();
/// let biases = NormalPrior::new();
/// let prior = move |weights: &WeightPosterior| {
///     if weights.path().ends_with("bias") { biases.kl(weights) } else { mixture.kl(weights) }
/// };
/// # fn is_prior(_: &impl Prior) {}
/// # is_prior(&prior);
/// ```
pub trait Prior {
    /// The divergence, in nats, of the posterior of one weight tensor to this prior: exact, or
    /// estimated at the posterior's [`draw`](WeightPosterior::draw).
    ///
    /// # Shapes
    ///
    /// - output: `[1]`
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1>;
}

impl<F: Fn(&WeightPosterior) -> Tensor<1>> Prior for F {
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1> {
        self(weights)
    }
}

/// A number beside the weights: of shape `[1]` on their device, in their precision.
fn number(weights: &WeightPosterior, value: f64) -> Tensor<1> {
    let like = weights.rho();
    Tensor::full([1], value, (&like.device(), like.dtype()))
}
