//! Moments, mode and entropy: those of s E⁻ᵗ for a standard exponential variate E and t = 1/α.

use core::f64::consts::EULER_GAMMA;

use super::super::powers::{ln_quotient, scaled};
use super::super::weibull::moments::deviation;
use super::Formulas;
use crate::kernel::{Real, SummaryFormulas, masks};

/// 1 − t and 1 − 2t.
#[inline(always)]
fn rests<R: Real>(concentration: R) -> [R; 2] {
    // (α − n)/α keeps the digits of α − n, but its slope n t² would cancel for a large α.
    let t = concentration.recip();
    [1.0, 2.0].map(|order| {
        let rest = (concentration - order) / concentration;
        rest.with_slope(t.square() * order, concentration)
    })
}

/// `moment`, which is infinite up to a concentration of `order`.
#[inline(always)]
fn beyond<R: Real>(order: f64, [scale, concentration]: [R; 2], moment: R) -> R {
    masks::outside(concentration.le(R::constant(order)), [scale], f64::INFINITY, moment)
}

impl SummaryFormulas<2> for Formulas {
    const NAME: &'static str = "Frechet";
    const PARAMETERS: [&'static str; 2] = ["scale", "concentration"];

    /// s Γ(1 − t).
    #[inline(always)]
    fn mean<R: Real>([scale, concentration]: [R; 2]) -> R {
        let [first, _] = rests(concentration);
        beyond(1.0, [scale, concentration], scaled(scale, first.ln_gamma()))
    }

    /// s √(Γ(1 − 2t) − Γ(1 − t)²).
    #[inline(always)]
    fn std_dev<R: Real>([scale, concentration]: [R; 2]) -> R {
        let moment = deviation(scale, -concentration.recip(), rests(concentration));
        beyond(2.0, [scale, concentration], moment)
    }

    /// s (1 + t)⁻ᵗ.
    #[inline(always)]
    fn mode<R: Real>([scale, concentration]: [R; 2]) -> R {
        let t = concentration.recip();
        scaled(scale, -(t * t.ln_1p()))
    }

    /// γ (1 + t) + ln(s t) + 1.
    #[inline(always)]
    fn entropy<R: Real>([scale, concentration]: [R; 2]) -> R {
        let log = ln_quotient(scale, concentration);
        log + concentration.recip() * EULER_GAMMA + (EULER_GAMMA + 1.0)
    }
}
