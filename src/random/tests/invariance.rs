//! Golden streams, prefix stability, independence of threads.

use super::goldens::*;
use super::log_gamma::draws;
use super::reference::{ulps_f32, ulps_f64};
use crate::kernel::lanes;
use crate::random::draw::{Draw, Exponential, Gumbel, Normal, Uniform, UniformHalfOpen};
use crate::random::host_float::HostFloat;
use crate::random::key::Key;
use crate::random::stream::{Source, fill, fill_bits};

fn stream<E: HostFloat, T: Draw>(count: usize) -> Vec<E> {
    drawn::<E, T>(count, Source::Stream)
}

fn drawn<E: HostFloat, T: Draw>(count: usize, source: Source) -> Vec<E> {
    let mut out = vec![E::literal(0.0); count];
    fill::<E, T>(&mut out, Key::new(KEY), source);
    out
}

fn bits(count: usize) -> Vec<u32> {
    let mut out = vec![0; count];
    fill_bits(&mut out, Key::new(KEY));
    out
}

fn log_gammas<E: HostFloat + lanes::HostFloat>(count: usize) -> Vec<E> {
    let concentration: Vec<E> =
        (0..count).map(|index| E::literal(0.01 + (index % 977) as f64 * 0.01)).collect();
    draws(&concentration, Key::new(KEY))
}

#[test]
fn golden_bits_and_uniforms() {
    assert_eq!(bits(WORDS.len()), WORDS);
    let expected = UNIFORMS_F32.map(|steps| steps as f32 / 16_777_216.0);
    assert_eq!(stream::<f32, Uniform>(expected.len()), expected);
    let expected = UNIFORMS_F64.map(|steps| steps as f64 / 9_007_199_254_740_992.0);
    assert_eq!(stream::<f64, Uniform>(expected.len()), expected);
}

#[test]
fn golden_normals_and_exponentials() {
    for (index, z) in stream::<f32, Normal>(16).into_iter().enumerate() {
        assert!(ulps_f32(z, NORMALS_F32[index]) <= 5.0, "normal {index}");
    }
    for (index, z) in stream::<f64, Normal>(16).into_iter().enumerate() {
        assert!(ulps_f64(z, NORMALS_F64[index]) <= 5.0, "normal {index}");
    }
    for (index, e) in stream::<f32, Exponential>(16).into_iter().enumerate() {
        assert!(ulps_f32(e, EXPONENTIALS_F32[index]) <= 4.0, "exponential {index}");
    }
    for (index, e) in stream::<f64, Exponential>(16).into_iter().enumerate() {
        assert!(ulps_f64(e, EXPONENTIALS_F64[index]) <= 4.0, "exponential {index}");
    }
}

#[test]
fn golden_keys() {
    let key = Key::new(KEY);
    let [first, second] = key.split();
    let derived = [first, second, key.fold_in(0), key.fold_in(5), key.salted("a")];
    assert_eq!(derived, KEYS.map(Key::new));
}

/// The first draws do not depend on how many are drawn, across batches, chunks and the threshold
/// for threads.
fn assert_prefix_stable<T: PartialEq + core::fmt::Debug>(draws: impl Fn(usize) -> Vec<T>) {
    let all = draws(150_001);
    for count in [0, 1, 2, 3, 5, 31, 32, 33, 63, 64, 65, 1000, 16_384, 65_535, 65_536, 65_537] {
        assert!(draws(count) == all[..count], "the first {count} draws differ");
    }
}

#[test]
fn prefixes_are_stable() {
    assert_prefix_stable(bits);
    assert_prefix_stable(stream::<f32, Uniform>);
    assert_prefix_stable(stream::<f64, Uniform>);
    assert_prefix_stable(stream::<f32, UniformHalfOpen>);
    assert_prefix_stable(stream::<f32, Normal>);
    assert_prefix_stable(stream::<f64, Normal>);
    assert_prefix_stable(stream::<f32, Gumbel>);
    assert_prefix_stable(log_gammas::<f32>);
    assert_prefix_stable(log_gammas::<f64>);
    let source = Source::Attempt { attempt: 2, number: 1 };
    assert_prefix_stable(|count| drawn::<f32, Normal>(count, source));
    assert_prefix_stable(|count| drawn::<f64, Normal>(count, source));
}

#[test]
fn threads_do_not_matter() {
    let draws = || {
        (
            bits(200_003),
            stream::<f32, Normal>(200_003),
            stream::<f64, Exponential>(200_003),
            log_gammas::<f32>(200_003),
        )
    };
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let one = pool(1).install(draws);
    for threads in [2, 3, 7] {
        assert!(pool(threads).install(draws) == one, "{threads} threads");
    }
}

/// The words behind `f64` draws are the words behind `f32` draws, in pairs.
#[test]
fn one_stream_for_both_types() {
    let narrow = bits(64);
    for (index, u) in stream::<f64, UniformHalfOpen>(32).into_iter().enumerate() {
        let wide = u64::from(narrow[2 * index + 1]) << 32 | u64::from(narrow[2 * index]);
        assert_eq!(u, (wide >> 11) as f64 / 9_007_199_254_740_992.0);
    }
}
