//! The Weibull distribution.

pub(super) mod moments;

use burn::tensor::Tensor;

use super::powers::{CERTAIN, complement, hazard, ln_complement, ln_quotient, scaled};
use crate::family::{Noise, Summarized, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SummaryOps, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The Weibull distribution of lifetimes whose hazard is a power of age.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{k}{\lambda} \left(\frac{x}{\lambda}\right)^{k-1} e^{-(x/\lambda)^k}, \qquad x \ge 0$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = k / scale (x / scale)^(k - 1) exp(-(x / scale)^k), x >= 0`, k the concentration"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let lifetime = Weibull::new(scale, 1.5);
/// let x = lifetime.rsample([4, 3], &mut rand::rng());
/// assert_eq!(lifetime.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// At 0 the density is its limit: +∞, 1/scale or 0 as the concentration is below, at or above 1.
/// Draws that would underflow are the smallest positive number.
#[derive(Clone, Debug)]
pub struct Weibull<const D: usize> {
    scale: Tensor<D>,
    concentration: Tensor<D>,
}

impl<const D: usize> Weibull<D> {
    /// Creates a Weibull distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the age that a fraction 1/e survives, positive
    /// - `concentration`: one more than the power of age that the hazard is, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(scale: impl Into<Argument<D>>, concentration: impl Into<Argument<D>>) -> Self {
        let names = ["scale", "concentration"];
        let [scale, concentration] =
            resolve(Self::NAME, names, [scale.into(), concentration.into()]);
        Self { scale, concentration }
    }

    /// Creates a Weibull distribution and checks its parameters, reading them back once.
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

    /// The age that a fraction 1/e survives.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    /// The concentration.
    pub fn concentration(&self) -> Tensor<D> {
        self.concentration.clone()
    }
}

/// The formulas, in w = ln (x/λ)ᵏ: the survival function is e^(−e^w).
struct Formulas;

/// w, and −∞ at 0 and below.
#[inline(always)]
fn log_hazard<R: Real>([x, scale, concentration]: [R; 3]) -> R {
    let below = x.le(R::constant(0.0));
    let w = concentration * ln_quotient(x, scale);
    masks::outside(below, [scale, concentration], f64::NEG_INFINITY, w)
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "Weibull";
    const INPUTS: [&'static str; 3] = ["value", "scale", "concentration"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>([x, scale, concentration]: [R; 3]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (none, infinite) = (R::constant(f64::NEG_INFINITY), R::constant(f64::INFINITY));
        let w = concentration * ln_quotient(x, scale);
        // Far below the scale e^w underflows, and its derivative meets one that overflows.
        let vanished = w.lt(R::constant(if R::double() { -708.0 } else { -87.0 }));
        let y = R::select(vanished, zero, w.exp());
        let inside = concentration.ln() + w - x.ln() - y;
        // At 0 the logarithms are infinite, and only an exponential has a slope.
        let at_zero = R::select(concentration.lt(one), infinite, none);
        let at_zero = R::select(concentration.equal(one), -scale.ln() - x / scale, at_zero);
        let known = !concentration.is_nan() & !scale.is_nan();
        let inside = R::select(x.equal(zero) & known, at_zero, inside);
        // At ∞ the two logarithms would make ∞ − ∞.
        let beyond = x.lt(zero) | x.equal(infinite);
        masks::outside(beyond, [scale, concentration], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        complement(hazard(log_hazard(inputs), CERTAIN))
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        let w = log_hazard(inputs);
        ln_complement(w, hazard(w, CERTAIN))
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        (-hazard(log_hazard(inputs), CERTAIN)).exp()
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        -hazard(log_hazard(inputs), f64::INFINITY)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        // ln(1 - p) would lose a small p.
        let log_survival = (-masks::open_probability(p)).ln_1p();
        scaled(scale, (-log_survival).ln() / concentration)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        scaled(scale, (-masks::open_probability(p).ln()).ln() / concentration)
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, scale, concentration]: [R; 3]) -> [R; 2] {
        let w = noise.ln();
        let exponent = w / concentration;
        // A small concentration takes draws beyond both ends of the range; densities stay right.
        let (x, smallest) = (scaled(scale, exponent), masks::smallest::<R>());
        let x = masks::finite(R::select(x.lt(smallest), smallest, x));
        [x, concentration.ln() + w - (scale.ln() + exponent) - noise]
    }
}

impl<const D: usize> UnivariateFamily<D> for Weibull<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::NonNegative
    }
}

impl<const D: usize> Summarized<D> for Weibull<D> {
    const SUMMARIES: SummaryOps = SummaryOps::new::<2, Formulas>();
}

impl<const D: usize> Parametric<D> for Weibull<D> {
    type WithRank<const E: usize> = Weibull<E>;
    const NAME: &'static str = "Weibull";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("scale", self.scale(), Support::Positive),
            Parameter::new("concentration", self.concentration(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Weibull<E> {
        Weibull { scale: transform(self.scale), concentration: transform(self.concentration) }
    }
}
