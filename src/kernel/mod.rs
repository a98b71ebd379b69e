//! The engine: a formula written once over a scalar algebra, run on every backend.
#![allow(dead_code)]
pub(crate) mod dual;
pub(crate) mod elementary;
pub(crate) mod lanes;
pub(crate) mod real;
pub(crate) mod recipes;
pub(crate) mod tape;
pub use real::{Mask, Real};
