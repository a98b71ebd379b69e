//! The parameters of laws that count events in repeated trials: a number of trials, and how likely
//! the event is.

use burn::tensor::Tensor;

use super::given::Given;
use super::odds;
use crate::parameter::{Argument, Parameter, common_shape, resolve};
use crate::support::Support;

/// A number of trials and the odds of the event as they were given.
#[derive(Clone, Debug)]
pub(super) struct Trials<const D: usize> {
    total_count: Tensor<D>,
    parameter: Tensor<D>,
    pub(super) given: Given,
}

impl<const D: usize> Trials<D> {
    /// Tensors of one type for the law of this name.
    pub(super) fn new(
        name: &str,
        total_count: Argument<D>,
        parameter: Argument<D>,
        given: Given,
    ) -> Self {
        let names = ["total_count", given.name()];
        let [total_count, parameter] = resolve(name, names, [total_count, parameter]);
        Self { total_count, parameter, given }
    }

    pub(super) fn shape(&self, name: &str) -> [usize; D] {
        let dims = [self.total_count.dims(), self.parameter.dims()];
        common_shape(name, &["total_count", self.given.name()], &dims)
    }

    pub(super) fn total_count(&self) -> Tensor<D> {
        self.total_count.clone()
    }

    pub(super) fn logits(&self) -> Tensor<D> {
        odds::logits(self.parameter.clone(), self.given)
    }

    pub(super) fn probs(&self) -> Tensor<D> {
        odds::probs(self.parameter.clone(), self.given)
    }

    /// The inputs of a formula of the parameters.
    pub(super) fn tensors(&self) -> [Tensor<D>; 2] {
        [self.total_count(), self.parameter.clone()]
    }

    /// The inputs of a formula of a value as well.
    pub(super) fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.total_count(), self.parameter.clone()]
    }

    /// The list of parameters, where probabilities have support `probs`.
    pub(super) fn parameters(&self, total_count: Support, probs: Support) -> Vec<Parameter<D>> {
        let support = match self.given {
            Given::Logits => Support::Real,
            Given::Probs => probs,
        };
        vec![
            Parameter::new("total_count", self.total_count(), total_count),
            Parameter::new(self.given.name(), self.parameter.clone(), support),
        ]
    }

    pub(super) fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Trials<E> {
        Trials {
            total_count: transform(self.total_count),
            parameter: transform(self.parameter),
            given: self.given,
        }
    }
}
