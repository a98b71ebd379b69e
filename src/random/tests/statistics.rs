//! Statistics of the numbers that rejection samplers draw from blocks of their own, which no public
//! function shows; all that is public is in `tests/randomness`. Every bound is set for a false-alarm
//! rate of at most 10⁻⁶ a comparison; keys are fixed, so a failure is a defect and not bad luck.

use core::f64::consts::{EULER_GAMMA, PI};

use super::reference::{assert_follows, assert_mean, mean_of, normal_cdf};
use crate::random::draw::{Draw, Exponential, Gumbel, Normal, Uniform};
use crate::random::host_float::HostFloat;
use crate::random::key::Key;
use crate::random::stream::{Source, fill};

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
    for number in [0, 1] {
        let source = Source::Attempt { attempt: 3, number };
        check(format!("f32 {name}"), draws::<f32, T>(Key::new(13), source));
        check(format!("f64 {name}"), draws::<f64, T>(Key::new(14), source));
    }
}

#[test]
fn laws_of_attempts() {
    assert_law::<Uniform>("uniform", |x| x, 0.5, 1.0 / 12.0, 1.8);
    assert_law::<Normal>("normal", normal_cdf, 0.0, 1.0, 3.0);
    assert_law::<Exponential>("exponential", |x| -(-x).exp_m1(), 1.0, 1.0, 9.0);
    let variance = PI.powi(2) / 6.0;
    assert_law::<Gumbel>("gumbel", |x| (-(-x).exp()).exp(), EULER_GAMMA, variance, 5.4);
}

/// Correlation of two streams of standard normals; its standard error is 1/√n.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    sum / (a.len().min(b.len()) as f64).sqrt()
}

/// Six standard errors, 2·10⁻⁹ a comparison, over some 100 comparisons.
const CORRELATION_LIMIT: f64 = 6.0;

#[test]
fn neighbours_are_uncorrelated() {
    let values = draws::<f32, Normal>(Key::new(31), Source::Attempt { attempt: 0, number: 0 });
    for lag in (1..=70).chain([128, 256, 1000, 1024, 16_384, 65_536]) {
        let r = correlation(&values, &values[lag..]);
        assert!(r.abs() < CORRELATION_LIMIT, "lag {lag}: {r} standard errors");
    }
}

#[test]
fn attempts_and_the_stream_are_uncorrelated() {
    let key = Key::new(0);
    let attempts = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)];
    let attempts = attempts.map(|(attempt, number)| Source::Attempt { attempt, number });
    let sources = [Source::Stream].into_iter().chain(attempts);
    let streams: Vec<_> = sources.map(|source| draws::<f32, Normal>(key, source)).collect();
    for later in 1..streams.len() {
        for earlier in 0..later {
            let r = correlation(&streams[earlier], &streams[later]);
            assert!(r.abs() < CORRELATION_LIMIT, "{earlier}, {later}: {r} standard errors");
        }
    }
}
