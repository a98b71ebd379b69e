//! How batches of matrices meet batches of vectors.

use burn::tensor::Tensor;

use super::reshape;
use crate::kernel::triangular::{self, TriangularMap};

/// Matrices of a batch and vectors of another that broadcasts with it, brought into the form that
/// the kernels take: `P` matrices with `C` vectors each.
///
/// Batch dimensions along which the matrices differ are counted by `P`, all others by `C`: a matrix
/// that serves many vectors is never repeated, and neither is its gradient. Vectors are moved in
/// memory only where the two kinds of dimension alternate the other way round.
#[derive(Clone, Debug)]
pub(crate) struct Layout<const D: usize> {
    /// The common batch; the last entry is not used.
    full: [usize; D],
    /// The dimensions of a vector tensor, those of the matrices first.
    order: [usize; D],
    matrices: usize,
    vectors: usize,
}

impl<const D: usize> Layout<D> {
    /// For matrices and vectors of these shapes, of which the last dimension is the event.
    pub(crate) fn of(matrices: [usize; D], vectors: [usize; D]) -> Self {
        let full =
            core::array::from_fn(
                |dim| {
                    if matrices[dim] == 1 { vectors[dim] } else { matrices[dim] }
                },
            );
        let own: [bool; D] = matrices.map(|size| size != 1);
        let batch = || 0..D - 1;
        let mut dims = batch().filter(|dim| own[*dim]).chain(batch().filter(|dim| !own[*dim]));
        let order = core::array::from_fn(|_| dims.next().unwrap_or(D - 1));
        let count = |which: bool| {
            let dims = batch().filter(|dim| own[*dim] == which);
            dims.map(|dim| full[dim]).product()
        };
        Self { full, order, matrices: count(true), vectors: count(false) }
    }

    /// Matrices that lie row by row along the last dimension, as `[P, rows, columns]`.
    pub(crate) fn matrices(&self, flat: Tensor<D>, [rows, columns]: [usize; 2]) -> Tensor<3> {
        reshape(flat, [self.matrices, rows, columns])
    }

    /// What belongs to each matrix, as `[P, 1, N]`.
    pub(crate) fn beside_matrices(&self, x: Tensor<D>) -> Tensor<3> {
        let length = x.dims()[D - 1];
        reshape(x, [self.matrices, 1, length])
    }

    /// Vectors as `[P, C, N]`.
    pub(crate) fn vectors(&self, x: Tensor<D>) -> Tensor<3> {
        let (mut shape, length) = (self.full, x.dims()[D - 1]);
        shape[D - 1] = length;
        // A vector shared by matrices that differ is repeated for each.
        let moved = if x.dims() == shape { x } else { x.expand(shape) };
        let moved = if self.in_order() { moved } else { moved.permute(self.order) };
        reshape(moved, [self.matrices, self.vectors, length])
    }

    /// Results `[P, C, N]` in the common batch, as `[.., N]`.
    pub(crate) fn restore(&self, x: Tensor<3>) -> Tensor<D> {
        let length = x.dims()[2];
        let mut size = self.full;
        size[D - 1] = length;
        let x = reshape(x, core::array::from_fn(|at| size[self.order[at]]));
        if self.in_order() {
            return x;
        }
        let mut back = [0; D];
        for (at, dim) in self.order.into_iter().enumerate() {
            back[dim] = at;
        }
        x.permute(back)
    }

    fn in_order(&self) -> bool {
        self.order.is_sorted()
    }

    /// A triangular map of the matrices applied to the vectors.
    pub(crate) fn map(&self, flat: Tensor<D>, x: Tensor<D>, map: TriangularMap) -> Tensor<D> {
        let length = x.dims()[D - 1];
        let matrices = self.matrices(flat, [length, length]);
        self.restore(triangular::map(matrices, self.vectors(x), map))
    }
}
