//! Rows in host memory: two passes over rows that stay in the cache, threads over rows.

use rayon::prelude::*;

use crate::kernel::grid;
use crate::kernel::host::unwritten;
use crate::kernel::lanes::HostFloat;
use crate::kernel::simd::dispatch;

/// Partial maxima and sums: one of the widest vectors in `f32`.
const WIDTH: usize = 16;

/// The most elements whose maximum is taken, or whose exponentials are added, in `E`. Longer rows
/// are cut into such pieces, whose sums are added in `f64`: in `f32`, the sum of a million terms of
/// one size would lose three digits.
const PIECE: usize = 8 * WIDTH;

/// Elements held at once: several pieces, because a loop over one short row would spend its time
/// on its ends.
const BLOCK: usize = 8 * PIECE;

/// Pieces whose partial results are held at once.
const TOGETHER: usize = BLOCK / WIDTH;

/// Elements a thread takes at a time; smaller tensors stay on the calling thread.
const CHUNK: usize = 1 << 15;

/// The largest element of each row, 0 where that is infinite, and ln Σ e^(x − largest).
pub(crate) fn partition<E: HostFloat>(rows: &[E], length: usize, count: usize) -> [Vec<E>; 2] {
    let (mut largest, mut rest) = (unwritten(count), unwritten(count));
    if length == 0 {
        // An empty sum is 0.
        largest.fill(E::zero());
        rest.fill(E::neg_infinity());
        return [largest, rest];
    }
    let rows_each = (CHUNK / length).max(1);
    if count <= rows_each {
        partition_rows(rows, length, &mut largest, &mut rest);
    } else {
        let parts = largest.par_chunks_mut(rows_each).zip(rest.par_chunks_mut(rows_each));
        rows.par_chunks(rows_each * length)
            .zip(parts)
            .for_each(|(rows, (largest, rest))| partition_rows(rows, length, largest, rest));
    }
    [largest, rest]
}

fn partition_rows<E: HostFloat>(rows: &[E], length: usize, largest: &mut [E], rest: &mut [E]) {
    dispatch(Partition { rows, length, largest, rest });
}

struct Partition<'a, E> {
    rows: &'a [E],
    length: usize,
    largest: &'a mut [E],
    rest: &'a mut [E],
}

impl<E: HostFloat> pulp::WithSimd for Partition<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { rows, length, largest, rest } = self;
        if length >= WIDTH {
            return partition_pieces(Pieces { rows, length }, largest, rest);
        }
        // Short rows are padded with the logits of impossible categories.
        let mut padded = [E::neg_infinity(); BLOCK];
        let results = largest.chunks_mut(TOGETHER).zip(rest.chunks_mut(TOGETHER));
        for (rows, (largest, rest)) in rows.chunks(TOGETHER * length).zip(results) {
            for (padded, row) in padded.chunks_exact_mut(WIDTH).zip(rows.chunks_exact(length)) {
                for (padded, x) in padded.iter_mut().zip(row) {
                    *padded = *x;
                }
            }
            let rows = &padded[..largest.len() * WIDTH];
            partition_pieces(Pieces { rows, length: WIDTH }, largest, rest);
        }
    }
}

#[inline(always)]
fn partition_pieces<E: HostFloat>(pieces: Pieces<'_, E>, largest: &mut [E], rest: &mut [E]) {
    maxima(pieces, largest);
    sums_above_one(pieces, largest, rest);
    for rest in rest.iter_mut() {
        *rest = rest.lane_ln_1p();
    }
    // Counted, which becomes vectors, because most often there is none.
    if largest.iter().filter(|largest| **largest == E::infinity()).count() > 0 {
        infinite_rows(pieces, largest, rest);
    }
    for largest in largest.iter_mut() {
        *largest = finite_or_zero(*largest);
    }
}

/// Rows with a logit of +∞, from which none can be taken: the sum is infinite, or NaN where one is.
#[cold]
fn infinite_rows<E: HostFloat>(pieces: Pieces<'_, E>, largest: &[E], rest: &mut [E]) {
    let rows = pieces.rows.chunks_exact(pieces.length);
    for (row, (largest, rest)) in rows.zip(largest.iter().zip(rest)) {
        if *largest == E::infinity() {
            *rest = row.iter().fold(E::infinity(), |sum, x| sum + x.abs());
        }
    }
}

/// What is taken from the logits of a row: −inf − (−inf) would be NaN.
#[inline(always)]
fn finite_or_zero<E: HostFloat>(largest: E) -> E {
    if largest.is_finite() { largest } else { E::zero() }
}

/// Rows cut into pieces.
#[derive(Clone, Copy)]
struct Pieces<'a, E> {
    rows: &'a [E],
    /// At least `WIDTH`.
    length: usize,
}

impl<'a, E: HostFloat> Pieces<'a, E> {
    #[inline(always)]
    fn in_a_row(&self) -> usize {
        self.length.div_ceil(PIECE)
    }

    /// The row that a piece belongs to.
    #[inline(always)]
    fn row(&self, index: usize) -> usize {
        if self.in_a_row() == 1 { index } else { index / self.in_a_row() }
    }

    /// The groups of a piece and, where elements are left, a last one in which impossible
    /// categories take the place of those that the others have.
    #[inline(always)]
    fn groups(&self, index: usize) -> (&'a [[E; WIDTH]], Option<[E; WIDTH]>) {
        let row = self.row(index);
        let start = (index - row * self.in_a_row()) * PIECE;
        let end = self.length.min(start + PIECE);
        let row = &self.rows[row * self.length..][..end];
        let (groups, tail) = row[start..].as_chunks::<WIDTH>();
        let last = row.last_chunk::<WIDTH>().filter(|_| !tail.is_empty()).map(|last| {
            let seen = WIDTH - tail.len();
            core::array::from_fn(|lane| if lane < seen { E::neg_infinity() } else { last[lane] })
        });
        (groups, last)
    }

    /// Runs of pieces, of which each leaves a partial result a lane in a block.
    #[inline(always)]
    fn runs(&self) -> impl Iterator<Item = core::ops::Range<usize>> + use<E> {
        let count = self.rows.len() / self.length * self.in_a_row();
        (0..count).step_by(TOGETHER).map(move |start| start..count.min(start + TOGETHER))
    }
}

/// The larger of two; NaN is passed over here and found again by the sum.
#[inline(always)]
fn larger<E: HostFloat>(a: E, b: E) -> E {
    if b > a { b } else { a }
}

/// Combines the `WIDTH` partial results of each of `count` pieces, which lie one after another, to
/// one result each.
///
/// All pieces at once, neighbour with neighbour: a chain of sixteen dependent steps for each would
/// take longer than all the rest.
#[inline(always)]
fn fold<E: HostFloat>(partial: &mut [E; BLOCK], count: usize, combine: impl Fn(E, E) -> E) {
    const { assert!(WIDTH.trailing_zeros().is_multiple_of(2), "steps go there and back") };
    let mut length = count * WIDTH;
    let mut half = [E::zero(); BLOCK / 2];
    while length > count {
        fold_pairs(&partial[..length], &mut half, &combine);
        fold_pairs(&half[..length / 2], partial, &combine);
        length /= 4;
    }
}

#[inline(always)]
fn fold_pairs<E: Copy>(lanes: &[E], folded: &mut [E], combine: impl Fn(E, E) -> E) {
    for (folded, [left, right]) in folded.iter_mut().zip(lanes.as_chunks::<2>().0) {
        *folded = combine(*left, *right);
    }
}

/// The largest element of each row, −∞ for a row of NaN.
#[inline(always)]
fn maxima<E: HostFloat>(pieces: Pieces<'_, E>, largest: &mut [E]) {
    let lowest = E::neg_infinity();
    largest.fill(lowest);
    let mut partial = [lowest; BLOCK];
    for run in pieces.runs() {
        for (index, partial) in run.clone().zip(partial.as_chunks_mut::<WIDTH>().0) {
            let (groups, last) = pieces.groups(index);
            let mut lanes = last.unwrap_or([lowest; WIDTH]);
            for group in groups {
                for lane in 0..WIDTH {
                    lanes[lane] = larger(group[lane], lanes[lane]);
                }
            }
            *partial = lanes;
        }
        fold(&mut partial, run.len(), larger);
        for (index, piece) in run.zip(&partial) {
            let row = pieces.row(index);
            largest[row] = larger(largest[row], *piece);
        }
    }
}

/// Σ e^(x − largest) − 1 of each row. The largest terms are exactly 1 each: they are counted, and
/// the first left out, so that a sum barely above 1 keeps its digits.
#[inline(always)]
fn sums_above_one<E: HostFloat>(pieces: Pieces<'_, E>, largest: &[E], rest: &mut [E]) {
    let zeros = [E::zero(); WIDTH];
    let (mut below, mut tops) = ([E::zero(); BLOCK], [E::zero(); BLOCK]);
    let (mut above, mut total, mut parts) = (-1.0, 0.0, 0);
    for run in pieces.runs() {
        let lanes =
            below.as_chunks_mut::<WIDTH>().0.iter_mut().zip(tops.as_chunks_mut::<WIDTH>().0);
        for (index, (below, tops)) in run.clone().zip(lanes) {
            let largest = finite_or_zero(largest[pieces.row(index)]);
            let (groups, last) = pieces.groups(index);
            let mut sums = (zeros, zeros);
            for group in groups {
                add(group, largest, &mut sums);
            }
            if let Some(last) = last {
                add(&last, largest, &mut sums);
            }
            (*below, *tops) = sums;
        }
        for terms in [&mut below, &mut tops] {
            fold(terms, run.len(), |a, b| a + b);
        }
        for ((index, below), tops) in run.zip(&below).zip(&tops) {
            // Apart, because a sum barely above 1 would lose its digits beside the first top.
            above += HostFloat::to_f64(*tops);
            total += HostFloat::to_f64(*below);
            parts += 1;
            if parts == pieces.in_a_row() {
                rest[pieces.row(index)] = E::from_f64(above + total);
                (above, total, parts) = (-1.0, 0.0, 0);
            }
        }
    }
}

/// Adds e^(x − largest) to the sums of those below 1, and counts those that are 1.
#[inline(always)]
fn add<E: HostFloat>(group: &[E; WIDTH], largest: E, (below, tops): &mut ([E; WIDTH], [E; WIDTH])) {
    for lane in 0..WIDTH {
        let term = (group[lane] - largest).lane_exp_below_zero();
        let is_top = term == E::one();
        below[lane] = below[lane] + if is_top { E::zero() } else { term };
        tops[lane] = tops[lane] + if is_top { E::one() } else { E::zero() };
    }
}

/// The sum of each row.
pub(crate) fn sums<E: HostFloat>(rows: &[E], length: usize, count: usize) -> Vec<E> {
    if length == 0 {
        return vec![E::zero(); count];
    }
    let sum = |row: &[E]| E::from_f64(grid::sum(row));
    if rows.len() <= CHUNK {
        rows.chunks_exact(length).map(sum).collect()
    } else {
        let rows_each = (CHUNK / length).max(1);
        rows.par_chunks_exact(length).with_min_len(rows_each).map(sum).collect()
    }
}

/// Elements gathered by a thread at a time; fewer stay on the calling thread.
const GATHERED: usize = 1 << 12;

/// The element of each row at its own index, −∞ where there is none.
pub(crate) fn gather_own<E: HostFloat>(rows: &[E], length: usize, index: &[i64]) -> Vec<E> {
    let element = |(row, index): (usize, &i64)| element(rows, length, row, *index);
    if index.len() <= GATHERED {
        return index.iter().enumerate().map(element).collect();
    }
    index.par_iter().enumerate().with_min_len(GATHERED).map(element).collect()
}

/// The elements at `places`, each a row and an index in it, −∞ where there is none.
pub(crate) fn gather<E: HostFloat>(
    rows: &[E],
    length: usize,
    places: impl Iterator<Item = (usize, i64)>,
) -> Vec<E> {
    places.map(|(row, index)| element(rows, length, row, index)).collect()
}

fn element<E: HostFloat>(rows: &[E], length: usize, row: usize, index: i64) -> E {
    match usize::try_from(index) {
        Ok(index) if index < length => rows[row * length + index],
        _ => E::neg_infinity(),
    }
}

/// For each position of `shape` in order, the position that a tensor of shape `dims` broadcasts
/// to it.
pub(crate) fn broadcast_positions(
    shape: &[usize],
    dims: &[usize],
) -> impl Iterator<Item = usize> + use<> {
    let strides = grid::contiguous(dims);
    let shape = shape.to_vec();
    let total: usize = shape.iter().product();
    let (mut index, mut position) = (vec![0; shape.len()], 0_isize);
    (0..total).map(move |_| {
        let current = position as usize;
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            position += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            position -= strides[axis] * shape[axis] as isize;
            index[axis] = 0;
        }
        current
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One element 60 above all others, wherever it lies: its row's sum is 1 and a little more,
    /// which must keep its digits across vectors, pieces and blocks.
    #[test]
    fn a_sum_barely_above_one_keeps_its_digits() {
        fn check<E: HostFloat>(tolerance: f64) {
            let term = (-60.0_f64).exp();
            for length in [2, 3, 15, 16, 17, 100, 127, 128, 129, 300, 1023, 1024, 1025, 2500] {
                for count in [1, 2, 13] {
                    let mut rows = vec![E::from_f64(-55.0); length * count];
                    for row in 0..count {
                        rows[row * length + row * 31 % length] = E::from_f64(5.0);
                    }
                    let [largest, rest] = partition(&rows, length, count);
                    let expected = (length - 1) as f64 * term;
                    for (largest, rest) in largest.into_iter().zip(rest) {
                        assert_eq!(HostFloat::to_f64(largest), 5.0);
                        let error = (HostFloat::to_f64(rest) / expected - 1.0).abs();
                        assert!(error < tolerance, "{count} rows of {length}: {error:e}");
                    }
                }
            }
        }
        check::<f32>(1e-6);
        check::<f64>(1e-14);
    }

    /// Equal elements are all counted, however many, and the padding of short rows is not.
    #[test]
    fn equal_elements_are_all_counted() {
        for length in [1, 2, 15, 16, 17, 100, 128, 129, 1024, 1025, 2500] {
            let [_, rest] = partition(&vec![-3.5_f32; 3 * length], length, 3);
            let expected = (length as f64).ln();
            for rest in rest {
                assert!((f64::from(rest) - expected).abs() <= 2e-7 * expected, "{length}: {rest}");
            }
        }
    }
}
