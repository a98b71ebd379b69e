//! The binomial distribution.

mod entropy;
pub(super) mod entropy_series;
mod even_odds;
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

/// The binomial distribution: how many of `total_count` independent trials an event of probability p
/// happens in, on {0, 1, …, `total_count`}.
///
#[cfg_attr(doc, doc = r"$$P(X = k) = \binom{n}{k}\, p^k\, (1 - p)^{n - k}$$")]
#[cfg_attr(not(doc), doc = "`P(X = k) = n! / (k! (n - k)!) p^k (1 - p)^(n - k)`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let logits = Tensor::<1>::from_floats([-1.0, 0.0, 2.0], &device);
/// let heads = Binomial::from_logits(10.0, logits);
/// let k = heads.sample([3], &mut rand::rng());
/// assert_eq!(heads.log_prob(k).dims(), [3]);
/// ```
///
/// # Notes
///
/// The mass is the saddle-point form of Loader (2000), which cancels nothing at large counts. The
/// parameter is kept as it was given; no gradient flows to `total_count`, which is whole. Draws count
/// the rarer of the event and its absence: by inversion where fewer than 10 are expected, and above
/// by the transformed rejection of Hörmann (1993), which gives up after 16 proposals, once in 10⁷
/// draws at the worst, and then takes the whole part of the mean. In `f32` counts above 2²⁴ are as
/// coarse as `f32`. The entropy, which has no closed form, is a sum over
/// the counts that matter, or a series for many.
#[derive(Clone, Debug)]
pub struct Binomial<const D: usize> {
    trials: Trials<D>,
}

impl<const D: usize> Binomial<D> {
    /// Creates a binomial distribution from the log-odds ln(p/(1 − p)) of the event. Values are not
    /// read back.
    ///
    /// # Arguments
    ///
    /// - `total_count`: the number of trials, whole and at least 0
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

    /// Creates a binomial distribution from the probability of the event, in [0, 1]. Values are not
    /// read back.
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
    /// The first count that is negative or not whole, or element that is not finite.
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
    /// The first count that is negative or not whole, or probability outside [0, 1].
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

    /// The number of trials.
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

impl<const D: usize> Distribution<D> for Binomial<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        self.trials.shape(Self::NAME)
    }

    fn support(&self) -> Support {
        Support::CountUpTo(self.total_count().into())
    }

    /// Parameters outside their range and NaN give −1.
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let [total_count, parameter] = self.trials.tensors().map(precise);
        let rarer = self.ops().rarer.apply([parameter.clone()]);
        let draws = random::binomial(total_count.clone(), rarer, shape, Key::from_rng(rng));
        whole(self.ops().counted.apply([draws, total_count, parameter]))
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.log_mass.apply(self.inputs(value))
    }
}

impl<const D: usize> Univariate<D> for Binomial<D> {
    fn tail(&self, tail: Tail, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.tail(tail).apply(self.inputs(value))
    }

    /// The smallest value with P(X ≤ value) ≥ `probability`. There is no NaN among integers: outside
    /// [0, 1] the answer is −1.
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        self.ops().quantile.quantile(self.trials.inputs(probability))
    }

    /// The smallest value with P(X > value) ≤ `probability`; −1 outside [0, 1].
    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        self.ops().quantile.upper_quantile(self.trials.inputs(probability))
    }
}

impl<const D: usize> Moments<D> for Binomial<D> {
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

impl<const D: usize> Entropy<D> for Binomial<D> {
    /// No gradient flows to the number of trials.
    fn entropy(&self) -> Tensor<D> {
        self.apply(&self.ops().entropy)
    }
}

impl<const D: usize> Parametric<D> for Binomial<D> {
    type WithRank<const E: usize> = Binomial<E>;
    const NAME: &'static str = "Binomial";

    fn parameters(&self) -> Vec<Parameter<D>> {
        let probs = Support::Interval { low: 0.0.into(), high: 1.0.into() };
        self.trials.parameters(Support::Count, probs)
    }

    fn map<const E: usize>(self, transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Binomial<E> {
        Binomial { trials: self.trials.map(transform) }
    }
}
