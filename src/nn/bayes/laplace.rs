//! A posterior for the last layer of a network that is already trained.

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use rand::Rng;

use super::predict::Predictions;
use crate::linalg::{cholesky, solve_lower, solve_lower_transposed};
use crate::random::{self, Key};

/// The Laplace approximation of the last, linear layer of a classifier: a Normal about the trained
/// weights whose precision is the curvature of the loss plus that of the prior.
///
/// The curvature is the Gauss–Newton matrix in Kronecker form, one factor for the features and one
/// for the logits (Ritter, Botev and Barber 2018); the prior's precision is divided between the
/// two as Martens and Grosse (2015) do, which errs towards too little uncertainty.
///
/// ```
/// use burn::tensor::{DType, Device, Tensor};
/// use pushforward::nn::bayes::LastLayerLaplace;
/// use pushforward::random::{Key, normal};
///
/// let device = Device::flex();
/// let features = normal([100, 8], Key::new(0), &device, DType::F32);
/// let weights = normal([8, 3], Key::new(1), &device, DType::F32);
/// let posterior = LastLayerLaplace::new(features.clone(), features.matmul(weights.clone()), 1.0);
///
/// let new = normal([5, 8], Key::new(2), &device, DType::F32) * 10.0;
/// let logits = new.clone().matmul(weights);
/// let predictions = posterior.predict(new, logits, 50, &mut rand::rng());
/// assert_eq!(predictions.mean_probabilities().dims(), [5, 3]);
/// ```
#[derive(Clone, Debug)]
pub struct LastLayerLaplace {
    /// Lower Cholesky factor of the features' part of the precision.
    features: Tensor<2>,
    /// Lower Cholesky factor of the logits' part of the precision.
    logits: Tensor<2>,
}

impl LastLayerLaplace {
    /// Takes the curvature at the training examples: what goes into the layer and what comes out.
    ///
    /// # Arguments
    ///
    /// - `features`: the layer's input; a 1 for the bias is added to it
    /// - `logits`: its output
    /// - `prior_precision`: of each weight, one over the variance of its prior
    ///
    /// # Shapes
    ///
    /// - features: `[examples, d_input]`
    /// - logits: `[examples, classes]`
    ///
    /// # Panics
    ///
    /// If the prior's precision is not positive, or the numbers of examples differ.
    #[must_use]
    pub fn new(features: Tensor<2>, logits: Tensor<2>, prior_precision: f64) -> Self {
        assert!(
            prior_precision > 0.0,
            "LastLayerLaplace: the prior's precision must be positive, not {prior_precision}"
        );
        let ([examples, _], [outputs, classes]) = (features.dims(), logits.dims());
        assert!(
            examples == outputs,
            "LastLayerLaplace: {examples} examples of features but {outputs} of logits"
        );
        let features = with_bias(features.detach());
        let gram = features.clone().transpose().matmul(features);
        let p = softmax(logits.detach(), 1);
        // diag p − p pᵀ, averaged. Its rows sum to 0, since softmax ignores a common shift: it takes
        // the prior to make it regular.
        let diagonal = eye(classes, &p) * p.clone().mean_dim(0);
        let fisher = diagonal - p.clone().transpose().matmul(p) / examples as f64;
        // The ratio of the mean diagonals, so that the division does not depend on how the features
        // are scaled; tiny, not 0, where all predictions are certain.
        let mean_diagonal = |matrix: &Tensor<2>| {
            let [size, _] = matrix.dims();
            (matrix.clone() * eye(size, matrix)).sum().reshape([1, 1]) / size as f64
        };
        let ratio = mean_diagonal(&gram) / mean_diagonal(&fisher).clamp_min(1e-12);
        let share = ratio.sqrt();
        let precision = prior_precision.sqrt();
        let damped = |matrix: Tensor<2>, share: Tensor<2>| {
            let [size, _] = matrix.dims();
            let damping = eye(size, &matrix) * (share * precision);
            cholesky(matrix + damping)
        };
        Self { features: damped(gram, share.clone()), logits: damped(fisher, share.recip()) }
    }

    /// How much the weights' uncertainty spreads the logits of an example; the covariance of its
    /// logits is this times [`logit_covariance`](Self::logit_covariance).
    ///
    /// # Shapes
    ///
    /// - features: `[examples, d_input]`
    /// - output: `[examples, 1]`
    #[must_use]
    pub fn variance(&self, features: Tensor<2>) -> Tensor<2> {
        let whitened = solve_lower(self.features.clone(), with_bias(features).transpose());
        whitened.square().sum_dim(0).transpose()
    }

    /// The covariance of the logits of an example of [`variance`](Self::variance) 1.
    ///
    /// # Shapes
    ///
    /// - output: `[classes, classes]`
    #[must_use]
    pub fn logit_covariance(&self) -> Tensor<2> {
        let [classes, _] = self.logits.dims();
        let inverse = solve_lower(self.logits.clone(), eye(classes, &self.logits));
        inverse.clone().transpose().matmul(inverse)
    }

    /// Draws the logits of new examples.
    ///
    /// # Shapes
    ///
    /// - features: `[examples, d_input]`
    /// - logits: `[examples, classes]`, those of the trained layer
    #[must_use]
    pub fn predict(
        &self,
        features: Tensor<2>,
        logits: Tensor<2>,
        draws: usize,
        rng: &mut dyn Rng,
    ) -> Predictions {
        let [examples, classes] = logits.dims();
        let (device, dtype) = (logits.device(), logits.dtype());
        let key = Key::from_rng(rng);
        let noise = random::normal([classes, draws * examples], key, &device, dtype);
        let spread = solve_lower_transposed(self.logits.clone(), noise);
        let spread = spread.transpose().reshape([draws, examples, classes]);
        let scale = self.variance(features).sqrt();
        Predictions::from_logits(logits.unsqueeze() + spread * scale.unsqueeze())
    }
}

/// The unit matrix beside `like`.
fn eye(size: usize, like: &Tensor<2>) -> Tensor<2> {
    Tensor::<2>::eye(size, &like.device()).cast(like.dtype())
}

/// The features with a column of ones.
fn with_bias(features: Tensor<2>) -> Tensor<2> {
    let [examples, _] = features.dims();
    let ones = Tensor::ones([examples, 1], (&features.device(), features.dtype()));
    Tensor::cat(vec![features, ones], 1)
}
