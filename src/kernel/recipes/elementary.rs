//! Elementary functions that backends lack or round badly.

use core::f64::consts::{FRAC_PI_2, FRAC_PI_4};

use super::super::real::Real;
use super::coefficients::{ATAN_F32, ATAN_F64, SIN_PI_F32, SIN_PI_F64};
use super::fitted;
use super::power::power;

/// (eˣ − 1 − x)/x² on [−½, ½]; fit error 1e-10.
pub(crate) const EXP_M1_F32: [f64; 6] =
    [1.994487444e-4, 1.398218605e-3, 8.333236134e-3, 4.166579123e-2, 0.166666668, 0.5000000122];

/// 1/(k + 2)! for k = `N` − 1 down to 0: the Taylor series of (eˣ − 1 − x)/x².
const fn exp_m1_series<const N: usize>() -> [f64; N] {
    let mut series = [0.5; N];
    let mut k = 1;
    while k < N {
        series[N - 1 - k] = series[N - k] / (k + 2) as f64;
        k += 1;
    }
    series[N - 1] = 0.5;
    series
}

/// 1/(2k + 3) for k = `N` − 1 down to 0: the series of (artanh(s)/s − 1)/s² in s².
const fn artanh_series<const N: usize>() -> [f64; N] {
    let mut series = [0.0; N];
    let mut k = 0;
    while k < N {
        series[N - 1 - k] = 1.0 / (2 * k + 3) as f64;
        k += 1;
    }
    series
}

/// eˣ − 1: a polynomial where eˣ − 1 would cancel.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_m1<R: Real>(x: R) -> R {
    // The Taylor remainder at ½ is below 2e-17 relative with 14 terms.
    const SERIES: [f64; 14] = exp_m1_series();
    let near = x + x.square() * fitted(x, &EXP_M1_F32, &SERIES);
    R::select(x.abs().le(R::constant(0.5)), near, x.exp() - 1.0)
}

/// ln(1 + x): 2 artanh(x/(2 + x)) where rounding 1 + x would lose the low digits of x.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_1p<R: Real>(x: R) -> R {
    // Kahan's correction by (1 + x) − 1 needs a relative accuracy of ln near 1 that GPUs do not
    // promise; the odd series does not. |s| <= 0.2 here.
    let s = x / (x + 2.0);
    let near = s * 2.0 + s * s.square() * 2.0 * artanh_tail(s.square());
    let close = x.ge(R::constant(-0.3)) & x.le(R::constant(0.5));
    R::select(close, near, (x + 1.0).ln())
}

/// (artanh(s)/s − 1)/s² as a function of z = s² <= 0.04.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn artanh_tail<R: Real>(z: R) -> R {
    const SINGLE: [f64; 6] = artanh_series();
    const DOUBLE: [f64; 11] = artanh_series();
    fitted(z, &SINGLE, &DOUBLE)
}

/// (artanh(s)/s − 1)/s² as a function of z = s² <= 1/9. Nine terms leave 1e-10, eighteen 1e-18.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn artanh_third<R: Real>(z: R) -> R {
    const SINGLE: [f64; 9] = artanh_series();
    const DOUBLE: [f64; 18] = artanh_series();
    fitted(z, &SINGLE, &DOUBLE)
}

/// ln(1 + x) − x without cancellation for x in [−½, 1] and with little outside, for x > −1.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_1p_remainder<R: Real>(x: R) -> R {
    let close = x.ge(R::constant(-0.5)) & x.le(R::constant(1.0));
    R::select(close, ln_1p_remainder_near(x), (x + 1.0).ln() - x)
}

/// ln(1 + x) − x for x in [−½, 1].
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn ln_1p_remainder_near<R: Real>(x: R) -> R {
    // With s = x/(2 + x), |s| <= ⅓: ln(1 + x) = 2s + 2s³T(s²) and x − 2s = s x, so nothing
    // cancels: ln(1 + x) − x = 2 s³ T − s x.
    let s = x / (x + 2.0);
    let z = s.square();
    s * (z * 2.0 * artanh_third(z) - x)
}

/// Hyperbolic tangent from e^(−2|x|) − 1, which neither overflows nor cancels.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn tanh<R: Real>(x: R) -> R {
    let t = (x.abs() * -2.0).exp_m1();
    x.sign_of(-t / (t + 2.0))
}

/// Arc tangent, reduced to |x| <= tan(π/8).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn atan<R: Real>(x: R) -> R {
    const TAN_PI_8: f64 = 0.414_213_562_373_095_05;
    const TAN_3_PI_8: f64 = 2.414_213_562_373_095;
    let a = x.abs();
    let middle = a.gt(R::constant(TAN_PI_8));
    let outer = a.gt(R::constant(TAN_3_PI_8));
    // One division for the three cases: a/1, (a − 1)/(a + 1), −1/a.
    let one = R::constant(1.0);
    let numerator = R::select(outer, -one, R::select(middle, a - 1.0, a));
    let denominator = R::select(outer, a, R::select(middle, a + 1.0, one));
    let t = numerator / denominator;
    let offset = R::select(
        outer,
        R::constant(FRAC_PI_2),
        R::select(middle, R::constant(FRAC_PI_4), R::constant(0.0)),
    );
    x.sign_of(offset + t * fitted(t.square(), &ATAN_F32, &ATAN_F64))
}

/// sin(πx) for |x| <= ½.
#[cfg_attr(not(debug_assertions), inline(always))]
fn sin_pi_reduced<R: Real>(x: R) -> R {
    x * fitted(x.square(), &SIN_PI_F32, &SIN_PI_F64)
}

/// x − 2⌊x/2 + ½⌋ in [−1, 1], exact: reduction by the period costs nothing in this unit.
#[cfg_attr(not(debug_assertions), inline(always))]
fn half_turns<R: Real>(x: R) -> R {
    x - (x * 0.5 + 0.5).floor() * 2.0
}

/// sin(πx).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sin_pi<R: Real>(x: R) -> R {
    let r = half_turns(x);
    let a = r.abs();
    // 1 − a is exact above ½, so the zeros at integers stay relative.
    let folded = R::select(a.gt(R::constant(0.5)), -a + 1.0, a);
    r.sign_of(sin_pi_reduced(folded))
}

/// cos(πx) = sin(π(½ − |x|)).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn cos_pi<R: Real>(x: R) -> R {
    sin_pi_reduced(-half_turns(x).abs() + 0.5)
}

/// xʸ for x ≥ 0; NaN for x < 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn pow<R: Real>(x: R, y: R) -> R {
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let direct = (x.ln() * y).exp();
    let value = if R::double() {
        // exp magnifies the rounding of its argument: 2e-16 |y ln x| relative, below 2e-13.
        direct
    } else {
        let infinity = R::constant(f64::INFINITY);
        let ordinary = x.gt(zero) & x.lt(infinity) & y.abs().lt(R::constant(4_294_967_296.0));
        R::select(ordinary, power(x, y), direct)
    };
    // ln x · y is NaN at 0·∞; x⁰ and 1ʸ are 1 even then.
    R::select(y.equal(zero) | x.equal(one), one, value)
}

/// eˣ − 1 − x without cancellation near 0, for exponents of terms of a sum.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn exp_m1_remainder<R: Real>(x: R) -> R {
    const SERIES: [f64; 14] = exp_m1_series();
    let near = x.square() * fitted(x, &EXP_M1_F32, &SERIES);
    R::select(x.abs().le(R::constant(0.5)), near, x.exp_of_term() - 1.0 - x)
}
