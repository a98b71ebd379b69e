//! The Gumbel distribution of maxima.

mod law;

use burn::tensor::{Float, Tensor};
use core::fmt;
use rand::Rng;

use super::powers::EULER;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;
use law::{DRAW, OPS};

/// π/√6.
const STD_DEV: f64 = 1.282_549_830_161_864_1;

/// The Gumbel distribution with mode `loc`: the law of the largest of many draws.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{1}{\beta} e^{-z - e^{-z}}, \qquad z = \frac{x - \mu}{\beta}$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-z - exp(-z)) / scale, z = (x - loc) / scale`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let gumbel = Gumbel::new(loc, 0.5);
/// let x = gumbel.rsample([4, 3], &mut rand::rng());
/// assert_eq!(gumbel.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The lower tail ends abruptly: 5 scales below the mode the density is e^-143.
#[derive(Clone, Debug)]
pub struct Gumbel<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> Gumbel<D> {
    /// Creates a Gumbel distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mode, any finite number
    /// - `scale`: the width, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a Gumbel distribution and checks its parameters, reading them back once.
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

    /// The mode.
    #[must_use]
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The width.
    #[must_use]
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.loc(), self.scale()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::gumbel(shape, Key::from_rng(rng), &self.loc.device(), self.loc.dtype())
    }
}

impl<const D: usize> Distribution<D> for Gumbel<D> {
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

impl<const D: usize> Reparameterized<D> for Gumbel<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for Gumbel<D> {
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

impl<const D: usize> Moments<D> for Gumbel<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc() + self.scale() * EULER
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        (self.scale() * STD_DEV).expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }
}

impl<const D: usize> Entropy<D> for Gumbel<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.scale().log() + (EULER + 1.0)).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for Gumbel<D> {
    type WithRank<const E: usize> = Gumbel<E>;
    const NAME: &'static str = "Gumbel";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Gumbel<E> {
        Gumbel { loc: transform(self.loc), scale: transform(self.scale) }
    }
}

impl<const D: usize> fmt::Display for Gumbel<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
