//! The one-number samplers, as types, so that each compiles into its own vector loop.

use super::exponential::{exponential, gumbel};
use super::host_float::HostFloat;
use super::normal::normal;
use super::points::encode;

/// The samplers of one number a draw, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sampler {
    /// Uniform on (0, 1).
    Uniform,
    /// Uniform on [0, 1).
    UniformHalfOpen,
    /// Standard normal.
    Normal,
    /// Standard exponential.
    Exponential,
    /// Standard Gumbel.
    Gumbel,
}

/// A sampler that turns one word into one number.
pub(crate) trait Draw {
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
/// A point of (0, 1) in the form that the formulas of [`points`](super::points) read.
pub(crate) struct Point;

impl Draw for Uniform {
    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        E::uniform(word)
    }
}

impl Draw for UniformHalfOpen {
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

impl Draw for Point {
    #[inline(always)]
    fn draw<E: HostFloat>(word: E::Word) -> E {
        encode(E::split_point(word))
    }
}
