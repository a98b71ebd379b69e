//! Exponents in single precision, where rounding −30 once is an error of 1e-6 of its exponential: large
//! parts are heads of few enough bits to be exact, as in [`power`](super::power).
//!
//! Without bit operations or a fused multiply-add. Heads are cut off by `floor`, which no compiler takes
//! apart. Drivers make one product of two that share a factor, also across a sum: so exact products, of
//! which the rest follows in another, go through `floor` too, on a grid on which they are whole.

use core::f64::consts::{LN_2, LOG2_E};

use super::super::real::Real;
use super::elementary::artanh_third;
use super::power::head;

/// a ln(x/a) − (x − a) in four parts, and ln(x/a).
pub(super) struct SplitExponent<R> {
    /// Exact, of up to 24 bits.
    pub(super) exact: [R; 2],
    pub(super) rest: R,
    pub(super) log_ratio: R,
}

impl<R: Real> SplitExponent<R> {
    /// For a logarithm `log_ratio` of x/a, of few digits, of up to ±86.
    ///
    /// With x = 2ᵏ y, y within a factor √2 of a and s = (y − a)/(y + a), it is
    /// a k ln 2 − (2ᵏ − 1) y − (y − a) s + 2 a s³ T(s²).
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn new(a: R, x: R, log_ratio: R) -> Self {
        let k = (log_ratio * LOG2_E + 0.5).floor();
        let turn = PowerOfTwo::new(k);
        let y = x * turn.inverse;
        let step = turn.power - 1.0;

        // Numbers of the size of y + a on the grids of the power of 2 below it.
        let (difference, sum) = (y - a, y + a);
        let grid = PowerOfTwo::below(sum);
        let s = difference / sum;
        let s_head = head(s, 4096.0);
        let sum_head = grid.head(sum, 2048.0);
        // By halves it is exact: y and a are close to them.
        let sum_rest = (y - sum_head * 0.5) + (a - sum_head * 0.5);
        let whole = |product: R, bits: i32| grid.head(product, f64::from(bits).exp2());
        let s_rest = (difference - whole(s_head * sum_head, 23) - s_head * sum_rest) / sum;
        let difference_head = grid.head(difference, 4096.0);
        let square = whole(difference_head * s_head, 24);
        let square_rest = (difference - difference_head) * s_head + difference * s_rest;

        let (a_head, y_head) = (grid.head(a, 128.0), grid.head(y, 4096.0));
        let turns = whole(a_head * (k * LN_2_HEAD), 15);
        let turns_rest = (a - a_head) * (k * LN_2_HEAD) + a * (k * (LN_2 - LN_2_HEAD));
        let product = y_head * step;
        let drop = grid.head(product, 32768.0);
        let drop_rest = (product - drop) + ((y - y_head) * turn.power - (y - y_head));

        let tail = bend(s);
        Self {
            exact: [turns - drop, -square],
            rest: tail * a + (turns_rest - drop_rest - square_rest),
            log_ratio: k * LN_2 + (s * 2.0 + tail),
        }
    }
}

/// e^(Σ exact + rest).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exponential<R: Real, const N: usize>(exact: [R; N], rest: R) -> R {
    let (mut heads, mut rest) = (R::constant(0.0), rest);
    for part in exact {
        let large = head(part, 256.0);
        heads = heads + large;
        rest = rest + (part - large);
    }
    // A large rest comes beside larger heads, whose exponential is 0.
    heads.exp() * rest.min(R::constant(80.0)).exp()
}

/// The logarithm of a product, with `sum` the sum of its factors' logarithms, which has the errors of both.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn log_of_product<R: Real>(product: R, sum: R) -> R {
    R::select(product.gt(R::constant(1e-30)), product.ln(), sum)
}

/// ln 2 in 8 bits.
const LN_2_HEAD: f64 = 177.0 / 256.0;

/// 2 artanh(s) − 2 s = 2 s³ T(s²), |s| <= 1/3.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn bend<R: Real>(s: R) -> R {
    s * s.square() * artanh_third(s.square()) * 2.0
}

/// 2ᵏ and its reciprocal.
pub(super) struct PowerOfTwo<R> {
    pub(super) power: R,
    pub(super) inverse: R,
}

impl<R: Real> PowerOfTwo<R> {
    /// For a whole k of up to ±126, by exact factors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn new(k: R) -> Self {
        let (mut large, mut small, mut left) = (R::constant(1.0), R::constant(1.0), k.abs());
        for bits in [64, 32, 16, 8, 4, 2, 1] {
            let factor = f64::from(bits).exp2();
            let take = left.ge(R::constant(f64::from(bits)));
            large = R::select(take, large * factor, large);
            small = R::select(take, small * factor.recip(), small);
            left = R::select(take, left - f64::from(bits), left);
        }
        let negative = k.lt(R::constant(0.0));
        Self {
            power: R::select(negative, small, large),
            inverse: R::select(negative, large, small),
        }
    }

    /// About the largest up to x > 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn below(x: R) -> Self {
        Self::new((x.ln() * LOG2_E).floor())
    }

    /// The multiple of `power`/`parts` below x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn head(&self, x: R, parts: f64) -> R {
        (x * self.inverse * parts).floor() * (self.power * parts.recip())
    }
}
