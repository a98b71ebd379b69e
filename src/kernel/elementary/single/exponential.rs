//! `exp` and what is made of it.

use super::polynomial;

/// 1.5 · 2²³. Added to a small number it rounds it to an integer, ties to even, and leaves that
/// integer in the low bits of the sum.
const ROUNDER: f32 = 12_582_912.0;
/// ln 2 in two parts, 48 bits together.
const LN_2_HIGH: f32 = core::f32::consts::LN_2;
const LN_2_LOW: f32 = -1.904_654_2e-9;

/// `x = k ln 2 + rest + rest_low` with |rest| ≤ ln(2)/2, for |x| < 2²¹.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduce(x: f32) -> (f32, f32, i32) {
    let shifted = x.mul_add(core::f32::consts::LOG2_E, ROUNDER);
    let k = shifted - ROUNDER;
    // Cancels, but exactly: both terms are multiples of the last bit of LN_2_HIGH or of x.
    let rest = k.mul_add(-LN_2_HIGH, x);
    (rest, k * -LN_2_LOW, shifted.to_bits().wrapping_sub(ROUNDER.to_bits()) as i32)
}

/// `(eʳ - 1 - r) / r²` on |r| ≤ 0.3467; 5 coefficients, fit error of eʳ 2^-26.9.
#[cfg_attr(not(debug_assertions), inline(always))]
fn exp_tail(r: f32) -> f32 {
    polynomial(r, [0.5, 0.166_665_76, 0.041_666_556, 0.008_363_203, 0.001_392_621_3])
}

/// `2^k`, for k in [-126, 127].
#[cfg_attr(not(debug_assertions), inline(always))]
fn power_of_two(k: i32) -> f32 {
    f32::from_bits((k.wrapping_add(127) as u32) << 23)
}

/// `2^k` as two factors: for k in [-150, 128] it leaves the range of one. Multiplying by the first
/// is exact, so a subnormal result is rounded once.
#[cfg_attr(not(debug_assertions), inline(always))]
fn split_power_of_two(k: i32) -> (f32, f32) {
    let half = k >> 1;
    (power_of_two(half), power_of_two(k.wrapping_sub(half)))
}

/// `eˣ`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp(x: f32) -> f32 {
    // Beyond these the result is 0 or infinite anyway. Written so that NaN passes.
    let x = if x > 89.0 { 89.0 } else { x };
    let x = if x < -104.0 { -104.0 } else { x };
    let (rest, low, k) = reduce(x);
    let r = rest + low;
    let (first, second) = split_power_of_two(k);
    ((r * r).mul_add(exp_tail(r), r) + 1.0) * first * second
}

/// [`ROUNDER`] with the bias of exponents: the low bits of a sum with it, moved up, are a power of
/// two.
const POWER_ROUNDER: f32 = ROUNDER + 127.0;

/// `x = k ln 2 + r` with |r| ≤ ln(2)/2 for |x| ≤ 80, as k, r and 2^k; r is short of k · 2e-9.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduce_within(x: f32) -> (f32, f32, f32) {
    let shifted = x.mul_add(core::f32::consts::LOG2_E, POWER_ROUNDER);
    let k = shifted - POWER_ROUNDER;
    (k, k.mul_add(-LN_2_HIGH, x), f32::from_bits(shifted.to_bits() << 23))
}

/// `eˣ` for x in [-80, 0] with an absolute error of 1e-7: half the operations of [`exp`].
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_within(x: f32) -> f32 {
    let (_, r, scale) = reduce_within(x);
    ((r * r).mul_add(exp_tail(r), r) + 1.0) * scale
}

/// `eˣ` for x ≤ 0 with a relative error of 1.5e-7: two thirds of the operations of [`exp`], because it
/// is zero below -87, where it is about to leave the normal numbers. NaN passes.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_below_zero(x: f32) -> f32 {
    let (k, rest, scale) = reduce_within(x);
    let r = k.mul_add(-LN_2_LOW, rest);
    // Before the choice: after it, it would be a branch and not a vector.
    let value = ((r * r).mul_add(exp_tail(r), r) + 1.0) * scale;
    if x < -87.0 { 0.0 } else { value }
}

/// `eˣ - 1 - x` for x in [-80, 80], without cancellation near 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_m1_remainder(x: f32) -> f32 {
    let (k, r, scale) = reduce_within(x);
    // 2^k eʳ - 1 - (k ln 2 + r); for k = 0 the tail alone is left, and otherwise nothing cancels
    // to less than a third.
    let offset = scale - 1.0;
    scale.mul_add(r * r * exp_tail(r), offset.mul_add(r, k.mul_add(-LN_2_HIGH, offset)))
}

/// `e^(high + low)` for a low part of a few last bits of high.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_pair(high: f32, low: f32) -> f32 {
    // Beyond these the result is 0 or infinite anyway. Written so that NaN passes.
    let bounded = if high > 89.0 { 89.0 } else { high };
    let bounded = if bounded < -104.0 { -104.0 } else { bounded };
    let (mantissa, (first, second)) = exp_extended(bounded, low);
    mantissa * first * second
}

/// `e^(high + low)` as a number near 1 and two powers of two, for high in [-104, 0] and a low part
/// of a few last bits of high.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exp_extended(high: f32, low: f32) -> (f32, (f32, f32)) {
    let (rest, rest_low, k) = reduce(high);
    let small = rest_low + low;
    let sum = rest + small;
    let lost = (rest - sum) + small;
    let mantissa = (sum * sum).mul_add(exp_tail(sum), lost) + sum + 1.0;
    (mantissa, split_power_of_two(k))
}

/// `eˣ - 1` in two parts, with x in [-18, 89] or NaN; loses the last bits of a subnormal x.
#[cfg_attr(not(debug_assertions), inline(always))]
fn exp_m1_bounded(x: f32) -> (f32, f32) {
    let (rest, rest_low, k) = reduce(x);
    let r = rest + rest_low;
    let r_lost = (rest - r) + rest_low;
    let (square, tail) = (r * r, exp_tail(r));
    let m = square.mul_add(tail, r);
    let m_lost = square.mul_add(tail, r - m) + r_lost;
    // 2^k eʳ - 1 = 2^k m + (2^k - 1), without cancellation. Half of it, as 2^128 overflows.
    let scale = power_of_two(k.wrapping_sub(1));
    let offset = scale - 0.5;
    let high = scale.mul_add(m, offset);
    let low = scale.mul_add(m_lost, scale.mul_add(m, offset - high));
    (2.0 * high, 2.0 * low)
}

/// `eˣ - 1`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_m1(x: f32) -> f32 {
    let bounded = if x > 89.0 { 89.0 } else { x };
    let bounded = if bounded < -18.0 { -18.0 } else { bounded };
    let (high, low) = exp_m1_bounded(bounded);
    // Keeps the sign of zero and every bit of a subnormal.
    if x.abs() < 1e-9 { x } else { high + low }
}

/// `numerator / (one + other)` with one rounding of the whole; one is the larger in magnitude.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn over_sum(numerator: f32, numerator_low: f32, one: f32, other: f32) -> f32 {
    let divisor = one + other;
    let divisor_low = (one - divisor) + other;
    let reciprocal = 1.0 / divisor;
    let quotient = numerator * reciprocal;
    let residual = quotient.mul_add(-divisor_low, quotient.mul_add(-divisor, numerator));
    (residual + numerator_low).mul_add(reciprocal, quotient)
}

/// Hyperbolic tangent, from `t = e^(2|x|) - 1` as `t / (t + 2)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn tanh(x: f32) -> f32 {
    let doubled = 2.0 * x.abs();
    let (t, t_low) = exp_m1_bounded(if doubled > 30.0 { 30.0 } else { doubled });
    // For large t the complement 2 / (t + 2) carries a smaller absolute error than the quotient.
    let complement = t > 1.0;
    let numerator = if complement { 2.0 } else { t };
    let numerator_low = if complement { 0.0 } else { t_low };
    let (larger, smaller) = if t > 2.0 { (t, 2.0) } else { (2.0, t) };
    let quotient = over_sum(numerator, numerator_low, larger, smaller);
    let magnitude = if complement { 1.0 - quotient } else { quotient };
    if x.abs() < 1e-4 { x } else { magnitude.copysign(x) }
}

/// `1 / (1 + e^-x)`. The exponential of -|x| cannot overflow, and the left tail keeps its digits.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    over_sum(if x < 0.0 { e } else { 1.0 }, 0.0, 1.0, e)
}
