//! The formulas of both parameterisations.

use core::marker::PhantomData;

use super::super::counts::{CountFormulas, CountOps, QuantileOps, deviance_at};
use super::super::odds::{FromLogits, FromProbs, Odds, variance};
use super::entropy::Entropy;
use crate::constants::LN_TWO_PI;
use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real};

/// All formulas of one parameterisation.
pub(super) struct Ops {
    pub(super) law: CountOps<3>,
    pub(super) quantile: QuantileOps<3, 4>,
    pub(super) mean: Op<2>,
    pub(super) variance: Op<2>,
    pub(super) std_dev: Op<2>,
    pub(super) mode: Op<2>,
    pub(super) entropy: Op<2>,
    pub(super) rarer: Op<1>,
    pub(super) counted: Op<3>,
}

pub(super) static FROM_LOGITS: Ops = Ops::new::<FromLogits>();
pub(super) static FROM_PROBS: Ops = Ops::new::<FromProbs>();

impl Ops {
    const fn new<O: Odds>() -> Self {
        Self {
            law: CountOps::new::<Formulas<O>>(),
            quantile: QuantileOps::new::<Formulas<O>>(),
            mean: Op::new::<Summary<O, 0>>(),
            variance: Op::new::<Summary<O, 1>>(),
            std_dev: Op::new::<Summary<O, 2>>(),
            mode: Op::new::<Summary<O, 3>>(),
            entropy: Op::new::<Entropy<O>>(),
            rarer: Op::new::<Rarer<O>>(),
            counted: Op::new::<Counted<O>>(),
        }
    }
}

/// The formulas of a count, the number of trials and the parameter.
pub(super) struct Formulas<O>(PhantomData<fn() -> O>);

impl<O: Odds> CountFormulas<3> for Formulas<O> {
    const NAME: &'static str = "Binomial";
    const INPUTS: [&'static str; 3] = ["value", "total_count", O::INPUT];

    #[inline(always)]
    fn log_mass<R: Real>([k, n, parameter]: [R; 3]) -> R {
        let zero = R::constant(0.0);
        let [log_q, log_p] = O::log_probs(parameter);
        let j = n - k;
        // The saddle-point form of Loader (2000): the deviances of successes and failures from their
        // means, np − k and −(nq − j). One difference for both, so that linear parts cancel exactly.
        let excess = O::excess_of_failures([j, k], parameter);
        let deviances = deviance_at(k, excess / k, (n / k).ln() + log_p)
            + deviance_at(j, -(excess / j), (n / j).ln() + log_q);
        let remainders = n.ln_gamma_stirling() - k.ln_gamma_stirling() - j.ln_gamma_stirling();
        let inside = remainders - deviances + ((n / k).ln() - j.ln() - LN_TWO_PI) * 0.5;
        // No event, or nothing else: 0 ln 0 where there is no trial at all.
        let none = R::select(n.equal(zero), zero, n * log_q);
        let value = R::select(j.equal(zero), n * log_p, inside);
        R::select(k.equal(zero), none, value)
    }

    #[inline(always)]
    fn tail<R: Real>(tail: Tail, [k, n, parameter]: [R; 3]) -> R {
        let at = O::beta([k + 1.0, n - k], parameter);
        match tail {
            Tail::Cdf => at.q,
            Tail::LogCdf => at.log_q,
            Tail::Survival => at.p,
            Tail::LogSurvival => at.log_p,
        }
    }

    #[inline(always)]
    fn mass_partials<R: Real>([k, n, parameter]: [R; 3]) -> [R; 3] {
        let zero = R::constant(0.0);
        [zero, zero, O::score([n - k, k], parameter)]
    }

    #[inline(always)]
    fn tail_partials<R: Real>(tail: Tail, [k, n, parameter]: [R; 3]) -> [R; 3] {
        let zero = R::constant(0.0);
        let at = O::beta([k + 1.0, n - k], parameter);
        let kernel = match tail {
            Tail::LogCdf => at.kernel_over_q,
            Tail::LogSurvival => at.kernel_over_p,
            Tail::Cdf | Tail::Survival => at.log_kernel.exp(),
        };
        let kernel = kernel * O::logit_slope(parameter);
        let inside = if tail.is_upper() { kernel } else { -kernel };
        // Where the event is impossible or certain the kernel is 0 and the slope of the logit
        // infinite: P(X > 0) is about np there, and P(X < n) about nq. The logarithm of a
        // probability of 0 is −∞, a constant.
        let by_trials = if tail.is_upper() { n } else { -n };
        let first = if matches!(tail, Tail::LogSurvival) { zero } else { by_trials };
        let last = if matches!(tail, Tail::LogCdf) { zero } else { by_trials };
        let [least, largest] = Self::ends([k, n, parameter]);
        let certain = R::select(k.equal(n - 1.0), last, zero);
        let slope = R::select(least.equal(n), certain, inside);
        let slope = R::select(largest.equal(zero), first, slope);
        // All trials are counted: the tails are 1 and 0 whatever the parameter.
        [zero, zero, R::select(k.lt(n), slope, zero)]
    }

    #[inline(always)]
    fn guess<R: Real>(z: R, [_, n, parameter]: [R; 3]) -> R {
        // Cornish and Fisher (1938), the first correction for skewness.
        let [q, p] = O::probs(parameter);
        let spread = (n * p * q).sqrt();
        n * p + spread * z + (q - p) * ((z.square() - 1.0) / 6.0) - 0.5
    }

    #[inline(always)]
    fn ends<R: Real>([_, n, parameter]: [R; 3]) -> [R; 2] {
        let zero = R::constant(0.0);
        let never = R::constant(f64::NEG_INFINITY);
        let [log_q, log_p] = O::log_probs(parameter);
        let largest = R::select(log_p.equal(never), zero, n);
        let invalid = n.lt(zero) | log_p.is_nan();
        let largest = R::select(invalid, R::constant(f64::NAN), largest);
        [R::select(log_q.equal(never), n, zero), largest]
    }
}

/// The formulas of the parameters alone, in the order of [`Ops`].
struct Summary<O, const WHICH: usize>(PhantomData<fn() -> O>);

impl<O: Odds, const WHICH: usize> Formula<2> for Summary<O, WHICH> {
    const NAME: &'static str = "Binomial";
    const INPUTS: [&'static str; 2] = ["total_count", O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([n, parameter]: [R; 2]) -> R {
        let [_, p] = O::probs(parameter);
        match WHICH {
            0 => n * p,
            1 => n * variance::<O, R>(parameter),
            2 => n.sqrt() * O::std_dev(parameter),
            _ => {
                // The last count with a mass above that of the one before; ties take the smaller.
                let ceiling = -(-((n + 1.0) * p)).floor();
                let count = (ceiling - 1.0).max(R::constant(0.0)).min(n);
                R::select(ceiling.is_nan(), R::constant(-1.0), count)
            }
        }
    }
}

/// The probability of the rarer of the event and its absence.
struct Rarer<O>(PhantomData<fn() -> O>);

impl<O: Odds> Formula<1> for Rarer<O> {
    const NAME: &'static str = "Binomial";
    const INPUTS: [&'static str; 1] = [O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([parameter]: [R; 1]) -> R {
        let [q, p] = O::probs(parameter);
        R::select(O::excess(parameter).gt(R::constant(0.0)), q, p)
    }
}

/// How often the event happened, of how often the rarer of it and its absence did.
struct Counted<O>(PhantomData<fn() -> O>);

impl<O: Odds> Formula<3> for Counted<O> {
    const NAME: &'static str = "Binomial";
    const INPUTS: [&'static str; 3] = ["rarer", "total_count", O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([rarer, n, parameter]: [R; 3]) -> R {
        let zero = R::constant(0.0);
        let likely = O::excess(parameter).gt(zero) & rarer.ge(zero);
        R::select(likely, n - rarer, rarer)
    }
}
