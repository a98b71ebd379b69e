//! xʸ in single precision to a few ULP, where exp(y ln x) would magnify the rounding of its
//! argument up to 88 times.
//!
//! Without bit operations or a fused multiply-add: heads of few enough bits, cut off by `floor`
//! on a power-of-two grid, make the products that matter exact, and stay exact when a compiler
//! contracts multiplications and additions.

use super::super::real::Real;
use super::elementary::{artanh_tail, ln_1p_remainder};

/// ln 2 on a grid of 2⁻¹⁶, so that its multiples up to 127 are exact, and the rest.
const LN_2_HEAD: f64 = 0.693_145_751_953_125;
const LN_2_REST: f64 = 1.428_606_820_309_417_2e-6;

/// The multiple of 1/`grid` below x.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn head<R: Real>(x: R, grid: f64) -> R {
    (x * grid).floor() * grid.recip()
}

/// ln x = k ln 2 + ln m as an exact sum of two heads of at most 12 bits, and a rest some hundred
/// times smaller.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn split_ln<R: Real>(x: R) -> (R, R, R) {
    let zero = R::constant(0.0);
    let k = (x.ln() * core::f64::consts::LOG2_E + 0.5).floor();
    // m = x/2ᵏ by exact factors; m is in [0.7, 1.42].
    let (mut m, mut left, up) = (x, k.abs(), k.lt(zero));
    for bits in [64, 64, 32, 16, 8, 4, 2, 1] {
        let power = f64::from(bits).exp2();
        let factor = R::select(up, R::constant(power), R::constant(power.recip()));
        let take = left.ge(R::constant(f64::from(bits)));
        m = R::select(take, m * factor, m);
        left = R::select(take, left - f64::from(bits), left);
    }
    // ln m = 2 artanh(s), s = n/d, with the head of s and the exact remainder of that division.
    let (n, d) = (m - 1.0, m + 1.0);
    let s = n / d;
    let s_head = head(s, 4096.0);
    let d_head = head(d, 2048.0);
    let remainder = (n - s_head * d_head) - s_head * (m - (d_head - 1.0));
    let general = k * LN_2_HEAD + s_head * 2.0;
    let general_rest =
        k * LN_2_REST + (remainder / d + s * s.square() * artanh_tail(s.square())) * 2.0;
    // Near 1 the grid of s would leave no head at all; there n is one, ln(1 + n) = n + O(n²).
    let close = k.equal(zero) & n.abs().lt(R::constant(1.0 / 64.0));
    let total = R::select(close, n, general);
    let first = R::select(close, head(n, 16384.0), head(general, 32.0));
    let rest = R::select(close, ln_1p_remainder(n), general_rest);
    (first, total - first, rest)
}

/// xʸ for positive finite x and |y| < 2³².
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn power<R: Real>(x: R, y: R) -> R {
    let (first, second, rest) = split_ln(x);
    // The upper 12 bits of y, found by scaling it below 2 through exact factors.
    let (mut small, mut scale) = (y.abs(), R::constant(1.0));
    for bits in [16, 8, 4, 2, 1] {
        let power = f64::from(bits).exp2();
        let take = small.ge(R::constant(power));
        small = R::select(take, small * power.recip(), small);
        scale = R::select(take, scale * power, scale);
    }
    let y_head = y.sign_of(head(small, 2048.0) * scale);
    // Both products are exact; what their sum rounds off joins the small terms.
    let (product, correction) = (y_head * first, y_head * second);
    let sum = product + correction;
    let lost = correction - (sum - product);
    let small_terms = lost + (y - y_head) * (first + second) + y * rest;
    // In halves where e^sum alone might overflow or underflow before the rest brings it back.
    let (whole, half) = (sum.exp(), (sum * 0.5).exp());
    let factor = small_terms.exp();
    R::select(sum.abs().lt(R::constant(86.0)), whole * factor, half * factor * half)
}
