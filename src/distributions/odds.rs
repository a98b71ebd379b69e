//! The probability of an event, given itself or by its log-odds.

use burn::tensor::Tensor;

use super::given::Given;
use crate::kernel::{Formula, IncompleteBeta, Op, Real, masks};

/// What a parameter says about an event and its absence.
pub(super) trait Odds: Send + Sync + 'static {
    const INPUT: &'static str;
    /// The probabilities of its absence and of the event.
    fn probs<R: Real>(parameter: R) -> [R; 2];
    /// Their logarithms.
    fn log_probs<R: Real>(parameter: R) -> [R; 2];
    /// The derivatives of the logarithms.
    fn log_slopes<R: Real>(parameter: R) -> [R; 2];
    /// Positive where the event is likelier than its absence, by however little.
    fn excess<R: Real>(parameter: R) -> R;
    /// By how much the probability of the event exceeds that of its absence.
    fn imbalance<R: Real>(parameter: R) -> R;
    /// The derivative of the probability of the event.
    fn slope<R: Real>(parameter: R) -> R;
    /// The root of the product of both probabilities.
    fn std_dev<R: Real>(parameter: R) -> R;
    /// The log-odds.
    fn logit<R: Real>(parameter: R) -> R;
    /// The regularised incomplete beta functions of two shapes at the probability of the event.
    fn beta<R: Real>(shapes: [R; 2], parameter: R) -> IncompleteBeta<R>;
    /// The derivative of the log-odds.
    fn logit_slope<R: Real>(parameter: R) -> R;
    /// f p − s (1 − p), for numbers [f, s] of failures and successes: by how much the failures
    /// exceed what is expected of all.
    fn excess_of_failures<R: Real>(counts: [R; 2], parameter: R) -> R;
    /// The derivative of f ln(1 − p) + s ln p, for numbers [f, s] of failures and successes.
    fn score<R: Real>(counts: [R; 2], parameter: R) -> R;
}

/// The product of both probabilities.
#[inline(always)]
pub(super) fn variance<O: Odds, R: Real>(parameter: R) -> R {
    let [q, p] = O::probs(parameter);
    // Around ½ the slopes of both factors cancel.
    (p * q).with_slope(-O::imbalance(parameter) * O::slope(parameter), parameter)
}

pub(super) struct FromLogits;

impl Odds for FromLogits {
    const INPUT: &'static str = "logits";

    #[inline(always)]
    fn probs<R: Real>(logit: R) -> [R; 2] {
        [(-logit).sigmoid(), logit.sigmoid()]
    }

    #[inline(always)]
    fn log_probs<R: Real>(logit: R) -> [R; 2] {
        [(-logit).log_sigmoid(), logit.log_sigmoid()]
    }

    #[inline(always)]
    fn excess<R: Real>(logit: R) -> R {
        logit
    }

    #[inline(always)]
    fn imbalance<R: Real>(logit: R) -> R {
        (logit * 0.5).tanh()
    }

    #[inline(always)]
    fn slope<R: Real>(logit: R) -> R {
        logit.sigmoid() * (-logit).sigmoid()
    }

    #[inline(always)]
    fn std_dev<R: Real>(logit: R) -> R {
        // The square root of the product would underflow at half the logit.
        let a = logit.abs();
        let value = (a * -0.5).exp() / ((-a).exp() + 1.0);
        // Around 0 the slopes of its steps cancel.
        value.with_slope(value * Self::imbalance(logit) * -0.5, logit)
    }

    #[inline(always)]
    fn logit<R: Real>(logit: R) -> R {
        logit
    }

    #[inline(always)]
    fn beta<R: Real>([a, b]: [R; 2], logit: R) -> IncompleteBeta<R> {
        a.incomplete_beta_at_logit(b, logit)
    }

    #[inline(always)]
    fn log_slopes<R: Real>(logit: R) -> [R; 2] {
        [-logit.sigmoid(), (-logit).sigmoid()]
    }

    #[inline(always)]
    fn logit_slope<R: Real>(_: R) -> R {
        R::constant(1.0)
    }

    #[inline(always)]
    fn excess_of_failures<R: Real>(counts: [R; 2], logit: R) -> R {
        // Rounded probabilities would lose the difference of large counts.
        -Self::score(counts, logit)
    }

    #[inline(always)]
    fn score<R: Real>([failures, successes]: [R; 2], logit: R) -> R {
        let far = successes * (-logit).sigmoid() - failures * logit.sigmoid();
        // Around ½ both probabilities are ½ and a rest; the halves of equal counts cancel exactly.
        let rest = (logit * 0.5).tanh() * ((successes + failures) * 0.5);
        let near = (successes - failures) * 0.5 - rest;
        R::select(logit.abs().lt(R::constant(1.0)), near, far)
    }
}

pub(super) struct FromProbs;

impl Odds for FromProbs {
    const INPUT: &'static str = "probs";

    #[inline(always)]
    fn probs<R: Real>(p: R) -> [R; 2] {
        let p = masks::probability(p);
        [-p + 1.0, p]
    }

    #[inline(always)]
    fn log_probs<R: Real>(p: R) -> [R; 2] {
        // An impossible value is outside the support: a constant, so that no 1/0 is its gradient.
        let p = masks::probability(p);
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let never = R::constant(f64::NEG_INFINITY);
        [R::select(p.equal(one), never, (-p).ln_1p()), R::select(p.equal(zero), never, p.ln())]
    }

    #[inline(always)]
    fn excess<R: Real>(p: R) -> R {
        p - 0.5
    }

    #[inline(always)]
    fn imbalance<R: Real>(p: R) -> R {
        p * 2.0 - 1.0
    }

    #[inline(always)]
    fn slope<R: Real>(_: R) -> R {
        R::constant(1.0)
    }

    #[inline(always)]
    fn std_dev<R: Real>(p: R) -> R {
        let p = masks::probability(p);
        // √p √(1 - p): the product would underflow for subnormal p.
        p.sqrt() * (-p + 1.0).sqrt()
    }

    #[inline(always)]
    fn logit<R: Real>(p: R) -> R {
        Logit::evaluate([masks::probability(p)])
    }

    #[inline(always)]
    fn beta<R: Real>([a, b]: [R; 2], p: R) -> IncompleteBeta<R> {
        // Not at the logit: far from ½ rounding it changes the odds by more than rounding p does.
        let [q, p] = Self::probs(p);
        a.incomplete_beta(b, p, q)
    }

    #[inline(always)]
    fn log_slopes<R: Real>(p: R) -> [R; 2] {
        [-(-p + 1.0).recip(), p.recip()]
    }

    #[inline(always)]
    fn logit_slope<R: Real>(p: R) -> R {
        (p * (-p + 1.0)).recip()
    }

    #[inline(always)]
    fn excess_of_failures<R: Real>([failures, successes]: [R; 2], p: R) -> R {
        let [q, p] = Self::probs(p);
        failures * p - successes * q
    }

    #[inline(always)]
    fn score<R: Real>([failures, successes]: [R; 2], p: R) -> R {
        // 0/0 where p is 0 and the event did not happen, or p is 1 and it did not fail.
        let zero = R::constant(0.0);
        let happened = R::select(successes.equal(zero), zero, successes / p);
        let failed = R::select(failures.equal(zero), zero, failures / (-p + 1.0));
        happened - failed
    }
}

static LOGIT: Op<1> = Op::new::<Logit>();
static SIGMOID: Op<1> = Op::new::<Sigmoid>();

/// The log-odds of a parameter that was given as `given` says.
pub(super) fn logits<const D: usize>(parameter: Tensor<D>, given: Given) -> Tensor<D> {
    match given {
        Given::Logits => parameter,
        Given::Probs => LOGIT.apply([parameter]),
    }
}

/// The probability of a parameter that was given as `given` says.
pub(super) fn probs<const D: usize>(parameter: Tensor<D>, given: Given) -> Tensor<D> {
    match given {
        Given::Logits => SIGMOID.apply([parameter]),
        Given::Probs => parameter,
    }
}

/// ln(p/(1 − p)).
struct Logit;

impl Formula<1> for Logit {
    const NAME: &'static str = "logits";
    const INPUTS: [&'static str; 1] = ["probs"];

    #[inline(always)]
    fn evaluate<R: Real>([p]: [R; 1]) -> R {
        // ln p - ln(1 - p) cancels around p = 1/2, where 2p - 1 is exact: 2 atanh(2p - 1).
        let s = p * 2.0 - 1.0;
        let near = s.ln_1p() - (-s).ln_1p();
        let far = p.ln() - (-p).ln_1p();
        R::select(s.abs().lt(R::constant(0.5)), near, far)
    }
}

/// 1/(1 + e^(−ℓ)).
struct Sigmoid;

impl Formula<1> for Sigmoid {
    const NAME: &'static str = "probs";
    const INPUTS: [&'static str; 1] = ["logits"];

    #[inline(always)]
    fn evaluate<R: Real>([logit]: [R; 1]) -> R {
        logit.sigmoid()
    }
}
