//! Log-gamma draws over host slices: the first attempt of a whole batch in vector code, the few
//! later ones element by element.

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Element, FloatDType, Shape};
use rayon::prelude::*;

use super::super::exponential::exponential;
use super::super::host_float::HostFloat;
use super::super::key::Key;
use super::super::normal::normal;
use super::super::philox::{LANES, consecutive};
use super::super::stream::Source;
use super::super::{TAG_ATTEMPT, TAG_STREAM};
use super::{ATTEMPTS, Proposals, finish, first_accepted, propose};
use crate::kernel::grid::Readers;
use crate::kernel::lanes::{self, Lane};
use crate::kernel::simd::dispatch;
use crate::kernel::{HostMemory, unwritten};

/// Elements from which threads pay for themselves, and that a thread takes at a time: fewer than
/// for the one-number samplers, since each costs about ten times as much.
const THREADED_FROM: usize = 1 << 13;
const CHUNK: usize = 1 << 12;

/// Fills `out[i]` with the logarithm of a Gamma(aᵢ, 1) draw, where aᵢ is element i of the first
/// operand of `concentration`.
///
/// Zero concentrations give −∞, negative ones and NaN give NaN, +∞ gives +∞. Draws do not depend
/// on the number of threads, and element `i` depends on aᵢ, `i` and `key` alone.
pub(crate) fn fill_log_gamma<E: Number>(concentration: &Readers<'_, E>, out: &mut [E], key: Key) {
    let chunk = |(index, out)| {
        let first = index * CHUNK;
        dispatch(LogGammaChunk { concentration, out, first, key });
    };
    if out.len() < THREADED_FROM {
        out.chunks_mut(CHUNK).enumerate().for_each(chunk);
    } else {
        out.par_chunks_mut(CHUNK).enumerate().for_each(chunk);
    }
}

/// A float that can be sampled and computed with.
pub(crate) trait Number: HostFloat + lanes::HostFloat {}

impl<E: HostFloat + lanes::HostFloat> Number for E {}

/// Log-gamma draws on a backend whose tensors are host memory, the concentration read in place.
pub(crate) fn on_host<B: HostMemory>(
    concentration: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    match concentration.dtype() {
        DType::F64 => in_place::<B, f64>(concentration, shape, key),
        DType::F32 => in_place::<B, f32>(concentration, shape, key),
        dtype => {
            let concentration = B::float_cast(concentration, FloatDType::F32);
            B::float_cast(in_place::<B, f32>(concentration, shape, key), dtype.into())
        }
    }
}

fn in_place<B: HostMemory, E: Number + Element>(
    concentration: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    let mut draws = unwritten::<E>(shape.num_elements());
    if !draws.is_empty() {
        let concentration = B::readable(concentration);
        let operand = B::operand(&concentration, shape);
        let readers = Readers::new(shape, vec![operand], &mut []);
        fill_log_gamma(&readers, &mut draws, key);
    }
    B::tensor(draws, shape)
}

struct LogGammaChunk<'a, 'b, E> {
    concentration: &'a Readers<'b, E>,
    out: &'a mut [E],
    first: usize,
    key: Key,
}

/// Elements whose first attempt is made together: as many as one batch of stream words serves.
const BATCH: usize = 4 * LANES;

impl<E: Number> pulp::WithSimd for LogGammaChunk<'_, '_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { concentration: readers, out, first, key } = self;
        let mut concentration = [E::literal(1.0); BATCH];
        for (batch, out) in out.chunks_mut(BATCH).enumerate() {
            let start = first + batch * BATCH;
            readers.read(0, start, batch == 0, &mut concentration, out.len());
            let (draws, accepted) = first_attempts(&concentration, start as u64, key);
            out.copy_from_slice(&draws[..out.len()]);
            for (index, value) in out.iter_mut().enumerate() {
                if !accepted[index] {
                    *value = later_attempts(concentration[index], (start + index) as u64, key);
                }
            }
        }
    }
}

/// Attempt 0 of a whole batch, without a branch.
#[inline(always)]
fn first_attempts<E: Number>(
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
        let (concentration, boost) = (Lane(concentration[index]), Lane(boosts[index]));
        let (normal, exponential) = (Lane(normals[index]), Lane(exponentials[index]));
        let proposals = Proposals::new(concentration);
        let proposal = propose(proposals, normal, exponential);
        accepted[index] = proposal.accepted;
        draws[index] = finish(concentration, proposals.centre, proposal.log_ratio, boost).0;
    }
    (draws, accepted)
}

/// Attempts 1, 2, … of one element.
///
/// Inlined, so that the logarithms are compiled with the vector instructions of the caller.
#[inline(always)]
fn later_attempts<E: Number>(concentration: E, element: u64, key: Key) -> E {
    let concentration = Lane(concentration);
    let proposals = Proposals::new(concentration);
    let log_ratio = first_accepted(
        proposals,
        1..ATTEMPTS,
        #[inline(always)]
        |attempt| {
            let words = consecutive::<1>(element, attempt, TAG_ATTEMPT, key.words());
            let (first, second) = (E::word(&words, 0, 0), E::word(&words, E::PER_BLOCK / 2, 0));
            (Lane(normal(first)), Lane(exponential(second)))
        },
    );
    let block = consecutive::<1>(element / E::PER_BLOCK as u64, 0, TAG_STREAM, key.words());
    let slot = (element % E::PER_BLOCK as u64) as usize;
    let boost = Lane(exponential(E::word(&block, slot, 0)));
    finish(concentration, proposals.centre, log_ratio, boost).0
}
