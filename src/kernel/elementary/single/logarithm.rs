//! `ln` and `ln_1p`.

use super::polynomial;

const ONE: u32 = 0x3f80_0000;
/// The bits of √½, the least mantissa after reduction.
const SQRT_HALF: u32 = 0x3f35_04f3;
const LN_2_HIGH: f32 = 0.693_147_2;
const LN_2_LOW: f32 = -1.904_654_2e-9;

/// The exponent plus 127, for x = 2^exponent · m with m in [√½, √2); x positive and normal.
#[inline(always)]
fn biased_exponent(x: f32) -> u32 {
    x.to_bits().wrapping_add(ONE - SQRT_HALF) >> 23
}

#[inline(always)]
fn exponent_as_float(biased: u32) -> f32 {
    // 2²³ + biased, read off the bits.
    f32::from_bits(0x4b00_0000 | biased) - (8_388_608.0 + 127.0)
}

/// `exponent · ln 2 + ln(1 + f)` for 1 + f in [√½, √2).
///
/// `(ln(1 + f) - f + f²/2) / f³` on that interval; 9 coefficients, fit error of `ln` 2^-28.4.
#[inline(always)]
fn assemble(exponent: f32, f: f32) -> f32 {
    let tail = polynomial(
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
    );
    let curvature = f.mul_add(tail, -0.5);
    let small = (f * f).mul_add(curvature, exponent * LN_2_LOW);
    exponent.mul_add(LN_2_HIGH, f + small)
}

/// Natural logarithm.
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    // A subnormal has no exponent to read: scale it by 2²⁵ first.
    let tiny = x < f32::MIN_POSITIVE;
    let scaled = if tiny { x * 33_554_432.0 } else { x };
    let biased = biased_exponent(scaled);
    let mantissa = f32::from_bits(
        scaled
            .to_bits()
            .wrapping_sub(biased << 23)
            .wrapping_add(ONE),
    );
    let exponent = exponent_as_float(biased) - if tiny { 25.0 } else { 0.0 };
    edges(x, 0.0, assemble(exponent, mantissa - 1.0))
}

/// `ln(1 + x)`.
#[inline(always)]
pub(crate) fn ln_1p(x: f32) -> f32 {
    // The sum loses bits of x, but gives the right exponent; 1 + f is then rebuilt from x itself:
    // 2^-exponent (1 + x) - 1, whose parts cancel exactly. The scale is 2^(2 - exponent), because
    // 2^-exponent is subnormal at the largest x.
    let biased = biased_exponent(1.0 + x);
    let scale = f32::from_bits(256u32.wrapping_sub(biased) << 23);
    let f = (0.25 * x).mul_add(scale, 0.25f32.mul_add(scale, -1.0));
    let result = edges(x, -1.0, assemble(exponent_as_float(biased), f));
    // Keeps the sign of zero and every bit of a subnormal.
    if x.abs() < 1e-9 { x } else { result }
}

/// Puts in the values at and beyond the ends of the domain (pole, ∞).
#[inline(always)]
fn edges(x: f32, pole: f32, inside: f32) -> f32 {
    let result = if x < pole { f32::NAN } else { inside };
    let result = if x == pole { f32::NEG_INFINITY } else { result };
    // Infinity and NaN pass through.
    if x < f32::INFINITY { result } else { x }
}
