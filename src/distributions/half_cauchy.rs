//! The half-Cauchy distribution.

mod law;

use burn::tensor::{Float, Tensor};
use core::f64::consts::LN_2;
use core::fmt;
use rand::Rng;

use self::law::{DRAW, LN_TWO_OVER_PI, OPS};
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

/// The law of |X| for X Cauchy with median 0 and half-width at half-maximum `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{2}{\pi\gamma}\left(1 + \frac{x^2}{\gamma^2}\right)^{-1}, \qquad x \ge 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = 2 / (π scale (1 + (x / scale)²)), x >= 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<1>::from_floats([0.5, 1.0, 25.0], &Device::flex());
/// let deviation = HalfCauchy::new(scale);
/// assert_eq!(deviation.sample([3], &mut rand::rng()).dims(), [3]);
/// ```
///
/// # Notes
///
/// Mean and variance are infinite; the median is `scale`. Draws reach 10⁹ scales in `f32` and come
/// as close to 0, where the density is its limit.
#[derive(Clone, Debug)]
pub struct HalfCauchy<const D: usize> {
    scale: Tensor<D>,
}

impl<const D: usize> HalfCauchy<D> {
    /// Creates a half-Cauchy distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the median, positive
    ///
    /// # Panics
    ///
    /// If `scale` is a plain number, which has no device.
    pub fn new(scale: impl Into<Argument<D>>) -> Self {
        let [scale] = resolve(Self::NAME, ["scale"], [scale.into()]);
        Self { scale }
    }

    /// Creates a half-Cauchy distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first scale that is not positive and finite.
    pub fn try_new(scale: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(scale).validated()
    }

    /// The median.
    #[must_use]
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 2] {
        [value, self.scale()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::exponential(shape, Key::from_rng(rng), &self.scale.device(), self.scale.dtype())
    }
}

impl<const D: usize> Distribution<D> for HalfCauchy<D> {
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

impl<const D: usize> Reparameterized<D> for HalfCauchy<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for HalfCauchy<D> {
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

/// The mean is +∞, and so is the expected square about any point, which the variance is read as.
impl<const D: usize> Moments<D> for HalfCauchy<D> {
    fn mean(&self) -> Tensor<D> {
        self.scale.full_like(f64::INFINITY)
    }

    fn variance(&self) -> Tensor<D> {
        self.mean()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.mean()
    }

    fn mode(&self) -> Tensor<D> {
        self.scale.zeros_like()
    }
}

impl<const D: usize> Entropy<D> for HalfCauchy<D> {
    fn entropy(&self) -> Tensor<D> {
        // ln 2πγ.
        self.scale().log() + (2.0 * LN_2 - LN_TWO_OVER_PI)
    }
}

impl<const D: usize> Parametric<D> for HalfCauchy<D> {
    type WithRank<const E: usize> = HalfCauchy<E>;
    const NAME: &'static str = "HalfCauchy";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("scale", self.scale(), Support::Positive)]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> HalfCauchy<E> {
        HalfCauchy { scale: transform(self.scale) }
    }
}

impl<const D: usize> fmt::Display for HalfCauchy<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
