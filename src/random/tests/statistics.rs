//! Statistics of the streams. Every bound is set for a false-alarm rate of at most 10⁻⁶ a comparison;
//! keys are fixed, so a failure is a defect and not bad luck.

use super::reference::{assert_follows, assert_mean, mean_of, normal_cdf};
use crate::random::draw::{Draw, Exponential, Gumbel, Normal, Uniform};
use crate::random::host_float::HostFloat;
use crate::random::key::Key;
use crate::random::stream::{Source, fill, fill_bits};

const COUNT: usize = 1 << 20;

fn draws<E: HostFloat + Into<f64>, T: Draw>(key: Key, source: Source) -> Vec<f64> {
    let mut out = vec![E::literal(0.0); COUNT];
    fill::<E, T>(&mut out, key, source);
    out.into_iter().map(Into::into).collect()
}

fn assert_law<T: Draw>(name: &str, cdf: fn(f64) -> f64, mean: f64, variance: f64, kurtosis: f64) {
    let check = |name: String, values: Vec<f64>| {
        assert_mean(&name, mean_of(&values, |x| x), mean, variance.sqrt(), COUNT);
        let spread = mean_of(&values, |x| (x - mean).powi(2));
        let deviation = variance * (kurtosis - 1.0).sqrt();
        assert_mean(&name, spread, variance, deviation, COUNT);
        assert_follows(&name, values, cdf);
    };
    check(format!("f32 {name}"), draws::<f32, T>(Key::new(11), Source::Stream));
    check(format!("f64 {name}"), draws::<f64, T>(Key::new(12), Source::Stream));
    for number in [0, 1] {
        let source = Source::Attempt { attempt: 3, number };
        check(format!("f32 {name}, attempt"), draws::<f32, T>(Key::new(13), source));
        check(format!("f64 {name}, attempt"), draws::<f64, T>(Key::new(14), source));
    }
}

#[test]
fn laws() {
    assert_law::<Uniform>("uniform", |x| x, 0.5, 1.0 / 12.0, 1.8);
    assert_law::<Normal>("normal", normal_cdf, 0.0, 1.0, 3.0);
    assert_law::<Exponential>("exponential", |x| -(-x).exp_m1(), 1.0, 1.0, 9.0);
    let variance = core::f64::consts::PI.powi(2) / 6.0;
    let euler = 0.577_215_664_901_532_9;
    assert_law::<Gumbel>("gumbel", |x| (-(-x).exp()).exp(), euler, variance, 5.4);
}

/// Third and fourth moments of normals, and the counts beyond 3 and 4 standard deviations.
#[test]
fn shape_of_the_normal() {
    let values = draws::<f32, Normal>(Key::new(21), Source::Stream);
    assert_mean("third moment", mean_of(&values, |z| z.powi(3)), 0.0, 15.0_f64.sqrt(), COUNT);
    assert_mean("fourth moment", mean_of(&values, |z| z.powi(4)), 3.0, 96.0_f64.sqrt(), COUNT);
    for limit in [3.0, 4.0] {
        for sign in [-1.0, 1.0] {
            let tail = normal_cdf(-limit);
            let beyond = mean_of(&values, |z| f64::from(u8::from(sign * z > limit)));
            assert_mean("tail", beyond, tail, tail.sqrt(), COUNT);
        }
    }
}

/// Correlation of two streams of standard normals; its standard error is 1/√n.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    sum / (a.len().min(b.len()) as f64).sqrt()
}

/// Six standard errors, 2·10⁻⁹ a comparison, over some 200 comparisons.
const CORRELATION_LIMIT: f64 = 6.0;

#[test]
fn neighbours_are_uncorrelated() {
    let values = draws::<f32, Normal>(Key::new(31), Source::Stream);
    let own = draws::<f32, Normal>(Key::new(31), Source::Attempt { attempt: 0, number: 0 });
    for lag in (1..=70).chain([128, 256, 1000, 1024, 16_384, 65_536]) {
        for values in [&values, &own] {
            let r = correlation(values, &values[lag..]);
            assert!(r.abs() < CORRELATION_LIMIT, "lag {lag}: {r} standard errors");
        }
    }
}

#[test]
fn keys_and_sources_are_uncorrelated() {
    let stream = |key: Key| draws::<f32, Normal>(key, Source::Stream);
    let key = Key::new(0);
    let [first, second] = key.split();
    let mut streams = vec![stream(key), stream(first), stream(second)];
    streams.extend([1, 2, 1 << 32].map(|seed| stream(Key::new(seed))));
    streams.extend([0, 1].map(|data| stream(key.fold_in(data))));
    streams.push(stream(key.salted("normal")));
    for (attempt, number) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        streams.push(draws::<f32, Normal>(key, Source::Attempt { attempt, number }));
    }
    for later in 1..streams.len() {
        for earlier in 0..later {
            let r = correlation(&streams[earlier], &streams[later]);
            assert!(r.abs() < CORRELATION_LIMIT, "{earlier}, {later}: {r} standard errors");
        }
    }
}

#[test]
fn bits_are_balanced_and_pairs_even() {
    let mut words = vec![0; COUNT];
    for seed in [41, 42] {
        fill_bits(&mut words, Key::new(seed));
        for bit in 0..32 {
            let ones = words.iter().filter(|&&word| word >> bit & 1 == 1).count() as f64;
            let z = (2.0 * ones - COUNT as f64) / (COUNT as f64).sqrt();
            assert!(z.abs() < 6.0, "bit {bit}: {z} standard errors");
        }
        // χ² of the leading and of the trailing four bits of words at several distances.
        for shift in [28, 0] {
            for lag in [1, 2, 3, 4, 5, 32, 64] {
                let mut cells = [0_u32; 256];
                let pairs = words
                    .chunks_exact(2 * lag)
                    .flat_map(|chunk| chunk[..lag].iter().zip(&chunk[lag..]));
                let mut count = 0.0;
                for (a, b) in pairs {
                    cells[((a >> shift & 15) << 4 | b >> shift & 15) as usize] += 1;
                    count += 1.0;
                }
                let expected = count / 256.0;
                let chi_squared: f64 =
                    cells.iter().map(|&cell| (f64::from(cell) - expected).powi(2) / expected).sum();
                // The approximation of Wilson and Hilferty (1931); 5.5 is 4·10⁻⁸ a comparison.
                let scale = 2.0 / (9.0 * 255.0);
                let z = ((chi_squared / 255.0).cbrt() - (1.0 - scale)) / scale.sqrt();
                assert!(z.abs() < 5.5, "seed {seed}, lag {lag}: z = {z}");
            }
        }
    }
}
