//! The half-normal distribution.

mod law;

use burn::tensor::{Float, Tensor};
use core::fmt;
use rand::Rng;

use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;
use law::{DRAW, HALF_LN_TWO_OVER_PI, OPS};

/// √(2/π).
const SQRT_TWO_OVER_PI: f64 = 0.797_884_560_802_865_4;
/// √(1 − 2/π).
const STD_DEV: f64 = 0.602_810_274_989_087;

/// The law of |X| for X normal with mean 0 and standard deviation `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\sqrt{2}}{\sigma\sqrt{\pi}} \exp\left(-\frac{x^2}{2\sigma^2}\right), \qquad x \ge 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = √2 exp(-x² / (2 scale²)) / (scale √π), x >= 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<1>::from_floats([0.5, 1.0, 4.0], &Device::flex());
/// let deviation = HalfNormal::new(scale);
/// assert_eq!(deviation.sample([3], &mut rand::rng()).dims(), [3]);
/// ```
///
/// # Notes
///
/// At 0 the density is its limit. The quantile keeps relative accuracy for small probabilities as
/// well as near 1.
#[derive(Clone, Debug)]
pub struct HalfNormal<const D: usize> {
    scale: Tensor<D>,
}

impl<const D: usize> HalfNormal<D> {
    /// Creates a half-normal distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the standard deviation before folding, positive
    ///
    /// # Panics
    ///
    /// If `scale` is a plain number, which has no device.
    pub fn new(scale: impl Into<Argument<D>>) -> Self {
        let [scale] = resolve(Self::NAME, ["scale"], [scale.into()]);
        Self { scale }
    }

    /// Creates a half-normal distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first scale that is not positive and finite.
    pub fn try_new(scale: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(scale).validated()
    }

    /// The standard deviation before folding.
    #[must_use]
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 2] {
        [value, self.scale()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::normal(shape, Key::from_rng(rng), &self.scale.device(), self.scale.dtype())
    }
}

impl<const D: usize> Distribution<D> for HalfNormal<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        self.scale.dims()
    }

    fn support(&self) -> Support {
        Support::NonNegative
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        OPS.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for HalfNormal<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for HalfNormal<D> {
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

impl<const D: usize> Moments<D> for HalfNormal<D> {
    fn mean(&self) -> Tensor<D> {
        self.scale() * SQRT_TWO_OVER_PI
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.scale() * STD_DEV
    }

    fn mode(&self) -> Tensor<D> {
        self.scale.zeros_like()
    }
}

impl<const D: usize> Entropy<D> for HalfNormal<D> {
    fn entropy(&self) -> Tensor<D> {
        // ½ ln(π/2) + ½ + ln scale.
        self.scale().log() + (0.5 - HALF_LN_TWO_OVER_PI)
    }
}

impl<const D: usize> Parametric<D> for HalfNormal<D> {
    type WithRank<const E: usize> = HalfNormal<E>;
    const NAME: &'static str = "HalfNormal";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("scale", self.scale(), Support::Positive)]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> HalfNormal<E> {
        HalfNormal { scale: transform(self.scale) }
    }
}

impl<const D: usize> fmt::Display for HalfNormal<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
