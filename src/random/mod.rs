//! Counter-based randomness: every draw is a function of a [`Key`] and of its own index.
//!
//! The words come from Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011), whose block function
//! turns a counter of four 32-bit words and a key of two into four random words. Bits and
//! uniforms are the same on every device, whatever the batch size and thread count, and the first
//! `n` of `m` draws are the `n` draws. Transformed draws agree to a few units in the last place.
//!
//! # Layout
//!
//! This is the contract that every generator of words, host loop or device kernel, follows. A
//! counter is (position low, position high, attempt, tag); the tag keeps its uses apart.
//!
//! | use | position | attempt | tag | element `i` reads |
//! | --- | --- | --- | --- | --- |
//! | stream, 32-bit | `i / 4` | 0 | 0 | word `i mod 4` |
//! | stream, 64-bit | `i / 2` | 0 | 0 | words `2(i mod 2)` (low) and `2(i mod 2) + 1` (high) |
//! | attempt, 32-bit | `i` | attempt | 1 | word 0 for its first number, word 2 for its second |
//! | attempt, 64-bit | `i` | attempt | 1 | words 0, 1 for its first, words 2, 3 for its second |
//! | `Key::split` | child | 0 | 2³² − 1 | words 0, 1 are the new key |
//! | `Key::fold_in` | data | 0 | 2³² − 2 | words 0, 1 are the new key |
//! | salt | hash of the name | 0 | 2³² − 3 | words 0, 1 are the new key |
//!
//! `i` is the logical, row-major index of the element in its tensor. `f32` numbers, and the
//! half-precision ones rounded from them, take 32 bits; `f64` numbers take 64. One-number samplers
//! read the stream; rejection samplers read the attempt blocks, and the stream for what they need
//! once.

mod backends;
mod categorical;
mod counts;
#[cfg(feature = "cubecl-backend")]
mod device;
mod draw;
mod elementary;
mod exponential;
mod gamma;
mod host_float;
mod key;
mod normal;
#[cfg_attr(feature = "ndarray", allow(deprecated, reason = "NdArray, which keeps its users"))]
mod ops;
mod philox;
mod points;
mod stream;
mod tensor;
mod upload;

#[cfg(test)]
mod tests;

pub(crate) use categorical::categorical;
pub use draw::Sampler;
pub use key::Key;
pub use ops::RandomOps;
pub use stream::Source;
pub use tensor::{
    binomial, exponential, gumbel, log_gamma, normal, poisson, uniform, uniform_half_open, words,
};

const TAG_STREAM: u32 = 0;
const TAG_ATTEMPT: u32 = 1;
const TAG_SPLIT: u32 = u32::MAX;
const TAG_FOLD_IN: u32 = u32::MAX - 1;
const TAG_SALT: u32 = u32::MAX - 2;
