//! What several test binaries share.
#![allow(dead_code, reason = "not every binary needs all of it")]

use burn::tensor::{DType, Device};

/// Every device of the backends compiled in.
#[allow(deprecated, reason = "NdArray keeps its users")]
pub(crate) fn devices() -> Vec<Device> {
    vec![
        #[cfg(feature = "flex")]
        Device::flex(),
        #[cfg(feature = "ndarray")]
        Device::ndarray(),
        #[cfg(feature = "wgpu")]
        Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
    ]
}

/// What is promised of a device.
pub(crate) trait Promises {
    /// Whether the precision is promised: `f64` on the CPU only.
    ///
    /// The driver below a GPU backend may report `f64` and yet compute wrongly: with Burn 0.22.1 on
    /// wgpu over Mesa's software driver, Burn's own composed operations do.
    fn promises(&self, dtype: DType) -> bool;
}

impl Promises for Device {
    fn promises(&self, dtype: DType) -> bool {
        dtype == DType::F32 || (dtype == DType::F64 && format!("{self:?}").contains("Cpu"))
    }
}
