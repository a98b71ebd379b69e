//! The logarithms that the samplers take, branch-free so that their loops become SIMD code.

pub(super) use crate::kernel::elementary::{double, single};
