//! Linear layers initialised from a key, never from a device's global seed.

use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use crate::random::{self, Key};

/// Weights and biases uniform on ±√(1/inputs), as in Burn's own linear layer.
pub(super) fn linear([inputs, outputs]: [usize; 2], key: Key, device: &Device) -> Linear {
    let bound = (inputs.max(1) as f64).sqrt().recip();
    let [weight, bias] = key.split();
    Linear {
        weight: Param::from_tensor(within([inputs, outputs], bound, weight, device)),
        bias: Some(Param::from_tensor(within([outputs], bound, bias, device))),
    }
}

/// A layer that gives 0, with which a flow starts as the identity.
pub(super) fn silent([inputs, outputs]: [usize; 2], device: &Device) -> Linear {
    Linear {
        weight: Param::from_tensor(Tensor::zeros([inputs, outputs], device)),
        bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))),
    }
}

/// Uniform numbers on (−bound, bound), without a graph.
pub(super) fn within<const D: usize>(
    shape: [usize; D],
    bound: f64,
    key: Key,
    device: &Device,
) -> Tensor<D> {
    let like = Tensor::<1>::zeros([1], device);
    let numbers = random::uniform(shape, key, device, like.dtype());
    (numbers * (2.0 * bound) - bound).detach()
}

/// Rows with the context beside them.
pub(super) fn beside(x: Tensor<2>, context: Option<&Tensor<2>>) -> Tensor<2> {
    let Some(context) = context else {
        return x;
    };
    let [rows, _] = x.dims();
    let [own, width] = context.dims();
    assert!(own == rows || own == 1, "the context has {own} rows, but there are {rows}");
    let context = if own == rows { context.clone() } else { context.clone().expand([rows, width]) };
    Tensor::cat(vec![x, context], 1)
}

/// Checks the context that a layer is given.
pub(super) fn check_context(layer: &str, expected: usize, context: Option<&Tensor<2>>) {
    let given = context.map_or(0, |context| context.dims()[1]);
    assert!(
        given == expected,
        "{layer}: the context has {given} features, but the layer was made for {expected}",
    );
}
