//! Divergences between laws of counts.

use core::marker::PhantomData;

use burn::tensor::Tensor;

use super::discrete::{BernoulliFromLogits, BernoulliFromProbs, gives_probs};
use super::gaps::{complement_gap, exp_gap, log_gap, log_mass_gap, mass_gap};
use crate::distribution::KlDivergence;
use crate::distributions::{Binomial, Geometric, Poisson};
use crate::kernel::{Formula, Op, Real};

/// λ ln(λ/λ′) − λ + λ′.
struct PoissonToPoisson;

impl Formula<2> for PoissonToPoisson {
    const NAME: &'static str = "KL(Poisson ‖ Poisson)";
    const INPUTS: [&'static str; 2] = ["rate", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([rate, other]: [R; 2]) -> R {
        mass_gap(rate, other)
    }
}

impl<const D: usize> KlDivergence<D, Poisson<D>> for Poisson<D> {
    fn kl_divergence(&self, other: &Poisson<D>) -> Tensor<D> {
        static FORMULA: Op<2> = Op::new::<PoissonToPoisson>();
        FORMULA.apply([self.rate(), other.rate()])
    }
}

/// The divergence between two Bernoullis, once for each of the 1/p trials that a Geometric takes.
struct GeometricFromProbs;

impl Formula<2> for GeometricFromProbs {
    const NAME: &'static str = "KL(Geometric ‖ Geometric)";
    const INPUTS: [&'static str; 2] = ["probs", "other probs"];

    #[inline(always)]
    fn evaluate<R: Real>([p, q]: [R; 2]) -> R {
        (mass_gap(p, q) + complement_gap(p, q)) / p
    }
}

/// The same from logits.
struct GeometricFromLogits;

impl Formula<2> for GeometricFromLogits {
    const NAME: &'static str = "KL(Geometric ‖ Geometric)";
    const INPUTS: [&'static str; 2] = ["logits", "other logits"];

    #[inline(always)]
    fn evaluate<R: Real>([x, y]: [R; 2]) -> R {
        let p = x.sigmoid();
        let success = log_mass_gap(x.log_sigmoid(), y.log_sigmoid());
        let failure = log_mass_gap((-x).log_sigmoid(), (-y).log_sigmoid());
        let far = (success + failure) / p;
        // Logarithms of probabilities near ½ have lost what small logits differ by: from the rarer
        // outcome, of probability s, s (e^d − 1 − d) − (t − ln(1 + t)) with t = s (e^d − 1) and d
        // the change of its logit. Divided by p at once, which may be as small as s.
        let rare = x.lt(R::constant(0.0));
        let d = R::select(rare, y - x, x - y);
        let s = R::select(rare, p, (-x).sigmoid());
        let share = R::select(rare, R::constant(1.0), s / p);
        let near = share * exp_gap(d) - log_gap(s * d.exp_m1()) / p;
        R::select(d.abs().lt(R::constant(0.5)), near, far)
    }

    // Far shorter than the value, and without its quotient by p², which overflows.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 2]) -> [R; 2] {
        let [x, y] = inputs;
        let d = x - y;
        // (p′ − p)/p: as p′ q (1 − e^(x − y))/p where that is near 0, and far from it by whichever of
        // p and q is the smaller.
        let log_ratio = y.log_sigmoid() - x.log_sigmoid();
        let near = -(log_ratio.exp() * (-x).sigmoid() * d.exp_m1());
        let by_failures = ((-x).sigmoid() - (-y).sigmoid()) / x.sigmoid();
        let rare = x.lt(R::constant(0.0));
        let far = R::select(rare, log_ratio.exp() - 1.0, by_failures);
        let by_other = R::select(d.abs().lt(R::constant(1.0)), near, far);
        [(-x).sigmoid() * (d - Self::evaluate(inputs)), by_other]
    }
}

impl<const D: usize> KlDivergence<D, Geometric<D>> for Geometric<D> {
    fn kl_divergence(&self, other: &Geometric<D>) -> Tensor<D> {
        static FROM_PROBS: Op<2> = Op::new::<GeometricFromProbs>();
        static FROM_LOGITS: Op<2> = Op::new::<GeometricFromLogits>();
        if gives_probs(self) && gives_probs(other) {
            FROM_PROBS.apply([self.probs(), other.probs()])
        } else {
            FROM_LOGITS.apply([self.logits(), other.logits()])
        }
    }
}

/// The divergence of one trial, once for each of as many.
struct Trials<F>(PhantomData<fn() -> F>);

impl<F: Formula<2>> Formula<4> for Trials<F> {
    const NAME: &'static str = "KL(Binomial ‖ Binomial)";
    const INPUTS: [&'static str; 4] =
        ["total_count", "other total_count", F::INPUTS[0], F::INPUTS[1]];

    #[inline(always)]
    fn evaluate<R: Real>([n, m, x, y]: [R; 4]) -> R {
        // A law of fewer trials cannot reach as far; of more there is no closed form.
        let (infinity, nan) = (R::constant(f64::INFINITY), R::constant(f64::NAN));
        let unequal = R::select(n.gt(m), infinity, nan);
        R::select(n.equal(m), n * F::evaluate([x, y]), unequal)
    }

    // No slope in either number alone is known: where they differ there is no closed form.
    #[inline(always)]
    fn partials<R: Real>([n, m, x, y]: [R; 4]) -> [R; 4] {
        let zero = R::constant(0.0);
        let [by_parameter, by_other] = F::partials([x, y]);
        let of_all = |slope: R| R::select(n.equal(m), n * slope, zero);
        [zero, zero, of_all(by_parameter), of_all(by_other)]
    }
}

impl<const D: usize> KlDivergence<D, Binomial<D>> for Binomial<D> {
    /// Where the other law has fewer trials +∞, for an event that is possible; where it has more,
    /// NaN: there is no closed form. No gradient flows to the numbers of trials.
    fn kl_divergence(&self, other: &Binomial<D>) -> Tensor<D> {
        static FROM_PROBS: Op<4> = Op::new::<Trials<BernoulliFromProbs>>();
        static FROM_LOGITS: Op<4> = Op::new::<Trials<BernoulliFromLogits>>();
        let [n, m] = [self.total_count(), other.total_count()];
        if gives_probs(self) && gives_probs(other) {
            FROM_PROBS.apply([n, m, self.probs(), other.probs()])
        } else {
            FROM_LOGITS.apply([n, m, self.logits(), other.logits()])
        }
    }
}

/// Of the events before one failure, from logits: those of the failure are a Geometric's.
pub(super) struct EventsFromLogits;

impl Formula<2> for EventsFromLogits {
    const NAME: &'static str = "KL(NegativeBinomial ‖ NegativeBinomial)";
    const INPUTS: [&'static str; 2] = ["logits", "other logits"];

    #[inline(always)]
    fn evaluate<R: Real>([x, y]: [R; 2]) -> R {
        GeometricFromLogits::evaluate([-x, -y])
    }

    #[inline(always)]
    fn partials<R: Real>([x, y]: [R; 2]) -> [R; 2] {
        let [by_parameter, by_other] = GeometricFromLogits::partials([-x, -y]);
        [-by_parameter, -by_other]
    }
}
