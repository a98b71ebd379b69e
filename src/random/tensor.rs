//! Draws as tensors. They are made on the host and uploaded where the device is elsewhere.
//!
//! On an autodiff device the result is an untracked leaf: no gradient flows into randomness.

use burn::backend::Dispatch;
use burn::tensor::{DType, Device, Int, Shape, Tensor, TensorData};

use super::draw::{Draw, Exponential, Gumbel, Normal, Uniform, UniformHalfOpen};
use super::key::Key;
use super::ops::RandomOps;
use super::stream::{Source, fill, fill_bits};

/// Uniform draws on the open interval (0, 1).
///
/// Odd multiples of 2⁻²⁴ (`f32`) or 2⁻⁵³ (`f64`), symmetric about ½ and never an end. In half
/// precision they are the `f32` draws rounded to nearest, held below one.
///
/// # Panics
///
/// When `dtype` is not a float type, or `device` does not support it.
#[must_use]
pub fn uniform<const D: usize>(
    shape: [usize; D],
    key: Key,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    generate::<Uniform, D>(shape, key, Source::Stream, device, dtype)
}

/// Uniform draws on [0, 1): multiples of 2⁻²⁴ (`f32`) or 2⁻⁵³ (`f64`). In half precision they are
/// the `f32` draws rounded to nearest, held below one.
///
/// # Panics
///
/// When `dtype` is not a float type, or `device` does not support it.
#[must_use]
pub fn uniform_half_open<const D: usize>(
    shape: [usize; D],
    key: Key,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    generate::<UniformHalfOpen, D>(shape, key, Source::Stream, device, dtype)
}

/// Standard normal draws, by inversion: symmetric, never zero, reaching ±6.33 in `f32` and ±9.15
/// in `f64`.
///
/// # Panics
///
/// When `dtype` is not a float type, or `device` does not support it.
#[must_use]
pub fn normal<const D: usize>(
    shape: [usize; D],
    key: Key,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    generate::<Normal, D>(shape, key, Source::Stream, device, dtype)
}

/// Standard exponential draws: finite, and positive in `f32` and `f64`, with full relative
/// accuracy at both ends.
///
/// # Panics
///
/// When `dtype` is not a float type, or `device` does not support it.
#[must_use]
pub fn exponential<const D: usize>(
    shape: [usize; D],
    key: Key,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    generate::<Exponential, D>(shape, key, Source::Stream, device, dtype)
}

/// Standard Gumbel draws, with both tails right.
///
/// The index of the largest logit plus Gumbel draw is a draw of the categorical distribution of
/// these logits. Since every draw is finite, a logit of −∞ is never chosen.
///
/// # Panics
///
/// When `dtype` is not a float type, or `device` does not support it.
#[must_use]
pub fn gumbel<const D: usize>(
    shape: [usize; D],
    key: Key,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    generate::<Gumbel, D>(shape, key, Source::Stream, device, dtype)
}

/// The raw 32-bit words of the stream, as `u32` where the device has that type and as `i64`
/// elsewhere.
#[must_use]
pub fn words<const D: usize>(shape: [usize; D], key: Key, device: &Device) -> Tensor<D, Int> {
    let mut bits = vec![0; shape.iter().product()];
    fill_bits(&mut bits, key);
    let dtype = if device.supports_dtype(DType::U32) { DType::U32 } else { DType::I64 };
    Tensor::from_data(TensorData::new(bits, shape), (device, dtype))
}

/// Logarithms of draws of the gamma distribution with the given concentration and rate one, in
/// `shape`, to which `concentration` broadcasts.
///
/// Staying in log space, draws of concentrations down to 10⁻⁴ and below do not underflow, as most
/// of them would. Zero concentrations give −∞, negative ones and NaN give NaN. The concentration is
/// not read back; no gradient flows to it. The draws use the stream of `key` besides
/// blocks of their own, so give other samplers other keys.
///
/// # Panics
///
/// When `concentration` does not broadcast to `shape`.
#[must_use]
pub fn log_gamma<const D: usize>(
    concentration: Tensor<D>,
    shape: [usize; D],
    key: Key,
) -> Tensor<D> {
    assert!(
        (concentration.dims().iter().zip(&shape)).all(|(own, size)| *own == 1 || own == size),
        "a concentration of shape {:?} does not broadcast to {shape:?}",
        concentration.dims(),
    );
    let concentration = concentration.into_dispatch();
    Tensor::from_dispatch(<Dispatch as RandomOps>::log_gamma(
        concentration,
        Shape::from(shape),
        key,
    ))
}

/// Poisson draws of the given rate in `shape`, to which `rate` broadcasts: whole numbers in `f64`
/// for rates in `f64`, and else in `f32`.
///
/// Rates up to 10⁶ and beyond; from 2²⁴ on a draw in `f32` is as coarse as `f32`. A rate of 0
/// gives 0, an infinite one +∞, a negative one and NaN −1. The rate is not read back; no gradient
/// flows to it. The draws use blocks of `key` of their own, so give other samplers other keys.
///
/// # Panics
///
/// When `rate` does not broadcast to `shape`.
#[must_use]
pub fn poisson<const D: usize>(rate: Tensor<D>, shape: [usize; D], key: Key) -> Tensor<D> {
    assert!(
        (rate.dims().iter().zip(&shape)).all(|(own, size)| *own == 1 || own == size),
        "a rate of shape {:?} does not broadcast to {shape:?}",
        rate.dims(),
    );
    let rate = rate.into_dispatch();
    Tensor::from_dispatch(<Dispatch as RandomOps>::poisson(rate, Shape::from(shape), key))
}

/// The noise of one attempt of a rejection sampler, for every element of `shape`: `number` 0 or 1
/// of its block (see the layout in [`super`]).
#[cfg(test)]
pub(crate) fn attempt<T: Draw, const D: usize>(
    shape: [usize; D],
    key: Key,
    attempt: u32,
    number: usize,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    generate::<T, D>(shape, key, Source::Attempt { attempt, number }, device, dtype)
}

fn generate<T: Draw, const D: usize>(
    shape: [usize; D],
    key: Key,
    source: Source,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    let count = shape.iter().product();
    let data = match dtype {
        DType::F64 => {
            let mut draws = vec![0.0; count];
            fill::<f64, T>(&mut draws, key, source);
            TensorData::new(draws, shape)
        }
        DType::F32 | DType::Flex32 | DType::F16 | DType::BF16 => {
            let mut draws = vec![0.0; count];
            fill::<f32, T>(&mut draws, key, source);
            // Rounding to half precision would lift the largest uniforms to one.
            let below_one = match dtype {
                DType::F16 => Some(1.0 - 1.0 / 2048.0),
                DType::BF16 => Some(1.0 - 1.0 / 256.0),
                _ => None,
            };
            if let (true, Some(largest)) = (T::BELOW_ONE, below_one) {
                for draw in &mut draws {
                    *draw = f32::min(*draw, largest);
                }
            }
            TensorData::new(draws, shape)
        }
        other => panic!("random floats need a float type, not {other:?}"),
    };
    Tensor::from_data(data, (device, dtype))
}
