//! `exp` and what is made of it.

use super::polynomial;

/// 1.5 · 2⁵². Added to a small number it rounds it to an integer, ties to even, and leaves that
/// integer in the low bits of the sum.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts, 106 bits together.
const LN_2_HIGH: f64 = core::f64::consts::LN_2;
const LN_2_LOW: f64 = 2.319_046_813_846_299_6e-17;
/// Exponents are carried with this added, as AVX2 can only shift 64-bit lanes logically.
const BIAS: u64 = 2048;

/// `x = k ln 2 + rest + rest_low` with |rest| ≤ ln(2)/2, for |x| < 2²⁰; k with [`BIAS`] added.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduce(x: f64) -> (f64, f64, u64) {
    let shifted = x.mul_add(core::f64::consts::LOG2_E, ROUNDER);
    let k = shifted - ROUNDER;
    // Cancels, but exactly: both terms are multiples of the last bit of LN_2_HIGH or of x.
    let rest = k.mul_add(-LN_2_HIGH, x);
    (rest, k * -LN_2_LOW, shifted.to_bits().wrapping_sub(ROUNDER.to_bits()).wrapping_add(BIAS))
}

/// `(eʳ - 1 - r) / r²` on |r| ≤ 0.3467; 11 coefficients, fit error of eʳ 2^-61.7.
#[cfg_attr(not(debug_assertions), inline(always))]
fn exp_tail(r: f64) -> f64 {
    polynomial(
        r,
        [
            0.5,
            0.166_666_666_666_666_7,
            0.041_666_666_666_666_644,
            0.008_333_333_333_326_112,
            0.001_388_888_888_889_664_4,
            0.000_198_412_698_749_012_6,
            2.480_158_730_105_748e-5,
            2.755_725_529_796_964_3e-6,
            2.755_729_398_692_910_6e-7,
            2.510_525_953_844_849_4e-8,
            2.090_854_243_448_216e-9,
        ],
    )
}

/// `2^k` for a k with `bias` added, |k| < 1023.
#[cfg_attr(not(debug_assertions), inline(always))]
fn power_of_two(biased: u64, bias: u64) -> f64 {
    f64::from_bits(biased.wrapping_add(1023).wrapping_sub(bias) << 52)
}

/// `2^k` as two factors: for k in [-1076, 1024] it leaves the range of one. Multiplying by the
/// first is exact, so a subnormal result is rounded once.
#[cfg_attr(not(debug_assertions), inline(always))]
fn split_power_of_two(biased: u64) -> (f64, f64) {
    let half = biased >> 1;
    (power_of_two(half, BIAS / 2), power_of_two(biased.wrapping_sub(half), BIAS / 2))
}

/// `eˣ`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp(x: f64) -> f64 {
    // Beyond these the result is 0 or infinite anyway. Written so that NaN passes.
    let x = if x > 710.0 { 710.0 } else { x };
    let x = if x < -746.0 { -746.0 } else { x };
    let (rest, low, k) = reduce(x);
    let r = rest + low;
    let (first, second) = split_power_of_two(k);
    ((r * r).mul_add(exp_tail(r), r) + 1.0) * first * second
}

/// [`ROUNDER`] with the bias of exponents: the low bits of a sum with it, moved up, are a power of
/// two.
const POWER_ROUNDER: f64 = ROUNDER + 1023.0;

/// `x = k ln 2 + r` with |r| ≤ ln(2)/2 for |x| ≤ 700, as k, r and 2^k; r is short of k · 2e-17.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduce_within(x: f64) -> (f64, f64, f64) {
    let shifted = x.mul_add(core::f64::consts::LOG2_E, POWER_ROUNDER);
    let k = shifted - POWER_ROUNDER;
    (k, k.mul_add(-LN_2_HIGH, x), f64::from_bits(shifted.to_bits() << 52))
}

/// `eˣ` for x in [-700, 0] with an absolute error of 2e-16: half the operations of [`exp`].
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_within(x: f64) -> f64 {
    let (_, r, scale) = reduce_within(x);
    ((r * r).mul_add(exp_tail(r), r) + 1.0) * scale
}

/// `eˣ` for x ≤ 0 with a relative error of 4e-16: two thirds of the operations of [`exp`], because it
/// is zero below -708, where it is about to leave the normal numbers. NaN passes.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_below_zero(x: f64) -> f64 {
    let (k, rest, scale) = reduce_within(x);
    let r = k.mul_add(-LN_2_LOW, rest);
    // Before the choice: after it, it would be a branch and not a vector.
    let value = ((r * r).mul_add(exp_tail(r), r) + 1.0) * scale;
    if x < -708.0 { 0.0 } else { value }
}

/// `eˣ - 1 - x` for x in [-700, 700], without cancellation near 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_m1_remainder(x: f64) -> f64 {
    let (k, r, scale) = reduce_within(x);
    // 2^k eʳ - 1 - (k ln 2 + r); for k = 0 the tail alone is left, and otherwise nothing cancels
    // to less than a third.
    let offset = scale - 1.0;
    scale.mul_add(r * r * exp_tail(r), offset.mul_add(r, k.mul_add(-LN_2_HIGH, offset)))
}

/// `e^(high + low)` for a low part of a few last bits of high.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_pair(high: f64, low: f64) -> f64 {
    // Beyond these the result is 0 or infinite anyway. Written so that NaN passes.
    let bounded = if high > 710.0 { 710.0 } else { high };
    let bounded = if bounded < -746.0 { -746.0 } else { bounded };
    let (mantissa, (first, second)) = exp_extended(bounded, low);
    mantissa * first * second
}

/// `e^(high + low)` as a number near 1 and two powers of two, for high in [-746, 710] and a low part
/// of a few last bits of high.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exp_extended(high: f64, low: f64) -> (f64, (f64, f64)) {
    let (rest, rest_low, k) = reduce(high);
    let small = rest_low + low;
    let sum = rest + small;
    let lost = (rest - sum) + small;
    let mantissa = (sum * sum).mul_add(exp_tail(sum), lost) + sum + 1.0;
    (mantissa, split_power_of_two(k))
}

/// `eˣ` to 2^-32 for x in [-700, 700]: enough for a result that is then rounded to f32.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exp_short(x: f64) -> f64 {
    let (r, _, k) = reduce(x);
    // (eʳ - 1 - r) / r² on |r| ≤ 0.3467; 6 coefficients, fit error of eʳ 2^-32.4.
    let tail = polynomial(
        r,
        [
            0.500_000_001_349_817_8,
            0.166_666_666_816_591_79,
            0.041_666_464_602_026_54,
            0.008_333_310_889_582_076,
            0.001_393_368_586_261_717_4,
            0.000_198_910_306_543_703_27,
        ],
    );
    ((r * r).mul_add(tail, r) + 1.0) * power_of_two(k, BIAS)
}

/// `eˣ - 1` in two parts, with x in [-40, 710] or NaN; loses the last bits of a subnormal x.
#[cfg_attr(not(debug_assertions), inline(always))]
fn exp_m1_bounded(x: f64) -> (f64, f64) {
    let (rest, rest_low, k) = reduce(x);
    let r = rest + rest_low;
    let r_lost = (rest - r) + rest_low;
    let (square, tail) = (r * r, exp_tail(r));
    let m = square.mul_add(tail, r);
    let m_lost = square.mul_add(tail, r - m) + r_lost;
    // 2^k eʳ - 1 = 2^k m + (2^k - 1), without cancellation. Half of it, as 2^1024 overflows.
    let scale = power_of_two(k, BIAS + 1);
    let offset = scale - 0.5;
    let high = scale.mul_add(m, offset);
    let low = scale.mul_add(m_lost, scale.mul_add(m, offset - high));
    (2.0 * high, 2.0 * low)
}

/// `eˣ - 1`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_m1(x: f64) -> f64 {
    let bounded = if x > 710.0 { 710.0 } else { x };
    let bounded = if bounded < -40.0 { -40.0 } else { bounded };
    let (high, low) = exp_m1_bounded(bounded);
    // Keeps the sign of zero and every bit of a subnormal.
    if x.abs() < 1e-18 { x } else { high + low }
}

/// `numerator / (one + other)` with one rounding of the whole; one is the larger in magnitude.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn over_sum(numerator: f64, numerator_low: f64, one: f64, other: f64) -> f64 {
    let divisor = one + other;
    let divisor_low = (one - divisor) + other;
    let reciprocal = 1.0 / divisor;
    let quotient = numerator * reciprocal;
    let residual = quotient.mul_add(-divisor_low, quotient.mul_add(-divisor, numerator));
    (residual + numerator_low).mul_add(reciprocal, quotient)
}

/// Hyperbolic tangent, from `t = e^(2|x|) - 1` as `t / (t + 2)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn tanh(x: f64) -> f64 {
    let doubled = 2.0 * x.abs();
    let (t, t_low) = exp_m1_bounded(if doubled > 50.0 { 50.0 } else { doubled });
    // For large t the complement 2 / (t + 2) carries a smaller absolute error than the quotient.
    let complement = t > 1.0;
    let numerator = if complement { 2.0 } else { t };
    let numerator_low = if complement { 0.0 } else { t_low };
    let (larger, smaller) = if t > 2.0 { (t, 2.0) } else { (2.0, t) };
    let quotient = over_sum(numerator, numerator_low, larger, smaller);
    let magnitude = if complement { 1.0 - quotient } else { quotient };
    if x.abs() < 1e-9 { x } else { magnitude.copysign(x) }
}

/// `1 / (1 + e^-x)`. The exponential of -|x| cannot overflow, and the left tail keeps its digits.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sigmoid(x: f64) -> f64 {
    let e = exp(-x.abs());
    over_sum(if x < 0.0 { e } else { 1.0 }, 0.0, 1.0, e)
}
