//! The half-Cauchy distribution.

use burn::tensor::Tensor;
use core::f64::consts::{FRAC_2_PI, LN_2};

use crate::distribution::{Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The law of |X| for X Cauchy with median 0 and half-width at half-maximum `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{2}{\pi\gamma}\left(1 + \frac{x^2}{\gamma^2}\right)^{-1}, \qquad x \ge 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = 2 / (π scale (1 + (x / scale)²)), x >= 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<1>::from_floats([0.5, 1.0, 25.0], &Device::flex());
/// let deviation = HalfCauchy::new(scale);
/// assert_eq!(deviation.sample([3], &mut rand::rng()).dims(), [3]);
/// ```
///
/// # Notes
///
/// Mean and variance are infinite; the median is `scale`. Draws reach 10⁹ scales in `f32` and come
/// as close to 0, where the density is its limit.
#[derive(Clone, Debug)]
pub struct HalfCauchy<const D: usize> {
    scale: Tensor<D>,
}

impl<const D: usize> HalfCauchy<D> {
    /// Creates a half-Cauchy distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the median, positive
    ///
    /// # Panics
    ///
    /// If `scale` is a plain number, which has no device.
    pub fn new(scale: impl Into<Argument<D>>) -> Self {
        let [scale] = resolve(Self::NAME, ["scale"], [scale.into()]);
        Self { scale }
    }

    /// Creates a half-Cauchy distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first scale that is not positive and finite.
    pub fn try_new(scale: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(scale).validated()
    }

    /// The median.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// ln(2/π).
const LN_TWO_OVER_PI: f64 = -0.451_582_705_289_454_86;

/// The formulas.
struct Formulas;

/// 2/π atan of the smaller over the larger of both, and 1 less that: 1 - 2/π atan(z) cancels in the tail, where
/// it is 2/π atan(1/z), and the square in the slope of atan(z) overflows.
#[inline(always)]
fn angles<R: Real>([x, scale]: [R; 2]) -> [R; 2] {
    let far = x.gt(scale);
    let angle = (R::select(far, scale, x) / R::select(far, x, scale)).atan() * FRAC_2_PI;
    [angle, -angle + 1.0]
}

impl UnivariateFormulas<2> for Formulas {
    const NAME: &'static str = "HalfCauchy";
    const INPUTS: [&'static str; 2] = ["value", "scale"];
    const POSITIVE: &'static [usize] = &[1];

    #[inline(always)]
    fn log_density<R: Real>([x, scale]: [R; 2]) -> R {
        // scale / (x² + scale²) from the larger of both and their ratio: squares overflow.
        let far = x.gt(scale);
        let larger = R::select(far, x, scale);
        let ratio = R::select(far, scale, x) / larger;
        let inside = scale.ln() - larger.ln() * 2.0 - ratio.square().ln_1p() + LN_TWO_OVER_PI;
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, scale]: [R; 2]) -> R {
        let [angle, complement] = angles([x, scale]);
        masks::below_zero(x, [scale], 0.0, R::select(x.gt(scale), complement, angle))
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, scale]: [R; 2]) -> R {
        // From the smaller tail: the cdf rounds to 1 above 10⁷ scales in f32.
        let near = x.lt(scale);
        let inside =
            R::select(near, Self::cdf([x, scale]).ln(), (-Self::survival([x, scale])).ln_1p());
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn survival<R: Real>([x, scale]: [R; 2]) -> R {
        let [angle, complement] = angles([x, scale]);
        masks::below_zero(x, [scale], 1.0, R::select(x.gt(scale), angle, complement))
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, scale]: [R; 2]) -> R {
        let near = x.lt(scale);
        let inside =
            R::select(near, (-Self::cdf([x, scale])).ln_1p(), Self::survival([x, scale]).ln());
        masks::below_zero(x, [scale], 0.0, inside)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale]: [R; 2]) -> R {
        scale * tan_half_pi(masks::probability(p))
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale]: [R; 2]) -> R {
        // Not over the tangent, which is infinite where the cotangent is 0.
        let half = masks::probability(p) * 0.5;
        scale * (half.cos_pi() / half.sin_pi())
    }
}

/// tan(πt/2) for t in [0, 1], relative at both ends.
#[inline(always)]
fn tan_half_pi<R: Real>(t: R) -> R {
    // The cosine is taken of ½ - t/2, which is exact where it is small.
    (t * 0.5).sin_pi() / (t * 0.5).cos_pi()
}

impl DrawFormula<2> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, scale]: [R; 2]) -> [R; 2] {
        // Of e^-noise and 1 - e^-noise the smaller: both keep their digits, down to 1e-10 in f32.
        let lower = noise.lt(R::constant(LN_2));
        let tail = R::select(lower, -(-noise).exp_m1(), (-noise).exp());
        let tangent = tan_half_pi(tail);
        let z = R::select(lower, tangent, tangent.recip());
        // 1 + z² = 1/cos² of the angle below, 1/sin² of that above.
        let half = tail * 0.5;
        let root = R::select(lower, half.cos_pi(), half.sin_pi());
        [masks::finite(scale * z), root.ln() * 2.0 - scale.ln() + LN_TWO_OVER_PI]
    }
}

impl<const D: usize> UnivariateFamily<D> for HalfCauchy<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<2, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::NonNegative
    }
}

/// The mean is +∞, and so is the expected square about any point, which the variance is read as.
impl<const D: usize> Moments<D> for HalfCauchy<D> {
    fn mean(&self) -> Tensor<D> {
        self.scale.full_like(f64::INFINITY)
    }

    fn variance(&self) -> Tensor<D> {
        self.mean()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.mean()
    }

    fn mode(&self) -> Tensor<D> {
        self.scale.zeros_like()
    }
}

impl<const D: usize> Entropy<D> for HalfCauchy<D> {
    fn entropy(&self) -> Tensor<D> {
        // ln 2πγ.
        self.scale().log() + (2.0 * LN_2 - LN_TWO_OVER_PI)
    }
}

impl<const D: usize> Parametric<D> for HalfCauchy<D> {
    type WithRank<const E: usize> = HalfCauchy<E>;
    const NAME: &'static str = "HalfCauchy";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("scale", self.scale(), Support::Positive)]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> HalfCauchy<E> {
        HalfCauchy { scale: transform(self.scale) }
    }
}
