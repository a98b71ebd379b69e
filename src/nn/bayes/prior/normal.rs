//! Normal priors scaled by the fan-in.

use burn::tensor::Tensor;

use super::{Prior, WeightPosterior, number};
use crate::kernel::rows::sum_rows;
use crate::nn::bayes::WeightScale;
use crate::nn::bayes::formulas::NORMAL_COST;

/// Independent Normals about 0, whose standard deviation follows from the shape of the weight
/// tensor: 1/√fan_in for those of rank 2 and above. The divergence is exact.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalPrior {
    scale: WeightScale,
}

impl NormalPrior {
    /// The prior of standard deviation 1/√fan_in, and 1 for biases and other vectors.
    #[must_use]
    pub fn new() -> Self {
        Self::scaled(WeightScale { gain: 1.0, vector: 1.0 })
    }

    /// The prior whose standard deviations `scale` gives.
    ///
    /// # Panics
    ///
    /// If one of them is not positive.
    #[must_use]
    pub fn scaled(scale: WeightScale) -> Self {
        let positive = scale.gain > 0.0 && scale.vector > 0.0;
        assert!(positive, "NormalPrior: standard deviations must be positive, not {scale:?}");
        Self { scale }
    }
}

impl Default for NormalPrior {
    fn default() -> Self {
        Self::new()
    }
}

impl Prior for NormalPrior {
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1> {
        let (loc, scale) = (number(weights, 0.0), number(weights, self.scale.of(weights.shape())));
        sum_rows(NORMAL_COST.apply([weights.mean(), weights.rho(), loc, scale]))
    }
}
