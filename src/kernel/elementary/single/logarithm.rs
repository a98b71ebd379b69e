//! `ln` and `ln_1p`.

use super::polynomial;

const ONE: u32 = 0x3f80_0000;
/// The bits of √½, the least mantissa after reduction.
const SQRT_HALF: u32 = 0x3f35_04f3;
/// 2²³ and the bias of exponents.
const SHIFT: f32 = 8_388_608.0 + 127.0;
const LN_2_HIGH: f32 = core::f32::consts::LN_2;
const LN_2_LOW: f32 = -1.904_654_2e-9;

/// For a positive normal x = 2^exponent · m with m in [√½, √2): the exponent plus 127 above bit 23,
/// and below it the bits of m less those of √½.
#[cfg_attr(not(debug_assertions), inline(always))]
fn split(x: f32) -> u32 {
    x.to_bits().wrapping_add(ONE - SQRT_HALF)
}

/// 2²³ + 127 + exponent, read off the bits.
#[cfg_attr(not(debug_assertions), inline(always))]
fn shifted_exponent(split: u32) -> f32 {
    f32::from_bits(0x4b00_0000 | (split >> 23))
}

/// `(ln(1 + f) - f + f²/2) / f³` for 1 + f in [√½, √2); 9 coefficients, fit error of `ln`
/// 2^-28.4.
#[cfg_attr(not(debug_assertions), inline(always))]
fn cubic_tail(f: f32) -> f32 {
    polynomial(
        f,
        [
            0.333_333_3,
            -0.249_999_97,
            0.200_007_16,
            -0.166_678_03,
            0.142_490_58,
            -0.124_256_87,
            0.116_854_2,
            -0.114_797_34,
            0.069_716_12,
        ],
    )
}

/// `exponent · ln 2 + ln(1 + f)` for 1 + f in [√½, √2).
#[cfg_attr(not(debug_assertions), inline(always))]
fn assemble(exponent: f32, f: f32) -> f32 {
    let tail = cubic_tail(f);
    let curvature = f.mul_add(tail, -0.5);
    let small = (f * f).mul_add(curvature, exponent * LN_2_LOW);
    exponent.mul_add(LN_2_HIGH, f + small)
}

/// (exponent, m - 1) for x = 2^exponent · m with m in [√½, √2); x positive.
#[cfg_attr(not(debug_assertions), inline(always))]
fn decompose(x: f32) -> (f32, f32) {
    // A subnormal has no exponent to read: scale it by 2²⁵ first.
    let tiny = x < f32::MIN_POSITIVE;
    let scaled = if tiny { x * 33_554_432.0 } else { x };
    let parts = split(scaled);
    let mantissa = f32::from_bits((parts & 0x007f_ffff) + SQRT_HALF);
    (shifted_exponent(parts) - if tiny { SHIFT + 25.0 } else { SHIFT }, mantissa - 1.0)
}

/// Natural logarithm.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln(x: f32) -> f32 {
    let (exponent, f) = decompose(x);
    edges(x, 0.0, assemble(exponent, f))
}

/// `ln(1 + x)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_1p(x: f32) -> f32 {
    // The sum loses bits of x, but gives the right exponent; 1 + f is then rebuilt from x itself:
    // 2^-exponent (1 + x) - 1, whose parts cancel exactly. The scale is 2^(2 - exponent), because
    // 2^-exponent is subnormal at the largest x.
    let parts = split(1.0 + x);
    let scale = f32::from_bits(256u32.wrapping_sub(parts >> 23) << 23);
    let f = (0.25 * x).mul_add(scale, 0.25f32.mul_add(scale, -1.0));
    let result = edges(x, -1.0, assemble(shifted_exponent(parts) - SHIFT, f));
    // Keeps the sign of zero and every bit of a subnormal.
    if x.abs() < 1e-9 { x } else { result }
}

/// `ln(x)` as an unevaluated sum, its error some 2^-48 of the exponent's share of it and 2^-28.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_pair(x: f32) -> (f32, f32) {
    let (exponent, f) = decompose(x);
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
    let rest = f * f * (f * cubic_tail(f));
    let low = (head_lost + first_lost) + (second_lost - half_square_lost) + rest;
    let high = edges(x, 0.0, second + low);
    let low = (second - high) + low;
    (high, if high.abs() < f32::INFINITY { low } else { 0.0 })
}

/// Puts in the values at and beyond the ends of the domain (pole, ∞).
#[cfg_attr(not(debug_assertions), inline(always))]
fn edges(x: f32, pole: f32, inside: f32) -> f32 {
    let result = if x < pole { f32::NAN } else { inside };
    let result = if x == pole { f32::NEG_INFINITY } else { result };
    // Infinity and NaN pass through.
    if x < f32::INFINITY { result } else { x }
}
