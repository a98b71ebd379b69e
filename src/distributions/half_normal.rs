//! The half-normal distribution.

use burn::tensor::Tensor;
use core::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2};

use crate::constants::MEAN_ABSOLUTE_NORMAL;
use crate::distribution::{Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// √(1 − 2/π).
const STD_DEV: f64 = 0.602_810_274_989_087;

/// The law of |X| for X normal with mean 0 and standard deviation `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\sqrt{2}}{\sigma\sqrt{\pi}} \exp\left(-\frac{x^2}{2\sigma^2}\right), \qquad x \ge 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = √2 exp(-x² / (2 scale²)) / (scale √π), x >= 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<1>::from_floats([0.5, 1.0, 4.0], &Device::flex());
/// let deviation = HalfNormal::new(scale);
/// assert_eq!(deviation.sample([3], &mut rand::rng()).dims(), [3]);
/// ```
///
/// # Notes
///
/// At 0 the density is its limit. The quantile keeps relative accuracy for small probabilities as
/// well as near 1.
#[derive(Clone, Debug)]
pub struct HalfNormal<const D: usize> {
    scale: Tensor<D>,
}

impl<const D: usize> HalfNormal<D> {
    /// Creates a half-normal distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the standard deviation before folding, positive
    ///
    /// # Panics
    ///
    /// If `scale` is a plain number, which has no device.
    pub fn new(scale: impl Into<Argument<D>>) -> Self {
        let [scale] = resolve(Self::NAME, ["scale"], [scale.into()]);
        Self { scale }
    }

    /// Creates a half-normal distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first scale that is not positive and finite.
    pub fn try_new(scale: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(scale).validated()
    }

    /// The standard deviation before folding.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// ½ ln(2/π).
const HALF_LN_TWO_OVER_PI: f64 = -0.225_791_352_644_727_43;

/// The formulas.
struct Formulas;

impl UnivariateFormulas<2> for Formulas {
    const NAME: &'static str = "HalfNormal";
    const INPUTS: [&'static str; 2] = ["value", "scale"];
    const POSITIVE: &'static [usize] = &[1];

    #[inline(always)]
    fn log_density<R: Real>([x, scale]: [R; 2]) -> R {
        let z = x / scale;
        let inside = z.square() * -0.5 - scale.ln() + HALF_LN_TWO_OVER_PI;
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, scale]: [R; 2]) -> R {
        let z = masks::certain_above(x / scale);
        masks::below_zero(x, [scale], 0.0, (z * FRAC_1_SQRT_2).erf())
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, scale]: [R; 2]) -> R {
        let z = masks::certain_above(x / scale);
        let y = z * FRAC_1_SQRT_2;
        // erf rounds to 1 above z = 5.5 in f32, where only erfc still tells.
        let far = ((-z).ndtr() * -2.0).ln_1p();
        let inside = R::select(y.lt(R::constant(FRAC_1_SQRT_2)), y.erf().ln(), far);
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn survival<R: Real>([x, scale]: [R; 2]) -> R {
        let z = masks::certain_above(x / scale);
        masks::below_zero(x, [scale], 1.0, (-z).ndtr() * 2.0)
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, scale]: [R; 2]) -> R {
        let z = x / scale;
        // Near 0 the sum cancels; in the tail erf is 1 and erfc underflows.
        let near = (-(z * FRAC_1_SQRT_2).erf()).ln_1p();
        let far = (-z).log_ndtr() + LN_2;
        let inside = R::select(z.lt(R::constant(1.0)), near, far);
        masks::below_zero(x, [scale], 0.0, inside)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale]: [R; 2]) -> R {
        scale * (masks::probability(p).erfinv() * SQRT_2)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale]: [R; 2]) -> R {
        // Half of the lower tail of a Normal.
        -scale * (masks::probability(p) * 0.5).ndtri()
    }
}

impl DrawFormula<2> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, scale]: [R; 2]) -> [R; 2] {
        let density = noise.square() * -0.5 - scale.ln() + HALF_LN_TWO_OVER_PI;
        [masks::finite(scale * noise.abs()), density]
    }
}

impl<const D: usize> UnivariateFamily<D> for HalfNormal<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<2, Formulas>();
    const NOISE: Noise<D> = random::normal;

    fn range(&self) -> Support {
        Support::NonNegative
    }
}

impl<const D: usize> Moments<D> for HalfNormal<D> {
    fn mean(&self) -> Tensor<D> {
        self.scale() * MEAN_ABSOLUTE_NORMAL
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.scale() * STD_DEV
    }

    fn mode(&self) -> Tensor<D> {
        self.scale.zeros_like()
    }
}

impl<const D: usize> Entropy<D> for HalfNormal<D> {
    fn entropy(&self) -> Tensor<D> {
        // ½ ln(π/2) + ½ + ln scale.
        self.scale().log() + (0.5 - HALF_LN_TWO_OVER_PI)
    }
}

impl<const D: usize> Parametric<D> for HalfNormal<D> {
    type WithRank<const E: usize> = HalfNormal<E>;
    const NAME: &'static str = "HalfNormal";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("scale", self.scale(), Support::Positive)]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> HalfNormal<E> {
        HalfNormal { scale: transform(self.scale) }
    }
}
