//! What holds for both precisions: the same bits whatever instructions the loop is compiled to.

use super::{double, single};
use pulp::{Arch, Simd, WithSimd};

struct Loop<'a, T, F>(&'a [T], &'a mut [T], F);

impl<T: Copy, F: Fn(T) -> T> WithSimd for Loop<'_, T, F> {
    type Output = ();

    #[inline(always)]
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
            compare(stringify!($name), &doubles, bits_64, #[inline(always)] |x| double::$name(x));
            compare(stringify!($name), &singles, bits_32, #[inline(always)] |x| single::$name(x));
        )*};
    }
    each!(exp exp_m1 ln ln_1p tanh sigmoid sin_pi cos_pi atan erf erfc);
    compare(
        "pow",
        &doubles,
        bits_64,
        #[inline(always)]
        |x| double::pow(x, 2.7),
    );
    compare(
        "pow",
        &singles,
        bits_32,
        #[inline(always)]
        |x| single::pow(x, -2.7),
    );
}
