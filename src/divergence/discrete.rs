//! Divergences between discrete families.

use burn::tensor::Tensor;

use super::gaps::{complement_gap, exp_gap, log_gap, log_mass_gap, mass_gap};
use crate::distribution::KlDivergence;
use crate::distributions::{Bernoulli, Categorical, OneHotCategorical};
use crate::kernel::{Formula, Op, Real};
use crate::parameter::Parametric;

/// The part of one outcome, from its probabilities.
struct OutcomeFromProbs;

static FROM_PROBS: Op<2> = Op::new::<OutcomeFromProbs>();

impl Formula<2> for OutcomeFromProbs {
    const NAME: &'static str = "KL(Categorical ‖ Categorical)";
    const INPUTS: [&'static str; 2] = ["probs", "other probs"];

    #[inline(always)]
    fn evaluate<R: Real>([p, q]: [R; 2]) -> R {
        mass_gap(p, q)
    }
}

/// The part of one outcome, from the logarithms of its probabilities.
struct OutcomeFromLogs;

static FROM_LOGS: Op<2> = Op::new::<OutcomeFromLogs>();

impl Formula<2> for OutcomeFromLogs {
    const NAME: &'static str = "KL(Categorical ‖ Categorical)";
    const INPUTS: [&'static str; 2] = ["log probs", "other log probs"];

    #[inline(always)]
    fn evaluate<R: Real>([x, y]: [R; 2]) -> R {
        log_mass_gap(x, y)
    }
}

/// Both outcomes of a Bernoulli, from the probabilities of 1.
pub(super) struct BernoulliFromProbs;

static BERNOULLI_FROM_PROBS: Op<2> = Op::new::<BernoulliFromProbs>();

impl Formula<2> for BernoulliFromProbs {
    const NAME: &'static str = "KL(Bernoulli ‖ Bernoulli)";
    const INPUTS: [&'static str; 2] = ["probs", "other probs"];

    #[inline(always)]
    fn evaluate<R: Real>([p, q]: [R; 2]) -> R {
        mass_gap(p, q) + complement_gap(p, q)
    }
}

/// Both outcomes of a Bernoulli, from the logits of 1.
pub(super) struct BernoulliFromLogits;

static BERNOULLI_FROM_LOGITS: Op<2> = Op::new::<BernoulliFromLogits>();

impl Formula<2> for BernoulliFromLogits {
    const NAME: &'static str = "KL(Bernoulli ‖ Bernoulli)";
    const INPUTS: [&'static str; 2] = ["logits", "other logits"];

    #[inline(always)]
    fn evaluate<R: Real>([x, y]: [R; 2]) -> R {
        let one = log_mass_gap(x.log_sigmoid(), y.log_sigmoid());
        let far = one + log_mass_gap((-x).log_sigmoid(), (-y).log_sigmoid());
        // Logarithms of probabilities near ½ have lost what small logits differ by. For d = y − x
        // the divergence is ln(1 + p expm1(d)) − p d, here a difference of gaps in the ratio 1 : p;
        // with p ≤ ½, the rarer outcome, one bit is lost at most.
        let difference = x.sign_of(x - y);
        let p = (-x.abs()).sigmoid();
        let near = p * exp_gap(difference) - log_gap(p * difference.exp_m1());
        R::select(difference.abs().lt(R::constant(0.5)), near, far)
    }
}

/// Whether the probabilities themselves are the parameter: differences of them are then exact.
pub(super) fn gives_probs<const D: usize>(family: &impl Parametric<D>) -> bool {
    family.parameters().iter().any(|p| p.name == "probs")
}

impl<const D: usize> KlDivergence<D, Bernoulli<D>> for Bernoulli<D> {
    fn kl_divergence(&self, other: &Bernoulli<D>) -> Tensor<D> {
        if gives_probs(self) && gives_probs(other) {
            BERNOULLI_FROM_PROBS.apply([self.probs(), other.probs()])
        } else {
            BERNOULLI_FROM_LOGITS.apply([self.logits(), other.logits()])
        }
    }
}

impl<const D: usize> KlDivergence<D, Categorical<D>> for Categorical<D> {
    /// Sums over the categories, whose dimension is kept with size 1.
    ///
    /// # Panics
    ///
    /// If the numbers of categories differ.
    fn kl_divergence(&self, other: &Categorical<D>) -> Tensor<D> {
        // A single category would broadcast.
        assert!(
            self.categories() == other.categories(),
            "Categorical: the divergence between {} categories and {}",
            self.categories(),
            other.categories(),
        );
        let outcomes = if gives_probs(self) && gives_probs(other) {
            FROM_PROBS.apply([self.probs(), other.probs()])
        } else {
            FROM_LOGS.apply([self.log_probs(), other.log_probs()])
        };
        outcomes.sum_dim(D - 1)
    }
}

impl<const D: usize> KlDivergence<D, OneHotCategorical<D>> for OneHotCategorical<D> {
    fn kl_divergence(&self, other: &OneHotCategorical<D>) -> Tensor<D> {
        self.index().kl_divergence(other.index())
    }
}
