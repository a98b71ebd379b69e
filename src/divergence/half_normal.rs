//! Divergences to the HalfNormal.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{exp_gap, ln_ratio, scale_gap};
use super::interval::within_positive;
use super::normal::negentropy_of_gamma;
use crate::distribution::KlDivergence;
use crate::distributions::{Exponential, Gamma, HalfNormal, LogNormal, Uniform};
use crate::kernel::{Formula, Op, Real};

/// ½ ln(π/e), the least divergence of an Exponential.
const EXPONENTIAL_EXCESS: f64 = 0.072_364_942_924_700_09;
/// ½ ln(π/2).
const HALF_LN_HALF_PI: f64 = 0.225_791_352_644_727_43;

/// ½ [s²/σ² − 1 − ln(s²/σ²)] for s the root of E x².
struct RootMeanSquare;

static OF_ROOT_MEAN_SQUARE: Op<2> = Op::new::<RootMeanSquare>();

impl Formula<2> for RootMeanSquare {
    const NAME: &'static str = "KL to HalfNormal";
    const INPUTS: [&'static str; 2] = ["root mean square", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([root_mean_square, scale]: [R; 2]) -> R {
        scale_gap(root_mean_square, scale)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        OF_ROOT_MEAN_SQUARE.apply([self.scale(), other.scale()])
    }
}

/// From the root mean square √2/r.
struct ExponentialToHalfNormal;

impl Formula<2> for ExponentialToHalfNormal {
    const NAME: &'static str = "KL(Exponential ‖ HalfNormal)";
    const INPUTS: [&'static str; 2] = ["rate", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([rate, scale]: [R; 2]) -> R {
        let root_mean_square = rate.recip() * core::f64::consts::SQRT_2;
        let value = scale_gap(root_mean_square, scale) + EXPONENTIAL_EXCESS;
        // The slope of 1/r overflows long before that of ln r does.
        let relative = (root_mean_square - scale) / scale;
        let excess = relative * (root_mean_square / scale + 1.0);
        value.with_slope(-excess, rate.ln() + scale.ln())
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        static FORMULA: Op<2> = Op::new::<ExponentialToHalfNormal>();
        closed_form(&FORMULA, self, other)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        // E x² = a (a + 1)/r².
        let next = self.concentration() + 1.0;
        let root_mean_square = self.concentration().sqrt() * next.clone().sqrt() / self.rate();
        let excess = next.log() * 0.5 - core::f64::consts::LN_2;
        let gap = OF_ROOT_MEAN_SQUARE.apply([root_mean_square, other.scale()]);
        gap + (excess + negentropy_of_gamma(self))
    }
}

/// From E x² = exp(2μ + 2σ²).
struct LogNormalToHalfNormal;

impl Formula<3> for LogNormalToHalfNormal {
    const NAME: &'static str = "KL(LogNormal ‖ HalfNormal)";
    const INPUTS: [&'static str; 3] = ["loc", "scale", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_scale]: [R; 3]) -> R {
        // The second moment overflows long before its logarithm does.
        let log_ratio = loc + scale.square() - to_scale.ln();
        let shape = scale_gap(scale * core::f64::consts::SQRT_2, R::constant(1.0));
        exp_gap(log_ratio * 2.0) * 0.5 + shape + (0.5 - core::f64::consts::LN_2 * 0.5)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<LogNormalToHalfNormal>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E x² = (low² + low·high + high²)/3; +∞ where low < 0.
struct UniformToHalfNormal;

impl Formula<3> for UniformToHalfNormal {
    const NAME: &'static str = "KL(Uniform ‖ HalfNormal)";
    const INPUTS: [&'static str; 3] = ["low", "high", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, scale]: [R; 3]) -> R {
        let (a, b) = (low / scale, high / scale);
        let second = (a * (a + b) + b.square()) * (1.0 / 6.0);
        let value = ln_ratio(scale, high - low) + second + HALF_LN_HALF_PI;
        within_positive(low, value)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<UniformToHalfNormal>();
        closed_form(&FORMULA, self, other)
    }
}
