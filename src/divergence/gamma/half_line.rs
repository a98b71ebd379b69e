//! Divergences of laws on the half-line to the Gamma.

use core::f64::consts::EULER_GAMMA;

use burn::tensor::Tensor;

use super::super::closed_form;
use super::super::gaps::{exp_gap, ln_ratio, log_gap, log_moment_gap, ratio_gap, scale_gap};
use super::super::stirling::gamma_bregman_by;
use super::slopes;
use crate::constants::{HALF_LN_TWO_PI, MEAN_ABSOLUTE_NORMAL};
use crate::distribution::KlDivergence;
use crate::distributions::{Gamma, HalfNormal, LogNormal, Weibull};
use crate::kernel::{Formula, Op, Real};

/// ln √(2/π) + ½ (γ + ln 2): the logarithm of its mean less the mean of its logarithm.
const HALF_NORMAL_LOG_MEAN_GAP: f64 = 0.409_390_070_086_011_65;
/// ½ ln 2π − ½ − ln(π/2) less the same.
const HALF_NORMAL_TO_GAMMA: f64 = -0.442_034_242_170_793_8;

/// The concentration of the nearest Gamma, and the divergence to it.
const NEAREST_TO_HALF_NORMAL: f64 = 1.363_952_374_040_109;
const LEAST_OF_HALF_NORMAL: f64 = 0.021_289_454_645_535_874;

/// a (e^w − 1 − w) + ½ (aσ² − 1 − ln(aσ²)) + δ(a), with w = ln(r/a) + μ + σ²/2 and δ Stirling's
/// remainder: for large a and aσ² = 1 the first two parts vanish and only δ is left.
struct LogNormalToGamma;

static LOG_NORMAL_TO_GAMMA: Op<4> = Op::new::<LogNormalToGamma>();

impl Formula<4> for LogNormalToGamma {
    const NAME: &'static str = "KL(LogNormal ‖ Gamma)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, a, rate]: [R; 4]) -> R {
        let log_means = ln_ratio(rate, a) + (loc + scale.square() * 0.5);
        let shape = scale_gap(scale, a.sqrt().recip());
        a * exp_gap(log_means) + shape + a.ln_gamma_stirling()
    }

    #[inline(always)]
    fn partials<R: Real>([loc, scale, a, rate]: [R; 4]) -> [R; 4] {
        // Twice the root, as the mean may overflow where r E x does not.
        let half = ((loc + scale.square() * 0.5) * 0.5).exp();
        let share = rate * half * half;
        let [by_a, by_rate] = slopes(ln_ratio(a, rate) - loc, share, [a, rate]);
        [share - a, share * scale - scale.recip(), by_a, by_rate]
    }
}

/// The divergence from a LogNormal to a Gamma.
pub(in crate::divergence) fn log_normal_to_gamma<const D: usize>(
    parameters: [Tensor<D>; 4],
) -> Tensor<D> {
    LOG_NORMAL_TO_GAMMA.apply(parameters)
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&LOG_NORMAL_TO_GAMMA, self, other)
    }
}

/// From E x and E ln x.
struct HalfNormalToGamma;

impl Formula<3> for HalfNormalToGamma {
    const NAME: &'static str = "KL(HalfNormal ‖ Gamma)";
    const INPUTS: [&'static str; 3] = ["scale", "other concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, a, rate]: [R; 3]) -> R {
        // a (m − 1 − ln m) with m the ratio of the means, and the rest, in which ln a is halved: for
        // large a the textbook terms are a ln a each.
        let mean = scale * MEAN_ABSOLUTE_NORMAL;
        let gap = ratio_gap(mean, a / rate);
        let rest = -(a.ln() * 0.5) + a.ln_gamma_stirling();
        let far = a * (gap + HALF_NORMAL_LOG_MEAN_GAP) + (rest + HALF_NORMAL_TO_GAMMA);
        // Next to the nearest Gamma that sum is a twentieth of its terms: from what is beyond the least.
        let nearest = R::constant(NEAREST_TO_HALF_NORMAL);
        let over = a - NEAREST_TO_HALF_NORMAL;
        let beyond = gamma_bregman_by(over, nearest) - nearest * log_moment_gap(over / nearest);
        let near = a * gap + (beyond + LEAST_OF_HALF_NORMAL);
        R::select(over.abs().lt(R::constant(0.5)), near, far)
    }

    #[inline(always)]
    fn partials<R: Real>([scale, a, rate]: [R; 3]) -> [R; 3] {
        let mean = scale * MEAN_ABSOLUTE_NORMAL;
        let share = rate * mean;
        let log_distance = ln_ratio(a / rate, mean) + HALF_NORMAL_LOG_MEAN_GAP;
        let [by_a, by_rate] = slopes(log_distance, share, [a, rate]);
        [(share - a) / scale, by_a, by_rate]
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<HalfNormalToGamma>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E x and E ln x: a (m − 1 − ln m), with m the ratio of the means, and a rest without scales.
struct WeibullToGamma;

impl Formula<4> for WeibullToGamma {
    const NAME: &'static str = "KL(Weibull ‖ Gamma)";
    const INPUTS: [&'static str; 4] =
        ["scale", "concentration", "other concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, power, a, rate]: [R; 4]) -> R {
        let (one, two) = (R::constant(1.0), R::constant(2.0));
        let t = power.recip();
        // Both families hold the Exponential, at t = a = 1. Around it all that is of first order
        // is taken out: what is left is small with the squares of the differences.
        let (beyond, over) = ((one - power) / power, a - 1.0);
        let second = gamma_bregman_by(beyond, two);
        let near_mean = second + beyond * (1.0 - EULER_GAMMA);
        let squares = gamma_bregman_by(over, one) - log_moment_gap(over) + log_gap(beyond);
        let near_rest = squares + over * beyond + a * second;
        // Elsewhere Stirling's formula for Γ(a), and ln Γ(1 + t) + γt without its first order where
        // t is small.
        let far_mean = (t + 1.0).ln_gamma();
        let far_part = R::select(t.lt(one), gamma_bregman_by(t, one), far_mean + t * EULER_GAMMA);
        let stirling = a.ln_gamma_stirling() - a.ln() * 0.5 + (HALF_LN_TWO_PI - 1.0 - EULER_GAMMA);
        let far_rest = a * far_part + stirling + power.ln();

        let half = R::constant(0.5);
        let near = a.gt(half) & a.lt(two) & t.gt(half) & t.lt(two);
        let log_means = ln_ratio(scale, a / rate) + R::select(near, near_mean, far_mean);
        a * exp_gap(log_means) + R::select(near, near_rest, far_rest)
    }

    #[inline(always)]
    fn partials<R: Real>([scale, power, a, rate]: [R; 4]) -> [R; 4] {
        let t = power.recip();
        let next = t + 1.0;
        // Twice the root, as the mean may overflow where r E x does not.
        let half = (next.ln_gamma() * 0.5).exp();
        let share = (rate * half) * (scale * half);
        let log_distance = t * EULER_GAMMA - ln_ratio(scale, a / rate);
        let [by_a, by_rate] = slopes(log_distance, share, [a, rate]);
        let by_power = ((power - a * EULER_GAMMA) - share * next.digamma()) * t.square();
        [(share - a) / scale, by_power, by_a, by_rate]
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Weibull<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<WeibullToGamma>();
        closed_form(&FORMULA, self, other)
    }
}
