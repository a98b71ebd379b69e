//! Categorical draws: the largest logit plus standard Gumbel draw of each row.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Dispatch, TensorMetadata};
use burn::tensor::{Int, IntDType, Shape, Tensor};

use super::draw::Sampler;
use super::key::Key;
use super::ops::RandomOps;
use super::stream::Source;

/// A draw for each element of `shape`, which has size 1 in the last dimension where `logits` has
/// its categories, and to which the rest of `logits` broadcasts.
///
/// Every Gumbel draw is finite, so a logit of −∞ is never chosen. The logits are `f32` or `f64`.
pub(crate) fn categorical<const D: usize>(
    logits: Tensor<D>,
    shape: [usize; D],
    key: Key,
) -> Tensor<D, Int> {
    let integer = logits.device().settings().int_dtype;
    let logits = logits.into_dispatch();
    let draws = <Dispatch as RandomOps>::categorical(logits, Shape::from(shape), integer, key);
    Tensor::from_dispatch(draws)
}

/// By tensors of whole rows of draws.
pub(super) fn by_argmax<B: RandomOps>(
    logits: FloatTensor<B>,
    shape: &Shape,
    integer: IntDType,
    key: Key,
) -> IntTensor<B> {
    let rows = rows(&logits.shape(), shape);
    let last = rows.num_dims() - 1;
    let noise = B::draws(logits.clone(), rows, Sampler::Gumbel, Source::Stream, key);
    B::float_argmax(B::float_add(noise, logits), last, integer)
}

/// The shape of the rows of draws.
pub(super) fn rows(logits: &Shape, shape: &Shape) -> Shape {
    let mut rows = shape.to_vec();
    let last = rows.len() - 1;
    rows[last] = logits[last];
    Shape::from(rows)
}
