//! Mean, variance, standard deviation, mode and entropy: those of s E⁻ᵗ for a standard exponential variate
//! E and t = 1/α.

use core::f64::consts::EULER_GAMMA;

use super::super::powers::{Squared, ln_quotient, scaled};
use super::super::weibull::moments::deviation;
use crate::kernel::{Formula, Op, Real, masks};

pub(super) static MEAN: Op<2> = Op::new::<Moment<1>>();
pub(super) static VARIANCE: Op<2> = Op::new::<Squared<Moment<2>>>();
pub(super) static STD_DEV: Op<2> = Op::new::<Moment<2>>();
pub(super) static MODE: Op<2> = Op::new::<Mode>();
pub(super) static ENTROPY: Op<2> = Op::new::<Entropy>();

const NAME: &str = "Frechet";
const INPUTS: [&str; 2] = ["scale", "concentration"];

/// s Γ(1 − t), or s √(Γ(1 − 2t) − Γ(1 − t)²); infinite up to a concentration of `ORDER`.
struct Moment<const ORDER: u8>;

impl<const ORDER: u8> Formula<2> for Moment<ORDER> {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, concentration]: [R; 2]) -> R {
        let t = concentration.recip();
        // (α − n)/α keeps the digits of α − n, but its slope n t² would cancel for a large α.
        let [first, second] = [1.0, 2.0].map(|order| {
            let rest = (concentration - order) / concentration;
            rest.with_slope(t.square() * order, concentration)
        });
        let moment = match ORDER {
            1 => scaled(scale, first.ln_gamma()),
            _ => deviation(scale, -t, [first, second]),
        };
        let diverges = concentration.le(R::constant(ORDER.into()));
        masks::outside(diverges, [scale], f64::INFINITY, moment)
    }
}

/// s (1 + t)⁻ᵗ.
struct Mode;

impl Formula<2> for Mode {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, concentration]: [R; 2]) -> R {
        let t = concentration.recip();
        scaled(scale, -(t * t.ln_1p()))
    }
}

/// γ (1 + t) + ln(s t) + 1.
struct Entropy;

impl Formula<2> for Entropy {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, concentration]: [R; 2]) -> R {
        let log = ln_quotient(scale, concentration);
        log + concentration.recip() * EULER_GAMMA + (EULER_GAMMA + 1.0)
    }
}
