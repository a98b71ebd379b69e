//! Running a loop with the instruction set of this machine.

use pulp::WithSimd;

/// Runs `work` compiled for the widest vectors that this machine has.
///
/// Debug builds compile it once, for the baseline: three copies of every loop would triple their
/// compile time, and the arithmetic, fused multiply-adds included, gives the same bits.
pub(crate) fn dispatch<W: WithSimd>(work: W) -> W::Output {
    #[cfg(debug_assertions)]
    {
        work.with_simd(pulp::Scalar)
    }
    #[cfg(not(debug_assertions))]
    {
        static DETECTED: std::sync::OnceLock<pulp::Arch> = std::sync::OnceLock::new();
        DETECTED.get_or_init(pulp::Arch::new).dispatch(work)
    }
}
