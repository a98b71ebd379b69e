//! The geometric distribution.

mod formulas;

use burn::tensor::{FloatDType, Int, Tensor};
use rand::Rng;

use super::counts::{float, whole};
use super::given::Given;
use super::odds;
use crate::distribution::{Distribution, Entropy, Moments, Tail, Univariate};
use crate::kernel::Op;
use crate::parameter::{Parameter, ParameterError, Parametric, check_sample_shape};
use crate::random::{self, Key};
use crate::support::Support;
use formulas::{FROM_LOGITS, FROM_PROBS, Ops};

/// The geometric distribution: how often an event of probability p fails to happen before it does,
/// on {0, 1, 2, …}.
///
#[cfg_attr(doc, doc = r"$$P(X = k) = (1 - p)^k\, p$$")]
#[cfg_attr(not(doc), doc = "`P(X = k) = (1 - p)^k p`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let probs = Tensor::<1>::from_floats([0.5, 0.1, 1.0], &Device::flex());
/// let failures = Geometric::from_probs(probs);
/// let k = failures.sample([3], &mut rand::rng());
/// assert!(k.greater_equal_elem(0).all().into_scalar::<bool>());
/// ```
///
/// # Notes
///
/// The parameter is kept as it was given: with logits both probabilities keep relative accuracy
/// however close to 0 they are. Draws are the whole parts of exponential waiting times, and like
/// quantiles they end at the largest integer of the tensor's type.
#[derive(Clone, Debug)]
pub struct Geometric<const D: usize> {
    parameter: Tensor<D>,
    given: Given,
}

impl<const D: usize> Geometric<D> {
    /// Creates a geometric distribution from the log-odds ln(p/(1 − p)) of the event. Values are
    /// not read back.
    #[must_use]
    pub fn from_logits(logits: Tensor<D>) -> Self {
        Self { parameter: logits, given: Given::Logits }
    }

    /// Creates a geometric distribution from the probability of the event, in (0, 1]. Values are
    /// not read back.
    #[must_use]
    pub fn from_probs(probs: Tensor<D>) -> Self {
        Self { parameter: probs, given: Given::Probs }
    }

    /// As [`from_logits`](Self::from_logits), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite.
    pub fn try_from_logits(logits: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_logits(logits).validated()
    }

    /// As [`from_probs`](Self::from_probs), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element outside (0, 1].
    pub fn try_from_probs(probs: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_probs(probs).validated()
    }

    /// The log-odds of the event.
    pub fn logits(&self) -> Tensor<D> {
        odds::logits(self.parameter.clone(), self.given)
    }

    /// The probability of the event.
    pub fn probs(&self) -> Tensor<D> {
        odds::probs(self.parameter.clone(), self.given)
    }

    fn ops(&self) -> &'static Ops {
        match self.given {
            Given::Logits => &FROM_LOGITS,
            Given::Probs => &FROM_PROBS,
        }
    }

    fn apply(&self, op: &Op<1>) -> Tensor<D> {
        op.apply([self.parameter.clone()])
    }

    fn inputs(&self, value: Tensor<D, Int>) -> [Tensor<D>; 2] {
        [float(value, &self.parameter), self.parameter.clone()]
    }
}

impl<const D: usize> Distribution<D> for Geometric<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        self.parameter.dims()
    }

    fn support(&self) -> Support {
        Support::Count
    }

    /// A NaN parameter gives −1.
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        // Half precision would round the waiting times.
        let dtype = match FloatDType::from(self.parameter.dtype()) {
            FloatDType::F64 => FloatDType::F64,
            _ => FloatDType::F32,
        };
        let parameter = self.parameter.clone().detach().cast(dtype);
        let device = parameter.device();
        let noise = random::exponential(shape, Key::from_rng(rng), &device, dtype.into());
        whole(self.ops().draw.apply([noise, parameter]))
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Univariate<D> for Geometric<D> {
    fn tail(&self, tail: Tail, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.tail(tail).apply(self.inputs(value))
    }

    /// The smallest value with P(X ≤ value) ≥ `probability`. There is no NaN among integers:
    /// outside [0, 1] the answer is −1.
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        whole(self.ops().law.quantile.apply([probability, self.parameter.clone()]))
    }

    /// The smallest value with P(X > value) ≤ `probability`; −1 outside [0, 1].
    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        whole(self.ops().law.upper_quantile.apply([probability, self.parameter.clone()]))
    }
}

impl<const D: usize> Moments<D> for Geometric<D> {
    fn mean(&self) -> Tensor<D> {
        self.apply(&self.ops().mean)
    }

    fn variance(&self) -> Tensor<D> {
        self.apply(&self.ops().variance)
    }

    fn std_dev(&self) -> Tensor<D> {
        self.apply(&self.ops().std_dev)
    }

    fn mode(&self) -> Tensor<D, Int> {
        self.parameter.clone().detach().zeros_like().int()
    }
}

impl<const D: usize> Entropy<D> for Geometric<D> {
    fn entropy(&self) -> Tensor<D> {
        self.apply(&self.ops().entropy)
    }
}

impl<const D: usize> Parametric<D> for Geometric<D> {
    type WithRank<const E: usize> = Geometric<E>;
    const NAME: &'static str = "Geometric";

    fn parameters(&self) -> Vec<Parameter<D>> {
        let support = match self.given {
            Given::Logits => Support::Real,
            Given::Probs => Support::PositiveProbability,
        };
        vec![Parameter::new(self.given.name(), self.parameter.clone(), support)]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Geometric<E> {
        Geometric { parameter: transform(self.parameter), given: self.given }
    }
}
