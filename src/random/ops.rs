//! The backend extension: what a backend does for a sampler that reads tensors.

use burn::backend::backend_extension;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;

use super::gamma::from_noise;
use super::key::Key;
use super::poisson;
use crate::kernel::FormulaOps;

/// Samplers whose draws depend on a tensor that stays where it is.
///
/// The default body makes the noise on the host, uploads it, and leaves the choices to formulas,
/// so that nothing is read back.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cubecl-backend"),
    Fusion: cfg(feature = "fusion"),
    Autodiff: cfg(feature = "autodiff"),
)]
pub trait RandomOps: FormulaOps {
    /// Logarithms of Gamma(`concentration`, 1) draws in `shape`, to which `concentration`
    /// broadcasts. No gradient flows to the concentration.
    #[fusion(default)]
    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        from_noise::<Self>(concentration, &shape, key)
    }

    /// Poisson(`rate`) draws in `shape`, to which `rate` broadcasts, in `f64` for rates in `f64`
    /// and else in `f32`. No gradient flows to the rate.
    #[fusion(default)]
    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        poisson::from_noise::<Self>(rate, &shape, key)
    }
}
