//! The error function and its complement.

use super::exponential::{exp_extended, over_sum};
use super::polynomial;

/// `erf(x) = 2/√π ∫₀ˣ exp(-t²) dt`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erf(x: f32) -> f32 {
    let a = x.abs();
    // erf(√z)/√z - 1 on [0, 1]; 7 coefficients, fit error 2^-27.5.
    let near = polynomial(
        a * a,
        [
            0.128_379_17,
            -0.376_126_26,
            0.112_835_94,
            -0.026_854_211,
            0.005_189_087,
            -0.000_801_686_4,
            7.875_875e-5,
        ],
    )
    .mul_add(a, a);
    // erf(2.5 + v) - 1 for 2.5 + v on [1, 3.925], after which erf rounds to 1; 15 coefficients, fit
    // error 2^-26.95.
    let bounded = if a > 3.925 { 3.925 } else { a };
    let far = 1.0
        + polynomial(
            bounded - 2.5,
            [
                -0.00040695482,
                0.002178213,
                -0.0054455604,
                0.008351338,
                -0.008623678,
                0.006110943,
                -0.0027942169,
                0.0005570701,
                0.00025383357,
                -0.00026777943,
                8.476267e-05,
                1.6594902e-05,
                -1.7069984e-05,
                6.812437e-07,
                1.084962e-06,
            ],
        );
    let far = if far > 1.0 { 1.0 } else { far };
    // NaN fails the comparison and comes through the far arm.
    (if a < 1.0 { near } else { far }).copysign(x)
}

/// `1 - erf(x)`, with full relative accuracy in the right tail.
///
/// For x ≥ 0 it is `exp(-x²) (1 + g(t)) / (1 + 2x)` with `t = (x - 3) / (x + 3)` (after Shepherd and
/// Laframboise 1981), so one smooth polynomial covers the half-line.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erfc(x: f32) -> f32 {
    // At 10.1 the result is below half the least subnormal.
    let a = x.abs();
    let a = if a > 10.1 { 10.1 } else { a };
    // g on x in [0, 10.1]; 11 coefficients, fit error 2^-25.5.
    // As 2a / (a + 3) - 1: for small a the slope of g is large, and a - 3 would lose a.
    let t = (a / (a + 3.0)).mul_add(2.0, -1.0);
    let g = polynomial(
        t,
        [
            0.253_008_07,
            -0.135_621_15,
            -0.047_562_28,
            0.129_646_57,
            -0.119_272_65,
            0.068_293_51,
            -0.023_790_235,
            0.002_579_434_8,
            0.001_994_474_6,
            -0.000_798_339_14,
            -0.000_277_326_9,
        ],
    );
    // exp multiplies the error of its argument by up to 102: x² is kept in two parts.
    let square = a * a;
    let square_lost = a.mul_add(a, -square);
    let (mantissa, (first, second)) = exp_extended(-square, -square_lost);
    // Sums and quotient are rounded as one, which saves half the error.
    let numerator = 1.0 + g;
    let numerator_low = (1.0 - numerator) + g;
    let doubled = 2.0 * a;
    let (larger, smaller) = if doubled > 1.0 { (doubled, 1.0) } else { (1.0, doubled) };
    let quotient = over_sum(numerator, numerator_low, larger, smaller);
    let tail = quotient * mantissa * first * second;
    if x < 0.0 { 2.0 - tail } else { tail }
}
