//! The density of the logit of a beta variate, the factor in front of the integrals of the incomplete beta
//! functions, in single precision.

use core::f64::consts::FRAC_1_PI;

use super::super::real::Real;
use super::beta_point::{UnitPoint, exchanged};
use super::split_exponent::{PowerOfTwo, SplitExponent, exponential};

/// (a + b) times the smaller of x and y, and times the larger, each a number and what it left out. Their
/// shapes are a and b in the order in which x and y are.
pub(super) struct Shares<R> {
    shapes: [R; 2],
    numbers: [R; 2],
    rests: [R; 2],
}

impl<R: Real> Shares<R> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn new(a: R, b: R, at: &UnitPoint<R>) -> Self {
        let (p, q) = exchanged(at.side.lt(R::constant(0.0)), a, b);
        let total = p + q;
        let (coarse, fine) = (PowerOfTwo::below(total), PowerOfTwo::below(at.small));
        let total_head = coarse.head(total, 2048.0);
        let total_rest = (p.max(q) - total_head) + p.min(q);
        let small_head = fine.head(at.small, 2048.0);
        // A head too: a product may become part of the sum below, unrounded.
        let parts = f64::from(1 << 21);
        let product = (at.small * fine.inverse) * (total * coarse.inverse);
        let low = (product * parts).floor() * parts.recip() * fine.power * coarse.power;
        // Exact, and no factor of it is one of the others. In a larger program Mesa's driver was seen to lose
        // all the same what this leaves of the product of `small` and `total`; through a minimum it does not.
        let heads = (small_head * total_head).min(R::constant(3e38));
        let low_rest = (heads - low)
            + (at.small * total_rest + (at.small - small_head) * (total - total_rest));
        // Whole on this grid already; but a compiler might take total − (total − low) for low.
        let high = coarse.head(total - low, f64::from(1 << 24));
        let high_rest = ((total_head - high) - low) + (total_rest - low_rest);
        Self { shapes: [p, q], numbers: [low, high], rests: [low_rest, high_rest] }
    }

    /// b x − a y, (a + b) times the distance of x from the mode a/(a + b) on the logit scale.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn deviation(&self, at: &UnitPoint<R>) -> R {
        at.side * ((self.numbers[0] - self.shapes[0]) + self.rests[0])
    }

    /// xᵃ yᵇ (a + b)^(a + b)/(aᵃ bᵇ) √(a b/(2π (a + b))) and its logarithm, which is not rounded where it is
    /// large. The logarithms, of few digits, are those of the numbers over their shapes, up to ±86.
    ///
    /// The exponents are those of two gamma densities, whose linear terms add up to 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn kernel(&self, log_ratios: [R; 2], rest: R) -> [R; 2] {
        let Self { shapes: [p, q], numbers: [low, high], rests: [low_rest, high_rest] } = *self;
        let one = SplitExponent::new(p, low, log_ratios[0]);
        let other = SplitExponent::new(q, high, log_ratios[1]);
        let moved = low_rest * ((p - low) / low) + high_rest * ((q - high) / high);
        let rest = (one.rest + other.rest) + (moved + rest);
        let (exact, more) = (one.exact, other.exact);
        let scale = p / (p + q) * q * (FRAC_1_PI * 0.5);
        let value = scale.sqrt() * exponential([exact[0], exact[1], more[0], more[1]], rest);
        let large = (exact[0] + exact[1]) + (more[0] + more[1]);
        [value, large + (rest + scale.ln() * 0.5)]
    }
}
