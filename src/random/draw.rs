//! The one-number samplers, as types, so that each compiles into its own vector loop.

use super::exponential::{exponential, gumbel};
use super::host_float::HostFloat;
use super::normal::normal;

/// A sampler that turns one word into one number.
pub(crate) trait Draw {
    /// Whether every number must stay below one after rounding to a narrower type.
    const BELOW_ONE: bool = false;

    /// The number drawn by `word`, in straight-line code.
    fn draw<E: HostFloat>(word: E::Word) -> E;
}

/// Uniform on (0, 1).
pub(crate) struct Uniform;
/// Uniform on [0, 1).
pub(crate) struct UniformHalfOpen;
/// Standard normal.
pub(crate) struct Normal;
/// Standard exponential.
pub(crate) struct Exponential;
/// Standard Gumbel.
pub(crate) struct Gumbel;

/// A point of (0, 1) by its distance to the nearer end, positive where that is 1.
pub(crate) struct SignedTail;

impl Draw for Uniform {
    const BELOW_ONE: bool = true;

    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        E::uniform(word)
    }
}

impl Draw for UniformHalfOpen {
    const BELOW_ONE: bool = true;

    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        E::uniform_half_open(word)
    }
}

impl Draw for Normal {
    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        normal(word)
    }
}

impl Draw for Exponential {
    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        exponential(word)
    }
}

impl Draw for Gumbel {
    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        gumbel(word)
    }
}

impl Draw for SignedTail {
    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        let point = E::split_point(word);
        if point.upper { point.tail } else { -point.tail }
    }
}
