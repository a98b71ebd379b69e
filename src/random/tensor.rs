//! Draws as tensors, made where they are used: by a loop on the host, by a kernel on a device.
//!
//! On an autodiff device the result is an untracked leaf: no gradient flows into randomness.

use burn::backend::Dispatch;
use burn::tensor::{DType, Device, Int, Shape, Tensor};

use super::draw::Sampler;
use super::key::Key;
use super::ops::RandomOps;
use super::stream::Source;

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
    generate(shape, key, Sampler::Uniform, Source::Stream, device, dtype)
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
    generate(shape, key, Sampler::UniformHalfOpen, Source::Stream, device, dtype)
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
    generate(shape, key, Sampler::Normal, Source::Stream, device, dtype)
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
    generate(shape, key, Sampler::Exponential, Source::Stream, device, dtype)
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
    generate(shape, key, Sampler::Gumbel, Source::Stream, device, dtype)
}

/// The raw 32-bit words of the stream, as `u32` where the device has that type and as `i64`
/// elsewhere.
#[must_use]
pub fn words<const D: usize>(shape: [usize; D], key: Key, device: &Device) -> Tensor<D, Int> {
    let like = like(device, DType::F32).into_dispatch();
    Tensor::from_dispatch(<Dispatch as RandomOps>::words(like, Shape::from(shape), key))
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

/// Binomial draws in `shape`, to which both parameters broadcast, of an event no likelier than its
/// absence: whole numbers in `f64` for parameters in `f64`, and else in `f32`.
///
/// No trials and a probability of 0 give 0; a negative or infinite number of trials, a probability
/// outside [0, ½] and NaN give −1. The parameters are not read back; no gradient flows to them. The
/// draws use blocks of `key` of their own, so give other samplers other keys.
///
/// # Panics
///
/// When a parameter does not broadcast to `shape`.
#[must_use]
pub fn binomial<const D: usize>(
    total_count: Tensor<D>,
    probs: Tensor<D>,
    shape: [usize; D],
    key: Key,
) -> Tensor<D> {
    for (name, parameter) in [("total_count", &total_count), ("probs", &probs)] {
        assert!(
            (parameter.dims().iter().zip(&shape)).all(|(own, size)| *own == 1 || own == size),
            "{name} of shape {:?} does not broadcast to {shape:?}",
            parameter.dims(),
        );
    }
    let (total_count, probs) = (total_count.into_dispatch(), probs.into_dispatch());
    let shape = Shape::from(shape);
    Tensor::from_dispatch(<Dispatch as RandomOps>::binomial(total_count, probs, shape, key))
}

/// The noise of one attempt of a rejection sampler, for every element of `shape`: `number` 0 or 1
/// of its block (see the layout in [`super`]).
#[cfg(test)]
pub(crate) fn attempt<const D: usize>(
    shape: [usize; D],
    key: Key,
    sampler: Sampler,
    [attempt, number]: [usize; 2],
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    let source = Source::Attempt { attempt: attempt as u32, number };
    generate(shape, key, sampler, source, device, dtype)
}

fn generate<const D: usize>(
    shape: [usize; D],
    key: Key,
    sampler: Sampler,
    source: Source,
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    let computed = match dtype {
        DType::F64 => DType::F64,
        DType::F32 | DType::Flex32 | DType::F16 | DType::BF16 => DType::F32,
        other => panic!("random floats need a float type, not {other:?}"),
    };
    let like = like(device, computed).into_dispatch();
    let shape = Shape::from(shape);
    let draws = <Dispatch as RandomOps>::draws(like, shape, sampler, source, key);
    let draws = Tensor::from_dispatch(draws);
    // Rounding to half precision would lift the largest uniforms to one.
    let below_one = match (sampler, dtype) {
        (Sampler::Uniform | Sampler::UniformHalfOpen, DType::F16) => Some(1.0 - 1.0 / 2048.0),
        (Sampler::Uniform | Sampler::UniformHalfOpen, DType::BF16) => Some(1.0 - 1.0 / 256.0),
        _ => None,
    };
    let draws = match below_one {
        Some(largest) => draws.clamp_max(largest),
        None => draws,
    };
    if dtype == computed { draws } else { draws.cast(dtype) }
}

/// A tensor for its device and its type alone: it has one element, which is never read.
fn like(device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::empty([1], (device, dtype))
}
