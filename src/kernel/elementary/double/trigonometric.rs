//! Sines, cosines and the arctangent.

use super::polynomial;

const PI_HIGH: f64 = core::f64::consts::PI;
const PI_LOW: f64 = 1.224_646_799_147_353_2e-16;

/// Sine and cosine of `high + low`, |high| ≤ π/4.
///
/// `(sin r / r - 1) / r²` in r², 7 coefficients, fit error 2^-57.3; `(cos r - 1 + r²/2) / r⁴` in r²,
/// 6 coefficients, fit error 2^-60.0.
#[cfg_attr(not(debug_assertions), inline(always))]
fn sine_cosine(high: f64, low: f64) -> (f64, f64) {
    let square = high * high;
    let sine_tail = polynomial(
        square,
        [
            -0.16666666666666666,
            0.008333333333333331,
            -0.00019841269841265017,
            2.755731921930192e-06,
            -2.5052106219521895e-08,
            1.6058529572267877e-10,
            -7.586576588171073e-13,
        ],
    );
    let cosine_tail = polynomial(
        square,
        [
            0.041666666666666664,
            -0.0013888888888887382,
            2.480158729874307e-05,
            -2.7557317260008837e-07,
            2.0876143827993133e-09,
            -1.1382456778061306e-11,
        ],
    );
    let flat = square.mul_add(-0.5, 1.0);
    let sine = high + (high * square).mul_add(sine_tail, low * flat);
    // What rounding took from 1 - r²/2, recovered exactly.
    let lost = square.mul_add(-0.5, 1.0 - flat);
    let cosine = flat + (square * square).mul_add(cosine_tail, high.mul_add(-low, lost));
    (sine, cosine)
}

/// The sine after `quarter` quarter turns (0, 1, 2 or 3) and `high + low` radians.
#[cfg_attr(not(debug_assertions), inline(always))]
fn turned_sine(quarter: f64, high: f64, low: f64) -> f64 {
    let (sine, cosine) = sine_cosine(high, low);
    let magnitude = if (quarter == 1.0) | (quarter == 3.0) { cosine } else { sine };
    if quarter >= 2.0 { -magnitude } else { magnitude }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn turned_cosine(quarter: f64, high: f64, low: f64) -> f64 {
    let (sine, cosine) = sine_cosine(high, low);
    let magnitude = if (quarter == 1.0) | (quarter == 3.0) { sine } else { cosine };
    if (quarter == 1.0) | (quarter == 2.0) { -magnitude } else { magnitude }
}

/// An integer modulo 4, exactly.
#[cfg_attr(not(debug_assertions), inline(always))]
fn modulo_four(n: f64) -> f64 {
    (0.25 * n).floor().mul_add(-4.0, n)
}

/// Quarter turns and the rest in radians, in two parts, of x half-turns. Every step but the product
/// with π is exact; an infinite x gives NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduce_half_turns(x: f64) -> (f64, f64, f64) {
    // Into [-1, 1] first, as 2x could overflow.
    let centred = (0.5 * x).round_ties_even().mul_add(-2.0, x);
    let quarters = (2.0 * centred).round_ties_even();
    let rest = quarters.mul_add(-0.5, centred);
    let high = rest * PI_HIGH;
    let low = rest.mul_add(PI_LOW, rest.mul_add(PI_HIGH, -high));
    (modulo_four(quarters), high, low)
}

/// `sin(π x)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sin_pi(x: f64) -> f64 {
    let (quarter, high, low) = reduce_half_turns(x);
    let result = turned_sine(quarter, high, low);
    // The zeros at the integers take the sign of x, as IEEE 754 has it.
    if result == 0.0 { result.copysign(x) } else { result }
}

/// `cos(π x)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn cos_pi(x: f64) -> f64 {
    let (quarter, high, low) = reduce_half_turns(x);
    let result = turned_cosine(quarter, high, low);
    // The zeros at the half-integers are positive.
    if result == 0.0 { 0.0 } else { result }
}

/// Arctangent. |x| is turned by 0, π/4 or π/2 into |t| ≤ tan(π/8).
///
/// `(atan t / t - 1) / t²` in t² on that interval; 12 coefficients, fit error 2^-58.3.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn atan(x: f64) -> f64 {
    // Above 2⁶⁰ the result is π/2; the bound keeps 1/x from being subnormal or zero.
    let a = x.abs();
    let a = if a > 1.0e20 { 1.0e20 } else { a };
    let middle = a > 0.414_213_562_373_095_1;
    let far = a > 2.414_213_562_373_095;
    let numerator = if middle { a - 1.0 } else { a };
    let numerator = if far { -1.0 } else { numerator };
    let denominator = if middle { a + 1.0 } else { 1.0 };
    let denominator = if far { a } else { denominator };
    // What rounding took from a - 1 and a + 1.
    let between = middle & !far;
    let numerator_lost = if between { a - (numerator + 1.0) } else { 0.0 };
    let larger = if a > 1.0 { a } else { 1.0 };
    let smaller = if a > 1.0 { 1.0 } else { a };
    let denominator_lost = if between { smaller - (denominator - larger) } else { 0.0 };
    let angle = if middle { core::f64::consts::FRAC_PI_4 } else { 0.0 };
    let angle = if far { core::f64::consts::FRAC_PI_2 } else { angle };
    // What rounding took from the angle, in proportion: π/4 and π/2 round alike.
    let angle_low = angle * (6.123_233_995_736_766e-17 / core::f64::consts::FRAC_PI_2);

    let reciprocal = 1.0 / denominator;
    let t = numerator * reciprocal;
    let residual =
        t.mul_add(-denominator, numerator) + t.mul_add(-denominator_lost, numerator_lost);
    let square = t * t;
    let tail = polynomial(
        square,
        [
            -0.3333333333333333,
            0.199999999999998,
            -0.14285714285659326,
            0.11111111105106705,
            -0.09090908751076636,
            0.0769229630497447,
            -0.06666423628069258,
            0.058789145444006215,
            -0.052303478730160745,
            0.04551108126325172,
            -0.034558092551413795,
            0.01627194475162406,
        ],
    );
    let small = (t * square).mul_add(tail, residual.mul_add(reciprocal, angle_low));
    (angle + (t + small)).copysign(x)
}
