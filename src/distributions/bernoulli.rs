//! The Bernoulli distribution.

mod formulas;

use burn::tensor::{DType, FloatDType, Int, Tensor};
use rand::Rng;

use super::given::Given;
use super::odds;
use crate::distribution::{Distribution, Entropy, Moments, Tail, Univariate};
use crate::kernel::Op;
use crate::parameter::{Parameter, ParameterError, Parametric, check_sample_shape};
use crate::random::{self, Key};
use crate::support::Support;
use formulas::{FROM_LOGITS, FROM_PROBS, Ops};

/// The Bernoulli distribution on {0, 1}, given the log-odds or the probability of 1.
///
#[cfg_attr(doc, doc = r"$$P(X = 1) = p = \frac{1}{1 + e^{-\ell}}$$")]
#[cfg_attr(not(doc), doc = "`P(X = 1) = p = 1/(1 + exp(-logit))`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let logits = Tensor::<2>::from_floats([[-1.0, 0.0, 100.0]], &Device::flex());
/// let coin = Bernoulli::from_logits(logits);
/// let x = coin.sample([5, 3], &mut rand::rng());
/// assert_eq!(coin.log_prob(x).dims(), [5, 3]);
/// ```
///
/// # Notes
///
/// The parameter is kept as it was given: with logits both probabilities keep relative accuracy
/// however close to 0 they are. A value that has probability 0 lies outside the support: its
/// log-probability is −∞ and has gradient zero.
#[derive(Clone, Debug)]
pub struct Bernoulli<const D: usize> {
    parameter: Tensor<D>,
    given: Given,
}

impl<const D: usize> Bernoulli<D> {
    /// Creates a Bernoulli distribution from the log-odds ln(p/(1 − p)) of 1, any number. Values
    /// are not read back.
    #[must_use]
    pub fn from_logits(logits: Tensor<D>) -> Self {
        Self { parameter: logits, given: Given::Logits }
    }

    /// Creates a Bernoulli distribution from the probability of 1, in [0, 1]. Values are not read
    /// back.
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
    /// The first element outside [0, 1].
    pub fn try_from_probs(probs: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_probs(probs).validated()
    }

    /// The log-odds of 1.
    pub fn logits(&self) -> Tensor<D> {
        odds::logits(self.parameter.clone(), self.given)
    }

    /// The probability of 1.
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
        let value = value.cast(FloatDType::from(self.parameter.dtype()));
        [value, self.parameter.clone()]
    }
}

impl<const D: usize> Distribution<D> for Bernoulli<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        self.parameter.dims()
    }

    fn support(&self) -> Support {
        Support::Boolean
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let threshold = -self.apply(&self.ops().log_prob_of_one).detach();
        let dtype = match threshold.dtype() {
            DType::F64 => DType::F64,
            _ => DType::F32,
        };
        let threshold = threshold.cast(FloatDType::from(dtype)).expand(shape);
        let device = threshold.device();
        // u < p as -ln u > -ln p: an exponential draw resolves probabilities of 2^-33 at both
        // ends, a uniform one only 2^-24. It is positive and finite, so p = 0 never gives a 1 and
        // p = 1 never a 0.
        let noise = random::exponential(shape, Key::from_rng(rng), &device, dtype);
        noise.greater(threshold).int()
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Univariate<D> for Bernoulli<D> {
    fn tail(&self, tail: Tail, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.tail(tail).apply(self.inputs(value))
    }

    /// The smallest value of positive probability with P(X ≤ value) ≥ `probability`. There is no
    /// NaN among integers: outside [0, 1] the answer is −1.
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        let quantile = &self.ops().law.quantile;
        quantile.apply([probability, self.parameter.clone()]).detach().int()
    }
}

impl<const D: usize> Moments<D> for Bernoulli<D> {
    fn mean(&self) -> Tensor<D> {
        self.probs()
    }

    fn variance(&self) -> Tensor<D> {
        self.apply(&self.ops().variance)
    }

    fn std_dev(&self) -> Tensor<D> {
        self.apply(&self.ops().std_dev)
    }

    fn mode(&self) -> Tensor<D, Int> {
        self.apply(&self.ops().mode).detach().int()
    }
}

impl<const D: usize> Entropy<D> for Bernoulli<D> {
    fn entropy(&self) -> Tensor<D> {
        self.apply(&self.ops().entropy)
    }
}

impl<const D: usize> Parametric<D> for Bernoulli<D> {
    type WithRank<const E: usize> = Bernoulli<E>;
    const NAME: &'static str = "Bernoulli";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter {
            name: self.given.name(),
            value: self.parameter.clone(),
            support: match self.given {
                Given::Logits => Support::Real,
                Given::Probs => Support::Interval { low: 0.0.into(), high: 1.0.into() },
            },
        }]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Bernoulli<E> {
        Bernoulli { parameter: transform(self.parameter), given: self.given }
    }
}
