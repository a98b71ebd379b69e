//! The same functions to about 28 digits in double-double arithmetic (Dekker 1971), from their
//! series: slow, simple and independent of the polynomials under test.

use core::ops::{Add, Div, Mul, Neg, Sub};

/// An unevaluated sum, the second part at most half a last bit of the first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wide(pub f64, pub f64);

const LN_2: Wide = Wide(core::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);
const PI: Wide = Wide(core::f64::consts::PI, 1.224_646_799_147_353_2e-16);
const HALF_PI_THIRD_PART: f64 = -1.497_384_905_065_873e-33;
const TWO_OVER_SQRT_PI: Wide = Wide(core::f64::consts::FRAC_2_SQRT_PI, 1.533_545_961_316_588e-17);

fn sum(a: f64, b: f64) -> Wide {
    let total = a + b;
    let b_part = total - a;
    Wide(total, (a - (total - b_part)) + (b - b_part))
}

fn product(a: f64, b: f64) -> Wide {
    Wide(a * b, a.mul_add(b, -(a * b)))
}

impl From<f64> for Wide {
    fn from(x: f64) -> Self {
        Wide(x, 0.0)
    }
}

impl Add for Wide {
    type Output = Wide;
    fn add(self, other: Wide) -> Wide {
        let high = sum(self.0, other.0);
        let low = sum(self.1, other.1);
        let first = sum(high.0, high.1 + low.0);
        sum(first.0, first.1 + low.1)
    }
}

impl Neg for Wide {
    type Output = Wide;
    fn neg(self) -> Wide {
        Wide(-self.0, -self.1)
    }
}

impl Sub for Wide {
    type Output = Wide;
    fn sub(self, other: Wide) -> Wide {
        self + -other
    }
}

impl Mul for Wide {
    type Output = Wide;
    fn mul(self, other: Wide) -> Wide {
        let high = product(self.0, other.0);
        sum(high.0, high.1 + self.0.mul_add(other.1, self.1 * other.0))
    }
}

impl Div for Wide {
    type Output = Wide;
    fn div(self, other: Wide) -> Wide {
        let first = Wide::from(self.0 / other.0);
        let second = Wide::from((self - first * other).0 / other.0);
        let third = Wide::from((self - (first + second) * other).0 / other.0);
        first + second + third
    }
}

/// `mantissa · 2^exponent`.
pub(crate) struct Scaled(pub Wide, pub i32);

impl From<Wide> for Scaled {
    fn from(x: Wide) -> Self {
        Scaled(x, 0)
    }
}

fn times_two_to(x: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    x * 2f64.powi(half) * 2f64.powi(exponent - half)
}

/// How far `computed` is from `exact`, in units of the last place of an f64 at `exact`.
pub(crate) fn ulps(computed: f64, exact: &Scaled) -> f64 {
    let Scaled(mantissa, exponent) = *exact;
    let rounded = times_two_to(mantissa.0, exponent);
    if !rounded.is_finite() || !computed.is_finite() {
        return if computed == rounded { 0.0 } else { f64::INFINITY };
    }
    let unit = (rounded.abs().next_up() - rounded.abs()).min(2f64.powi(971));
    let difference = Wide::from(times_two_to(computed, -exponent)) - mantissa;
    difference.0.abs() / times_two_to(unit, -exponent)
}

pub(crate) fn exp(x: Wide) -> Scaled {
    let k = (x.0 / LN_2.0).round();
    let r = (x - LN_2 * k.into()) * Wide::from(1.0 / 64.0);
    let mut power = Wide::from(1.0) + exp_m1_series(r);
    for _ in 0..6 {
        power = power * power;
    }
    Scaled(power, k as i32)
}

fn exp_m1_series(x: Wide) -> Wide {
    (1..28)
        .rev()
        .fold(Wide::from(0.0), |tail, n| x * (Wide::from(1.0) + tail) / Wide::from(f64::from(n)))
}

pub(crate) fn exp_m1(x: Wide) -> Scaled {
    if x.0.abs() < 0.4 {
        return exp_m1_series(x).into();
    }
    let Scaled(mantissa, k) = exp(x);
    // Far out the one is far below the last bit; there 2^-k would overflow.
    if k > 200 { Scaled(mantissa, k) } else { Scaled(mantissa - Wide::from(2f64.powi(-k)), k) }
}

pub(crate) fn tanh(x: f64) -> Wide {
    let Scaled(mantissa, k) = exp_m1(Wide::from((2.0 * x).clamp(-90.0, 90.0)));
    let t = mantissa * Wide::from(2f64.powi(k));
    t / (t + 2.0.into())
}

pub(crate) fn ln_1p(x: Wide) -> Wide {
    if x.0.abs() < 0.1 {
        let s = x / (x + 2.0.into());
        let square = s * s;
        let series = (0..40).rev().fold(Wide::from(0.0), |tail, n| {
            square * tail + Wide::from(2.0) / Wide::from(f64::from(2 * n + 1))
        });
        return s * series;
    }
    ln(x + 1.0.into())
}

pub(crate) fn ln(x: Wide) -> Wide {
    // x = 2^k m with m near 1; then one Newton step on exp from a rounded start.
    let k = ((x.0.to_bits() >> 52) as i32 - 1023).max(-1022) + i32::from(x.0 < f64::MIN_POSITIVE);
    let scaled = Wide(times_two_to(x.0, -k), times_two_to(x.1, -k));
    let start = scaled.0.ln();
    let Scaled(mantissa, shift) = exp(Wide::from(-start));
    let ratio = scaled * mantissa * Wide::from(2f64.powi(shift)) - 1.0.into();
    let near = (scaled - 1.0.into()).0.abs() < 0.1;
    let log = if near {
        ln_1p(scaled - 1.0.into())
    } else {
        Wide::from(start) + ratio - ratio * ratio * 0.5.into()
    };
    LN_2 * Wide::from(f64::from(k)) + log
}

pub(crate) fn pow(x: f64, y: f64) -> Scaled {
    exp(Wide::from(y) * ln(x.into()))
}

/// (sine, cosine) of |r| ≤ 1.
fn sine_cosine(r: Wide) -> (Wide, Wide) {
    let square = -(r * r);
    let series = |offset: f64| {
        (1..20).rev().fold(Wide::from(1.0), |tail, n| {
            let n = 2.0 * f64::from(n) + offset;
            Wide::from(1.0) + square * tail / Wide::from(n * (n - 1.0))
        })
    };
    (r * series(1.0), series(0.0))
}

/// (sine, cosine) after `quarters` quarter turns and r radians.
fn turned(quarters: f64, r: Wide) -> (Wide, Wide) {
    let (sine, cosine) = sine_cosine(r);
    match quarters.rem_euclid(4.0) as u8 {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

pub(crate) fn sine_cosine_radians(x: f64) -> (Wide, Wide) {
    let quarters = (x / (PI.0 / 2.0)).round();
    let rest = Wide::from(x) - product(quarters, PI.0 / 2.0) - product(quarters, PI.1 / 2.0);
    turned(quarters, rest - product(quarters, HALF_PI_THIRD_PART))
}

pub(crate) fn sine_cosine_half_turns(x: f64) -> (Wide, Wide) {
    let rest = x % 2.0;
    let quarters = (2.0 * rest).round();
    turned(quarters, PI * Wide::from(rest - 0.5 * quarters))
}

pub(crate) fn atan(x: f64) -> Wide {
    if x.abs() > 1e40 {
        return PI * Wide::from(0.5f64.copysign(x));
    }
    let start = x.atan();
    let (sine, cosine) = sine_cosine_radians(start);
    let turn = (cosine * x.into() - sine) / (cosine + sine * x.into());
    Wide::from(start) + turn
}

/// By the series of `erf(x) exp(x²)`, whose terms are all positive; |x| ≤ 6.5.
pub(crate) fn erf(x: f64) -> Wide {
    let square = product(x, x);
    let series = (0..220).rev().fold(Wide::from(1.0), |tail, n| {
        Wide::from(1.0) + square * tail / Wide::from(f64::from(n) + 1.5)
    });
    let Scaled(mantissa, k) = exp(-square);
    TWO_OVER_SQRT_PI * Wide::from(x) * series * mantissa * Wide::from(2f64.powi(k))
}

/// By `1 - erf` on the left and by Laplace's continued fraction from 2 on.
pub(crate) fn erfc(x: f64) -> Scaled {
    if x < 2.0 {
        return (Wide::from(1.0) - erf(x.max(-6.5))).into();
    }
    let square = product(x, x);
    let fraction = (1..300)
        .rev()
        .fold(Wide::from(x), |tail, n| Wide::from(x) + Wide::from(0.5 * f64::from(n)) / tail);
    let Scaled(mantissa, k) = exp(-square);
    Scaled(mantissa * TWO_OVER_SQRT_PI * 0.5.into() / fraction, k)
}

/// Values from mpmath at 45 digits, so that the reference does not rest on itself.
#[test]
fn reference_agrees_with_published_arithmetic() {
    let cases: [(&str, Scaled, Wide); 12] = [
        ("exp(-1.7)", exp(Wide::from(-1.7)), Wide(0.18268352405273466, -5.430659906894856e-18)),
        ("exp_m1(0.3)", exp_m1(Wide::from(0.3)), Wide(0.3498588075760031, 1.6549155728191776e-17)),
        ("tanh(0.3)", tanh(0.3).into(), Wide(0.2913126124515909, -6.4602656586469586e-18)),
        ("ln(7.3)", ln(Wide::from(7.3)).into(), Wide(1.9878743481543455, -7.33258575199512e-17)),
        (
            "ln_1p(1e-5)",
            ln_1p(Wide::from(1e-5)).into(),
            Wide(9.999950000333332e-06, -2.3868637284493416e-22),
        ),
        ("pow(1.7, 9.3)", pow(1.7, 9.3), Wide(139.05127289708742, -1.2738096515060973e-14)),
        (
            "sine_cosine_radians(98765.4).0.into()",
            sine_cosine_radians(98765.4).0.into(),
            Wide(0.010156269463366752, 2.498652300532095e-19),
        ),
        (
            "sine_cosine_half_turns(5.3).1.into()",
            sine_cosine_half_turns(5.3).1.into(),
            Wide(-0.5877852522924736, 5.447784428118197e-19),
        ),
        ("atan(2.2)", atan(2.2).into(), Wide(1.1441688336680205, 9.192057479511552e-17)),
        ("erf(0.7)", erf(0.7).into(), Wide(0.6778011938374184, 5.860416063065593e-18)),
        ("erfc(1.1)", erfc(1.1), Wide(0.11979493042591827, 3.550744643146631e-18)),
        ("erfc(5.5)", erfc(5.5), Wide(7.357847917974398e-15, -2.2410709375634793e-31)),
    ];
    for (name, Scaled(value, k), expected) in cases {
        let scale = Wide::from(2f64.powi(k));
        let error = (value * scale - expected).0 / expected.0;
        assert!(error.abs() < 1e-27, "{name}: relative error {error:e}");
    }
}
