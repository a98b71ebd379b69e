//! The Pareto distribution.

mod moments;

use burn::tensor::Tensor;

use super::powers::{complement, grown, ln_quotient};
use crate::family::{Noise, Summarized, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SummaryOps, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The Pareto distribution: `scale` times the exponential of an exponential variate of rate `alpha`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\alpha}{x} \left(\frac{m}{x}\right)^\alpha, \qquad x \ge m$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = alpha / x (scale / x)^alpha, x >= scale`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let wealth = Pareto::new(scale, 1.16);
/// let x = wealth.rsample([4, 3], &mut rand::rng());
/// assert_eq!(wealth.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The mean is infinite for `alpha` up to 1, the variance up to 2. Draws that would overflow, most
/// of them where `alpha` is below 0.1 or so, are the largest number.
#[derive(Clone, Debug)]
pub struct Pareto<const D: usize> {
    scale: Tensor<D>,
    alpha: Tensor<D>,
}

impl<const D: usize> Pareto<D> {
    /// Creates a Pareto distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the smallest value, positive
    /// - `alpha`: the power of the tail, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(scale: impl Into<Argument<D>>, alpha: impl Into<Argument<D>>) -> Self {
        let [scale, alpha] = resolve(Self::NAME, ["scale", "alpha"], [scale.into(), alpha.into()]);
        Self { scale, alpha }
    }

    /// Creates a Pareto distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    pub fn try_new(
        scale: impl Into<Argument<D>>,
        alpha: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(scale, alpha).validated()
    }

    /// The smallest value.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    /// The power of the tail.
    pub fn alpha(&self) -> Tensor<D> {
        self.alpha.clone()
    }
}

/// The formulas.
struct Formulas;

/// α ln(x/m), which is minus the logarithm of the survival function.
#[inline(always)]
fn log_excess<R: Real>([x, scale, alpha]: [R; 3]) -> R {
    // Near x = m from the difference, on which the whole cdf rests there.
    let difference = x - scale;
    let close = difference.lt(scale * 0.5);
    alpha * R::select(close, (difference / scale).ln_1p(), ln_quotient(x, scale))
}

/// `value` below the support, `inside` elsewhere.
#[inline(always)]
fn placed<R: Real>([x, scale, alpha]: [R; 3], value: f64, inside: R) -> R {
    masks::outside(x.lt(scale), [alpha], value, inside)
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "Pareto";
    const INPUTS: [&'static str; 3] = ["value", "scale", "alpha"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>(inputs: [R; 3]) -> R {
        let [x, _, alpha] = inputs;
        let inside = ln_quotient(alpha, x) - log_excess(inputs);
        placed(inputs, f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, 0.0, complement(log_excess(inputs)))
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, f64::NEG_INFINITY, log_excess(inputs).log1mexp())
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, 1.0, (-log_excess(inputs)).exp())
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, 0.0, -log_excess(inputs))
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale, alpha]: [R; 3]) -> R {
        // ln(1 - p) would lose a small p.
        grown(scale, -(-masks::probability(p)).ln_1p() / alpha)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale, alpha]: [R; 3]) -> R {
        grown(scale, -masks::probability(p).ln() / alpha)
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, scale, alpha]: [R; 3]) -> [R; 2] {
        let log = noise / alpha;
        // A small alpha overflows; an exponential of next to nothing may be rounded below 1.
        let x = masks::finite(grown(scale, log));
        let x = R::select(x.lt(scale), scale, x);
        [x, ln_quotient(alpha, scale) - log - noise]
    }
}

impl<const D: usize> UnivariateFamily<D> for Pareto<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::AtLeast(self.scale().into())
    }
}

impl<const D: usize> Summarized<D> for Pareto<D> {
    const SUMMARIES: SummaryOps = SummaryOps::new::<2, Formulas>();
}

impl<const D: usize> Parametric<D> for Pareto<D> {
    type WithRank<const E: usize> = Pareto<E>;
    const NAME: &'static str = "Pareto";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("scale", self.scale(), Support::Positive),
            Parameter::new("alpha", self.alpha(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Pareto<E> {
        Pareto { scale: transform(self.scale), alpha: transform(self.alpha) }
    }
}
