//! Streams that are broken in one place each: the battery refuses them, by the checks that are
//! there for it. A right stream of another generator passes.

use core::f64::consts::TAU;
use std::collections::BTreeSet;

use crate::battery::{Reading, assert_passes, stream, two_streams};
use crate::bits::words;
use crate::laws::Law;
use crate::long::Totals;
use crate::{Other, SHAPE};

const COUNT: usize = SHAPE[0] * SHAPE[1];
const COLUMNS: usize = SHAPE[1];

fn uniforms(seed: u64) -> Vec<f64> {
    let mut other = Other(seed);
    (0..COUNT).map(|_| other.uniform()).collect()
}

fn raw(seed: u64) -> Vec<u32> {
    let mut other = Other(seed);
    (0..COUNT).map(|_| (other.word() >> 32) as u32).collect()
}

fn refused(readings: &[Reading]) -> BTreeSet<&'static str> {
    readings.iter().filter(|reading| reading.fails()).map(|reading| reading.check).collect()
}

/// Fails unless all these checks refuse.
#[track_caller]
fn assert_refused(mistake: &str, readings: &[Reading], checks: &[&str]) {
    let refused = refused(readings);
    println!("{mistake}: refused by {refused:?}");
    for check in checks {
        assert!(refused.contains(check), "{mistake}: {check} does not refuse it");
    }
}

/// One number in `often` replaced by a function of the one so many places before it.
fn following(often: usize, places: usize, f: fn(f64) -> f64) -> Vec<f64> {
    let mut values = uniforms(1);
    for index in (places..COUNT).step_by(often) {
        values[index] = f(values[index - places]);
    }
    values
}

#[test]
fn a_right_stream_passes() {
    assert_passes("stream", &stream(&uniforms(1), COLUMNS));
    assert_passes("words", &words(&raw(2), COLUMNS));
    assert_passes("two streams", &two_streams("", &uniforms(3), &uniforms(4)));
    let normal = Law::density(&[-12.0, 12.0], |y| -y * y / 2.0);
    let readings = normals(&normal, |z| z);
    assert_eq!(refused(&readings), BTreeSet::new());
    assert_eq!(readings.len(), 4 + 3 * 3);
}

#[test]
fn broken_numbers_are_refused() {
    let of = |f: fn(f64) -> f64| -> Vec<Reading> {
        let values: Vec<f64> = uniforms(1).into_iter().map(f).collect();
        stream(&values, COLUMNS)
    };
    assert_refused("a power", &of(|u| u.powf(0.97)), &["moments", "distribution"]);
    assert_refused("more in the middle", &of(|u| u + 0.02 * (TAU * u).sin()), &["moments"]);
    assert_refused("an atom", &of(|u| if u < 0.01 { 0.01 } else { u }), &["distribution"]);
    assert_refused("five bits", &of(|u| (u * 31.0).round() / 31.0), &["distribution", "pairs"]);
    assert_refused("beyond the end", &of(|u| u * (1.0 + 1e-4)), &["range"]);
    assert_refused("not a number", &of(|u| if u < 1e-4 { f64::NAN } else { u }), &["range"]);
}

#[test]
fn dependent_neighbours_are_refused() {
    let check = |mistake: &str, values: Vec<f64>, checks: &[&str]| {
        assert_refused(mistake, &stream(&values, COLUMNS), checks);
    };
    check("repeated neighbours", following(41, 1, |u| u), &["lags in rows"]);
    check("opposite neighbours", following(41, 13, |u| 1.0 - u), &["lags in rows"]);
    check("repeated rows", following(41, 3 * COLUMNS, |u| u), &["lags in columns"]);
    // Of no correlation with it.
    let tent = |u: f64| 1.0 - (2.0 * u - 1.0).abs();
    check("a tent of the neighbour", following(11, 1, tent), &["pairs"]);
    check(
        "a multiple of a neighbour",
        following(29, 2, |u| (3.0 * u).fract()),
        &["lags in rows", "pairs"],
    );
    // An additive recurrence: too even, as good as no chance.
    let golden = |index: usize| (index as f64 * 0.618_033_988_749_894_9).fract();
    check("too even", (0..COUNT).map(golden).collect(), &["lags in rows", "pairs"]);
    let mut shuffled: Vec<usize> = (0..COUNT).collect();
    let mut other = Other(6);
    for last in (1..COUNT).rev() {
        shuffled.swap(last, (other.word() % (last as u64 + 1)) as usize);
    }
    // Every cell of the grid as often as every other.
    let mut even = vec![0.0; COUNT];
    for (pair, place) in shuffled.iter().filter(|place| **place < COUNT / 2).enumerate() {
        even[2 * place] = ((pair % 16) as f64 + other.uniform()) / 16.0;
        even[2 * place + 1] = ((pair / 16 % 16) as f64 + other.uniform()) / 16.0;
    }
    check("pairs too even", even, &["pairs"]);
}

#[test]
fn broken_words_are_refused() {
    let check = |mistake: &str, values: Vec<u32>, checks: &[&str]| {
        assert_refused(mistake, &words(&values, COLUMNS), checks);
    };
    // The period of bit k is 2ᵏ⁺¹, and no word comes twice.
    let mut state = 1_u32;
    let congruential = core::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state
    });
    let linear = ["bits of successors", "pairs of low bits", "ties"];
    check("a linear congruence", congruential.take(4 * COUNT).collect(), &linear);
    let each = |f: fn(u32) -> u32| raw(2).into_iter().map(f).collect::<Vec<u32>>();
    check("a stuck bit", each(|word| word | 1 << 9), &["bits"]);
    check(
        "a bit that is seldom set",
        each(|word| word & !(word << 7 & word << 8 & 1 << 13)),
        &["bits"],
    );
    check("two equal bits", each(|word| word & !2 | (word & 1) << 1), &["neighbouring bits"]);
    check("few words", each(|word| word & !0xF0 | (word >> 4 & 0xF0)), &["ties"]);
}

#[test]
fn related_streams_are_refused() {
    let (first, second) = (uniforms(3), uniforms(4));
    let check = |mistake: &str, other: Vec<f64>, checks: &[&str]| {
        assert_refused(mistake, &two_streams("", &first, &other), checks);
    };
    check("one key twice", first.clone(), &["streams", "pairs of streams"]);
    check("the same, later", first[3..].to_vec(), &["streams"]);
    let mix = |f: fn(f64) -> f64, often: usize| -> Vec<f64> {
        let mut mixed = second.clone();
        (0..COUNT).step_by(often).for_each(|index| mixed[index] = f(first[index]));
        mixed
    };
    check("some of the same", mix(|u| u, 47), &["streams"]);
    check("some that depend", mix(|u| (4.0 * u).fract(), 11), &["pairs of streams"]);
}

/// The moments and tails of normals that went through a function.
fn normals(law: &Law, mistake: impl Fn(f64) -> f64) -> Vec<Reading> {
    let mut totals = Totals::new(law, 4).with_tails(&[2.0, 3.0, 4.0]);
    let mut other = Other(7);
    for _ in 0..4 * COUNT {
        // Box and Muller (1958).
        let radius = (-2.0 * other.uniform().ln()).sqrt();
        totals.add(mistake(radius * (TAU * other.uniform()).cos()));
    }
    let mut readings = totals.moments(f32::EPSILON.into());
    readings.extend(totals.tails(f32::EPSILON.into(), 0.0));
    readings
}

#[test]
fn broken_normals_are_refused() {
    let law = Law::density(&[-12.0, 12.0], |y| -y * y / 2.0);
    let check = |mistake: &str, f: fn(f64) -> f64, checks: &[&str]| {
        assert_refused(mistake, &normals(&law, f), checks);
    };
    check("moved", |z| z + 0.01, &["own moments"]);
    check("wide", |z| z * 1.01, &["own moments"]);
    check("cut off", |z| z.clamp(-3.9, 3.9), &["tails"]);
    check("one tail cut off", |z| z.min(2.9), &["tails"]);
    check("a heavy tail", |z| if z > 3.0 { 1.1 * z } else { z }, &["tails"]);
}
