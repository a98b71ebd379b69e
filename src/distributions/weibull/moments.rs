//! Moments, mode and entropy.

use core::f64::consts::EULER_GAMMA;

use super::super::powers::{ln_quotient, scaled};
use super::Formulas;
use crate::divergence::stirling::gamma_bregman_by;
use crate::kernel::{Real, SummaryFormulas, masks};

impl SummaryFormulas<2> for Formulas {
    const NAME: &'static str = "Weibull";
    const PARAMETERS: [&'static str; 2] = ["scale", "concentration"];

    /// λ Γ(1 + 1/k).
    #[inline(always)]
    fn mean<R: Real>([scale, concentration]: [R; 2]) -> R {
        scaled(scale, (concentration.recip() + 1.0).ln_gamma())
    }

    /// λ √(Γ(1 + 2/k) − Γ(1 + 1/k)²).
    #[inline(always)]
    fn std_dev<R: Real>([scale, concentration]: [R; 2]) -> R {
        let t = concentration.recip();
        deviation(scale, t, [t + 1.0, t * 2.0 + 1.0])
    }

    /// λ (1 − 1/k)^(1/k), and 0 for k ≤ 1.
    #[inline(always)]
    fn mode<R: Real>([scale, concentration]: [R; 2]) -> R {
        // (k − 1)/k keeps the digits of k − 1, ln(1 − 1/k) those of 1/k.
        let t = concentration.recip();
        let near = ((concentration - 1.0) / concentration).ln();
        let log = R::select(concentration.lt(R::constant(2.0)), near, (-t).ln_1p());
        let at_zero = concentration.le(R::constant(1.0));
        masks::outside(at_zero, [scale], 0.0, scale * (log * t).exp())
    }

    /// γ (1 − 1/k) + ln(λ/k) + 1.
    #[inline(always)]
    fn entropy<R: Real>([scale, concentration]: [R; 2]) -> R {
        let log = ln_quotient(scale, concentration);
        log - concentration.recip() * EULER_GAMMA + (EULER_GAMMA + 1.0)
    }
}

/// The standard deviation of λ Eᵗ for a standard exponential variate E and t > −½, given 1 + t and
/// 1 + 2t as well.
#[inline(always)]
pub(in super::super) fn deviation<R: Real>(scale: R, t: R, [first, second]: [R; 2]) -> R {
    // The larger term taken out, Γ(1 + 2t) (1 − e^−d), with d = ln Γ(1 + 2t) − 2 ln Γ(1 + t).
    // For small t both logarithms are −γt and more, and d is t² only: by Γ(1 + x) = Γ(9 + x)/∏(k + x)
    // it is a sum of ln((k + t)²/(k (k + 2t))), which do not cancel, and of what is left at 9, a tenth
    // of it.
    let nine = R::constant(9.0);
    let mut near = gamma_bregman_by(t * 2.0, nine) - gamma_bregman_by(t, nine) * 2.0;
    for k in (2..=8).rev().map(f64::from) {
        near = near + (t.square() / ((t * 2.0 + k) * k)).ln_1p();
    }
    let near = near + (t.square() / second).ln_1p();
    let largest = second.ln_gamma();
    let far = largest - first.ln_gamma() * 2.0;
    let root = (-(-R::select(t.lt(R::constant(0.5)), near, far)).exp_m1()).sqrt();
    // t² itself underflows where the deviation, that of a Gumbel, does not.
    let tiny = t.abs() * (core::f64::consts::PI / 6.0_f64.sqrt());
    scaled(scale, largest * 0.5) * R::select(t.abs().lt(R::constant(1e-15)), tiny, root)
}
