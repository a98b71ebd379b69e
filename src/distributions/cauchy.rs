//! The Cauchy distribution.

use burn::tensor::Tensor;
use core::f64::consts::{FRAC_1_PI, LN_2};

use crate::distribution::{Distribution, Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SymmetricFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The Cauchy distribution with median `loc` and half-width at half-maximum `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{1}{\pi\gamma}\left(1 + \frac{(x-\mu)^2}{\gamma^2}\right)^{-1}$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = 1 / (π scale (1 + ((x - loc) / scale)²))`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let cauchy = Cauchy::new(loc, 0.5);
/// let x = cauchy.rsample([4, 3], &mut rand::rng());
/// assert_eq!(cauchy.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// Mean and variance do not exist and are NaN. Draws reach 10⁹ scales to either side in `f32`, and
/// neither the density nor the tails overflow on the way.
#[derive(Clone, Debug)]
pub struct Cauchy<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> Cauchy<D> {
    /// Creates a Cauchy distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the median, any finite number
    /// - `scale`: the half-width at half-maximum, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a Cauchy distribution and checks its parameters, reading them back once.
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

    /// The median.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The half-width at half-maximum.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// ln π.
const LN_PI: f64 = 1.144_729_885_849_400_2;

/// The formulas.
struct Formulas;

impl SymmetricFormulas for Formulas {
    const NAME: &'static str = "Cauchy";

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        // scale / (distance² + scale²) from the larger of both and their ratio: squares overflow.
        let distance = (x - loc).abs();
        let far = distance.gt(scale);
        let larger = R::select(far, distance, scale);
        let ratio = R::select(far, scale, distance) / larger;
        // Where the scale is the larger, the logarithms make -ln scale exactly.
        scale.ln() - larger.ln() * 2.0 - ratio.square().ln_1p() - LN_PI
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        // atan(z) + π/2 cancels in the lower tail, where it is atan(-1/z).
        let distance = x - loc;
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let far = distance.abs().gt(scale);
        let numerator = R::select(far, -scale, distance);
        let angle = (numerator / R::select(far, distance, scale)).atan() * FRAC_1_PI;
        let side = R::select(distance.lt(zero), zero, one);
        R::select(far, side, R::constant(0.5)) + angle
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        // From the smaller tail. Not |x - loc|, whose derivative at 0 is 0.
        let lower = x.lt(loc);
        let distance = R::select(lower, x - loc, loc - x);
        let tail = Self::cdf([distance, R::constant(0.0), scale]);
        R::select(lower, tail.ln(), (-tail).ln_1p())
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        let p = masks::probability(p);
        // The cotangent from the nearer end, where 1 - p is exact: tan π(p - ½) loses both tails.
        let lower = p.lt(R::constant(0.5));
        let z = cot_pi(R::select(lower, p, -p + 1.0));
        loc + scale * R::select(lower, -z, z)
    }
}

/// cot πt for t in [0, ½].
#[inline(always)]
fn cot_pi<R: Real>(t: R) -> R {
    t.cos_pi() / t.sin_pi()
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        // Of e^-noise and 1 - e^-noise the smaller: both keep their digits, down to 1e-10 in f32.
        let lower = noise.lt(R::constant(LN_2));
        let tail = R::select(lower, -(-noise).exp_m1(), (-noise).exp());
        let z = cot_pi(tail);
        let z = R::select(lower, -z, z);
        // 1 + z² = 1/sin² πt.
        let density = tail.sin_pi().ln() * 2.0 - scale.ln() - LN_PI;
        [masks::finite(loc + scale * z), density]
    }
}

impl<const D: usize> UnivariateFamily<D> for Cauchy<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;
}

impl<const D: usize> Moments<D> for Cauchy<D> {
    fn mean(&self) -> Tensor<D> {
        let like = (&self.loc.device(), self.loc.dtype());
        Tensor::full(self.shape(), f64::NAN, like)
    }

    fn variance(&self) -> Tensor<D> {
        self.mean()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.mean()
    }

    fn mode(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }
}

impl<const D: usize> Entropy<D> for Cauchy<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.scale().log() + (LN_PI + 2.0 * LN_2)).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for Cauchy<D> {
    type WithRank<const E: usize> = Cauchy<E>;
    const NAME: &'static str = "Cauchy";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Cauchy<E> {
        Cauchy { loc: transform(self.loc), scale: transform(self.scale) }
    }
}
