//! What each backend does with triangular matrices: host loops where tensors are host memory, the
//! composed body on devices, and one graph node each with autodiff.

#[cfg(feature = "autodiff")]
mod autodiff;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod host;

#[cfg(feature = "cubecl-backend")]
impl crate::kernel::TriangularOps for burn_cubecl::CubeBackend {}
