//! Divergences to the LogNormal: those of the logarithms to the Normal.

use core::f64::consts::EULER_GAMMA;

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{ln_ratio, scale_gap};
use super::interval::{log_mean_gap, log_variance_ratio, within_positive};
use super::normal::between_normals;
use super::stirling::log_gamma_negentropy;
use crate::distribution::KlDivergence;
use crate::distributions::{
    Exponential, Gamma, HalfCauchy, HalfNormal, LogNormal, Pareto, Uniform, Weibull,
};
use crate::kernel::{Formula, MultiFormula, Op, Real};
use crate::parameter::Argument;

/// π/√6, the standard deviation of the logarithm of an Exponential.
const EXPONENTIAL_LOG_STD_DEV: f64 = 1.282_549_830_161_864_1;
/// ½ ln(π³e/3) − 1 − γ: the entropy it lacks to that of a Normal of that variance.
const EXPONENTIAL_LOG_NEGENTROPY: f64 = 0.090_573_019_538_512_56;
/// −½ (γ + ln 2), the mean of the logarithm of a HalfNormal of scale 1.
const HALF_NORMAL_LOG_MEAN: f64 = -0.635_181_422_730_739_1;
/// π/√8, the standard deviation of that logarithm.
const HALF_NORMAL_LOG_STD_DEV: f64 = 1.110_720_734_539_591_6;
/// ½ ln(π³e/4) − ½ − ½ ln(π/2) − ½ (γ + ln 2): the entropy it lacks.
const HALF_NORMAL_LOG_NEGENTROPY: f64 = 0.162_974_872_838_688_43;
/// ½ ln(πe/8): the entropy that of a HalfCauchy lacks, whose standard deviation is π/2.
const HALF_CAUCHY_LOG_NEGENTROPY: f64 = 0.032_644_172_084_782_13;
/// ½ ln(2π/e), the entropy that of a Pareto lacks, which is an Exponential variate.
const PARETO_LOG_NEGENTROPY: f64 = 0.418_938_533_204_672_74;
/// ½ ln(πe/6), the entropy a Uniform lacks.
const UNIFORM_NEGENTROPY: f64 = 0.176_485_208_310_672_6;

/// The mean of ln x for a Gamma less that of Q, its standard deviation, and the entropy ln x lacks
/// to that of a Normal of these.
struct LogOfGamma;

static LOG_OF_GAMMA: Op<3, 3> = Op::new::<LogOfGamma>();

impl MultiFormula<3, 3> for LogOfGamma {
    const NAME: &'static str = "KL(Gamma ‖ LogNormal)";
    const INPUTS: [&'static str; 3] = ["concentration", "rate", "other loc"];

    #[inline(always)]
    fn evaluate<R: Real>([a, rate, loc]: [R; 3]) -> [R; 3] {
        // ψ(a) − ln r through ln(a/r), as both are large where a and r are.
        let log = ln_ratio(a, rate);
        // Where Q nearly agrees, all but the last digits of the logarithm cancel with its mean. A
        // step of Newton's rule for e^log = a/r gives those after the last.
        let moderate = log.abs().lt(R::constant(50.0));
        let residue = (a / rate * (-log).exp() - 1.0).detach();
        let residue = R::select(moderate, residue, R::constant(0.0));
        let distance = (log - loc) + (residue - a.digamma_stirling() / a);
        [distance, a.trigamma().sqrt(), log_gamma_negentropy(a)]
    }
}

/// From the mean and the standard deviation of ln x, the latter the same everywhere.
fn of_log_moments<const D: usize>(mean: Tensor<D>, std_dev: f64, q: &LogNormal<D>) -> Tensor<D> {
    let std_dev = Argument::Number(std_dev).like(&mean);
    between_normals([mean, std_dev, q.loc(), q.scale()])
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        between_normals([self.loc(), self.scale(), other.loc(), other.scale()])
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        let mean = -(self.rate().log() + EULER_GAMMA);
        of_log_moments(mean, EXPONENTIAL_LOG_STD_DEV, other) + EXPONENTIAL_LOG_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        let mean = self.scale().log() + HALF_NORMAL_LOG_MEAN;
        of_log_moments(mean, HALF_NORMAL_LOG_STD_DEV, other) + HALF_NORMAL_LOG_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        let std_dev = core::f64::consts::FRAC_PI_2;
        of_log_moments(self.scale().log(), std_dev, other) + HALF_CAUCHY_LOG_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Pareto<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        let std_dev = self.alpha().recip();
        let mean = self.scale().log() + std_dev.clone();
        let moments = between_normals([mean, std_dev, other.loc(), other.scale()]);
        moments + PARETO_LOG_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Weibull<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        // (x/λ)ᵏ is an Exponential variate.
        let power = self.concentration().recip();
        let mean = self.scale().log() - power.clone() * EULER_GAMMA;
        let std_dev = power * EXPONENTIAL_LOG_STD_DEV;
        let moments = between_normals([mean, std_dev, other.loc(), other.scale()]);
        moments + EXPONENTIAL_LOG_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        let parameters = [self.concentration(), self.rate(), other.loc()];
        let [distance, std_dev, excess] = LOG_OF_GAMMA.apply_all(parameters);
        let zero = Argument::Number(0.0).like(&distance);
        between_normals([distance, std_dev, zero, other.scale()]) + excess
    }
}

/// From the mean and the variance of ln x; +∞ where low < 0.
struct UniformToLogNormal;

impl Formula<4> for UniformToLogNormal {
    const NAME: &'static str = "KL(Uniform ‖ LogNormal)";
    const INPUTS: [&'static str; 4] = ["low", "high", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, loc, scale]: [R; 4]) -> R {
        let mean = low * 0.5 + high * 0.5;
        let half_width = (high - low) * 0.5 / mean;
        let gap = log_mean_gap(low, high);
        let ratio = log_variance_ratio(low, high);
        // The standard deviation of ln x as a multiple of that of a Uniform of the relative width.
        let std_dev = half_width * (ratio * (1.0 / 3.0)).sqrt();
        let distance = ((mean.ln() - gap) - loc) / scale;
        let moments = scale_gap(std_dev, scale) + distance.square() * 0.5;
        within_positive(low, moments + (ratio.ln() * 0.5 - gap + UNIFORM_NEGENTROPY))
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<UniformToLogNormal>();
        closed_form(&FORMULA, self, other)
    }
}
