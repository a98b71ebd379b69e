//! What each backend does better than uploading noise.

#[cfg(feature = "autodiff")]
use burn::backend::AutodiffBackend;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;

use super::gamma;
use super::key::Key;
use super::ops::RandomOps;
use super::poisson;

#[cfg(feature = "flex")]
impl RandomOps for burn::backend::Flex {
    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        gamma::on_host::<Self>(concentration, &shape, key)
    }

    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        poisson::on_host::<Self>(rate, &shape, key)
    }
}

#[cfg(feature = "ndarray")]
#[allow(deprecated, reason = "the backend is deprecated upstream, its users remain")]
impl RandomOps for burn::backend::NdArray {
    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        gamma::on_host::<Self>(concentration, &shape, key)
    }

    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        poisson::on_host::<Self>(rate, &shape, key)
    }
}

#[cfg(feature = "cubecl-backend")]
impl RandomOps for burn_cubecl::CubeBackend {}

#[cfg(feature = "autodiff")]
impl<B: RandomOps, C: burn_autodiff::checkpoint::strategy::CheckpointStrategy> RandomOps
    for burn_autodiff::Autodiff<B, C>
{
    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        let draws = B::log_gamma(concentration.into_primitive(), shape, key);
        // A leaf of its own: no gradient flows into randomness.
        <Self as AutodiffBackend>::from_inner(draws)
    }

    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        let draws = B::poisson(rate.into_primitive(), shape, key);
        <Self as AutodiffBackend>::from_inner(draws)
    }
}
