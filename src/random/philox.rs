//! The Philox4x32-10 block function (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers:
//! as easy as 1, 2, 3"), over `L` counters at once.

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// Counters handled together by the host loops: wide enough to fill the vector units, narrow
/// enough for the whole state to stay in registers.
pub(crate) const LANES: usize = 16;

/// Four words for each of `L` counters, as a structure of arrays: `words[j][c]` is word `j` of
/// counter `c`.
pub(crate) type Words<const L: usize> = [[u32; L]; 4];

/// Encrypts `L` counters under one key.
///
/// The state is kept in 64-bit lanes of which only the low halves count: the widening multiply
/// ignores the high halves, so a product serves as its own low word without a mask or a shuffle.
///
/// Loops, not `array::map`, here and below: the latter is a call of its own, compiled without the
/// vector instructions of its caller.
#[inline(always)]
pub(crate) fn philox<const L: usize>(counters: Words<L>, key: [u32; 2]) -> Words<L> {
    let mut state = [[0_u64; L]; 4];
    for (row, counters) in state.iter_mut().zip(&counters) {
        for (word, &counter) in row.iter_mut().zip(counters) {
            *word = u64::from(counter);
        }
    }
    let mut key = key;
    for _ in 0..ROUNDS {
        let [x0, x1, x2, x3] = state;
        for lane in 0..L {
            let product0 = (x0[lane] & 0xFFFF_FFFF) * MULTIPLIERS[0];
            let product1 = (x2[lane] & 0xFFFF_FFFF) * MULTIPLIERS[1];
            state[0][lane] = (product1 >> 32) ^ x1[lane] ^ u64::from(key[0]);
            state[1][lane] = product1;
            state[2][lane] = (product0 >> 32) ^ x3[lane] ^ u64::from(key[1]);
            state[3][lane] = product0;
        }
        key = [key[0].wrapping_add(KEY_STEPS[0]), key[1].wrapping_add(KEY_STEPS[1])];
    }
    let mut words = counters;
    for (row, state) in words.iter_mut().zip(&state) {
        for (word, &wide) in row.iter_mut().zip(state) {
            *word = wide as u32;
        }
    }
    words
}

/// Encrypts the counters `(first, draw, tag)`, `(first + 1, draw, tag)`, … (see the layout in
/// [`super`]).
#[inline(always)]
pub(crate) fn consecutive<const L: usize>(
    first: u64,
    draw: u32,
    tag: u32,
    key: [u32; 2],
) -> Words<L> {
    let mut counters = [[0; L], [0; L], [draw; L], [tag; L]];
    for lane in 0..L {
        let position = first.wrapping_add(lane as u64);
        counters[0][lane] = position as u32;
        counters[1][lane] = (position >> 32) as u32;
    }
    philox(counters, key)
}

/// Encrypts one counter.
#[inline(always)]
pub(crate) fn single(position: u64, draw: u32, tag: u32, key: [u32; 2]) -> [u32; 4] {
    let [[x0], [x1], [x2], [x3]] = consecutive::<1>(position, draw, tag, key);
    [x0, x1, x2, x3]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encrypt(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
        philox(counter.map(|word| [word]), key).map(|[word]| word)
    }

    /// The published vectors of the Random123 distribution.
    #[test]
    fn known_answers() {
        assert_eq!(encrypt([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            encrypt([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            encrypt(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    /// Every lane of a batch is the block of its own counter, also where the low word overflows.
    #[test]
    fn a_batch_is_its_blocks() {
        let key = [0x0123_4567, 0x89ab_cdef];
        for first in [0, 1, (1 << 32) - 5, u64::MAX - 3] {
            let batch = consecutive::<LANES>(first, 3, 9, key);
            for lane in 0..LANES {
                let position = first.wrapping_add(lane as u64);
                let words = encrypt([position as u32, (position >> 32) as u32, 3, 9], key);
                assert_eq!(words, batch.map(|row| row[lane]), "first {first}, lane {lane}");
            }
        }
    }
}
