//! The formulas of the Pareto distribution.

use super::super::powers::{complement, ln_quotient, scaled};
use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};

/// The formulas.
struct Law;

pub(super) static OPS: UnivariateOps<3> = UnivariateOps::new::<Law>();

/// α ln(x/m), which is minus the logarithm of the survival function.
#[inline(always)]
fn log_excess<R: Real>([x, scale, alpha]: [R; 3]) -> R {
    // Near x = m from the difference, on which the whole cdf rests there.
    let difference = x - scale;
    let close = difference.lt(scale * 0.5);
    alpha * R::select(close, (difference / scale).ln_1p(), ln_quotient(x, scale))
}

/// `value` below the support, `inside` elsewhere.
#[inline(always)]
fn placed<R: Real>([x, scale, alpha]: [R; 3], value: f64, inside: R) -> R {
    masks::outside(x.lt(scale), [alpha], value, inside)
}

impl UnivariateLaw<3> for Law {
    const NAME: &'static str = "Pareto";
    const INPUTS: [&'static str; 3] = ["value", "scale", "alpha"];
    const POSITIVE: &'static [usize] = &[1, 2];

    #[inline(always)]
    fn log_density<R: Real>(inputs: [R; 3]) -> R {
        let [x, _, alpha] = inputs;
        let inside = ln_quotient(alpha, x) - log_excess(inputs);
        placed(inputs, f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, 0.0, complement(log_excess(inputs)))
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, f64::NEG_INFINITY, log_excess(inputs).log1mexp())
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, 1.0, (-log_excess(inputs)).exp())
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, 0.0, -log_excess(inputs))
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale, alpha]: [R; 3]) -> R {
        // ln(1 - p) would lose a small p.
        scaled(scale, -(-masks::probability(p)).ln_1p() / alpha)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale, alpha]: [R; 3]) -> R {
        scaled(scale, -masks::probability(p).ln() / alpha)
    }
}

/// A draw from standard exponential noise, with its log-density.
struct Draw;

pub(super) static DRAW: DrawOps<3> = DrawOps::new::<Draw>();

impl MultiFormula<3, 2> for Draw {
    const NAME: &'static str = "Pareto";
    const INPUTS: [&'static str; 3] = ["noise", "scale", "alpha"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, scale, alpha]: [R; 3]) -> [R; 2] {
        let log = noise / alpha;
        // A small alpha overflows; an exponential of next to nothing may be rounded below 1.
        let x = masks::finite(scaled(scale, log));
        let x = R::select(x.lt(scale), scale, x);
        [x, ln_quotient(alpha, scale) - log - noise]
    }
}
