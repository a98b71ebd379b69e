//! The Gumbel distribution of maxima.

use burn::tensor::Tensor;
use core::f64::consts::EULER_GAMMA;

use super::moment_generating;
use crate::distribution::{Distribution, Entropy, Moments};
use crate::distributions::powers::{CERTAIN, complement, hazard, ln_complement};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// π/√6.
const STD_DEV: f64 = 1.282_549_830_161_864_1;

/// The Gumbel distribution with mode `loc`: the law of the largest of many draws.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{1}{\beta} e^{-z - e^{-z}}, \qquad z = \frac{x - \mu}{\beta}$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-z - exp(-z)) / scale, z = (x - loc) / scale`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let gumbel = Gumbel::new(loc, 0.5);
/// let x = gumbel.rsample([4, 3], &mut rand::rng());
/// assert_eq!(gumbel.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The lower tail ends abruptly: 5 scales below the mode the density is e^-143.
#[derive(Clone, Debug)]
pub struct Gumbel<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> Gumbel<D> {
    /// Creates a Gumbel distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mode, any finite number
    /// - `scale`: the width, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a Gumbel distribution and checks its parameters, reading them back once.
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

    /// The mode.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The width.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// The formulas.
struct Formulas;

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "Gumbel";
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];
    const POSITIVE: &'static [usize] = &[2];

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = (x - loc) / scale;
        // At z = −∞ the sum e^-z + z is ∞ − ∞, and its slope too where z is merely large: so z is
        // held, and the slope 1 − e^-z is given as one number.
        let bounded = R::select(z.lt(R::constant(-1e4)), R::constant(-1e4), z);
        let sum = ((-bounded).exp() + bounded).with_slope(-(-z).exp_m1(), z);
        -sum - scale.ln()
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        (-hazard((loc - x) / scale, CERTAIN)).exp()
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        -hazard((loc - x) / scale, f64::INFINITY)
    }

    #[inline(always)]
    fn survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        complement(hazard((loc - x) / scale, CERTAIN))
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let w = (loc - x) / scale;
        ln_complement(w, hazard(w, CERTAIN))
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        let p = masks::open_probability(p);
        // Near 1 the logarithm vanishes with p − 1, which is exact.
        let log = R::select(p.gt(R::constant(0.5)), (p - 1.0).ln_1p(), p.ln());
        loc - scale * (-log).ln()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        loc - scale * (-(-masks::open_probability(p)).ln_1p()).ln()
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        [masks::finite(loc + scale * noise), -((-noise).exp() + noise) - scale.ln()]
    }
}

impl<const D: usize> UnivariateFamily<D> for Gumbel<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::gumbel;
}

impl<const D: usize> Moments<D> for Gumbel<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc() + self.scale() * EULER_GAMMA
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        (self.scale() * STD_DEV).expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        Some(moment_generating::gumbel(self.scale() * t).expand(self.shape()))
    }
}

impl<const D: usize> Entropy<D> for Gumbel<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.scale().log() + (EULER_GAMMA + 1.0)).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for Gumbel<D> {
    type WithRank<const E: usize> = Gumbel<E>;
    const NAME: &'static str = "Gumbel";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Gumbel<E> {
        Gumbel { loc: transform(self.loc), scale: transform(self.scale) }
    }
}
