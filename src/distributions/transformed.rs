//! The law of a transformed variable.

use burn::tensor::{Float, Tensor};
use rand::Rng;

use crate::bijector::Bijector;
use crate::bijectors::sum_event;
use crate::distribution::{Distribution, Reparameterized};
use crate::support::Support;

/// The law of y = f(x) for x drawn from a base distribution, made by
/// [`Reparameterized::pushforward`].
#[derive(Clone, Debug)]
pub struct Transformed<P, B> {
    base: P,
    bijector: B,
}

impl<P, B> Transformed<P, B> {
    /// The law of `bijector(x)` for x drawn from `base`.
    pub fn new(base: P, bijector: B) -> Self {
        Self { base, bijector }
    }
}

impl<const D: usize, P, B> Distribution<D> for Transformed<P, B>
where
    P: Distribution<D, Kind = Float>,
    B: Bijector<D>,
{
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        self.base.shape()
    }

    fn event_dims(&self) -> usize {
        self.base.event_dims().max(self.bijector.event_dims())
    }

    fn support(&self) -> Support {
        self.bijector.codomain()
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.bijector.forward(self.base.sample(shape, rng))
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        let (x, log_det) = self.bijector.inverse_and_log_det(value);
        let (own, other) = (self.base.event_dims(), self.bijector.event_dims());
        let events = own.max(other);
        sum_event(self.base.log_prob(x), own, events) + sum_event(log_det, other, events)
    }
}

impl<const D: usize, P, B> Reparameterized<D> for Transformed<P, B>
where
    P: Reparameterized<D>,
    B: Bijector<D>,
{
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.bijector.forward(self.base.rsample(shape, rng))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let (x, log_prob) = self.base.rsample_and_log_prob(shape, rng);
        let (y, log_det) = self.bijector.forward_and_log_det(x);
        let (own, other) = (self.base.event_dims(), self.bijector.event_dims());
        let events = own.max(other);
        (
            y,
            sum_event(log_prob, own, events) - sum_event(log_det, other, events),
        )
    }
}
