//! The exponential distribution.

use burn::tensor::{Float, Tensor};
use core::fmt;
use rand::Rng;

use super::moment_generating;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, resolve,
};
use crate::random::{self, Key};
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
    #[must_use]
    pub fn rate(&self) -> Tensor<D> {
        self.rate.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 2] {
        [value, self.rate()]
    }

    fn noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::exponential(shape, Key::from_rng(rng), &self.rate.device(), self.rate.dtype())
    }
}

/// The formulas.
struct Law;

static OPS: UnivariateOps<2> = UnivariateOps::new::<Law>();

impl UnivariateLaw<2> for Law {
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

/// A draw from standard exponential noise, with its log-density.
struct Draw;

static DRAW: DrawOps<2> = DrawOps::new::<Draw>();

impl MultiFormula<2, 2> for Draw {
    const NAME: &'static str = "Exponential";
    const INPUTS: [&'static str; 2] = ["noise", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, rate]: [R; 2]) -> [R; 2] {
        // A small rate may overflow the draw, which must stay a number.
        [masks::finite(noise / rate), rate.ln() - noise]
    }
}

impl<const D: usize> Distribution<D> for Exponential<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        self.rate.dims()
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

impl<const D: usize> Reparameterized<D> for Exponential<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        DRAW.value.apply(self.inputs(self.noise(shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        DRAW.with_density.apply_all(self.inputs(self.noise(shape, rng))).into()
    }
}

impl<const D: usize> Univariate<D> for Exponential<D> {
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

impl<const D: usize> fmt::Display for Exponential<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
