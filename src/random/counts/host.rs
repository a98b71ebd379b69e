//! Draws of counts over host slices: every attempt in vector code, the first on all elements of a
//! chunk, the later ones on those that are left, packed together.

use core::marker::PhantomData;

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Element, FloatDType, Shape};
use rayon::prelude::*;

use super::super::TAG_ATTEMPT;
use super::super::gamma::Number;
use super::super::host_float::{HostFloat, SplitPoint};
use super::super::key::Key;
use super::super::philox::{LANES, Words, philox};
use super::{ATTEMPTS, CountSampler, Points, REJECTION_FROM, finished, inverted, of_lane};
use crate::kernel::grid::Readers;
use crate::kernel::lanes::Lane;
use crate::kernel::simd::dispatch;
use crate::kernel::{HostMemory, Real, unwritten};

/// Elements from which threads pay for themselves, and that a thread takes at a time.
const THREADED_FROM: usize = 1 << 13;
const CHUNK: usize = 1 << 12;

/// Fills `out[i]` with a draw for the parameters at i: −1 where there is no such law.
///
/// Draws do not depend on the number of threads, and element `i` depends on its parameters, `i` and
/// `key` alone.
pub(crate) fn fill<C: CountSampler<P>, E: Number, const P: usize>(
    parameters: &Readers<'_, E>,
    out: &mut [E],
    key: Key,
) {
    let law = PhantomData::<C>;
    let chunk = |(index, out)| {
        dispatch(CountChunk::<C, E, P> { parameters, out, first: index * CHUNK, key, law });
    };
    if out.len() < THREADED_FROM {
        out.chunks_mut(CHUNK).enumerate().for_each(chunk);
    } else {
        out.par_chunks_mut(CHUNK).enumerate().for_each(chunk);
    }
}

/// Draws on a backend whose tensors are host memory, the parameters read in place: in `f64` where
/// the first is, else in `f32`.
pub(crate) fn on_host<B: HostMemory, C: CountSampler<P>, const P: usize>(
    parameters: [FloatTensor<B>; P],
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    match parameters[0].dtype() {
        DType::F64 => in_place::<B, C, f64, P>(parameters, shape, key),
        DType::F32 => in_place::<B, C, f32, P>(parameters, shape, key),
        _ => {
            let single = parameters.map(|parameter| B::float_cast(parameter, FloatDType::F32));
            in_place::<B, C, f32, P>(single, shape, key)
        }
    }
}

fn in_place<B: HostMemory, C: CountSampler<P>, E: Number + Element, const P: usize>(
    parameters: [FloatTensor<B>; P],
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    let mut draws = unwritten::<E>(shape.num_elements());
    if !draws.is_empty() {
        let parameters = parameters.map(B::readable);
        let operands = parameters.iter().map(|parameter| B::operand(parameter, shape));
        let readers = Readers::new(shape, operands, &mut []);
        fill::<C, E, P>(&readers, &mut draws, key);
    }
    B::tensor(draws, shape)
}

struct CountChunk<'a, 'b, C, E, const P: usize> {
    parameters: &'a Readers<'b, E>,
    out: &'a mut [E],
    first: usize,
    key: Key,
    law: PhantomData<C>,
}

/// Elements of a chunk that have no draw yet: places in it, and parameters.
struct Pending<E, const P: usize> {
    count: usize,
    place: [u16; CHUNK],
    parameters: [[E; CHUNK]; P],
}

impl<E: Number, const P: usize> Pending<E, P> {
    #[inline(always)]
    fn push(&mut self, place: u16, parameters: [E; P]) {
        self.place[self.count] = place;
        for index in 0..P {
            self.parameters[index][self.count] = parameters[index];
        }
        self.count += 1;
    }
}

/// The same numbers as lanes.
#[inline(always)]
fn lanes<E: Number, const P: usize>(parameters: &[[E; LANES]; P]) -> [[Lane<E>; LANES]; P] {
    let mut lanes = [[Lane(E::literal(0.0)); LANES]; P];
    for index in 0..P {
        for lane in 0..LANES {
            lanes[index][lane] = Lane(parameters[index][lane]);
        }
    }
    lanes
}

impl<C: CountSampler<P>, E: Number, const P: usize> pulp::WithSimd for CountChunk<'_, '_, C, E, P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { parameters: readers, out, first, key, .. } = self;
        let zero = E::literal(0.0);
        let mut pending = Pending { count: 0, place: [0; CHUNK], parameters: [[zero; CHUNK]; P] };
        let mut parameters = [[zero; LANES]; P];
        for start in (0..out.len()).step_by(LANES) {
            let length = LANES.min(out.len() - start);
            for (index, parameter) in parameters.iter_mut().enumerate() {
                readers.read(index, first + start, start == 0, parameter, length);
            }
            let mut element = [0; LANES];
            for lane in 0..LANES {
                element[lane] = (first + start + lane) as u64;
            }
            let (draws, accepted) = first_attempt::<C, E, P>(&parameters, element, key);
            for lane in 0..length {
                out[start + lane] = draws[lane];
                if !accepted[lane] {
                    let mut law = [zero; P];
                    for index in 0..P {
                        law[index] = parameters[index][lane];
                    }
                    pending.push((start + lane) as u16, law);
                }
            }
        }
        for attempt in 1..ATTEMPTS {
            if pending.count == 0 {
                break;
            }
            retry::<C, E, P>(&mut pending, out, first, attempt, key);
        }
        for left in 0..pending.count {
            let mut law = [Lane(zero); P];
            for index in 0..P {
                law[index] = Lane(pending.parameters[index][left]);
            }
            let none_yet = Lane(E::literal(-1.0));
            out[usize::from(pending.place[left])] = finished::<C, Lane<E>, P>(none_yet, law).0;
        }
    }
}

/// The two points of each element for one attempt.
#[inline(always)]
fn points<E: Number>(element: [u64; LANES], attempt: u32, key: Key) -> [Points<Lane<E>, LANES>; 2] {
    let mut counters: Words<LANES> =
        [[0; LANES], [0; LANES], [attempt; LANES], [TAG_ATTEMPT; LANES]];
    for lane in 0..LANES {
        counters[0][lane] = element[lane] as u32;
        counters[1][lane] = (element[lane] >> 32) as u32;
    }
    let words = philox(counters, key.words());
    let none = || Points { tail: [Lane(E::literal(0.5)); LANES], upper: [false; LANES] };
    let mut points = [none(), none()];
    for (number, points) in points.iter_mut().enumerate() {
        for lane in 0..LANES {
            let word = E::word(&words, number * E::PER_BLOCK / 2, lane);
            let SplitPoint { tail, upper, .. } = <E as HostFloat>::split_point(word);
            (points.tail[lane], points.upper[lane]) = (Lane(tail), upper);
        }
    }
    points
}

/// The proposals of all lanes, and which are accepted.
#[inline(always)]
fn proposed<C: CountSampler<P>, E: Number, const P: usize>(
    laws: &[[Lane<E>; LANES]; P],
    [hat, test]: &[Points<Lane<E>, LANES>; 2],
) -> ([E; LANES], [bool; LANES]) {
    let (mut counts, mut accepted) = ([E::literal(0.0); LANES], [false; LANES]);
    for lane in 0..LANES {
        let (count, taken) = C::propose(of_lane(laws, lane), [hat.at(lane), test.at(lane)]);
        (counts[lane], accepted[lane]) = (count.0, taken);
    }
    (counts, accepted)
}

/// Attempt 0, with both methods where the means ask for both.
#[inline(always)]
fn first_attempt<C: CountSampler<P>, E: Number, const P: usize>(
    parameters: &[[E; LANES]; P],
    element: [u64; LANES],
    key: Key,
) -> ([E; LANES], [bool; LANES]) {
    let points = points::<E>(element, 0, key);
    let limit = Lane(E::literal(REJECTION_FROM));
    let laws = lanes(parameters);
    let mut small = [false; LANES];
    for lane in 0..LANES {
        small[lane] = C::mean(of_lane(&laws, lane)).lt(limit);
    }
    let smalls = small.iter().filter(|small| **small).count();
    let (mut draws, mut accepted) = ([E::literal(0.0); LANES], small);
    if smalls > 0 {
        let counts = inverted::<C, _, P, LANES>(&laws, &points[0]);
        for lane in 0..LANES {
            draws[lane] = finished::<C, _, P>(counts[lane], of_lane(&laws, lane)).0;
        }
    }
    if smalls < LANES {
        let (counts, taken) = proposed::<C, E, P>(&laws, &points);
        for lane in 0..LANES {
            draws[lane] = if small[lane] { draws[lane] } else { counts[lane] };
            accepted[lane] = small[lane] | taken[lane];
        }
    }
    (draws, accepted)
}

/// One more attempt for all elements that have no draw; those left over move to the front.
#[inline(always)]
fn retry<C: CountSampler<P>, E: Number, const P: usize>(
    pending: &mut Pending<E, P>,
    out: &mut [E],
    first: usize,
    attempt: u32,
    key: Key,
) {
    let before = core::mem::take(&mut pending.count);
    for start in (0..before).step_by(LANES) {
        let length = LANES.min(before - start);
        let (mut parameters, mut place) = ([[E::literal(1.0); LANES]; P], [0; LANES]);
        for index in 0..P {
            parameters[index][..length]
                .copy_from_slice(&pending.parameters[index][start..start + length]);
        }
        place[..length].copy_from_slice(&pending.place[start..start + length]);
        let mut element = [0; LANES];
        for lane in 0..LANES {
            element[lane] = (first + usize::from(place[lane])) as u64;
        }
        let points = points::<E>(element, attempt, key);
        let (counts, accepted) = proposed::<C, E, P>(&lanes(&parameters), &points);
        for lane in 0..length {
            if accepted[lane] {
                out[usize::from(place[lane])] = counts[lane];
            } else {
                let mut law = [E::literal(0.0); P];
                for index in 0..P {
                    law[index] = parameters[index][lane];
                }
                pending.push(place[lane], law);
            }
        }
    }
}
