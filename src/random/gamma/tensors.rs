//! Log-gamma draws on backends without a host loop: noise for every attempt, proposals judged where
//! the concentration is, nothing read back.

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, FloatDType, Shape};

use super::super::draw::Sampler;
use super::super::key::Key;
use super::super::ops::RandomOps;
use super::super::stream::Source;
use super::{ATTEMPT, ATTEMPTS, FINISH, FIRST_ATTEMPT};
use crate::kernel::{FormulaOps, Op, Tensors};

/// Draws of `shape` from noise; see the layout in [`super`].
pub(crate) fn from_noise<B: RandomOps>(
    concentration: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    match concentration.dtype() {
        DType::F64 | DType::F32 => drawn::<B>(concentration, shape, key),
        dtype => {
            let concentration = B::float_cast(concentration, FloatDType::F32);
            B::float_cast(drawn::<B>(concentration, shape, key), dtype.into())
        }
    }
}

fn drawn<B: RandomOps>(concentration: FloatTensor<B>, shape: &Shape, key: Key) -> FloatTensor<B> {
    let draws =
        |sampler, source| B::draws(concentration.clone(), shape.clone(), sampler, source, key);
    let normal = |attempt| draws(Sampler::Normal, Source::Attempt { attempt, number: 0 });
    let exponential = |attempt| draws(Sampler::Exponential, Source::Attempt { attempt, number: 1 });
    let first = [concentration.clone(), normal(0), exponential(0)];
    let accepted = (1..ATTEMPTS).fold(applied::<B, 3>(FIRST_ATTEMPT, first), |accepted, k| {
        let inputs = [accepted, concentration.clone(), normal(k), exponential(k)];
        applied::<B, 4>(ATTEMPT, inputs)
    });
    let boost = draws(Sampler::Exponential, Source::Stream);
    applied::<B, 3>(FINISH, [accepted, concentration.clone(), boost])
}

fn applied<B: FormulaOps, const N: usize>(
    op: Op<N>,
    inputs: [FloatTensor<B>; N],
) -> FloatTensor<B> {
    let mut results = B::formula_values(op.kernel(), Tensors(inputs.into()));
    results.0.pop().expect("a formula of one result")
}
