//! Poisson draws over host slices: every attempt in vector code, the first on all elements of a
//! chunk, the later ones on those that are left, packed together.

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Element, FloatDType, Shape};
use rayon::prelude::*;

use super::super::TAG_ATTEMPT;
use super::super::gamma::Number;
use super::super::host_float::{HostFloat, SplitPoint};
use super::super::key::Key;
use super::super::philox::{LANES, Words, philox};
use super::{ATTEMPTS, Finish, Point, Proposals, REJECTION_FROM, inverted, propose};
use crate::kernel::grid::Readers;
use crate::kernel::lanes::Lane;
use crate::kernel::simd::dispatch;
use crate::kernel::{Formula, HostMemory, Real, unwritten};

/// Elements from which threads pay for themselves, and that a thread takes at a time.
const THREADED_FROM: usize = 1 << 13;
const CHUNK: usize = 1 << 12;

/// Fills `out[i]` with a Poisson draw of rate i of the first operand of `rate`: −1 for a negative
/// rate or NaN, +∞ for an infinite one.
///
/// Draws do not depend on the number of threads, and element `i` depends on its rate, `i` and
/// `key` alone.
pub(crate) fn fill_poisson<E: Number>(rate: &Readers<'_, E>, out: &mut [E], key: Key) {
    let chunk = |(index, out)| dispatch(PoissonChunk { rate, out, first: index * CHUNK, key });
    if out.len() < THREADED_FROM {
        out.chunks_mut(CHUNK).enumerate().for_each(chunk);
    } else {
        out.par_chunks_mut(CHUNK).enumerate().for_each(chunk);
    }
}

/// Poisson draws on a backend whose tensors are host memory, the rate read in place.
pub(crate) fn on_host<B: HostMemory>(
    rate: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    match rate.dtype() {
        DType::F64 => in_place::<B, f64>(rate, shape, key),
        DType::F32 => in_place::<B, f32>(rate, shape, key),
        _ => in_place::<B, f32>(B::float_cast(rate, FloatDType::F32), shape, key),
    }
}

fn in_place<B: HostMemory, E: Number + Element>(
    rate: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    let mut draws = unwritten::<E>(shape.num_elements());
    if !draws.is_empty() {
        let rate = B::readable(rate);
        let operand = B::operand(&rate, shape);
        let readers = Readers::new(shape, vec![operand], &mut []);
        fill_poisson(&readers, &mut draws, key);
    }
    B::tensor(draws, shape)
}

struct PoissonChunk<'a, 'b, E> {
    rate: &'a Readers<'b, E>,
    out: &'a mut [E],
    first: usize,
    key: Key,
}

/// Elements of a chunk that have no draw yet: places in it, and rates.
struct Pending<E> {
    count: usize,
    place: [u16; CHUNK],
    rate: [E; CHUNK],
}

impl<E: Number> pulp::WithSimd for PoissonChunk<'_, '_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { rate: readers, out, first, key } = self;
        let one = E::literal(1.0);
        let mut pending = Pending { count: 0, place: [0; CHUNK], rate: [one; CHUNK] };
        let mut rate = [one; LANES];
        for start in (0..out.len()).step_by(LANES) {
            let length = LANES.min(out.len() - start);
            readers.read(0, first + start, start == 0, &mut rate, length);
            let mut element = [0; LANES];
            for lane in 0..LANES {
                element[lane] = (first + start + lane) as u64;
            }
            let (draws, accepted) = first_attempt(rate, element, key);
            for lane in 0..length {
                out[start + lane] = draws[lane];
                if !accepted[lane] {
                    pending.place[pending.count] = (start + lane) as u16;
                    pending.rate[pending.count] = rate[lane];
                    pending.count += 1;
                }
            }
        }
        for attempt in 1..ATTEMPTS {
            if pending.count == 0 {
                break;
            }
            retry(&mut pending, out, first, attempt, key);
        }
        for left in 0..pending.count {
            let rate = Lane(pending.rate[left]);
            out[usize::from(pending.place[left])] = Finish::evaluate([-rate.abs(), rate]).0;
        }
    }
}

/// The two points of each element for one attempt.
#[inline(always)]
fn points<E: Number>(
    element: [u64; LANES],
    attempt: u32,
    key: Key,
) -> [[Point<Lane<E>>; LANES]; 2] {
    let mut counters: Words<LANES> =
        [[0; LANES], [0; LANES], [attempt; LANES], [TAG_ATTEMPT; LANES]];
    for lane in 0..LANES {
        counters[0][lane] = element[lane] as u32;
        counters[1][lane] = (element[lane] >> 32) as u32;
    }
    let words = philox(counters, key.words());
    let mut points = [[Point { tail: Lane(E::literal(0.5)), upper: false }; LANES]; 2];
    for (number, points) in points.iter_mut().enumerate() {
        for lane in 0..LANES {
            let word = E::word(&words, number * E::PER_BLOCK / 2, lane);
            let SplitPoint { tail, upper, .. } = <E as HostFloat>::split_point(word);
            points[lane] = Point { tail: Lane(tail), upper };
        }
    }
    points
}

/// Attempt 0, with both methods where the rates ask for both.
#[inline(always)]
fn first_attempt<E: Number>(
    rate: [E; LANES],
    element: [u64; LANES],
    key: Key,
) -> ([E; LANES], [bool; LANES]) {
    let [hat, test] = points::<E>(element, 0, key);
    let limit = E::literal(REJECTION_FROM);
    let (mut lanes, mut small) = ([Lane(E::literal(0.0)); LANES], [false; LANES]);
    let mut smalls = 0;
    for lane in 0..LANES {
        lanes[lane] = Lane(rate[lane]);
        small[lane] = rate[lane] < limit;
        smalls += usize::from(small[lane]);
    }
    let (mut draws, mut accepted) = ([E::literal(0.0); LANES], small);
    if smalls > 0 {
        let counts = inverted(lanes, hat);
        for lane in 0..LANES {
            draws[lane] = Finish::evaluate([counts[lane], lanes[lane]]).0;
        }
    }
    if smalls < LANES {
        for lane in 0..LANES {
            let (count, taken) = propose(Proposals::new(lanes[lane]), [hat[lane], test[lane]]);
            draws[lane] = if small[lane] { draws[lane] } else { count.0 };
            accepted[lane] = small[lane] | taken;
        }
    }
    (draws, accepted)
}

/// One more attempt for all elements that have no draw; those left over move to the front.
#[inline(always)]
fn retry<E: Number>(pending: &mut Pending<E>, out: &mut [E], first: usize, attempt: u32, key: Key) {
    let before = core::mem::take(&mut pending.count);
    for start in (0..before).step_by(LANES) {
        let length = LANES.min(before - start);
        let (mut rate, mut place) = ([E::literal(1.0); LANES], [0; LANES]);
        rate[..length].copy_from_slice(&pending.rate[start..start + length]);
        place[..length].copy_from_slice(&pending.place[start..start + length]);
        let mut element = [0; LANES];
        for lane in 0..LANES {
            element[lane] = (first + usize::from(place[lane])) as u64;
        }
        let [hat, test] = points::<E>(element, attempt, key);
        let (mut counts, mut accepted) = ([E::literal(0.0); LANES], [false; LANES]);
        for lane in 0..LANES {
            let proposals = Proposals::new(Lane(rate[lane]));
            let (count, taken) = propose(proposals, [hat[lane], test[lane]]);
            (counts[lane], accepted[lane]) = (count.0, taken);
        }
        for lane in 0..length {
            if accepted[lane] {
                out[usize::from(place[lane])] = counts[lane];
            } else {
                pending.place[pending.count] = place[lane];
                pending.rate[pending.count] = rate[lane];
                pending.count += 1;
            }
        }
    }
}
