//! Invertible maps with the logarithm of their Jacobian determinant.

mod elementwise;
mod image;

use core::fmt::Debug;

use burn::tensor::Tensor;

use crate::bijectors::{Composed, Inverted};
use crate::parameter::Argument;
use crate::support::Support;
pub use elementwise::ElementwiseBijector;
pub(crate) use image::ends;

/// A differentiable invertible map from tensors of rank `D` to tensors of rank `E`.
///
/// An implementation gives the two fused pairs; everything else follows from them, and is
/// overridden where it is cheaper on its own. All maps are elementwise over the batch dimensions;
/// log-determinants are sums over the event dimensions, which keep size 1.
pub trait Bijector<const D: usize, const E: usize = D>: Debug + Send + Sync {
    /// y = f(x).
    fn forward(&self, x: Tensor<D>) -> Tensor<E> {
        self.forward_and_log_det(x).0
    }

    /// x = f⁻¹(y).
    fn inverse(&self, y: Tensor<E>) -> Tensor<D> {
        self.inverse_and_log_det(y).0
    }

    /// ln |det ∂f/∂x| at x.
    fn log_det_jacobian(&self, x: Tensor<D>) -> Tensor<D> {
        self.forward_and_log_det(x).1
    }

    /// ln |det ∂f⁻¹/∂y| at y.
    fn inverse_log_det_jacobian(&self, y: Tensor<E>) -> Tensor<E> {
        self.inverse_and_log_det(y).1
    }

    /// f(x) and ln |det ∂f/∂x| in one pass.
    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<E>, Tensor<D>);

    /// f⁻¹(y) and ln |det ∂f⁻¹/∂y| in one pass.
    fn inverse_and_log_det(&self, y: Tensor<E>) -> (Tensor<D>, Tensor<E>);

    /// f(end) − f(x), for `end` = `x` + `step`.
    ///
    /// An elementwise map overrides this where its own difference would cancel: steps far below
    /// the rounding of f(x) then still move it. An `end` far below the rounding of x has digits of its own,
    /// which `step` has not. Moments of transformed laws rest on both.
    fn increment(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<E> {
        let _ = step;
        self.forward(end) - self.forward(x)
    }

    /// The shape of the parameters, with which that of the points broadcasts.
    fn parameter_shape(&self) -> [usize; D] {
        [1; D]
    }

    /// How many trailing dimensions make one event; 0 for an elementwise map.
    fn event_dims(&self) -> usize {
        0
    }

    /// Where f is defined.
    fn domain(&self) -> Support;

    /// What f maps its domain onto.
    fn codomain(&self) -> Support;

    /// What f maps a part of its domain onto; the codomain where nothing narrower is known.
    fn image(&self, part: &Support) -> Support {
        let _ = part;
        self.codomain()
    }

    /// Whether the log-determinant is the same at every point.
    fn is_constant_jacobian(&self) -> bool {
        false
    }

    /// Whether the map is the exponential, whose moments are the moment-generating function of
    /// what it transforms.
    fn is_exponential(&self) -> bool {
        false
    }

    /// Whether the map is elementwise and strictly monotone, and if so where it grows: a tensor
    /// that is positive where f increases and negative where it decreases.
    fn direction(&self) -> Option<Direction<D>> {
        None
    }

    /// This map, then `next`.
    fn then<const F: usize, B: Bijector<E, F>>(self, next: B) -> Composed<Self, B, E>
    where
        Self: Sized,
    {
        Composed::new(self, next)
    }

    /// The inverse map.
    fn inverted(self) -> Inverted<Self>
    where
        Self: Sized,
    {
        Inverted::new(self)
    }
}

/// How a monotone map runs.
#[derive(Clone, Debug)]
pub enum Direction<const D: usize> {
    /// Increasing everywhere.
    Increasing,
    /// Decreasing everywhere.
    Decreasing,
    /// Increasing where the tensor is positive, decreasing where it is negative.
    Sign(Tensor<D>),
}

impl<const D: usize> Direction<D> {
    /// Increasing where `argument` is positive, decreasing where it is negative.
    pub(crate) fn of_sign(argument: &Argument<D>) -> Self {
        match argument {
            Argument::Number(number) if *number < 0.0 => Self::Decreasing,
            Argument::Number(_) => Self::Increasing,
            Argument::Tensor(tensor) => Self::Sign(tensor.clone()),
        }
    }

    /// The direction of two monotone maps one after the other.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Increasing, other) | (other, Self::Increasing) => other,
            (Self::Decreasing, Self::Decreasing) => Self::Increasing,
            (Self::Sign(sign), Self::Decreasing) | (Self::Decreasing, Self::Sign(sign)) => {
                Self::Sign(-sign)
            }
            (Self::Sign(a), Self::Sign(b)) => Self::Sign(a.sign() * b.sign()),
        }
    }
}

impl<const D: usize, const E: usize> Bijector<D, E> for Box<dyn Bijector<D, E> + '_> {
    fn forward(&self, x: Tensor<D>) -> Tensor<E> {
        (**self).forward(x)
    }
    fn inverse(&self, y: Tensor<E>) -> Tensor<D> {
        (**self).inverse(y)
    }
    fn log_det_jacobian(&self, x: Tensor<D>) -> Tensor<D> {
        (**self).log_det_jacobian(x)
    }
    fn inverse_log_det_jacobian(&self, y: Tensor<E>) -> Tensor<E> {
        (**self).inverse_log_det_jacobian(y)
    }
    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<E>, Tensor<D>) {
        (**self).forward_and_log_det(x)
    }
    fn inverse_and_log_det(&self, y: Tensor<E>) -> (Tensor<D>, Tensor<E>) {
        (**self).inverse_and_log_det(y)
    }
    fn increment(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<E> {
        (**self).increment(x, step, end)
    }
    fn parameter_shape(&self) -> [usize; D] {
        (**self).parameter_shape()
    }
    fn event_dims(&self) -> usize {
        (**self).event_dims()
    }
    fn domain(&self) -> Support {
        (**self).domain()
    }
    fn codomain(&self) -> Support {
        (**self).codomain()
    }
    fn image(&self, part: &Support) -> Support {
        (**self).image(part)
    }
    fn is_constant_jacobian(&self) -> bool {
        (**self).is_constant_jacobian()
    }
    fn is_exponential(&self) -> bool {
        (**self).is_exponential()
    }
    fn direction(&self) -> Option<Direction<D>> {
        (**self).direction()
    }
}
