//! The device kernel: the words of the generator and the numbers made of them, written where they
//! are used. Nothing is uploaded but the key, nothing is read back.
//!
//! A unit encrypts one counter. Which elements it serves follows from the layout in [`super`], so
//! the numbers do not depend on how the launch is cut.

mod kernels;
mod numbers;
#[cfg(all(test, feature = "wgpu"))]
mod tests;

use burn::backend::TensorMetadata;
use burn::tensor::{DType, Shape};
use burn_cubecl::cubecl::calculate_cube_count_elemwise;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;

use self::kernels::{
    attempt_numbers, gumbel_argmax, log_gamma_attempts, stream_numbers, stream_words,
};
use self::numbers::Number;
use super::draw::Sampler;
use super::key::Key;
use super::stream::Source;

/// Elements that one launch can fill: positions are 32-bit numbers on a device.
const MOST_ELEMENTS: usize = 1 << 31;

/// Whether the kernel can fill this many elements.
pub(super) fn fits(shape: &Shape) -> bool {
    shape.num_elements() <= MOST_ELEMENTS
}

/// The words of the stream.
pub(super) fn words(like: &CubeTensor, shape: Shape, key: Key) -> CubeTensor {
    let out = empty(like, shape, DType::U32);
    let launch = Launch::new(&out, 4);
    if let Some(Launch { count, dim }) = launch {
        let [low, high] = key.words();
        stream_words::launch(&out.client, count, dim, out.clone().into_tensor_arg(), low, high);
    }
    out
}

/// Numbers of the type of `like`: uniforms, or points for the samplers that are formulas of one.
pub(super) fn noise(
    like: &CubeTensor,
    shape: Shape,
    sampler: Sampler,
    source: Source,
    key: Key,
) -> CubeTensor {
    let number = match sampler {
        Sampler::Uniform => Number::Open,
        Sampler::UniformHalfOpen => Number::HalfOpen,
        Sampler::Normal | Sampler::Exponential | Sampler::Gumbel => Number::Point,
    };
    match like.dtype() {
        DType::F64 => filled::<f64>(empty(like, shape, DType::F64), number, source, key),
        DType::F32 => filled::<f32>(empty(like, shape, DType::F32), number, source, key),
        dtype => panic!("noise is made in f32 and f64, not in {dtype:?}"),
    }
}

/// ln v of the first accepted proposal, in `f32`.
pub(super) fn log_gamma_ratio(concentration: CubeTensor, shape: Shape, key: Key) -> CubeTensor {
    let out = empty(&concentration, shape, DType::F32);
    if let Some(Launch { count, dim }) = Launch::new(&out, 1) {
        let [low, high] = key.words();
        log_gamma_attempts::launch(
            &out.client,
            count,
            dim,
            concentration.into_linear_view_like(&out),
            out.clone().into_tensor_arg(),
            low,
            high,
        );
    }
    out
}

/// The longest row that one unit of the device goes through.
const LONGEST_ROW: usize = 1 << 12;

/// Whether a unit for each row is the way to draw one index of each.
pub(super) fn takes_a_unit(rows: &Shape) -> bool {
    let length = rows[rows.num_dims() - 1];
    (1..=LONGEST_ROW).contains(&length)
}

/// The index of the largest logit plus Gumbel draw of each row of `logits`, in `i32`.
pub(super) fn categorical(logits: CubeTensor, shape: Shape, key: Key) -> CubeTensor {
    let rows = logits.shape();
    let length = rows[rows.num_dims() - 1] as u32;
    let out = empty(&logits, shape, DType::I32);
    if let Some(Launch { count, dim }) = Launch::new(&out, 1) {
        let [low, high] = key.words();
        let logits = logits.into_linear_view();
        let tensor = out.clone().into_tensor_arg();
        gumbel_argmax::launch(&out.client, count, dim, logits, tensor, length, low, high);
    }
    out
}

fn filled<F: Float + CubeElement>(
    out: CubeTensor,
    number: Number,
    source: Source,
    key: Key,
) -> CubeTensor {
    let wide = out.dtype() == DType::F64;
    let [low, high] = key.words();
    let tensor = out.clone().into_tensor_arg();
    match source {
        Source::Stream => {
            if let Some(Launch { count, dim }) = Launch::new(&out, if wide { 2 } else { 4 }) {
                let client = &out.client;
                stream_numbers::launch::<F>(client, count, dim, tensor, low, high, number, wide);
            }
        }
        Source::Attempt { attempt, number: second } => {
            if let Some(Launch { count, dim }) = Launch::new(&out, 1) {
                attempt_numbers::launch::<F>(
                    &out.client,
                    count,
                    dim,
                    tensor,
                    low,
                    high,
                    attempt,
                    number,
                    wide,
                    second == 1,
                );
            }
        }
    }
    out
}

fn empty(like: &CubeTensor, shape: Shape, dtype: DType) -> CubeTensor {
    empty_device_contiguous_dtype(like.client.clone(), like.device.clone(), shape, dtype)
}

/// How many units a tensor takes, for a counter that serves `each` elements; none if it is empty.
struct Launch {
    count: CubeCount,
    dim: CubeDim,
}

impl Launch {
    fn new(out: &CubeTensor, each: usize) -> Option<Self> {
        let units = out.shape().num_elements().div_ceil(each);
        let dim = CubeDim::new(&out.client, units);
        let count = calculate_cube_count_elemwise(&out.client, units, dim);
        (units > 0).then_some(Self { count, dim })
    }
}
