//! Log-gamma draws on backends without a host loop: noise for every attempt, proposals judged where
//! the concentration is, nothing read back.

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, FloatDType, Shape};

use super::super::draw::Sampler;
use super::super::key::Key;
use super::super::ops::{RandomOps, applied};
use super::super::stream::Source;
use super::{ATTEMPT, ATTEMPTS, FINISH, FIRST_ATTEMPT};

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
    let accepted = B::log_gamma_ratio(concentration.clone(), shape.clone(), key);
    let (sampler, source) = (Sampler::Exponential, Source::Stream);
    let boost = B::draws(concentration.clone(), shape.clone(), sampler, source, key);
    applied::<B, 3>(FINISH, [accepted, concentration, boost])
}

/// ln v of the first accepted proposal, every attempt for all elements: without a branch an
/// element cannot stop before the others.
pub(crate) fn ratio_of_all_attempts<B: RandomOps>(
    concentration: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    let draws = |sampler, attempt, number| {
        let source = Source::Attempt { attempt, number };
        B::draws(concentration.clone(), shape.clone(), sampler, source, key)
    };
    let noise =
        |attempt| [draws(Sampler::Normal, attempt, 0), draws(Sampler::Exponential, attempt, 1)];
    let [normal, exponential] = noise(0);
    let first = applied::<B, 3>(FIRST_ATTEMPT, [concentration.clone(), normal, exponential]);
    (1..ATTEMPTS).fold(first, |accepted, attempt| {
        let [normal, exponential] = noise(attempt);
        applied::<B, 4>(ATTEMPT, [accepted, concentration.clone(), normal, exponential])
    })
}
