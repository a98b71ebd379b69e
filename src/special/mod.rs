//! Special functions on tensors.

use burn::tensor::Tensor;

use crate::kernel::rows;

/// ln Σ eˣ over the last dimension, which is kept with size 1.
///
/// The sum is taken relative to the largest element, so nothing overflows, and keeps its digits
/// however little the other elements add. A row of −∞ gives −∞ with gradient zero; +∞ in a row
/// gives +∞, NaN gives NaN.
///
/// # Shapes
///
/// - `x`: `[.., K]`
/// - output: `[.., 1]`
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::special::log_sum_exp;
///
/// let x = Tensor::<2>::from_floats([[1000.0, 1000.0]], &Device::flex());
/// let y: f32 = log_sum_exp(x).into_scalar();
/// assert_eq!(y, 1000.0 + core::f32::consts::LN_2);
/// ```
#[must_use]
pub fn log_sum_exp<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    rows::log_sum_exp_rows(x)
}
