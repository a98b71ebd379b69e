//! Weibull and Fréchet, by Newton's method on the concentration.

use burn::tensor::Tensor;

use super::{MaximumLikelihood, Weights, iterate};
use crate::distributions::{Frechet, Weibull};

const STEPS: usize = 12;
/// The standard deviation of the logarithm for a concentration of 1, π/√6.
const SPREAD: f64 = 1.282_549_830_161_864_2;

impl<const D: usize> MaximumLikelihood<D> for Weibull<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let [log_scale, concentration] = fit(samples.detach().log(), weights);
        Self::new(log_scale.exp(), concentration)
    }
}

/// The Weibull fit of the reciprocals.
impl<const D: usize> MaximumLikelihood<D> for Frechet<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let [log_scale, concentration] = fit(-samples.detach().log(), weights);
        Self::new((-log_scale).exp(), concentration)
    }
}

/// From the logarithms of samples x, the concentration k at which those, weighted by xᵏ, have an
/// average that is 1/k above that without weights; before it the logarithm of the scale, which is the
/// power mean of order k.
fn fit<const D: usize>(logs: Tensor<D>, weights: &Weights<D>) -> [Tensor<D>; 2] {
    let [centre, logs] = weights.centred(logs);
    let start = weights.root_mean_square(logs.clone()).recip() * SPREAD;
    let concentration = iterate(STEPS, start, |k| {
        let (power, _) = powers(&logs, &k);
        let total = weights.mean(power.clone());
        let share = power / total;
        let mean = weights.mean(share.clone() * logs.clone());
        let variance = weights.mean(share * (logs.clone() - mean.clone()).square());
        // Of mean − 1/k, which grows with k: concave at first, so that a step may go too far.
        let reciprocal = k.clone().recip();
        let step = (mean - reciprocal.clone()) / (variance + reciprocal.square());
        let (low, high) = (k.clone() * 0.5, k.clone() * 2.0);
        (k - step).max_pair(low).min_pair(high)
    });
    let (power, largest) = powers(&logs, &concentration);
    let log_mean = weights.mean(power).log() + largest;
    [centre + log_mean / concentration.clone(), concentration]
}

/// e^(k · logs) over the greatest of them, which would overflow, and the logarithm of that one.
fn powers<const D: usize>(logs: &Tensor<D>, k: &Tensor<D>) -> (Tensor<D>, Tensor<D>) {
    let powers = logs.clone() * k.clone();
    let largest = powers.clone().max_dim(0);
    ((powers - largest.clone()).exp(), largest)
}
