//! Flex and NdArray: draws are loops over host memory.

use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;

use crate::random::draw::Sampler;
use crate::random::key::Key;
use crate::random::ops::RandomOps;
use crate::random::stream::Source;
use crate::random::{counts, gamma, upload};

#[cfg(feature = "flex")]
impl RandomOps for burn::backend::Flex {
    fn draws(
        like: FloatTensor<Self>,
        shape: Shape,
        sampler: Sampler,
        source: Source,
        key: Key,
    ) -> FloatTensor<Self> {
        upload::draws::<Self>(&like, shape, sampler, source, key)
    }

    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        gamma::on_host::<Self>(concentration, &shape, key)
    }

    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        counts::on_host::<Self, counts::Poisson, 1>([rate], &shape, key)
    }

    fn binomial(
        total_count: FloatTensor<Self>,
        probs: FloatTensor<Self>,
        shape: Shape,
        key: Key,
    ) -> FloatTensor<Self> {
        counts::on_host::<Self, counts::Binomial, 2>([total_count, probs], &shape, key)
    }
}

#[cfg(feature = "ndarray")]
#[allow(deprecated, reason = "the backend is deprecated upstream, its users remain")]
impl RandomOps for burn::backend::NdArray {
    fn draws(
        like: FloatTensor<Self>,
        shape: Shape,
        sampler: Sampler,
        source: Source,
        key: Key,
    ) -> FloatTensor<Self> {
        upload::draws::<Self>(&like, shape, sampler, source, key)
    }

    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        gamma::on_host::<Self>(concentration, &shape, key)
    }

    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        counts::on_host::<Self, counts::Poisson, 1>([rate], &shape, key)
    }

    fn binomial(
        total_count: FloatTensor<Self>,
        probs: FloatTensor<Self>,
        shape: Shape,
        key: Key,
    ) -> FloatTensor<Self> {
        counts::on_host::<Self, counts::Binomial, 2>([total_count, probs], &shape, key)
    }
}
