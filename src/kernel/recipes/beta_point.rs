//! Where on the unit interval, and with which shapes, a beta distribution is asked.

use super::super::real::Real;
use super::elementary::ln_1p_remainder;

/// A number x of (0, 1) and its complement y, both with all their digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnitPoint<R> {
    pub(super) x: R,
    pub(super) y: R,
    pub(super) log_x: R,
    pub(super) log_y: R,
    /// The smaller of x and y, and 1 or −1 as it is x or y.
    pub(super) small: R,
    pub(super) side: R,
}

impl<R: Real> UnitPoint<R> {
    /// From both numbers; only the smaller is read, as the other is known from it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn new(x: R, y: R) -> Self {
        let small = x.min(y);
        Self::from_small(small, small.ln(), (-small).ln_1p(), x.le(y))
    }

    /// From ln x − ln y, finite also where x or y underflows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn at_logit(logit: R) -> Self {
        let size = logit.abs();
        let tail = (-size).exp();
        let log_large = -tail.ln_1p();
        let small = tail / (tail + 1.0);
        Self::from_small(small, log_large - size, log_large, logit.le(R::constant(0.0)))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn from_small(small: R, log_small: R, log_large: R, is_x: R::Mask) -> Self {
        let one = R::constant(1.0);
        let large = one - small;
        Self {
            x: R::select(is_x, small, large),
            y: R::select(is_x, large, small),
            log_x: R::select(is_x, log_small, log_large),
            log_y: R::select(is_x, log_large, log_small),
            small,
            side: R::select(is_x, one, -one),
        }
    }

    /// The same with x and y exchanged.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn mirror(self) -> Self {
        Self {
            x: self.y,
            y: self.x,
            log_x: self.log_y,
            log_y: self.log_x,
            small: self.small,
            side: -self.side,
        }
    }

    /// The mirror image where `mask` holds.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn swapped(self, mask: R::Mask) -> Self {
        let ((x, y), (log_x, log_y)) =
            (exchanged(mask, self.x, self.y), exchanged(mask, self.log_x, self.log_y));
        let side = R::select(mask, -self.side, self.side);
        Self { x, y, log_x, log_y, small: self.small, side }
    }
}

/// (a, b), or (b, a) where `mask` holds.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exchanged<R: Real>(mask: R::Mask, a: R, b: R) -> (R, R) {
    (R::select(mask, b, a), R::select(mask, a, b))
}

/// b x − a y, (a + b) times the distance of x from the mode a/(a + b) on the logit scale.
///
/// For large a + b the logarithm of the density is the square of this difference, which must not
/// lose more digits than x had: so its products keep their rounding errors.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn deviation<R: Real>(a: R, b: R, at: &UnitPoint<R>) -> R {
    // With m = min(x, y): m (a + b) − a where m is x, b − m (a + b) where it is y.
    let (of_a, lost_a) = exact_product(at.small, a);
    let (of_b, lost_b) = exact_product(at.small, b);
    let sum = of_a + of_b;
    let large_a = of_a.gt(of_b);
    let (small, large) = exchanged(large_a, of_a, of_b);
    let lost_sum = small - (sum - large);
    let corner = R::select(at.side.gt(R::constant(0.0)), a, b);
    at.side * ((sum - corner) + (lost_a + lost_b + lost_sum))
}

/// a b and what rounding took from it (Dekker 1971). Arithmetic that reassociates loses the
/// second part, no more.
#[cfg_attr(not(debug_assertions), inline(always))]
fn exact_product<R: Real>(a: R, b: R) -> (R, R) {
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let lost = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
    (product, lost)
}

/// x as a sum of two numbers of half its digits.
#[cfg_attr(not(debug_assertions), inline(always))]
fn halves<R: Real>(x: R) -> (R, R) {
    let scaled = x * if R::double() { 134_217_729.0 } else { 4097.0 };
    let high = scaled - (scaled - x);
    (high, x - high)
}

/// ln(1 + t) and ln(1 + t) − t, where 1 + t is known to be e^`log_far` far from 1.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn log_and_remainder<R: Real>(t: R, log_far: R) -> (R, R) {
    let close = t.ge(R::constant(-0.5)) & t.le(R::constant(1.0));
    let remainder = R::select(close, ln_1p_remainder(t), log_far - t);
    (R::select(close, t.ln_1p(), log_far), remainder)
}
