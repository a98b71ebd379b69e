//! The engine: a formula written once over a scalar algebra, run on every backend.
//!
//! [`Formula`] is the entry for formulas of your own, [`Real`] the algebra they are written over,
//! and [`Op`] the handle that applies them to tensors.
//!
//! Optimised builds inline everything into the loop of a formula, because code outside it would
//! lose the loop's instruction set. Debug builds share the functions of the algebra between
//! formulas instead, which compiles four times less code: hence
//! `cfg_attr(not(debug_assertions), inline(always))`.

mod backends;
mod bijection;
mod dual;
pub(crate) mod elementary;
mod formula;
pub(crate) mod grid;
mod host;
#[cfg(feature = "cubecl-backend")]
pub(crate) mod inline;
pub(crate) mod lanes;
pub mod masks;
#[cfg_attr(feature = "ndarray", allow(deprecated, reason = "NdArray, which keeps its users"))]
mod ops;
mod order;
mod real;
mod recipes;
mod replay;
#[cfg_attr(feature = "ndarray", allow(deprecated, reason = "NdArray, which keeps its users"))]
pub(crate) mod rows;
pub(crate) mod simd;
#[cfg_attr(feature = "ndarray", allow(deprecated, reason = "NdArray, which keeps its users"))]
pub(crate) mod spline;
mod summaries;
mod tape;
#[cfg_attr(feature = "ndarray", allow(deprecated, reason = "NdArray, which keeps its users"))]
pub(crate) mod triangular;
pub(crate) mod univariate;

#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use backends::HostMemory;
pub use bijection::{BijectorFormulas, BijectorOps};
pub use formula::{Formula, Kernel, MultiFormula, Op};
pub(crate) use host::unwritten;
pub use ops::{FormulaOps, Tensors};
pub use real::{Mask, Real};
pub(crate) use recipes::beta_quantile::{
    beta_kernel_at_quantile, beta_quantile_guess, beta_quantile_step, refined_beta_quantile,
};
pub(crate) use recipes::gamma_quantile::{
    gamma_kernel_at_quantile, gamma_quantile_guess, gamma_quantile_step, refined_gamma_quantile,
};
pub use recipes::{BetaQuantile, GammaQuantile, IncompleteGamma};
pub(crate) use recipes::{IncompleteBeta, gaussian, stirling_from_half};
pub use rows::RowOps;
pub use spline::{SplineEnds, SplineOps, SplineShape};
pub use summaries::{SummaryFormulas, SummaryOps};
pub use triangular::{TriangularMap, TriangularOps};
pub use univariate::{DrawFormula, FamilyOps, SymmetricFormulas, UnivariateFormulas};
