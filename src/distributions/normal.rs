//! The Normal (Gaussian) distribution.

use burn::tensor::{Device, Tensor};

use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::{Distribution, Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SymmetricFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The Normal distribution with mean `loc` and standard deviation `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{1}{\sigma\sqrt{2\pi}} \exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-(x - loc)² / (2 scale²)) / (scale √(2π))`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &device);
/// let normal = Normal::new(loc, 0.5);
/// let x = normal.rsample([4, 3], &mut rand::rng());
/// assert_eq!(normal.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The density is evaluated at z = (x − loc)/scale, so a variance that underflows does no harm.
/// Both tails of the distribution function keep relative accuracy.
#[derive(Clone, Debug)]
pub struct Normal<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> Normal<D> {
    /// Creates a Normal distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mean, any finite number
    /// - `scale`: the standard deviation, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a Normal distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, or of `scale` not positive.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    pub fn try_new(
        loc: impl Into<Argument<D>>,
        scale: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(loc, scale).validated()
    }

    /// The Normal distribution of mean 0 and standard deviation 1, of shape `[1, ..]`.
    #[must_use]
    pub fn standard(device: &Device) -> Self {
        Self { loc: Tensor::zeros([1; D], device), scale: Tensor::ones([1; D], device) }
    }

    /// The mean.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The standard deviation.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// The formulas.
struct Formulas;

impl SymmetricFormulas for Formulas {
    const NAME: &'static str = "Normal";

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = (x - loc) / scale;
        z.square() * -0.5 - scale.ln() - HALF_LN_TWO_PI
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        masks::certain_beyond((x - loc) / scale).ndtr()
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        masks::certain_above((x - loc) / scale).log_ndtr()
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        loc + scale * p.ndtri()
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        // The density from the noise itself: (x - loc)/scale would lose digits to rounding.
        [loc + scale * noise, noise.square() * -0.5 - scale.ln() - HALF_LN_TWO_PI]
    }
}

impl<const D: usize> UnivariateFamily<D> for Normal<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::normal;
}

impl<const D: usize> Moments<D> for Normal<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn variance(&self) -> Tensor<D> {
        self.scale().square().expand(self.shape())
    }

    fn std_dev(&self) -> Tensor<D> {
        self.scale().expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.mean()
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        Some(self.variance() * (0.5 * t * t))
    }
}

impl<const D: usize> Entropy<D> for Normal<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.scale().log() + (HALF_LN_TWO_PI + 0.5)).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for Normal<D> {
    type WithRank<const E: usize> = Normal<E>;
    const NAME: &'static str = "Normal";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Normal<E> {
        Normal { loc: transform(self.loc), scale: transform(self.scale) }
    }
}
