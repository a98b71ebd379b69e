//! The formulas of a univariate family, gathered in one place and turned into handles.

use core::marker::PhantomData;

use super::formula::{Formula, Kernel, MultiFormula, Op};
use super::real::Real;
use crate::distribution::Tail;

/// The formulas of a univariate family: the first input is the value (or the probability, for the
/// quantile), the others are the parameters, in the order of
/// [`Parametric::parameters`](crate::parameter::Parametric::parameters).
pub trait UnivariateFormulas<const N: usize>: Send + Sync + 'static {
    /// The name of the family, shown in errors.
    const NAME: &'static str;
    /// The names of the inputs, shown in shape errors.
    const INPUTS: [&'static str; N];
    /// Which inputs are parameters that must not be negative: where one is, probabilities and
    /// quantiles are NaN, as most formulas would give a plausible number.
    const POSITIVE: &'static [usize] = &[];

    /// The logarithm of the density or mass: −∞ outside the support.
    fn log_density<R: Real>(inputs: [R; N]) -> R;
    /// P(X ≤ value).
    fn cdf<R: Real>(inputs: [R; N]) -> R;
    /// ln P(X ≤ value), computed as such: the logarithm of [`cdf`](Self::cdf) loses a tail.
    fn log_cdf<R: Real>(inputs: [R; N]) -> R;
    /// P(X > value).
    fn survival<R: Real>(inputs: [R; N]) -> R;
    /// ln P(X > value), computed as such.
    fn log_survival<R: Real>(inputs: [R; N]) -> R;
    /// The inverse of the distribution function; NaN outside [0, 1].
    fn quantile<R: Real>(inputs: [R; N]) -> R;

    /// The inverse of the survival function; the default loses probabilities below the precision.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn upper_quantile<R: Real>(mut inputs: [R; N]) -> R {
        inputs[0] = -inputs[0] + 1.0;
        Self::quantile(inputs)
    }
}

/// The formulas of a family that is symmetric about `loc`: those above the value follow from those
/// below it. The inputs are the value, `loc` and `scale`.
pub trait SymmetricFormulas: Send + Sync + 'static {
    /// The name of the family, shown in errors.
    const NAME: &'static str;

    /// The logarithm of the density.
    fn log_density<R: Real>(inputs: [R; 3]) -> R;
    /// P(X ≤ value).
    fn cdf<R: Real>(inputs: [R; 3]) -> R;
    /// ln P(X ≤ value), computed as such.
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R;
    /// The inverse of the distribution function; NaN outside [0, 1].
    fn quantile<R: Real>(inputs: [R; 3]) -> R;
}

/// The formula of a draw.
pub trait DrawFormula<const N: usize>: UnivariateFormulas<N> {
    /// A value made from noise, which is the first input, and its log-density, from the noise where
    /// that is more exact than from the value.
    fn draw<R: Real>(inputs: [R; N]) -> [R; 2];
}

impl<F: SymmetricFormulas> UnivariateFormulas<3> for F {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];
    const POSITIVE: &'static [usize] = &[2];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_density<R: Real>(inputs: [R; 3]) -> R {
        F::log_density(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        F::cdf(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        F::log_cdf(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        F::cdf([loc, x, scale])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        F::log_cdf([loc, x, scale])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn quantile<R: Real>(inputs: [R; 3]) -> R {
        F::quantile(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn upper_quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        F::quantile([p, loc, -scale])
    }
}

/// The handles of [`UnivariateFormulas`], whatever their number of inputs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnivariateOps {
    pub(crate) log_density: Kernel,
    cdf: Kernel,
    log_cdf: Kernel,
    survival: Kernel,
    log_survival: Kernel,
    pub(crate) quantile: Kernel,
    pub(crate) upper_quantile: Kernel,
}

impl UnivariateOps {
    pub(crate) const fn new<const N: usize, F: UnivariateFormulas<N>>() -> Self {
        Self {
            log_density: Op::new::<Part<F, LOG_DENSITY>>().kernel(),
            cdf: Op::new::<Part<F, CDF>>().kernel(),
            log_cdf: Op::new::<Part<F, LOG_CDF>>().kernel(),
            survival: Op::new::<Part<F, SURVIVAL>>().kernel(),
            log_survival: Op::new::<Part<F, LOG_SURVIVAL>>().kernel(),
            quantile: Op::new::<Part<F, QUANTILE>>().kernel(),
            upper_quantile: Op::new::<Part<F, UPPER_QUANTILE>>().kernel(),
        }
    }

    pub(crate) fn tail(&self, tail: Tail) -> Kernel {
        match tail {
            Tail::Cdf => self.cdf,
            Tail::LogCdf => self.log_cdf,
            Tail::Survival => self.survival,
            Tail::LogSurvival => self.log_survival,
        }
    }
}

/// The handles of a family that is formulas alone.
#[derive(Clone, Copy, Debug)]
pub struct FamilyOps {
    pub(crate) univariate: UnivariateOps,
    /// The draw alone: half the memory to write, and no density to compute.
    pub(crate) draw: Kernel,
    pub(crate) draw_and_log_density: Kernel,
}

impl FamilyOps {
    /// The handles of formulas of `N` inputs: the value, or the noise, and the parameters.
    #[must_use]
    pub const fn new<const N: usize, F: DrawFormula<N>>() -> Self {
        Self {
            univariate: UnivariateOps::new::<N, F>(),
            draw: Op::new::<Draw<F>>().kernel(),
            draw_and_log_density: Op::new::<DrawAndLogDensity<F>>().kernel(),
        }
    }
}

/// One of the formulas.
struct Part<F, const PART: u8>(PhantomData<fn() -> F>);

const LOG_DENSITY: u8 = 0;
const CDF: u8 = 1;
const LOG_CDF: u8 = 2;
const SURVIVAL: u8 = 3;
const LOG_SURVIVAL: u8 = 4;
const QUANTILE: u8 = 5;
const UPPER_QUANTILE: u8 = 6;

impl<F: UnivariateFormulas<N>, const N: usize, const PART: u8> Formula<N> for Part<F, PART> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        let value = match PART {
            // It takes the logarithm of what must be positive.
            LOG_DENSITY => return F::log_density(inputs),
            CDF => unmoved_at_infinity(inputs[0], F::cdf(inputs)),
            LOG_CDF => unmoved_at_infinity(inputs[0], F::log_cdf(inputs)),
            SURVIVAL => unmoved_at_infinity(inputs[0], F::survival(inputs)),
            LOG_SURVIVAL => unmoved_at_infinity(inputs[0], F::log_survival(inputs)),
            QUANTILE => F::quantile(inputs),
            UPPER_QUANTILE => F::upper_quantile(inputs),
            _ => unreachable!("the parts are those above"),
        };
        F::POSITIVE.iter().fold(value, |value, index| {
            let negative = inputs[*index].lt(R::constant(0.0));
            R::select(negative, R::constant(f64::NAN), value)
        })
    }
}

/// A probability, without a slope at an infinite value: it is certain there, and its slope of 0 would meet the
/// infinite one of what the value is divided or raised by.
#[cfg_attr(not(debug_assertions), inline(always))]
fn unmoved_at_infinity<R: Real>(x: R, probability: R) -> R {
    let infinite = x.abs().equal(R::constant(f64::INFINITY));
    R::select(infinite, probability.detach(), probability)
}

struct Draw<F>(PhantomData<fn() -> F>);
struct DrawAndLogDensity<F>(PhantomData<fn() -> F>);

impl<F: DrawFormula<N>, const N: usize> Formula<N> for Draw<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        F::draw(inputs)[0]
    }
}

impl<F: DrawFormula<N>, const N: usize> MultiFormula<N, 2> for DrawAndLogDensity<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; 2] {
        F::draw(inputs)
    }
}
