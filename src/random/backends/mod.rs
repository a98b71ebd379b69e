//! What each backend does better than uploading noise.

#[cfg(feature = "autodiff")]
mod autodiff;
#[cfg(feature = "cubecl-backend")]
mod cube;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod host;
