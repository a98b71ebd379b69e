//! What several test binaries share.

use burn::tensor::Device;

/// Every device of the backends compiled in.
#[allow(deprecated, reason = "NdArray keeps its users")]
pub fn devices() -> Vec<Device> {
    vec![
        #[cfg(feature = "flex")]
        Device::flex(),
        #[cfg(feature = "ndarray")]
        Device::ndarray(),
        #[cfg(feature = "wgpu")]
        Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
    ]
}
