//! `ln` and `ln_1p`.

use super::polynomial;

const ONE: u64 = 0x3ff0_0000_0000_0000;
/// The bits of √½, the least mantissa after reduction.
const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
/// 2⁵² and the bias of exponents.
const SHIFT: f64 = 4_503_599_627_370_496.0 + 1023.0;
const LN_2_HIGH: f64 = core::f64::consts::LN_2;
const LN_2_LOW: f64 = 2.319_046_813_846_299_6e-17;

/// For a positive normal x = 2^exponent · m with m in [√½, √2): the exponent plus 1023 above bit 52,
/// and below it the bits of m less those of √½.
#[cfg_attr(not(debug_assertions), inline(always))]
fn split(x: f64) -> u64 {
    x.to_bits().wrapping_add(ONE - SQRT_HALF)
}

/// 2⁵² + 1023 + exponent, read off the bits: AVX2 does not convert 64-bit integers.
#[cfg_attr(not(debug_assertions), inline(always))]
fn shifted_exponent(split: u64) -> f64 {
    f64::from_bits(0x4330_0000_0000_0000 | (split >> 52))
}

/// m - 1, exactly.
#[cfg_attr(not(debug_assertions), inline(always))]
fn mantissa_less_one(split: u64) -> f64 {
    f64::from_bits((split & 0x000f_ffff_ffff_ffff) + SQRT_HALF) - 1.0
}

/// (exponent, m - 1) for x = 2^exponent · m with m in [√½, √2); x positive and normal.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn decompose(x: f64) -> (f64, f64) {
    let parts = split(x);
    (shifted_exponent(parts) - SHIFT, mantissa_less_one(parts))
}

/// The same for a positive x that may be subnormal, which has no exponent to read before it is
/// scaled, here by 2⁵⁴.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn decompose_any(x: f64) -> (f64, f64) {
    let tiny = x < f64::MIN_POSITIVE;
    let parts = split(if tiny { x * 18_014_398_509_481_984.0 } else { x });
    let shift = if tiny { SHIFT + 54.0 } else { SHIFT };
    (shifted_exponent(parts) - shift, mantissa_less_one(parts))
}

/// s = f / (2 + f) and R(s²), with `ln(1 + f) = 2 artanh s = f - s f + s R`, where R holds the powers
/// from the second on: f is exact and the rest is small (the arrangement of Tang 1990).
///
/// R/s² on s² in [0, 0.0294]; 8 coefficients, fit error of `ln` 2^-59.7.
#[cfg_attr(not(debug_assertions), inline(always))]
fn artanh_powers(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let square = s * s;
    let powers = square
        * polynomial(
            square,
            [
                0.666_666_666_666_666_6,
                0.400_000_000_000_008_8,
                0.285_714_285_708_036_14,
                0.222_222_223_917_139_17,
                0.181_817_956_401_329_06,
                0.153_862_397_028_146_58,
                0.132_687_731_386_568_86,
                0.130_866_261_478_401_02,
            ],
        );
    (s, powers)
}

/// `exponent · ln 2 + ln(1 + f)` for 1 + f in [√½, √2).
#[cfg_attr(not(debug_assertions), inline(always))]
fn assemble(exponent: f64, f: f64) -> f64 {
    let (s, powers) = artanh_powers(f);
    let half_square = 0.5 * f * f;
    // s f = f²/2 - s f²/2, which keeps the large part of the correction free of the error of s.
    let correction = half_square - s.mul_add(half_square + powers, exponent * LN_2_LOW);
    exponent.mul_add(LN_2_HIGH, f - correction)
}

/// Natural logarithm.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln(x: f64) -> f64 {
    let (exponent, f) = decompose_any(x);
    edges(x, 0.0, assemble(exponent, f))
}

/// `ln(1 + x)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_1p(x: f64) -> f64 {
    // The sum loses bits of x, but gives the right exponent; 1 + f is then rebuilt from x itself:
    // 2^-exponent (1 + x) - 1, whose parts cancel exactly. The scale is 2^(2 - exponent), because
    // 2^-exponent is subnormal at the largest x.
    let parts = split(1.0 + x);
    let scale = f64::from_bits(2048u64.wrapping_sub(parts >> 52) << 52);
    let f = (0.25 * x).mul_add(scale, 0.25f64.mul_add(scale, -1.0));
    let result = edges(x, -1.0, assemble(shifted_exponent(parts) - SHIFT, f));
    // Keeps the sign of zero and every bit of a subnormal.
    if x.abs() < 1e-18 { x } else { result }
}

/// `ln(x)` as an unevaluated sum, its error some 2^-106 of the exponent's share of it and 2^-59.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_pair(x: f64) -> (f64, f64) {
    let (exponent, f) = decompose_any(x);
    // ln x = exponent ln 2 + f - f²/2 + rest: each product and each sum with what it rounds off,
    // larger terms first.
    let head = exponent * LN_2_HIGH;
    let head_lost = exponent.mul_add(LN_2_HIGH, -head) + exponent * LN_2_LOW;
    let half_square = 0.5 * f * f;
    let half_square_lost = (0.5 * f).mul_add(f, -half_square);
    let first = head + f;
    let first_lost = f - (first - head);
    let second = first - half_square;
    let second_lost = (first - second) - half_square;
    let (s, powers) = artanh_powers(f);
    let rest = s * (half_square + powers);
    let low = (head_lost + first_lost) + (second_lost - half_square_lost) + rest;
    let high = edges(x, 0.0, second + low);
    let low = (second - high) + low;
    (high, if high.abs() < f64::INFINITY { low } else { 0.0 })
}

/// Puts in the values at and beyond the ends of the domain (pole, ∞).
#[cfg_attr(not(debug_assertions), inline(always))]
fn edges(x: f64, pole: f64, inside: f64) -> f64 {
    let result = if x < pole { f64::NAN } else { inside };
    let result = if x == pole { f64::NEG_INFINITY } else { result };
    // Infinity and NaN pass through.
    if x < f64::INFINITY { result } else { x }
}
