//! Accuracy against double-double arithmetic, and the values at the edges.

use super::super::reference::{self, Scaled, Wide, ulps};
use super::*;

/// Uniform numbers of [0, 1): a Weyl sequence, so that every run sees the same points.
fn uniform(index: u32) -> f64 {
    (f64::from(index) * 0.618_033_988_749_894_9).fract()
}

#[derive(Clone, Copy)]
enum Spacing {
    Even,
    Logarithmic,
}
use Spacing::{Even, Logarithmic};

fn sample(spacing: Spacing, low: f64, high: f64, index: u32) -> f64 {
    match spacing {
        Even => low + (high - low) * uniform(index),
        Logarithmic => (low.ln() + (high.ln() - low.ln()) * uniform(index)).exp(),
    }
}

/// Asserts that no error over the ranges is above `limit` units in the last place.
fn check<const N: usize>(
    name: &str,
    limit: f64,
    ranges: [(Spacing, f64, f64); N],
    f: impl Fn(f64) -> f64,
    exact: impl Fn(f64) -> Scaled,
) {
    for (spacing, low, high) in ranges {
        for index in 0..3000 {
            let x = sample(spacing, low, high, index);
            let error = ulps(f(x), &exact(x));
            assert!(error <= limit, "{name}({x:e}) = {:e} is {error:.3} ULP off", f(x));
        }
    }
}

#[test]
fn exponentials_are_accurate() {
    check("exp", 1.0, [(Even, -745.2, 709.78), (Even, -1.0, 1.0)], exp, |x| {
        reference::exp(x.into())
    });
    let ranges = [(Even, -40.0, 709.0), (Even, -2.0, 2.0), (Logarithmic, 1e-320, 1.0)];
    check("exp_m1", 1.1, ranges, exp_m1, |x| reference::exp_m1(x.into()));
    let ranges = [(Even, -20.0, 20.0), (Even, -0.7, 0.7), (Logarithmic, 1e-320, 1.0)];
    check("tanh", 1.7, ranges, tanh, |x| reference::tanh(x).into());
    check("sigmoid", 1.6, [(Even, -744.0, 40.0), (Even, -3.0, 3.0)], sigmoid, |x| {
        let Scaled(e, k) = reference::exp(Wide::from(-x.abs()));
        let divisor = Wide::from(1.0) + e * Wide::from(2f64.powi(k.max(-1000)));
        if x < 0.0 { Scaled(e / divisor, k) } else { (Wide::from(1.0) / divisor).into() }
    });
}

#[test]
fn logarithms_are_accurate() {
    let ranges = [(Logarithmic, 1e-320, 1e308), (Even, 0.5, 2.0), (Even, 0.99, 1.01)];
    check("ln", 0.9, ranges, ln, |x| reference::ln(x.into()).into());
    let ranges = [(Logarithmic, 1e-320, 1e308), (Even, -0.999, 3.0), (Even, -0.01, 0.01)];
    check("ln_1p", 1.5, ranges, ln_1p, |x| reference::ln_1p(x.into()).into());
}

#[test]
fn trigonometry_is_accurate() {
    let ranges = [(Even, -4.0, 4.0), (Even, -1e5, 1e5), (Logarithmic, 1e-320, 1.0)];
    check("sin_pi", 1.0, ranges, sin_pi, |x| reference::sine_cosine_half_turns(x).0.into());
    check("cos_pi", 0.8, ranges, cos_pi, |x| reference::sine_cosine_half_turns(x).1.into());
    let ranges = [(Logarithmic, 1e-320, 1e308), (Even, -3.0, 3.0)];
    check("atan", 0.9, ranges, atan, |x| reference::atan(x).into());
}

#[test]
fn error_functions_are_accurate() {
    check("erf", 1.2, [(Even, -6.0, 6.0), (Logarithmic, 1e-320, 1.2)], erf, |x| {
        reference::erf(x).into()
    });
    let ranges = [(Even, -6.0, 0.0), (Even, 0.0, 2.0), (Even, 2.0, 27.2)];
    check("erfc", 2.7, ranges, erfc, reference::erfc);
}

#[test]
fn powers_are_accurate() {
    let bases =
        [(1e-3, 1e3, 100.0), (0.7, 1.45, 1900.0), (1e-320, 1e-300, 1.0), (0.5, 2.0, 1070.0)];
    for (low, high, largest) in bases {
        for index in 0..3000 {
            let x = sample(Logarithmic, low, high, index);
            let y = largest * (2.0 * uniform(index.wrapping_mul(7919) % 100_003) - 1.0);
            let error = ulps(pow(x, y), &reference::pow(x, y));
            assert!(error <= 1.0, "pow({x:e}, {y:e}) is {error:.3} ULP off");
        }
    }
}

/// Equal as bits, where all NaN are one.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// A function, and its values at some arguments.
type Edges<'a> = (&'a str, fn(f64) -> f64, &'a [(f64, f64)]);

#[test]
fn edges_are_exact() {
    const INF: f64 = f64::INFINITY;
    let cases: &[Edges] = &[
        ("exp", exp, &[(-0.0, 1.0), (INF, INF), (-INF, 0.0), (709.79, INF), (-745.14, 0.0)]),
        ("exp_m1", exp_m1, &[(-0.0, -0.0), (INF, INF), (-INF, -1.0), (709.79, INF)]),
        ("ln", ln, &[(1.0, 0.0), (0.0, -INF), (-0.0, -INF), (INF, INF), (-5e-324, f64::NAN)]),
        (
            "ln_1p",
            ln_1p,
            &[(-0.0, -0.0), (-1.0, -INF), (INF, INF), (-1.0000000000000002, f64::NAN)],
        ),
        ("tanh", tanh, &[(-0.0, -0.0), (INF, 1.0), (-INF, -1.0)]),
        ("sigmoid", sigmoid, &[(0.0, 0.5), (INF, 1.0), (-INF, 0.0)]),
        ("sin_pi", sin_pi, &[(-0.0, -0.0), (3.0, 0.0), (-2.0, -0.0), (2.5, 1.0), (1e300, 0.0)]),
        ("cos_pi", cos_pi, &[(0.5, 0.0), (-1.5, 0.0), (3.0, -1.0), (1e300, 1.0), (INF, f64::NAN)]),
        ("atan", atan, &[(-0.0, -0.0), (-INF, -core::f64::consts::FRAC_PI_2)]),
        ("erf", erf, &[(-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (6.0, 1.0)]),
        ("erfc", erfc, &[(-0.0, 1.0), (INF, 0.0), (-INF, 2.0), (27.3, 0.0), (1e300, 0.0)]),
    ];
    for (name, f, values) in cases {
        assert!(f(f64::NAN).is_nan(), "{name}(NaN)");
        for &(x, expected) in *values {
            assert!(same(f(x), expected), "{name}({x:e}) = {:e}, not {expected:e}", f(x));
        }
    }
}

/// Every pair of awkward arguments, against the standard library.
#[test]
fn powers_of_awkward_arguments_follow_the_standard() {
    let magnitudes =
        [0.0, 5e-324, 1e-310, 0.5, 1.0, 2.0, 2.5, 3.0, 9007199254740993.0, 1e300, f64::INFINITY];
    let all: Vec<f64> =
        magnitudes.iter().flat_map(|&m| [m, -m]).chain([f64::NAN, f64::MAX]).collect();
    for &x in &all {
        for &y in &all {
            let (computed, expected) = (pow(x, y), x.powf(y));
            let close = (computed - expected).abs() <= 2.3e-16 * expected.abs();
            assert!(close || same(computed, expected), "pow({x:e}, {y:e}) = {computed:e}");
        }
    }
}
