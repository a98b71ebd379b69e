//! CubeCL backends replay the tape; with fusion the replay is one kernel.

use burn_cubecl::CubeBackend;

use crate::kernel::ops::FormulaOps;
use crate::kernel::rows::RowOps;

impl FormulaOps for CubeBackend {}

impl RowOps for CubeBackend {}
