//! A learnable distribution as a distribution.

use burn::tensor::{Float, Tensor};
use rand::Rng;

use super::Learnable;
use crate::distribution::{Distribution, Reparameterized};
use crate::parameter::Parametric;
use crate::support::Support;

impl<F, const D: usize> Distribution<D> for Learnable<F, D>
where
    F: Distribution<D> + Parametric<D, WithRank<D> = F> + Clone,
{
    type Kind = F::Kind;

    fn shape(&self) -> [usize; D] {
        // A parameter keeps its shape, whatever its values.
        self.template.shape()
    }

    fn event_dims(&self) -> usize {
        self.template.event_dims()
    }

    fn support(&self) -> Support {
        self.distribution().support()
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, F::Kind> {
        self.distribution().sample(shape, rng)
    }

    fn log_prob(&self, value: Tensor<D, F::Kind>) -> Tensor<D> {
        self.distribution().log_prob(value)
    }
}

impl<F, const D: usize> Reparameterized<D> for Learnable<F, D>
where
    F: Reparameterized<D> + Parametric<D, WithRank<D> = F> + Clone,
    F: Distribution<D, Kind = Float>,
{
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.distribution().rsample(shape, rng)
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        self.distribution().rsample_and_log_prob(shape, rng)
    }
}
