//! The multivariate Normal.

use burn::tensor::Tensor;

use super::{MaximumLikelihood, Weights};
use crate::distributions::MultivariateNormal;
use crate::distributions::multivariate_normal::Given;
use crate::linalg::reshape;

/// The mean and the covariance, which divides by N: singular for fewer than K + 1 samples.
impl<const D: usize> MaximumLikelihood<D> for MultivariateNormal<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        let dims = samples.dims();
        let length = dims[D - 1];
        let [loc, rest] = weights.centred(samples);
        let covariance = weights.mean_products(rest);
        let mut flat = dims;
        (flat[0], flat[D - 1]) = (1, length * length);
        Self::assembled(loc, reshape(covariance, flat), Given::Covariance, length)
    }
}
