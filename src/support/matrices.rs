//! Sets of matrices, which lie row by row along the last dimension.

use burn::tensor::{Bool, DType, Tensor};

use crate::kernel::triangular;
use crate::linalg::reshape;

/// How far a matrix of this order may be from its transpose, relative to √(aᵢᵢ aⱼⱼ): sums of as many
/// products in another order.
pub(crate) fn asymmetry(length: usize, dtype: DType) -> f64 {
    let epsilon = match dtype {
        DType::F64 => f64::EPSILON,
        DType::F16 => 1.0 / 1024.0,
        DType::BF16 => 1.0 / 128.0,
        _ => f64::from(f32::EPSILON),
    };
    (length + 16) as f64 * epsilon
}

/// Whether each is lower triangular with a positive diagonal.
pub(super) fn are_lower_cholesky<const D: usize>(flat: Tensor<D>) -> Tensor<D, Bool> {
    let dims = flat.dims();
    let matrices = batch(flat);
    let finite = matrices.clone().is_finite();
    let inside = matrices.clone().equal(matrices.clone().tril(0)).bool_and(finite);
    let positive = matrices.tril(0).triu(0).sum_dim(2).greater_elem(0.0);
    all(inside.bool_and(positive), dims)
}

/// Whether each is symmetric but for rounding, and has a Cholesky factor.
pub(super) fn are_positive_definite<const D: usize>(flat: Tensor<D>) -> Tensor<D, Bool> {
    let dims = flat.dims();
    let matrices = batch(flat);
    let asymmetry = asymmetry(matrices.dims()[2], matrices.dtype());
    let scales = matrices.clone().tril(0).triu(0).sum_dim(2).abs().sqrt();
    let sizes = scales.clone() * scales.swap_dims(1, 2);
    let gap = (matrices.clone() - matrices.clone().swap_dims(1, 2)).abs();
    let symmetric = gap.lower_equal(sizes * asymmetry);
    let factored = triangular::cholesky(matrices).is_finite();
    all(symmetric.bool_and(factored), dims)
}

fn batch<const D: usize>(flat: Tensor<D>) -> Tensor<3> {
    let dims = flat.dims();
    let length = dims[D - 1].isqrt();
    assert!(length * length == dims[D - 1], "{} elements are no square matrix", dims[D - 1]);
    reshape(flat, [dims[..D - 1].iter().product(), length, length])
}

/// Whether all elements of each matrix are.
fn all<const D: usize>(inside: Tensor<3, Bool>, mut dims: [usize; D]) -> Tensor<D, Bool> {
    dims[D - 1] = 1;
    inside.all_dim(2).all_dim(1).reshape(burn::tensor::Shape::from(dims))
}
