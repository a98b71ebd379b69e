//! Autodiff: draws are leaves of their own, since no gradient flows into randomness.

use burn::backend::AutodiffBackend;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{IntDType, Shape};
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::strategy::CheckpointStrategy;

use crate::random::draw::Sampler;
use crate::random::key::Key;
use crate::random::ops::RandomOps;
use crate::random::stream::Source;

impl<B: RandomOps, C: CheckpointStrategy> RandomOps for Autodiff<B, C> {
    fn words(like: FloatTensor<Self>, shape: Shape, key: Key) -> IntTensor<Self> {
        B::words(like.into_primitive(), shape, key)
    }

    fn noise(
        like: FloatTensor<Self>,
        shape: Shape,
        sampler: Sampler,
        source: Source,
        key: Key,
    ) -> FloatTensor<Self> {
        let noise = B::noise(like.into_primitive(), shape, sampler, source, key);
        <Self as AutodiffBackend>::from_inner(noise)
    }

    fn draws(
        like: FloatTensor<Self>,
        shape: Shape,
        sampler: Sampler,
        source: Source,
        key: Key,
    ) -> FloatTensor<Self> {
        let draws = B::draws(like.into_primitive(), shape, sampler, source, key);
        <Self as AutodiffBackend>::from_inner(draws)
    }

    fn categorical(
        logits: FloatTensor<Self>,
        shape: Shape,
        integer: IntDType,
        key: Key,
    ) -> IntTensor<Self> {
        B::categorical(logits.into_primitive(), shape, integer, key)
    }

    fn log_gamma_ratio(
        concentration: FloatTensor<Self>,
        shape: Shape,
        key: Key,
    ) -> FloatTensor<Self> {
        let ratio = B::log_gamma_ratio(concentration.into_primitive(), shape, key);
        <Self as AutodiffBackend>::from_inner(ratio)
    }

    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        let draws = B::log_gamma(concentration.into_primitive(), shape, key);
        <Self as AutodiffBackend>::from_inner(draws)
    }

    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        let draws = B::poisson(rate.into_primitive(), shape, key);
        <Self as AutodiffBackend>::from_inner(draws)
    }

    fn binomial(
        total_count: FloatTensor<Self>,
        probs: FloatTensor<Self>,
        shape: Shape,
        key: Key,
    ) -> FloatTensor<Self> {
        let (total_count, probs) = (total_count.into_primitive(), probs.into_primitive());
        let draws = B::binomial(total_count, probs, shape, key);
        <Self as AutodiffBackend>::from_inner(draws)
    }
}
