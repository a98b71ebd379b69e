//! Divergences between laws of counts.

use burn::tensor::Tensor;

use super::discrete::gives_probs;
use super::gaps::{exp_gap, log_gap, log_mass_gap, mass_gap};
use crate::distribution::KlDivergence;
use crate::distributions::{Geometric, Poisson};
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
        (mass_gap(p, q) + mass_gap(-p + 1.0, -q + 1.0)) / p
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
