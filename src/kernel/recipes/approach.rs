//! One step from a point towards the quantile of a law whose tails have a concave logarithm.

use super::super::masks;
use super::super::real::Real;

/// The logarithms of the tails at a point, and the density there over each.
pub(super) struct Tails<R> {
    pub(super) log_p: R,
    pub(super) log_q: R,
    pub(super) kernel_over_p: R,
    pub(super) kernel_over_q: R,
}

/// Newton's method towards the point below which the probability is p, and q = 1 − p above.
pub(super) struct Approach<R> {
    /// The probabilities of the point that is looked for.
    goal: [R; 2],
    /// The density K over the smaller tail.
    hazard: R,
    /// The step.
    newton: R,
    /// The derivative of the logarithm of the hazard.
    bend: R,
}

impl<R: Real> Approach<R> {
    /// From a point with these tails, where the derivative of ln K is `slope`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn new(at: &Tails<R>, slope: R, [p, q]: [R; 2]) -> Self {
        let lower = p.lt(R::constant(0.5));
        let excess = R::select(lower, at.log_p, at.log_q) - R::select(lower, p, q).ln();
        let hazard = R::select(lower, at.kernel_over_p, at.kernel_over_q);
        Self {
            goal: [p, q],
            hazard,
            newton: R::select(lower, -excess, excess) / hazard,
            bend: slope + R::select(lower, -hazard, hazard),
        }
    }

    /// Halley's step from `point`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn next(self, point: R) -> R {
        let Self { goal: [p, q], newton, bend, .. } = self;
        // Far from the root Halley's denominator can vanish; within these bounds a step only
        // shortens or lengthens Newton's by two.
        let denominator = (newton * bend * 0.5 + 1.0).max(R::constant(0.5)).min(R::constant(2.0));
        let next = point + newton / denominator;
        // Only the smaller of p and q is read, so a NaN in the other must be carried by hand.
        let next = R::select(p.is_nan() | q.is_nan(), p + q, next);
        let next = R::select(p.equal(R::constant(0.0)), R::constant(f64::NEG_INFINITY), next);
        R::select(q.equal(R::constant(0.0)), R::constant(f64::INFINITY), next)
    }

    /// K at the quantile, from a point next to it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn kernel(self) -> KernelAtQuantile<R> {
        // As p times K/P, with one step of that ratio to where P is p: for large parameters K itself
        // changes by much within the rounding of the point.
        let [p, q] = self.goal;
        let change = self.newton * self.bend;
        let small = change.abs().lt(R::constant(1e-2));
        let change = R::select(small, change, R::constant(0.0));
        let tail = R::select(p.lt(R::constant(0.5)), p, q);
        KernelAtQuantile {
            value: tail * self.hazard * change.exp(),
            logarithm: tail.ln() + self.hazard.ln() + change,
        }
    }
}

/// The density K at a quantile.
pub(crate) struct KernelAtQuantile<R> {
    value: R,
    /// Has lost digits where it is large; but K may underflow.
    logarithm: R,
}

impl<R: Real> KernelAtQuantile<R> {
    /// x/K for a positive x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn divide(&self, x: R, log_x: R) -> R {
        let smallest = masks::smallest::<R>();
        let known = self.value.gt(smallest) & x.gt(smallest);
        R::select(known, x / self.value, (log_x - self.logarithm).exp())
    }
}
