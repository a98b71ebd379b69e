//! The Categorical distribution.

mod tails;
mod weights;

use burn::tensor::{DType, FloatDType, Int, Tensor};
use rand::Rng;

use super::given::Given;
use crate::bijector::Bijector;
use crate::bijectors::Exp;
use crate::distribution::{Distribution, Entropy, Moments, Tail, Univariate};
use crate::kernel::rows::{log_softmax_rows_at, sum_rows};
use crate::parameter::{Parameter, ParameterError, Parametric, check_sample_shape, common_shape};
use crate::random::{self, Key};
use crate::special::logsumexp;
use crate::support::Support;

pub(super) use tails::LOG_TAIL;
use weights::{ENTROPY_CHANGE, MEAN_PART, SURPRISE, WEIGHT};

/// The Categorical distribution on {0, …, K − 1}, given the logits or the probabilities of the
/// categories along the last dimension.
///
#[cfg_attr(doc, doc = r"$$P(X = k) = \frac{e^{\ell_k}}{\sum_j e^{\ell_j}}$$")]
#[cfg_attr(not(doc), doc = "`P(X = k) = exp(logit_k) / sum_j exp(logit_j)`")]
///
/// The categories are not part of the value: logits `[N, K]` give values `[N, 1]`. See
/// [`OneHotCategorical`](crate::distributions::OneHotCategorical) for values `[N, K]`.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let logits = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let die = Categorical::from_logits(logits);
/// let x = die.sample([5, 1], &mut rand::rng());
/// assert_eq!(die.log_prob(x).dims(), [5, 1]);
/// ```
///
/// # Notes
///
/// Logits of −∞ and probabilities of 0 are categories that never occur: their log-probability is
/// −∞, with gradient zero to all. A row of these alone has no distribution; its log-probabilities
/// are −∞. The moments are those of the index.
#[derive(Clone, Debug)]
pub struct Categorical<const D: usize> {
    parameter: Tensor<D>,
    given: Given,
}

impl<const D: usize> Categorical<D> {
    /// Creates a Categorical distribution from unnormalised log-probabilities `[.., K]`, below +∞.
    /// Values are not read back.
    #[must_use]
    pub fn from_logits(logits: Tensor<D>) -> Self {
        Self { parameter: logits, given: Given::Logits }
    }

    /// Creates a Categorical distribution from probabilities `[.., K]`, at least 0 and divided by
    /// their sum. Values are not read back.
    #[must_use]
    pub fn from_probs(probs: Tensor<D>) -> Self {
        Self { parameter: probs, given: Given::Probs }
    }

    /// As [`from_logits`](Self::from_logits), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is NaN or +∞.
    pub fn try_from_logits(logits: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_logits(logits).validated()
    }

    /// As [`from_probs`](Self::from_probs), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is negative or not finite.
    pub fn try_from_probs(probs: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_probs(probs).validated()
    }

    /// How many categories there are.
    #[must_use]
    pub fn categories(&self) -> usize {
        self.parameter.dims()[D - 1]
    }

    /// The logits as they were given, or the logarithms of the probabilities.
    pub fn logits(&self) -> Tensor<D> {
        match self.given {
            Given::Logits => self.parameter.clone(),
            Given::Probs => self.log_probs(),
        }
    }

    /// The probabilities, which sum to 1.
    pub fn probs(&self) -> Tensor<D> {
        match self.given {
            Given::Logits => Exp.forward(self.log_probs()),
            Given::Probs => {
                // By the largest first: a sum of huge or subnormal weights would overflow or lose
                // digits.
                let p = self.parameter.clone();
                let p = WEIGHT.apply([p.clone(), p.max_dim(D - 1).detach()]);
                p.clone() / sum_rows(p)
            }
        }
    }

    /// The logarithms of the probabilities.
    pub fn log_probs(&self) -> Tensor<D> {
        let shifted = self.shifted();
        shifted.clone() - logsumexp(shifted)
    }
}

impl<const D: usize> Distribution<D> for Categorical<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        let mut shape = self.parameter.dims();
        shape[D - 1] = 1;
        shape
    }

    fn support(&self) -> Support {
        Support::Below(self.categories())
    }

    /// The largest of the logits plus Gumbel noise (Gumbel 1954), one number a category and draw.
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let weights = self.log_weights().detach();
        let dtype = match weights.dtype() {
            DType::F64 => DType::F64,
            _ => DType::F32,
        };
        random::categorical(weights.cast(FloatDType::from(dtype)), shape, Key::from_rng(rng))
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        let names = ["value", self.given.name()];
        common_shape(Self::NAME, &names, &[value.dims(), self.shape()]);
        log_softmax_rows_at(self.log_weights(), value)
    }
}

impl<const D: usize> Univariate<D> for Categorical<D> {
    fn tail(&self, tail: Tail, value: Tensor<D, Int>) -> Tensor<D> {
        if tail.is_logarithm() {
            self.log_sum(&value, tail.is_upper())
        } else {
            self.sum(&value, tail.is_upper())
        }
    }

    /// The smallest category of positive probability with P(X ≤ category) ≥ `probability`. There
    /// is no NaN among integers: outside [0, 1] the answer is −1.
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        self.level(probability)
    }
}

impl<const D: usize> Moments<D> for Categorical<D> {
    fn mean(&self) -> Tensor<D> {
        let mode = self.mode().float().cast(FloatDType::from(self.parameter.dtype()));
        sum_rows(MEAN_PART.apply([self.probs(), self.numbers(), mode]))
    }

    fn variance(&self) -> Tensor<D> {
        // Around the mean: the difference of the moments would cancel. The mean itself adds nothing to
        // the gradient but what is lost of Σ p (k − mean) = 0.
        let (probs, numbers) = (self.probs(), self.numbers());
        let mean = sum_rows(probs.clone().detach() * numbers.clone());
        sum_rows(probs * (numbers - mean).square())
    }

    fn mode(&self) -> Tensor<D, Int> {
        self.parameter.clone().detach().argmax(D - 1)
    }
}

impl<const D: usize> Entropy<D> for Categorical<D> {
    fn entropy(&self) -> Tensor<D> {
        // With weights of which the largest is 1, H = ln Σ w - Σ p ln w: both terms are at least 0,
        // nothing cancels, and equal weights leave only the first. The gradients of the two terms
        // cancel in a category that dominates, so theirs is given as one number.
        let weights = self.shifted();
        let fixed = weights.clone().detach();
        let normaliser = logsumexp(fixed.clone());
        let surprise = sum_rows(SURPRISE.apply([fixed, normaliser.clone()]));
        let change =
            sum_rows(ENTROPY_CHANGE.apply([weights, normaliser.clone(), surprise.clone()]));
        normaliser + surprise + change
    }
}

impl<const D: usize> Parametric<D> for Categorical<D> {
    type WithRank<const E: usize> = Categorical<E>;
    const NAME: &'static str = "Categorical";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter {
            name: self.given.name(),
            value: self.parameter.clone(),
            support: match self.given {
                Given::Logits => Support::LogWeight,
                Given::Probs => Support::NonNegative,
            },
        }]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Categorical<E> {
        Categorical { parameter: transform(self.parameter), given: self.given }
    }
}
