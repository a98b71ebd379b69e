//! CubeCL backends replay the tape; with fusion the replay is one kernel.

use burn_cubecl::CubeBackend;

use crate::kernel::ops::FormulaOps;

impl FormulaOps for CubeBackend {}
