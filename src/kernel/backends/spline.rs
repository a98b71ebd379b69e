//! What each backend does with splines: host loops where tensors are host memory, the composed
//! body on devices, and one graph node with autodiff.

#[cfg(feature = "autodiff")]
mod autodiff;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod host;

#[cfg(feature = "cubecl-backend")]
impl crate::kernel::SplineOps for burn_cubecl::CubeBackend {}
