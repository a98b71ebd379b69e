//! Bijectors onto sets of matrices, which lie row by row along the last dimension.

mod lower_cholesky;
mod positive_definite;

use burn::tensor::{Device, Int, Tensor, TensorData};

pub use lower_cholesky::LowerCholesky;
pub use positive_definite::PositiveDefinite;

/// The order K of matrices that take `count` = K (K + 1)/2 numbers.
fn order_of_triangle(count: usize) -> usize {
    let order = ((8 * count + 1).isqrt() - 1) / 2;
    assert!(
        order * (order + 1) / 2 == count,
        "{count} numbers fill no lower triangle: 1, 3, 6, 10, … do",
    );
    order
}

/// The order K of matrices with `count` = K² elements.
fn order_of_square(count: usize) -> usize {
    let order = count.isqrt();
    assert!(order * order == count, "{count} elements are no square matrix");
    order
}

/// Where the numbers of the triangle, row by row, have the diagonal of a matrix.
fn diagonal_of_triangle(order: usize) -> Vec<usize> {
    (0..order).map(|row| row * (row + 1) / 2 + row).collect()
}

/// Positions along a dimension, as a tensor.
fn places(places: Vec<usize>, device: &Device) -> Tensor<1, Int> {
    let places: Vec<i64> = places.into_iter().map(|place| place as i64).collect();
    let count = places.len();
    Tensor::from_data(TensorData::new(places, [count]), device)
}
