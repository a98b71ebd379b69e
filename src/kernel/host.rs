//! The host drivers: one pass over memory, in parallel for large tensors.

use core::hint::black_box;
use std::sync::Once;

use rayon::prelude::*;

use super::formula::Loops;
use super::grid::{Operand, Readers, Sink, Strides, contiguous};
use super::lanes::HostFloat;

/// Elements a thread takes at a time; smaller tensors stay on the calling thread.
const CHUNK: usize = 1 << 16;

/// Bytes from which a vector is large enough to leave glibc's heap when it is freed.
const LARGE: usize = 1 << 17;

/// Bytes up to which freed memory can be kept for the next tensors, with room for glibc's own header
/// and whole pages.
const KEPT: usize = 31 << 20;

/// Lets glibc keep large tensors' memory for the next ones.
///
/// As it starts, it returns freed memory to the system from a few hundred kilobytes on, and every
/// new tensor of 4 MB is a thousand page faults, which take longer than filling it. Its limits
/// follow the largest block that was ever freed, up to 32 MiB: so this frees a large one,
/// never touched, and from then on at most 62 MiB stay behind. Limits set by the environment or
/// by `mallopt` remain as they are. Other allocators see one pair of calls.
fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(black_box(Vec::<u8>::with_capacity(black_box(KEPT)))));
}

/// Asks Linux for pages of 2 MiB where a vector is too large to be kept: made anew, its pages of
/// 4 KiB would take six times as long as filling them does.
#[allow(unsafe_code, reason = "the standard library has no such call")]
fn ask_for_large_pages<E>(vector: &mut Vec<E>) {
    #[cfg(target_os = "linux")]
    {
        // A multiple of every size that a small page has on any machine.
        const PAGE: usize = 1 << 16;
        let memory = vector.as_mut_ptr().cast::<u8>();
        let before = memory.align_offset(PAGE);
        let length = (vector.capacity() * size_of::<E>()).saturating_sub(before) / PAGE * PAGE;
        // SAFETY: the range lies inside the vector's memory, whose content the advice leaves alone.
        // What comes back is no matter: it is advice.
        unsafe { libc::madvise(memory.add(before).cast(), length, libc::MADV_HUGEPAGE) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = vector;
}

/// A vector whose elements are all written before they are read.
#[allow(unsafe_code, clippy::uninit_vec, reason = "zeroing would be a second pass over memory")]
pub(crate) fn unwritten<E: bytemuck::Pod>(length: usize) -> Vec<E> {
    if length >= LARGE / size_of::<E>() {
        keep_freed_memory();
    }
    let mut vector = Vec::with_capacity(length);
    if length > KEPT / size_of::<E>() {
        ask_for_large_pages(&mut vector);
    }
    // SAFETY: every bit pattern is a value of E, and the callers write every element before returning.
    unsafe { vector.set_len(length) };
    vector
}

/// Cuts several vectors of equal length into the pieces that threads take together.
fn pieces<T>(vectors: &mut [Vec<T>], size: usize) -> Vec<Vec<&mut [T]>> {
    let mut pieces: Vec<Vec<&mut [T]>> = Vec::new();
    for vector in vectors {
        for (index, piece) in vector.chunks_mut(size).enumerate() {
            match pieces.get_mut(index) {
                Some(together) => together.push(piece),
                None => pieces.push(vec![piece]),
            }
        }
    }
    pieces
}

/// All results of a formula, each a row-major vector of shape `shape`.
pub(crate) fn values<'a, E: HostFloat>(
    loops: &dyn Loops<E>,
    results: usize,
    shape: &[usize],
    operands: impl IntoIterator<Item = Operand<'a, E>>,
) -> Vec<Vec<E>> {
    let total = shape.iter().product();
    let mut outputs: Vec<Vec<E>> = (0..results).map(|_| unwritten(total)).collect();
    if total == 0 {
        return outputs;
    }
    let readers = Readers::new(shape, operands, &mut []);
    if let ([whole], ..=CHUNK) = (&mut outputs[..], total) {
        // What a small density costs is allocations.
        loops.values(&readers, 0, &mut [whole]);
    } else if total <= CHUNK {
        let mut whole: Vec<&mut [E]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
        loops.values(&readers, 0, &mut whole);
    } else {
        pieces(&mut outputs, CHUNK)
            .par_iter_mut()
            .enumerate()
            .for_each(|(index, outputs)| loops.values(&readers, index * CHUNK, outputs));
    }
    outputs
}

/// A piece of the backward pass: its number, its dense gradients and its sums.
type Task<'a, 'b, E> = (usize, (Vec<&'a mut [E]>, &'b mut Vec<Vec<f64>>));

/// One gradient that the backward pass asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// The dimensions of the input, those of the result or 1.
    pub(crate) dims: &'a [usize],
    /// Whether anybody reads it.
    pub(crate) tracked: bool,
}

/// The gradients of one result with respect to the tracked inputs, in the shapes of the inputs.
///
/// `operands` are the inputs followed by the gradient that arrives at the result.
pub(crate) fn partials<'a, E: HostFloat>(
    loops: &dyn Loops<E>,
    result: usize,
    shape: &[usize],
    operands: impl IntoIterator<Item = Operand<'a, E>>,
    wanted: &[Wanted<'_>],
) -> Vec<Vec<E>> {
    let total: usize = shape.iter().product();
    let mut plan = Plan::new(shape, wanted);
    let readers = Readers::new(shape, operands, &mut plan.strides);
    let tasks = plan.tasks(total);
    let size = total.div_ceil(tasks).max(1);
    let mut dense: Vec<Vec<E>> = (0..plan.dense()).map(|_| unwritten(total)).collect();
    // Every task has sums of its own, added in task order: the result does not depend on timing.
    let mut sums: Vec<Vec<Vec<f64>>> = (0..tasks)
        .map(|_| plan.lengths.iter().map(|length| vec![0.0; *length]).collect())
        .collect();

    let mut dense_pieces = pieces(&mut dense, size);
    dense_pieces.resize_with(tasks, Vec::new);
    let work = dense_pieces.into_iter().zip(&mut sums).enumerate();
    let run = |(task, (dense, sums)): Task<'_, '_, E>| {
        let start = task * size;
        let length = size.min(total.saturating_sub(start));
        let mut sinks = plan.sinks(dense, sums);
        loops.partials(result, &readers, start, length, &mut sinks);
    };
    if tasks == 1 {
        work.for_each(run);
    } else {
        work.collect::<Vec<_>>().into_par_iter().for_each(run);
    }

    let mut total_sums = sums.into_iter().reduce(|mut total, sums| {
        for (total, sums) in total.iter_mut().zip(sums) {
            total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
        }
        total
    });
    let (mut dense, mut summed) = (dense.into_iter(), total_sums.iter_mut().flatten());
    plan.kinds
        .iter()
        .filter_map(|kind| match kind {
            Kind::Skipped => None,
            Kind::Dense => dense.next(),
            Kind::Summed => {
                summed.next().map(|sums| sums.iter().map(|sum| E::from_f64(*sum)).collect())
            }
        })
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Skipped,
    Dense,
    Summed,
}

/// Where each gradient goes, and the sizes of the sums.
#[derive(Debug)]
struct Plan {
    kinds: Vec<Kind>,
    strides: Vec<Strides>,
    lengths: Vec<usize>,
}

impl Plan {
    fn new(shape: &[usize], wanted: &[Wanted<'_>]) -> Self {
        let kind = |input: &Wanted<'_>| match (input.tracked, input.dims == shape) {
            (false, _) => Kind::Skipped,
            (true, true) => Kind::Dense,
            (true, false) => Kind::Summed,
        };
        let kinds: Vec<Kind> = wanted.iter().map(kind).collect();
        let summed = || wanted.iter().zip(&kinds).filter(|(_, kind)| **kind == Kind::Summed);
        Self {
            strides: summed().map(|(input, _)| contiguous(input.dims)).collect(),
            lengths: summed().map(|(input, _)| input.dims.iter().product()).collect(),
            kinds,
        }
    }

    fn dense(&self) -> usize {
        self.kinds.iter().filter(|kind| **kind == Kind::Dense).count()
    }

    /// How many pieces to cut the work into: enough for the threads, but no more sums than a small
    /// part of the work itself.
    fn tasks(&self, total: usize) -> usize {
        let sums: usize = self.lengths.iter().sum();
        let affordable = if sums == 0 { usize::MAX } else { total / (8 * sums) };
        total.div_ceil(CHUNK).min(affordable).max(1)
    }

    fn sinks<'a, E>(&self, dense: Vec<&'a mut [E]>, sums: &'a mut [Vec<f64>]) -> Vec<Sink<'a, E>> {
        let mut dense = dense.into_iter();
        let mut sums = sums.iter_mut().zip(&self.strides);
        self.kinds
            .iter()
            .map(|kind| match kind {
                Kind::Skipped => Sink::Skipped,
                Kind::Dense => Sink::Dense(dense.next().unwrap_or_default()),
                Kind::Summed => match sums.next() {
                    Some((sums, strides)) => Sink::Summed(sums, *strides),
                    None => Sink::Skipped,
                },
            })
            .collect()
    }
}
