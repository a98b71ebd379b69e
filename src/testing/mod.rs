//! The laws that every distribution and bijector obeys, as functions.
//!
//! A family of your own is tested by handing an instance to the laws of its capabilities:
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use pushforward::prelude::*;
//! use pushforward::testing::{Check, density, moments, sampling, univariate};
//!
//! let loc = Tensor::<2>::from_floats([[0.0, 1.0]], &Device::flex());
//! let normal = Normal::new(loc, 0.5);
//! let check = Check::new("normal").draws(10_000);
//! density::assert_laws(&normal, &check);
//! univariate::assert_laws(&normal, &check);
//! moments::assert_laws(&normal, &check);
//! sampling::assert_laws(&normal, &check);
//! ```
//!
//! # What an instance looks like
//!
//! Laws look at many points at once: points run along the first dimension, which must have size 1
//! in the distribution's [`shape`](crate::distribution::Distribution::shape). Every other batch
//! dimension holds further parameters, each of which is tested. Instances with an event of more
//! than two elements cannot be integrated; test them with a smaller event.
//!
//! # What the laws compute with
//!
//! Tensors are read back and everything else happens in `f64` on the host, so a law never checks
//! tensor code with the same tensor code. Tolerances follow from the precision of the tensors
//! (32 roundings of the numbers that went into a result) and from the error that the law's own
//! quadrature or difference quotient estimates; they are not chosen by family. A law based on
//! draws has a false-alarm rate of at most 1e-6 for each parameter it looks at, and repeats
//! exactly, because the seed belongs to the [`Check`].

use core::convert::Infallible;

use rand::TryRng;
use thiserror::Error;

pub mod bijector;
pub mod density;
#[cfg(feature = "autodiff")]
mod differences;
pub mod divergence;
#[cfg(feature = "autodiff")]
pub mod edges;
mod goodness;
#[cfg(feature = "autodiff")]
pub mod gradients;
mod jacobian;
#[cfg(feature = "autodiff")]
pub mod learnable;
pub mod moments;
mod points;
mod quadrature;
mod quantiles;
pub mod sampling;
pub mod shapes;
#[cfg(feature = "autodiff")]
pub mod summaries;
pub mod univariate;

pub use points::Values;

/// Which instance a law looks at, and how hard.
#[derive(Clone, Debug)]
pub struct Check {
    instance: String,
    draws: usize,
    seed: u64,
    slack: f64,
    apart: f64,
}

impl Check {
    /// A check of the instance with this name: 100 000 draws, a fixed seed.
    pub fn new(instance: impl Into<String>) -> Self {
        Self { instance: instance.into(), draws: 100_000, seed: 0x5EED, slack: 1.0, apart: 0.0 }
    }

    /// Takes `draws` draws in laws about samples, shared among the batch.
    #[must_use]
    pub fn draws(mut self, draws: usize) -> Self {
        self.draws = draws;
        self
    }

    /// Draws from another seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Allows `slack` times the 32 roundings of the default, for a family whose formula is
    /// ill-conditioned; say why where you call it.
    #[must_use]
    pub fn slack(mut self, slack: f64) -> Self {
        self.slack = slack;
        self
    }

    /// Allows the same draw to come out up to `roundings` apart of two calls that compute it together
    /// with other things or in other numbers, as on devices whose driver compiles each kernel by
    /// itself; by default not at all.
    #[must_use]
    pub fn apart(mut self, roundings: f64) -> Self {
        self.apart = roundings;
        self
    }

    /// The name of the instance.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    fn rng(&self) -> Seeded {
        Seeded(self.seed)
    }

    fn roundings(&self, epsilon: f64) -> f64 {
        32.0 * self.slack * epsilon
    }
}

/// An instance that breaks a law, at the point where it does so most.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{instance}: {law} fails at {at}: {got:e} instead of {expected:e} ± {tolerance:e}")]
pub struct LawError {
    /// The law, in words.
    pub law: &'static str,
    /// The name of the instance, from its [`Check`].
    pub instance: String,
    /// The point, in words.
    pub at: String,
    /// What the instance gave.
    pub got: f64,
    /// What the law asks for.
    pub expected: f64,
    /// How far `got` may be from `expected`.
    pub tolerance: f64,
}

/// Panics with the error of a law that does not hold.
///
/// # Panics
///
/// If `result` is an error.
#[track_caller]
pub fn assert_law(result: Result<(), LawError>) {
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Collects comparisons and keeps the worst that fails.
struct Comparison<'a> {
    law: &'static str,
    check: &'a Check,
    worst: Option<(f64, LawError)>,
}

impl<'a> Comparison<'a> {
    fn new(law: &'static str, check: &'a Check) -> Self {
        Self { law, check, worst: None }
    }

    /// Compares two numbers; equal infinities are equal, and so are NaN and NaN.
    fn near(&mut self, at: impl FnOnce() -> String, got: f64, expected: f64, tolerance: f64) {
        let same = got == expected || (got.is_nan() && expected.is_nan());
        let gap = (got - expected).abs();
        if same || gap <= tolerance {
            return;
        }
        // A NaN anywhere is worse than any number.
        let excess = gap / tolerance.max(f64::MIN_POSITIVE);
        let excess = if excess.is_nan() { f64::INFINITY } else { excess };
        if self.worst.as_ref().is_none_or(|(worst, _)| excess > *worst) {
            let error = LawError {
                law: self.law,
                instance: self.check.instance.clone(),
                at: at(),
                got,
                expected,
                tolerance,
            };
            self.worst = Some((excess, error));
        }
    }

    /// Requires that a number does not exceed a limit.
    fn at_most(&mut self, at: impl FnOnce() -> String, got: f64, limit: f64, tolerance: f64) {
        let clipped = if got.is_nan() { got } else { got.max(limit) };
        self.near(at, clipped, limit, tolerance);
    }

    /// Requires any number, shown as 0 ± ∞, but NaN.
    #[cfg(feature = "autodiff")]
    fn is_number(&mut self, at: impl FnOnce() -> String, got: f64) {
        self.near(at, got, if got.is_nan() { 0.0 } else { got }, f64::INFINITY);
    }

    /// Requires something that is true or false, shown as 1 or 0.
    fn holds(&mut self, at: impl FnOnce() -> String, holds: bool) {
        self.near(at, f64::from(holds), 1.0, 0.0);
    }

    fn finish(self) -> Result<(), LawError> {
        self.worst.map_or(Ok(()), |(_, error)| Err(error))
    }
}

/// A generator for tests: SplitMix64 (Steele, Lea and Flood 2014). A distribution takes one word.
struct Seeded(u64);

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Ok(word ^ (word >> 31))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}
