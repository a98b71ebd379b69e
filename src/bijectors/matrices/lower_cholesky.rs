//! The map onto lower triangular matrices with a positive diagonal.

use burn::tensor::Tensor;

use super::{diagonal_of_triangle, order_of_square, order_of_triangle, places};
use crate::bijector::Bijector;
use crate::bijectors::Exp;
use crate::support::Support;

/// From K (K + 1)/2 reals to the lower triangular K × K matrices with a positive diagonal: the
/// numbers fill the triangle row by row, and the diagonal is made positive by a bijector of its own.
///
#[cfg_attr(doc, doc = r"$$\ln\left|\det\right| = \sum_i \ln f'(x_{ii})$$")]
#[cfg_attr(not(doc), doc = "`ln |det| = Σ ln f'(x_ii)`")]
///
/// # Shapes
///
/// - x: `[.., K (K + 1)/2]`
/// - y: `[.., K²]`, the matrix row by row, as the constraint
///   [`Support::LowerCholesky`](crate::support::Support::LowerCholesky) has it
/// - log-determinants: `[.., 1]`, with respect to the elements on and below the diagonal
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let x = Tensor::<2>::from_floats([[0.0, 0.5, 0.0]], &Device::flex());
/// let y = LowerCholesky::new(Exp).forward(x).into_data();
/// assert_eq!(y.as_slice::<f32>().unwrap(), [1.0, 0.0, 0.5, 1.0]);
/// ```
///
/// # Notes
///
/// The inverse does not read what lies above the diagonal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LowerCholesky<B = Exp> {
    pub(in crate::bijectors) diagonal: B,
}

impl<B> LowerCholesky<B> {
    /// The map whose diagonal is made positive by `diagonal`, an elementwise bijector without
    /// parameters from the reals onto the positive numbers.
    #[must_use]
    pub fn new(diagonal: B) -> Self {
        Self { diagonal }
    }

    /// The matrices, their diagonals and the log-determinants.
    pub(super) fn with_diagonal<const D: usize>(&self, x: Tensor<D>) -> [Tensor<D>; 3]
    where
        B: Bijector<D>,
    {
        let mut dims = x.dims();
        let (count, device) = (dims[D - 1], x.device());
        let order = order_of_triangle(count);
        let free = x.clone().select(D - 1, places(diagonal_of_triangle(order), &device));
        let (diagonal, log_det) = self.diagonal.forward_and_log_det(free);
        dims[D - 1] = 1;
        let zero = Tensor::zeros(dims, (&device, x.dtype()));
        // Behind the numbers lie the diagonal as it is to be, and a zero for all above it.
        let place = |at: usize| match (at / order, at % order) {
            (row, column) if row > column => row * (row + 1) / 2 + column,
            (row, column) if row == column => count + row,
            _ => count + order,
        };
        let places = places((0..order * order).map(place).collect(), &device);
        let y = Tensor::cat(vec![x, diagonal.clone(), zero], D - 1).select(D - 1, places);
        [y, diagonal, log_det.sum_dim(D - 1)]
    }
}

impl<const D: usize, B: Bijector<D>> Bijector<D> for LowerCholesky<B> {
    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let [y, _, log_det] = self.with_diagonal(x);
        (y, log_det)
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let (elements, device) = (y.dims()[D - 1], y.device());
        let order = order_of_square(elements);
        let diagonal = (0..order).map(|row| row * (order + 1)).collect();
        let diagonal = y.clone().select(D - 1, places(diagonal, &device));
        let (free, log_det) = self.diagonal.inverse_and_log_det(diagonal);
        let place = |row: usize, column| {
            if row == column { elements + row } else { row * order + column }
        };
        let triangle =
            (0..order).flat_map(|row| (0..=row).map(move |column| place(row, column))).collect();
        let x = Tensor::cat(vec![y, free], D - 1).select(D - 1, places(triangle, &device));
        (x, log_det.sum_dim(D - 1))
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::LowerCholesky
    }
}
