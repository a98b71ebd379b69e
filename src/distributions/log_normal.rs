//! The log-normal distribution.

mod law;

use burn::tensor::{Float, Tensor};
use core::fmt;
use rand::Rng;

use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;
use law::{DRAW, OPS, STD_DEV};

/// The law of eˣ for X normal with mean `loc` and standard deviation `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{1}{x\sigma\sqrt{2\pi}} \exp\left(-\frac{(\ln x-\mu)^2}{2\sigma^2}\right), \qquad x > 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-(ln x - loc)² / (2 scale²)) / (x scale √(2π)), x > 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let law = LogNormal::new(loc, 0.5);
/// let x = law.rsample([4, 3], &mut rand::rng());
/// assert_eq!(law.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The density vanishes at 0. Draws that overflow or underflow are held at the largest and smallest
/// positive numbers; their log-density from `rsample_and_log_prob` is that of the draw itself.
#[derive(Clone, Debug)]
pub struct LogNormal<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> LogNormal<D> {
    /// Creates a log-normal distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mean of the logarithm, any finite number
    /// - `scale`: the standard deviation of the logarithm, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a log-normal distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, or of `scale` not positive.
    pub fn try_new(
        loc: impl Into<Argument<D>>,
        scale: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(loc, scale).validated()
    }

    /// The mean of the logarithm.
    #[must_use]
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The standard deviation of the logarithm.
    #[must_use]
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.loc(), self.scale()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::normal(shape, Key::from_rng(rng), &self.loc.device(), self.loc.dtype())
    }
}

impl<const D: usize> Distribution<D> for LogNormal<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        common_shape(Self::NAME, &["loc", "scale"], &[self.loc.dims(), self.scale.dims()])
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        OPS.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for LogNormal<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for LogNormal<D> {
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

impl<const D: usize> Moments<D> for LogNormal<D> {
    fn mean(&self) -> Tensor<D> {
        (self.loc() + self.scale().square() * 0.5).exp()
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        STD_DEV.apply([self.loc(), self.scale()])
    }

    fn mode(&self) -> Tensor<D> {
        (self.loc() - self.scale().square()).exp()
    }
}

impl<const D: usize> Entropy<D> for LogNormal<D> {
    fn entropy(&self) -> Tensor<D> {
        self.loc() + self.scale().log() + (HALF_LN_TWO_PI + 0.5)
    }
}

impl<const D: usize> Parametric<D> for LogNormal<D> {
    type WithRank<const E: usize> = LogNormal<E>;
    const NAME: &'static str = "LogNormal";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> LogNormal<E> {
        LogNormal { loc: transform(self.loc), scale: transform(self.scale) }
    }
}

impl<const D: usize> fmt::Display for LogNormal<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
