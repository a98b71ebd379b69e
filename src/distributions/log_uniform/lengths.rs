//! The interval in the logarithm, where the law is uniform: its length, and its parts beside a value.

use super::super::powers::grown;
use crate::divergence::gaps::{ln_product, ln_ratio};
use crate::kernel::Real;

/// ln(high/low), or NaN where the ends are in the wrong order.
#[inline(always)]
pub(super) fn length<R: Real>([low, high]: [R; 2]) -> R {
    // Of close ends from their difference, which is exact.
    R::select(high.lt(low), R::constant(f64::NAN), ln_ratio(high, low))
}

/// ln(x/low), ln(high/x) and the sum of the two.
#[inline(always)]
pub(super) fn distances<R: Real>([x, low, high]: [R; 3]) -> [R; 3] {
    [ln_ratio(x, low), ln_ratio(high, x), length([low, high])]
}

/// −ln(x length).
#[inline(always)]
pub(super) fn height<R: Real>(x: R, length: R) -> R {
    // Of the product: ln x and the logarithm of the length may cancel.
    -ln_product(x, length)
}

/// The part of the length that is on the side of the distance `here`, `there` being the other.
#[inline(always)]
pub(super) fn part<R: Real>([here, there, length]: [R; 3]) -> R {
    // From the nearer end: the slope in the other one would cancel.
    R::select(here.lt(there), here / length, -(there / length) + 1.0)
}

/// Its logarithm.
#[inline(always)]
pub(super) fn ln_part<R: Real>([here, there, length]: [R; 3]) -> R {
    R::select(here.lt(there), (here / length).ln(), (-(there / length)).ln_1p())
}

/// The value with probability p below it and q = 1 − p above.
#[inline(always)]
pub(super) fn between<R: Real>([p, q]: [R; 2], [low, high]: [R; 2]) -> R {
    let length = length([low, high]);
    // From the nearer end: 0 and 1 give the ends exactly, nothing is beyond them, and the slope in the
    // other one does not cancel.
    R::select(p.lt(q), grown(low, p * length), grown(high, -(q * length)))
}
