//! Sines, cosines and the arctangent.

use super::polynomial;

const PI_HIGH: f32 = core::f32::consts::PI;
const PI_LOW: f32 = -8.742_278e-8;

/// Sine and cosine of `high + low`, |high| ≤ π/4.
///
/// `(sin r / r - 1) / r²` in r², 4 coefficients, fit error 2^-28.3; `(cos r - 1 + r²/2) / r⁴` in r²,
/// 3 coefficients, fit error 2^-30.6.
#[cfg_attr(not(debug_assertions), inline(always))]
fn sine_cosine(high: f32, low: f32) -> (f32, f32) {
    let square = high * high;
    let sine_tail =
        polynomial(square, [-0.166_666_67, 0.008_333_332, -0.000_198_400_83, 2.724_931_4e-6]);
    let cosine_tail = polynomial(square, [0.041_666_664, -0.001_388_83, 2.454_743_7e-5]);
    let flat = square.mul_add(-0.5, 1.0);
    let sine = high + (high * square).mul_add(sine_tail, low * flat);
    // What rounding took from 1 - r²/2, recovered exactly.
    let lost = square.mul_add(-0.5, 1.0 - flat);
    let cosine = flat + (square * square).mul_add(cosine_tail, high.mul_add(-low, lost));
    (sine, cosine)
}

/// The sine after `quarter` quarter turns (0, 1, 2 or 3) and `high + low` radians.
#[cfg_attr(not(debug_assertions), inline(always))]
fn turned_sine(quarter: f32, high: f32, low: f32) -> f32 {
    let (sine, cosine) = sine_cosine(high, low);
    let magnitude = if (quarter == 1.0) | (quarter == 3.0) { cosine } else { sine };
    if quarter >= 2.0 { -magnitude } else { magnitude }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn turned_cosine(quarter: f32, high: f32, low: f32) -> f32 {
    let (sine, cosine) = sine_cosine(high, low);
    let magnitude = if (quarter == 1.0) | (quarter == 3.0) { sine } else { cosine };
    if (quarter == 1.0) | (quarter == 2.0) { -magnitude } else { magnitude }
}

/// An integer modulo 4, exactly.
#[cfg_attr(not(debug_assertions), inline(always))]
fn modulo_four(n: f32) -> f32 {
    (0.25 * n).floor().mul_add(-4.0, n)
}

/// Quarter turns and the rest in radians, in two parts, of x half-turns. Every step but the product
/// with π is exact; an infinite x gives NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduce_half_turns(x: f32) -> (f32, f32, f32) {
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
pub(crate) fn sin_pi(x: f32) -> f32 {
    let (quarter, high, low) = reduce_half_turns(x);
    let result = turned_sine(quarter, high, low);
    // The zeros at the integers take the sign of x, as IEEE 754 has it.
    if result == 0.0 { result.copysign(x) } else { result }
}

/// `cos(π x)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn cos_pi(x: f32) -> f32 {
    let (quarter, high, low) = reduce_half_turns(x);
    let result = turned_cosine(quarter, high, low);
    // The zeros at the half-integers are positive.
    if result == 0.0 { 0.0 } else { result }
}

/// Arctangent. |x| is turned by 0, π/4 or π/2 into |t| ≤ tan(π/8).
///
/// `(atan t / t - 1) / t²` in t² on that interval; 5 coefficients, fit error 2^-28.5.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn atan(x: f32) -> f32 {
    // Above 2⁴⁰ the result is π/2; the bound keeps 1/x from being subnormal or zero.
    let a = x.abs();
    let a = if a > 1.0e12 { 1.0e12 } else { a };
    let middle = a > 0.414_213_57;
    let far = a > 2.414_213_7;
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
    let angle = if middle { core::f32::consts::FRAC_PI_4 } else { 0.0 };
    let angle = if far { core::f32::consts::FRAC_PI_2 } else { angle };
    // What rounding took from the angle, in proportion: π/4 and π/2 round alike.
    let angle_low = angle * (-4.371_139e-8 / core::f32::consts::FRAC_PI_2);

    let reciprocal = 1.0 / denominator;
    let t = numerator * reciprocal;
    let residual =
        t.mul_add(-denominator, numerator) + t.mul_add(-denominator_lost, numerator_lost);
    let square = t * t;
    let tail = polynomial(
        square,
        [-0.333_333_3, 0.199_995_38, -0.142_638_97, 0.107_430_995, -0.064_498_35],
    );
    let small = (t * square).mul_add(tail, residual.mul_add(reciprocal, angle_low));
    (angle + (t + small)).copysign(x)
}
