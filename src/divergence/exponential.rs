//! Divergences to the Exponential.

use burn::tensor::Tensor;

use super::closed_form;
use super::gamma::{between_gammas, log_normal_to_gamma};
use super::gaps::{product_gap, ratio_gap};
use super::interval::within_positive;
use crate::constants::MEAN_ABSOLUTE_NORMAL;
use crate::distribution::KlDivergence;
use crate::distributions::{Exponential, Gamma, HalfNormal, LogNormal, Uniform};
use crate::kernel::{Formula, Op, Real};
use crate::parameter::Argument;

/// ½ − ln(π/2), the least divergence of a HalfNormal.
const HALF_NORMAL_EXCESS: f64 = 0.048_417_294_710_545_14;

/// m/m′ − 1 − ln(m/m′), from two means or from two rates the other way round.
struct Means;

static OF_MEANS: Op<2> = Op::new::<Means>();

impl Formula<2> for Means {
    const NAME: &'static str = "KL to Exponential";
    const INPUTS: [&'static str; 2] = ["mean", "other mean"];

    #[inline(always)]
    fn evaluate<R: Real>([mean, to_mean]: [R; 2]) -> R {
        ratio_gap(mean, to_mean)
    }
}

/// m r − 1 − ln(m r), from a mean and a rate.
struct MeanAndRate;

impl Formula<2> for MeanAndRate {
    const NAME: &'static str = "KL to Exponential";
    const INPUTS: [&'static str; 2] = ["mean", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([mean, to_rate]: [R; 2]) -> R {
        product_gap(mean, to_rate)
    }
}

/// The concentration at which a Gamma is an Exponential.
fn one_like<const D: usize>(tensor: &Tensor<D>) -> Tensor<D> {
    Argument::Number(1.0).like(tensor)
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        OF_MEANS.apply([other.rate(), self.rate()])
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        let one = one_like(&other.rate());
        between_gammas([self.concentration(), self.rate(), one, other.rate()])
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        let one = one_like(&self.rate());
        between_gammas([one, self.rate(), other.concentration(), other.rate()])
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        static FORMULA: Op<2> = Op::new::<MeanAndRate>();
        FORMULA.apply([self.scale() * MEAN_ABSOLUTE_NORMAL, other.rate()]) + HALF_NORMAL_EXCESS
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        let one = one_like(&other.rate());
        log_normal_to_gamma([self.loc(), self.scale(), one, other.rate()])
    }
}

/// r (low + high)/2 − ln(r (high − low)); +∞ where low < 0.
struct UniformToExponential;

impl Formula<3> for UniformToExponential {
    const NAME: &'static str = "KL(Uniform ‖ Exponential)";
    const INPUTS: [&'static str; 3] = ["low", "high", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, rate]: [R; 3]) -> R {
        let width = high - low;
        let gap = product_gap(width * 0.5, rate);
        within_positive(low, gap + low * rate + (1.0 - core::f64::consts::LN_2))
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<UniformToExponential>();
        closed_form(&FORMULA, self, other)
    }
}
