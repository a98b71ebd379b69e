//! Log-gamma draws against an independent implementation and against the exact distribution.

use super::goldens::{KEY, LOG_GAMMAS_F32, LOG_GAMMAS_F64};
use super::reference::{assert_follows, assert_mean, digamma, gamma_cdf, mean_of, trigamma};
use crate::random::draw::Exponential;
use crate::random::gamma::fill_log_gamma;
use crate::random::host_float::HostFloat;
use crate::random::key::Key;
use crate::random::stream::{Source, fill};

fn draws<E: HostFloat>(concentration: &[E], key: Key) -> Vec<E> {
    let mut out = vec![E::literal(0.0); concentration.len()];
    fill_log_gamma(concentration, &mut out, key);
    out
}

/// The terms of ln d + 3 ln(1 + t) + ln U / a may cancel, so the error is measured against the
/// largest of them rather than against the draw.
fn assert_golden<E: HostFloat + Into<f64>>(golden: &[(f64, f64)], tolerance: f64) {
    let key = Key::new(KEY);
    let concentration: Vec<E> = golden.iter().map(|&(a, _)| E::literal(a)).collect();
    let values = draws(&concentration, key);
    let mut boosts = values.clone();
    fill::<E, Exponential>(&mut boosts, key, Source::Stream);
    for (index, &(concentration, expected)) in golden.iter().enumerate() {
        let (value, boost): (f64, f64) = (values[index].into(), boosts[index].into());
        let shift = if concentration < 1.0 {
            boost / concentration
        } else {
            0.0
        };
        let error = (value - expected).abs() / expected.abs().max(shift).max(1.0);
        assert!(
            error < tolerance,
            "draw {index} of {concentration}: {error:e}"
        );
    }
}

#[test]
fn golden_draws() {
    assert_golden::<f64>(&LOG_GAMMAS_F64, 2e-15);
    assert_golden::<f32>(&LOG_GAMMAS_F32, 8e-7);
}

/// KS against P(a, ·), then mean ψ(a) and variance ψ′(a) of the logarithm.
fn assert_distribution<E: HostFloat + Into<f64>>(concentration: f64, count: usize) {
    let stored = E::literal(concentration);
    let exact: f64 = stored.into();
    let key = Key::new(concentration.to_bits());
    let values: Vec<f64> = draws(&vec![stored; count], key)
        .into_iter()
        .map(Into::into)
        .collect();
    let (mean, variance) = (digamma(exact), trigamma(exact));
    let name = format!(
        "{} log-gamma of {concentration}",
        core::any::type_name::<E>()
    );
    // Rounding a draw to `f32` at ln 10⁶ adds at most (10⁻⁶)²/3 to a variance of 10⁻⁶ and more.
    assert_mean(&name, mean_of(&values, |g| g), mean, variance.sqrt(), count);
    // The fourth central moment of a log-gamma is at most nine times the squared variance.
    let spread = mean_of(&values, |g| (g - mean).powi(2));
    assert_mean(&name, spread, variance, variance * 8.0_f64.sqrt(), count);
    assert_follows(&name, values, |g| gamma_cdf(exact, g));
}

#[test]
fn distribution_in_single() {
    for concentration in [1e-4, 1e-3, 0.1, 0.5, 0.999, 1.0, 3.7, 40.0, 1e3, 1e6] {
        assert_distribution::<f32>(concentration, 200_000);
    }
}

#[test]
fn distribution_in_double() {
    for concentration in [1e-4, 1e-3, 0.1, 0.5, 0.999, 1.0, 3.7, 40.0, 1e3, 1e6] {
        assert_distribution::<f64>(concentration, 200_000);
    }
}

#[test]
fn edges_of_the_concentration() {
    fn check<E: HostFloat + Into<f64>>() {
        let [zero, infinity] = [0.0, f64::INFINITY].map(E::literal);
        let concentration = [
            zero,
            -zero,
            infinity,
            -E::literal(1.0),
            E::literal(f64::NAN),
        ];
        for seed in 0..200 {
            let values: Vec<f64> = draws(&concentration, Key::new(seed))
                .into_iter()
                .map(Into::into)
                .collect();
            assert_eq!(
                values[..3],
                [f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY]
            );
            assert!(values[3].is_nan() && values[4].is_nan());
        }
    }
    check::<f32>();
    check::<f64>();
    // Far beyond the range that is promised: finite, and concentrated at ln a.
    for value in draws(&[1e30_f32; 1000], Key::new(0)) {
        assert!((value - 1e30_f32.ln()).abs() < 1e-5);
    }
    assert!(
        draws(&[1e-30_f32; 1000], Key::new(0))
            .into_iter()
            .all(f32::is_finite)
    );
}
