//! Log-gamma draws over host slices: the first attempt of a whole batch in vector code, the few
//! later ones element by element.

use rayon::prelude::*;

use super::super::exponential::exponential;
use super::super::host_float::HostFloat;
use super::super::key::Key;
use super::super::normal::normal;
use super::super::philox::{LANES, consecutive};
use super::super::stream::Source;
use super::super::{TAG_ATTEMPT, TAG_STREAM};
use super::{ATTEMPTS, Proposals, finish, first_accepted, propose};

/// Elements from which threads pay for themselves, and that a thread takes at a time: fewer than
/// for the one-number samplers, since each costs about ten times as much.
const THREADED_FROM: usize = 1 << 13;
const CHUNK: usize = 1 << 12;

/// Fills `out[i]` with the logarithm of a Gamma(`concentration[i]`, 1) draw.
///
/// Zero concentrations give −∞, negative ones and NaN give NaN, +∞ gives +∞. Draws do not depend
/// on the number of threads, and element `i` depends on `concentration[i]`, `i` and `key` alone.
pub(crate) fn fill_log_gamma<E: HostFloat>(concentration: &[E], out: &mut [E], key: Key) {
    assert_eq!(
        concentration.len(),
        out.len(),
        "one concentration for each draw"
    );
    let simd = pulp::Arch::new();
    if out.len() < THREADED_FROM {
        simd.dispatch(LogGammaChunk {
            concentration,
            out,
            first: 0,
            key,
        });
        return;
    }
    let chunks = out
        .par_chunks_mut(CHUNK)
        .zip(concentration.par_chunks(CHUNK));
    chunks
        .enumerate()
        .for_each(|(index, (out, concentration))| {
            let first = (index * CHUNK) as u64;
            simd.dispatch(LogGammaChunk {
                concentration,
                out,
                first,
                key,
            });
        });
}

struct LogGammaChunk<'a, E> {
    concentration: &'a [E],
    out: &'a mut [E],
    first: u64,
    key: Key,
}

/// Elements whose first attempt is made together: as many as one batch of stream words serves.
const BATCH: usize = 4 * LANES;

impl<E: HostFloat> pulp::WithSimd for LogGammaChunk<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self {
            concentration,
            out,
            mut first,
            key,
        } = self;
        for (out, concentration) in out.chunks_mut(BATCH).zip(concentration.chunks(BATCH)) {
            let mut padded = [E::literal(1.0); BATCH];
            padded[..concentration.len()].copy_from_slice(concentration);
            let (draws, accepted) = first_attempts(&padded, first, key);
            out.copy_from_slice(&draws[..out.len()]);
            for (index, value) in out.iter_mut().enumerate() {
                if !accepted[index] {
                    *value = later_attempts(padded[index], first + index as u64, key);
                }
            }
            first += BATCH as u64;
        }
    }
}

/// Attempt 0 of a whole batch, without a branch.
#[inline(always)]
fn first_attempts<E: HostFloat>(
    concentration: &[E; BATCH],
    first: u64,
    key: Key,
) -> ([E; BATCH], [bool; BATCH]) {
    let mut normals = [E::literal(0.0); BATCH];
    let mut exponentials = normals;
    let mut boosts = normals;
    let mut draws = normals;
    let mut accepted = [false; BATCH];
    for start in (0..BATCH).step_by(LANES) {
        let words = consecutive::<LANES>(first + start as u64, 0, TAG_ATTEMPT, key.words());
        for lane in 0..LANES {
            normals[start + lane] = normal(E::word(&words, 0, lane));
            exponentials[start + lane] = exponential(E::word(&words, E::PER_BLOCK / 2, lane));
        }
    }
    let mut words = [E::Word::default(); BATCH];
    let mut start = 0;
    while start < BATCH {
        let made = Source::Stream.words::<E>(first + start as u64, key, &mut words);
        for (boost, &word) in boosts[start..start + made].iter_mut().zip(&words) {
            *boost = exponential(word);
        }
        start += made;
    }
    for index in 0..BATCH {
        let proposals = Proposals::new(concentration[index]);
        let proposal = propose(proposals, normals[index], exponentials[index]);
        accepted[index] = proposal.accepted;
        draws[index] = finish(
            concentration[index],
            proposals.centre,
            proposal.log_ratio,
            boosts[index],
        );
    }
    (draws, accepted)
}

/// Attempts 1, 2, … of one element.
///
/// Inlined, so that the logarithms are compiled with the vector instructions of the caller.
#[inline(always)]
fn later_attempts<E: HostFloat>(concentration: E, element: u64, key: Key) -> E {
    let proposals = Proposals::new(concentration);
    let noise = (1..ATTEMPTS).map(|attempt| {
        let words = consecutive::<1>(element, attempt, TAG_ATTEMPT, key.words());
        let (first, second) = (E::word(&words, 0, 0), E::word(&words, E::PER_BLOCK / 2, 0));
        (normal(first), exponential(second))
    });
    let log_ratio = first_accepted(proposals, noise);
    let block = consecutive::<1>(element / E::PER_BLOCK as u64, 0, TAG_STREAM, key.words());
    let slot = (element % E::PER_BLOCK as u64) as usize;
    let boost = exponential(E::word(&block, slot, 0));
    finish(concentration, proposals.centre, log_ratio, boost)
}
