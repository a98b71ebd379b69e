//! The logistic distribution.

use burn::tensor::Tensor;

use super::moment_generating;
use crate::distribution::{Distribution, Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SymmetricFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// π/√3, the standard deviation in scales.
const PI_OVER_SQRT_3: f64 = 1.813_799_364_234_217_8;

/// The logistic distribution with mean `loc` and the given `scale`.
///
#[cfg_attr(doc, doc = r"$$p(x) = \frac{e^{-z}}{s\,(1 + e^{-z})^2}, \qquad z = \frac{x-\mu}{s}$$")]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-z) / (scale (1 + exp(-z))²), z = (x - loc) / scale`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let logistic = Logistic::new(loc, 0.5);
/// let x = logistic.rsample([4, 3], &mut rand::rng());
/// assert_eq!(logistic.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The standard deviation is π/√3 scales. Draws reach 22 scales to either side in `f32`.
#[derive(Clone, Debug)]
pub struct Logistic<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> Logistic<D> {
    /// Creates a logistic distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mean and median, any finite number
    /// - `scale`: the scale, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a logistic distribution and checks its parameters, reading them back once.
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

    /// The mean.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The scale.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// The formulas.
struct Formulas;

impl SymmetricFormulas for Formulas {
    const NAME: &'static str = "Logistic";

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = (x - loc) / scale;
        // Even in z: e^-z would overflow on the left.
        let value = -z.abs() - (-z.abs()).exp().ln_1p() * 2.0;
        // The derivative of these steps, 2σ(-z) - 1, cancels near 0.
        value.with_slope(-(z * 0.5).tanh(), z) - scale.ln()
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        masks::certain_beyond((x - loc) / scale).sigmoid()
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        masks::certain_above((x - loc) / scale).log_sigmoid()
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        let p = masks::open_probability(p);
        // 1 - p rounds to 1 for a small p, which costs the odds nothing.
        loc + scale * (p / (-p + 1.0)).ln()
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        // With S = e^-noise, z = ln((1 - S)/S) and the density of z is S (1 - S); ln(1 - S) keeps its
        // digits for the smallest noise, so both tails are long.
        let log_cdf = noise.log1mexp();
        [masks::finite(loc + scale * (log_cdf + noise)), log_cdf - noise - scale.ln()]
    }
}

impl<const D: usize> UnivariateFamily<D> for Logistic<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;
}

impl<const D: usize> Moments<D> for Logistic<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        (self.scale() * PI_OVER_SQRT_3).expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.mean()
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        Some(moment_generating::logistic(self.scale() * t).expand(self.shape()))
    }
}

impl<const D: usize> Entropy<D> for Logistic<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.scale().log() + 2.0).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for Logistic<D> {
    type WithRank<const E: usize> = Logistic<E>;
    const NAME: &'static str = "Logistic";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Logistic<E> {
        Logistic { loc: transform(self.loc), scale: transform(self.scale) }
    }
}
