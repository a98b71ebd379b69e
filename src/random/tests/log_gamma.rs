//! Log-gamma draws against an independent implementation; how they are distributed is checked in
//! `tests/randomness`.

use super::goldens::{KEY, LOG_GAMMAS_F32, LOG_GAMMAS_F64};
use crate::kernel::grid::{Operand, Readers};
use crate::kernel::lanes::{self, Lane};
use crate::random::draw::{Exponential, Normal};
use crate::random::gamma::{
    ATTEMPTS, Proposals, excess, fill_log_gamma, finish, first_accepted, propose,
};
use crate::random::host_float::HostFloat;
use crate::random::key::Key;
use crate::random::stream::{Source, fill};

pub(super) fn draws<E: HostFloat + lanes::HostFloat>(concentration: &[E], key: Key) -> Vec<E> {
    let length = concentration.len();
    let mut out = vec![E::literal(0.0); length];
    let operand = Operand::new(concentration, 0, &[length], &[1], &[length]);
    fill_log_gamma(&Readers::new(&[length], vec![operand], &mut []), &mut out, key);
    out
}

/// The terms of ln d + 3 ln(1 + t) + ln U / a may cancel, so the error is measured against the
/// largest of them rather than against the draw.
fn assert_golden<E: HostFloat + lanes::HostFloat + Into<f64>>(
    golden: &[(f64, f64)],
    tolerance: f64,
) {
    let key = Key::new(KEY);
    let concentration: Vec<E> = golden.iter().map(|&(a, _)| E::literal(a)).collect();
    let values = draws(&concentration, key);
    let mut boosts = values.clone();
    fill::<E, Exponential>(&mut boosts, key, Source::Stream);
    for (index, &(concentration, expected)) in golden.iter().enumerate() {
        let (value, boost): (f64, f64) = (values[index].into(), boosts[index].into());
        let shift = if concentration < 1.0 { boost / concentration } else { 0.0 };
        let error = (value - expected).abs() / expected.abs().max(shift).max(1.0);
        assert!(error < tolerance, "draw {index} of {concentration}: {error:e}");
    }
}

#[test]
fn golden_draws() {
    assert_golden::<f64>(&LOG_GAMMAS_F64, 2e-15);
    assert_golden::<f32>(&LOG_GAMMAS_F32, 8e-7);
}

#[test]
fn edges_of_the_concentration() {
    fn check<E: HostFloat + lanes::HostFloat + Into<f64>>() {
        let [zero, infinity] = [0.0, f64::INFINITY].map(E::literal);
        let concentration = [zero, -zero, infinity, -E::literal(1.0), E::literal(f64::NAN)];
        for seed in 0..200 {
            let values: Vec<f64> =
                draws(&concentration, Key::new(seed)).into_iter().map(Into::into).collect();
            assert_eq!(values[..3], [f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY]);
            assert!(values[3].is_nan() && values[4].is_nan());
        }
    }
    check::<f32>();
    check::<f64>();
    // Far beyond the range that is promised: finite, and concentrated at ln a.
    for value in draws(&[1e30_f32; 1000], Key::new(0)) {
        assert!((value - 1e30_f32.ln()).abs() < 1e-5);
    }
    assert!(draws(&[1e-30_f32; 1000], Key::new(0)).into_iter().all(f32::is_finite));
}

/// The form without a host loop: all noise first, then a choice for every element.
#[test]
fn attempts_can_be_drawn_as_whole_tensors() {
    fn check<E: HostFloat + lanes::HostFloat>() {
        let key = Key::new(77);
        let count = 20_000;
        let concentration: Vec<E> =
            (0..count).map(|index| E::literal(0.05 + (index % 89) as f64 * 0.05)).collect();
        let drawn = |source, normals| {
            let mut noise = vec![E::literal(0.0); count];
            if normals {
                fill::<E, Normal>(&mut noise, key, source);
            } else {
                fill::<E, Exponential>(&mut noise, key, source);
            }
            noise
        };
        let noise: Vec<[Vec<E>; 2]> = (0..ATTEMPTS)
            .map(|attempt| {
                [0, 1].map(|number| drawn(Source::Attempt { attempt, number }, number == 0))
            })
            .collect();
        let boosts = drawn(Source::Stream, false);
        let expected = draws(&concentration, key);
        let mut retried = 0;
        for index in 0..count {
            let proposals = Proposals::new(Lane(concentration[index]));
            let [normal, exponential] = noise[0].each_ref().map(|noise| Lane(noise[index]));
            retried += usize::from(!propose(proposals, normal, exponential).accepted);
            let log_ratio = first_accepted(proposals, 0..ATTEMPTS, |attempt| {
                let [normals, tests] = &noise[attempt as usize];
                (Lane(normals[index]), Lane(tests[index]))
            });
            let draw = finish(
                Lane(concentration[index]),
                proposals.centre,
                log_ratio,
                Lane(boosts[index]),
            )
            .0;
            assert!(draw == expected[index], "{index}: {draw:?}, {:?}", expected[index]);
        }
        // Some elements must have needed a second attempt, or half of this was not tested.
        assert!((10..count / 20).contains(&retried), "{retried} retried");
    }
    check::<f32>();
    check::<f64>();
}

/// The stated behaviour at the bound, which no key can be expected to reach.
#[test]
fn refused_proposals_end_at_the_centre() {
    let proposals = Proposals::new(Lane(2.0_f64));
    let log_ratio = first_accepted(proposals, 0..ATTEMPTS, |_| (Lane(-9.0), Lane(1e-3)));
    assert_eq!(log_ratio.0, 0.0);
    let draw = finish(Lane(2.0), proposals.centre, Lane(0.0), Lane(1.0));
    assert_eq!(draw.0, (2.0_f64 - 1.0 / 3.0).ln());
}

/// The acceptance probability behind the bound, by the trapezoidal rule: E min(1, u-test) over a
/// standard normal.
#[test]
fn acceptance_exceeds_95_percent() {
    let mut last = 0.95;
    for concentration in [1.0, 1.0001, 1.1, 1.5, 2.0, 5.0, 100.0, 1e6] {
        let proposals = Proposals::new(Lane(concentration));
        let step = 1e-3;
        let accepted: f64 = (-9000..9000)
            .map(|index| {
                let x = f64::from(index) * step;
                let t = x / (3.0 * f64::sqrt(proposals.centre.0));
                if t <= -1.0 {
                    return 0.0;
                }
                // By the textbook's form of the test.
                let v = (1.0 + t).powi(3);
                let log = 0.5 * x * x + proposals.centre.0 * (1.0 - v + v.ln());
                (log - 0.5 * x * x).exp() * step / (2.0 * core::f64::consts::PI).sqrt()
            })
            .sum();
        assert!(accepted > last - 1e-6, "{concentration}: {accepted}");
        last = accepted;
    }
    assert!((1.0_f64 - 0.95).powi(ATTEMPTS as i32) < 1e-10);
}

/// The acceptance test's s(t), on both sides of the seam between series and difference.
#[test]
fn excess_keeps_its_digits() {
    for step in -990..6000 {
        let t = f64::from(step) * 1e-3;
        if t.abs() < 0.01 {
            continue; // Here the reference itself cancels.
        }
        let reference = t - t * t / 2.0 + t.powi(3) / 3.0 - t.ln_1p();
        let double = excess(Lane(t), Lane((1.0 + t).ln())).0;
        assert!((double - reference).abs() <= 1e-8 * reference, "{t}: {double}, {reference}");
        let single = t as f32;
        let single = f64::from(excess(Lane(single), Lane((1.0 + single).ln())).0);
        // The difference loses the rounding of 1 + t and a few of its largest term, some 10⁻⁷,
        // times 3d < 34·x² in the test of a proposal; rounding t adds s′(t)·t.
        let largest = if t.abs() < 0.1 { 0.0 } else { t.abs().powi(3).max(1.0) };
        let allowed = 2e-7 * (largest + 4.0 * reference);
        assert!((single - reference).abs() <= allowed, "{t}: {single}, {reference}");
    }
    // Far inside, the leading term of the series.
    assert!((excess(Lane(1e-5_f32), Lane(1e-5)).0 / 2.5e-21 - 1.0).abs() < 1e-4);
}
