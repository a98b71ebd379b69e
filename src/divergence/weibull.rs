//! Divergences to the Weibull.

use core::f64::consts::EULER_GAMMA;

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{exp_gap, ln_product, ln_ratio};
use super::gumbel::{normal_gap_slopes, normal_gaps};
use super::stirling::gamma_bregman_by;
use crate::distribution::KlDivergence;
use crate::distributions::{Exponential, LogNormal, Weibull};
use crate::kernel::{Formula, Op, Real};

/// e^w − 1 − w + [ln Γ(r) + γ (r − 1)] with r = x/y and w = shift + ln Γ(1 + r): the divergence
/// between the laws of ln E/y and of ln E/x + shift/x for a standard exponential variate E.
///
/// Both parts are at least 0, and both vanish with r − 1 and the shift.
#[inline(always)]
pub(super) fn power_gaps<R: Real>(shift: R, x: R, y: R) -> R {
    let (one, two) = (R::constant(1.0), R::constant(2.0));
    let ratio = x / y;
    let excess = (x - y) / y;
    let close = excess.gt(R::constant(-0.5)) & excess.lt(one);
    // Around r = 1 from the exact difference, and far below it from r itself: 1 + r would round both
    // away.
    let near = gamma_bregman_by(excess, two) + excess * (1.0 - EULER_GAMMA);
    let small = gamma_bregman_by(ratio, one) - ratio * EULER_GAMMA;
    let apart = R::select(ratio.lt(one), small, (ratio + 1.0).ln_gamma());
    let log_gamma = R::select(close, near, apart);
    // Far below 1 ln Γ(r) = ln Γ(1 + r) − ln r, and r may underflow where its logarithm does not.
    let below = log_gamma - ln_ratio(x, y);
    let above = ratio.ln_gamma();
    let far = R::select(ratio.lt(one), below, above) + (ratio - 1.0) * EULER_GAMMA;
    exp_gap(shift + log_gamma) + R::select(close, gamma_bregman_by(excess, one), far)
}

struct WeibullToWeibull;

static WEIBULL_TO_WEIBULL: Op<4> = Op::new::<WeibullToWeibull>();

impl Formula<4> for WeibullToWeibull {
    const NAME: &'static str = "KL to Weibull";
    const INPUTS: [&'static str; 4] =
        ["scale", "concentration", "other scale", "other concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, power, to_scale, to_power]: [R; 4]) -> R {
        power_gaps(to_power * ln_ratio(scale, to_scale), to_power, power)
    }
}

/// From a Weibull of concentration 1.
struct ExponentialToWeibull;

impl Formula<3> for ExponentialToWeibull {
    const NAME: &'static str = "KL(Exponential ‖ Weibull)";
    const INPUTS: [&'static str; 3] = ["rate", "other scale", "other concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([rate, to_scale, to_power]: [R; 3]) -> R {
        power_gaps(-(to_power * ln_product(to_scale, rate)), to_power, R::constant(1.0))
    }
}

/// To a Weibull of concentration 1.
struct WeibullToExponential;

impl Formula<3> for WeibullToExponential {
    const NAME: &'static str = "KL(Weibull ‖ Exponential)";
    const INPUTS: [&'static str; 3] = ["scale", "concentration", "other rate"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, power, to_rate]: [R; 3]) -> R {
        power_gaps(ln_product(scale, to_rate), R::constant(1.0), power)
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for Weibull<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        closed_form(&WEIBULL_TO_WEIBULL, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<ExponentialToWeibull>();
        closed_form(&FORMULA, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Weibull<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<WeibullToExponential>();
        closed_form(&FORMULA, self, other)
    }
}

/// The logarithm of a LogNormal is a Normal variate, minus that of a Weibull a Gumbel one.
struct LogNormalToWeibull;

impl Formula<4> for LogNormalToWeibull {
    const NAME: &'static str = "KL(LogNormal ‖ Weibull)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other scale", "other concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_scale, to_power]: [R; 4]) -> R {
        normal_gaps((loc - to_scale.ln()) * to_power, scale, to_power.recip())
    }

    #[inline(always)]
    fn partials<R: Real>([loc, scale, to_scale, to_power]: [R; 4]) -> [R; 4] {
        let (distance, width) = (loc - to_scale.ln(), to_power.recip());
        let slopes = normal_gap_slopes(distance * to_power, scale, width);
        let [by_shift, by_scale, by_log_width] = slopes;
        let by_distance = by_shift * to_power;
        [by_distance, by_scale, -(by_distance / to_scale), -(by_log_width / to_power)]
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LogNormalToWeibull>();
        closed_form(&FORMULA, self, other)
    }
}
