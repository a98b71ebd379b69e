//! Moments, mode and entropy.

use core::f64::consts::PI;

use super::super::powers::ln_quotient;
use super::Formulas;
use crate::kernel::{Real, SummaryFormulas, masks};

/// The mean α b/sin b and b cot b for b = π/β, and (1 − b cot b)/b².
#[inline(always)]
fn tangents<R: Real>([scale, concentration]: [R; 2]) -> [R; 3] {
    // Of a large β the slope of the mean cancels, and the deviation. The continued fraction of the
    // tangent makes b cot b = 1 − b² k without; (b/sin b)² is b² + (b cot b)².
    let b = concentration.recip() * PI;
    let mut k = R::constant(0.0);
    for order in (1..=16).rev() {
        k = (b.square() * -k + f64::from(2 * order + 1)).recip();
    }
    let cotangent = b.square() * -k + 1.0;
    [scale * (b.square() + cotangent.square()).sqrt(), cotangent, k]
}

/// `inside`, or `value` up to a concentration of `end`.
#[inline(always)]
fn beyond<R: Real>(end: f64, [scale, concentration]: [R; 2], value: f64, inside: R) -> R {
    masks::outside(concentration.le(R::constant(end)), [scale], value, inside)
}

impl SummaryFormulas<2> for Formulas {
    const NAME: &'static str = "LogLogistic";
    const PARAMETERS: [&'static str; 2] = ["scale", "concentration"];

    #[inline(always)]
    fn mean<R: Real>(parameters: [R; 2]) -> R {
        let [mean, ..] = tangents(parameters);
        beyond(1.0, parameters, f64::INFINITY, mean)
    }

    /// α √(2b/sin 2b − (b/sin b)²).
    #[inline(always)]
    fn std_dev<R: Real>(parameters: [R; 2]) -> R {
        let [mean, cotangent, k] = tangents(parameters);
        let b = parameters[1].recip() * PI;
        beyond(2.0, parameters, f64::INFINITY, mean * b * (k / cotangent).sqrt())
    }

    #[inline(always)]
    fn mode<R: Real>([scale, concentration]: [R; 2]) -> R {
        // (β − 1)/(β + 1) keeps the digits of β − 1, ln(1 − 2/(β + 1)) those of 1/β.
        let near = ((concentration - 1.0) / (concentration + 1.0)).ln();
        let far = ((concentration + 1.0).recip() * -2.0).ln_1p();
        let log = R::select(concentration.lt(R::constant(2.0)), near, far);
        let inside = scale * (log / concentration).exp();
        beyond(1.0, [scale, concentration], 0.0, inside)
    }

    #[inline(always)]
    fn entropy<R: Real>([scale, concentration]: [R; 2]) -> R {
        let inside = ln_quotient(scale, concentration) + 2.0;
        beyond(0.0, [scale, concentration], f64::NAN, inside)
    }
}
