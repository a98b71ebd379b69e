//! The formulas of both parameterisations.

use core::marker::PhantomData;

use super::super::odds::{FromLogits, FromProbs, Odds};
use super::super::waiting;
use crate::kernel::univariate::UnivariateOps;
use crate::kernel::{Formula, Op, Real, UnivariateFormulas, masks};

/// All formulas of one parameterisation.
pub(super) struct Ops {
    pub(super) law: UnivariateOps,
    pub(super) draw: Op<2>,
    pub(super) mean: Op<1>,
    pub(super) variance: Op<1>,
    pub(super) std_dev: Op<1>,
    pub(super) entropy: Op<1>,
}

pub(super) static FROM_LOGITS: Ops = Ops::new::<FromLogits>();
pub(super) static FROM_PROBS: Ops = Ops::new::<FromProbs>();

impl Ops {
    const fn new<O: Odds>() -> Self {
        Self {
            law: UnivariateOps::new::<2, Formulas<O>>(),
            draw: Op::new::<Draw<O>>(),
            mean: Op::new::<Summary<O, { waiting::MEAN }>>(),
            variance: Op::new::<Summary<O, { waiting::VARIANCE }>>(),
            std_dev: Op::new::<Summary<O, { waiting::STD_DEV }>>(),
            entropy: Op::new::<Summary<O, 3>>(),
        }
    }
}

/// The formulas of a value and the parameter: a count of k or less has the probability that an
/// exponential waiting time of rate −ln(1 − p) ends before k + 1.
struct Formulas<O>(PhantomData<fn() -> O>);

impl<O: Odds> Formulas<O> {
    /// −ln(1 − p), +∞ for p = 1.
    #[inline(always)]
    fn rate<R: Real>(parameter: R) -> R {
        -O::log_probs(parameter)[0]
    }

    /// The smallest count whose distribution function reaches `p` = 1 − `q`, of which one is exact
    /// and the other rounded; −1 where they are not probabilities.
    #[inline(always)]
    fn quantile_of<R: Real>(p: R, q: R, parameter: R) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let rate = Self::rate(parameter);
        let lower = p.lt(R::constant(0.5));
        let wait = -R::select(lower, (-p).ln_1p(), q.ln());
        // One below the ceiling; the quotient may be off by a rounding, so neighbours are tried.
        let guess = -(-(wait / rate)).floor() - 1.0;
        let guess = guess.max(zero);
        let reached = |count: R| {
            let wait = (count + 1.0) * rate;
            let below = (-(-wait).exp_m1()).ge(p);
            let above = (-wait).exp().le(q);
            (lower & below) | (!lower & above)
        };
        let before = guess - 1.0;
        let count = R::select(reached(guess), guess, guess + 1.0);
        let count = R::select(reached(before) & before.ge(zero), before, count);
        let count = R::select(rate.equal(R::constant(f64::INFINITY)), zero, count);
        let count = R::select(p.equal(zero), zero, count);
        // Beyond the last probability below 1 there is no smallest count.
        let endless = q.equal(zero) & rate.lt(R::constant(f64::INFINITY));
        let count = R::select(endless, R::constant(f64::INFINITY), count);
        let inside = p.ge(zero) & p.le(one) & q.ge(zero) & q.le(one) & !rate.is_nan();
        R::select(inside, count, R::constant(-1.0))
    }
}

impl<O: Odds> UnivariateFormulas<2> for Formulas<O> {
    const NAME: &'static str = "Geometric";
    const INPUTS: [&'static str; 2] = ["value", O::INPUT];

    #[inline(always)]
    fn log_density<R: Real>([x, parameter]: [R; 2]) -> R {
        let [log_failure, log_success] = O::log_probs(parameter);
        let first = x.equal(R::constant(0.0));
        // 0 · (−∞) at 0 for p = 1, for which all other counts are impossible.
        let later = x * log_failure + log_success;
        let inside = R::select(first, log_success, later);
        let one = R::constant(1.0);
        let inside = inside.with_slope(O::score([x, one], parameter), parameter);
        let impossible =
            x.lt(R::constant(0.0)) | (!first & log_failure.equal(R::constant(f64::NEG_INFINITY)));
        masks::outside(impossible, [parameter], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, parameter]: [R; 2]) -> R {
        let wait = (x + 1.0) * Self::rate(parameter);
        masks::below_zero(x, [parameter], 0.0, -(-wait).exp_m1())
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, parameter]: [R; 2]) -> R {
        let wait = (x + 1.0) * Self::rate(parameter);
        masks::below_zero(x, [parameter], f64::NEG_INFINITY, wait.log1mexp())
    }

    #[inline(always)]
    fn survival<R: Real>([x, parameter]: [R; 2]) -> R {
        let wait = (x + 1.0) * Self::rate(parameter);
        masks::below_zero(x, [parameter], 1.0, (-wait).exp())
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, parameter]: [R; 2]) -> R {
        let wait = (x + 1.0) * Self::rate(parameter);
        masks::below_zero(x, [parameter], 0.0, -wait)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, parameter]: [R; 2]) -> R {
        Self::quantile_of(p, -p + 1.0, parameter)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([q, parameter]: [R; 2]) -> R {
        Self::quantile_of(-q + 1.0, q, parameter)
    }
}

/// The whole part of an exponential waiting time.
struct Draw<O>(PhantomData<fn() -> O>);

impl<O: Odds> Formula<2> for Draw<O> {
    const NAME: &'static str = "Geometric";
    const INPUTS: [&'static str; 2] = ["noise", O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([noise, parameter]: [R; 2]) -> R {
        let count = (noise / Formulas::<O>::rate(parameter)).floor();
        R::select(count.is_nan(), R::constant(-1.0), count)
    }
}

/// The formulas of the parameter alone, in the order of [`Ops`].
struct Summary<O, const WHICH: usize>(PhantomData<fn() -> O>);

impl<O: Odds, const WHICH: usize> Formula<1> for Summary<O, WHICH> {
    const NAME: &'static str = "Geometric";
    const INPUTS: [&'static str; 1] = [O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([parameter]: [R; 1]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let [failure, success] = O::probs(parameter);
        let [_, slope] = O::log_slopes(parameter);
        match WHICH {
            waiting::MEAN | waiting::VARIANCE | waiting::STD_DEV => {
                waiting::moment(WHICH, [failure, success], slope, parameter)
            }
            _ => {
                // −ln p − (q/p) ln q: both terms have one sign. The second is 0 for q = 0, and 1
                // where p is so small that it underflows.
                let [_, log_success] = O::log_probs(parameter);
                let rate = Formulas::<O>::rate(parameter);
                let value = failure / success * rate - log_success;
                let value = value.with_slope(-(rate / success * slope), parameter);
                let value = R::select(failure.equal(zero), -log_success, value);
                R::select(success.equal(zero), one - log_success, value)
            }
        }
    }
}
