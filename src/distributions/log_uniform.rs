//! The log-uniform distribution.

mod lengths;
mod moments;

use burn::tensor::Tensor;

use crate::family::{Noise, Summarized, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SummaryOps, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;
use lengths::{between, distances, height, length, ln_part, part};

/// The law of eˣ for X uniform between the logarithms of `low` and `high`: the reciprocal distribution.
///
#[cfg_attr(doc, doc = r"$$p(x) = \frac{1}{x \ln (b / a)}, \qquad a \le x \le b$$")]
#[cfg_attr(not(doc), doc = "`p(x) = 1 / (x ln(high / low)), low <= x <= high`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let low = Tensor::<1>::from_floats([1e-6, 1e-4, 1e-2], &Device::flex());
/// let learning_rate = LogUniform::new(low, 0.1);
/// let x = learning_rate.rsample([3], &mut rand::rng());
/// assert!(x.lower_equal_elem(0.1).all().into_scalar::<bool>());
/// ```
///
/// # Notes
///
/// The density is positive at both ends, either of which may be drawn. All factors of the same size are
/// equally likely: the median is √(`low` `high`), and the mode `low`.
#[derive(Clone, Debug)]
pub struct LogUniform<const D: usize> {
    low: Tensor<D>,
    high: Tensor<D>,
}

impl<const D: usize> LogUniform<D> {
    /// Creates a log-uniform distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `low`: the lower end, positive
    /// - `high`: the upper end, greater than `low`
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(low: impl Into<Argument<D>>, high: impl Into<Argument<D>>) -> Self {
        let [low, high] = resolve(Self::NAME, ["low", "high"], [low.into(), high.into()]);
        Self { low, high }
    }

    /// Creates a log-uniform distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, of `low` not positive, or of `high` not greater than `low`.
    pub fn try_new(
        low: impl Into<Argument<D>>,
        high: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(low, high).validated()
    }

    /// The lower end.
    pub fn low(&self) -> Tensor<D> {
        self.low.clone()
    }

    /// The upper end.
    pub fn high(&self) -> Tensor<D> {
        self.high.clone()
    }
}

/// The formulas.
struct Formulas;

/// Values `below` and `above` the support, `inside` elsewhere.
#[inline(always)]
fn placed<R: Real>([x, low, high]: [R; 3], length: R, [below, above]: [f64; 2], inside: R) -> R {
    let inside = masks::outside(x.gt(high), [length], above, inside);
    masks::outside(x.lt(low), [length], below, inside)
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "LogUniform";
    const INPUTS: [&'static str; 3] = ["value", "low", "high"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>(inputs: [R; 3]) -> R {
        let [x, low, high] = inputs;
        let length = length([low, high]);
        placed(inputs, length, [f64::NEG_INFINITY; 2], height(x, length))
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        let [below, above, length] = distances(inputs);
        placed(inputs, length, [0.0, 1.0], part([below, above, length]))
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        let [below, above, length] = distances(inputs);
        placed(inputs, length, [f64::NEG_INFINITY, 0.0], ln_part([below, above, length]))
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        let [below, above, length] = distances(inputs);
        placed(inputs, length, [1.0, 0.0], part([above, below, length]))
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        let [below, above, length] = distances(inputs);
        placed(inputs, length, [0.0, f64::NEG_INFINITY], ln_part([above, below, length]))
    }

    #[inline(always)]
    fn quantile<R: Real>([p, low, high]: [R; 3]) -> R {
        let p = masks::probability(p);
        between([p, -p + 1.0], [low, high])
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, low, high]: [R; 3]) -> R {
        let p = masks::probability(p);
        between([-p + 1.0, p], [low, high])
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, low, high]: [R; 3]) -> [R; 2] {
        let x = Self::quantile([noise, low, high]);
        [x, height(x, length([low, high]))]
    }
}

impl<const D: usize> UnivariateFamily<D> for LogUniform<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::uniform;

    fn range(&self) -> Support {
        Support::Interval { low: self.low().into(), high: self.high().into() }
    }
}

impl<const D: usize> Summarized<D> for LogUniform<D> {
    const SUMMARIES: SummaryOps = SummaryOps::new::<2, Formulas>();
}

impl<const D: usize> Parametric<D> for LogUniform<D> {
    type WithRank<const E: usize> = LogUniform<E>;
    const NAME: &'static str = "LogUniform";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("low", self.low(), Support::Positive),
            Parameter::new("high", self.high(), Support::GreaterThan(self.low().into())),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> LogUniform<E> {
        LogUniform { low: transform(self.low), high: transform(self.high) }
    }
}
