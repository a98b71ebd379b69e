//! The formulas of the Kumaraswamy distribution.

use super::super::powers::{SMALL, complement, hazard, ln_complement, ln_mean_decay};
use crate::kernel::{DrawFormula, Real, UnivariateFormulas, masks};

/// The formulas.
pub(super) struct Formulas;

/// ln x for x in [0, 1].
#[inline(always)]
fn ln_unit<R: Real>(x: R) -> R {
    // Near 1 with the digits of x − 1, which is exact.
    R::select(x.gt(R::constant(0.5)), (x - 1.0).ln_1p(), x.ln())
}

/// y = −b ln(1 − xᵃ), whose exponential e^(−y) is the survival function, and ln y.
#[inline(always)]
fn log_survival_parts<R: Real>([x, a, b]: [R; 3]) -> [R; 2] {
    let v = -(a * ln_unit(x));
    // xᵃ underflows above v = 88 in f32, where y is b xᵃ and may be a number again.
    let far = v.gt(R::constant(20.0));
    let rest = -v.log1mexp();
    let log_rest = R::select(far, masks::vanishing(-v).exp() * 0.5 - v, rest.ln());
    let log = b.ln() + log_rest;
    [R::select(far, hazard(log, f64::INFINITY), b * rest), log]
}

/// The derivative in a of ln a + a ln x + (b − 1) ln(1 − xᵃ), where the power is 0 if `vanished`.
#[inline(always)]
fn slope_along_a<R: Real>([log, a, b]: [R; 3], vanished: R::Mask) -> R {
    // With u = −a ln x and g = u/(eᵘ − 1) it is (b g + (1 − g) − u)/a. For small u, where 1/a and g/a
    // cancel, (1 − g) − u comes from a quotient of its own; for large u it is no sum of small numbers.
    let u = -(a * log);
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let g = R::select(u.equal(zero), one, u / u.exp_m1());
    let g = R::select(vanished, zero, g);
    let down = -u;
    let rest = R::select(u.equal(zero), zero, down.exp_m1_remainder() / down.exp_m1());
    let near = (b * g + rest) / a;
    let far = ((b - 1.0) * g + 1.0) / a + log;
    R::select(u.lt(one), near, far)
}

/// `below` for x ≤ 0, `above` for x ≥ 1, `inside` elsewhere.
#[inline(always)]
fn placed<R: Real>([x, a, b]: [R; 3], below: f64, above: f64, inside: R) -> R {
    let inside = masks::outside(x.ge(R::constant(1.0)), [a, b], above, inside);
    masks::outside(x.le(R::constant(0.0)), [a, b], below, inside)
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "Kumaraswamy";
    const INPUTS: [&'static str; 3] = ["value", "concentration1", "concentration0"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>([x, a, b]: [R; 3]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (none, infinite) = (R::constant(f64::NEG_INFINITY), R::constant(f64::INFINITY));
        let log = ln_unit(x);
        let (constant, at) = (a.detach(), a.detach() * log);
        // Far below 1 xᵃ underflows, and its derivative meets one that overflows.
        let vanished = at.lt(R::constant(if R::double() { -708.0 } else { -87.0 }));
        let rest = R::select(vanished, zero, (-at).log1mexp());
        let along_a = zero.with_slope(slope_along_a([log, a, b], vanished), a);
        // For a small u = −a ln x, ln(1 − xᵃ) is ln a + ln(−ln x) and a correction: with a small b two of the
        // three ln a would cancel.
        let constant = constant.ln();
        let near = b * constant + (b - 1.0) * ((-log).ln() + ln_mean_decay(-at));
        let small = at.gt(R::constant(-SMALL));
        let rest = R::select(small, near, constant + (b - 1.0) * rest);
        let inside = b.ln() + (at - log) + rest + along_a;
        // At an end the density is that of the other concentration, or a limit.
        let limit = |own: R, other: R| {
            let number = R::select(own.lt(one), infinite, none);
            R::select(own.equal(one), other.ln(), number)
        };
        let known = !a.is_nan() & !b.is_nan();
        let inside = R::select(x.equal(zero) & known, limit(a, b), inside);
        let inside = R::select(x.equal(one) & known, limit(b, a), inside);
        masks::outside(x.lt(zero) | x.gt(one), [a, b], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        let [y, _] = log_survival_parts(inputs);
        placed(inputs, 0.0, 1.0, complement(y))
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        let [y, log] = log_survival_parts(inputs);
        placed(inputs, f64::NEG_INFINITY, 0.0, ln_complement(log, y))
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        let [y, _] = log_survival_parts(inputs);
        placed(inputs, 1.0, 0.0, (-y).exp())
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        let [y, _] = log_survival_parts(inputs);
        placed(inputs, 0.0, f64::NEG_INFINITY, -y)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, a, b]: [R; 3]) -> R {
        // ln(1 - p) would lose a small p.
        masks::vanishing(log_power(-(-masks::open_probability(p)).ln_1p(), b) / a).exp()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, a, b]: [R; 3]) -> R {
        masks::vanishing(log_power(-masks::open_probability(p).ln(), b) / a).exp()
    }
}

/// ln xᵃ where the survival function is e^(−y): ln(1 − e^(−y/b)).
#[inline(always)]
fn log_power<R: Real>(y: R, b: R) -> R {
    // At y = ∞ it is 0, with a slope of 0 that would meet the infinite one of y/b.
    let certain = y.equal(R::constant(f64::INFINITY)) & !b.is_nan();
    R::select(certain, R::constant(0.0), ln_complement(y.ln() - b.ln(), y / b))
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, a, b]: [R; 3]) -> [R; 2] {
        let log = log_power(noise, b);
        let density = a.ln() + b.ln() + (log - log / a) + (noise / b - noise);
        // Small concentrations take draws to where only the ends are numbers.
        let half_step = if R::double() { f64::EPSILON } else { f64::from(f32::EPSILON) } * 0.5;
        let (smallest, largest) = (masks::smallest::<R>(), R::constant(1.0 - half_step));
        let x = (log / a).exp();
        let x = R::select(x.gt(largest), largest, x);
        [R::select(x.lt(smallest), smallest, x), density]
    }
}
