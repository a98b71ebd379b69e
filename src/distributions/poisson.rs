//! The Poisson distribution.

mod entropy;
mod entropy_fits;
mod formulas;

use burn::tensor::{Int, Tensor};
use rand::Rng;

use super::counts::{CountOps, QuantileOps, float, whole};
use crate::distribution::{Distribution, Entropy, Moments, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;
use formulas::{Formulas, MODE};

/// The Poisson distribution of how often independent events happen, `rate` λ times on average, on
/// {0, 1, 2, …}.
///
#[cfg_attr(doc, doc = r"$$P(X = k) = \frac{\lambda^k e^{-\lambda}}{k!}$$")]
#[cfg_attr(not(doc), doc = "`P(X = k) = rate^k exp(-rate) / k!`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let rate = Tensor::<2>::from_floats([[0.5, 3.0, 1e6]], &Device::flex());
/// let calls = Poisson::new(rate);
/// let k = calls.sample([4, 3], &mut rand::rng());
/// assert_eq!(calls.log_prob(k).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The mass is the saddle-point form of Loader (2000), whose terms all have one sign: nothing
/// cancels at any rate. A rate of 0 is a certain 0. The entropy and its gradient are good to a few
/// roundings at every rate, from fits below 128 and the asymptotic series above. Draws are made by
/// inversion below rate 10 and above by the transformed rejection of Hörmann (1993), which gives up
/// after 16 proposals, once in 10⁹ draws, and then takes the whole part of the rate; in `f32` a
/// draw above 2²⁴ is as coarse as `f32`.
#[derive(Clone, Debug)]
pub struct Poisson<const D: usize> {
    rate: Tensor<D>,
}

static OPS: CountOps<2> = CountOps::new::<Formulas>();
static QUANTILE: QuantileOps<2, 3> = QuantileOps::new::<Formulas>();

impl<const D: usize> Poisson<D> {
    /// Creates a Poisson distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `rate`: the mean, at least 0
    ///
    /// # Panics
    ///
    /// If `rate` is a plain number, which has no device.
    pub fn new(rate: impl Into<Argument<D>>) -> Self {
        let [rate] = resolve(Self::NAME, ["rate"], [rate.into()]);
        Self { rate }
    }

    /// Creates a Poisson distribution and checks its parameter, reading it back once.
    ///
    /// # Errors
    ///
    /// The first rate that is negative or not finite.
    pub fn try_new(rate: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(rate).validated()
    }

    /// The mean.
    pub fn rate(&self) -> Tensor<D> {
        self.rate.clone()
    }

    fn inputs(&self, value: Tensor<D, Int>) -> [Tensor<D>; 2] {
        [float(value, &self.rate), self.rate()]
    }
}

impl<const D: usize> Distribution<D> for Poisson<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        self.rate.dims()
    }

    fn support(&self) -> Support {
        Support::Count
    }

    /// A negative rate and NaN give −1.
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        whole(random::poisson(self.rate(), shape, Key::from_rng(rng)))
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        OPS.log_mass.apply(self.inputs(value))
    }
}

impl<const D: usize> Univariate<D> for Poisson<D> {
    fn tail(&self, tail: Tail, value: Tensor<D, Int>) -> Tensor<D> {
        OPS.tail(tail).apply(self.inputs(value))
    }

    /// The smallest value with P(X ≤ value) ≥ `probability`; for 1 the largest integer of the
    /// tensor's type. There is no NaN among integers: outside [0, 1] the answer is −1.
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        QUANTILE.quantile([probability, self.rate()])
    }

    /// The smallest value with P(X > value) ≤ `probability`; −1 outside [0, 1].
    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        QUANTILE.upper_quantile([probability, self.rate()])
    }
}

impl<const D: usize> Moments<D> for Poisson<D> {
    fn mean(&self) -> Tensor<D> {
        self.rate()
    }

    fn variance(&self) -> Tensor<D> {
        self.rate()
    }

    fn mode(&self) -> Tensor<D, Int> {
        whole(MODE.apply([self.rate()]))
    }
}

impl<const D: usize> Entropy<D> for Poisson<D> {
    fn entropy(&self) -> Tensor<D> {
        entropy::ENTROPY.apply([self.rate()])
    }
}

impl<const D: usize> Parametric<D> for Poisson<D> {
    type WithRank<const E: usize> = Poisson<E>;
    const NAME: &'static str = "Poisson";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("rate", self.rate(), Support::NonNegative)]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Poisson<E> {
        Poisson { rate: transform(self.rate) }
    }
}
