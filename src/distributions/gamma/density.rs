//! The logarithm of the density, accurate for concentrations from 0 to 10⁸ and more.

use crate::kernel::{Formula, Op, Real};

/// ln 2π.
const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;

/// Below this, y = rate · x is close to underflow, and ln y is taken from its factors.
pub(super) const UNDERFLOW: f64 = 1e-30;

pub(super) static LOG_DENSITY: Op<3> = Op::new::<LogDensity>();

struct LogDensity;

/// What the value and its derivatives share.
struct Parts<R: Real> {
    /// y = rate · x, the value in units of the scale.
    y: R,
    log_x: R,
    log_rate: R,
    log_y: R,
    log_concentration: R,
    /// (y − a)/a, and whether it is small enough to be used instead of y/a.
    deviation: R,
    close: R::Mask,
    /// Whether a < 2, where ln Γ(a) is small and nothing cancels.
    small: R::Mask,
}

impl<R: Real> Parts<R> {
    #[inline(always)]
    fn new([x, concentration, rate]: [R; 3]) -> Self {
        let y = x * rate;
        let (log_x, log_rate) = (x.ln(), rate.ln());
        let deviation = (y - concentration) / concentration;
        Self {
            y,
            log_x,
            log_rate,
            // The product of two floats can under- and overflow where its logarithm is harmless.
            log_y: R::select(
                y.lt(R::constant(UNDERFLOW)) | y.equal(R::constant(f64::INFINITY)),
                log_x + log_rate,
                y.ln(),
            ),
            log_concentration: concentration.ln(),
            deviation,
            close: deviation.abs().le(R::constant(0.5)),
            small: concentration.lt(R::constant(2.0)),
        }
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
        let [_, a, _] = inputs;
        let parts = Parts::new(inputs);
        // (a − 1) ln y − y − ln Γ(a) would cancel for large a, where the terms are a ln a and the
        // sum is ln a. With Stirling's formula taken out, a (ln(y/a) − (y − a)/a) is left.
        let far = parts.log_y - parts.log_concentration - parts.deviation;
        let exponent = R::select(parts.close, parts.deviation.ln_1p_remainder(), far);
        let normaliser = (parts.log_concentration - LN_TWO_PI) * 0.5 - a.ln_gamma_stirling();
        let large = exponent * a + normaliser - parts.log_x;
        let small = (a - 1.0) * parts.log_y - parts.y - a.ln_gamma() + parts.log_rate;
        let inside = R::select(parts.small, small, large);
        // At 0 the density is ∞, the rate, or 0, as the concentration is below, at or above 1.
        let one = R::constant(1.0);
        let (zero, infinite) = (R::constant(f64::NEG_INFINITY), R::constant(f64::INFINITY));
        let at_origin = R::select(a.lt(one), infinite, zero);
        let at_origin = R::select(a.equal(one), parts.log_rate, at_origin);
        placed(inputs, inside, at_origin, zero)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        let [x, a, rate] = inputs;
        let parts = Parts::new(inputs);
        let zero = R::constant(0.0);
        // (a − 1)/x − rate, from a − y where a − 1 would round.
        let small = (a - 1.0) / x - rate;
        let by_value = R::select(parts.small, small, (a - parts.y - 1.0) / x);
        // ln y − ψ(a) cancels for large a: as ln(y/a) + (ln a − ψ(a)).
        let far = parts.log_y - parts.log_concentration;
        let log_ratio = R::select(parts.close, parts.deviation.ln_1p(), far);
        let large = log_ratio + a.digamma_stirling() / a;
        let by_concentration = R::select(parts.small, parts.log_y - a.digamma(), large);
        let by_rate = (a - parts.y) / rate;
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
