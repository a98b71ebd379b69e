//! Divergences to the Pareto.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{ln_ratio, ratio_gap};
use crate::distribution::KlDivergence;
use crate::distributions::Pareto;
use crate::kernel::{Formula, Op, Real, masks};

/// α′/α − 1 − ln(α′/α) + α′ ln(m/m′); +∞ where m < m′.
struct ParetoToPareto;

impl Formula<4> for ParetoToPareto {
    const NAME: &'static str = "KL(Pareto ‖ Pareto)";
    const INPUTS: [&'static str; 4] = ["scale", "alpha", "other scale", "other alpha"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, alpha, to_scale, to_alpha]: [R; 4]) -> R {
        let value = ratio_gap(to_alpha, alpha) + to_alpha * ln_ratio(scale, to_scale);
        masks::outside(scale.lt(to_scale), [alpha, to_alpha], f64::INFINITY, value)
    }
}

impl<const D: usize> KlDivergence<D, Pareto<D>> for Pareto<D> {
    fn kl_divergence(&self, other: &Pareto<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<ParetoToPareto>();
        closed_form(&FORMULA, self, other)
    }
}
