//! What each backend does better than uploading noise.

#[cfg(feature = "autodiff")]
use burn::backend::AutodiffBackend;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::Shape;

use super::draw::Sampler;
#[cfg(any(feature = "flex", feature = "ndarray"))]
use super::gamma;
use super::key::Key;
use super::ops::RandomOps;
use super::stream::Source;
use super::upload;

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
}

#[cfg(feature = "cubecl-backend")]
impl RandomOps for burn_cubecl::CubeBackend {
    fn words(like: FloatTensor<Self>, shape: Shape, key: Key) -> IntTensor<Self> {
        if super::device::fits(&shape) {
            super::device::words(&like, shape, key)
        } else {
            upload::words::<Self>(&like, shape, key)
        }
    }

    fn noise(
        like: FloatTensor<Self>,
        shape: Shape,
        sampler: Sampler,
        source: Source,
        key: Key,
    ) -> FloatTensor<Self> {
        if super::device::fits(&shape) {
            super::device::noise(&like, shape, sampler, source, key)
        } else {
            upload::noise::<Self>(&like, shape, sampler, source, key)
        }
    }
}

/// Draws are leaves of their own: no gradient flows into randomness.
#[cfg(feature = "autodiff")]
impl<B: RandomOps, C: burn_autodiff::checkpoint::strategy::CheckpointStrategy> RandomOps
    for burn_autodiff::Autodiff<B, C>
{
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

    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        let draws = B::log_gamma(concentration.into_primitive(), shape, key);
        <Self as AutodiffBackend>::from_inner(draws)
    }
}
