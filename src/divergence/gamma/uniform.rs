//! The divergence of a Uniform to the Gamma.

use burn::tensor::Tensor;

use super::super::closed_form;
use super::super::gaps::{ln_ratio, ratio_gap};
use super::super::interval::{log_mean_gap, log_mean_slopes, within_positive};
use super::slopes;
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::KlDivergence;
use crate::distributions::{Gamma, Uniform};
use crate::kernel::{Formula, Op, Real};

/// From E x and E ln x; +∞ where low < 0.
struct UniformToGamma;

impl Formula<4> for UniformToGamma {
    const NAME: &'static str = "KL(Uniform ‖ Gamma)";
    const INPUTS: [&'static str; 4] = ["low", "high", "other concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, a, rate]: [R; 4]) -> R {
        // a (m − 1 − ln m) with m the ratio of the means, and the rest, in which ln a is halved.
        let mean = low * 0.5 + high * 0.5;
        let rest = ln_ratio(mean, high - low) - a.ln() * 0.5 + a.ln_gamma_stirling();
        let log_gap = log_mean_gap(low, high);
        let value = a * ratio_gap(mean, a / rate) + (a - 1.0) * log_gap + (rest + HALF_LN_TWO_PI);
        within_positive(low, value)
    }

    #[inline(always)]
    fn partials<R: Real>([low, high, a, rate]: [R; 4]) -> [R; 4] {
        let (zero, density) = (R::constant(0.0), (high - low).recip());
        let mean = low * 0.5 + high * 0.5;
        let log_distance = ln_ratio(a / rate, mean) + log_mean_gap(low, high);
        let [by_a, by_rate] = slopes(log_distance, rate * mean, [a, rate]);
        let [below, above] = log_mean_slopes(low, high);
        let by_low = -((a - 1.0) * below) + rate * 0.5 + density;
        let by_high = -((a - 1.0) * above) + rate * 0.5 - density;
        [by_low, by_high, by_a, by_rate].map(|slope| R::select(low.lt(zero), zero, slope))
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<UniformToGamma>();
        closed_form(&FORMULA, self, other)
    }
}
