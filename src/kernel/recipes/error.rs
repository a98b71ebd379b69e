//! The error function and the standard normal distribution.

use core::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use super::super::real::Real;
use super::coefficients::{
    ERF_F32, ERF_F64, ERFCX_F32, ERFCX_F64, ERFCX_SLOPE_F32, ERFCX_SLOPE_F64,
    ERFINV_DENOMINATOR_F32, ERFINV_NUMERATOR_F32, NDTRI_TAIL_F32,
};
use super::wichura;
use super::{fitted, folded, polynomial};
use crate::constants::{HALF_LN_TWO_PI, MEAN_ABSOLUTE_NORMAL};

const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;
const HALF_SQRT_PI: f64 = 0.886_226_925_452_758;
const TWO_OVER_SQRT_PI: f64 = core::f64::consts::FRAC_2_SQRT_PI;

/// erf(x)/x for |x| <= 1.
#[cfg_attr(not(debug_assertions), inline(always))]
fn erf_ratio<R: Real>(x: R) -> R {
    fitted(x.square(), &ERF_F32, &ERF_F64)
}

/// (1 + 2x) e^(x²) erfc(x) for x >= 0, between 1 and 1.3 everywhere.
#[cfg_attr(not(debug_assertions), inline(always))]
fn erfcx_scaled<R: Real>(x: R) -> R {
    // The bound keeps x/(x + k) 1 instead of ∞/∞ at infinity.
    let bounded = x.min(R::constant(1e18));
    let k = if R::double() { 3.75 } else { 3.0 };
    // 1 + t = 2x/(x + k) as a factor keeps the value 1 at x = 0 exact, and x there relative.
    let s = bounded * 2.0 / (bounded + k);
    s * fitted(s - 1.0, &ERFCX_F32, &ERFCX_F64) + 1.0
}

/// e^(x²) erfc(x) for x >= 0.
#[cfg_attr(not(debug_assertions), inline(always))]
fn erfcx_positive<R: Real>(x: R) -> R {
    erfcx_scaled(x) / (x * 2.0 + 1.0)
}

/// exp(−scale x²) for scale 1 or ½.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn gaussian<R: Real>(x: R, scale: f64) -> R {
    // Rounding x² costs x² ULP of the result. The head h has so few bits that h² is exact, and
    // x² − h² = (x − h)(x + h) is small. Beyond the bound the result underflows, and h = ∞ would
    // make ∞ − ∞.
    let (bits, bound) = if R::double() { (65536.0, 40.0) } else { (16.0, 20.0) };
    let x = x.abs().min(R::constant(bound));
    let head = (x * bits).floor() * (1.0 / bits);
    (head.square() * -scale).exp() * ((head - x) * (x + head) * scale).exp()
}

/// The error function: a polynomial inside [−1, 1], 1 − erfc outside.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erf<R: Real>(x: R) -> R {
    let a = x.abs();
    let far = x.sign_of(-(gaussian(a, 1.0) * erfcx_positive(a)) + 1.0);
    R::select(a.lt(R::constant(1.0)), x * erf_ratio(x), far)
}

/// 1 − erf(x), relative in the upper tail.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erfc<R: Real>(x: R) -> R {
    let a = x.abs();
    let tail = gaussian(a, 1.0) * erfcx_positive(a);
    // Below ½ the difference 1 − erf(x) loses less than a bit, above it would lose the tail.
    let near = -(x * erf_ratio(x)) + 1.0;
    let far = R::select(x.lt(R::constant(0.0)), -tail + 2.0, tail);
    R::select(a.lt(R::constant(0.5)), near, far)
}

/// e^(x²) erfc(x), the scaled complementary error function.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erfcx<R: Real>(x: R) -> R {
    let a = x.abs();
    let positive = erfcx_positive(a);
    let negative = gaussian(a, 1.0).recip() * 2.0 - positive;
    // The reciprocal of an underflown e^(−x²) is the right overflow to infinity.
    R::select(x.lt(R::constant(0.0)), negative, positive)
}

/// −(1 + 2x)² times the derivative of erfcx for x >= 0, between 1 and 2.7 everywhere.
#[cfg_attr(not(debug_assertions), inline(always))]
fn erfcx_slope_scaled<R: Real>(x: R) -> R {
    if R::double() {
        polynomial(folded(x, 3.75), &ERFCX_SLOPE_F64)
    } else {
        polynomial(folded(x, 3.0), &ERFCX_SLOPE_F32)
    }
}

/// The derivative of erfcx at x, where erfcx(x) is `value`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erfcx_slope<R: Real>(x: R, value: R) -> R {
    // 2x erfcx(x) − 2/√π: for x > 0 it cancels, to 1/(√π x²) for large x, and has a fit of its own;
    // below both terms are negative.
    let scale = (x * 2.0 + 1.0).recip();
    let right = -(erfcx_slope_scaled(x) * scale * scale);
    let left = x * value * 2.0 - TWO_OVER_SQRT_PI;
    R::select(x.lt(R::constant(0.0)), left, right)
}

/// 1 − Φ(x) for x >= 0.
#[cfg_attr(not(debug_assertions), inline(always))]
fn upper_tail<R: Real>(x: R) -> R {
    // Not erfc(x/√2)/2: rounding that argument would cost x² ULP.
    gaussian(x, 0.5) * erfcx_positive(x * FRAC_1_SQRT_2) * 0.5
}

/// Φ(x): relative accuracy in the lower tail.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ndtr<R: Real>(x: R) -> R {
    let tail = upper_tail(x.abs());
    let value = R::select(x.lt(R::constant(0.0)), tail, -tail + 1.0);
    // The bounds inside would make numbers of NaN.
    R::select(x.is_nan(), x, value)
}

/// ln Φ(x): relative accuracy in both tails.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_ndtr<R: Real>(x: R) -> R {
    let a = x.abs();
    let half_erfcx = erfcx_positive(a * FRAC_1_SQRT_2) * 0.5;
    // Left: both terms are negative, so their sum does not cancel, and nothing underflows.
    let left = half_erfcx.ln() - x.square() * 0.5;
    // Right: ln(1 − q) from the upper tail q itself; Φ(x) rounds to 1 long before q vanishes.
    let right = (-(gaussian(a, 0.5) * half_erfcx)).ln_1p();
    R::select(x.lt(R::constant(0.0)), left, right)
}

/// φ(x)/(1 − Φ(x)), the hazard rate of the standard normal: x + 1/x for large x, φ(x) for very
/// negative x. The derivative of ln Φ at x is the hazard at −x.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn normal_hazard<R: Real>(x: R) -> R {
    let a = x.abs();
    let y = a * FRAC_1_SQRT_2;
    let scaled = erfcx_scaled(y);
    // √(2/π)/erfcx(x/√2): the exponentials of φ/Q cancelled by hand, so no 0/0 in the tail.
    let right = (y + 0.5) * (scaled.recip() * (2.0 * MEAN_ABSOLUTE_NORMAL));
    let density = gaussian(a, 0.5);
    let upper_tail = density * scaled / (y * 4.0 + 2.0);
    let left = density * FRAC_1_SQRT_2_PI / (-upper_tail + 1.0);
    R::select(x.lt(R::constant(0.0)), left, right)
}

/// The derivative h (h − x) of the hazard rate at x, where it is h = `value`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn normal_hazard_slope<R: Real>(x: R, value: R) -> R {
    // h − x is 1/x for large x, which the difference would lose: it is −w′/(√2 w) for
    // w = erfcx(x/√2). For x < 0 nothing cancels.
    let y = x * FRAC_1_SQRT_2;
    let excess = erfcx_slope_scaled(y) / (erfcx_scaled(y) * (y * 2.0 + 1.0)) * FRAC_1_SQRT_2;
    R::select(x.lt(R::constant(0.0)), value * (value - x), value * excess)
}

/// −Φ⁻¹(p) for small p, from s = √(−2 ln p) >= 3.2.
#[cfg_attr(not(debug_assertions), inline(always))]
fn ndtri_tail<R: Real>(s: R) -> R {
    if R::double() {
        wichura::tail(s * FRAC_1_SQRT_2)
    } else {
        // s minus a slowly varying correction below 0.7, so that s alone sets the error.
        s - polynomial(folded(s, 5.0), &NDTRI_TAIL_F32)
    }
}

/// Φ⁻¹ from the distance q = p − ½ and the smaller tail m = min(p, 1 − p), each exact.
#[cfg_attr(not(debug_assertions), inline(always))]
fn ndtri_parts<R: Real>(q: R, m: R) -> R {
    let (central, center, tail) = if R::double() {
        let tail = wichura::tail((-m.ln()).sqrt());
        let central = q.abs().le(R::constant(0.425));
        (central, q * wichura::center_ratio(q), tail)
    } else {
        let central = m.gt(R::constant(0.0047));
        let log = R::select(central, m * (-m + 1.0) * 4.0, m).ln();
        let center = q * (erfinv_ratio(-log) * (2.0 * SQRT_2));
        (central, center, ndtri_tail((log * -2.0).sqrt()))
    };
    R::select(central, center, q.sign_of(tail))
}

/// Φ⁻¹(p), relative at ½ and in both tails.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ndtri<R: Real>(p: R) -> R {
    // 1 − p is exact for p in [½, 1], and so is p − ½ near ½.
    let m = R::select(p.gt(R::constant(0.5)), -p + 1.0, p);
    ndtri_parts(p - 0.5, m)
}

/// The y with erf y = p, relative at 0 and, since 1 − |p| is exact there, at ±1.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn erfinv<R: Real>(p: R) -> R {
    let complement = -p.abs() + 1.0;
    if R::double() {
        ndtri_parts(p * 0.5, complement * 0.5) * FRAC_1_SQRT_2
    } else {
        let w = -(complement * (-complement + 2.0)).ln();
        // At the ends the ratio is ∞/∞.
        let end = complement.equal(R::constant(0.0));
        p * R::select(end, R::constant(f64::INFINITY), erfinv_ratio(w))
    }
}

/// erf⁻¹(p)/p in single precision, from w = −ln(1 − p²) as p = 1 − 2⁻²⁴ has it at most: one
/// expression for the centre and the tails. The leading term carries the error near 0, and the
/// coefficients are positive: no sum cancels.
#[cfg_attr(not(debug_assertions), inline(always))]
fn erfinv_ratio<R: Real>(w: R) -> R {
    w * (polynomial(w, &ERFINV_NUMERATOR_F32) / polynomial(w, &ERFINV_DENOMINATOR_F32))
        + HALF_SQRT_PI
}

/// The x with ln Φ(x) = y, for y <= 0: the normal quantile in log space.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ndtri_exp<R: Real>(y: R) -> R {
    // p − ½ = ½(e^(y + ln 2) − 1), with ln 2 in two parts: eʸ − ½ would cancel at the root.
    let (ln_2, rest) = if R::double() {
        (core::f64::consts::LN_2, 2.319_046_813_846_3e-17)
    } else {
        (0.693_147_182_464_599_6, -1.904_654_299_957_768e-9)
    };
    let q = (y + ln_2 + rest).exp_m1() * 0.5;
    // Above the median the tail −(eʸ − 1) carries the digits, below it eʸ does, and where eʸ
    // underflows √(−2y) takes its place.
    let upper = y.gt(R::constant(-core::f64::consts::LN_2));
    let moderate = ndtri_parts(q, R::select(upper, -y.exp_m1(), y.exp()));
    let s = (y * -2.0).sqrt();
    let limit = if R::double() { 37.0 } else { 14.5 };
    let far = R::select(s.gt(R::constant(limit)), ndtri_asymptote(s), ndtri_tail(s));
    R::select(y.lt(R::constant(-5.5)), -far, moderate)
}

/// The x with ln Φ(−x) = −s²/2 for s > 14, by fixed point on the asymptotic series of ln Φ.
#[cfg_attr(not(debug_assertions), inline(always))]
fn ndtri_asymptote<R: Real>(s: R) -> R {
    // s² − x² = 2 ln(x √2π) − 2 ln(1 − x⁻² + 3x⁻⁴ − …); each step gains a factor 1/s².
    let mut x = s;
    for _ in 0..if R::double() { 6 } else { 4 } {
        let z = x.square().recip();
        let series = z * (z * (z * (z * 105.0 - 15.0) + 3.0) - 1.0);
        x = s - (x.ln() + HALF_LN_TWO_PI - series.ln_1p()) * 2.0 / (s + x);
    }
    // At s = ∞ the correction is ∞/∞.
    R::select(s.lt(R::constant(1e18)), x, s)
}
