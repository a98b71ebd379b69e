//! The formulas.

use core::f64::consts::PI;

use super::arc::{arcs, quantile};
use crate::kernel::UnivariateFormulas;
use crate::kernel::masks::{outside, probability};
use crate::kernel::{Formula, Op, Real};

pub(super) static ENTROPY: Op<1> = Op::new::<VonMisesEntropy>();
pub(super) static CIRCULAR_VARIANCE: Op<1> = Op::new::<CircularVariance>();

pub(super) struct Formulas;

/// The log-density at an angle from the mean.
#[inline(always)]
pub(super) fn log_density<R: Real>(angle: R, concentration: R) -> R {
    // κ cos − ln I₀(κ) cancels for large κ; less κ both parts are as small as the result.
    let rise = (angle * (0.5 / PI)).sin_pi().square() * 2.0;
    -(concentration * rise) - ln_circle_i0e(concentration)
}

/// ln(2π e⁻ᵏ I₀(κ)): of two logarithms each would be rounded, where their sum passes 0.
#[inline(always)]
fn ln_circle_i0e<R: Real>(concentration: R) -> R {
    (concentration.i0e() * (2.0 * PI)).ln()
}

/// NaN unless κ ≥ 0.
#[inline(always)]
fn valid<R: Real>(concentration: R, value: R) -> R {
    R::select(concentration.ge(R::constant(0.0)), value, R::constant(f64::NAN))
}

/// `inside` within [−π, π], the limits of a function below and above it.
#[inline(always)]
fn placed<R: Real>([x, loc, concentration]: [R; 3], inside: R, [below, above]: [f64; 2]) -> R {
    let end = R::constant(PI);
    let parameters = [loc, concentration];
    // At −π itself too, where logarithms of arcs of no length would meet.
    let value = outside(x.le(-end), parameters, below, inside);
    let value = outside(x.ge(end), parameters, above, value);
    valid(concentration, R::select(x.is_nan(), x, value))
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "VonMises";
    const INPUTS: [&'static str; 3] = ["value", "loc", "concentration"];

    #[inline(always)]
    fn log_density<R: Real>([x, loc, concentration]: [R; 3]) -> R {
        let end = R::constant(PI);
        let inside = valid(concentration, log_density(x - loc, concentration));
        let beyond = x.lt(-end) | x.gt(end);
        outside(beyond & concentration.ge(R::constant(0.0)), [loc], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, arcs(inputs).lower, [0.0, 1.0])
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, arcs(inputs).log_lower, [f64::NEG_INFINITY, 0.0])
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, arcs(inputs).upper, [1.0, 0.0])
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        placed(inputs, arcs(inputs).log_upper, [0.0, f64::NEG_INFINITY])
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, concentration]: [R; 3]) -> R {
        let p = probability(p);
        quantile([p, -p + 1.0], loc, concentration)
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([q, loc, concentration]: [R; 3]) -> R {
        let q = probability(q);
        quantile([-q + 1.0, q], loc, concentration)
    }
}

struct VonMisesEntropy;

impl Formula<1> for VonMisesEntropy {
    const NAME: &'static str = "VonMises";
    const INPUTS: [&'static str; 1] = ["concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([concentration]: [R; 1]) -> R {
        // ln I₀(κ) − κ A(κ), with κ taken out of both parts.
        let rest = concentration * concentration.bessel_ratio_complement();
        valid(concentration, rest + ln_circle_i0e(concentration))
    }
}

struct CircularVariance;

impl Formula<1> for CircularVariance {
    const NAME: &'static str = "VonMises";
    const INPUTS: [&'static str; 1] = ["concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([concentration]: [R; 1]) -> R {
        valid(concentration, concentration.bessel_ratio_complement())
    }
}
