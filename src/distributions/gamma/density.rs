//! The logarithm of the density, accurate for concentrations from 0 to 10⁸ and more.

use crate::constants::LN_TWO_PI;
use crate::kernel::{Formula, Op, Real};

/// Below this, y is close to underflow, and ln y is taken from its factors.
pub(super) const UNDERFLOW: f64 = 1e-36;

pub(super) static LOG_DENSITY: Op<3> = Op::new::<LogDensity>();

struct LogDensity;

/// What ln K = a ln y − y − ln Γ(a), the logarithm of y times the density of a gamma with rate 1,
/// and its derivatives share.
pub(in super::super) struct LogKernel<R: Real> {
    y: R,
    /// ln y for a < 2, and ln(y/a) above: each from one number, as a difference of logarithms would
    /// lose the digits that they have in front.
    log: R,
    concentration: R,
    log_concentration: R,
    /// (y − a)/a, and whether it is small enough to be used instead of y/a.
    deviation: R,
    close: R::Mask,
    /// Whether a < 2, where ln Γ(a) is small and nothing cancels.
    small: R::Mask,
}

impl<R: Real> LogKernel<R> {
    /// At y, a product or a quotient, and the logarithm of that taken from its factors: y can
    /// under- and overflow where its logarithm is harmless.
    #[inline(always)]
    pub(in super::super) fn new(y: R, log_of_factors: R, concentration: R) -> Self {
        let deviation = (y - concentration) / concentration;
        let log_concentration = concentration.ln();
        let small = concentration.lt(R::constant(2.0));
        let read = R::select(small, y, y / concentration);
        let log_ratio = log_of_factors - log_concentration;
        let extreme = read.lt(R::constant(UNDERFLOW)) | read.equal(R::constant(f64::INFINITY));
        Self {
            y,
            log: R::select(extreme, R::select(small, log_of_factors, log_ratio), read.ln()),
            concentration,
            log_concentration,
            deviation,
            close: deviation.abs().le(R::constant(0.5)),
            small,
        }
    }

    /// ln K − `log_x`; for ½ ≤ a < 2 as (a + `shift`) ln y − y − ln Γ(a) + `rest` instead, which is
    /// to be the same.
    #[inline(always)]
    pub(in super::super) fn over(&self, log_x: R, shift: f64, rest: R) -> R {
        let a = self.concentration;
        // a ln y − y − ln Γ(a) would cancel for large a, where the terms are a ln a and the sum is
        // ln a. With Stirling's formula taken out, a (ln(y/a) − (y − a)/a) is left.
        let far = self.log - self.deviation;
        let exponent = R::select(self.close, self.deviation.ln_1p_remainder(), far);
        let normaliser = (self.log_concentration - LN_TWO_PI) * 0.5 - a.ln_gamma_stirling();
        let large = exponent * a + normaliser - log_x;
        // Of the two the one with less of a ln y, which ln x or the rest would cancel.
        let low = a.lt(R::constant(0.5));
        let (factor, rest) = (R::select(low, a, a + shift), R::select(low, -log_x, rest));
        let small = factor * self.log - self.y - a.ln_gamma() + rest;
        R::select(self.small, small, large)
    }

    /// ln y − ψ(a), the derivative of ln K with respect to a.
    #[inline(always)]
    pub(in super::super) fn slope(&self) -> R {
        // It cancels for large a: as ln(y/a) + (ln a − ψ(a)).
        let log_ratio = R::select(self.close, self.deviation.ln_1p(), self.log);
        let large = log_ratio + self.concentration.digamma_stirling() / self.concentration;
        R::select(self.small, self.log - self.concentration.digamma(), large)
    }
}

/// `inside` for 0 < x < ∞, `at_origin` at 0, else `outside`; NaN for NaN and for parameters that
/// are not positive.
#[inline(always)]
fn placed<R: Real>([x, concentration, rate]: [R; 3], inside: R, at_origin: R, outside: R) -> R {
    let zero = R::constant(0.0);
    let beyond = x.lt(zero) | x.equal(R::constant(f64::INFINITY));
    let value = R::select(beyond, outside, R::select(x.equal(zero), at_origin, inside));
    let valid = concentration.gt(zero) & rate.gt(zero) & !x.is_nan();
    R::select(valid, value, R::constant(f64::NAN))
}

impl Formula<3> for LogDensity {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 3] = ["value", "concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 3]) -> R {
        let [x, a, rate] = inputs;
        let (log_x, log_rate) = (x.ln(), rate.ln());
        let kernel = LogKernel::new(x * rate, log_x + log_rate, a);
        let inside = kernel.over(log_x, -1.0, log_rate);
        // At 0 the density is ∞, the rate, or 0, as the concentration is below, at or above 1.
        let one = R::constant(1.0);
        let (zero, infinite) = (R::constant(f64::NEG_INFINITY), R::constant(f64::INFINITY));
        let at_origin = R::select(a.lt(one), infinite, zero);
        let at_origin = R::select(a.equal(one), log_rate, at_origin);
        placed(inputs, inside, at_origin, zero)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        let [x, a, rate] = inputs;
        let y = x * rate;
        let kernel = LogKernel::new(y, x.ln() + rate.ln(), a);
        let zero = R::constant(0.0);
        // (a − 1)/x − rate, from a − y where a − 1 would round.
        let small = (a - 1.0) / x - rate;
        let by_value = R::select(kernel.small, small, (a - y - 1.0) / x);
        let by_concentration = kernel.slope();
        let by_rate = (a - y) / rate;
        // At 0 only an exponential has a finite density, and then also derivatives. In the
        // concentration that one is infinite; zero keeps it from spoiling the others of a batch.
        let exponential = a.equal(R::constant(1.0));
        let at_origin = |derivative| R::select(exponential, derivative, zero);
        [
            placed(inputs, by_value, at_origin(-rate), zero),
            placed(inputs, by_concentration, zero, zero),
            placed(inputs, by_rate, at_origin(rate.recip()), zero),
        ]
    }
}
