//! Divergences to the Fréchet.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::ln_ratio;
use super::weibull::power_gaps;
use crate::distribution::KlDivergence;
use crate::distributions::Frechet;
use crate::kernel::{Formula, Op, Real};

/// 1/x of a Fréchet is a Weibull variate of scale 1/s, so the two divergences are one.
struct FrechetToFrechet;

impl Formula<4> for FrechetToFrechet {
    const NAME: &'static str = "KL(Frechet ‖ Frechet)";
    const INPUTS: [&'static str; 4] =
        ["scale", "concentration", "other scale", "other concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, power, to_scale, to_power]: [R; 4]) -> R {
        power_gaps(to_power * ln_ratio(to_scale, scale), to_power, power)
    }
}

impl<const D: usize> KlDivergence<D, Frechet<D>> for Frechet<D> {
    fn kl_divergence(&self, other: &Frechet<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<FrechetToFrechet>();
        closed_form(&FORMULA, self, other)
    }
}
