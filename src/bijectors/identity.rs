//! The identity.

use burn::tensor::Tensor;

use crate::bijector::{Bijector, Direction};
use crate::support::Support;

/// y = x, with log-determinant 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity;

impl<const D: usize> Bijector<D> for Identity {
    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let zero = x.zeros_like();
        (x, zero)
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let zero = y.zeros_like();
        (y, zero)
    }

    fn increment(&self, x: Tensor<D>, step: Tensor<D>, _end: Tensor<D>) -> Tensor<D> {
        x.zeros_like() + step
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::Real
    }

    fn image(&self, part: &Support) -> Support {
        part.clone()
    }

    fn is_constant_jacobian(&self) -> bool {
        true
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(Direction::Increasing)
    }
}
