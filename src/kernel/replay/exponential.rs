//! The exponential of devices that have only a coarse one.

use core::f64::consts::{LN_2, LOG2_E};

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::DType;

use super::truth;

/// Whether the exponential of the tensor's device loses digits. Vulkan, and WebGPU after it, let eˣ be
/// wrong by 3 + 2|x| units in the last place, which drivers make use of: they compute 2 to the
/// power x log₂ e, and round that product. CUDA's and ROCm's are good to one unit or two.
pub(super) fn is_coarse<B: Backend>(tensor: &FloatTensor<B>) -> bool {
    tensor.dtype() == DType::F32 && B::name(&tensor.device()).contains("wgpu")
}

/// eˣ from e^|x| = (2ⁿ)⁸ eʳ, with n whole and r = |x| − 8 n ln 2 in ±4 ln 2, where the device's own is good
/// to two units.
///
/// 2ⁿ has to be exact, which no device promises of a power. Up to n = 16 the device's e^(n ln 2) is
/// within ±0.1 of a whole number, and that number is it.
///
/// r is not to be had by subtracting n times ln 2 in two parts: drivers put the parts together again.
/// What the first part leaves is a factor after the exponential.
pub(super) fn exponential<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    /// 8 ln 2 in 19 bits, so that n times it is exact, and what is left of it.
    const STEP: [f64; 2] = [5.5451812744140625, -3.82993450002466e-6];
    let times = |a: &FloatTensor<B>, b: f64| B::float_mul_scalar(a.clone(), b.into());
    let plus = |a: FloatTensor<B>, b: f64| B::float_add_scalar(a, b.into());
    let squared = |a: FloatTensor<B>| B::float_mul(a.clone(), a);
    let truth = truth::<B>(&x);

    let size = B::float_abs(x.clone());
    let n = B::float_floor(plus(times(&size, LOG2_E / 8.0), 0.5));
    let near = B::float_exp(B::float_sub(size.clone(), times(&n, STEP[0])));
    let near = B::float_mul(near, plus(times(&n, -STEP[1]), 1.0));
    let power = B::float_floor(plus(B::float_exp(times(&n, LN_2)), 0.5));
    let fourth = squared(squared(power));
    let rising = B::float_mul(B::float_mul(near, fourth.clone()), fourth);
    let falling = B::float_recip(rising.clone());
    let negative = B::float_lower_elem(x.clone(), 0.0.into(), truth);
    let value = B::float_mask_where(rising, negative, falling);

    // Beyond it is 0 or ∞, as is the device's own, which keeps NaN too.
    let within = B::float_lower_elem(size, 104.0.into(), truth);
    B::float_mask_where(B::float_exp(x), within, value)
}
