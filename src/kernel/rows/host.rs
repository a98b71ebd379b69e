//! Rows in host memory: two passes over a row that stays in the cache, threads over rows.

use rayon::prelude::*;

use crate::kernel::grid;
use crate::kernel::host::unwritten;
use crate::kernel::lanes::HostFloat;
use crate::kernel::simd::dispatch;

/// Partial maxima and sums of a row: one of the widest vectors in `f32`, so that a loop over them
/// becomes SIMD code.
const WIDTH: usize = 16;

/// Elements whose exponentials are computed together, and then added to the `f64` total: in `f32`,
/// the sum of a million terms of one size would lose three digits.
const STRIP: usize = 8 * WIDTH;

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
        let mut terms = [E::zero(); STRIP];
        for (index, row) in self.rows.chunks_exact(self.length).enumerate() {
            let largest = largest(row);
            // -inf - (-inf) would be NaN; so would +inf - (+inf).
            let largest = if largest.is_finite() { largest } else { E::zero() };
            self.largest[index] = largest;
            self.rest[index] = E::from_f64(above_one(row, largest, &mut terms));
        }
        for rest in self.rest.iter_mut() {
            *rest = rest.lane_ln_1p();
        }
    }
}

/// The largest element; NaN is passed over here and found again by the sum.
#[inline(always)]
fn largest<E: HostFloat>(row: &[E]) -> E {
    let mut parts = [E::neg_infinity(); WIDTH];
    let mut chunks = row.chunks_exact(WIDTH);
    for chunk in &mut chunks {
        for lane in 0..WIDTH {
            parts[lane] = if chunk[lane] > parts[lane] { chunk[lane] } else { parts[lane] };
        }
    }
    let mut result = E::neg_infinity();
    for part in parts.iter().chain(chunks.remainder()) {
        result = if *part > result { *part } else { result };
    }
    result
}

/// Σ e^(x − largest) − 1. The largest terms are exactly 1 each: they are counted, and the first
/// left out, so that a sum barely above 1 keeps its digits.
#[inline(always)]
fn above_one<E: HostFloat>(row: &[E], largest: E, terms: &mut [E; STRIP]) -> f64 {
    let (mut total, mut tops) = (0.0, 0.0);
    for strip in row.chunks(STRIP) {
        let terms = &mut terms[..strip.len()];
        for (term, x) in terms.iter_mut().zip(strip) {
            *term = (*x - largest).lane_exp();
        }
        let mut sums = [E::zero(); WIDTH];
        let mut ones = [E::zero(); WIDTH];
        let mut chunks = terms.chunks_exact(WIDTH);
        for chunk in &mut chunks {
            for lane in 0..WIDTH {
                let [below, one] = split(chunk[lane]);
                sums[lane] = sums[lane] + below;
                ones[lane] = ones[lane] + one;
            }
        }
        let (mut sum, mut count) = (E::zero(), E::zero());
        for term in chunks.remainder() {
            let [below, one] = split(*term);
            sum = sum + below;
            count = count + one;
        }
        for lane in 0..WIDTH {
            sum = sum + sums[lane];
            count = count + ones[lane];
        }
        total += HostFloat::to_f64(sum);
        tops += HostFloat::to_f64(count);
    }
    (tops - 1.0) + total
}

/// A term as a number other than 1, or as 1.
#[inline(always)]
fn split<E: HostFloat>(term: E) -> [E; 2] {
    let (zero, one) = (E::zero(), E::one());
    if term == one { [zero, one] } else { [term, zero] }
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

/// The element of each row at its index, −∞ where there is none. `source` gives the row of each
/// result, `index` its place there.
pub(crate) fn gather<E: HostFloat>(
    rows: &[E],
    length: usize,
    places: impl Iterator<Item = (usize, i64)>,
) -> Vec<E> {
    places
        .map(|(row, index)| match usize::try_from(index) {
            Ok(index) if index < length => rows[row * length + index],
            _ => E::neg_infinity(),
        })
        .collect()
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
