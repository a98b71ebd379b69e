//! Priors that are distributions of this crate.

use burn::tensor::{Float, Tensor};

use super::{Prior, WeightPosterior};
use crate::distribution::{Distribution, KlDivergence};
use crate::distributions::Normal;
use crate::kernel::rows::sum_rows;

/// Independent draws of a distribution to which the divergence from a Normal is known.
///
/// Its parameters must broadcast to the flat weight tensor: shape `[1]`, on the device of the
/// weights and in their precision.
#[derive(Clone, Debug)]
pub struct ExactPrior<P>(pub P);

impl<P> Prior for ExactPrior<P>
where
    Normal<1>: KlDivergence<1, P>,
{
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1> {
        let posterior = Normal::new(weights.mean(), weights.std_dev());
        sum_rows(posterior.kl_divergence(&self.0))
    }
}

/// Independent draws of any distribution on the line.
///
/// The divergence is the entropy of the posterior, which is exact, and −ln p at the weights drawn.
/// Its parameters must broadcast to the flat weight tensor: shape `[1]`, on the device of the
/// weights and in their precision. A prior that does not cover the line gives +∞ as soon as a
/// weight falls outside.
#[derive(Clone, Debug)]
pub struct SampledPrior<P>(pub P);

impl<P: Distribution<1, Kind = Float>> Prior for SampledPrior<P> {
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1> {
        -(sum_rows(self.0.log_prob(weights.draw())) + weights.entropy())
    }
}
