//! The inverse of a bijector.

use burn::tensor::Tensor;

use crate::bijector::{Bijector, Direction};
use crate::support::Support;

/// The inverse of a bijector, made by [`Bijector::inverted`]: forward and inverse change places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inverted<B> {
    pub(super) bijector: B,
}

impl<B> Inverted<B> {
    /// The inverse of `bijector`, where [`Bijector::inverted`] cannot infer the rank.
    pub fn new(bijector: B) -> Self {
        Self { bijector }
    }
}

impl<const D: usize, const E: usize, B: Bijector<D, E>> Bijector<E, D> for Inverted<B> {
    fn forward(&self, x: Tensor<E>) -> Tensor<D> {
        self.bijector.inverse(x)
    }

    fn inverse(&self, y: Tensor<D>) -> Tensor<E> {
        self.bijector.forward(y)
    }

    fn log_det_jacobian(&self, x: Tensor<E>) -> Tensor<E> {
        self.bijector.inverse_log_det_jacobian(x)
    }

    fn inverse_log_det_jacobian(&self, y: Tensor<D>) -> Tensor<D> {
        self.bijector.log_det_jacobian(y)
    }

    fn forward_and_log_det(&self, x: Tensor<E>) -> (Tensor<D>, Tensor<E>) {
        self.bijector.inverse_and_log_det(x)
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<E>, Tensor<D>) {
        self.bijector.forward_and_log_det(y)
    }

    fn parameter_shape(&self) -> [usize; E] {
        // Between ranks nothing is known.
        let shape = self.bijector.parameter_shape();
        core::array::from_fn(|dim| if D == E { shape[dim] } else { 1 })
    }

    fn event_dims(&self) -> usize {
        self.bijector.event_dims()
    }

    fn domain(&self) -> Support {
        self.bijector.codomain()
    }

    fn codomain(&self) -> Support {
        self.bijector.domain()
    }

    fn is_constant_jacobian(&self) -> bool {
        self.bijector.is_constant_jacobian()
    }

    fn direction(&self) -> Option<Direction<E>> {
        // The inverse of a monotone map runs the same way.
        match self.bijector.direction()? {
            Direction::Increasing => Some(Direction::Increasing),
            Direction::Decreasing => Some(Direction::Decreasing),
            // An elementwise map keeps the rank, which the compiler cannot see.
            Direction::Sign(sign) if D == E => {
                Some(Direction::Sign(Tensor::from_dispatch(sign.into_dispatch())))
            }
            Direction::Sign(_) => None,
        }
    }
}
