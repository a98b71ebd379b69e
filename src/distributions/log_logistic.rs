//! The log-logistic distribution.

mod moments;

use burn::tensor::Tensor;

use super::powers::{ln_quotient, scaled};
use crate::family::{Noise, Summarized, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SummaryOps, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::{random, support::Support};

/// The log-logistic (Fisk) distribution: the law of eˣ for X logistic.
///
#[cfg_attr(doc, doc = r"$$p(x) = \frac{\beta r}{x(1+r)^2},\ r = (x/\alpha)^\beta,\ x \ge 0$$")]
#[cfg_attr(not(doc), doc = "`p(x) = β r / (x (1 + r)²), r = (x / α)^β, x >= 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let survival = LogLogistic::new(scale, 1.5);
/// let x = survival.rsample([4, 3], &mut rand::rng());
/// assert_eq!(survival.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// At 0 the density is its limit: +∞, 1/scale or 0 as the concentration is below, at or above 1. The
/// mean is infinite for one up to 1, the variance up to 2. Draws that leave the range stop at its ends.
#[derive(Clone, Debug)]
pub struct LogLogistic<const D: usize> {
    scale: Tensor<D>,
    concentration: Tensor<D>,
}

impl<const D: usize> LogLogistic<D> {
    /// Creates a log-logistic distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the median α, positive
    /// - `concentration`: the power β of the tails, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(scale: impl Into<Argument<D>>, concentration: impl Into<Argument<D>>) -> Self {
        let values = [scale.into(), concentration.into()];
        let [scale, concentration] = resolve(Self::NAME, ["scale", "concentration"], values);
        Self { scale, concentration }
    }

    /// Creates a log-logistic distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    pub fn try_new(
        scale: impl Into<Argument<D>>,
        concentration: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(scale, concentration).validated()
    }

    /// The median.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    /// The power of the tails.
    pub fn concentration(&self) -> Tensor<D> {
        self.concentration.clone()
    }
}

/// The formulas, in the log-odds z = β ln(x/α): the distribution function is 1/(1 + e^(−z)).
struct Formulas;

/// z, and −∞ at 0 and below.
#[inline(always)]
fn log_odds<R: Real>([x, scale, concentration]: [R; 3]) -> R {
    let z = concentration * ln_quotient(x, scale);
    masks::outside(x.le(R::constant(0.0)), [scale, concentration], f64::NEG_INFINITY, z)
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "LogLogistic";
    const INPUTS: [&'static str; 3] = ["value", "scale", "concentration"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>([x, scale, concentration]: [R; 3]) -> R {
        let z = concentration * ln_quotient(x, scale);
        // Even in z: e^−z overflows on one side. The slope of the steps cancels near 0. Far out they
        // keep what is left of β/x − 1/x where β is 1 and e^a has all its digits; where it underflows
        // it has no slope, which could meet one that overflows.
        let (a, log) = (-z.abs(), ln_quotient(concentration, x));
        let flat = concentration.equal(R::constant(1.0));
        let power = R::select(flat & z.lt(R::constant(0.0)), x / scale, a.exp());
        let sloping = a.max(masks::smallest::<R>().ln());
        let rest = (power.ln_1p() * -2.0).with_slope(power * -2.0 / (power + 1.0), sloping);
        let near = (a + rest).with_slope(-(z * 0.5).tanh(), z) + log;
        let inside = R::select(a.gt(R::constant(-1.0)), near, a + log + rest);
        // At 0 the logarithms are infinite; NaN of a parameter stays.
        let infinite = ((-concentration + 1.0) * f64::INFINITY - scale).detach();
        let at_zero = R::select(flat, -scale.ln() - x / scale * 2.0, infinite);
        let inside = R::select(x.equal(R::constant(0.0)), at_zero, inside);
        let beyond = x.lt(R::constant(0.0)) | x.equal(R::constant(f64::INFINITY));
        masks::outside(beyond, [scale, concentration], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        masks::certain_beyond(log_odds(inputs)).sigmoid()
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        masks::certain_above(log_odds(inputs)).log_sigmoid()
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        masks::certain_beyond(-log_odds(inputs)).sigmoid()
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        masks::certain_above(-log_odds(inputs)).log_sigmoid()
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        let p = masks::open_probability(p);
        // 1 − p rounds to 1 for a small p, which costs the odds nothing.
        scaled(scale, (p / (-p + 1.0)).ln() / concentration)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        Self::quantile([p, scale, -concentration])
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, scale, concentration]: [R; 3]) -> [R; 2] {
        // z = ln((1 − S)/S) for S = e^−noise keeps a small noise; a small β takes x beyond both ends.
        let log_cdf = noise.log1mexp();
        let exponent = (log_cdf + noise) / concentration;
        let x = masks::finite(masks::smallest::<R>().max(scaled(scale, exponent)));
        [x, ln_quotient(concentration, scale) - exponent + (log_cdf - noise)]
    }
}

impl<const D: usize> UnivariateFamily<D> for LogLogistic<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::NonNegative
    }
}

impl<const D: usize> Summarized<D> for LogLogistic<D> {
    const SUMMARIES: SummaryOps = SummaryOps::new::<2, Formulas>();
}

impl<const D: usize> Parametric<D> for LogLogistic<D> {
    type WithRank<const E: usize> = LogLogistic<E>;
    const NAME: &'static str = "LogLogistic";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("scale", self.scale(), Support::Positive),
            Parameter::new("concentration", self.concentration(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut f: impl FnMut(Tensor<D>) -> Tensor<E>) -> LogLogistic<E> {
        LogLogistic { scale: f(self.scale), concentration: f(self.concentration) }
    }
}
