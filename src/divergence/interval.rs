//! What a Uniform hands to other families: expectations over an interval.

use crate::kernel::Real;

/// `value` where the interval from `low` lies in the positive half-line, else +∞ with derivative 0.
#[inline(always)]
pub(super) fn within_positive<R: Real>(low: R, value: R) -> R {
    R::select(low.lt(R::constant(0.0)), R::constant(f64::INFINITY), value)
}

/// Added under a logarithm that is multiplied by its argument: t ln t and t ln² t are not changed
/// where they matter, but their derivatives, infinite at 0, are cut off there. Smaller, and the
/// square of the derivative would overflow in f32 and meet a factor 0.
const TINY: f64 = 1e-30;

#[inline(always)]
fn ln_above_zero<R: Real>(t: R) -> R {
    (t + TINY).ln()
}

/// 1/(2k + 3) for k = `N` − 1 down to 0: (artanh(h)/h − 1)/h² in powers of h².
const fn artanh_series<const N: usize>() -> [f64; N] {
    let mut series = [0.0; N];
    let mut k = 0;
    while k < N {
        series[N - 1 - k] = 1.0 / (2 * k + 3) as f64;
        k += 1;
    }
    series
}

#[inline(always)]
fn polynomial<R: Real>(x: R, coefficients: &[f64]) -> R {
    let first = R::constant(coefficients[0]);
    coefficients[1..].iter().fold(first, |sum, c| sum * x + *c)
}

/// The interval relative to its middle: 1 − h, 1 + h, h and (artanh(h)/h − 1)/h².
struct Relative<R: Real> {
    low: R,
    high: R,
    half_width: R,
    tail: R,
    narrow: R::Mask,
}

impl<R: Real> Relative<R> {
    #[inline(always)]
    fn new(low: R, high: R) -> Self {
        // Below h = ½: twelve terms leave 1e-8, twenty-five 1e-16.
        const SINGLE: [f64; 12] = artanh_series();
        const DOUBLE: [f64; 25] = artanh_series();
        let mean = low * 0.5 + high * 0.5;
        let half_width = (high - low) * 0.5 / mean;
        let (low, high) = (low / mean, high / mean);
        let narrow = half_width.lt(R::constant(0.5));
        let square = half_width.square();
        let near =
            if R::double() { polynomial(square, &DOUBLE) } else { polynomial(square, &SINGLE) };
        let artanh = (high.ln() - ln_above_zero(low)) * 0.5;
        let far = (artanh / half_width - 1.0) / square;
        Self { low, high, half_width, tail: R::select(narrow, near, far), narrow }
    }
}

/// ln E x − E ln x ≥ 0 for x uniform on an interval of positive numbers, h²/6 for narrow ones.
#[inline(always)]
pub(super) fn log_mean_gap<R: Real>(low: R, high: R) -> R {
    // E ln x is (high ln high − low ln low)/width − 1, of which nothing is left for narrow
    // intervals; −½ ln(1 − h²) − h² tail loses a factor of three at most.
    let at = Relative::new(low, high);
    let square = at.half_width.square();
    let narrow = (-square).ln_1p() * -0.5 - square * at.tail;
    let moments = at.high * at.high.ln() - at.low * ln_above_zero(at.low);
    let wide = -(moments / (at.half_width * 2.0)) + 1.0;
    R::select(at.narrow, narrow, wide)
}

/// The derivatives of E ln x in both ends: how far E ln x is from the logarithm of each, over the
/// width.
#[inline(always)]
pub(super) fn log_mean_slopes<R: Real>(low: R, high: R) -> [R; 2] {
    // Both distances as a logarithm relative to the middle and the gap, of the same order and less.
    let (at, gap) = (Relative::new(low, high), log_mean_gap(low, high));
    let ln = |near: R, end: R| R::select(at.narrow, near.ln_1p(), end);
    let below = -ln(-at.half_width, ln_above_zero(at.low)) - gap;
    let above = ln(at.half_width, at.high.ln()) + gap;
    [below / (high - low), above / (high - low)]
}

/// 3 var(ln x)/h² for x uniform on an interval of positive numbers: 1 for narrow ones, 3 from 0.
#[inline(always)]
pub(super) fn log_variance_ratio<R: Real>(low: R, high: R) -> R {
    // var(ln x) = 1 − (1 − h²) (artanh(h)/h)², divided by h² before anything is subtracted.
    let at = Relative::new(low, high);
    let square = at.half_width.square();
    let inner = at.tail * (square * at.tail + 2.0);
    -(at.low * at.high * inner) * 3.0 + 3.0
}

/// Gauss's points on [0, 1] for the interval [−1, 1], each with the weight of the mean over both
/// signs.
const NODES_F32: [(f64, f64); 3] = [
    (0.0, 0.284_444_444_444_444_44),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.906_179_845_938_664, 0.236_926_885_056_189_1),
];
const NODES_F64: [(f64, f64); 5] = [
    (0.0, 0.165_119_677_500_629_88),
    (0.324_253_423_403_808_93, 0.312_347_077_040_002_84),
    (0.613_371_432_700_590_4, 0.260_610_696_402_935_46),
    (0.836_031_107_326_635_8, 0.180_648_160_694_857_4),
    (0.968_160_239_507_626_1, 0.081_274_388_361_574_4),
];

/// ln(1 + z²), also where z² overflows.
#[inline(always)]
fn ln_1p_square<R: Real>(z: R) -> R {
    let far = z.abs().gt(R::constant(1e10));
    R::select(far, z.abs().ln() * 2.0, z.square().ln_1p())
}

/// The antiderivative of ln(1 + z²).
#[inline(always)]
fn ln_1p_square_integral<R: Real>(z: R) -> R {
    z * (ln_1p_square(z) - 2.0) + z.atan() * 2.0
}

/// The mean over an interval of a function that is smooth there, by Gauss's rule.
#[inline(always)]
fn mean_by_rule<R: Real>(middle: R, half: R, function: impl Fn(R) -> R) -> R {
    let nodes: &[(f64, f64)] = if R::double() { &NODES_F64 } else { &NODES_F32 };
    let mut sum = R::constant(0.0);
    for (node, weight) in nodes {
        let (left, right) = (middle - half * *node, middle + half * *node);
        sum = sum + (function(left) + function(right)) * (weight * 0.5);
    }
    sum
}

/// The middle and half the width, and whether that is narrow beside its distance to ±i, where
/// ln(1 + z²) is singular: antiderivatives at the ends would cancel, and Gauss's rule gains a factor
/// of 66 with each point.
#[inline(always)]
fn around<R: Real>(low: R, high: R, width: R) -> (R, R, R::Mask) {
    let (middle, half) = (low * 0.5 + high * 0.5, width * 0.5);
    (middle, half, half.le(middle.abs().max(R::constant(1.0)) * 0.25))
}

/// The mean of ln(1 + z²) over an interval of the given width.
#[inline(always)]
pub(super) fn mean_ln_1p_square<R: Real>(low: R, high: R, width: R) -> R {
    let (middle, half, narrow) = around(low, high, width);
    let rule = mean_by_rule(
        middle,
        half,
        #[inline(always)]
        |z| ln_1p_square(z),
    );
    let difference = ln_1p_square_integral(high) - ln_1p_square_integral(low);
    R::select(narrow, rule, difference / width)
}

/// ln(1 + high²) − ln(1 + low²).
#[inline(always)]
fn ln_1p_square_gain<R: Real>(low: R, high: R, width: R) -> R {
    // From the smaller of both, and relative to it: far out the logarithms themselves would cancel.
    let rising = low.abs().lt(high.abs());
    let base = R::select(rising, low, high);
    let square = base.square() + 1.0;
    let gain = width / square * (low + high);
    let near = R::select(rising, gain, -gain).ln_1p();
    let far = base.abs().gt(R::constant(1e10)) | (low + high).abs().gt(R::constant(1e10));
    let difference = ln_1p_square(high) - ln_1p_square(low);
    R::select(far, difference, R::select(rising, near, -near))
}

/// 2/(1 + z²).
#[inline(always)]
fn falling<R: Real>(z: R) -> R {
    (z.square() + 1.0).recip() * 2.0
}

/// 2z/(1 + z²), as 2/(z + 1/z) where the square overflows.
#[inline(always)]
fn rising<R: Real>(z: R) -> R {
    R::select(z.abs().gt(R::constant(1.0)), (z + z.recip()).recip() * 2.0, z * falling(z))
}

/// The means of 2z/(1 + z²), the derivative of ln(1 + z²), and of 2/(1 + z²).
#[inline(always)]
pub(super) fn mean_slopes<R: Real>(low: R, high: R, width: R) -> [R; 2] {
    let (middle, half, narrow) = around(low, high, width);
    let by_rule = [mean_by_rule(middle, half, rising), mean_by_rule(middle, half, falling)];
    let logs = ln_1p_square_gain(low, high, width);
    let angles = (high.atan() - low.atan()) * 2.0;
    [R::select(narrow, by_rule[0], logs / width), R::select(narrow, by_rule[1], angles / width)]
}
