//! Families with a location and a scale, and intervals.

use burn::tensor::Tensor;

use super::{MaximumLikelihood, Weights};
use crate::distributions::{HalfNormal, Laplace, LogNormal, LogUniform, Normal, Uniform};

/// The average and the root mean square about it.
fn location_and_scale<const D: usize>(x: Tensor<D>, weights: &Weights<D>) -> [Tensor<D>; 2] {
    let [mean, rest] = weights.centred(x);
    [mean, weights.root_mean_square(rest)]
}

/// The mean and the standard deviation, which divides by N.
impl<const D: usize> MaximumLikelihood<D> for Normal<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let [loc, scale] = location_and_scale(samples.detach(), weights);
        Self::new(loc, scale)
    }
}

/// The Normal fit of the logarithms.
impl<const D: usize> MaximumLikelihood<D> for LogNormal<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let [loc, scale] = location_and_scale(samples.detach().log(), weights);
        Self::new(loc, scale)
    }
}

/// The root mean square.
impl<const D: usize> MaximumLikelihood<D> for HalfNormal<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        Self::new(weights.root_mean_square(samples.detach()))
    }
}

/// The median, of several the least, and the average distance from it.
impl<const D: usize> MaximumLikelihood<D> for Laplace<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        let median = weights.median(samples.clone());
        let scale = weights.mean((samples - median.clone()).abs());
        Self::new(median, scale)
    }
}

/// The least and the greatest sample.
impl<const D: usize> MaximumLikelihood<D> for Uniform<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        Self::new(weights.min(samples.clone()), weights.max(samples))
    }
}

/// The least and the greatest sample.
impl<const D: usize> MaximumLikelihood<D> for LogUniform<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        Self::new(weights.min(samples.clone()), weights.max(samples))
    }
}
