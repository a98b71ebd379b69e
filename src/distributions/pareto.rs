//! The Pareto distribution.

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

/// The Pareto distribution: `scale` times the exponential of an exponential variate of rate `alpha`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\alpha}{x} \left(\frac{m}{x}\right)^\alpha, \qquad x \ge m$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = alpha / x (scale / x)^alpha, x >= scale`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let wealth = Pareto::new(scale, 1.16);
/// let x = wealth.rsample([4, 3], &mut rand::rng());
/// assert_eq!(wealth.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The mean is infinite for `alpha` up to 1, the variance up to 2. Draws that would overflow, most
/// of them where `alpha` is below 0.1 or so, are the largest number.
#[derive(Clone, Debug)]
pub struct Pareto<const D: usize> {
    scale: Tensor<D>,
    alpha: Tensor<D>,
}

impl<const D: usize> Pareto<D> {
    /// Creates a Pareto distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the smallest value, positive
    /// - `alpha`: the power of the tail, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(scale: impl Into<Argument<D>>, alpha: impl Into<Argument<D>>) -> Self {
        let [scale, alpha] = resolve(Self::NAME, ["scale", "alpha"], [scale.into(), alpha.into()]);
        Self { scale, alpha }
    }

    /// Creates a Pareto distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    pub fn try_new(
        scale: impl Into<Argument<D>>,
        alpha: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(scale, alpha).validated()
    }

    /// The smallest value.
    #[must_use]
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    /// The power of the tail.
    #[must_use]
    pub fn alpha(&self) -> Tensor<D> {
        self.alpha.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.scale(), self.alpha()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::exponential(shape, Key::from_rng(rng), &self.scale.device(), self.scale.dtype())
    }
}

impl<const D: usize> Distribution<D> for Pareto<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        common_shape(Self::NAME, &["scale", "alpha"], &[self.scale.dims(), self.alpha.dims()])
    }

    fn support(&self) -> Support {
        Support::AtLeast(self.scale().into())
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        OPS.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for Pareto<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for Pareto<D> {
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

impl<const D: usize> Moments<D> for Pareto<D> {
    fn mean(&self) -> Tensor<D> {
        moments::MEAN.apply([self.scale(), self.alpha()])
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        moments::STD_DEV.apply([self.scale(), self.alpha()])
    }

    fn mode(&self) -> Tensor<D> {
        self.scale().expand(self.shape())
    }
}

impl<const D: usize> Entropy<D> for Pareto<D> {
    fn entropy(&self) -> Tensor<D> {
        moments::ENTROPY.apply([self.scale(), self.alpha()])
    }
}

impl<const D: usize> Parametric<D> for Pareto<D> {
    type WithRank<const E: usize> = Pareto<E>;
    const NAME: &'static str = "Pareto";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("scale", self.scale(), Support::Positive),
            Parameter::new("alpha", self.alpha(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Pareto<E> {
        Pareto { scale: transform(self.scale), alpha: transform(self.alpha) }
    }
}

impl<const D: usize> fmt::Display for Pareto<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
