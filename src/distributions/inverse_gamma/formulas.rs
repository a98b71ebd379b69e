//! The density, the moments and the entropy.

use super::super::gamma::density::LogKernel;
use crate::constants::HALF_LN_TWO_PI;
use crate::kernel::{Formula, Op, Real};

pub(super) static LOG_DENSITY: Op<3> = Op::new::<LogDensity>();
pub(super) static MEAN: Op<2> = Op::new::<Mean>();
pub(super) static VARIANCE: Op<2> = Op::new::<Variance>();
pub(super) static STD_DEV: Op<2> = Op::new::<StdDev>();
pub(super) static ENTROPY: Op<2> = Op::new::<InverseGammaEntropy>();

const NAME: &str = "InverseGamma";
const PARAMETERS: [&str; 2] = ["concentration", "rate"];

struct LogDensity;

/// `inside` for 0 < x < ∞, else `outside`; NaN for NaN and for parameters that are not positive.
#[inline(always)]
fn placed<R: Real>([x, concentration, rate]: [R; 3], inside: R, outside: f64) -> R {
    let (zero, infinity) = (R::constant(0.0), R::constant(f64::INFINITY));
    let within = x.gt(zero) & x.lt(infinity);
    let value = R::select(within, inside, R::constant(outside));
    let valid = concentration.gt(zero) & rate.gt(zero) & !x.is_nan();
    R::select(valid, value, R::constant(f64::NAN))
}

impl Formula<3> for LogDensity {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 3] = ["value", "concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 3]) -> R {
        let [x, a, rate] = inputs;
        let (y, log_x) = (rate / x, x.ln());
        let kernel = LogKernel::new(y, rate.ln() - log_x, a);
        let density = kernel.over(log_x, 0.0, -log_x);
        // At tiny x both terms of the exponent are infinite.
        let vanished = y.equal(R::constant(f64::INFINITY));
        let density = R::select(vanished, R::constant(f64::NEG_INFINITY), density);
        placed(inputs, density, f64::NEG_INFINITY)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        let [x, a, rate] = inputs;
        let y = rate / x;
        let kernel = LogKernel::new(y, rate.ln() - x.ln(), a);
        [(y - a - 1.0) / x, kernel.slope(), (a - y) / rate]
            .map(|derivative| placed(inputs, derivative, 0.0))
    }
}

/// `finite` where the concentration exceeds `order`, below which the moment of that order is
/// infinite.
#[inline(always)]
fn above<R: Real>(concentration: R, order: f64, rate: R, finite: R) -> R {
    let infinite = concentration.le(R::constant(order)) & !rate.is_nan();
    R::select(infinite, R::constant(f64::INFINITY), finite)
}

struct Mean;

impl Formula<2> for Mean {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = PARAMETERS;

    #[inline(always)]
    fn evaluate<R: Real>([a, rate]: [R; 2]) -> R {
        above(a, 1.0, rate, rate / (a - 1.0))
    }
}

struct Variance;

impl Formula<2> for Variance {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = PARAMETERS;

    #[inline(always)]
    fn evaluate<R: Real>([a, rate]: [R; 2]) -> R {
        // The square of the quotient: that of the rate would overflow and underflow first.
        above(a, 2.0, rate, (rate / (a - 1.0)).square() / (a - 2.0))
    }
}

struct StdDev;

impl Formula<2> for StdDev {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = PARAMETERS;

    #[inline(always)]
    fn evaluate<R: Real>([a, rate]: [R; 2]) -> R {
        above(a, 2.0, rate, rate / (a - 1.0) / (a - 2.0).sqrt())
    }
}

struct InverseGammaEntropy;

impl Formula<2> for InverseGammaEntropy {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = PARAMETERS;

    #[inline(always)]
    fn evaluate<R: Real>([a, rate]: [R; 2]) -> R {
        // a + ln Γ(a) − (1 + a) ψ(a) cancels for large a; with Stirling's formula taken out of both
        // functions, −3/2 ln a is what is left.
        let digamma_part = a.digamma_stirling() * ((a + 1.0) / a);
        a.ln() * -1.5 + HALF_LN_TWO_PI + a.ln_gamma_stirling() + digamma_part + rate.ln()
    }
}
