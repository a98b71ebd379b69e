//! The Cauchy distribution.

mod law;

use burn::tensor::{Float, Tensor};
use core::f64::consts::LN_2;
use core::fmt;
use rand::Rng;

use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;
use law::{DRAW, LN_PI, OPS};

/// The Cauchy distribution with median `loc` and half-width at half-maximum `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{1}{\pi\gamma}\left(1 + \frac{(x-\mu)^2}{\gamma^2}\right)^{-1}$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = 1 / (π scale (1 + ((x - loc) / scale)²))`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let cauchy = Cauchy::new(loc, 0.5);
/// let x = cauchy.rsample([4, 3], &mut rand::rng());
/// assert_eq!(cauchy.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// Mean and variance do not exist and are NaN. Draws reach 10⁹ scales to either side in `f32`, and
/// neither the density nor the tails overflow on the way.
#[derive(Clone, Debug)]
pub struct Cauchy<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> Cauchy<D> {
    /// Creates a Cauchy distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the median, any finite number
    /// - `scale`: the half-width at half-maximum, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a Cauchy distribution and checks its parameters, reading them back once.
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

    /// The median.
    #[must_use]
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The half-width at half-maximum.
    #[must_use]
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.loc(), self.scale()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::exponential(shape, Key::from_rng(rng), &self.loc.device(), self.loc.dtype())
    }
}

impl<const D: usize> Distribution<D> for Cauchy<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        common_shape(Self::NAME, &["loc", "scale"], &[self.loc.dims(), self.scale.dims()])
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        OPS.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for Cauchy<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for Cauchy<D> {
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

impl<const D: usize> Moments<D> for Cauchy<D> {
    fn mean(&self) -> Tensor<D> {
        let like = (&self.loc.device(), self.loc.dtype());
        Tensor::full(self.shape(), f64::NAN, like)
    }

    fn variance(&self) -> Tensor<D> {
        self.mean()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.mean()
    }

    fn mode(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }
}

impl<const D: usize> Entropy<D> for Cauchy<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.scale().log() + (LN_PI + 2.0 * LN_2)).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for Cauchy<D> {
    type WithRank<const E: usize> = Cauchy<E>;
    const NAME: &'static str = "Cauchy";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Cauchy<E> {
        Cauchy { loc: transform(self.loc), scale: transform(self.scale) }
    }
}

impl<const D: usize> fmt::Display for Cauchy<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
