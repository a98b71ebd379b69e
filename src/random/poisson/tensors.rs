//! Poisson draws on backends without a host loop: noise for every attempt, proposals judged where
//! the rate is, nothing read back.

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, FloatDType, Shape};

use super::super::draw::Sampler;
use super::super::key::Key;
use super::super::ops::{RandomOps, applied};
use super::super::stream::Source;
use super::{ATTEMPT, ATTEMPTS, FINISH, FIRST_ATTEMPT};

/// Draws of `shape` from noise, in `f64` for rates in `f64` and else in `f32`; see the layout in
/// [`super`].
pub(crate) fn from_noise<B: RandomOps>(
    rate: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    let rate = match rate.dtype() {
        DType::F64 | DType::F32 => rate,
        _ => B::float_cast(rate, FloatDType::F32),
    };
    // The points behind normal draws keep both ends of (0, 1).
    let point = |attempt, number| {
        let source = Source::Attempt { attempt, number };
        B::noise(rate.clone(), shape.clone(), Sampler::Normal, source, key)
    };
    let first = [rate.clone(), point(0, 0), point(0, 1)];
    let accepted = (1..ATTEMPTS).fold(applied::<B, 3>(FIRST_ATTEMPT, first), |accepted, k| {
        applied::<B, 4>(ATTEMPT, [accepted, rate.clone(), point(k, 0), point(k, 1)])
    });
    applied::<B, 2>(FINISH, [accepted, rate])
}
