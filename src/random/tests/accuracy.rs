//! Conversions against 50-digit references, and what they can reach.

use super::goldens::*;
use super::reference::{ulps_f32, ulps_f64};
use crate::random::exponential::{exponential, gumbel};
use crate::random::host_float::HostFloat;
use crate::random::normal::normal;

/// Words at both ends, around the middle and the seams, and a regular sweep over all.
fn sweep_of_words() -> impl Iterator<Item = u32> {
    let ends = (0..1 << 16).flat_map(|word: u32| [word, !word]);
    let middle = (0..1 << 12).map(|step| (1 << 31) - (1 << 11) + step);
    let seams = (0..1 << 12).flat_map(|step| {
        let word = (0.075 * 4_294_967_296.0) as u32 - (1 << 11) + step;
        [word, !word]
    });
    ends.chain(middle).chain(seams).chain((0..1 << 20).map(|step| step * 4093 + 77))
}

#[test]
fn uniforms_are_open_exact_and_symmetric() {
    for word in sweep_of_words() {
        let u = f32::uniform(word);
        assert!(u > 0.0 && u < 1.0 && u != 0.5);
        assert_eq!(f64::from(u) * 2.0_f64.powi(24), f64::from(word >> 8 | 1));
        assert_eq!(f32::uniform(!word), 1.0 - u);
        let half_open = f32::uniform_half_open(word);
        assert!((0.0..1.0).contains(&half_open));
        let wide = u64::from(word) << 32 | u64::from(word.wrapping_mul(0x9E37_79B9));
        let u = f64::uniform(wide);
        assert!(u > 0.0 && u < 1.0 && u != 0.5);
        assert_eq!(u * 2.0_f64.powi(53), (wide >> 11 | 1) as f64);
        assert_eq!(f64::uniform(!wide), 1.0 - u);
        assert!((0.0..1.0).contains(&f64::uniform_half_open(wide)));
    }
    assert_eq!(f32::uniform(0), 2.0_f32.powi(-24));
    assert_eq!(f32::uniform(u32::MAX), 1.0 - 2.0_f32.powi(-24));
    assert_eq!(f64::uniform(0), 2.0_f64.powi(-53));
    assert_eq!(f64::uniform(u64::MAX), 1.0 - 2.0_f64.powi(-53));
    assert_eq!(f32::uniform_half_open(0), 0.0);
    assert_eq!(f32::uniform_half_open(u32::MAX), 1.0 - 2.0_f32.powi(-24));
    assert_eq!(f64::uniform_half_open(u64::MAX), 1.0 - 2.0_f64.powi(-53));
}

#[test]
fn against_fifty_digits() {
    let (mut normal_worst, mut exponential_worst) = (0.0_f64, 0.0_f64);
    for (word, quantile, minus_log) in EXTREMES_F32 {
        normal_worst = normal_worst.max(ulps_f32(normal(word), quantile));
        exponential_worst = exponential_worst.max(ulps_f32(exponential(word), minus_log));
    }
    assert!(normal_worst <= 5.0, "f32 normal: {normal_worst} ulp");
    assert!(exponential_worst <= 4.0, "f32 exponential: {exponential_worst} ulp");
    let (mut normal_worst, mut exponential_worst) = (0.0_f64, 0.0_f64);
    for (word, quantile, minus_log) in EXTREMES_F64 {
        normal_worst = normal_worst.max(ulps_f64(normal(word), quantile));
        exponential_worst = exponential_worst.max(ulps_f64(exponential(word), minus_log));
    }
    assert!(normal_worst <= 5.0, "f64 normal: {normal_worst} ulp");
    assert!(exponential_worst <= 4.0, "f64 exponential: {exponential_worst} ulp");
}

/// Over the sweep, `f32` against `f64` at the same point of (0, 1).
#[test]
fn single_agrees_with_double() {
    let (mut normal_worst, mut exponential_worst) = (0.0_f64, 0.0_f64);
    for word in sweep_of_words() {
        // The middle of the 2³² wide points that share these leading bits: (w + ½)·2⁻³² again,
        // to 2⁻⁶⁵.
        let wide = u64::from(word) << 32 | 1 << 31;
        normal_worst = normal_worst.max(ulps_f32(normal(word), normal::<f64>(wide)));
        let minus_log = exponential::<f64>(wide);
        exponential_worst = exponential_worst.max(ulps_f32(exponential(word), minus_log));
        // The outer logarithm turns the relative error allowed to the exponential, 4 units of at
        // most 2⁻²³, into an absolute one.
        let reference = gumbel::<f64>(wide);
        let error = (f64::from(gumbel::<f32>(word)) - reference).abs();
        let allowed = 4.0 * 2.0_f64.powi(-23) * reference.abs().max(1.0);
        assert!(error <= allowed, "gumbel of {word}: {error}");
    }
    assert!(normal_worst <= 5.0, "normal: {normal_worst} ulp");
    assert!(exponential_worst <= 4.0, "exponential: {exponential_worst} ulp");
}

#[test]
fn tails_are_reached_symmetric_and_finite() {
    assert!(normal::<f32>(u32::MAX) > 6.33 && normal::<f64>(u64::MAX) > 9.0);
    assert!(exponential::<f32>(0) > 22.8 && exponential::<f64>(0) > 45.0);
    assert!(gumbel::<f32>(u32::MAX) > 22.8 && gumbel::<f32>(0) < -3.1);
    assert!(gumbel::<f64>(u64::MAX) > 45.0 && gumbel::<f64>(0) < -3.8);
    for word in sweep_of_words() {
        let z = normal::<f32>(word);
        assert!(z.is_finite() && z != 0.0);
        assert_eq!(z, -normal::<f32>(!word));
        let e = exponential::<f32>(word);
        assert!(e.is_finite() && e > 0.0);
        assert!(gumbel::<f32>(word).is_finite());
        let wide = u64::from(word) << 32 | u64::from(word.wrapping_mul(0x9E37_79B9));
        let z = normal::<f64>(wide);
        assert!(z.is_finite() && z != 0.0);
        assert_eq!(z, -normal::<f64>(!wide));
        let e = exponential::<f64>(wide);
        assert!(e.is_finite() && e > 0.0);
    }
    assert!(exponential::<f64>(u64::MAX) > 0.0 && normal::<f64>(1 << 63) > 0.0);
}
