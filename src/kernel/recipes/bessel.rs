//! Modified Bessel functions of orders 0 and 1 for x >= 0, scaled, and their ratio.
//!
//! Up to 12 the integrals over the circle of e^(x cos θ) by the trapezoidal rule, which converges
//! like I₂ₙ(x) for periodic functions and adds only positive terms (Trefethen and Weideman 2014);
//! beyond, polynomials in 1/x; and for small values the power series.

use super::super::real::Real;
use super::fitted;

const SQRT_2_PI: f64 = 2.506_628_274_631_000_5;

/// √(2πx) e⁻ˣ I₀(x) as a function of 24/x − 1 for x >= 12; fit error 3e-9.
const I0_F32: [f64; 6] =
    [6.255895345e-8, 5.580830521e-7, 7.01115986e-6, 1.403278861e-4, 5.469884651e-3, 1.005336072];

/// The same with fit error 1e-17.
const I0_F64: [f64; 18] = [
    1.29403191984429783e-12,
    1.61368146979727908e-12,
    -6.10417346289509799e-12,
    -1.18952912597810292e-11,
    1.99235600716492004e-12,
    2.1759833919624353e-11,
    2.98488423335661914e-11,
    4.69291538451111079e-11,
    1.19700177776955862e-10,
    3.91609233070068958e-10,
    1.62458071078763891e-9,
    8.63140963090650775e-9,
    5.93780844807675142e-8,
    5.44340656002722384e-7,
    7.01281151883337054e-6,
    1.40333146131678438e-4,
    5.46988444022814348e-3,
    1.00533607183292948,
];

/// 2x (1 − I₁(x)/I₀(x)) as a function of 24/x − 1 for x >= 12; fit error 3e-9.
const RATIO_F32: [f64; 7] = [
    1.412118801e-7,
    7.102221315e-7,
    4.521568752e-6,
    4.156977567e-5,
    5.36769142e-4,
    1.138085466e-2,
    1.010881703,
];

/// The same with fit error 1e-17.
const RATIO_F64: [f64; 22] = [
    1.10934985142488923e-11,
    -4.74363702875510686e-12,
    -8.51980194242077255e-11,
    4.97591562484807837e-12,
    2.95185884201298861e-10,
    1.25149414143890537e-10,
    -5.20389534474053242e-10,
    -5.95184621109013948e-10,
    7.74916932887145387e-11,
    6.59068393524231201e-10,
    9.58970294210480601e-10,
    1.50828938624966117e-9,
    3.09064453874087839e-9,
    8.19064252320803887e-9,
    2.78955919715825431e-8,
    1.20116300265214473e-7,
    6.52623897858030881e-7,
    4.53569449305390665e-6,
    4.16001417658419284e-5,
    5.36766228278650148e-4,
    1.13808507680391182e-2,
    1.0108817033298238,
];

/// 1 − cos(πj/N) for j = 0 … N = 14.
#[rustfmt::skip]
const RISE_SINGLE: [f64; 15] = [
    0.0, 0.025072087818176395, 0.09903113209758087, 0.2181685175319702,
    0.37651019814126646, 0.5661162608824418, 0.7774790660436856, 1.0,
    1.2225209339563143, 1.433883739117558, 1.6234898018587336, 1.78183148246803,
    1.900968867902419, 1.9749279121818235, 2.0,
];

/// The same for N = 20.
#[rustfmt::skip]
const RISE_DOUBLE: [f64; 21] = [
    0.0, 0.012311659404862273, 0.04894348370484643, 0.10899347581163214,
    0.19098300562505258, 0.2928932188134525, 0.41221474770752686, 0.5460095002604533,
    0.6909830056250525, 0.8435655349597692, 1.0, 1.156434465040231,
    1.3090169943749475, 1.4539904997395467, 1.5877852522924731, 1.7071067811865475,
    1.8090169943749475, 1.8910065241883678, 1.9510565162951536, 1.9876883405951378,
    2.0,
];

/// 1/((k + 1)!)² and 1/(k! (k + 1)!) for k = `N` − 1 down to 0: with z = x²/4 the power series of
/// (I₀(x) − 1)/z and 2 I₁(x)/x.
const fn power_series<const N: usize>(order: usize) -> [f64; N] {
    let mut series = [1.0; N];
    let mut k = 1;
    while k < N {
        series[N - 1 - k] = series[N - k] / ((k + 1) * (k + order)) as f64;
        k += 1;
    }
    series
}

/// What the von Mises distribution and its like need of one x >= 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bessel<R> {
    /// e⁻ˣ I₀(x).
    pub(crate) i0e: R,
    /// A(x) = I₁(x)/I₀(x), relative also for small x.
    pub(crate) ratio: R,
    /// 1 − A(x), relative also for large x.
    pub(crate) complement: R,
    /// dA/dx.
    pub(crate) slope: R,
}

#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn bessel<R: Real>(x: R) -> Bessel<R> {
    let (circle, far) = (circle(x), far(x));
    let large = x.gt(R::constant(12.0));
    let pick = |of: fn(&Bessel<R>) -> R| R::select(large, of(&far), of(&circle));
    let ratio = pick(|b| b.ratio);
    // 1 − E(1 − cos θ) would lose a small ratio.
    let (i0_minus_1, half_i1) = near(x);
    let small = x * 0.5 * half_i1 / (i0_minus_1 + 1.0);
    Bessel {
        i0e: pick(|b| b.i0e),
        ratio: R::select(x.lt(R::constant(4.0)), small, ratio),
        // The mean of the rises is off by an ulp of 1 at 0, where it is 1.
        complement: R::select(x.lt(R::constant(1.0)), -small + 1.0, pick(|b| b.complement)),
        slope: pick(|b| b.slope),
    }
}

/// I₀(x) − 1 and 2 I₁(x)/x for x <= 4, by their power series.
#[cfg_attr(not(debug_assertions), inline(always))]
fn near<R: Real>(x: R) -> (R, R) {
    const SINGLE: [[f64; 10]; 2] = [power_series(1), power_series(0)];
    const DOUBLE: [[f64; 18]; 2] = [power_series(1), power_series(0)];
    let z = x.square() * 0.25;
    let shifted = fitted(z, &SINGLE[0], &DOUBLE[0]);
    (z * shifted, fitted(z, &SINGLE[1], &DOUBLE[1]))
}

/// Means over the circle weighted with e^(−x (1 − cos θ)), for x <= 12.
#[cfg_attr(not(debug_assertions), inline(always))]
fn circle<R: Real>(x: R) -> Bessel<R> {
    if R::double() { trapezoid(x, &RISE_DOUBLE) } else { trapezoid(x, &RISE_SINGLE) }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn trapezoid<R: Real, const N: usize>(x: R, rises: &[f64; N]) -> Bessel<R> {
    let zero = R::constant(0.0);
    let (mut total, mut first, mut second) = (zero, zero, zero);
    for (index, rise) in rises.iter().enumerate() {
        let weight = if index == 0 || index == N - 1 { 0.5 } else { 1.0 };
        let term = (x * -*rise).exp_of_term() * weight;
        total = total + term;
        first = first + term * *rise;
        second = second + term * (rise * rise);
    }
    let complement = first / total;
    Bessel {
        i0e: total * ((N - 1) as f64).recip(),
        ratio: -complement + 1.0,
        complement,
        // The variance of cos θ; a third of the mean square is left of the difference.
        slope: second / total - complement.square(),
    }
}

/// For x >= 12.
#[cfg_attr(not(debug_assertions), inline(always))]
fn far<R: Real>(x: R) -> Bessel<R> {
    let r = x.recip();
    let v = r * 24.0 - 1.0;
    let (value, derivative) =
        if R::double() { with_derivative(v, &RATIO_F64) } else { with_derivative(v, &RATIO_F32) };
    let complement = value * r * 0.5;
    Bessel {
        i0e: fitted(v, &I0_F32, &I0_F64) / (x.sqrt() * SQRT_2_PI),
        ratio: -complement + 1.0,
        complement,
        // d/dx of −value/(2x); 1 − A/x − A² would cancel.
        slope: r * r * 0.5 * (value + derivative * r * 24.0),
    }
}

/// A polynomial and its derivative by Horner's rule.
#[cfg_attr(not(debug_assertions), inline(always))]
fn with_derivative<R: Real, const N: usize>(v: R, coefficients: &[f64; N]) -> (R, R) {
    let mut derivative = R::constant(0.0);
    let mut value = R::constant(coefficients[0]);
    for coefficient in &coefficients[1..] {
        derivative = derivative * v + value;
        value = value * v + *coefficient;
    }
    (value, derivative)
}

/// e⁻ˣ I₀(x).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn i0e<R: Real>(x: R) -> R {
    bessel(x).i0e
}

/// e⁻ˣ I₁(x).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn i1e<R: Real>(x: R) -> R {
    let at = bessel(x);
    at.i0e * at.ratio
}

/// ln I₀(x), x²/4 for small x.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_i0<R: Real>(x: R) -> R {
    // Beyond 4 the sum loses less than a bit.
    let far = x + bessel(x).i0e.ln();
    R::select(x.lt(R::constant(4.0)), near(x).0.ln_1p(), far)
}
