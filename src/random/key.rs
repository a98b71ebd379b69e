//! Keys: what a caller holds instead of a generator's state.

use rand::Rng;

use super::philox;
use super::{TAG_FOLD_IN, TAG_SALT, TAG_SPLIT};

/// A key of the counter-based generator: the same key gives the same draws on every device, for
/// every batch size and thread count.
///
/// A key is a value, not a state: drawing twice with one key gives the same numbers twice. Use
/// [`Key::split`] or [`Key::fold_in`] to obtain independent keys.
///
/// Derived keys are outputs of the generator itself, at counters that no draw ever uses, so a
/// derived key tells nothing about the draws of its parent and the other way round.
///
/// ```
/// use pushforward::random::Key;
///
/// let [weights, noise] = Key::new(7).split();
/// assert_ne!(weights, noise);
/// assert_ne!(noise.fold_in(0), noise.fold_in(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u32; 2]);

impl Key {
    /// The key made of the bits of `seed`. Different seeds give unrelated draws.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self([seed as u32, (seed >> 32) as u32])
    }

    /// A key from one `u64` of the caller's generator.
    #[must_use]
    pub fn from_rng(rng: &mut dyn Rng) -> Self {
        Self::new(rng.next_u64())
    }

    /// `N` independent keys; the first keys do not depend on `N`.
    #[must_use]
    pub fn split<const N: usize>(self) -> [Self; N] {
        core::array::from_fn(|child| self.derive(child as u64, TAG_SPLIT))
    }

    /// The key for item `data` of a sequence, such as a step or a layer number. Unrelated to the
    /// keys of [`Key::split`].
    #[must_use]
    pub fn fold_in(self, data: u64) -> Self {
        self.derive(data, TAG_FOLD_IN)
    }

    /// The key of one named purpose, so that two samplers given the same key draw unrelated
    /// numbers.
    #[must_use]
    pub fn salted(self, purpose: &'static str) -> Self {
        self.derive(hash(purpose), TAG_SALT)
    }

    pub(crate) const fn words(self) -> [u32; 2] {
        self.0
    }

    fn derive(self, data: u64, tag: u32) -> Self {
        let [low, high, ..] = philox::single(data, 0, tag, self.0);
        Self([low, high])
    }
}

/// The 64-bit FNV-1a hash (Fowler, Noll and Vo 1991).
pub(crate) const fn hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut index = 0;
    while index < bytes.len() {
        state = (state ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        index += 1;
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn hash_is_fnv_1a() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn derived_keys_are_distinct() {
        let key = Key::new(42);
        let children: [Key; 64] = key.split();
        let mut seen: HashSet<Key> = children.into_iter().collect();
        seen.extend((0..64).map(|item| key.fold_in(item)));
        seen.extend(["normal", "gamma"].map(|purpose| key.salted(purpose)));
        seen.insert(key);
        assert_eq!(seen.len(), 64 + 64 + 2 + 1);
        let prefix: [Key; 3] = key.split();
        assert_eq!(prefix, children[..3]);
    }

    #[test]
    fn one_word_of_the_callers_generator() {
        use rand::SeedableRng;
        let mut drawn = rand::rngs::StdRng::seed_from_u64(3);
        let mut other = rand::rngs::StdRng::seed_from_u64(3);
        assert_eq!(Key::from_rng(&mut drawn), Key::new(other.next_u64()));
        assert_eq!(drawn.next_u64(), other.next_u64());
    }
}
