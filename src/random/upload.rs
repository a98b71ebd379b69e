//! Noise made on the host, for backends whose tensors are host memory or that have no kernel.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{DType, Element, Shape, TensorData};

use super::draw::{Draw, Exponential, Gumbel, Normal, Point, Sampler, Uniform, UniformHalfOpen};
use super::host_float::HostFloat;
use super::key::Key;
use super::stream::{Source, fill, fill_bits};
use crate::kernel::unwritten;

/// The words of the stream, on the device of `like`.
pub(super) fn words<B: Backend>(like: &FloatTensor<B>, shape: Shape, key: Key) -> IntTensor<B> {
    let mut words = unwritten::<u32>(shape.num_elements());
    fill_bits(&mut words, key);
    let data = TensorData::new(words, shape);
    let device = like.device();
    if B::supports_dtype(&device, DType::U32) {
        B::int_from_data(data, &device)
    } else {
        B::int_from_data(data.convert_dtype(DType::I64), &device)
    }
}

/// Draws of `sampler`.
pub(super) fn draws<B: Backend>(
    like: &FloatTensor<B>,
    shape: Shape,
    sampler: Sampler,
    source: Source,
    key: Key,
) -> FloatTensor<B> {
    match sampler {
        Sampler::Uniform => drawn::<B, Uniform>(like, shape, source, key),
        Sampler::UniformHalfOpen => drawn::<B, UniformHalfOpen>(like, shape, source, key),
        Sampler::Normal => drawn::<B, Normal>(like, shape, source, key),
        Sampler::Exponential => drawn::<B, Exponential>(like, shape, source, key),
        Sampler::Gumbel => drawn::<B, Gumbel>(like, shape, source, key),
    }
}

/// The uniforms or points of which `sampler` makes its draws.
pub(super) fn noise<B: Backend>(
    like: &FloatTensor<B>,
    shape: Shape,
    sampler: Sampler,
    source: Source,
    key: Key,
) -> FloatTensor<B> {
    match sampler {
        Sampler::Uniform | Sampler::UniformHalfOpen => {
            draws::<B>(like, shape, sampler, source, key)
        }
        Sampler::Normal | Sampler::Exponential | Sampler::Gumbel => {
            drawn::<B, Point>(like, shape, source, key)
        }
    }
}

fn drawn<B: Backend, T: Draw>(
    like: &FloatTensor<B>,
    shape: Shape,
    source: Source,
    key: Key,
) -> FloatTensor<B> {
    match like.dtype() {
        DType::F64 => in_type::<B, f64, T>(like, shape, source, key),
        DType::F32 => in_type::<B, f32, T>(like, shape, source, key),
        dtype => panic!("noise is made in f32 and f64, not in {dtype:?}"),
    }
}

fn in_type<B: Backend, E: HostFloat + Element, T: Draw>(
    like: &FloatTensor<B>,
    shape: Shape,
    source: Source,
    key: Key,
) -> FloatTensor<B> {
    let mut draws = unwritten::<E>(shape.num_elements());
    fill::<E, T>(&mut draws, key, source);
    B::float_from_data(TensorData::new(draws, shape), &like.device())
}
