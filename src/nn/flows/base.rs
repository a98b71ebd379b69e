//! What a flow starts from.

use core::fmt::Debug;

use burn::module::{Module, ModuleDisplay};
use burn::tensor::{DType, Device, Tensor};

use crate::distribution::{Distribution, Reparameterized};
use crate::distributions::{Independent, Normal};

/// A Burn module that gives the distribution a flow starts from.
pub trait Base: Module + ModuleDisplay + Debug + Sync {
    /// The distribution, over rows `[N, features]` as one event each.
    type Law: Reparameterized<2>;

    /// The distribution, given the flow's context, in the precision `dtype` of the flow's layers;
    /// none is asked for where it does not matter. A base with parameters of its own, which are cast
    /// with those of the layers, may ignore it.
    fn law(&self, dtype: Option<DType>, context: Option<&Tensor<2>>) -> Self::Law;
}

/// Independent standard normal features, without parameters, in the precision of the layers.
#[derive(Module, Debug)]
pub struct StandardNormal {
    /// Zeros, which know the device. They are no parameter, so that a cast of the module passes them
    /// over.
    origin: Tensor<2>,
}

impl StandardNormal {
    /// The distribution of rows of `features` numbers.
    #[must_use]
    pub fn new(features: usize, device: &Device) -> Self {
        Self { origin: Tensor::zeros([1, features], device) }
    }
}

impl Base for StandardNormal {
    type Law = Independent<Normal<2>>;

    fn law(&self, dtype: Option<DType>, _context: Option<&Tensor<2>>) -> Self::Law {
        let origin = match dtype {
            Some(dtype) if dtype != self.origin.dtype() => self.origin.clone().cast(dtype),
            _ => self.origin.clone(),
        };
        Normal::new(origin, 1.0).independent(1)
    }
}
