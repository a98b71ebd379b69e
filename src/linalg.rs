//! The linear algebra of covariance matrices: Cholesky factors and triangular systems, batched and
//! differentiable.
//!
//! Matrices are the last two dimensions; the dimensions before them are batches, which broadcast.
//! Gradients are analytic, one graph node for each function. On Flex and NdArray everything is
//! computed in `f64` and rounded once; on other devices matrices of a few hundred rows are
//! practical, since each column is a step of its own.

mod layout;

use burn::tensor::{Int, Tensor};

use crate::kernel::triangular::{self, TriangularMap};
pub(crate) use layout::Layout;

/// The lower triangular L with a positive diagonal and L Lᵀ = A.
///
/// It is that of the symmetric part ½ (A + Aᵀ), so that the gradient with respect to A is symmetric
/// and agrees with difference quotients in every element. A matrix that is not positive definite
/// gives NaN on and below the diagonal, and does not touch the others of its batch.
///
/// # Shapes
///
/// - `matrix`: `[.., K, K]`
/// - output: `[.., K, K]`, with zeros above the diagonal
///
/// # Panics
///
/// If the matrices are not square.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::linalg::cholesky;
///
/// let a = Tensor::<2>::from_floats([[4.0, 2.0], [2.0, 5.0]], &Device::flex());
/// let l = cholesky(a).into_data();
/// assert_eq!(l.as_slice::<f32>().unwrap(), [2.0, 0.0, 1.0, 2.0]);
/// ```
#[must_use]
pub fn cholesky<const D: usize>(matrix: Tensor<D>) -> Tensor<D> {
    let length = order("cholesky", &matrix);
    let dims = matrix.shape();
    let count = dims[..D - 2].iter().product();
    triangular::cholesky(reshape(matrix, [count, length, length])).reshape(dims)
}

/// L⁻¹ B for lower triangular L, by substitution. What lies above the diagonal of L is not read.
///
/// # Shapes
///
/// - `lower`: `[.., K, K]`
/// - `right`: `[.., K, N]`, whose dimensions before the last two broadcast with those of `lower`
/// - output: `[.., K, N]`
///
/// # Panics
///
/// If the shapes do not fit.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::linalg::solve_lower;
///
/// let device = Device::flex();
/// let l = Tensor::<2>::from_floats([[2.0, 0.0], [1.0, 2.0]], &device);
/// let b = Tensor::<2>::from_floats([[2.0], [5.0]], &device);
/// let x = solve_lower(l, b).into_data();
/// assert_eq!(x.as_slice::<f32>().unwrap(), [1.0, 2.0]);
/// ```
#[must_use]
pub fn solve_lower<const D: usize>(lower: Tensor<D>, right: Tensor<D>) -> Tensor<D> {
    columns("solve_lower", lower, right, TriangularMap::SOLVE)
}

/// L⁻ᵀ B for lower triangular L; see [`solve_lower`].
///
/// # Panics
///
/// If the shapes do not fit.
#[must_use]
pub fn solve_lower_transposed<const D: usize>(lower: Tensor<D>, right: Tensor<D>) -> Tensor<D> {
    columns("solve_lower_transposed", lower, right, TriangularMap::SOLVE.transpose())
}

/// L B for lower triangular L, whose part above the diagonal is not read. Shapes as for
/// [`solve_lower`].
///
/// # Panics
///
/// If the shapes do not fit.
#[must_use]
pub fn multiply_lower<const D: usize>(lower: Tensor<D>, right: Tensor<D>) -> Tensor<D> {
    columns("multiply_lower", lower, right, TriangularMap::MULTIPLY)
}

/// ln |det L| for lower triangular L, from the diagonal alone. That of a positive definite matrix is
/// twice that of its Cholesky factor.
///
/// # Shapes
///
/// - `lower`: `[.., K, K]`
/// - output: `[.., 1, 1]`
///
/// # Panics
///
/// If the matrices are not square.
#[must_use]
pub fn log_determinant_lower<const D: usize>(lower: Tensor<D>) -> Tensor<D> {
    let length = order("log_determinant_lower", &lower);
    let mut flat: [usize; D] = lower.dims();
    (flat[D - 2], flat[D - 1]) = (1, length * length);
    diagonal(reshape(lower, flat), length).abs().log().sum_dim(D - 1)
}

/// The number of rows of square matrices.
fn order<const D: usize>(function: &str, matrix: &Tensor<D>) -> usize {
    const { assert!(D >= 2, "a matrix has two dimensions") }
    let dims = matrix.dims();
    assert!(dims[D - 1] == dims[D - 2], "{function}: matrices of shape {dims:?} are not square");
    dims[D - 1]
}

fn columns<const D: usize>(
    function: &str,
    lower: Tensor<D>,
    right: Tensor<D>,
    map: TriangularMap,
) -> Tensor<D> {
    let length = order(function, &lower);
    let (own, other) = (lower.dims(), right.dims());
    let batches = own[..D - 2].iter().zip(&other[..D - 2]);
    assert!(
        other[D - 2] == length && batches.into_iter().all(|(a, b)| a == b || *a == 1 || *b == 1),
        "{function}: a matrix of shape {own:?} and a right side of shape {other:?}: the right side \
         must have {length} rows, and the dimensions before the last two must be equal or 1",
    );
    let mut flat = own;
    (flat[D - 2], flat[D - 1]) = (1, length * length);
    let rows = transposed(right);
    transposed(Layout::of(flat, rows.dims()).map(reshape(lower, flat), rows, map))
}

/// The diagonal of matrices of order `length`, which lie row by row along the last dimension.
pub(crate) fn diagonal<const D: usize>(flat: Tensor<D>, length: usize) -> Tensor<D> {
    let end = (length * length) as i64;
    let places = Tensor::<1, Int>::arange_step(0..end, length + 1, &flat.device());
    flat.select(D - 1, places)
}

/// The identity, on the device and in the precision of `like`.
pub(crate) fn identity<const D: usize>(length: usize, like: &Tensor<D>) -> Tensor<2> {
    let ones = Tensor::<2>::ones([length, length], (&like.device(), like.dtype()));
    ones.tril(0).triu(0)
}

/// A reshape in which a size of 0 means 0, not the size that was there.
pub(crate) fn reshape<const D: usize, const E: usize>(x: Tensor<D>, dims: [usize; E]) -> Tensor<E> {
    x.reshape(burn::tensor::Shape::from(dims))
}

/// Rows as columns. Of a single one the memory is the same, and a reshape says so: parts of what
/// `swap_dims` makes of it are read from the wrong place by the fused kernels of Burn 0.22.1, where the
/// length is a multiple of 8.
fn transposed<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let mut dims = x.dims();
    dims.swap(D - 2, D - 1);
    if dims[D - 2].min(dims[D - 1]) == 1 { reshape(x, dims) } else { x.swap_dims(D - 2, D - 1) }
}
