//! The divergence between two Betas.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{ln_ratio, log_gap};
use super::stirling::{gamma_bregman_by, stirling_bregman_by, trigamma_excess, trigamma_rest_fall};
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::KlDivergence;
use crate::distributions::{Beta, beta_entropy};
use crate::kernel::{Formula, Op, Real};

/// From where Stirling's series serves.
const LARGE: f64 = 8.0;

/// A shape, or the sum of both: that of P, that of Q, and their difference.
#[derive(Clone, Copy)]
pub(super) struct Move<R> {
    pub(super) from: R,
    pub(super) to: R,
    pub(super) difference: R,
}

impl<R: Real> Move<R> {
    #[inline(always)]
    pub(super) fn new(from: R, to: R) -> Self {
        Self { from, to, difference: to - from }
    }

    /// From the difference itself.
    #[inline(always)]
    pub(super) fn by(from: R, difference: R) -> Self {
        Self { from, to: from + difference, difference }
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        // The differences of the parts: that of the sums would round them away.
        let difference = self.difference + other.difference;
        Self { from: self.from + other.from, to: self.to + other.to, difference }
    }

    /// What is left of a sum.
    #[inline(always)]
    pub(super) fn minus(self, other: Self) -> Self {
        let difference = self.difference - other.difference;
        Self { from: self.from - other.from, to: self.to - other.to, difference }
    }

    #[inline(always)]
    fn select(mask: R::Mask, then: Self, otherwise: Self) -> Self {
        Self {
            from: R::select(mask, then.from, otherwise.from),
            to: R::select(mask, then.to, otherwise.to),
            difference: R::select(mask, then.difference, otherwise.difference),
        }
    }

    /// Whether both are large.
    #[inline(always)]
    pub(super) fn large(&self) -> R::Mask {
        self.from.min(self.to).ge(R::constant(LARGE))
    }

    /// Whether they are within a factor of two.
    #[inline(always)]
    pub(super) fn near(&self) -> R::Mask {
        self.to.le(self.from * 2.0) & self.from.le(self.to * 2.0)
    }

    /// ln Γ(to) − ln Γ(from) − (to − from) ψ(from) ≥ 0.
    #[inline(always)]
    pub(super) fn bregman(&self) -> R {
        // By Γ(1 + x) = x Γ(x) two such, neither negative: ln Γ itself grows beyond all bounds towards 0.
        let (from, to) = (self.from + 1.0, self.to + 1.0);
        let (_, gap) = self.ratio();
        let next = to.ln_gamma() - from.ln_gamma() - self.difference * from.digamma();
        let apart = next + gap;
        R::select(self.near(), gamma_bregman_by(self.difference, self.from), apart)
    }

    /// ln(to/from) and to/from − 1 less that.
    #[inline(always)]
    pub(super) fn ratio(&self) -> (R, R) {
        let relative = self.difference / self.from;
        let close = relative.abs().lt(R::constant(0.5));
        let log = R::select(close, relative.ln_1p(), ln_ratio(self.to, self.from));
        (log, R::select(close, log_gap(relative), relative - log))
    }

    /// What a shape adds that is not large at Q, beside a large total: its own divergence and that
    /// of a scale.
    #[inline(always)]
    pub(super) fn beside(&self, total: &Self) -> R {
        let (log_total, gap) = total.ratio();
        let near = self.bregman() + (self.from * gap - self.difference * log_total);
        // From a large shape both parts are large and cancel: by Stirling's formula for that one.
        let mean = self.from * (total.to / total.from);
        let slope = self.difference / self.from * self.from.digamma_stirling();
        let rest = self.from.ln() * 0.5 - HALF_LN_TWO_PI - self.from.ln_gamma_stirling() + slope;
        let apart = self.to.ln_gamma() - self.to * mean.ln() + mean + rest;
        let falling = self.from.ge(R::constant(LARGE)) & !self.near();
        R::select(falling, apart, near)
    }

    /// What is gained on the share of Q, times both totals: `from` n′ − `to` n, where the
    /// difference of the products would cancel for shapes that nearly agree.
    #[inline(always)]
    pub(super) fn gain(&self, other: &Self) -> R {
        let close = self.from * other.difference - other.from * self.difference;
        let apart = self.from * other.to - self.to * other.from;
        R::select(self.near() & other.near(), close, apart)
    }

    /// to · g of the share of P over that of Q, less 1, with g(t) = t − ln(1 + t), where `cross`/n
    /// is what is gained on the share of Q.
    #[inline(always)]
    pub(super) fn share_gap(self, total: Self, cross: R) -> R {
        let excess = cross / self.to / total.from;
        let far = excess - (ln_ratio(self.from, self.to) + ln_ratio(total.to, total.from));
        self.to * R::select(excess.abs().lt(R::constant(0.5)), log_gap(excess), far)
    }

    /// The derivatives of the divergence in both shapes, beside the sum of the others, with `cross`
    /// as in [`share_gap`](Self::share_gap).
    #[inline(always)]
    pub(super) fn slopes(self, others: Self, total: Self, cross: R) -> [R; 2] {
        // (n′ − n) ψ₁(n) − (a′ − a) ψ₁(a), of which 1/x in ψ₁(x) leaves the change of the share.
        // What is left falls by little from a to n where the others are small.
        let rest = total.from.recip() * trigamma_excess(total.from);
        let fall = trigamma_rest_fall(self.from, others.from);
        let shared = cross / self.from / total.from;
        let by_from = shared + (others.difference * rest - self.difference * fall);
        // ψ(a′) − ψ(a) less the same of the totals: for large shapes that is the logarithm of the
        // share and small corrections; else as differences near P, and apart as those from the totals.
        let moved = |of: Self| of.from.digamma_difference(of.difference);
        let near = moved(self) - moved(total);
        let below = |x: R, rest: R| x.digamma_difference(rest);
        let apart = below(self.from, others.from) - below(self.to, others.to);
        let below_log =
            |of: Self| of.to.digamma_stirling() / of.to - of.from.digamma_stirling() / of.from;
        let share = (cross / self.to / total.from).ln_1p();
        let large = below_log(total) - below_log(self) - share;
        let beside = (others.from * 2.0).lt(self.from);
        let close = self.near() & total.near() & !beside;
        let by_to = R::select(close & self.large(), large, R::select(close, near, apart));
        [by_from, by_to]
    }

    /// The same of −½ ln x and of Stirling's remainder.
    #[inline(always)]
    pub(super) fn corrections(&self) -> R {
        let (_, gap) = self.ratio();
        gap * 0.5 + stirling_bregman_by(self.difference, self.from + self.difference, self.from)
    }
}

/// With G(x′, x) = ln Γ(x′) − ln Γ(x) − (x′ − x) ψ(x), the divergence is
/// G(a′, a) + G(b′, b) − G(a′ + b′, a + b).
///
/// For large shapes that cancels; with Stirling's formula taken out, the divergence between two
/// coins with the shares as probabilities is left, a′ + b′ times, and small corrections. Where one
/// shape is large and the other is not, the Beta is nearly a Gamma, and so is its divergence. All
/// forms agree to second order where P and Q agree, so value and gradient are 0 there.
#[inline(always)]
fn beta_to_beta<R: Real>([a, b, to_a, to_b]: [R; 4]) -> R {
    let (first, second) = (Move::new(a, to_a), Move::new(b, to_b));
    let swapped = second.from.min(second.to).lt(first.from.min(first.to));
    let small = Move::select(swapped, second, first);
    let large = Move::select(swapped, first, second);
    let total = small.plus(large);

    let gain = small.gain(&large);
    let of_small = small.share_gap(total, gain);
    let of_large = large.share_gap(total, -gain);
    let corrections = large.corrections() - total.corrections();
    let both = of_small + of_large + (small.corrections() + corrections);
    let mixed = small.beside(&total) + (of_large + corrections);

    let close = small.bregman() + large.bregman() - total.bregman();
    // The cross entropy less the entropy, neither of which cancels for large shapes; both do for
    // shapes near 0, where the difference of the normalisers does not.
    let (below_one, below_zero) = (a.digamma_difference(b), b.digamma_difference(a));
    let normaliser = to_a.ln_beta(to_b);
    let of_large =
        normaliser - beta_entropy(a, b) + (to_a - 1.0) * below_one + (to_b - 1.0) * below_zero;
    let of_small =
        normaliser - a.ln_beta(b) + first.difference * below_one + second.difference * below_zero;
    let textbook = R::select(a.min(b).lt(R::constant(1.0)), of_small, of_large);
    let both_small = R::select(small.near() & large.near(), close, textbook);

    R::select(small.large(), both, R::select(large.large(), mixed, both_small))
}

static BETA_TO_BETA: Op<4> = Op::new::<BetaToBeta>();

struct BetaToBeta;

impl Formula<4> for BetaToBeta {
    const NAME: &'static str = "KL(Beta ‖ Beta)";
    const INPUTS: [&'static str; 4] =
        ["concentration1", "concentration0", "other concentration1", "other concentration0"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 4]) -> R {
        beta_to_beta(inputs)
    }

    // The gradient is far shorter than the value.
    #[inline(always)]
    fn partials<R: Real>([a, b, to_a, to_b]: [R; 4]) -> [R; 4] {
        let (first, second) = (Move::new(a, to_a), Move::new(b, to_b));
        let total = first.plus(second);
        let gain = first.gain(&second);
        let [by_a, by_to_a] = first.slopes(second, total, gain);
        let [by_b, by_to_b] = second.slopes(first, total, -gain);
        [by_a, by_b, by_to_a, by_to_b]
    }
}

impl<const D: usize> KlDivergence<D, Beta<D>> for Beta<D> {
    fn kl_divergence(&self, other: &Beta<D>) -> Tensor<D> {
        closed_form(&BETA_TO_BETA, self, other)
    }
}
