//! What each backend does better than replaying the tape.

#[cfg(feature = "autodiff")]
mod autodiff;
#[cfg(feature = "cubecl-backend")]
mod cube;
#[cfg(feature = "flex")]
mod flex;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod host;
#[cfg(feature = "ndarray")]
mod ndarray;
mod spline;
mod triangular;

#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use host::HostMemory;
