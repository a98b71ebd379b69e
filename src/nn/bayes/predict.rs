//! What the predictions of several draws say together, and how far they disagree.

use burn::tensor::Tensor;

use super::formulas::{DISAGREEMENT, RATIO_EXCESS, SURPRISE};
use crate::kernel::rows::sum_rows;

/// The predictions of an ensemble of classifiers, such as the draws of a Bayesian network.
///
/// Everything is computed from log-probabilities, so that certain predictions keep their digits.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::nn::bayes::Predictions;
///
/// // Two members who are sure of opposite things: all uncertainty is disagreement.
/// let logits = [[[50.0, -50.0]], [[-50.0, 50.0]]];
/// let logits = Tensor::<3>::from_floats(logits, &Device::flex());
/// let predictions = Predictions::from_logits(logits);
/// let disagreement = predictions.mutual_information().into_scalar::<f32>();
/// assert!((disagreement - core::f32::consts::LN_2).abs() < 1e-6);
/// ```
#[derive(Clone, Debug)]
pub struct Predictions {
    log_probabilities: Tensor<3>,
    largest: Tensor<3>,
    /// ln of the mean over members of e^(log-probability − largest).
    log_mean: Tensor<3>,
}

impl Predictions {
    /// The predictions with these logits.
    ///
    /// # Shapes
    ///
    /// - logits: `[members, examples, classes]`
    #[must_use]
    pub fn from_logits(logits: Tensor<3>) -> Self {
        Self::from_log_probabilities(burn::tensor::activation::log_softmax(logits, 2))
    }

    /// The predictions with these logarithms of probabilities.
    ///
    /// # Shapes
    ///
    /// - log_probabilities: `[members, examples, classes]`
    #[must_use]
    pub fn from_log_probabilities(log_probabilities: Tensor<3>) -> Self {
        let largest = log_probabilities.clone().max_dim(0);
        // ln(1 + mean(e^(x − m) − 1)): where all members nearly agree, the mean of the ratios
        // themselves would be 1 and its logarithm rounding.
        let excess = RATIO_EXCESS.apply([log_probabilities.clone(), largest.clone()]);
        let log_mean = excess.mean_dim(0).log1p();
        Self { log_probabilities, largest, log_mean }
    }

    /// The logarithm of the mean probability of each class.
    ///
    /// # Shapes
    ///
    /// - output: `[examples, classes]`
    #[must_use]
    pub fn mean_log_probabilities(&self) -> Tensor<2> {
        (self.largest.clone() + self.log_mean.clone()).squeeze_dim(0)
    }

    /// The mean probability of each class.
    ///
    /// # Shapes
    ///
    /// - output: `[examples, classes]`
    #[must_use]
    pub fn mean_probabilities(&self) -> Tensor<2> {
        self.mean_log_probabilities().exp()
    }

    /// The entropy of the mean prediction, in nats: all uncertainty about the class.
    ///
    /// # Shapes
    ///
    /// - output: `[examples, 1]`
    #[must_use]
    pub fn entropy(&self) -> Tensor<2> {
        sum_rows(SURPRISE.apply([self.mean_log_probabilities()]))
    }

    /// The mean entropy of the members' predictions, in nats: the uncertainty that every member
    /// sees, which more data about the weights would not remove.
    ///
    /// # Shapes
    ///
    /// - output: `[examples, 1]`
    #[must_use]
    pub fn expected_entropy(&self) -> Tensor<2> {
        let entropies = sum_rows(SURPRISE.apply([self.log_probabilities.clone()]));
        entropies.mean_dim(0).squeeze_dim(0)
    }

    /// The mutual information of class and weights, in nats: how far the members disagree.
    ///
    /// It is [`entropy`](Self::entropy) less [`expected_entropy`](Self::expected_entropy), computed
    /// as the mean divergence of the members from their mean, a sum of terms none of which is
    /// negative: exactly 0 where they agree, and accurate however little they differ.
    ///
    /// # Shapes
    ///
    /// - output: `[examples, 1]`
    #[must_use]
    pub fn mutual_information(&self) -> Tensor<2> {
        let parts = [self.log_probabilities.clone(), self.largest.clone(), self.log_mean.clone()];
        sum_rows(DISAGREEMENT.apply(parts)).mean_dim(0).squeeze_dim(0)
    }
}
