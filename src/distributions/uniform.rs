//! The continuous uniform distribution.

mod law;

use burn::tensor::{Float, Tensor};
use core::fmt;
use rand::Rng;

use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;
use law::{DRAW, OPS};

/// 1/√12, the standard deviation in widths.
const HALF_OVER_SQRT_3: f64 = 0.288_675_134_594_812_9;

/// The uniform distribution on the interval from `low` to `high`.
///
#[cfg_attr(doc, doc = r"$$p(x) = \frac{1}{b - a}, \qquad a \le x \le b$$")]
#[cfg_attr(not(doc), doc = "`p(x) = 1 / (high - low), low <= x <= high`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let low = Tensor::<1>::from_floats([-1.0, 0.0, 5.0], &Device::flex());
/// let uniform = Uniform::new(low, 17.0);
/// let x = uniform.sample([3], &mut rand::rng());
/// assert!(x.lower_elem(17.0).all().into_scalar::<bool>());
/// ```
///
/// # Notes
///
/// The density is positive at both ends, but draws stay below `high`. The mode is `low`, the smallest
/// of all points, which are equally likely.
#[derive(Clone, Debug)]
pub struct Uniform<const D: usize> {
    low: Tensor<D>,
    high: Tensor<D>,
}

impl<const D: usize> Uniform<D> {
    /// Creates a uniform distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `low`: the lower end, any finite number
    /// - `high`: the upper end, greater than `low`
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(low: impl Into<Argument<D>>, high: impl Into<Argument<D>>) -> Self {
        let [low, high] = resolve(Self::NAME, ["low", "high"], [low.into(), high.into()]);
        Self { low, high }
    }

    /// Creates a uniform distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, or of `high` not greater than `low`.
    pub fn try_new(
        low: impl Into<Argument<D>>,
        high: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(low, high).validated()
    }

    /// The lower end.
    #[must_use]
    pub fn low(&self) -> Tensor<D> {
        self.low.clone()
    }

    /// The upper end.
    #[must_use]
    pub fn high(&self) -> Tensor<D> {
        self.high.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.low(), self.high()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::uniform(shape, Key::from_rng(rng), &self.low.device(), self.low.dtype())
    }
}

impl<const D: usize> Distribution<D> for Uniform<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        common_shape(Self::NAME, &["low", "high"], &[self.low.dims(), self.high.dims()])
    }

    fn support(&self) -> Support {
        Support::Interval { low: self.low().into(), high: self.high().into() }
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        OPS.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for Uniform<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for Uniform<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        OPS.tail(tail).apply(self.inputs(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        OPS.quantile.apply(self.inputs(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        OPS.upper_quantile.apply(self.inputs(probability))
    }
}

impl<const D: usize> Moments<D> for Uniform<D> {
    fn mean(&self) -> Tensor<D> {
        // Halves first: the sum of the ends may overflow.
        self.low() * 0.5 + self.high() * 0.5
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        (self.high() - self.low()) * HALF_OVER_SQRT_3
    }

    fn mode(&self) -> Tensor<D> {
        self.low().expand(self.shape())
    }
}

impl<const D: usize> Entropy<D> for Uniform<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.high() - self.low()).log()
    }
}

impl<const D: usize> Parametric<D> for Uniform<D> {
    type WithRank<const E: usize> = Uniform<E>;
    const NAME: &'static str = "Uniform";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("low", self.low(), Support::Real),
            Parameter::new("high", self.high(), Support::GreaterThan(self.low().into())),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Uniform<E> {
        Uniform { low: transform(self.low), high: transform(self.high) }
    }
}

impl<const D: usize> fmt::Display for Uniform<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
