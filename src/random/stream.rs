//! Filling host slices in the stream and the attempt layouts, vectorised and threaded.
//!
//! Every element is a function of its own index alone, so batches, chunks and threads are free to
//! be whatever is fastest.

use core::marker::PhantomData;

use rayon::prelude::*;

use super::draw::Draw;
use super::host_float::HostFloat;
use super::key::Key;
use super::philox::{LANES, consecutive};
use super::{TAG_ATTEMPT, TAG_STREAM};
use crate::kernel::simd::dispatch;

/// Elements from which threads pay for themselves.
const THREADED_FROM: usize = 1 << 16;
/// Elements a thread takes at a time.
const CHUNK: usize = 1 << 14;

/// Which word each element reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The next word, or pair of words, of the stream.
    Stream,
    /// A number of the element's own block for one attempt.
    Attempt {
        /// Which attempt, from 0.
        attempt: u32,
        /// The first (0) or second (1) number of the block.
        number: usize,
    },
}

impl Source {
    /// Words for the elements from `first` on, which starts a block; returns how many were made.
    #[inline(always)]
    pub(super) fn words<E: HostFloat>(
        self,
        first: u64,
        key: Key,
        into: &mut [E::Word; 4 * LANES],
    ) -> usize {
        match self {
            Source::Stream => {
                let block = first / E::PER_BLOCK as u64;
                let words = consecutive::<LANES>(block, 0, TAG_STREAM, key.words());
                for lane in 0..LANES {
                    for slot in 0..E::PER_BLOCK {
                        into[lane * E::PER_BLOCK + slot] = E::word(&words, slot, lane);
                    }
                }
                LANES * E::PER_BLOCK
            }
            Source::Attempt { attempt, number } => {
                let words = consecutive::<LANES>(first, attempt, TAG_ATTEMPT, key.words());
                for lane in 0..LANES {
                    into[lane] = E::word(&words, number * E::PER_BLOCK / 2, lane);
                }
                LANES
            }
        }
    }
}

/// Fills `out` with draws of `T`, element 0 first.
pub(crate) fn fill<E: HostFloat, T: Draw>(out: &mut [E], key: Key, source: Source) {
    fill_words(out, |out, first| FillChunk {
        out,
        first,
        key,
        source,
        draw: T::draw::<E>,
        element: PhantomData::<E>,
    });
}

/// Fills `out` with the raw words of the stream.
pub(crate) fn fill_bits(out: &mut [u32], key: Key) {
    fill_words(out, |out, first| FillChunk {
        out,
        first,
        key,
        source: Source::Stream,
        draw: |word| word,
        element: PhantomData::<f32>,
    });
}

fn fill_words<'a, T: Send, J: pulp::WithSimd>(
    out: &'a mut [T],
    job: impl Fn(&'a mut [T], u64) -> J + Sync,
) {
    if out.len() < THREADED_FROM {
        dispatch(job(out, 0));
        return;
    }
    out.par_chunks_mut(CHUNK).enumerate().for_each(|(index, chunk)| {
        dispatch(job(chunk, (index * CHUNK) as u64));
    });
}

struct FillChunk<'a, E, T, F> {
    out: &'a mut [T],
    first: u64,
    key: Key,
    source: Source,
    draw: F,
    element: PhantomData<E>,
}

impl<E: HostFloat, T: Copy, F: Fn(E::Word) -> T> pulp::WithSimd for FillChunk<'_, E, T, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let mut words = [E::Word::default(); 4 * LANES];
        let mut done = 0;
        while done < self.out.len() {
            let made = self.source.words::<E>(self.first + done as u64, self.key, &mut words);
            let taken = made.min(self.out.len() - done);
            let out = &mut self.out[done..done + taken];
            for (value, &word) in out.iter_mut().zip(&words) {
                *value = (self.draw)(word);
            }
            done += taken;
        }
    }
}
