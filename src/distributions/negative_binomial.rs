//! The negative binomial distribution.

mod entropy;
mod formulas;

use burn::tensor::{Int, Tensor};
use rand::Rng;

use super::counts::{float, precise, whole};
use super::given::Given;
use super::trials::Trials;
use crate::distribution::{Distribution, Entropy, Moments, Tail, Univariate};
use crate::kernel::Op;
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, check_sample_shape};
use crate::random::{self, Key};
use crate::support::Support;
use formulas::{FROM_LOGITS, FROM_PROBS, Ops};

/// The negative binomial distribution: how often an event of probability p happens before it has
/// failed `total_count` times, on {0, 1, 2, …}; `total_count` r need not be whole.
///
#[cfg_attr(doc, doc = r"$$P(X = k) = \frac{\Gamma(k + r)}{k!\,\Gamma(r)}\, (1 - p)^r\, p^k$$")]
#[cfg_attr(not(doc), doc = "`P(X = k) = Γ(k + r) / (k! Γ(r)) (1 - p)^r p^k`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let logits = Tensor::<1>::from_floats([-1.0, 0.0, 2.0], &device);
/// let counts = NegativeBinomial::from_logits(3.5, logits);
/// let k = counts.sample([3], &mut rand::rng());
/// assert_eq!(counts.log_prob(k).dims(), [3]);
/// ```
///
/// # Notes
///
/// It is a Poisson whose rate has a gamma distribution of concentration r and scale p/(1 − p), and
/// is drawn so; its mean is r e^ℓ for log-odds ℓ. The parameter is kept as it was given. For r ≥ 1
/// the mass is the saddle-point form of Loader (2000), which cancels nothing at large counts; below
/// there is nothing to cancel. The entropy, which has no closed form, is an integral, a sum or a series
/// to 1e-6 in `f32` and 1e-12 in `f64`, for odds up to e²⁰.
#[derive(Clone, Debug)]
pub struct NegativeBinomial<const D: usize> {
    trials: Trials<D>,
}

impl<const D: usize> NegativeBinomial<D> {
    /// Creates a negative binomial distribution from the log-odds ln(p/(1 − p)) of the event.
    /// Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `total_count`: the number of failures that end the count, positive
    /// - `logits`: the log-odds of what is counted
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn from_logits(
        total_count: impl Into<Argument<D>>,
        logits: impl Into<Argument<D>>,
    ) -> Self {
        let (total_count, logits) = (total_count.into(), logits.into());
        Self { trials: Trials::new(Self::NAME, total_count, logits, Given::Logits) }
    }

    /// Creates a negative binomial distribution from the probability of the event, in [0, 1).
    /// Values are not read back.
    ///
    /// # Panics
    ///
    /// As [`from_logits`](Self::from_logits).
    pub fn from_probs(total_count: impl Into<Argument<D>>, probs: impl Into<Argument<D>>) -> Self {
        let (total_count, probs) = (total_count.into(), probs.into());
        Self { trials: Trials::new(Self::NAME, total_count, probs, Given::Probs) }
    }

    /// As [`from_logits`](Self::from_logits), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first count that is not positive or element that is not finite.
    ///
    /// # Panics
    ///
    /// As [`from_logits`](Self::from_logits).
    pub fn try_from_logits(
        total_count: impl Into<Argument<D>>,
        logits: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::from_logits(total_count, logits).validated()
    }

    /// As [`from_probs`](Self::from_probs), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first count that is not positive or probability outside [0, 1).
    ///
    /// # Panics
    ///
    /// As [`from_logits`](Self::from_logits).
    pub fn try_from_probs(
        total_count: impl Into<Argument<D>>,
        probs: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::from_probs(total_count, probs).validated()
    }

    /// The number of failures that end the count.
    pub fn total_count(&self) -> Tensor<D> {
        self.trials.total_count()
    }

    /// The log-odds of what is counted.
    pub fn logits(&self) -> Tensor<D> {
        self.trials.logits()
    }

    /// The probability of what is counted.
    pub fn probs(&self) -> Tensor<D> {
        self.trials.probs()
    }

    fn ops(&self) -> &'static Ops {
        match self.trials.given {
            Given::Logits => &FROM_LOGITS,
            Given::Probs => &FROM_PROBS,
        }
    }

    fn apply(&self, op: &Op<2>) -> Tensor<D> {
        op.apply(self.trials.tensors())
    }

    fn inputs(&self, value: Tensor<D, Int>) -> [Tensor<D>; 3] {
        let [like, _] = self.trials.tensors();
        self.trials.inputs(float(value, &like))
    }
}

impl<const D: usize> Distribution<D> for NegativeBinomial<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        self.trials.shape(Self::NAME)
    }

    fn support(&self) -> Support {
        Support::Count
    }

    /// Parameters outside their range and NaN give −1.
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let [for_rate, for_count] = Key::from_rng(rng).split();
        // In log space, where the rates of a small total_count do not underflow before they are
        // multiplied by large odds.
        let log_gamma = random::log_gamma(precise(self.total_count()), shape, for_rate);
        let rate = (log_gamma + precise(self.logits())).exp();
        whole(random::poisson(rate, shape, for_count))
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.log_mass.apply(self.inputs(value))
    }
}

impl<const D: usize> Univariate<D> for NegativeBinomial<D> {
    fn tail(&self, tail: Tail, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.tail(tail).apply(self.inputs(value))
    }

    /// The smallest value with P(X ≤ value) ≥ `probability`; for 1 the largest integer of the
    /// tensor's type. There is no NaN among integers: outside [0, 1] the answer is −1.
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        self.ops().quantile.quantile(self.trials.inputs(probability))
    }

    /// The smallest value with P(X > value) ≤ `probability`; −1 outside [0, 1].
    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        self.ops().quantile.upper_quantile(self.trials.inputs(probability))
    }
}

impl<const D: usize> Moments<D> for NegativeBinomial<D> {
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
        whole(self.apply(&self.ops().mode))
    }
}

impl<const D: usize> Entropy<D> for NegativeBinomial<D> {
    fn entropy(&self) -> Tensor<D> {
        self.apply(&self.ops().entropy)
    }
}

impl<const D: usize> Parametric<D> for NegativeBinomial<D> {
    type WithRank<const E: usize> = NegativeBinomial<E>;
    const NAME: &'static str = "NegativeBinomial";

    fn parameters(&self) -> Vec<Parameter<D>> {
        self.trials.parameters(Support::Positive, Support::ProbabilityBelowOne)
    }

    fn map<const E: usize>(
        self,
        transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> NegativeBinomial<E> {
        NegativeBinomial { trials: self.trials.map(transform) }
    }
}
