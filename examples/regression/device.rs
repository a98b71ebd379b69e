//! The choice of the device.

use burn::tensor::Device;
use clap::ValueEnum;

use crate::table::Problem;

/// Where to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// The processor
    Flex,
    /// The processor, through the ndarray crate
    Ndarray,
    /// A graphics card, through Vulkan or Metal
    Wgpu,
    /// An NVIDIA graphics card
    Cuda,
}

impl Backend {
    /// The device, if its backend was compiled in.
    pub fn open(self) -> Result<Device, Problem> {
        match self {
            #[cfg(feature = "flex")]
            Self::Flex => Ok(Device::flex()),
            #[cfg(feature = "ndarray")]
            #[expect(deprecated, reason = "Burn is to drop this backend; until then it is offered")]
            Self::Ndarray => Ok(Device::ndarray()),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Ok(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
            #[cfg(feature = "cuda")]
            Self::Cuda => Ok(Device::cuda(0)),
            #[allow(unreachable_patterns, reason = "with every backend compiled in, none is left")]
            missing => {
                let name = missing.to_possible_value().expect("no backend is hidden");
                let name = name.get_name();
                Err(Problem(format!(
                    "--device {name}: this build lacks the backend; add `--features {name}` to \
                     the cargo command."
                )))
            }
        }
    }
}
