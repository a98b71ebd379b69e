//! The same operations composed of a backend's primitives, one column at a time.
//!
//! Every step works on shapes that do not depend on the column, so that a backend compiles it once.

use burn::backend::tensor::{BoolTensor, FloatTensor, IntTensor};
use burn::backend::{Backend, TensorMetadata, get_device_settings};
use burn::tensor::{Shape, Slice};

use super::TriangularMap;
use crate::kernel::replay::truth;

/// See [`TriangularOps::triangular_map`](super::TriangularOps::triangular_map).
pub(crate) fn map<B: Backend>(
    matrix: FloatTensor<B>,
    rows: FloatTensor<B>,
    map: TriangularMap,
) -> FloatTensor<B> {
    if map.inverse {
        return solve::<B>(&matrix, rows, map.transposed);
    }
    // Rows of vectors are multiplied from the right: by the transpose, for x ↦ L x.
    let matrix = lower::<B>(matrix);
    let right = if map.transposed { matrix } else { B::float_swap_dims(matrix, 1, 2) };
    B::float_matmul(rows, right)
}

/// Substitution: each unknown in turn is subtracted from all equations. Equations already used
/// change too, but are never read again.
fn solve<B: Backend>(
    matrix: &FloatTensor<B>,
    rows: FloatTensor<B>,
    transposed: bool,
) -> FloatTensor<B> {
    let length = rows.shape()[2];
    if length == 0 {
        return rows;
    }
    let mut rest = rows;
    let mut unknowns = Vec::with_capacity(length);
    for step in 0..length {
        let at = if transposed { length - 1 - step } else { step };
        let pivot = part::<B>(matrix, [at..at + 1, at..at + 1]);
        let unknown = B::float_div(part::<B>(&rest, [0..rest.shape()[1], at..at + 1]), pivot);
        if step + 1 < length {
            let coefficients = if transposed {
                part::<B>(matrix, [at..at + 1, 0..length])
            } else {
                row::<B>(part::<B>(matrix, [0..length, at..at + 1]))
            };
            rest = B::float_sub(rest, B::float_mul(unknown.clone(), coefficients));
        }
        unknowns.push(unknown);
    }
    if transposed {
        unknowns.reverse();
    }
    B::float_cat(unknowns, 2)
}

/// See [`TriangularOps::lower_product`](super::TriangularOps::lower_product).
pub(crate) fn lower_product<B: Backend>(a: FloatTensor<B>, b: FloatTensor<B>) -> FloatTensor<B> {
    lower::<B>(B::float_matmul(B::float_swap_dims(a, 1, 2), b))
}

/// See [`TriangularOps::cholesky`](super::TriangularOps::cholesky): each column in turn is
/// subtracted, times its transpose, from what is left.
pub(crate) fn cholesky<B: Backend>(matrix: FloatTensor<B>) -> FloatTensor<B> {
    let (truth, length) = (truth::<B>(&matrix), matrix.shape()[2]);
    if length == 0 {
        return matrix;
    }
    let sum = B::float_add(matrix.clone(), B::float_swap_dims(matrix, 1, 2));
    let mut rest = B::float_mul_scalar(sum, 0.5.into());
    let mut columns = Vec::with_capacity(length);
    let mut pivots = Vec::with_capacity(length);
    for at in 0..length {
        let pivot = part::<B>(&rest, [at..at + 1, at..at + 1]);
        // The root of 0 would let the division make infinities, that of infinity zeros.
        let low = B::float_lower_equal_elem(pivot.clone(), 0.0.into(), truth);
        let high = B::float_equal_elem(pivot.clone(), f64::INFINITY.into(), truth);
        let pivot = B::float_mask_fill(pivot, B::bool_or(low, high), f64::NAN.into());
        let pivot = B::float_sqrt(pivot);
        let column = B::float_div(part::<B>(&rest, [0..length, at..at + 1]), pivot.clone());
        if at + 1 < length {
            let row = row::<B>(column.clone());
            rest = B::float_sub(rest, B::float_mul(column.clone(), row));
        }
        columns.push(column);
        pivots.push(pivot);
    }
    // NaN reaches every later pivot, so the last one tells whether any was not positive.
    let last = pivots.pop().expect("at least one column");
    let failed = B::bool_expand(B::float_is_nan(last, truth), rest.shape());
    let factor = B::float_mask_fill(B::float_cat(columns, 2), failed, f64::NAN.into());
    lower::<B>(factor)
}

/// The matrices with zeros above the diagonal.
pub(crate) fn lower<B: Backend>(matrix: FloatTensor<B>) -> FloatTensor<B> {
    let (rows, columns) = places::<B>(&matrix);
    let above = B::int_greater(columns, rows, truth::<B>(&matrix));
    filled::<B>(matrix, above)
}

/// The matrices with zeros off the diagonal.
#[cfg(feature = "autodiff")]
pub(crate) fn diagonal<B: Backend>(matrix: FloatTensor<B>) -> FloatTensor<B> {
    let (rows, columns) = places::<B>(&matrix);
    let off = B::int_not_equal(columns, rows, truth::<B>(&matrix));
    filled::<B>(matrix, off)
}

fn filled<B: Backend>(matrix: FloatTensor<B>, mask: BoolTensor<B>) -> FloatTensor<B> {
    let mask = B::bool_expand(mask, matrix.shape());
    B::float_mask_fill(matrix, mask, 0.0.into())
}

/// The row and the column of each element, as `[1, K, K]`.
fn places<B: Backend>(matrix: &FloatTensor<B>) -> (IntTensor<B>, IntTensor<B>) {
    let (device, length) = (matrix.device(), matrix.shape()[2]);
    let dtype = get_device_settings::<B>(&device).int_dtype;
    let count = B::int_arange(0..length as i64, &device, dtype);
    let whole = Shape::new([1, length, length]);
    let rows = B::int_reshape(count.clone(), Shape::new([1, length, 1]));
    let columns = B::int_reshape(count, Shape::new([1, 1, length]));
    (B::int_expand(rows, whole.clone()), B::int_expand(columns, whole))
}

/// The part of every matrix in the given rows and columns.
fn part<B: Backend>(x: &FloatTensor<B>, ranges: [core::ops::Range<usize>; 2]) -> FloatTensor<B> {
    let [rows, columns] = ranges.map(Slice::from);
    B::float_slice(x.clone(), &[Slice::from(0..x.shape()[0]), rows, columns])
}

/// A column of every matrix as a row. Not by `swap_dims`; see `linalg::transposed`.
fn row<B: Backend>(column: FloatTensor<B>) -> FloatTensor<B> {
    let [matrices, length] = [0, 1].map(|dim| column.shape()[dim]);
    B::float_reshape(column, Shape::new([matrices, 1, length]))
}
