//! Mean, standard deviation, mode and entropy.

use core::f64::consts::EULER_GAMMA;

use super::super::powers::{ln_quotient, scaled};
use crate::divergence::stirling::gamma_bregman_by;
use crate::kernel::{Formula, Op, Real};

pub(super) static MEAN: Op<2> = Op::new::<Mean>();
pub(super) static STD_DEV: Op<2> = Op::new::<StdDev>();
pub(super) static MODE: Op<2> = Op::new::<Mode>();
pub(super) static ENTROPY: Op<2> = Op::new::<Entropy>();

const NAME: &str = "Weibull";
const INPUTS: [&str; 2] = ["scale", "concentration"];

/// λ Γ(1 + 1/k).
struct Mean;

impl Formula<2> for Mean {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, concentration]: [R; 2]) -> R {
        scaled(scale, (concentration.recip() + 1.0).ln_gamma())
    }
}

/// λ √(Γ(1 + 2/k) − Γ(1 + 1/k)²).
struct StdDev;

impl Formula<2> for StdDev {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, concentration]: [R; 2]) -> R {
        // The larger term taken out, Γ(1 + 2t) (1 − e^−d), with d = ln Γ(1 + 2t) − 2 ln Γ(1 + t).
        // For small t both logarithms are −γt and more, and d is t² only: of their parts beyond
        // the first order no more than two thirds cancel.
        let t = concentration.recip();
        let twice = t * 2.0;
        let one = R::constant(1.0);
        let near = gamma_bregman_by(twice, one) - gamma_bregman_by(t, one) * 2.0;
        let largest = (twice + 1.0).ln_gamma();
        let far = largest - (t + 1.0).ln_gamma() * 2.0;
        let d = R::select(t.lt(R::constant(0.5)), near, far);
        let root = (-(-d).exp_m1()).sqrt();
        // t² itself underflows where the deviation, that of a Gumbel, does not.
        let tiny = t * (core::f64::consts::PI / 6.0_f64.sqrt());
        scaled(scale, largest * 0.5) * R::select(t.lt(R::constant(1e-15)), tiny, root)
    }
}

/// λ (1 − 1/k)^(1/k), and 0 for k ≤ 1.
struct Mode;

impl Formula<2> for Mode {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, concentration]: [R; 2]) -> R {
        // (k − 1)/k keeps the digits of k − 1, ln(1 − 1/k) those of 1/k.
        let t = concentration.recip();
        let near = ((concentration - 1.0) / concentration).ln();
        let log = R::select(concentration.lt(R::constant(2.0)), near, (-t).ln_1p());
        let zero = R::constant(0.0);
        let at_zero = concentration.le(R::constant(1.0)) & !scale.is_nan();
        R::select(at_zero, zero, scale * (log * t).exp())
    }
}

/// γ (1 − 1/k) + ln(λ/k) + 1.
struct Entropy;

impl Formula<2> for Entropy {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, concentration]: [R; 2]) -> R {
        let log = ln_quotient(scale, concentration);
        log - concentration.recip() * EULER_GAMMA + (EULER_GAMMA + 1.0)
    }
}
