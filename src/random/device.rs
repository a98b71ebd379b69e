//! The device kernel: the words of the generator and the numbers made of them, written where they
//! are used. Nothing is uploaded but the key, nothing is read back.
//!
//! A unit encrypts one counter. Which elements it serves follows from the layout in [`super`], so
//! the numbers do not depend on how the launch is cut.

use burn::backend::TensorMetadata;
use burn::tensor::{DType, Shape};
use burn_cubecl::cubecl;
use burn_cubecl::cubecl::calculate_cube_count_elemwise;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;

use super::draw::Sampler;
use super::key::Key;
use super::stream::Source;
use super::{TAG_ATTEMPT, TAG_STREAM};

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

/// What a number of the kernel is; the forms of `HostFloat` on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Number {
    /// Uniform on (0, 1).
    Open,
    /// Uniform on [0, 1).
    HalfOpen,
    /// All bits, as a point of (0, 1); see `points::encode`.
    Point,
}

/// The four words of a counter.
#[derive(CubeType, Clone, Copy)]
struct Block {
    first: u32,
    second: u32,
    third: u32,
    fourth: u32,
}

/// Philox4x32-10 of one counter; see the host's, `philox::philox`.
#[cube]
fn philox(counter: Block, key_low: u32, key_high: u32) -> Block {
    let mut x0 = counter.first;
    let mut x1 = counter.second;
    let mut x2 = counter.third;
    let mut x3 = counter.fourth;
    let mut key0 = key_low;
    let mut key1 = key_high;
    #[unroll]
    for _ in 0..10u32 {
        let low0 = 0xD251_1F53u32 * x0;
        let high0 = u32::mul_hi(0xD251_1F53u32, x0);
        let low1 = 0xCD9E_8D57u32 * x2;
        let high1 = u32::mul_hi(0xCD9E_8D57u32, x2);
        x0 = high1 ^ x1 ^ key0;
        x1 = low1;
        x2 = high0 ^ x3 ^ key1;
        x3 = low0;
        key0 += 0x9E37_79B9u32;
        key1 += 0xBB67_AE85u32;
    }
    Block { first: x0, second: x1, third: x2, fourth: x3 }
}

/// The block of a unit, whose position fits 32 bits.
#[cube]
fn block(attempt: u32, #[comptime] tag: u32, key_low: u32, key_high: u32) -> Block {
    let position = ABSOLUTE_POS as u32;
    let counter = Block { first: position, second: 0u32, third: attempt, fourth: tag.runtime() };
    philox(counter, key_low, key_high)
}

/// The integer of the two words, rounded once: each half converts exactly.
#[cube]
fn joined<F: Float>(high: F, low: F, #[comptime] low_scale: f32) -> F {
    high * F::new(low_scale) + low
}

/// The number behind a 32-bit word, or behind a 64-bit one in two halves where `wide`.
#[cube]
fn number<F: Float>(low: u32, high: u32, #[comptime] form: Number, #[comptime] wide: bool) -> F {
    if comptime!(form == Number::Point) {
        point::<F>(low, high, wide)
    } else {
        uniform::<F>(low, high, comptime!(u32::from(form == Number::Open)), wide)
    }
}

/// A multiple of 2^−24, or of 2^−53 where `wide`; an odd one where `odd` is one.
#[cube]
fn uniform<F: Float>(low: u32, high: u32, #[comptime] odd: u32, #[comptime] wide: bool) -> F {
    if wide {
        // 53 bits: the upper 32, then 21 of the lower word.
        let steps = joined::<F>(F::cast_from(high), F::cast_from((low >> 11u32) | odd), 2097152.0);
        steps * F::new(comptime!(1.0 / 9_007_199_254_740_992.0))
    } else {
        F::cast_from((low >> 8u32) | odd) * F::new(comptime!(1.0 / 16_777_216.0))
    }
}

#[cube]
fn point<F: Float>(low: u32, high: u32, #[comptime] wide: bool) -> F {
    // Of the most significant word.
    let top = if wide { high } else { low };
    let upper = top >= 0x8000_0000u32;
    let mirror = select(upper, 0xFFFF_FFFFu32, 0u32);
    // Steps from the nearer end; 31 bits, or 63.
    let top = top ^ mirror;
    let bottom = low ^ mirror;
    // Of a quarter and more the distance to the middle is kept instead.
    let near_middle = top >= 0x4000_0000u32;
    let mirror = select(near_middle, 0x7FFF_FFFFu32, 0u32);
    let top = top ^ mirror;
    let magnitude = if wide {
        let bottom = bottom ^ select(near_middle, 0xFFFF_FFFFu32, 0u32);
        let steps = joined::<F>(F::cast_from(top), F::cast_from(bottom), 4_294_967_296.0);
        // 2^−64, times 2^70 for the middle.
        (steps + F::new(0.5)) * select(near_middle, F::new(64.0), F::new(5.421_010_9e-20))
    } else {
        // In halves, since devices may convert integers of more bits than a float has either way.
        let (upper_half, lower_half) = (top >> 16u32, top & 0xFFFFu32);
        let steps = joined::<F>(F::cast_from(upper_half), F::cast_from(lower_half), 65536.0);
        // 2^−32, times 2^70 for the middle.
        (steps + F::new(0.5))
            * select(near_middle, F::new(274_877_906_944.0), F::new(2.328_306_4e-10))
    };
    select(upper, magnitude, -magnitude)
}

#[cube(launch)]
fn stream_words(out: &mut Tensor<u32>, key_low: u32, key_high: u32) {
    let first = ABSOLUTE_POS * 4;
    if first < out.len() {
        let block = block(0u32, TAG_STREAM, key_low, key_high);
        out[first] = block.first;
        if first + 1 < out.len() {
            out[first + 1] = block.second;
        }
        if first + 2 < out.len() {
            out[first + 2] = block.third;
        }
        if first + 3 < out.len() {
            out[first + 3] = block.fourth;
        }
    }
}

#[cube(launch)]
fn stream_numbers<F: Float>(
    out: &mut Tensor<F>,
    key_low: u32,
    key_high: u32,
    #[comptime] form: Number,
    #[comptime] wide: bool,
) {
    let each = comptime!(if wide { 2usize } else { 4usize });
    let first = ABSOLUTE_POS * each;
    if first < out.len() {
        let block = block(0u32, TAG_STREAM, key_low, key_high);
        if wide {
            out[first] = number::<F>(block.first, block.second, form, wide);
            if first + 1 < out.len() {
                out[first + 1] = number::<F>(block.third, block.fourth, form, wide);
            }
        } else {
            out[first] = number::<F>(block.first, block.first, form, wide);
            if first + 1 < out.len() {
                out[first + 1] = number::<F>(block.second, block.second, form, wide);
            }
            if first + 2 < out.len() {
                out[first + 2] = number::<F>(block.third, block.third, form, wide);
            }
            if first + 3 < out.len() {
                out[first + 3] = number::<F>(block.fourth, block.fourth, form, wide);
            }
        }
    }
}

#[cube(launch)]
fn attempt_numbers<F: Float>(
    out: &mut Tensor<F>,
    key_low: u32,
    key_high: u32,
    attempt: u32,
    #[comptime] form: Number,
    #[comptime] wide: bool,
    #[comptime] second: bool,
) {
    if ABSOLUTE_POS < out.len() {
        let block = block(attempt, TAG_ATTEMPT, key_low, key_high);
        if second {
            out[ABSOLUTE_POS] = number::<F>(block.third, block.fourth, form, wide);
        } else {
            out[ABSOLUTE_POS] = number::<F>(block.first, block.second, form, wide);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn_cubecl::CubeDevice;

    #[cube(launch)]
    fn encrypt(words: &mut Tensor<u32>) {
        if ABSOLUTE_POS == 0 {
            let counter =
                Block { first: words[0], second: words[1], third: words[2], fourth: words[3] };
            let block = philox(counter, words[4], words[5]);
            words[0] = block.first;
            words[1] = block.second;
            words[2] = block.third;
            words[3] = block.fourth;
        }
    }

    /// The published vectors of the Random123 distribution.
    #[cfg(feature = "wgpu")]
    #[test]
    fn known_answers() {
        use burn::backend::Backend;
        use burn::backend::ops::IntTensorOps;
        use burn::tensor::TensorData;
        use burn_cubecl::CubeBackend;
        let device: CubeDevice = burn_wgpu::WgpuDevice::default().into();
        let digits_of_pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
        for (counter, key, expected) in [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                digits_of_pi,
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ] {
            let words = TensorData::from([counter.as_slice(), &key].concat().as_slice());
            let words = CubeBackend::int_from_data(words, &device);
            let (count, dim) = (CubeCount::new_single(), CubeDim::new(&words.client, 1));
            encrypt::launch(&words.client, count, dim, words.clone().into_tensor_arg());
            let words = burn::tensor::try_read_sync(CubeBackend::int_into_data(words));
            let words = words.unwrap().unwrap();
            assert_eq!(words.as_slice::<u32>().unwrap()[..4], expected);
            CubeBackend::sync(&device).unwrap();
        }
    }
}
