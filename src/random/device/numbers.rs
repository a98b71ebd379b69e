//! Words and numbers inside a kernel: the generator, and the forms that a word takes.

use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;

use super::super::TAG_STREAM;

/// What a number of the kernel is; the forms of `HostFloat` on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Number {
    /// Uniform on (0, 1).
    Open,
    /// Uniform on [0, 1).
    HalfOpen,
    /// All bits, as a point of (0, 1); see `points::encode`.
    Point,
}

/// The four words of a counter.
#[derive(CubeType, Clone, Copy)]
pub(super) struct Block {
    pub(super) first: u32,
    pub(super) second: u32,
    pub(super) third: u32,
    pub(super) fourth: u32,
}

/// Philox4x32-10 of one counter; see the host's, `philox::philox`.
#[cube]
pub(super) fn philox(counter: Block, key_low: u32, key_high: u32) -> Block {
    let mut x0 = counter.first;
    let mut x1 = counter.second;
    let mut x2 = counter.third;
    let mut x3 = counter.fourth;
    let mut key0 = key_low;
    let mut key1 = key_high;
    #[unroll]
    for _ in 0..10u32 {
        let low0 = 0xD251_1F53u32 * x0;
        let high0 = u32::mul_hi(0xD251_1F53u32, x0);
        let low1 = 0xCD9E_8D57u32 * x2;
        let high1 = u32::mul_hi(0xCD9E_8D57u32, x2);
        x0 = high1 ^ x1 ^ key0;
        x1 = low1;
        x2 = high0 ^ x3 ^ key1;
        x3 = low0;
        key0 += 0x9E37_79B9u32;
        key1 += 0xBB67_AE85u32;
    }
    Block { first: x0, second: x1, third: x2, fourth: x3 }
}

/// The block of a unit, whose position fits 32 bits.
#[cube]
pub(super) fn block(attempt: u32, #[comptime] tag: u32, key_low: u32, key_high: u32) -> Block {
    let position = ABSOLUTE_POS as u32;
    let counter = Block { first: position, second: 0u32, third: attempt, fourth: tag.runtime() };
    philox(counter, key_low, key_high)
}

/// The word of one element of the stream.
#[cube]
pub(super) fn stream_word(element: u32, key_low: u32, key_high: u32) -> u32 {
    let tag = comptime!(TAG_STREAM).runtime();
    let counter = Block { first: element / 4u32, second: 0u32, third: 0u32, fourth: tag };
    let block = philox(counter, key_low, key_high);
    let slot = element % 4u32;
    let lower = select(slot == 0u32, block.first, block.second);
    let upper = select(slot == 2u32, block.third, block.fourth);
    select(slot < 2u32, lower, upper)
}

/// The integer of the two words, rounded once: each half converts exactly.
#[cube]
pub(super) fn joined<F: Float>(high: F, low: F, #[comptime] low_scale: f32) -> F {
    high * F::new(low_scale) + low
}

/// The number behind a 32-bit word, or behind a 64-bit one in two halves where `wide`.
#[cube]
pub(super) fn number<F: Float>(
    low: u32,
    high: u32,
    #[comptime] form: Number,
    #[comptime] wide: bool,
) -> F {
    if comptime!(form == Number::Point) {
        point::<F>(low, high, wide)
    } else {
        uniform::<F>(low, high, comptime!(u32::from(form == Number::Open)), wide)
    }
}

/// A multiple of 2^−24, or of 2^−53 where `wide`; an odd one where `odd` is one.
#[cube]
pub(super) fn uniform<F: Float>(
    low: u32,
    high: u32,
    #[comptime] odd: u32,
    #[comptime] wide: bool,
) -> F {
    if wide {
        // 53 bits: the upper 32, then 21 of the lower word.
        let steps = joined::<F>(F::cast_from(high), F::cast_from((low >> 11u32) | odd), 2097152.0);
        steps * F::new(comptime!(1.0 / 9_007_199_254_740_992.0))
    } else {
        F::cast_from((low >> 8u32) | odd) * F::new(comptime!(1.0 / 16_777_216.0))
    }
}

#[cube]
pub(super) fn point<F: Float>(low: u32, high: u32, #[comptime] wide: bool) -> F {
    // Of the most significant word.
    let top = if wide { high } else { low };
    let upper = top >= 0x8000_0000u32;
    let mirror = select(upper, 0xFFFF_FFFFu32, 0u32);
    // Steps from the nearer end; 31 bits, or 63.
    let top = top ^ mirror;
    let bottom = low ^ mirror;
    // Of a quarter and more the distance to the middle is kept instead.
    let near_middle = top >= 0x4000_0000u32;
    let mirror = select(near_middle, 0x7FFF_FFFFu32, 0u32);
    let top = top ^ mirror;
    let magnitude = if wide {
        let bottom = bottom ^ select(near_middle, 0xFFFF_FFFFu32, 0u32);
        let steps = joined::<F>(F::cast_from(top), F::cast_from(bottom), 4_294_967_296.0);
        // 2^−64, times 2^70 for the middle.
        (steps + F::new(0.5)) * select(near_middle, F::new(64.0), F::new(5.421_010_862_427_522e-20))
    } else {
        // In halves, since devices may convert integers of more bits than a float has either way.
        let (upper_half, lower_half) = (top >> 16u32, top & 0xFFFFu32);
        let steps = joined::<F>(F::cast_from(upper_half), F::cast_from(lower_half), 65536.0);
        // 2^−32, times 2^70 for the middle.
        (steps + F::new(0.5))
            * select(near_middle, F::new(274_877_906_944.0), F::new(2.328_306_436_538_696_3e-10))
    };
    select(upper, magnitude, -magnitude)
}
