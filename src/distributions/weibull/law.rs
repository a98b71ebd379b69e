//! The formulas of the Weibull distribution.

use super::super::powers::{complement, ln_complement, ln_quotient, scaled};
use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};

/// The formulas, in w = ln (x/λ)ᵏ: the survival function is e^(−e^w).
struct Law;

pub(super) static OPS: UnivariateOps<3> = UnivariateOps::new::<Law>();

/// w, and −∞ at 0 and below.
#[inline(always)]
fn log_hazard<R: Real>([x, scale, concentration]: [R; 3]) -> R {
    let below = x.le(R::constant(0.0));
    let w = concentration * ln_quotient(x, scale);
    masks::outside(below, [scale, concentration], f64::NEG_INFINITY, w)
}

impl UnivariateLaw<3> for Law {
    const NAME: &'static str = "Weibull";
    const INPUTS: [&'static str; 3] = ["value", "scale", "concentration"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>([x, scale, concentration]: [R; 3]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (none, infinite) = (R::constant(f64::NEG_INFINITY), R::constant(f64::INFINITY));
        let w = concentration * ln_quotient(x, scale);
        // Far below the scale e^w underflows, and its derivative meets one that overflows.
        let vanished = w.lt(R::constant(if R::double() { -708.0 } else { -87.0 }));
        let y = R::select(vanished, zero, w.exp());
        let inside = concentration.ln() + w - x.ln() - y;
        // At 0 the logarithms are infinite, and only an exponential has a slope.
        let at_zero = R::select(concentration.lt(one), infinite, none);
        let at_zero = R::select(concentration.equal(one), -scale.ln() - x / scale, at_zero);
        let known = !concentration.is_nan() & !scale.is_nan();
        let inside = R::select(x.equal(zero) & known, at_zero, inside);
        // At ∞ the two logarithms would make ∞ − ∞.
        let beyond = x.lt(zero) | x.equal(infinite);
        masks::outside(beyond, [scale, concentration], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        complement(log_hazard(inputs).exp())
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        let w = log_hazard(inputs);
        ln_complement(w, w.exp())
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        (-log_hazard(inputs).exp()).exp()
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        -log_hazard(inputs).exp()
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        // ln(1 - p) would lose a small p.
        let log_survival = (-masks::probability(p)).ln_1p();
        scaled(scale, (-log_survival).ln() / concentration)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale, concentration]: [R; 3]) -> R {
        scaled(scale, (-masks::probability(p).ln()).ln() / concentration)
    }
}

/// A draw from standard exponential noise, with its log-density.
struct Draw;

pub(super) static DRAW: DrawOps<3> = DrawOps::new::<Draw>();

impl MultiFormula<3, 2> for Draw {
    const NAME: &'static str = "Weibull";
    const INPUTS: [&'static str; 3] = ["noise", "scale", "concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, scale, concentration]: [R; 3]) -> [R; 2] {
        let w = noise.ln();
        let exponent = w / concentration;
        // A small concentration takes draws beyond both ends of the range; densities stay right.
        let (x, smallest) = (scaled(scale, exponent), masks::smallest::<R>());
        let x = masks::finite(R::select(x.lt(smallest), smallest, x));
        [x, concentration.ln() + w - (scale.ln() + exponent) - noise]
    }
}
