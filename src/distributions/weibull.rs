//! The Weibull distribution.

mod law;
mod moments;

use burn::tensor::{Float, Tensor};
use core::fmt;
use rand::Rng;

use self::law::{DRAW, OPS};
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

/// The Weibull distribution of lifetimes whose hazard is a power of age.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{k}{\lambda} \left(\frac{x}{\lambda}\right)^{k-1} e^{-(x/\lambda)^k}, \qquad x \ge 0$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = k / scale (x / scale)^(k - 1) exp(-(x / scale)^k), x >= 0`, k the concentration"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let lifetime = Weibull::new(scale, 1.5);
/// let x = lifetime.rsample([4, 3], &mut rand::rng());
/// assert_eq!(lifetime.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// At 0 the density is its limit: +∞, 1/scale or 0 as the concentration is below, at or above 1.
/// Draws that would underflow are the smallest positive number.
#[derive(Clone, Debug)]
pub struct Weibull<const D: usize> {
    scale: Tensor<D>,
    concentration: Tensor<D>,
}

impl<const D: usize> Weibull<D> {
    /// Creates a Weibull distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the age that a fraction 1/e survives, positive
    /// - `concentration`: one more than the power of age that the hazard is, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(scale: impl Into<Argument<D>>, concentration: impl Into<Argument<D>>) -> Self {
        let names = ["scale", "concentration"];
        let [scale, concentration] =
            resolve(Self::NAME, names, [scale.into(), concentration.into()]);
        Self { scale, concentration }
    }

    /// Creates a Weibull distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    pub fn try_new(
        scale: impl Into<Argument<D>>,
        concentration: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(scale, concentration).validated()
    }

    /// The age that a fraction 1/e survives.
    #[must_use]
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    /// The concentration.
    #[must_use]
    pub fn concentration(&self) -> Tensor<D> {
        self.concentration.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.scale(), self.concentration()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::exponential(shape, Key::from_rng(rng), &self.scale.device(), self.scale.dtype())
    }
}

impl<const D: usize> Distribution<D> for Weibull<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let shapes = [self.scale.dims(), self.concentration.dims()];
        common_shape(Self::NAME, &["scale", "concentration"], &shapes)
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

impl<const D: usize> Reparameterized<D> for Weibull<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for Weibull<D> {
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

impl<const D: usize> Moments<D> for Weibull<D> {
    fn mean(&self) -> Tensor<D> {
        moments::MEAN.apply([self.scale(), self.concentration()])
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        moments::STD_DEV.apply([self.scale(), self.concentration()])
    }

    fn mode(&self) -> Tensor<D> {
        moments::MODE.apply([self.scale(), self.concentration()])
    }
}

impl<const D: usize> Entropy<D> for Weibull<D> {
    fn entropy(&self) -> Tensor<D> {
        moments::ENTROPY.apply([self.scale(), self.concentration()])
    }
}

impl<const D: usize> Parametric<D> for Weibull<D> {
    type WithRank<const E: usize> = Weibull<E>;
    const NAME: &'static str = "Weibull";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("scale", self.scale(), Support::Positive),
            Parameter::new("concentration", self.concentration(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Weibull<E> {
        Weibull { scale: transform(self.scale), concentration: transform(self.concentration) }
    }
}

impl<const D: usize> fmt::Display for Weibull<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
