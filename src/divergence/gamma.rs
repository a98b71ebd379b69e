//! Divergences to the Gamma.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{exp_gap, ln_ratio, log_gap, log_moment_gap, ratio_gap, scale_gap};
use super::interval::{log_mean_gap, within_positive};
use super::stirling::{
    gamma_bregman, gamma_bregman_by, stirling_bregman, stirling_slope, trigamma_excess,
};
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::KlDivergence;
use crate::distributions::{Gamma, HalfNormal, LogNormal, Uniform, Weibull};
use crate::kernel::{Formula, Op, Real};

/// Euler's constant γ.
const EULER: f64 = 0.577_215_664_901_532_9;
/// √(2/π), the mean of a HalfNormal of scale 1.
const HALF_NORMAL_MEAN: f64 = 0.797_884_560_802_865_4;
/// ln √(2/π) + ½ (γ + ln 2): the logarithm of its mean less the mean of its logarithm.
const HALF_NORMAL_LOG_MEAN_GAP: f64 = 0.409_390_070_086_011_65;
/// ½ ln 2π − ½ − ln(π/2) less the same.
const HALF_NORMAL_TO_GAMMA: f64 = -0.442_034_242_170_793_8;

/// (a − a′) ψ(a) − ln Γ(a) + ln Γ(a′) + a′ ln(r/r′) + a (r′/r − 1).
///
/// Each term of that is large where the two agree, or where a is large. In exact arithmetic it
/// equals a′ g(u) + ½ g(a′/a) + B, with g(t) = t − 1 − ln t, u = ar′/(a′r) the ratio of the means
/// and B the Bregman divergence of Stirling's remainder, which is small for large a and a′; and
/// also the Bregman divergence of ln Γ, a g(r′/r) and a cross term. Whichever does not cancel is
/// taken; all agree to second order where P and Q agree, so value and gradient are 0 there.
#[inline(always)]
fn gamma_to_gamma<R: Real>([a, rate, to_a, to_rate]: [R; 4]) -> R {
    let difference = to_a - a;
    let log_rates = ln_ratio(to_rate, rate);
    // Where it is far from 0 the logarithm of u from its parts.
    let excess = mean_excess([a, rate, to_a, to_rate]);
    let far = excess - (ln_ratio(a, to_a) + log_rates);
    let means = R::select(excess.abs().lt(R::constant(0.5)), log_gap(excess), far);
    let shared = to_a * means + ratio_gap(to_a, a) * 0.5;
    let large = shared + stirling_bregman(to_a, a);
    let remainders = to_a.ln_gamma_stirling() - a.ln_gamma_stirling();
    let apart = shared + (remainders - difference * stirling_slope(a));
    let close = gamma_bregman(to_a, a) + a * ratio_gap(to_rate, rate) - difference * log_rates;

    let eight = R::constant(8.0);
    let both_large = a.ge(eight) & to_a.ge(eight);
    let near = alike(a, to_a);
    R::select(both_large, large, R::select(near, close, apart))
}

/// Whether two concentrations are within a factor of two.
#[inline(always)]
fn alike<R: Real>(a: R, to_a: R) -> R::Mask {
    to_a.le(a * 2.0) & a.le(to_a * 2.0)
}

/// u − 1, for the ratio u = ar′/(a′r) of the means.
#[inline(always)]
fn mean_excess<R: Real>([a, rate, to_a, to_rate]: [R; 4]) -> R {
    // From exact differences, which cancel in their turn unless the concentrations are alike.
    let near = (a * ((to_rate - rate) / rate) - (to_a - a)) / to_a;
    let far = (a / to_a) * (to_rate / rate) - 1.0;
    R::select(alike(a, to_a), near, far)
}

/// a (e^w − 1 − w) + ½ (aσ² − 1 − ln(aσ²)) + δ(a), with w = ln(r/a) + μ + σ²/2 and δ Stirling's
/// remainder: for large a and aσ² = 1 the first two parts vanish and only δ is left.
#[inline(always)]
fn log_normal_formula<R: Real>([loc, scale, a, rate]: [R; 4]) -> R {
    let log_means = ln_ratio(rate, a) + (loc + scale.square() * 0.5);
    let shape = scale_gap(scale, a.sqrt().recip());
    a * exp_gap(log_means) + shape + a.ln_gamma_stirling()
}

struct GammaToGamma;

static GAMMA_TO_GAMMA: Op<4> = Op::new::<GammaToGamma>();

impl Formula<4> for GammaToGamma {
    const NAME: &'static str = "KL(Gamma ‖ Gamma)";
    const INPUTS: [&'static str; 4] =
        ["concentration", "rate", "other concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 4]) -> R {
        gamma_to_gamma(inputs)
    }

    // The gradient is far shorter than the value.
    #[inline(always)]
    fn partials<R: Real>([a, rate, to_a, to_rate]: [R; 4]) -> [R; 4] {
        let difference = to_a - a;
        let relative = (to_rate - rate) / rate;
        // ψ(a′) − ψ(a) as the logarithm of the ratio and two small corrections.
        let below_ln = |a: R| a.digamma_stirling() / a;
        let digammas = ln_ratio(to_a, a) - (below_ln(to_a) - below_ln(a));
        // The ratio of the means less 1, times a′.
        let means = mean_excess([a, rate, to_a, to_rate]) * to_a;
        // a ψ₁(a) is nearly 1 for large a, and r′/r − 1 nearly −1 where a′ is much smaller.
        let apart = to_rate / rate + trigamma_excess(a) - to_a * a.trigamma();
        let close = relative - difference * a.trigamma();
        [
            R::select(to_a.lt(a * 0.5), apart, close),
            -(means / rate),
            digammas - ln_ratio(to_rate, rate),
            means / to_rate,
        ]
    }
}

/// The divergence between two Gammas.
pub(super) fn between_gammas<const D: usize>(parameters: [Tensor<D>; 4]) -> Tensor<D> {
    GAMMA_TO_GAMMA.apply(parameters)
}

struct LogNormalToGamma;

static LOG_NORMAL_TO_GAMMA: Op<4> = Op::new::<LogNormalToGamma>();

impl Formula<4> for LogNormalToGamma {
    const NAME: &'static str = "KL(LogNormal ‖ Gamma)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 4]) -> R {
        log_normal_formula(inputs)
    }
}

/// The divergence from a LogNormal to a Gamma.
pub(super) fn log_normal_to_gamma<const D: usize>(parameters: [Tensor<D>; 4]) -> Tensor<D> {
    LOG_NORMAL_TO_GAMMA.apply(parameters)
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&GAMMA_TO_GAMMA, self, other)
    }
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
        let mean = scale * HALF_NORMAL_MEAN;
        let gap = ratio_gap(mean, a / rate);
        let rest = -(a.ln() * 0.5) + a.ln_gamma_stirling();
        a * (gap + HALF_NORMAL_LOG_MEAN_GAP) + (rest + HALF_NORMAL_TO_GAMMA)
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
        let near_mean = second + beyond * (1.0 - EULER);
        let squares = gamma_bregman_by(over, one) - log_moment_gap(over) + log_gap(beyond);
        let near_rest = squares + over * beyond + a * second;
        // Elsewhere Stirling's formula for Γ(a), and ln Γ(1 + t) + γt without its first order where
        // t is small.
        let far_mean = (t + 1.0).ln_gamma();
        let far_part = R::select(t.lt(one), gamma_bregman_by(t, one), far_mean + t * EULER);
        let stirling = a.ln_gamma_stirling() - a.ln() * 0.5 + (HALF_LN_TWO_PI - 1.0 - EULER);
        let far_rest = a * far_part + stirling + power.ln();

        let half = R::constant(0.5);
        let near = a.gt(half) & a.lt(two) & t.gt(half) & t.lt(two);
        let log_means = ln_ratio(scale, a / rate) + R::select(near, near_mean, far_mean);
        a * exp_gap(log_means) + R::select(near, near_rest, far_rest)
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Weibull<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<WeibullToGamma>();
        closed_form(&FORMULA, self, other)
    }
}

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
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<UniformToGamma>();
        closed_form(&FORMULA, self, other)
    }
}
