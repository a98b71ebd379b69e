//! The map onto symmetric positive definite matrices.

use burn::tensor::{Tensor, TensorData};

use super::{LowerCholesky, order_of_square};
use crate::bijector::Bijector;
use crate::bijectors::Exp;
use crate::kernel::triangular;
use crate::linalg::reshape;
use crate::support::Support;

/// From K (K + 1)/2 reals to the symmetric positive definite K × K matrices, by way of the Cholesky
/// factor that [`LowerCholesky`] makes of them.
///
#[cfg_attr(
    doc,
    doc = r"$$\ln\left|\det\right| = \sum_i \ln f'(x_{ii}) + K \ln 2 + \sum_{i=1}^K (K + 1 - i) \ln L_{ii}$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`ln |det| = Σ ln f'(x_ii) + K ln 2 + Σ (K + 1 - i) ln L_ii`, i from 1 to K"
)]
///
/// # Shapes
///
/// - x: `[.., K (K + 1)/2]`
/// - y: `[.., K²]`, the matrix row by row, as the constraint
///   [`Support::PositiveDefinite`](crate::support::Support::PositiveDefinite) has it
/// - log-determinants: `[.., 1]`, with respect to the elements on and below the diagonal
///
/// # Notes
///
/// The inverse is a Cholesky factorisation: NaN where the matrix is not positive definite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PositiveDefinite<B = Exp> {
    pub(in crate::bijectors) factor: LowerCholesky<B>,
}

impl<B> PositiveDefinite<B> {
    /// The map whose factor has a diagonal made positive by `diagonal`; see [`LowerCholesky::new`].
    #[must_use]
    pub fn new(diagonal: B) -> Self {
        Self { factor: LowerCholesky::new(diagonal) }
    }
}

/// Matrices that lie row by row, as a batch, and the dimensions they had.
fn batch<const D: usize>(flat: Tensor<D>) -> (Tensor<3>, [usize; D]) {
    let dims = flat.dims();
    let order = order_of_square(dims[D - 1]);
    (reshape(flat, [dims[..D - 1].iter().product(), order, order]), dims)
}

/// ln |det| of L ↦ L Lᵀ, from the diagonal of L (Muirhead 1982, theorem 2.1.9).
fn log_det_of_square<const D: usize>(diagonal: Tensor<D>) -> Tensor<D> {
    let order = diagonal.dims()[D - 1];
    let mut dims = [1; D];
    dims[D - 1] = order;
    let powers: Vec<f64> = (0..order).map(|row| (order - row) as f64).collect();
    let data = TensorData::new(powers, dims).convert_dtype(diagonal.dtype());
    let powers = Tensor::from_data(data, (&diagonal.device(), diagonal.dtype()));
    (diagonal.log() * powers).sum_dim(D - 1) + order as f64 * core::f64::consts::LN_2
}

impl<const D: usize, B: Bijector<D>> Bijector<D> for PositiveDefinite<B> {
    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let [factor, diagonal, log_det] = self.factor.with_diagonal(x);
        let (factor, dims) = batch(factor);
        let y = factor.clone().matmul(factor.swap_dims(1, 2));
        (reshape(y, dims), log_det + log_det_of_square(diagonal))
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let (matrices, dims) = batch(y);
        let factor = reshape(triangular::cholesky(matrices), dims);
        let order = order_of_square(dims[D - 1]);
        let diagonal = crate::linalg::diagonal(factor.clone(), order);
        let (x, log_det) = self.factor.inverse_and_log_det(factor);
        (x, log_det - log_det_of_square(diagonal))
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::PositiveDefinite
    }
}
