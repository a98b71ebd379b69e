//! Any number of bijectors one after another.

use burn::tensor::Tensor;

use super::composed::sum_event;
use crate::bijector::{Bijector, Direction};
use crate::parameter::common_shape;
use crate::support::Support;

/// Boxed bijectors applied in order, for chains whose length is known only when the program runs.
///
/// An empty chain is the identity.
#[derive(Debug, Default)]
pub struct Sequential<const D: usize> {
    bijectors: Vec<Box<dyn Bijector<D>>>,
}

impl<const D: usize> Sequential<D> {
    /// The chain of `bijectors`, the first one applied first.
    #[must_use]
    pub fn new(bijectors: Vec<Box<dyn Bijector<D>>>) -> Self {
        Self { bijectors }
    }

    /// This chain, then `bijector`.
    #[must_use]
    pub fn push(mut self, bijector: impl Bijector<D> + 'static) -> Self {
        self.bijectors.push(Box::new(bijector));
        self
    }
}

impl<const D: usize> Bijector<D> for Sequential<D> {
    fn forward(&self, x: Tensor<D>) -> Tensor<D> {
        self.bijectors.iter().fold(x, |x, bijector| bijector.forward(x))
    }

    fn inverse(&self, y: Tensor<D>) -> Tensor<D> {
        self.bijectors.iter().rev().fold(y, |y, bijector| bijector.inverse(y))
    }

    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let zero = sum_event(x.zeros_like(), 0, self.event_dims());
        self.bijectors.iter().fold((x, zero), |(x, total), bijector| {
            let (y, log_det) = bijector.forward_and_log_det(x);
            (y, total + sum_event(log_det, bijector.event_dims(), self.event_dims()))
        })
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let zero = sum_event(y.zeros_like(), 0, self.event_dims());
        self.bijectors.iter().rev().fold((y, zero), |(y, total), bijector| {
            let (x, log_det) = bijector.inverse_and_log_det(y);
            (x, total + sum_event(log_det, bijector.event_dims(), self.event_dims()))
        })
    }

    fn increment(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<D> {
        let start = [x, step, end];
        let [_, step, _] = self.bijectors.iter().fold(start, |[x, step, end], bijector| {
            let step = bijector.increment(x.clone(), step, end.clone());
            [bijector.forward(x), step, bijector.forward(end)]
        });
        step
    }

    fn parameter_shape(&self) -> [usize; D] {
        self.bijectors.iter().fold([1; D], |shape, bijector| {
            let shapes = [shape, bijector.parameter_shape()];
            common_shape("Sequential", &["the maps before", "the next"], &shapes)
        })
    }

    fn event_dims(&self) -> usize {
        self.bijectors.iter().map(|bijector| bijector.event_dims()).max().unwrap_or(0)
    }

    fn domain(&self) -> Support {
        self.bijectors.first().map_or(Support::Real, |bijector| bijector.domain())
    }

    fn codomain(&self) -> Support {
        self.image(&self.domain())
    }

    fn image(&self, part: &Support) -> Support {
        let images = self.bijectors.iter();
        images.fold(part.clone(), |part, bijector| bijector.image(&part))
    }

    fn is_constant_jacobian(&self) -> bool {
        self.bijectors.iter().all(|bijector| bijector.is_constant_jacobian())
    }

    fn direction(&self) -> Option<Direction<D>> {
        (self.bijectors.iter())
            .try_fold(Direction::Increasing, |all, next| Some(all.then(next.direction()?)))
    }
}
