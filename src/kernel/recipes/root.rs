//! Roots of probabilities in single precision to a few ULP: quantiles next to 0 of laws with a small shape,
//! where the exponential of a logarithm has lost what the logarithm spends on its size.

use super::super::real::Real;
use super::power::{head, split_ln};
use super::split_exponent::PowerOfTwo;

/// A logarithm as two exact heads of at most 12 bits and a small rest.
#[derive(Clone, Copy)]
pub(super) struct SplitLogarithm<R>([R; 3]);

impl<R: Real> SplitLogarithm<R> {
    /// ln(x + `lost`) for a positive x of which rounding took `lost`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn new(x: R, lost: R) -> Self {
        let (first, second, rest) = split_ln(x);
        Self([first, second, rest + lost / x])
    }

    /// ln p of p and q = 1 − p, of which the smaller is known exactly.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn of_probability(p: R, q: R) -> Self {
        let exact = p.lt(R::constant(0.5));
        Self::new(p, R::select(exact, R::constant(0.0), R::constant(1.0) - p - q))
    }

    /// The logarithm of the product with (a + b)/b.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn times_share(self, a: R, b: R) -> Self {
        let total = a + b;
        let lost = a.min(b) - (total - a.max(b));
        let (Self(p), Self(up)) = (self, Self::new(total, lost));
        let Self(down) = Self::new(b, R::constant(0.0));
        let mut sum = p;
        for part in 0..3 {
            sum[part] = p[part] + (up[part] - down[part]);
        }
        Self(sum)
    }

    /// The root: e^(this/a + exponent).
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn root(self, a: R, exponent: R) -> R {
        let Self([first, second, rest]) = self;
        // The quotient as a multiple of 1/16, whose products with both halves of a are exact, and what is
        // left of the logarithm.
        let quotient = head((first + (second + rest)) / a, 16.0);
        let grid = PowerOfTwo::below(a);
        let a_head = grid.head(a, 2048.0);
        // `head` changes nothing here: it keeps the two products apart, which share a factor.
        let product = grid.head(quotient * a_head, 32768.0);
        let left = (first - product) + (second - quotient * (a - a_head)) + rest;
        let exponent = left / a + exponent;
        let large = head(exponent, 16.0);
        (quotient + large).exp() * (exponent - large).exp()
    }
}
