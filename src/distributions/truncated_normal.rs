//! The truncated normal distribution.

mod density;
pub(crate) mod moments;
pub(crate) mod nodes;
pub(crate) mod place;
mod quantile;
mod slopes;
mod tails;

use burn::tensor::{Float, Tensor};
use rand::Rng;

use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

/// The law of a normal variate, of mean `loc` and standard deviation `scale`, given that it lies in
/// the interval from `low` to `high`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\phi\left(\frac{x-\mu}{\sigma}\right)}{\sigma \left[\Phi\left(\frac{b-\mu}{\sigma}\right) - \Phi\left(\frac{a-\mu}{\sigma}\right)\right]}, \qquad a \le x \le b$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = φ((x - loc) / scale) / (scale (Φ((high - loc) / scale) - Φ((low - loc) / scale)))`"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[-40.0, 0.0, 3.0]], &Device::flex());
/// let positive = TruncatedNormal::new(loc, 1.0, 0.0, f64::INFINITY);
/// let x = positive.rsample([4, 3], &mut rand::rng());
/// assert!(x.greater_equal_elem(0.0).all().into_scalar::<bool>());
/// ```
///
/// # Notes
///
/// Nothing is lost where the interval is far from `loc` or narrow: all is measured from the densest
/// point of the interval. Draws invert the distribution function from the side of the smaller
/// probability, and have a gradient in all four parameters. The bijector onto its support needs
/// both ends to be finite.
#[derive(Clone, Debug)]
pub struct TruncatedNormal<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
    low: Tensor<D>,
    high: Tensor<D>,
}

impl<const D: usize> TruncatedNormal<D> {
    /// Creates a truncated normal distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mean before truncation, any finite number
    /// - `scale`: the standard deviation before truncation, positive
    /// - `low`: the lower end, finite or −∞
    /// - `high`: the upper end, greater than `low`, finite or +∞
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or all are plain numbers.
    pub fn new(
        loc: impl Into<Argument<D>>,
        scale: impl Into<Argument<D>>,
        low: impl Into<Argument<D>>,
        high: impl Into<Argument<D>>,
    ) -> Self {
        let arguments = [loc.into(), scale.into(), low.into(), high.into()];
        let [loc, scale, low, high] = resolve(Self::NAME, Self::PARAMETERS, arguments);
        Self { loc, scale, low, high }
    }

    const PARAMETERS: [&str; 4] = ["loc", "scale", "low", "high"];

    /// Creates a truncated normal distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element of `loc` that is not finite, of `scale` not positive, of `low` neither
    /// finite nor −∞, or of `high` not greater than `low`.
    pub fn try_new(
        loc: impl Into<Argument<D>>,
        scale: impl Into<Argument<D>>,
        low: impl Into<Argument<D>>,
        high: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(loc, scale, low, high).validated()
    }

    /// The mean before truncation.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The standard deviation before truncation.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    /// The lower end.
    pub fn low(&self) -> Tensor<D> {
        self.low.clone()
    }

    /// The upper end.
    pub fn high(&self) -> Tensor<D> {
        self.high.clone()
    }

    fn tensors(&self) -> [Tensor<D>; 4] {
        [self.loc(), self.scale(), self.low(), self.high()]
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 5] {
        [value, self.loc(), self.scale(), self.low(), self.high()]
    }
}

impl<const D: usize> Distribution<D> for TruncatedNormal<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let shapes = self.tensors().map(|tensor| tensor.dims());
        common_shape(Self::NAME, &Self::PARAMETERS, &shapes)
    }

    fn support(&self) -> Support {
        Support::Interval { low: self.low().into(), high: self.high().into() }
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        let log_mass = moments::LOG_MASS.apply(self.tensors());
        let [value, loc, scale, low, high] = self.inputs(value);
        density::LOG_DENSITY.apply([value, loc, scale, low, high, log_mass])
    }
}

impl<const D: usize> Reparameterized<D> for TruncatedNormal<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let (device, dtype) = (self.loc.device(), self.loc.dtype());
        let noise = random::exponential(shape, Key::from_rng(rng), &device, dtype);
        quantile::DRAW.apply(self.inputs(noise))
    }
}

impl<const D: usize> Univariate<D> for TruncatedNormal<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        tails::op(tail).apply(self.inputs(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::QUANTILE.apply(self.inputs(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::UPPER_QUANTILE.apply(self.inputs(probability))
    }
}

impl<const D: usize> Moments<D> for TruncatedNormal<D> {
    fn mean(&self) -> Tensor<D> {
        let [mean, _, _] = moments::SUMMARY.apply_all(self.tensors());
        mean
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        let [_, std_dev, _] = moments::SUMMARY.apply_all(self.tensors());
        std_dev
    }

    fn mode(&self) -> Tensor<D> {
        moments::MODE.apply([self.loc(), self.low(), self.high()]).expand(self.shape())
    }
}

impl<const D: usize> Entropy<D> for TruncatedNormal<D> {
    fn entropy(&self) -> Tensor<D> {
        let [_, _, entropy] = moments::SUMMARY.apply_all(self.tensors());
        entropy
    }
}

impl<const D: usize> Parametric<D> for TruncatedNormal<D> {
    type WithRank<const E: usize> = TruncatedNormal<E>;
    const NAME: &'static str = "TruncatedNormal";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
            Parameter::new("low", self.low(), Support::LogWeight),
            Parameter::new("high", self.high(), Support::Above(self.low().into())),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> TruncatedNormal<E> {
        let [loc, scale, low, high] =
            [self.loc, self.scale, self.low, self.high].map(&mut transform);
        TruncatedNormal { loc, scale, low, high }
    }
}
