//! What the host samplers need from `f32` and `f64`: random bits and how they become numbers.

use core::ops::Neg;

use num_traits::NumOps;

use super::elementary::{double, single};
use super::philox::Words;

/// A point of (0, 1) kept by its distances to the nearer end and to the middle, each rounded on
/// its own, so that neither tail nor the centre loses digits.
///
/// The `B` random bits `w` stand for the point (w + ½)·2^−B. Complementing all bits reflects it
/// about ½, exactly.
#[derive(Clone, Copy)]
pub(crate) struct SplitPoint<E> {
    /// Distance to the nearer of 0 and 1: in [2^−(B+1), ½], never zero.
    pub tail: E,
    /// Distance to ½: in [2^−(B+1), ½], never zero.
    pub centre: E,
    /// Whether the point lies above ½.
    pub upper: bool,
}

/// A floating-point type that the host samplers fill.
pub(crate) trait HostFloat:
    bytemuck::Pod + Send + Sync + PartialOrd + NumOps + Neg<Output = Self>
{
    /// The random bits behind one number: `u32` or `u64`.
    type Word: Copy + Default + Send + Sync;

    /// Numbers drawn from one Philox block in the stream layout.
    const PER_BLOCK: usize;

    /// Number `slot` of counter `lane`: word `slot`, or words `2·slot` (low) and `2·slot + 1`
    /// (high).
    fn word<const L: usize>(words: &Words<L>, slot: usize, lane: usize) -> Self::Word;

    /// Uniform on the open interval (0, 1): an odd multiple of 2^−24 (`f32`) or 2^−53 (`f64`),
    /// exactly; never 0, ½ or 1; symmetric about ½.
    fn uniform(word: Self::Word) -> Self;

    /// Uniform on [0, 1): a multiple of 2^−24 (`f32`) or 2^−53 (`f64`), exactly.
    fn uniform_half_open(word: Self::Word) -> Self;

    /// All bits of `word` as a point of (0, 1).
    fn split_point(word: Self::Word) -> SplitPoint<Self>;

    /// The lower quantile of the standard normal distribution, negated, at the point's tail.
    fn normal_quantile_magnitude(point: SplitPoint<Self>) -> Self;

    fn literal(value: f64) -> Self;
    fn ln(self) -> Self;
}

impl HostFloat for f32 {
    type Word = u32;
    const PER_BLOCK: usize = 4;

    #[inline(always)]
    fn word<const L: usize>(words: &Words<L>, slot: usize, lane: usize) -> u32 {
        words[slot][lane]
    }

    #[inline(always)]
    fn uniform(word: u32) -> f32 {
        // 24 bits convert exactly; through i32, since vector units lack the unsigned conversion.
        (word >> 8 | 1) as i32 as f32 * (1.0 / 16_777_216.0)
    }

    #[inline(always)]
    fn uniform_half_open(word: u32) -> f32 {
        (word >> 8) as i32 as f32 * (1.0 / 16_777_216.0)
    }

    #[inline(always)]
    fn split_point(word: u32) -> SplitPoint<f32> {
        const STEP: f32 = 1.0 / 4_294_967_296.0;
        let upper = (word as i32) < 0;
        let steps = (if upper { !word } else { word }) as i32;
        SplitPoint {
            tail: (steps as f32 + 0.5) * STEP,
            centre: ((i32::MAX - steps) as f32 + 0.5) * STEP,
            upper,
        }
    }

    #[inline(always)]
    fn normal_quantile_magnitude(point: SplitPoint<f32>) -> f32 {
        super::normal::quantile_magnitude_single(point)
    }

    #[inline(always)]
    fn literal(value: f64) -> f32 {
        value as f32
    }

    #[inline(always)]
    fn ln(self) -> f32 {
        single::ln(self)
    }
}

impl HostFloat for f64 {
    type Word = u64;
    const PER_BLOCK: usize = 2;

    #[inline(always)]
    fn word<const L: usize>(words: &Words<L>, slot: usize, lane: usize) -> u64 {
        u64::from(words[2 * slot + 1][lane]) << 32 | u64::from(words[2 * slot][lane])
    }

    #[inline(always)]
    fn uniform(word: u64) -> f64 {
        (word >> 11 | 1) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    #[inline(always)]
    fn uniform_half_open(word: u64) -> f64 {
        (word >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    #[inline(always)]
    fn split_point(word: u64) -> SplitPoint<f64> {
        const STEP: f64 = 1.0 / 18_446_744_073_709_551_616.0;
        let upper = (word as i64) < 0;
        let steps = if upper { !word } else { word };
        SplitPoint {
            tail: (steps as f64 + 0.5) * STEP,
            centre: ((i64::MAX as u64 - steps) as f64 + 0.5) * STEP,
            upper,
        }
    }

    #[inline(always)]
    fn normal_quantile_magnitude(point: SplitPoint<f64>) -> f64 {
        super::normal::quantile_magnitude_double(point)
    }

    #[inline(always)]
    fn literal(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn ln(self) -> f64 {
        double::ln(self)
    }
}
