//! Parameters of a layer's map: one row for all, or a row for each context.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::linear::{check_context, silent, within};
use crate::random::Key;

/// A row of parameters, to which a linear map of the context is added.
#[derive(Module, Debug)]
pub struct RowParameters {
    /// The parameters without context, `[1, P]`.
    pub own: Param<Tensor<2>>,
    /// What the context adds; nothing for layers without.
    pub of_context: Option<Linear>,
}

impl RowParameters {
    /// Parameters uniform on (−bound, bound), on which the context has no influence yet.
    pub(super) fn new(
        count: usize,
        bound: f64,
        context: usize,
        seed: u64,
        device: &Device,
    ) -> Self {
        let own = within([1, count], bound, Key::new(seed).salted("row parameters"), device);
        let of_context = (context > 0).then(|| silent([context, count], device));
        Self { own: Param::from_tensor(own), of_context }
    }

    /// The parameters: `[1, P]`, or `[N, P]` for contexts `[N, context]`.
    pub(super) fn row(&self, layer: &str, context: Option<&Tensor<2>>) -> Tensor<2> {
        let expected = self.of_context.as_ref().map_or(0, |linear| linear.weight.val().dims()[0]);
        check_context(layer, expected, context);
        match (&self.of_context, context) {
            (Some(linear), Some(context)) => self.own.val() + linear.forward(context.clone()),
            _ => self.own.val(),
        }
    }
}

/// The column at a place.
pub(super) fn column(row: &Tensor<2>, place: usize) -> Tensor<2> {
    row.clone().narrow(1, place, 1)
}

/// Each row over its largest element, and that element; rows of zeros over 1.
///
/// The squares of what is left neither overflow nor underflow, and their sum is 0 or at least 1. The
/// element is a constant to gradients: it is for what depends on the direction of a row alone.
pub(super) fn scaled(rows: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
    let largest = rows.clone().detach().abs().max_dim(1);
    let zero = largest.clone().equal_elem(0.0);
    let largest = largest.mask_fill(zero, 1.0);
    (rows / largest.clone(), largest)
}

/// The squared lengths of what [`scaled`] gives, which are 1 or more, and 0.5 for zeros, which have no
/// direction.
pub(super) fn square_length(scaled: &Tensor<2>) -> Tensor<2> {
    scaled.clone().square().sum_dim(1).clamp_min(0.5)
}
