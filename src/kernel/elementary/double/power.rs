//! `pow`.

use super::exponential::{exp_extended, exp_short};
use super::logarithm::{decompose, decompose_any};
use super::polynomial;

/// ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `x^y` as IEEE 754 defines it.
///
/// The exponent multiplies the relative error of the logarithm by up to 745, so the logarithm is
/// carried in two parts, to about 2^-65.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    let a = x.abs();
    let (log_high, log_low) = ln_extended(a);
    let log_high = positive_edges(a, log_high);
    let product = y * log_high;
    let low = y.mul_add(log_low, y.mul_add(log_high, -product));
    // Where the result overflows or underflows the low part may be infinite or NaN.
    let low = if product.abs() < 750.0 { low } else { 0.0 };
    let bounded = if product > 710.0 { 710.0 } else { product };
    let bounded = if bounded < -746.0 { -746.0 } else { bounded };
    let (mantissa, (first, second)) = exp_extended(bounded, low);
    pow_edges(x, y, mantissa * first * second)
}

/// `a^y` for a ≥ 0, to 2^-32: enough for a result that is then rounded to f32. Both arguments are
/// exact f32 values, so a is never subnormal.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(in super::super) fn pow_short(a: f64, y: f64) -> f64 {
    let (exponent, f) = decompose(a);
    let s = f / (2.0 + f);
    let square = s * s;
    // (2 artanh s / s - 2) / s² in s² on [0, 0.0294]; 5 coefficients, fit error of the log 2^-42.
    let powers = square
        * polynomial(
            square,
            [
                0.666_666_666_673_750_9,
                0.399_999_987_973_375_9,
                0.285_717_545_359_144_9,
                0.221_914_008_303_083_05,
                0.193_626_537_142_020_08,
            ],
        );
    let log = exponent.mul_add(core::f64::consts::LN_2, s.mul_add(powers, 2.0 * s));
    let product = y * positive_edges(a, log);
    let bounded = if product > 90.0 { 90.0 } else { product };
    exp_short(if bounded < -110.0 { -110.0 } else { bounded })
}

/// The logarithm of 0, of infinity and of NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn positive_edges(a: f64, log: f64) -> f64 {
    let log = if a == 0.0 { f64::NEG_INFINITY } else { log };
    if a < f64::INFINITY { log } else { a }
}

/// Makes `x^y` of `|x|^y`: the sign, and the values IEEE 754 prescribes at the edges.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(in super::super) fn pow_edges(x: f64, y: f64, magnitude: f64) -> f64 {
    let a = x.abs();
    let half = 0.5 * y;
    let integer = y.floor() == y;
    let odd = integer & (half.floor() != half);
    // (±1)^±∞ is 1, not exp(∞ · 0).
    let magnitude = if (a == 1.0) & (y.abs() == f64::INFINITY) { 1.0 } else { magnitude };
    let negative = x.is_sign_negative();
    let result = if negative & odd { -magnitude } else { magnitude };
    // A negative number has no real power that is not an integer; zero and -∞ have.
    let outside = (x < 0.0) & (a < f64::INFINITY) & !integer;
    let result = if outside { f64::NAN } else { result };
    // Even for a NaN on the other side.
    if (x == 1.0) | (y == 0.0) { 1.0 } else { result }
}

/// `ln a` as an unevaluated sum, to about 2^-65 of it, for a positive and finite.
///
/// With s = f / (2 + f), `ln(1 + f) = 2 s (1 + s² (1/3 + s² (1/5 + s² Q)))`: s, s² and the outer two
/// operations are carried in two parts (Dekker 1971), Q on s² in [0, 0.0294] with 7 coefficients and
/// fit error of `ln` 2^-68.2.
#[cfg_attr(not(debug_assertions), inline(always))]
fn ln_extended(a: f64) -> (f64, f64) {
    const THIRD: f64 = 1.0 / 3.0;
    const THIRD_LOW: f64 = 1.850_371_707_708_594e-17;
    let (exponent, f) = decompose_any(a);

    let divisor = f + 2.0;
    let divisor_low = f - (divisor - 2.0);
    let reciprocal = 1.0 / divisor;
    let s = f * reciprocal;
    let s_low = s.mul_add(-divisor_low, s.mul_add(-divisor, f)) * reciprocal;

    let square = s * s;
    let square_low = (2.0 * s).mul_add(s_low, s.mul_add(s, -square));
    let inner = polynomial(
        square,
        [
            0.2,
            0.142_857_142_857_143,
            0.111_111_111_110_703_57,
            0.090_909_091_130_290_18,
            0.076_923_031_963_704_95,
            0.066_671_008_905_277_5,
            0.058_609_104_507_519_154,
            0.057_831_251_398_003_526,
        ],
    );
    let term = square * inner;
    let term_low = square_low.mul_add(inner, square.mul_add(inner, -term));
    let sum = THIRD + term;
    let sum_low = (THIRD - sum) + term + (term_low + THIRD_LOW);

    let correction = square * sum;
    let correction_low =
        square.mul_add(sum_low, square_low.mul_add(sum, square.mul_add(sum, -correction)));
    let cubic = s * correction;
    let cubic_low =
        s.mul_add(correction_low, s_low.mul_add(correction, s.mul_add(correction, -cubic)));
    let half = s + cubic;
    let half_low = (s - half) + cubic + (s_low + cubic_low);

    // Either the exponent is 0 or its part is the larger one, so the error of the sum is exact.
    let large = exponent * LN_2_HIGH;
    let total = half.mul_add(2.0, large);
    let total_low = half.mul_add(2.0, large - total) + half_low.mul_add(2.0, exponent * LN_2_LOW);
    let high = total + total_low;
    (high, (total - high) + total_low)
}
