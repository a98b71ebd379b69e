//! The exponential of devices that have only a coarse one.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{DType, FloatDType};

use super::truth;

/// Whether the exponential of the tensor's device loses digits. Vulkan, and WebGPU after it, let eˣ be
/// wrong by 3 + 2|x| units in the last place, which drivers make use of: they compute 2 to the
/// power x log₂ e, and round that product. CUDA's and ROCm's are good to one unit or two.
pub(super) fn is_coarse<B: Backend>(tensor: &FloatTensor<B>) -> bool {
    tensor.dtype() == DType::F32 && B::name(&tensor.device()).contains("wgpu")
}

/// eˣ = 2ⁿ eʳ with r = x − n ln 2 in [0, ln 2), where the device's exponential is good, and n whole,
/// where its powers of 2 are exact.
pub(super) fn exponential<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    /// The first 15 bits of ln 2, so that n times it is exact, and the rest.
    const LN_2: [f64; 2] = [0.693_145_751_953_125, 1.428_606_820_309_417_2e-6];
    let scaled = |tensor: &FloatTensor<B>, by: f64| B::float_mul_scalar(tensor.clone(), by.into());

    let n = B::float_floor(scaled(&x, core::f64::consts::LOG2_E));
    let rest = B::float_sub(x.clone(), scaled(&n, LN_2[0]));
    let rest = B::float_sub(rest, scaled(&n, LN_2[1]));
    let two = B::float_full(n.shape(), 2.0.into(), &n.device(), FloatDType::F32);
    let value = B::float_mul(B::float_exp(rest), B::float_powf(two, n));

    // From e^−87.33, the smallest normal number, to e^88.72, the largest: beyond, and for NaN, n means
    // nothing, and the device's own exponential is 0, ∞ or NaN.
    let centre = B::float_abs(B::float_sub_scalar(x.clone(), 0.693.into()));
    let within = B::float_lower_elem(centre, 88.029.into(), truth::<B>(&x));
    B::float_mask_where(B::float_exp(x), within, value)
}
