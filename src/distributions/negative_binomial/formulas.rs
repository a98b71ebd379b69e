//! The formulas of both parameterisations.

use core::marker::PhantomData;

use super::super::counts::{CountFormulas, CountOps, QuantileOps, deviance_at};
use super::super::odds::{FromLogits, FromProbs, Odds};
use super::super::waiting;
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
}

pub(super) static FROM_LOGITS: Ops = Ops::new::<FromLogits>();
pub(super) static FROM_PROBS: Ops = Ops::new::<FromProbs>();

impl Ops {
    const fn new<O: Odds>() -> Self {
        Self {
            law: CountOps::new::<Formulas<O>>(),
            quantile: QuantileOps::new::<Formulas<O>>(),
            mean: Op::new::<Summary<O, { waiting::MEAN }>>(),
            variance: Op::new::<Summary<O, { waiting::VARIANCE }>>(),
            std_dev: Op::new::<Summary<O, { waiting::STD_DEV }>>(),
            mode: Op::new::<Summary<O, 3>>(),
            entropy: Op::new::<Entropy<O>>(),
        }
    }
}

/// The formulas of a count, the number of failures and the parameter.
pub(super) struct Formulas<O>(PhantomData<fn() -> O>);

/// What the saddle-point form is made of: n = k + r trials, of which k succeed and r fail.
struct Trials<R> {
    /// kq − rp over r and over −k: how far the expected failures and successes of n trials are from
    /// the true ones.
    failures: R,
    successes: R,
    /// Their logarithms, where they are far.
    log_failures: R,
    log_successes: R,
    total: R,
}

impl<R: Real> Trials<R> {
    #[inline(always)]
    fn new<O: Odds>([k, r, parameter]: [R; 3]) -> Self {
        let [q, p] = O::probs(parameter);
        let [log_q, log_p] = O::log_probs(parameter);
        // One difference for both, so that their linear parts cancel exactly.
        let excess = k * q - r * p;
        Self {
            failures: excess / r,
            successes: -(excess / k),
            log_failures: (k / r).ln_1p() + log_q,
            log_successes: (r / k).ln_1p() + log_p,
            total: k + r,
        }
    }
}

impl<O: Odds> CountFormulas<3> for Formulas<O> {
    const NAME: &'static str = "NegativeBinomial";
    const INPUTS: [&'static str; 3] = ["value", "total_count", O::INPUT];
    // With few failures the tail is as heavy as 1/k up to the mean and beyond.
    const STEPS_OF_RATIO: bool = true;

    #[inline(always)]
    fn log_mass<R: Real>(inputs: [R; 3]) -> R {
        let [k, r, parameter] = inputs;
        let [log_q, log_p] = O::log_probs(parameter);
        let trials = Trials::new::<O>(inputs);
        let deviances = deviance_at(r, trials.failures, trials.log_failures)
            + deviance_at(k, trials.successes, trials.log_successes);
        let n = trials.total;
        let remainders = n.ln_gamma_stirling() - r.ln_gamma_stirling() - k.ln_gamma_stirling();
        let saddle = remainders - deviances + ((r / n).ln() - k.ln() - LN_TWO_PI) * 0.5;
        // A fraction of a failure: the three factors are of different sizes, nothing cancels, while
        // Stirling's remainder of r would.
        let direct = r * log_q + k * log_p - k.ln() - r.ln_beta(k);
        let later = R::select(r.lt(R::constant(1.0)), direct, saddle);
        R::select(k.equal(R::constant(0.0)), r * log_q, later)
    }

    #[inline(always)]
    fn tail<R: Real>(tail: Tail, [k, r, parameter]: [R; 3]) -> R {
        let at = O::beta([k + 1.0, r], parameter);
        match tail {
            Tail::Cdf => at.q,
            Tail::LogCdf => at.log_q,
            Tail::Survival => at.p,
            Tail::LogSurvival => at.log_p,
        }
    }

    #[inline(always)]
    fn mass_partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        let [k, r, parameter] = inputs;
        let zero = R::constant(0.0);
        let [log_q, _] = O::log_probs(parameter);
        let trials = Trials::new::<O>(inputs);
        // ψ(n) − ψ(r) + ln q, whose logarithms are a ratio.
        let close = trials.failures.abs().le(R::constant(0.5));
        let log_ratio = R::select(close, trials.failures.ln_1p(), trials.log_failures);
        let n = trials.total;
        let saddle = log_ratio + (r.digamma_stirling() / r - n.digamma_stirling() / n);
        let direct = r.digamma_difference(k) + log_q;
        let by_count = R::select(r.lt(R::constant(1.0)), direct, saddle);
        let by_count = R::select(k.equal(zero), log_q, by_count);
        [zero, by_count, O::score([r, k], parameter)]
    }

    #[inline(always)]
    fn tail_partials<R: Real>(tail: Tail, [k, r, parameter]: [R; 3]) -> [R; 3] {
        let zero = R::constant(0.0);
        let at = O::beta([k + 1.0, r], parameter);
        let kernel = match tail {
            Tail::LogCdf => at.kernel_over_q,
            Tail::LogSurvival => at.kernel_over_p,
            Tail::Cdf | Tail::Survival => at.log_kernel.exp(),
        };
        let kernel = if tail.is_upper() { kernel } else { -kernel };
        let by_count = -(kernel * at.slope_b);
        let by_parameter = kernel * O::logit_slope(parameter);
        // Where the event never happens the kernel is 0 and the slope of the logit infinite: at the
        // only possible count, 0, P(X > 0) is about rp.
        let [_, largest] = Self::ends([k, r, parameter]);
        let limit = match tail {
            Tail::Cdf | Tail::LogCdf => -r,
            Tail::Survival => r,
            Tail::LogSurvival => zero,
        };
        let never = largest.equal(zero);
        [zero, R::select(never, zero, by_count), R::select(never, limit, by_parameter)]
    }

    #[inline(always)]
    fn guess<R: Real>(z: R, [_, r, parameter]: [R; 3]) -> R {
        // Cornish and Fisher (1938), the first correction for skewness.
        let [q, p] = O::probs(parameter);
        let spread = (r * p).sqrt() / q;
        r * p / q + spread * z + (p + 1.0) / q * ((z.square() - 1.0) / 6.0) - 0.5
    }

    #[inline(always)]
    fn ends<R: Real>([_, r, parameter]: [R; 3]) -> [R; 2] {
        let zero = R::constant(0.0);
        let [_, log_p] = O::log_probs(parameter);
        let never = log_p.equal(R::constant(f64::NEG_INFINITY));
        let largest = R::select(never, zero, R::constant(f64::INFINITY));
        [zero, R::select(r.lt(zero) | log_p.is_nan(), R::constant(f64::NAN), largest)]
    }
}

/// The formulas of the parameters alone, in the order of [`Ops`].
struct Summary<O, const WHICH: usize>(PhantomData<fn() -> O>);

impl<O: Odds, const WHICH: usize> Formula<2> for Summary<O, WHICH> {
    const NAME: &'static str = "NegativeBinomial";
    const INPUTS: [&'static str; 2] = ["total_count", O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([r, parameter]: [R; 2]) -> R {
        let zero = R::constant(0.0);
        let [q, p] = O::probs(parameter);
        let [slope, _] = O::log_slopes(parameter);
        let of_one = |which: usize| waiting::moment(which, [p, q], slope, parameter);
        match WHICH {
            waiting::MEAN | waiting::VARIANCE => r * of_one(WHICH),
            waiting::STD_DEV => r.sqrt() * of_one(WHICH),
            _ => {
                // The last count with a mass above that of the one before; ties take the smaller.
                let last = (r - 1.0) * (p / q);
                let ceiling = -(-last).floor();
                let count = (ceiling - 1.0).max(zero);
                R::select(last.is_nan(), R::constant(-1.0), count)
            }
        }
    }
}
