//! The χ² distribution.

use burn::tensor::{Float, Tensor};
use rand::Rng;

use super::Gamma;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, resolve,
};
use crate::support::Support;

/// The χ² distribution with `df` degrees of freedom ν: the law of a sum of ν squared standard
/// normals, a [`Gamma`] of concentration ν/2 and rate ½.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{x^{\nu/2-1} e^{-x/2}}{2^{\nu/2}\,\Gamma(\nu/2)}, \qquad x > 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = x^(df/2 - 1) exp(-x/2) / (2^(df/2) Γ(df/2)), x > 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let df = Tensor::<1>::from_floats([1.0, 3.0, 10.0], &Device::flex());
/// let chi2 = Chi2::new(df);
/// let p_value = chi2.survival(Tensor::from_floats([3.84, 7.81, 18.31], &Device::flex()));
/// assert!((p_value - 0.05).abs().max().into_scalar::<f32>() < 1e-3);
/// ```
///
/// # Notes
///
/// Halving is exact, so accuracy, draws and gradients are those of [`Gamma`].
#[derive(Clone, Debug)]
pub struct Chi2<const D: usize> {
    df: Tensor<D>,
}

impl<const D: usize> Chi2<D> {
    /// Creates a χ² distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `df`: the degrees of freedom, positive, not necessarily whole
    ///
    /// # Panics
    ///
    /// If `df` is a plain number, which has no device.
    pub fn new(df: impl Into<Argument<D>>) -> Self {
        let [df] = resolve(Self::NAME, ["df"], [df.into()]);
        Self { df }
    }

    /// Creates a χ² distribution and checks its parameter, reading it back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    pub fn try_new(df: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(df).validated()
    }

    /// The degrees of freedom.
    pub fn df(&self) -> Tensor<D> {
        self.df.clone()
    }

    /// The same law as a Gamma.
    #[must_use]
    pub fn gamma(&self) -> Gamma<D> {
        Gamma::new(self.df() * 0.5, 0.5)
    }

    /// Draws the logarithms of values; see [`Gamma::log_rsample`].
    #[must_use]
    pub fn log_rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        self.gamma().log_rsample(shape, rng)
    }
}

impl<const D: usize> Distribution<D> for Chi2<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        self.df.dims()
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        self.gamma().log_prob(value)
    }
}

impl<const D: usize> Reparameterized<D> for Chi2<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        self.gamma().rsample(shape, rng)
    }
}

impl<const D: usize> Univariate<D> for Chi2<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        self.gamma().tail(tail, value)
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        self.gamma().quantile(probability)
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        self.gamma().upper_quantile(probability)
    }
}

impl<const D: usize> Moments<D> for Chi2<D> {
    fn mean(&self) -> Tensor<D> {
        self.df()
    }

    fn variance(&self) -> Tensor<D> {
        self.df() * 2.0
    }

    fn mode(&self) -> Tensor<D> {
        self.gamma().mode()
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        self.gamma().central_log_moment_generating(t)
    }
}

impl<const D: usize> Entropy<D> for Chi2<D> {
    fn entropy(&self) -> Tensor<D> {
        self.gamma().entropy()
    }
}

impl<const D: usize> Parametric<D> for Chi2<D> {
    type WithRank<const E: usize> = Chi2<E>;
    const NAME: &'static str = "Chi2";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("df", self.df(), Support::Positive)]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Chi2<E> {
        Chi2 { df: transform(self.df) }
    }
}
