//! The derivatives of ψ.

use super::super::real::Real;

/// B₂ₖ for k from 1.
const BERNOULLI: [f64; 10] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174_611.0 / 330.0,
];

/// xᵏ for k >= 1 by squaring, which rounds less often than one product after the other.
#[cfg_attr(not(debug_assertions), inline(always))]
fn power<R: Real>(x: R, exponent: u32) -> R {
    let (mut result, mut square, mut left) = (None, x, exponent);
    while left > 0 {
        if left % 2 == 1 {
            result = Some(result.map_or(square, |result: R| result * square));
        }
        left /= 2;
        if left > 0 {
            square = square.square();
        }
    }
    result.unwrap_or(R::constant(1.0))
}

/// `factor` over xᵏ.
#[cfg_attr(not(debug_assertions), inline(always))]
fn over_power<R: Real>(factor: R, x: R, exponent: u32) -> R {
    // Not the power of the reciprocal, whose rounding it would magnify; x itself is exact.
    let whole = power(x, exponent);
    let quotient = factor / whole;
    if exponent < 4 || R::double() {
        return quotient;
    }
    // The power overflows where the quotient still counts.
    let (first, second) = (exponent / 2, exponent - exponent / 2);
    let apart = factor / power(x, first) / power(x, second);
    R::select(whole.gt(R::constant(1e35)), apart, quotient)
}

/// ψ₍ₙ₎(x) = dⁿψ(x)/dxⁿ = (−1)ⁿ⁺¹ n! Σ (x + k)⁻ⁿ⁻¹ for x > 0; NaN for x < 0.
///
/// The first terms as they are, the rest by the asymptotic series at x + m (Abramowitz and Stegun
/// 6.4.11): all but its small end is of one sign, and where x is small the first term is most of
/// the value. Truncation below 3e-17 with 8 terms and 10 Bernoulli numbers, 1e-8 with 5 and 3.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn polygamma<R: Real>(x: R, order: u32) -> R {
    match order {
        0 => return x.digamma(),
        1 => return x.trigamma(),
        _ => {}
    }
    let (terms, series) = if R::double() { (8, 10) } else { (5, 3) };
    let n = f64::from(order);
    let factorial = (1..order).map(f64::from).product::<f64>();
    let mut sum = R::constant(0.0);
    // The smallest terms first.
    for index in 0..terms {
        let k = f64::from(terms - 1 - index);
        sum = sum + over_power(R::constant(factorial * n), x + k, order + 1);
    }
    // What x + m rounds off is n times that much of the power.
    let shift = R::constant(f64::from(terms));
    let start = x + shift;
    let lost = R::select(x.lt(shift), x - (start - shift), shift - (start - x));
    // ∞ − ∞.
    let finite = x.lt(R::constant(f64::INFINITY));
    let lost = R::select(finite, lost, R::constant(0.0));
    let r = start.recip();
    let z = r.square();
    // B₂ₖ times the binomial coefficient of 2k + n − 1 over 2k.
    let mut coefficients = BERNOULLI;
    let mut binomial = 1.0;
    for (index, coefficient) in coefficients.iter_mut().enumerate() {
        let twice = 2.0 * (index as f64 + 1.0);
        binomial *= (twice + n - 2.0) * (twice + n - 1.0) / ((twice - 1.0) * twice);
        *coefficient *= binomial;
    }
    let mut tail = R::constant(coefficients[series - 1]);
    for index in 1..series {
        tail = tail * z + coefficients[series - 1 - index];
    }
    let bracket = tail * z + r * (-lost * n + 0.5 * n) + 1.0;
    let rest = over_power(bracket * factorial, start, order);
    let value = if order.is_multiple_of(2) { -(sum + rest) } else { sum + rest };
    R::select(x.lt(R::constant(0.0)), R::constant(f64::NAN), value)
}
