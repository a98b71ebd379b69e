//! The divergence between two Dirichlets, as a sum over the entries.

use burn::tensor::Tensor;

use super::beta::Move;
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::KlDivergence;
use crate::distributions::{Dirichlet, dirichlet_entropy_rest, dirichlet_entropy_term};
use crate::kernel::rows::sum_rows;
use crate::kernel::{Formula, Op, Real};

/// What an entry adds, of its α and α′, the total n and its change n′ − n.
static TERM: Op<4> = Op::new::<Term>();
/// What the totals add.
static REST: Op<2> = Op::new::<Rest>();

struct Term;

/// With G(x′, x) = ln Γ(x′) − ln Γ(x) − (x′ − x) ψ(x), the divergence is Σ G(α′, α) − G(n′, n).
///
/// For large totals that cancels. With Stirling's formula taken out of the last, and n′ ln(n′/n)
/// given to the entries in proportion to α′, an entry of large α leaves its part of the divergence
/// between two categoricals with the shares as probabilities, and one of small α that between two
/// gammas. For small totals that are far apart it is n (ln n − 1) that the entries get.
impl Formula<4> for Term {
    const NAME: &'static str = "KL(Dirichlet ‖ Dirichlet)";
    const INPUTS: [&'static str; 4] =
        ["concentration", "other concentration", "total", "difference of totals"];

    #[inline(always)]
    fn evaluate<R: Real>([a, to_a, total, difference]: [R; 4]) -> R {
        let (own, all) = (Move::new(a, to_a), Move::by(total, difference));
        let small = own.beside(&all);
        let large = own.share_gap(all, own.gain(&all)) + own.corrections();
        let of_large = R::select(own.large(), large, small);

        // The cross entropy less the entropy, neither of which cancels.
        let stirling = to_a * (to_a / all.to).ln() - to_a.ln() * 0.5
            + (to_a.ln_gamma_stirling() + HALF_LN_TWO_PI);
        let whole = to_a.ln_gamma() - to_a * (all.to.ln() - 1.0);
        let normaliser = R::select(to_a.ge(R::constant(8.0)), stirling, whole);
        let cross = normaliser + (to_a - 1.0) * (total.digamma() - a.digamma());
        let apart = cross - dirichlet_entropy_term(a, total);
        let of_small = R::select(all.near(), own.bregman(), apart);
        R::select(all.large(), of_large, of_small)
    }

    // The gradient is far shorter than the value, and has that of the totals in it.
    #[inline(always)]
    fn partials<R: Real>([a, to_a, total, difference]: [R; 4]) -> [R; 4] {
        let zero = R::constant(0.0);
        let (own, all) = (Move::new(a, to_a), Move::by(total, difference));
        let [by_from, by_to] = own.slopes(all.minus(own), all, own.gain(&all));
        [by_from, by_to, zero, zero]
    }
}

struct Rest;

impl Formula<2> for Rest {
    const NAME: &'static str = "KL(Dirichlet ‖ Dirichlet)";
    const INPUTS: [&'static str; 2] = ["total", "difference of totals"];

    #[inline(always)]
    fn evaluate<R: Real>([total, difference]: [R; 2]) -> R {
        let all = Move::by(total, difference);
        // −ln Γ(n′) + n′ (ln n′ − 1).
        let normaliser = all.to.ln() * 0.5 - all.to.ln_gamma_stirling() - HALF_LN_TWO_PI;
        let apart = normaliser - dirichlet_entropy_rest(total);
        let of_small = R::select(all.near(), -all.bregman(), apart);
        R::select(all.large(), -all.corrections(), of_small)
    }
}

impl<const D: usize> KlDivergence<D, Dirichlet<D>> for Dirichlet<D> {
    fn kl_divergence(&self, other: &Dirichlet<D>) -> Tensor<D> {
        let (from, to) = (self.concentration(), other.concentration());
        let total = sum_rows(from.clone());
        // Of the differences of the entries: that of the totals would round them away.
        let difference = sum_rows(to.clone() - from.clone());
        // The gradient along the totals is in that of the entries.
        let totals = || [total.clone().detach(), difference.clone().detach()];
        let [held, moved] = totals();
        sum_rows(TERM.apply([from, to, held, moved])) + REST.apply(totals())
    }
}
