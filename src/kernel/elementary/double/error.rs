//! The error function and its complement.

use super::exponential::{exp_extended, over_sum};
use super::polynomial;

/// `erf(x) = 2/√π ∫₀ˣ exp(-t²) dt`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erf(x: f64) -> f64 {
    let a = x.abs();
    // erf(√z)/√z - 1 on [0, 1]; 13 coefficients, fit error 2^-55.8.
    let near = polynomial(
        a * a,
        [
            0.1283791670955126,
            -0.3761263890318375,
            0.11283791670954879,
            -0.026866170645076792,
            0.0052239776248180145,
            -0.000854832698083379,
            0.0001205533111164271,
            -1.4925595266831182e-05,
            1.6461000484121368e-06,
            -1.6350312701054695e-07,
            1.4659775274047436e-08,
            -1.1372848856791674e-09,
            5.957176147748911e-11,
        ],
    )
    .mul_add(a, a);
    // NaN fails the comparison and comes through the far arm.
    (if a < 1.0 { near } else { 1.0 - right_tail(a) }).copysign(x)
}

/// `1 - erf(x)`, with full relative accuracy in the right tail.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erfc(x: f64) -> f64 {
    let tail = right_tail(x.abs());
    if x < 0.0 { 2.0 - tail } else { tail }
}

/// `erfc` of a non-negative number.
///
/// It is `exp(-x²) (1 + g(t)) / (1 + 2x)` with `t = (x - 4) / (x + 4)` (after Shepherd and
/// Laframboise 1981), so one smooth polynomial covers the half-line.
#[cfg_attr(not(debug_assertions), inline(always))]
fn right_tail(a: f64) -> f64 {
    // At 27.3 the result is below half the least subnormal.
    let a = if a > 27.3 { 27.3 } else { a };
    // g on x in [0, 27.3]; 24 coefficients, fit error 2^-56.0.
    // As 2a / (a + 4) - 1: for small a the slope of g is large, and a - 4 would lose a.
    let t = (a / (a + 4.0)).mul_add(2.0, -1.0);
    let g = polynomial(
        t,
        [
            0.2329951186255525,
            -0.13962111684056253,
            0.015379652102619584,
            0.06809705425469356,
            -0.10103906603629606,
            0.09373283499831789,
            -0.0663303658123792,
            0.037167515537983954,
            -0.016197734056285586,
            0.005031969973698179,
            -0.0007577732960297468,
            -0.00019925667239225933,
            0.0001506216953068026,
            -2.439928758861139e-05,
            -1.1222056567542861e-05,
            5.70988261845246e-06,
            2.9383252186026087e-07,
            -8.256003068577494e-07,
            7.460780257001613e-08,
            1.1014538107239169e-07,
            -1.7887124945071396e-08,
            -1.4098981967735139e-08,
            1.8232502650683418e-09,
            1.2495096223529886e-09,
        ],
    );
    // exp multiplies the error of its argument by up to 745: x² is kept in two parts.
    let square = a * a;
    let square_lost = a.mul_add(a, -square);
    let (mantissa, (first, second)) = exp_extended(-square, -square_lost);
    // Sums and quotient are rounded as one, which saves half the error.
    let numerator = 1.0 + g;
    let numerator_low = (1.0 - numerator) + g;
    let doubled = 2.0 * a;
    let (larger, smaller) = if doubled > 1.0 { (doubled, 1.0) } else { (1.0, doubled) };
    let quotient = over_sum(numerator, numerator_low, larger, smaller);
    quotient * mantissa * first * second
}
