//! Numbers in two parts.

use super::super::super::lanes::HostFloat;

/// An unevaluated sum of a number and a much smaller one (Dekker 1971).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<E> {
    pub(crate) high: E,
    pub(crate) low: E,
}

impl<E: HostFloat> Pair<E> {
    /// ln x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn ln(x: E) -> Self {
        let (high, low) = x.lane_ln_pair();
        Self { high, low }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn from(high: E) -> Self {
        Self { high, low: E::zero() }
    }

    /// a + b, exactly (Knuth 1969).
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn sum(a: E, b: E) -> Self {
        let high = a + b;
        let b_part = high - a;
        Self { high, low: (a - (high - b_part)) + (b - b_part) }
    }

    /// a · b, exactly.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn product(a: E, b: E) -> Self {
        let high = a * b;
        Self { high, low: a.mul_add(b, -high) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn plus(self, other: Self) -> Self {
        let sum = Self::sum(self.high, other.high);
        Self { high: sum.high, low: sum.low + (self.low + other.low) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn times(self, factor: E) -> Self {
        let product = Self::product(self.high, factor);
        Self { high: product.high, low: self.low.mul_add(factor, product.low) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn minus(self, other: Self) -> Self {
        self.plus(Self { high: -other.high, low: -other.low })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn select(mask: bool, then: Self, otherwise: Self) -> Self {
        Self {
            high: if mask { then.high } else { otherwise.high },
            low: if mask { then.low } else { otherwise.low },
        }
    }

    /// The high part rounded from the whole. What is lost of an infinite number is ∞ − ∞, and goes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn settled(self) -> Self {
        let low = if self.high.abs() < E::infinity() { self.low } else { E::zero() };
        let high = self.high + low;
        let rest = (self.high - high) + low;
        Self { high, low: if high.abs() < E::infinity() { rest } else { E::zero() } }
    }

    /// e^self, of a [`settled`](Self::settled) number.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn exp(self) -> E {
        self.high.lane_exp_pair(self.low)
    }
}
