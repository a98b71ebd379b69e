//! The entropy, which has no closed form.

use super::entropy_fits::{
    MIDDLE_F32, MIDDLE_F64, MIDDLE_SLOPE_F32, MIDDLE_SLOPE_F64, SMALL_F32, SMALL_F64,
    SMALL_SLOPE_F32, SMALL_SLOPE_F64, UPPER_F32, UPPER_F64, UPPER_SLOPE_F32, UPPER_SLOPE_F64,
};
use crate::constants::LN_TWO_PI_E;
use crate::kernel::{Formula, Op, Real};

/// The asymptotic series of H − ½ ln 2πeλ in 1/λ, from the first power on (Evans and Boersma 1988).
const SERIES: [f64; 9] = [
    -1.0 / 12.0,
    -1.0 / 24.0,
    -19.0 / 360.0,
    -9.0 / 80.0,
    -863.0 / 2520.0,
    -1375.0 / 1008.0,
    -33_953.0 / 5040.0,
    -57_281.0 / 1440.0,
    -3_250_433.0 / 11_880.0,
];

pub(super) static ENTROPY: Op<1> = Op::new::<PoissonEntropy>();

struct PoissonEntropy;

#[inline(always)]
fn polynomial<R: Real>(x: R, single: &[f64], double: &[f64]) -> R {
    let coefficients = if R::double() { double } else { single };
    let mut sum = R::constant(coefficients[0]);
    for coefficient in &coefficients[1..] {
        sum = sum * x + *coefficient;
    }
    sum
}

/// ln λ mapped from [ln 2ⁿ, ln 2ⁿ⁺³] to [−1, 1], given n + 3/2.
#[inline(always)]
fn folded<R: Real>(log: R, middle: f64) -> R {
    (log * core::f64::consts::LOG2_E - middle) * (1.0 / 1.5)
}

/// The part of λ below 2, from 2 to 16, from 16 to 128, and above.
#[inline(always)]
fn by_size<R: Real>(rate: R, [small, middle, upper, large]: [R; 4]) -> R {
    let above = R::select(rate.lt(R::constant(128.0)), upper, large);
    let above = R::select(rate.lt(R::constant(16.0)), middle, above);
    R::select(rate.lt(R::constant(2.0)), small, above)
}

impl Formula<1> for PoissonEntropy {
    const NAME: &'static str = "Poisson";
    const INPUTS: [&'static str; 1] = ["rate"];

    #[inline(always)]
    fn evaluate<R: Real>([rate]: [R; 1]) -> R {
        let log = rate.ln();
        let leading = (log + LN_TWO_PI_E) * 0.5;
        // λ − λ ln λ + E ln X!, the last of which is of order λ². Beyond 2 the terms would cancel.
        let fit = polynomial(rate - 1.0, &SMALL_F32, &SMALL_F64);
        let small = rate - rate.xlogy(rate) + rate.square() * fit;
        let middle = leading + polynomial(folded(log, 2.5), &MIDDLE_F32, &MIDDLE_F64);
        let upper = leading + polynomial(folded(log, 5.5), &UPPER_F32, &UPPER_F64);
        let r = rate.recip();
        let mut rest = R::constant(0.0);
        for coefficient in SERIES.iter().rev() {
            rest = (rest + *coefficient) * r;
        }
        by_size(rate, [small, middle, upper, leading + rest])
    }

    /// E ln((X + 1)/λ).
    #[inline(always)]
    fn partials<R: Real>([rate]: [R; 1]) -> [R; 1] {
        let (log, r) = (rate.ln(), rate.recip());
        let small = rate * polynomial(rate - 1.0, &SMALL_SLOPE_F32, &SMALL_SLOPE_F64) - log;
        let middle = polynomial(folded(log, 2.5), &MIDDLE_SLOPE_F32, &MIDDLE_SLOPE_F64) * r;
        let upper = polynomial(folded(log, 5.5), &UPPER_SLOPE_F32, &UPPER_SLOPE_F64) * r;
        let mut rest = R::constant(0.0);
        for (power, coefficient) in SERIES.iter().enumerate().rev() {
            rest = (rest - coefficient * (power + 1) as f64) * r;
        }
        [by_size(rate, [small, middle, upper, (rest + 0.5) * r])]
    }
}
