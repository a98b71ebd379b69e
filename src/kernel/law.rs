//! The formulas of a family or a bijector, gathered in one place and turned into handles.

use core::marker::PhantomData;

use super::formula::{Formula, MultiFormula, Op};
use super::real::Real;
use crate::distribution::Tail;

/// The formulas of a univariate continuous family: the first input is the value (or the
/// probability, for the quantile), the others are the parameters.
pub(crate) trait UnivariateLaw<const N: usize>: Send + Sync + 'static {
    const NAME: &'static str;
    const INPUTS: [&'static str; N];
    /// Which inputs are parameters that must not be negative: where one is, probabilities and
    /// quantiles are NaN, as most formulas would give a plausible number.
    const POSITIVE: &'static [usize] = &[];

    fn log_density<R: Real>(inputs: [R; N]) -> R;
    fn cdf<R: Real>(inputs: [R; N]) -> R;
    fn log_cdf<R: Real>(inputs: [R; N]) -> R;
    fn survival<R: Real>(inputs: [R; N]) -> R;
    fn log_survival<R: Real>(inputs: [R; N]) -> R;
    fn quantile<R: Real>(inputs: [R; N]) -> R;

    /// The inverse of the survival function; the default loses probabilities below the precision.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn upper_quantile<R: Real>(mut inputs: [R; N]) -> R {
        inputs[0] = -inputs[0] + 1.0;
        Self::quantile(inputs)
    }
}

/// The formulas of a family that is symmetric about `loc`: those above the value follow from those
/// below it.
pub(crate) trait SymmetricLaw: Send + Sync + 'static {
    const NAME: &'static str;

    fn log_density<R: Real>(inputs: [R; 3]) -> R;
    fn cdf<R: Real>(inputs: [R; 3]) -> R;
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R;
    fn quantile<R: Real>(inputs: [R; 3]) -> R;
}

impl<L: SymmetricLaw> UnivariateLaw<3> for L {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];
    const POSITIVE: &'static [usize] = &[2];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_density<R: Real>(inputs: [R; 3]) -> R {
        L::log_density(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        L::cdf(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        L::log_cdf(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        L::cdf([loc, x, scale])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        L::log_cdf([loc, x, scale])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn quantile<R: Real>(inputs: [R; 3]) -> R {
        L::quantile(inputs)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn upper_quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        L::quantile([p, loc, -scale])
    }
}

/// The handles of a [`UnivariateLaw`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnivariateOps<const N: usize> {
    pub(crate) log_density: Op<N>,
    cdf: Op<N>,
    log_cdf: Op<N>,
    survival: Op<N>,
    log_survival: Op<N>,
    pub(crate) quantile: Op<N>,
    pub(crate) upper_quantile: Op<N>,
}

impl<const N: usize> UnivariateOps<N> {
    pub(crate) const fn new<L: UnivariateLaw<N>>() -> Self {
        Self {
            log_density: Op::new::<LogDensity<L>>(),
            cdf: Op::new::<Cdf<L>>(),
            log_cdf: Op::new::<LogCdf<L>>(),
            survival: Op::new::<Survival<L>>(),
            log_survival: Op::new::<LogSurvival<L>>(),
            quantile: Op::new::<Quantile<L>>(),
            upper_quantile: Op::new::<UpperQuantile<L>>(),
        }
    }

    pub(crate) fn tail(&self, tail: Tail) -> &Op<N> {
        match tail {
            Tail::Cdf => &self.cdf,
            Tail::LogCdf => &self.log_cdf,
            Tail::Survival => &self.survival,
            Tail::LogSurvival => &self.log_survival,
        }
    }
}

/// `value`, or NaN where a parameter that must not be negative is.
#[cfg_attr(not(debug_assertions), inline(always))]
fn checked<L: UnivariateLaw<N>, R: Real, const N: usize>(inputs: [R; N], value: R) -> R {
    L::POSITIVE.iter().fold(value, |value, index| {
        let negative = inputs[*index].lt(R::constant(0.0));
        R::select(negative, R::constant(f64::NAN), value)
    })
}

struct LogDensity<L>(PhantomData<fn() -> L>);
struct Cdf<L>(PhantomData<fn() -> L>);
struct LogCdf<L>(PhantomData<fn() -> L>);
struct Survival<L>(PhantomData<fn() -> L>);
struct LogSurvival<L>(PhantomData<fn() -> L>);
struct Quantile<L>(PhantomData<fn() -> L>);
struct UpperQuantile<L>(PhantomData<fn() -> L>);

impl<L: UnivariateLaw<N>, const N: usize> Formula<N> for LogDensity<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        L::log_density(inputs)
    }
}

impl<L: UnivariateLaw<N>, const N: usize> Formula<N> for Cdf<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        checked::<L, R, N>(inputs, L::cdf(inputs))
    }
}

impl<L: UnivariateLaw<N>, const N: usize> Formula<N> for LogCdf<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        checked::<L, R, N>(inputs, L::log_cdf(inputs))
    }
}

impl<L: UnivariateLaw<N>, const N: usize> Formula<N> for Survival<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        checked::<L, R, N>(inputs, L::survival(inputs))
    }
}

impl<L: UnivariateLaw<N>, const N: usize> Formula<N> for LogSurvival<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        checked::<L, R, N>(inputs, L::log_survival(inputs))
    }
}

impl<L: UnivariateLaw<N>, const N: usize> Formula<N> for Quantile<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        checked::<L, R, N>(inputs, L::quantile(inputs))
    }
}

impl<L: UnivariateLaw<N>, const N: usize> Formula<N> for UpperQuantile<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        checked::<L, R, N>(inputs, L::upper_quantile(inputs))
    }
}

/// The handles of a draw: a formula from noise and parameters to a value and its log-density.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DrawOps<const N: usize> {
    /// The value alone: half the memory to write, and no density to compute.
    pub(crate) value: Op<N>,
    pub(crate) with_density: Op<N, 2>,
}

impl<const N: usize> DrawOps<N> {
    pub(crate) const fn new<F: MultiFormula<N, 2>>() -> Self {
        Self { value: Op::new::<First<F>>(), with_density: Op::new::<F>() }
    }
}

/// The first of two results.
struct First<F>(PhantomData<fn() -> F>);

impl<F: MultiFormula<N, 2>, const N: usize> Formula<N> for First<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        F::evaluate(inputs)[0]
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn partials<R: Real>(inputs: [R; N]) -> [R; N] {
        F::partials(inputs)[0]
    }
}

/// The formulas of an elementwise bijector: the first input is the point, the others are the
/// parameters.
pub(crate) trait ScalarLaw<const N: usize>: Send + Sync + 'static {
    const NAME: &'static str;
    const INPUTS: [&'static str; N];

    fn forward<R: Real>(inputs: [R; N]) -> R;
    fn inverse<R: Real>(inputs: [R; N]) -> R;
    /// ln |d forward / dx| at x.
    fn log_det<R: Real>(inputs: [R; N]) -> R;
    /// ln |d inverse / dy| at y.
    fn inverse_log_det<R: Real>(inputs: [R; N]) -> R;
}

/// The handles of a [`ScalarLaw`], one pass over memory each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScalarOps<const N: usize> {
    pub(crate) forward: Op<N>,
    pub(crate) inverse: Op<N>,
    pub(crate) log_det: Op<N>,
    pub(crate) inverse_log_det: Op<N>,
    pub(crate) forward_and_log_det: Op<N, 2>,
    pub(crate) inverse_and_log_det: Op<N, 2>,
}

impl<const N: usize> ScalarOps<N> {
    pub(crate) const fn new<L: ScalarLaw<N>>() -> Self {
        Self {
            forward: Op::new::<Forward<L>>(),
            inverse: Op::new::<Inverse<L>>(),
            log_det: Op::new::<LogDet<L>>(),
            inverse_log_det: Op::new::<InverseLogDet<L>>(),
            forward_and_log_det: Op::new::<ForwardAndLogDet<L>>(),
            inverse_and_log_det: Op::new::<InverseAndLogDet<L>>(),
        }
    }
}

struct Forward<L>(PhantomData<fn() -> L>);
struct Inverse<L>(PhantomData<fn() -> L>);
struct LogDet<L>(PhantomData<fn() -> L>);
struct InverseLogDet<L>(PhantomData<fn() -> L>);
struct ForwardAndLogDet<L>(PhantomData<fn() -> L>);
struct InverseAndLogDet<L>(PhantomData<fn() -> L>);

impl<L: ScalarLaw<N>, const N: usize> Formula<N> for Forward<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        L::forward(inputs)
    }
}

impl<L: ScalarLaw<N>, const N: usize> Formula<N> for Inverse<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        L::inverse(inputs)
    }
}

impl<L: ScalarLaw<N>, const N: usize> Formula<N> for LogDet<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        L::log_det(inputs)
    }
}

impl<L: ScalarLaw<N>, const N: usize> Formula<N> for InverseLogDet<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        L::inverse_log_det(inputs)
    }
}

impl<L: ScalarLaw<N>, const N: usize> MultiFormula<N, 2> for ForwardAndLogDet<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; 2] {
        [L::forward(inputs), L::log_det(inputs)]
    }
}

impl<L: ScalarLaw<N>, const N: usize> MultiFormula<N, 2> for InverseAndLogDet<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; 2] {
        [L::inverse(inputs), L::inverse_log_det(inputs)]
    }
}
