//! One bijector after another.

use burn::tensor::Tensor;

use crate::bijector::{Bijector, Direction};
use crate::parameter::common_shape;
use crate::support::Support;

/// `first`, then `second`, made by [`Bijector::then`]. `M` is the rank between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Composed<A, B, const M: usize> {
    pub(super) first: A,
    pub(super) second: B,
}

impl<A, B, const M: usize> Composed<A, B, M> {
    pub(crate) fn new(first: A, second: B) -> Self {
        Self { first, second }
    }
}

/// Sums a log-determinant over the trailing event dimensions from `from` to `to`, keeping them.
pub(crate) fn sum_event<const D: usize>(x: Tensor<D>, from: usize, to: usize) -> Tensor<D> {
    (from..to).fold(x, |x, dim| x.sum_dim(D - 1 - dim))
}

impl<const D: usize, A, B> Bijector<D> for Composed<A, B, D>
where
    A: Bijector<D>,
    B: Bijector<D>,
{
    fn forward(&self, x: Tensor<D>) -> Tensor<D> {
        self.second.forward(self.first.forward(x))
    }

    fn inverse(&self, y: Tensor<D>) -> Tensor<D> {
        self.first.inverse(self.second.inverse(y))
    }

    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let (between, first) = self.first.forward_and_log_det(x);
        let (y, second) = self.second.forward_and_log_det(between);
        (y, self.total(first, second))
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let (between, second) = self.second.inverse_and_log_det(y);
        let (x, first) = self.first.inverse_and_log_det(between);
        (x, self.total(first, second))
    }

    fn increment(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<D> {
        let between = self.first.increment(x.clone(), step, end.clone());
        self.second.increment(self.first.forward(x), between, self.first.forward(end))
    }

    fn parameter_shape(&self) -> [usize; D] {
        let shapes = [self.first.parameter_shape(), self.second.parameter_shape()];
        common_shape("Composed", &["first", "second"], &shapes)
    }

    fn event_dims(&self) -> usize {
        self.first.event_dims().max(self.second.event_dims())
    }

    fn domain(&self) -> Support {
        self.first.domain()
    }

    fn codomain(&self) -> Support {
        // Not all of the second's codomain, where the first does not reach all of its domain.
        self.second.image(&self.first.codomain())
    }

    fn image(&self, part: &Support) -> Support {
        self.second.image(&self.first.image(part))
    }

    fn is_constant_jacobian(&self) -> bool {
        self.first.is_constant_jacobian() && self.second.is_constant_jacobian()
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(self.first.direction()?.then(self.second.direction()?))
    }
}

impl<A, B, const D: usize> Composed<A, B, D>
where
    A: Bijector<D>,
    B: Bijector<D>,
{
    /// Both log-determinants, each summed over the event dimensions that only the other has.
    fn total(&self, first: Tensor<D>, second: Tensor<D>) -> Tensor<D> {
        let (own, other) = (self.first.event_dims(), self.second.event_dims());
        sum_event(first, own, own.max(other)) + sum_event(second, other, own.max(other))
    }
}
