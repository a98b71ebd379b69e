//! The exponential distribution.

use burn::tensor::Tensor;

use super::moment_generating;
use crate::distribution::{Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The exponential distribution of waiting times with the given rate.
///
#[cfg_attr(doc, doc = r"$$p(x) = \lambda e^{-\lambda x}, \qquad x \ge 0$$")]
#[cfg_attr(not(doc), doc = "`p(x) = rate exp(-rate x), x >= 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let rate = Tensor::<1>::from_floats([0.5, 1.0, 4.0], &Device::flex());
/// let waits = Exponential::new(rate).sample([3], &mut rand::rng());
/// assert!(waits.greater_equal_elem(0.0).all().into_scalar::<bool>());
/// ```
///
/// # Notes
///
/// At 0 the density is its limit, the rate. Draws have both tails in full, as small as 1e-10 and as
/// large as 22 means in `f32`.
#[derive(Clone, Debug)]
pub struct Exponential<const D: usize> {
    rate: Tensor<D>,
}

impl<const D: usize> Exponential<D> {
    /// Creates an exponential distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `rate`: the inverse of the mean, positive
    ///
    /// # Panics
    ///
    /// If `rate` is a plain number, which has no device.
    pub fn new(rate: impl Into<Argument<D>>) -> Self {
        let [rate] = resolve(Self::NAME, ["rate"], [rate.into()]);
        Self { rate }
    }

    /// Creates an exponential distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first rate that is not positive and finite.
    pub fn try_new(rate: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(rate).validated()
    }

    /// The rate.
    pub fn rate(&self) -> Tensor<D> {
        self.rate.clone()
    }
}

/// The formulas.
struct Formulas;

impl UnivariateFormulas<2> for Formulas {
    const NAME: &'static str = "Exponential";
    const INPUTS: [&'static str; 2] = ["value", "rate"];
    const POSITIVE: &'static [usize] = &[1];

    #[inline(always)]
    fn log_density<R: Real>([x, rate]: [R; 2]) -> R {
        masks::below_zero(x, [rate], f64::NEG_INFINITY, rate.ln() - rate * x)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, rate]: [R; 2]) -> R {
        // 1 - e^(-rate x) would be 0 below x = 6e-8/rate in f32.
        masks::below_zero(x, [rate], 0.0, -(-(rate * x)).exp_m1())
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, rate]: [R; 2]) -> R {
        masks::below_zero(x, [rate], f64::NEG_INFINITY, (rate * x).log1mexp())
    }

    #[inline(always)]
    fn survival<R: Real>([x, rate]: [R; 2]) -> R {
        masks::below_zero(x, [rate], 1.0, (-(rate * x)).exp())
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, rate]: [R; 2]) -> R {
        masks::below_zero(x, [rate], 0.0, -(rate * x))
    }

    #[inline(always)]
    fn quantile<R: Real>([p, rate]: [R; 2]) -> R {
        // ln(1 - p) would lose a small p.
        -(-masks::probability(p)).ln_1p() / rate
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, rate]: [R; 2]) -> R {
        -masks::probability(p).ln() / rate
    }
}

impl DrawFormula<2> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, rate]: [R; 2]) -> [R; 2] {
        // A small rate may overflow the draw, which must stay a number.
        [masks::finite(noise / rate), rate.ln() - noise]
    }
}

impl<const D: usize> UnivariateFamily<D> for Exponential<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<2, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::NonNegative
    }
}

impl<const D: usize> Moments<D> for Exponential<D> {
    fn mean(&self) -> Tensor<D> {
        self.rate().recip()
    }

    fn variance(&self) -> Tensor<D> {
        // The square of the reciprocal: rate² would overflow or underflow first.
        self.mean().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.mean()
    }

    fn mode(&self) -> Tensor<D> {
        self.rate.zeros_like()
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        Some(moment_generating::exponential(self.mean() * t))
    }
}

impl<const D: usize> Entropy<D> for Exponential<D> {
    fn entropy(&self) -> Tensor<D> {
        -self.rate().log() + 1.0
    }
}

impl<const D: usize> Parametric<D> for Exponential<D> {
    type WithRank<const E: usize> = Exponential<E>;
    const NAME: &'static str = "Exponential";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("rate", self.rate(), Support::Positive)]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Exponential<E> {
        Exponential { rate: transform(self.rate) }
    }
}
