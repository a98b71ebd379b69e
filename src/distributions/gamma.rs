//! The Gamma distribution.

pub(super) mod density;
pub(super) mod draw;
pub(super) mod quantile;
pub(super) mod tails;

use burn::tensor::{Float, Tensor};
use rand::Rng;

use super::moment_generating;
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::kernel::{Formula, Op, Real};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

/// The Gamma distribution with shape `concentration` and inverse scale `rate`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\beta^\alpha}{\Gamma(\alpha)}\, x^{\alpha-1} e^{-\beta x}, \quad x > 0$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = rate^concentration x^(concentration - 1) exp(-rate x) / Γ(concentration)`"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let concentration = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &device);
/// let gamma = Gamma::new(concentration, 2.0);
/// let x = gamma.rsample([4, 3], &mut rand::rng());
/// assert_eq!(gamma.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The density keeps its digits for concentrations up to 10⁸ and more, where the textbook formula
/// loses them all. Draws are made in log space by the method of Marsaglia and Tsang (2000); their
/// gradient in the concentration is the implicit one of Figurnov, Mohamed and Mnih (2018). A
/// concentration below about 0.1 has draws that underflow: see [`log_rsample`](Self::log_rsample).
#[derive(Clone, Debug)]
pub struct Gamma<const D: usize> {
    concentration: Tensor<D>,
    rate: Tensor<D>,
}

impl<const D: usize> Gamma<D> {
    /// Creates a Gamma distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `concentration`: the shape parameter, positive
    /// - `rate`: the inverse of the scale, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(concentration: impl Into<Argument<D>>, rate: impl Into<Argument<D>>) -> Self {
        let arguments = [concentration.into(), rate.into()];
        let [concentration, rate] = resolve(Self::NAME, ["concentration", "rate"], arguments);
        Self { concentration, rate }
    }

    /// Creates a Gamma distribution and checks its parameters, reading them back once.
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

    /// The inverse of the scale.
    pub fn rate(&self) -> Tensor<D> {
        self.rate.clone()
    }

    /// Draws the logarithms of values with the pathwise gradient: finite also where the value
    /// itself underflows, as most values of a concentration below 0.01 do.
    ///
    /// Shapes and panics are those of [`sample`](Distribution::sample), and the same `rng` gives
    /// the logarithms of the same values.
    #[must_use]
    pub fn log_rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        draw::LOG_DRAW.apply(self.inputs(self.log_noise(shape, rng)))
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.concentration(), self.rate()]
    }

    /// ln z of draws z with rate 1.
    fn log_noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        random::log_gamma(self.concentration(), shape, Key::from_rng(rng))
    }
}

/// The entropy.
struct GammaEntropy;

static ENTROPY: Op<2> = Op::new::<GammaEntropy>();

impl Formula<2> for GammaEntropy {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 2] = ["concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([a, rate]: [R; 2]) -> R {
        // a + ln Γ(a) + (1 − a) ψ(a) cancels for large a; with Stirling's formula taken out of
        // both functions, ½ ln a is what is left.
        let digamma_part = a.digamma_stirling() * ((a - 1.0) / a);
        a.ln() * 0.5 + HALF_LN_TWO_PI + a.ln_gamma_stirling() + digamma_part - rate.ln()
    }
}

impl<const D: usize> Distribution<D> for Gamma<D> {
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
        density::LOG_DENSITY.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for Gamma<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        draw::DRAW.apply(self.inputs(self.log_noise(shape, rng)))
    }
}

impl<const D: usize> Univariate<D> for Gamma<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        tails::op(tail).apply(self.inputs(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::quantile(self.inputs(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::upper_quantile(self.inputs(probability))
    }
}

impl<const D: usize> Moments<D> for Gamma<D> {
    fn mean(&self) -> Tensor<D> {
        self.concentration() / self.rate()
    }

    fn variance(&self) -> Tensor<D> {
        // Not over the square of the rate, which overflows and underflows sooner.
        self.mean() / self.rate()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.concentration().sqrt() / self.rate()
    }

    fn mode(&self) -> Tensor<D> {
        // A fill rather than a clamp, which would turn NaN into 0.
        let below_one = self.concentration.clone().lower_elem(1.0);
        (self.concentration() - 1.0).mask_fill(below_one, 0.0) / self.rate()
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        Some(self.concentration() * moment_generating::exponential(self.rate().recip() * t))
    }
}

impl<const D: usize> Entropy<D> for Gamma<D> {
    fn entropy(&self) -> Tensor<D> {
        ENTROPY.apply([self.concentration(), self.rate()])
    }
}

impl<const D: usize> Parametric<D> for Gamma<D> {
    type WithRank<const E: usize> = Gamma<E>;
    const NAME: &'static str = "Gamma";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("concentration", self.concentration(), Support::Positive),
            Parameter::new("rate", self.rate(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Gamma<E> {
        Gamma { concentration: transform(self.concentration), rate: transform(self.rate) }
    }
}
