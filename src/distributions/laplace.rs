//! The Laplace (double exponential) distribution.

use burn::tensor::Tensor;
use core::f64::consts::{LN_2, SQRT_2};

use super::moment_generating;
use crate::distribution::{Distribution, Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SymmetricFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The Laplace distribution with mean `loc` and mean absolute deviation `scale`.
///
#[cfg_attr(doc, doc = r"$$p(x) = \frac{1}{2b} \exp\left(-\frac{|x-\mu|}{b}\right)$$")]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-|x - loc| / scale) / (2 scale)`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let laplace = Laplace::new(loc, 0.5);
/// let x = laplace.rsample([4, 3], &mut rand::rng());
/// assert_eq!(laplace.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// At its kink, `loc`, the log-density has gradient 0 with respect to value and `loc`. Draws reach 22
/// scales to either side in `f32`.
#[derive(Clone, Debug)]
pub struct Laplace<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> Laplace<D> {
    /// Creates a Laplace distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mean and median, any finite number
    /// - `scale`: the mean absolute deviation, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a Laplace distribution and checks its parameters, reading them back once.
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

    /// The mean absolute deviation.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// The formulas.
struct Formulas;

impl SymmetricFormulas for Formulas {
    const NAME: &'static str = "Laplace";

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        -((x - loc) / scale).abs() - scale.ln() - LN_2
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = masks::certain_beyond((x - loc) / scale);
        let tail = tail_exponent(z).exp() * 0.5;
        R::select(z.lt(R::constant(0.0)), tail, -tail + 1.0)
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = masks::certain_above((x - loc) / scale);
        let tail = tail_exponent(z).exp() * 0.5;
        // ln(1 - tail) would be 0 above z = 16 in f32.
        R::select(z.lt(R::constant(0.0)), z - LN_2, (-tail).ln_1p())
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        let p = masks::probability(p);
        let lower = p.lt(R::constant(0.5));
        // 1 - p is exact for p in [½, 1].
        let z = (R::select(lower, p, -p + 1.0) * 2.0).ln();
        loc + scale * R::select(lower, z, -z)
    }
}

/// −|z|, with derivative 1 rather than |·|'s 0 at z = 0: distribution functions are smooth there.
#[inline(always)]
fn tail_exponent<R: Real>(z: R) -> R {
    R::select(z.lt(R::constant(0.0)), z, -z)
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        // Above the median the logarithm of the tail is the noise itself, below it comes from
        // ln(1 - e^-noise), so that both tails are as long as the noise is fine.
        let lower = noise.lt(R::constant(LN_2));
        let z = R::select(lower, noise.log1mexp() + LN_2, noise - LN_2);
        [masks::finite(loc + scale * z), -z.abs() - scale.ln() - LN_2]
    }
}

impl<const D: usize> UnivariateFamily<D> for Laplace<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;
}

impl<const D: usize> Moments<D> for Laplace<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn variance(&self) -> Tensor<D> {
        (self.scale().square() * 2.0).expand(self.shape())
    }

    fn std_dev(&self) -> Tensor<D> {
        // Not √variance, which is 0 for a scale below 1e-23 in f32.
        (self.scale() * SQRT_2).expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.mean()
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        Some(moment_generating::laplace(self.scale() * t).expand(self.shape()))
    }
}

impl<const D: usize> Entropy<D> for Laplace<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.scale().log() + (1.0 + LN_2)).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for Laplace<D> {
    type WithRank<const E: usize> = Laplace<E>;
    const NAME: &'static str = "Laplace";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Laplace<E> {
        Laplace { loc: transform(self.loc), scale: transform(self.scale) }
    }
}
