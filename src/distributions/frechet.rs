//! The Fréchet distribution of maxima.

mod moments;

use burn::tensor::Tensor;

use super::powers::{CERTAIN, complement, hazard, ln_complement, ln_quotient, scaled};
use crate::family::{Noise, Summarized, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, SummaryOps, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::{random, support::Support};

/// The Fréchet (inverse Weibull) distribution: the law of the largest of many draws whose upper tail
/// is a power, and of 1/X for X with a [`Weibull`](super::Weibull) distribution of scale 1/`scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\alpha}{s} \left(\frac{x}{s}\right)^{-1-\alpha} e^{-(x/s)^{-\alpha}}, \qquad x > 0$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = α / scale (x / scale)^(-1 - α) exp(-(x / scale)^-α), x > 0`, α the concentration"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let flood = Frechet::new(scale, 3.5);
/// let x = flood.rsample([4, 3], &mut rand::rng());
/// assert_eq!(flood.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The mean is infinite for a concentration up to 1, the variance up to 2. Draws that leave the range
/// stop at its ends.
#[derive(Clone, Debug)]
pub struct Frechet<const D: usize> {
    scale: Tensor<D>,
    concentration: Tensor<D>,
}

impl<const D: usize> Frechet<D> {
    /// Creates a Fréchet distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the value that a fraction 1/e does not exceed, positive
    /// - `concentration`: the power α of the upper tail, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(scale: impl Into<Argument<D>>, concentration: impl Into<Argument<D>>) -> Self {
        let values = [scale.into(), concentration.into()];
        let [scale, concentration] = resolve(Self::NAME, ["scale", "concentration"], values);
        Self { scale, concentration }
    }

    /// Creates a Fréchet distribution and checks its parameters, reading them back once.
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

    /// The value that a fraction 1/e does not exceed.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    /// The power of the upper tail.
    pub fn concentration(&self) -> Tensor<D> {
        self.concentration.clone()
    }
}

/// The formulas, in y = (x/s)^−α: the distribution function is e^−y.
struct Formulas;

/// w = ln y, and ∞ at 0 and below.
#[inline(always)]
fn log_power<R: Real>([x, scale, concentration]: [R; 3]) -> R {
    let w = concentration * ln_quotient(scale, x);
    masks::outside(x.le(R::constant(0.0)), [scale, concentration], f64::INFINITY, w)
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "Frechet";
    const INPUTS: [&'static str; 3] = ["value", "scale", "concentration"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>(inputs: [R; 3]) -> R {
        let [x, scale, concentration] = inputs;
        let w = log_power(inputs);
        let y = hazard(w, f64::INFINITY);
        // Far below the scale w − y, or its slope, would be ∞ − ∞: there w is held, e^40 times smaller.
        // Elsewhere the slope, 1 − y, is given as one number.
        let highest = R::constant(40.0);
        let far = highest.min(w) - y;
        let rest = R::select(w.gt(highest), far, far.with_slope(-w.exp_m1(), w));
        let inside = ln_quotient(concentration, x) + rest;
        let beyond = x.le(R::constant(0.0)) | x.equal(R::constant(f64::INFINITY));
        masks::outside(beyond, [scale, concentration], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        (-hazard(log_power(inputs), CERTAIN)).exp()
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        -hazard(log_power(inputs), f64::INFINITY)
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        complement(hazard(log_power(inputs), CERTAIN))
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        let w = log_power(inputs);
        ln_complement(w, hazard(w, CERTAIN))
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        // Near 1 the logarithm vanishes with p − 1, which is exact.
        let y = -masks::open_probability(p).ln_through_one();
        scaled(scale, -y.ln() / concentration)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        let y = -(-masks::open_probability(p)).ln_1p();
        scaled(scale, -y.ln() / concentration)
    }
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, scale, concentration]: [R; 3]) -> [R; 2] {
        let w = noise.ln();
        let exponent = -w / concentration;
        // A small concentration takes draws beyond both ends of the range; densities stay right.
        let x = masks::finite(masks::smallest::<R>().max(scaled(scale, exponent)));
        [x, ln_quotient(concentration, scale) + (w - exponent - noise)]
    }
}

impl<const D: usize> UnivariateFamily<D> for Frechet<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::Positive
    }
}

impl<const D: usize> Summarized<D> for Frechet<D> {
    const SUMMARIES: SummaryOps = SummaryOps::new::<2, Formulas>();
}

impl<const D: usize> Parametric<D> for Frechet<D> {
    type WithRank<const E: usize> = Frechet<E>;
    const NAME: &'static str = "Frechet";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("scale", self.scale(), Support::Positive),
            Parameter::new("concentration", self.concentration(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut f: impl FnMut(Tensor<D>) -> Tensor<E>) -> Frechet<E> {
        Frechet { scale: f(self.scale), concentration: f(self.concentration) }
    }
}
