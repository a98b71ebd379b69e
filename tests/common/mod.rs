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

/// Every such device of which the precision is promised.
pub(crate) fn devices_in(dtype: DType) -> Vec<Device> {
    devices().into_iter().filter(|device| device.promises(dtype)).collect()
}

/// What is promised of a device.
pub(crate) trait Promises {
    /// Whether the precision is promised: `f64` on the CPU only.
    ///
    /// The driver below a GPU backend may report `f64` and yet compute wrongly: with Burn 0.22.1 on
    /// wgpu over Mesa's software driver, Burn's own composed operations do.
    fn promises(&self, dtype: DType) -> bool;

    /// Whether it computes in this crate's own loops; elsewhere drivers compute, and round the
    /// elementary functions.
    fn is_host(&self) -> bool;
}

impl Promises for Device {
    fn promises(&self, dtype: DType) -> bool {
        dtype == DType::F32 || (dtype == DType::F64 && self.is_host())
    }

    fn is_host(&self) -> bool {
        format!("{self:?}").contains("Cpu")
    }
}
