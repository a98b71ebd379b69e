//! Divergences to the Gamma.

mod half_line;
mod uniform;

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{ln_ratio, log_gap, ratio_gap};
use super::stirling::{gamma_bregman, stirling_bregman, stirling_slope, trigamma_excess};
use crate::distribution::KlDivergence;
use crate::distributions::Gamma;
use crate::kernel::{Formula, Op, Real};
pub(super) use half_line::log_normal_to_gamma;

/// (a − a′) ψ(a) − ln Γ(a) + ln Γ(a′) + a′ ln(r/r′) + a (r′/r − 1).
///
/// Each term of that is large where the two agree, or where a is large. In exact arithmetic it
/// equals a′ g(u) + ½ g(a′/a) + B, with g(t) = t − 1 − ln t, u = ar′/(a′r) the ratio of the means
/// and B the Bregman divergence of Stirling's remainder, which is small for large a and a′; and
/// also the Bregman divergence of ln Γ, a g(r′/r) and a cross term. Whichever does not cancel is
/// taken; all agree to second order where P and Q agree, so value and gradient are 0 there.
#[inline(always)]
fn gamma_to_gamma<R: Real>([a, rate, to_a, to_rate]: [R; 4]) -> R {
    let difference = to_a - a;
    let log_rates = ln_ratio(to_rate, rate);
    // Where it is far from 0 the logarithm of u from its parts.
    let excess = mean_excess([a, rate, to_a, to_rate]);
    let far = excess - (ln_ratio(a, to_a) + log_rates);
    let means = R::select(excess.abs().lt(R::constant(0.5)), log_gap(excess), far);
    let shared = to_a * means + ratio_gap(to_a, a) * 0.5;
    let large = shared + stirling_bregman(to_a, a);
    let remainders = to_a.ln_gamma_stirling() - a.ln_gamma_stirling();
    let apart = shared + (remainders - difference * stirling_slope(a));
    let close = gamma_bregman(to_a, a) + a * ratio_gap(to_rate, rate) - difference * log_rates;

    let eight = R::constant(8.0);
    let both_large = a.ge(eight) & to_a.ge(eight);
    let near = alike(a, to_a);
    R::select(both_large, large, R::select(near, close, apart))
}

/// Whether two concentrations are within a factor of two.
#[inline(always)]
fn alike<R: Real>(a: R, to_a: R) -> R::Mask {
    to_a.le(a * 2.0) & a.le(to_a * 2.0)
}

/// u − 1, for the ratio u = ar′/(a′r) of the means.
#[inline(always)]
fn mean_excess<R: Real>([a, rate, to_a, to_rate]: [R; 4]) -> R {
    // From exact differences, which cancel in their turn unless the concentrations are alike.
    let near = (a * ((to_rate - rate) / rate) - (to_a - a)) / to_a;
    let far = (a / to_a) * (to_rate / rate) - 1.0;
    R::select(alike(a, to_a), near, far)
}

/// The derivatives in the concentration and the rate, ψ(a) − ln r − E ln x and E x − a/r, from
/// ln(a/r) − E ln x and r E x. The steps of the value have a ratio of the means in them, whose
/// derivatives cancel where the means are far apart.
#[inline(always)]
fn slopes<R: Real>(log_distance: R, share: R, [a, rate]: [R; 2]) -> [R; 2] {
    [log_distance - a.digamma_stirling() / a, (share - a) / rate]
}

struct GammaToGamma;

static GAMMA_TO_GAMMA: Op<4> = Op::new::<GammaToGamma>();

impl Formula<4> for GammaToGamma {
    const NAME: &'static str = "KL(Gamma ‖ Gamma)";
    const INPUTS: [&'static str; 4] =
        ["concentration", "rate", "other concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 4]) -> R {
        gamma_to_gamma(inputs)
    }

    // The gradient is far shorter than the value.
    #[inline(always)]
    fn partials<R: Real>([a, rate, to_a, to_rate]: [R; 4]) -> [R; 4] {
        let difference = to_a - a;
        let relative = (to_rate - rate) / rate;
        // ψ(a′) − ψ(a) as the logarithm of the ratio and two small corrections.
        let below_ln = |a: R| a.digamma_stirling() / a;
        let digammas = ln_ratio(to_a, a) - (below_ln(to_a) - below_ln(a));
        // The ratio of the means less 1, times a′.
        let means = mean_excess([a, rate, to_a, to_rate]) * to_a;
        // a ψ₁(a) is nearly 1 for large a, and r′/r − 1 nearly −1 where a′ is much smaller.
        let apart = to_rate / rate + trigamma_excess(a) - to_a * a.trigamma();
        let close = relative - difference * a.trigamma();
        [
            R::select(to_a.lt(a * 0.5), apart, close),
            -(means / rate),
            digammas - ln_ratio(to_rate, rate),
            means / to_rate,
        ]
    }
}

/// The divergence between two Gammas.
pub(super) fn between_gammas<const D: usize>(parameters: [Tensor<D>; 4]) -> Tensor<D> {
    GAMMA_TO_GAMMA.apply(parameters)
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&GAMMA_TO_GAMMA, self, other)
    }
}
