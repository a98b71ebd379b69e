//! The log-normal distribution.

use burn::tensor::Tensor;

use crate::constants::HALF_LN_TWO_PI;
use crate::family::{Noise, Summarized, UnivariateFamily};
use crate::kernel::{
    DrawFormula, FamilyOps, Real, SummaryFormulas, SummaryOps, UnivariateFormulas, masks,
};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The law of eˣ for X normal with mean `loc` and standard deviation `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{1}{x\sigma\sqrt{2\pi}} \exp\left(-\frac{(\ln x-\mu)^2}{2\sigma^2}\right), \qquad x > 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-(ln x - loc)² / (2 scale²)) / (x scale √(2π)), x > 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &Device::flex());
/// let law = LogNormal::new(loc, 0.5);
/// let x = law.rsample([4, 3], &mut rand::rng());
/// assert_eq!(law.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The density vanishes at 0. Draws that overflow or underflow are held at the largest and smallest
/// positive numbers; their log-density from `rsample_and_log_prob` is that of the draw itself.
#[derive(Clone, Debug)]
pub struct LogNormal<const D: usize> {
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> LogNormal<D> {
    /// Creates a log-normal distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mean of the logarithm, any finite number
    /// - `scale`: the standard deviation of the logarithm, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
        Self { loc, scale }
    }

    /// Creates a log-normal distribution and checks its parameters, reading them back once.
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

    /// The mean of the logarithm.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The standard deviation of the logarithm.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// The formulas.
struct Formulas;

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "LogNormal";
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];
    const POSITIVE: &'static [usize] = &[2];

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let log = x.ln();
        let z = (log - loc) / scale;
        let inside = z.square() * -0.5 - scale.ln() - HALF_LN_TWO_PI - log;
        // The limit at 0 is that from the right; ln 0 would give -inf + inf.
        masks::outside(not_positive(x), [loc, scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let inside = masks::certain_beyond((x.ln() - loc) / scale).ndtr();
        masks::outside(not_positive(x), [loc, scale], 0.0, inside)
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let inside = masks::certain_above((x.ln() - loc) / scale).log_ndtr();
        masks::outside(not_positive(x), [loc, scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let inside = masks::certain_beyond((loc - x.ln()) / scale).ndtr();
        masks::outside(not_positive(x), [loc, scale], 1.0, inside)
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let inside = masks::certain_above((loc - x.ln()) / scale).log_ndtr();
        masks::outside(not_positive(x), [loc, scale], 0.0, inside)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        masks::vanishing(loc + scale * masks::open_probability(p).ndtri()).exp()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        Self::quantile([p, loc, -scale])
    }
}

/// Whether x <= 0; false for NaN.
#[inline(always)]
fn not_positive<R: Real>(x: R) -> R::Mask {
    x.le(R::constant(0.0))
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        let log = loc + scale * noise;
        let density = noise.square() * -0.5 - scale.ln() - HALF_LN_TWO_PI - log;
        // Beyond -87 in f32 the draw is 0 or subnormal, beyond 88 infinite.
        let smallest = masks::smallest::<R>();
        let x = log.exp();
        [masks::finite(R::select(x.lt(smallest), smallest, x)), density]
    }
}

impl<const D: usize> UnivariateFamily<D> for LogNormal<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::normal;

    fn range(&self) -> Support {
        Support::Positive
    }
}

impl SummaryFormulas<2> for Formulas {
    const NAME: &'static str = "LogNormal";
    const PARAMETERS: [&'static str; 2] = ["loc", "scale"];

    #[inline(always)]
    fn mean<R: Real>([loc, scale]: [R; 2]) -> R {
        (loc + scale.square() * 0.5).exp()
    }

    #[inline(always)]
    fn std_dev<R: Real>([loc, scale]: [R; 2]) -> R {
        // √(e^(s²) - 1) e^(loc + s²/2), with e^(s²) taken out: it may overflow where the product
        // does not. For tiny s the root is s itself, whose square underflows.
        let square = scale.square();
        let root = (-(-square).exp_m1()).sqrt();
        R::select(scale.lt(R::constant(1e-9)), scale, root) * (loc + square).exp()
    }

    #[inline(always)]
    fn mode<R: Real>([loc, scale]: [R; 2]) -> R {
        (loc - scale.square()).exp()
    }

    #[inline(always)]
    fn entropy<R: Real>([loc, scale]: [R; 2]) -> R {
        loc + scale.ln() + (HALF_LN_TWO_PI + 0.5)
    }
}

impl<const D: usize> Summarized<D> for LogNormal<D> {
    const SUMMARIES: SummaryOps = SummaryOps::new::<2, Formulas>();
}

impl<const D: usize> Parametric<D> for LogNormal<D> {
    type WithRank<const E: usize> = LogNormal<E>;
    const NAME: &'static str = "LogNormal";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> LogNormal<E> {
        LogNormal { loc: transform(self.loc), scale: transform(self.scale) }
    }
}
