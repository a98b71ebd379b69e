//! The formulas of both parameterisations.

use core::marker::PhantomData;

use super::super::odds::{FromLogits, FromProbs, Odds, variance};
use crate::kernel::univariate::UnivariateOps;
use crate::kernel::{Formula, Op, Real, UnivariateFormulas};

/// All formulas of one parameterisation.
pub(super) struct Ops {
    pub(super) law: UnivariateOps,
    pub(super) variance: Op<1>,
    pub(super) std_dev: Op<1>,
    pub(super) mode: Op<1>,
    pub(super) entropy: Op<1>,
    pub(super) log_prob_of_one: Op<1>,
}

pub(super) static FROM_LOGITS: Ops = Ops::new::<FromLogits>();
pub(super) static FROM_PROBS: Ops = Ops::new::<FromProbs>();

impl Ops {
    const fn new<O: Odds>() -> Self {
        Self {
            law: UnivariateOps::new::<2, Formulas<O>>(),
            variance: Op::new::<Summary<O, 0>>(),
            std_dev: Op::new::<Summary<O, 1>>(),
            mode: Op::new::<Summary<O, 2>>(),
            entropy: Op::new::<Summary<O, 3>>(),
            log_prob_of_one: Op::new::<Summary<O, 4>>(),
        }
    }
}

/// The formulas of a value and the parameter.
struct Formulas<O>(PhantomData<fn() -> O>);

/// `below` for values below 0, `at_zero` from 0 to 1, `above` from 1 on; NaN for a parameter that
/// is.
#[inline(always)]
fn step<R: Real>(x: R, below: f64, at_zero: R, above: f64) -> R {
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let outside = R::select(x.lt(zero), R::constant(below), R::constant(above));
    let inside = (x.ge(zero) & x.lt(one)) | x.is_nan() | at_zero.is_nan();
    R::select(inside, at_zero, outside)
}

impl<O: Odds> UnivariateFormulas<2> for Formulas<O> {
    const NAME: &'static str = "Bernoulli";
    const INPUTS: [&'static str; 2] = ["value", O::INPUT];

    #[inline(always)]
    fn log_density<R: Real>([x, parameter]: [R; 2]) -> R {
        let [zero, one] = O::log_probs(parameter);
        let outside = R::select(parameter.is_nan(), zero, R::constant(f64::NEG_INFINITY));
        let not_one = R::select(x.equal(R::constant(0.0)), zero, outside);
        R::select(x.equal(R::constant(1.0)), one, not_one)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, 0.0, O::probs(parameter)[0], 1.0)
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, f64::NEG_INFINITY, O::log_probs(parameter)[0], 0.0)
    }

    #[inline(always)]
    fn survival<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, 1.0, O::probs(parameter)[1], 0.0)
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, 0.0, O::log_probs(parameter)[1], f64::NEG_INFINITY)
    }

    #[inline(always)]
    fn quantile<R: Real>([level, parameter]: [R; 2]) -> R {
        let [p0, p1] = O::probs(parameter);
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        // Compared in the nearer tail: 1 - level is exact in the upper half.
        let upper = level.gt(R::constant(0.5));
        let tail = R::select(upper, p1, level);
        let past = R::select(upper, -level + 1.0, p0).lt(tail) | p0.equal(zero);
        let possible = past & p1.gt(zero);
        let inside = level.ge(zero) & level.le(one) & !p0.is_nan();
        R::select(inside, R::select(possible, one, zero), R::constant(-1.0))
    }
}

/// The formulas of the parameter alone, in the order of [`Ops`].
struct Summary<O, const WHICH: usize>(PhantomData<fn() -> O>);

impl<O: Odds, const WHICH: usize> Formula<1> for Summary<O, WHICH> {
    const NAME: &'static str = "Bernoulli";
    const INPUTS: [&'static str; 1] = [O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([parameter]: [R; 1]) -> R {
        let zero = R::constant(0.0);
        let [p0, p1] = O::probs(parameter);
        match WHICH {
            0 => variance::<O, R>(parameter),
            1 => O::std_dev(parameter),
            2 => R::select(O::excess(parameter).gt(zero), R::constant(1.0), zero),
            3 => {
                let [log_p0, log_p1] = O::log_probs(parameter);
                // 0 ln 0 = 0. Both terms have one sign: nothing cancels.
                let at_zero = R::select(p0.equal(zero), zero, p0 * log_p0);
                let at_one = R::select(p1.equal(zero), zero, p1 * log_p1);
                // Its slope is minus the log-odds, which those of the terms would leave by cancelling;
                // where an outcome is impossible it may be infinite.
                let slope = -(O::logit(parameter) * O::slope(parameter));
                let certain = p0.equal(zero) | p1.equal(zero);
                let slope = R::select(certain, zero, slope);
                (-(at_zero + at_one)).with_slope(slope, parameter)
            }
            _ => O::log_probs(parameter)[1],
        }
    }
}
