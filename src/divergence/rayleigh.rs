//! Divergences to the Rayleigh.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::scale_gap;
use crate::distribution::KlDivergence;
use crate::distributions::Rayleigh;
use crate::kernel::{Formula, Op, Real};

/// σ²/σ′² − 1 − ln(σ²/σ′²).
struct RayleighToRayleigh;

impl Formula<2> for RayleighToRayleigh {
    const NAME: &'static str = "KL(Rayleigh ‖ Rayleigh)";
    const INPUTS: [&'static str; 2] = ["scale", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, to_scale]: [R; 2]) -> R {
        scale_gap(scale, to_scale) * 2.0
    }
}

impl<const D: usize> KlDivergence<D, Rayleigh<D>> for Rayleigh<D> {
    fn kl_divergence(&self, other: &Rayleigh<D>) -> Tensor<D> {
        static FORMULA: Op<2> = Op::new::<RayleighToRayleigh>();
        closed_form(&FORMULA, self, other)
    }
}
