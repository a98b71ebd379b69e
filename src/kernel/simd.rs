//! Running a loop with the instruction set of this machine.
//!
//! Debug builds compile every loop once, for the baseline: copies for each instruction set would
//! multiply their compile time, and the arithmetic, fused multiply-adds included, gives the same bits.

use pulp::WithSimd;

use super::lanes::HostFloat;

/// Runs `work` compiled for the widest vectors that this machine has.
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

/// Whether [`run`] can be called on this machine.
pub(crate) fn runs() -> bool {
    Vectors::detected().is_some()
}

/// Runs the loop of a formula over numbers `E`. There are many hundreds of these loops, and an
/// optimised build of the crate is as long as their copies are many: on x86-64 there is none for
/// machines without AVX2, on which tapes are replayed, and only `f32` has one for AVX-512.
pub(crate) fn run<E: HostFloat, W: WithSimd<Output = ()>>(work: W) {
    match Vectors::detected() {
        Some(vectors) => vectors.run::<E, W>(work),
        None => unreachable!("formulas are replayed on a machine without AVX2"),
    }
}

#[cfg(all(target_arch = "x86_64", not(debug_assertions)))]
#[derive(Clone, Copy)]
enum Vectors {
    Avx512(pulp::x86::V4),
    Avx2(pulp::x86::V3),
}

#[cfg(all(target_arch = "x86_64", not(debug_assertions)))]
impl Vectors {
    fn detected() -> Option<Self> {
        use pulp::x86::{V3, V4};
        static DETECTED: std::sync::OnceLock<Option<Vectors>> = std::sync::OnceLock::new();
        let detect = || V4::try_new().map(Self::Avx512).or_else(|| V3::try_new().map(Self::Avx2));
        *DETECTED.get_or_init(detect)
    }

    fn run<E: HostFloat, W: WithSimd<Output = ()>>(self, work: W) {
        use pulp::Simd;
        match self {
            Self::Avx512(simd) if !E::DOUBLE => Simd::vectorize(simd, work),
            Self::Avx512(simd) => Simd::vectorize(*simd, work),
            Self::Avx2(simd) => Simd::vectorize(simd, work),
        }
    }
}

/// The one instruction set that loops are compiled for.
#[cfg(not(all(target_arch = "x86_64", not(debug_assertions))))]
struct Vectors;

#[cfg(not(all(target_arch = "x86_64", not(debug_assertions))))]
impl Vectors {
    #[expect(clippy::unnecessary_wraps, reason = "as where there may be none")]
    fn detected() -> Option<Self> {
        Some(Self)
    }

    #[expect(clippy::unused_self, reason = "as where there are several")]
    fn run<E: HostFloat, W: WithSimd<Output = ()>>(self, work: W) {
        work.with_simd(pulp::Scalar);
    }
}
