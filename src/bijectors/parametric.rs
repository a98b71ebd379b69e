//! The parameters of bijectors.

use burn::tensor::Tensor;

use super::{
    Affine, Composed, Exp, Identity, Inverted, Log, LowerCholesky, PositiveDefinite, Power,
    RationalQuadraticSpline, Sigmoid, Softplus, Tanh,
};
use crate::bijector::Bijector;
use crate::parameter::{Argument, Parameter};
use crate::support::Support;

/// A bijector that can tell its parameters, so that a law transformed by it is
/// [`Parametric`](crate::parameter::Parametric): it moves between devices, is made
/// [learnable](crate::nn::Learnable), or mixed.
///
/// The parameters are the tensors that the bijector was given. Plain numbers are part of the map, and
/// stay as they are.
pub trait ParametricBijector<const D: usize>: Bijector<D> + Clone {
    /// The same bijector at another rank.
    type WithRank<const E: usize>: ParametricBijector<E>;

    /// The parameters, in the order of the constructor.
    fn parameters(&self) -> Vec<Parameter<D>> {
        Vec::new()
    }

    /// The same bijector with every parameter transformed, in the order of the constructor.
    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E>;

    /// The same bijector with every parameter expanded, for points of `shape`.
    ///
    /// # Panics
    ///
    /// If a parameter does not broadcast to `shape`.
    fn expand_parameters(self, shape: [usize; D]) -> Self::WithRank<D> {
        self.map_parameters(&mut |parameter| parameter.expand(shape))
    }
}

/// The scale is any real number: it is not kept from 0, where the map is no bijector.
impl<const D: usize> ParametricBijector<D> for Affine<D> {
    type WithRank<const E: usize> = Affine<E>;

    fn parameters(&self) -> Vec<Parameter<D>> {
        [given("affine_loc", &self.loc), given("affine_scale", &self.scale)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Affine<E> {
        Affine { loc: self.loc.map(&mut *transform), scale: self.scale.map(transform) }
    }
}

/// The exponent is any real number: it is not kept from 0, where the map is no bijector.
impl<const D: usize> ParametricBijector<D> for Power<D> {
    type WithRank<const E: usize> = Power<E>;

    fn parameters(&self) -> Vec<Parameter<D>> {
        given("power_exponent", &self.exponent).into_iter().collect()
    }

    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Power<E> {
        Power { exponent: self.exponent.map(transform) }
    }
}

/// The argument as a parameter, where it is a tensor.
fn given<const D: usize>(name: &'static str, argument: &Argument<D>) -> Option<Parameter<D>> {
    match argument {
        Argument::Tensor(tensor) => Some(Parameter::new(name, tensor.clone(), Support::Real)),
        Argument::Number(_) => None,
    }
}

impl<const D: usize> ParametricBijector<D> for RationalQuadraticSpline<D> {
    type WithRank<const E: usize> = RationalQuadraticSpline<E>;

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("spline", self.parameters.clone(), Support::Real)]
    }

    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> RationalQuadraticSpline<E> {
        RationalQuadraticSpline::new(transform(self.parameters), self.shape)
    }

    fn expand_parameters(self, shape: [usize; D]) -> Self {
        let parameters = self.parameters_for(shape);
        Self { parameters, ..self }
    }
}

impl<const D: usize, A, B> ParametricBijector<D> for Composed<A, B, D>
where
    A: ParametricBijector<D>,
    B: ParametricBijector<D>,
{
    type WithRank<const E: usize> = Composed<A::WithRank<E>, B::WithRank<E>, E>;

    fn parameters(&self) -> Vec<Parameter<D>> {
        [self.first.parameters(), self.second.parameters()].concat()
    }

    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E> {
        let first = self.first.map_parameters(&mut *transform);
        Composed::new(first, self.second.map_parameters(transform))
    }

    fn expand_parameters(self, shape: [usize; D]) -> Self::WithRank<D> {
        let first = self.first.expand_parameters(shape);
        Composed::new(first, self.second.expand_parameters(shape))
    }
}

impl<const D: usize, B: ParametricBijector<D>> ParametricBijector<D> for Inverted<B> {
    type WithRank<const E: usize> = Inverted<B::WithRank<E>>;

    fn parameters(&self) -> Vec<Parameter<D>> {
        self.bijector.parameters()
    }

    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E> {
        Inverted::new(self.bijector.map_parameters(transform))
    }

    fn expand_parameters(self, shape: [usize; D]) -> Self::WithRank<D> {
        Inverted::new(self.bijector.expand_parameters(shape))
    }
}

impl<const D: usize> ParametricBijector<D> for Exp {
    type WithRank<const E: usize> = Self;

    fn map_parameters<const E: usize>(self, _: &mut dyn FnMut(Tensor<D>) -> Tensor<E>) -> Self {
        self
    }
}

impl<const D: usize> ParametricBijector<D> for Identity {
    type WithRank<const E: usize> = Self;

    fn map_parameters<const E: usize>(self, _: &mut dyn FnMut(Tensor<D>) -> Tensor<E>) -> Self {
        self
    }
}

impl<const D: usize> ParametricBijector<D> for Log {
    type WithRank<const E: usize> = Self;

    fn map_parameters<const E: usize>(self, _: &mut dyn FnMut(Tensor<D>) -> Tensor<E>) -> Self {
        self
    }
}

impl<const D: usize> ParametricBijector<D> for Sigmoid {
    type WithRank<const E: usize> = Self;

    fn map_parameters<const E: usize>(self, _: &mut dyn FnMut(Tensor<D>) -> Tensor<E>) -> Self {
        self
    }
}

impl<const D: usize> ParametricBijector<D> for Softplus {
    type WithRank<const E: usize> = Self;

    fn map_parameters<const E: usize>(self, _: &mut dyn FnMut(Tensor<D>) -> Tensor<E>) -> Self {
        self
    }
}

impl<const D: usize> ParametricBijector<D> for Tanh {
    type WithRank<const E: usize> = Self;

    fn map_parameters<const E: usize>(self, _: &mut dyn FnMut(Tensor<D>) -> Tensor<E>) -> Self {
        self
    }
}

/// Without parameters, as the map of the diagonal must be.
impl<const D: usize, B: ParametricBijector<D>> ParametricBijector<D> for LowerCholesky<B> {
    type WithRank<const E: usize> = LowerCholesky<B::WithRank<E>>;

    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E> {
        LowerCholesky::new(self.diagonal.map_parameters(transform))
    }
}

/// Without parameters, as the map of the diagonal must be.
impl<const D: usize, B: ParametricBijector<D>> ParametricBijector<D> for PositiveDefinite<B> {
    type WithRank<const E: usize> = PositiveDefinite<B::WithRank<E>>;

    fn map_parameters<const E: usize>(
        self,
        transform: &mut dyn FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E> {
        PositiveDefinite { factor: self.factor.map_parameters(transform) }
    }
}
