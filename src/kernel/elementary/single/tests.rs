//! Accuracy over the bit patterns of `f32`, against f64, and the values at the edges.

use super::super::double;
use super::*;

/// How far `computed` is from `exact`, in units of the last place of an f32 at `exact`. The wrong
/// sign of a zero is infinitely far, and so is a finite number from an infinite or undefined one.
fn ulps(computed: f32, exact: f64) -> f64 {
    let rounded = exact as f32;
    if rounded.is_nan() || computed.is_nan() || rounded.is_infinite() || computed.is_infinite() {
        let same = computed == rounded || (computed.is_nan() && rounded.is_nan());
        return if same { 0.0 } else { f64::INFINITY };
    }
    if rounded == 0.0
        && computed == 0.0
        && rounded.is_sign_negative() != computed.is_sign_negative()
    {
        return f64::INFINITY;
    }
    let below = f64::from(rounded.abs()) > exact.abs();
    let magnitude = if below { rounded.abs().next_down() } else { rounded.abs() };
    let above = magnitude.min(f32::MAX.next_down()).next_up();
    let unit = f64::from(above) - f64::from(above.next_down());
    (f64::from(computed) - exact).abs() / unit
}

struct Case {
    name: &'static str,
    /// Just above the greatest error seen over every seventh bit pattern.
    limit: f64,
    computed: fn(f32) -> f32,
    exact: fn(f64) -> f64,
    /// Where the reduction of the argument is meant to hold.
    largest: f32,
}

fn case(
    name: &'static str,
    limit: f64,
    computed: fn(f32) -> f32,
    exact: fn(f64) -> f64,
    largest: f32,
) -> Case {
    Case { name, limit, computed, exact, largest }
}

const ANY: f32 = f32::INFINITY;

fn cases() -> Vec<Case> {
    vec![
        case("exp", 1.15, exp, f64::exp, ANY),
        case("exp_m1", 1.55, exp_m1, f64::exp_m1, ANY),
        case("ln", 0.9, ln, f64::ln, ANY),
        case("ln_1p", 1.5, ln_1p, f64::ln_1p, ANY),
        case("tanh", 1.6, tanh, f64::tanh, ANY),
        case("sigmoid", 1.6, sigmoid, double::sigmoid, ANY),
        case("sin_pi", 1.0, sin_pi, double::sin_pi, ANY),
        case("cos_pi", 0.85, cos_pi, double::cos_pi, ANY),
        case("atan", 0.95, atan, f64::atan, ANY),
        case("erf", 1.15, erf, double::erf, ANY),
        case("erfc", 3.0, erfc, double::erfc, ANY),
        case("sqrt by pow", 0.51, |x| pow(x, 0.5), |x| x.powf(0.5), ANY),
        case("pow 31", 0.51, |x| pow(x, 31.0), |x| x.powf(31.0), ANY),
        case("pow -7.7", 0.51, |x| pow(x, -7.7), |x| x.powf(f64::from(-7.7f32)), ANY),
        case("power of 1.5", 0.51, |y| pow(1.5, y), |y| 1.5f64.powf(y), ANY),
        case("power of -2", 0.51, |y| pow(-2.0, y), |y| (-2.0f64).powf(y), ANY),
    ]
}

fn sweep(stride: usize) {
    for Case { name, limit, computed, exact, largest } in cases() {
        let mut worst = (0.0, 0.0);
        for bits in (0..=u32::MAX).step_by(stride) {
            let x = f32::from_bits(bits);
            let error = ulps(computed(x), exact(f64::from(x)));
            if x.abs() > largest && error.is_finite() {
                continue;
            }
            worst = if error > worst.0 { (error, x) } else { worst };
        }
        assert!(worst.0 <= limit, "{name}({:e}) is {:.3} ULP off", worst.1, worst.0);
    }
}

#[test]
fn every_function_is_accurate_over_all_bit_patterns() {
    sweep(70_001);
}

/// Takes half an hour unoptimised and a few minutes with `--release`.
#[test]
#[ignore = "slow: every seventh f32 for each function"]
fn every_function_is_accurate_at_every_seventh_float() {
    sweep(7);
}

/// What the sweep does not meet: the exact ends of the domains and ranges.
#[test]
fn edges_are_exact() {
    let edges = [
        0.0,
        1.0,
        0.5,
        1.5,
        2.0,
        3.0,
        1e-45,
        1.1754944e-38,
        88.722_84,
        88.722_83,
        103.972_08,
        103.98,
        10.054,
        10.06,
        16_777_216.0,
        f32::MAX,
        f32::INFINITY,
        f32::NAN,
    ];
    for Case { name, limit, computed, exact, largest } in cases() {
        for x in edges.into_iter().flat_map(|x| [x, -x]) {
            let error = ulps(computed(x), exact(f64::from(x)));
            let counts = x.abs() <= largest || !error.is_finite();
            assert!(!counts || error <= limit, "{name}({x:e}) = {:e}", computed(x));
        }
    }
}

/// Every pair of awkward arguments, against the standard library.
#[test]
fn powers_of_awkward_arguments_follow_the_standard() {
    let magnitudes = [0.0, 1e-45, 0.5, 1.0, 2.0, 2.5, 3.0, 16_777_217.0, 1e30, f32::INFINITY];
    let all: Vec<f32> =
        magnitudes.iter().flat_map(|&m| [m, -m]).chain([f32::NAN, f32::MAX]).collect();
    for &x in &all {
        for &y in &all {
            let error = ulps(pow(x, y), f64::from(x).powf(f64::from(y)));
            assert!(error <= 0.51, "pow({x:e}, {y:e}) = {:e}", pow(x, y));
        }
    }
}
