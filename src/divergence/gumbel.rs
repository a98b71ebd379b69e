//! Divergences to the Gumbel.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{exp_gap, scale_gap};
use super::weibull::power_gaps;
use crate::distribution::KlDivergence;
use crate::distributions::{Gumbel, Normal};
use crate::kernel::{Formula, Op, Real};

/// 1 − ½ ln 2π, the least divergence of a Normal.
const NORMAL_EXCESS: f64 = 0.081_061_466_795_327_26;

/// e^(−x) of a Gumbel is a Weibull variate, so the two divergences are one.
struct GumbelToGumbel;

impl Formula<4> for GumbelToGumbel {
    const NAME: &'static str = "KL(Gumbel ‖ Gumbel)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        power_gaps((to_loc - loc) / to_scale, scale, to_scale)
    }
}

impl<const D: usize> KlDivergence<D, Gumbel<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &Gumbel<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<GumbelToGumbel>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E e^(−z) = e^(w): e^w − 1 − w and half the gap of the squared scales, w = −E z + ½ Var z.
struct NormalToGumbel;

impl Formula<4> for NormalToGumbel {
    const NAME: &'static str = "KL(Normal ‖ Gumbel)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        normal_gaps((to_loc - loc) / to_scale, scale, to_scale)
    }

    #[inline(always)]
    fn partials<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> [R; 4] {
        let shift = (to_loc - loc) / to_scale;
        let [by_shift, by_scale, by_log_width] = normal_gap_slopes(shift, scale, to_scale);
        let by_loc = by_shift / to_scale;
        [-by_loc, by_scale, by_loc, by_log_width / to_scale]
    }
}

/// The divergence from a Normal of standard deviation `scale`, whose mean lies `shift` widths
/// `to_scale` below the mode of the Gumbel.
#[inline(always)]
pub(super) fn normal_gaps<R: Real>(shift: R, scale: R, to_scale: R) -> R {
    let w = shift + (scale / to_scale).square() * 0.5;
    exp_gap(w) + scale_gap(scale, to_scale) + NORMAL_EXCESS
}

/// Its derivatives in the shift and in the scale, and in the logarithm of the width where the shift is a
/// distance over it.
#[inline(always)]
pub(super) fn normal_gap_slopes<R: Real>(shift: R, scale: R, to_scale: R) -> [R; 3] {
    let ratio = scale / to_scale;
    let w = shift + ratio.square() * 0.5;
    // e^w σ²/σ′² − 1, where the two gaps of the value have σ²/σ′² in them, to cancel.
    let spread = w.exp() * ratio.square() - 1.0;
    let by_shift = w.exp_m1();
    // Where e^w overflows, both would, with opposite signs; for w > 0 their factors do not cancel.
    let near = spread + by_shift * shift;
    let far = w.exp() * (ratio.square() + shift) - (shift + 1.0);
    let by_log_width = -R::select(w.gt(R::constant(1.0)), far, near);
    [by_shift, spread / scale, by_log_width]
}

impl<const D: usize> KlDivergence<D, Gumbel<D>> for Normal<D> {
    fn kl_divergence(&self, other: &Gumbel<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<NormalToGumbel>();
        closed_form(&FORMULA, self, other)
    }
}
