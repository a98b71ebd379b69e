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
