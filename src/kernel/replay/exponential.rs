//! The exponential of devices that have only a coarse one.

use core::f64::consts::{LN_2, LOG2_E};

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::DType;

use super::super::recipes::EXP_M1_F32;
use super::truth;

/// Whether the exponential of the tensor's device loses digits. Vulkan, and WebGPU after it, let eˣ be
/// wrong by 3 + 2|x| units in the last place, which drivers make use of: they compute 2 to the
/// power x log₂ e, and round that product. CUDA's and ROCm's are good to one unit or two.
pub(super) fn is_coarse<B: Backend>(tensor: &FloatTensor<B>) -> bool {
    tensor.dtype() == DType::F32 && B::name(&tensor.device()).contains("wgpu")
}

/// eˣ from e^|x| = 2ⁿ eʳ, with n whole and r = |x| − n ln 2 in ±½ ln 2.
///
/// 2ⁿ has to be exact, which no device promises of a power. Up to n = 15 the device's e^(n ln 2) is
/// within ±0.1 of a whole number, and that number is it; the rest is squared.
///
/// r is not to be had by subtracting n times ln 2 in two parts: drivers put the parts together again.
/// What the first part leaves is a factor after the exponential.
pub(super) fn exponential<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    /// ln 2 in 16 bits, so that n times it is exact, and what is left of it.
    const PARTS: [f64; 2] = [0.693145751953125, 1.42860682030941723212e-6];
    let times = |a: &FloatTensor<B>, b: f64| B::float_mul_scalar(a.clone(), b.into());
    let plus = |a: FloatTensor<B>, b: f64| B::float_add_scalar(a, b.into());
    let product = |a: FloatTensor<B>, b: &FloatTensor<B>| B::float_mul(a, b.clone());
    let squared = |a: FloatTensor<B>| product(a.clone(), &a);
    let power_of_two = |n: &FloatTensor<B>| B::float_floor(plus(B::float_exp(times(n, LN_2)), 0.5));
    let truth = truth::<B>(&x);

    let size = B::float_abs(x.clone());
    let n = B::float_floor(plus(times(&size, LOG2_E), 0.5));
    let r = B::float_sub(size.clone(), times(&n, PARTS[0]));
    let mut tail = plus(times(&r, EXP_M1_F32[0]), EXP_M1_F32[1]);
    for coefficient in &EXP_M1_F32[2..] {
        tail = plus(product(tail, &r), *coefficient);
    }
    let tail = product(squared(r.clone()), &tail);
    let near = plus(B::float_add(r, tail), 1.0);
    let near = product(near, &plus(times(&n, -PARTS[1]), 1.0));

    // n = 16 high + low, and 2ⁿ in three factors, of which none overflows before the result does.
    let high = B::float_floor(times(&n, 1.0 / 16.0));
    let low = B::float_sub(n, times(&high, 16.0));
    let eighth = squared(squared(squared(power_of_two(&high))));
    let rising = product(product(product(near, &power_of_two(&low)), &eighth), &eighth);
    let falling = B::float_recip(rising.clone());
    let negative = B::float_lower_elem(x.clone(), 0.0.into(), truth);
    let value = B::float_mask_where(rising, negative, falling);

    // Beyond it is 0 or ∞, as is the device's own, which keeps NaN too.
    let within = B::float_lower_elem(size, 104.0.into(), truth);
    B::float_mask_where(B::float_exp(x), within, value)
}
