//! Lower triangular matrices in host memory. Everything is computed in `f64`, so that an `f32`
//! result is off by little more than its own rounding.

mod cholesky;
mod product;

pub(crate) use cholesky::cholesky;
pub(crate) use product::lower_product;

use rayon::prelude::*;

use super::TriangularMap;
use super::factorise::dot;
use crate::kernel::host::unwritten;
use crate::kernel::lanes::HostFloat;
use crate::kernel::simd::dispatch;

/// Vectors that take every step together: they fill the lanes of one or two vector registers.
const WIDTH: usize = 16;

/// Multiplications that a thread takes at a time.
const CHUNK: usize = 1 << 17;

/// Runs of matrices that a thread takes at a time, for an operation of this cost on each.
fn matrices_each(cost: usize) -> usize {
    (CHUNK / cost.max(1)).max(1)
}

/// See [`TriangularOps::triangular_map`](super::TriangularOps::triangular_map), for `count`
/// vectors of `length` for each matrix.
pub(crate) fn map<E: HostFloat>(
    matrices: &[E],
    rows: &[E],
    [count, length]: [usize; 2],
    map: TriangularMap,
) -> Vec<E> {
    let mut results = unwritten(rows.len());
    if rows.is_empty() {
        return results;
    }
    // Many vectors of one matrix are shared among threads too.
    let each = (CHUNK / (length * length)).div_ceil(WIDTH).max(1) * WIDTH;
    if count > each {
        for (at, results) in results.chunks_exact_mut(count * length).enumerate() {
            let matrices = &matrices[at * length * length..][..length * length];
            let rows = &rows[at * count * length..][..count * length];
            (results.par_chunks_mut(each * length).zip(rows.par_chunks(each * length))).for_each(
                |(results, rows)| {
                    let count = rows.len() / length;
                    dispatch(Map { matrices, rows, results, count, length, which: map });
                },
            );
        }
        return results;
    }
    let each = matrices_each(length * length * count);
    let pieces = results.par_chunks_mut(each * count * length).enumerate();
    pieces.for_each(|(at, results)| {
        let matrices = &matrices[at * each * length * length..];
        let rows = &rows[at * each * count * length..][..results.len()];
        dispatch(Map { matrices, rows, results, count, length, which: map });
    });
    results
}

struct Map<'a, E> {
    matrices: &'a [E],
    rows: &'a [E],
    results: &'a mut [E],
    count: usize,
    length: usize,
    which: TriangularMap,
}

impl<E: HostFloat> pulp::WithSimd for Map<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { matrices, rows, results, count, length, which: map } = self;
        let mut block = vec![[0.0; WIDTH]; length];
        let mut single = vec![0.0; length];
        let all = rows.chunks_exact(count * length).zip(results.chunks_exact_mut(count * length));
        for (at, (rows, results)) in all.enumerate() {
            let matrix = &matrices[at * length * length..][..length * length];
            let blocks = rows.chunks(WIDTH * length).zip(results.chunks_mut(WIDTH * length));
            for (rows, results) in blocks {
                if rows.len() > 2 * length {
                    load(rows, &mut block);
                    steps(matrix, &mut block, map);
                    store(&block, results);
                } else {
                    let pairs = rows.chunks_exact(length).zip(results.chunks_exact_mut(length));
                    for (row, result) in pairs {
                        for (x, element) in single.iter_mut().zip(row) {
                            *x = HostFloat::to_f64(*element);
                        }
                        single_steps(matrix, &mut single, map);
                        for (element, x) in result.iter_mut().zip(&single) {
                            *element = E::from_f64(*x);
                        }
                    }
                }
            }
        }
    }
}

/// Up to `WIDTH` vectors side by side; lanes without one keep old numbers, which are not stored.
#[inline(always)]
fn load<E: HostFloat>(rows: &[E], block: &mut [[f64; WIDTH]]) {
    for (lane, row) in rows.chunks_exact(block.len()).enumerate() {
        for (x, element) in block.iter_mut().zip(row) {
            x[lane] = HostFloat::to_f64(*element);
        }
    }
}

#[inline(always)]
fn store<E: HostFloat>(block: &[[f64; WIDTH]], results: &mut [E]) {
    for (lane, row) in results.chunks_exact_mut(block.len()).enumerate() {
        for (element, x) in row.iter_mut().zip(block) {
            *element = E::from_f64(x[lane]);
        }
    }
}

/// The order of the steps in place: a solve goes towards the unknowns that need more of the
/// others, a product away from the elements that others still need.
#[inline(always)]
fn place(step: usize, length: usize, map: TriangularMap) -> usize {
    if map.inverse == map.transposed { length - 1 - step } else { step }
}

#[inline(always)]
fn steps<E: HostFloat>(matrix: &[E], block: &mut [[f64; WIDTH]], map: TriangularMap) {
    let length = block.len();
    for step in 0..length {
        let at = place(step, length, map);
        let mut sum = [0.0; WIDTH];
        let others = if map.transposed { at + 1..length } else { 0..at };
        for other in others {
            let entry = if map.transposed { [other, at] } else { [at, other] };
            let entry = HostFloat::to_f64(matrix[entry[0] * length + entry[1]]);
            for lane in 0..WIDTH {
                sum[lane] += entry * block[other][lane];
            }
        }
        let pivot = HostFloat::to_f64(matrix[at * length + at]);
        for lane in 0..WIDTH {
            block[at][lane] = finished(block[at][lane], sum[lane], pivot, map.inverse);
        }
    }
}

#[inline(always)]
fn single_steps<E: HostFloat>(matrix: &[E], x: &mut [f64], map: TriangularMap) {
    let length = x.len();
    for step in 0..length {
        let at = place(step, length, map);
        let sum = if map.transposed {
            (at + 1..length).fold(0.0, |sum, other| {
                sum + HostFloat::to_f64(matrix[other * length + at]) * x[other]
            })
        } else {
            dot(&matrix[at * length..][..at], &x[..at])
        };
        let pivot = HostFloat::to_f64(matrix[at * length + at]);
        x[at] = finished(x[at], sum, pivot, map.inverse);
    }
}

#[inline(always)]
fn finished(own: f64, sum: f64, pivot: f64, inverse: bool) -> f64 {
    if inverse { (own - sum) / pivot } else { pivot * own + sum }
}
