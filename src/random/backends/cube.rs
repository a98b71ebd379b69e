//! CubeCL backends: one kernel makes the noise where it is used.

use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{DType, IntDType, Shape};
use burn_cubecl::CubeBackend;

use crate::random::draw::Sampler;
use crate::random::key::Key;
use crate::random::ops::RandomOps;
use crate::random::stream::Source;
use crate::random::{categorical, device, gamma, upload};

impl RandomOps for CubeBackend {
    fn words(like: FloatTensor<Self>, shape: Shape, key: Key) -> IntTensor<Self> {
        if device::fits(&shape) {
            device::words(&like, shape, key)
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
        if device::fits(&shape) {
            device::noise(&like, shape, sampler, source, key)
        } else {
            upload::noise::<Self>(&like, shape, sampler, source, key)
        }
    }

    fn categorical(
        logits: FloatTensor<Self>,
        shape: Shape,
        integer: IntDType,
        key: Key,
    ) -> IntTensor<Self> {
        let rows = categorical::rows(&logits.shape(), &shape);
        let single = logits.dtype() == DType::F32 && integer == IntDType::I32;
        if single && device::fits(&rows) && device::takes_a_unit(&rows) {
            let logits = Self::float_expand(logits, rows);
            device::categorical(logits, shape, key)
        } else {
            categorical::by_argmax::<Self>(logits, &shape, integer, key)
        }
    }

    fn log_gamma_ratio(
        concentration: FloatTensor<Self>,
        shape: Shape,
        key: Key,
    ) -> FloatTensor<Self> {
        if device::fits(&shape) && concentration.dtype() == DType::F32 {
            device::log_gamma_ratio(concentration, shape, key)
        } else {
            gamma::ratio_of_all_attempts::<Self>(concentration, &shape, key)
        }
    }
}
