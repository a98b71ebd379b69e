//! The inverse gamma distribution.

mod formulas;

use burn::tensor::{Float, Tensor};
use rand::Rng;

use super::Gamma;
use super::gamma::{draw, quantile, tails};
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::support::Support;
use formulas::{ENTROPY, LOG_DENSITY, MEAN, STD_DEV, VARIANCE};

/// The inverse gamma distribution: the law of 1/X for X with a [`Gamma`] distribution of the same
/// `concentration` and `rate`, here the scale.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\beta^\alpha}{\Gamma(\alpha)}\, x^{-\alpha-1} e^{-\beta/x}, \quad x > 0$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = rate^concentration x^(-concentration - 1) exp(-rate/x) / Γ(concentration)`"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let concentration = Tensor::<1>::from_floats([3.0], &Device::flex());
/// let variance = InverseGamma::new(concentration, 2.0);
/// assert_eq!(variance.mean().into_scalar::<f32>(), 1.0);
/// ```
///
/// # Notes
///
/// Draws are reciprocals of gamma draws, made in log space: a concentration below about 0.1 has
/// draws that overflow, which [`log_rsample`](Self::log_rsample) has in full. The mean is +∞ for a
/// concentration of 1 or less, the variance for one of 2 or less.
#[derive(Clone, Debug)]
pub struct InverseGamma<const D: usize> {
    concentration: Tensor<D>,
    rate: Tensor<D>,
}

impl<const D: usize> InverseGamma<D> {
    /// Creates an inverse gamma distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `concentration`: the shape parameter, positive
    /// - `rate`: the scale, which is the rate of the reciprocal, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(concentration: impl Into<Argument<D>>, rate: impl Into<Argument<D>>) -> Self {
        let arguments = [concentration.into(), rate.into()];
        let [concentration, rate] = resolve(Self::NAME, ["concentration", "rate"], arguments);
        Self { concentration, rate }
    }

    /// Creates an inverse gamma distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    pub fn try_new(
        concentration: impl Into<Argument<D>>,
        rate: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(concentration, rate).validated()
    }

    /// The shape parameter.
    pub fn concentration(&self) -> Tensor<D> {
        self.concentration.clone()
    }

    /// The scale.
    pub fn rate(&self) -> Tensor<D> {
        self.rate.clone()
    }

    /// The law of the reciprocal.
    #[must_use]
    pub fn reciprocal(&self) -> Gamma<D> {
        Gamma::new(self.concentration(), self.rate())
    }

    /// Draws the logarithms of values with the pathwise gradient, finite also where the value
    /// itself overflows; see [`Gamma::log_rsample`].
    #[must_use]
    pub fn log_rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        -self.reciprocal().log_rsample(shape, rng)
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.concentration(), self.rate()]
    }

    fn pair(&self) -> [Tensor<D>; 2] {
        [self.concentration(), self.rate()]
    }
}

impl<const D: usize> Distribution<D> for InverseGamma<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        common_shape(
            Self::NAME,
            &["concentration", "rate"],
            &[self.concentration.dims(), self.rate.dims()],
        )
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        LOG_DENSITY.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for InverseGamma<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        draw::EXP.apply([self.log_rsample(shape, rng)])
    }
}

impl<const D: usize> Univariate<D> for InverseGamma<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        tails::inverted(tail).apply(self.inputs(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::inverted_quantile(self.inputs(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::inverted_upper_quantile(self.inputs(probability))
    }
}

impl<const D: usize> Moments<D> for InverseGamma<D> {
    fn mean(&self) -> Tensor<D> {
        MEAN.apply(self.pair())
    }

    fn variance(&self) -> Tensor<D> {
        VARIANCE.apply(self.pair())
    }

    fn std_dev(&self) -> Tensor<D> {
        STD_DEV.apply(self.pair())
    }

    fn mode(&self) -> Tensor<D> {
        self.rate() / (self.concentration() + 1.0)
    }
}

impl<const D: usize> Entropy<D> for InverseGamma<D> {
    fn entropy(&self) -> Tensor<D> {
        ENTROPY.apply(self.pair())
    }
}

impl<const D: usize> Parametric<D> for InverseGamma<D> {
    type WithRank<const E: usize> = InverseGamma<E>;
    const NAME: &'static str = "InverseGamma";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("concentration", self.concentration(), Support::Positive),
            Parameter::new("rate", self.rate(), Support::Positive),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> InverseGamma<E> {
        InverseGamma { concentration: transform(self.concentration), rate: transform(self.rate) }
    }
}
