//! Families on the whole numbers.

use burn::tensor::{Int, Tensor};

use super::{MaximumLikelihood, Weights};
use crate::distributions::{Bernoulli, Geometric, Poisson};

/// The share of ones.
impl<const D: usize> MaximumLikelihood<D> for Bernoulli<D> {
    fn fit_by(samples: Tensor<D, Int>, weights: &Weights<D>) -> Self {
        Self::from_probs(weights.mean(weights.float(samples)))
    }
}

/// 1/(1 + mean), the mean being that of the failures before the first success.
impl<const D: usize> MaximumLikelihood<D> for Geometric<D> {
    fn fit_by(samples: Tensor<D, Int>, weights: &Weights<D>) -> Self {
        Self::from_probs((weights.mean(weights.float(samples)) + 1.0).recip())
    }
}

/// The mean.
impl<const D: usize> MaximumLikelihood<D> for Poisson<D> {
    fn fit_by(samples: Tensor<D, Int>, weights: &Weights<D>) -> Self {
        Self::new(weights.mean(weights.float(samples)))
    }
}
