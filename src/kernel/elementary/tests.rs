//! What holds for both precisions: the same bits whatever instructions the loop is compiled to.

use super::{double, single};
use pulp::{Arch, Simd, WithSimd};

struct Loop<'a, T, F>(&'a [T], &'a mut [T], F);

impl<T: Copy, F: Fn(T) -> T> WithSimd for Loop<'_, T, F> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_simd<S: Simd>(self, _: S) {
        for (input, output) in self.0.iter().zip(self.1) {
            *output = (self.2)(*input);
        }
    }
}

fn compare<T: Copy>(name: &str, inputs: &[T], bits: fn(T) -> u64, f: impl Fn(T) -> T + Copy) {
    let mut dispatched = inputs.to_vec();
    Arch::new().dispatch(Loop(inputs, &mut dispatched, f));
    for (input, output) in inputs.iter().zip(dispatched) {
        let plain = core::hint::black_box(f)(core::hint::black_box(*input));
        assert_eq!(bits(output), bits(plain), "{name} of {:x}", bits(*input));
    }
}

/// The bits, but one pattern for all NaN.
fn bits_64(x: f64) -> u64 {
    if x.is_nan() { u64::MAX } else { x.to_bits() }
}

fn bits_32(x: f32) -> u64 {
    bits_64(f64::from(x))
}

#[test]
fn dispatched_loops_give_the_bits_of_plain_code() {
    let doubles: Vec<f64> = (0u64..4099)
        .map(|n| f64::from_bits(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .chain((0..4099).map(|n| f64::from(n) * 0.01 - 20.0))
        .collect();
    let singles: Vec<f32> = (0u32..4099)
        .map(|n| f32::from_bits(n.wrapping_mul(0x9e37_79b9)))
        .chain((0..4099u16).map(|n| f32::from(n) * 0.01 - 20.0))
        .collect();
    macro_rules! each {
        ($($name:ident)*) => {$(
            compare(stringify!($name), &doubles, bits_64, #[cfg_attr(not(debug_assertions), inline(always))] |x| double::$name(x));
            compare(stringify!($name), &singles, bits_32, #[cfg_attr(not(debug_assertions), inline(always))] |x| single::$name(x));
        )*};
    }
    each!(exp exp_m1 ln ln_1p tanh sigmoid sin_pi cos_pi atan erf erfc);
    compare(
        "pow",
        &doubles,
        bits_64,
        #[cfg_attr(not(debug_assertions), inline(always))]
        |x| double::pow(x, 2.7),
    );
    compare(
        "pow",
        &singles,
        bits_32,
        #[cfg_attr(not(debug_assertions), inline(always))]
        |x| single::pow(x, -2.7),
    );
}

#[test]
fn logarithms_in_two_parts_have_the_digits_of_both() {
    // By mpmath at 50 digits.
    for (x, high, low) in [
        (10.0, core::f64::consts::LN_10, -2.170_756_223_382_249_4e-16),
        (0.7, -0.356_674_943_938_732_45, 4.825_563_799_376_62e-18),
        (1.000_000_1, 9.999_999_505_838_704e-8, 1.524_970_952_844_148_9e-24),
        (3e-310, -712.7027665394861, 5.060_294_180_236_257e-14),
        (1234.5, 7.118_421_308_785_234, -1.865_350_488_379_875e-16),
    ] {
        let (got, rest) = double::ln_pair(x);
        let error: f64 = (got - high) + (rest - low);
        assert!(error.abs() < 4e-18 * high.abs().max(1.0), "ln {x}: {got:e} + {rest:e}");
        let back = double::exp_pair(got, rest);
        assert!((back / x - 1.0).abs() < 2.3e-16, "{x}: {back}");
    }
    for n in 1..2000u16 {
        let x = (f32::from(n) * 0.37).powi(3) * 1e-3;
        let (high, low) = single::ln_pair(x);
        let error = f64::from(high) - f64::from(x).ln() + f64::from(low);
        assert!(error.abs() < 4e-9, "ln {x}: {high:e} + {low:e}, off by {error:e}");
        assert!((single::exp_pair(high, low) / x - 1.0).abs() < 2e-7, "{x}");
    }
    assert_eq!(single::ln_pair(0.0), (f32::NEG_INFINITY, 0.0));
    assert_eq!(double::ln_pair(f64::INFINITY), (f64::INFINITY, 0.0));
    assert_eq!(double::exp_pair(f64::NEG_INFINITY, 0.0), 0.0);
    assert!(double::ln_pair(-1.0).0.is_nan() && single::exp_pair(f32::NAN, 0.0).is_nan());
}

#[test]
fn exponentials_within_bounds_are_accurate() {
    // The remainder as Taylor's series where the difference would cancel.
    let remainder = |x: f64| {
        let series = (2..30).rev().fold(0.0, |sum, k| (sum + 1.0) * x / f64::from(k)) * x;
        if x.abs() < 1.0 { series } else { x.exp_m1() - x }
    };
    for n in -4000..=4000 {
        let x = f64::from(n) * 0.0101;
        let got = double::exp_m1_remainder(x);
        assert!((got - remainder(x)).abs() <= 2e-15 * remainder(x), "{x}: {got:e}");
        let single_x = x as f32;
        let (got, want) = (single::exp_m1_remainder(single_x), remainder(f64::from(single_x)));
        assert!((f64::from(got) - want).abs() <= 8e-7 * want, "{x}: {got:e} {want:e}");
        if x <= 0.0 {
            assert!((double::exp_within(x) - x.exp()).abs() < 3e-16, "{x}");
            let want = f64::from(single_x).exp();
            assert!((f64::from(single::exp_within(single_x)) - want).abs() < 1.3e-7, "{x}");
        }
    }
}

#[test]
fn exponentials_of_negative_numbers_are_accurate_and_end_at_zero() {
    for n in 0..=8000 {
        let x = f64::from(n) * -0.0885;
        let (got, want) = (double::exp_below_zero(x), x.exp());
        let near = (got - want).abs() <= 4e-16 * want;
        assert!(if x < -708.0 { got == 0.0 } else { near }, "{x}: {got:e} {want:e}");
        let x = x as f32 / 8.0;
        let (got, want) = (f64::from(single::exp_below_zero(x)), f64::from(x).exp());
        let near = (got - want).abs() <= 1.5e-7 * want;
        assert!(if x < -87.0 { got == 0.0 } else { near }, "{x}: {got:e} {want:e}");
    }
    assert_eq!(single::exp_below_zero(f32::NEG_INFINITY), 0.0);
    assert_eq!(double::exp_below_zero(f64::NEG_INFINITY), 0.0);
    assert!(single::exp_below_zero(f32::NAN).is_nan());
    assert!(double::exp_below_zero(f64::NAN).is_nan());
}
