//! Bessel functions and the von Mises distribution: values, derivatives, quantile, limits.

use core::f64::consts::PI;

use super::super::super::dual::Dual;
use super::super::super::lanes::{HostFloat, Lane};
use super::super::super::real::Real;
use super::super::super::tape::{Node, Program};
use super::super::von_mises_quantile::{von_mises_quantile_guess, von_mises_quantile_step};
use super::incomplete_beta::{relative32, table};
use super::{relative, replay, ulp};

fn bessels<R: Real>(x: R) -> [R; 6] {
    [
        x.i0e(),
        x.i1e(),
        x.log_i0(),
        x.bessel_ratio(),
        x.bessel_ratio_complement(),
        x.bessel_ratio_slope(),
    ]
}

#[test]
fn bessel_functions_are_accurate() {
    let single = Program::record(1, false, &|x: &[Node]| bessels(x[0]).to_vec());
    let double = Program::record(1, true, &|x: &[Node]| bessels(x[0]).to_vec());
    println!("tapes {} {}", single.instructions.len(), double.instructions.len());
    let mut worst = [[(0.0_f64, 0.0); 4]; 6];
    for row in table("bessel") {
        let (x, want) = (row[0], &row[1..]);
        let lanes32 = bessels(Lane(x as f32)).map(|value| value.0);
        let lanes64 = bessels(Lane(x)).map(|value| value.0);
        let (tape32, tape64) = (replay::<f32>(&single, &[x]), replay::<f64>(&double, &[x]));
        for (index, want) in want.iter().enumerate() {
            let errors = [
                ulp(lanes32[index], *want),
                ulp(tape32[index], *want),
                relative(lanes64[index], *want) / f64::EPSILON,
                relative(tape64[index], *want) / f64::EPSILON,
            ];
            for (worst, error) in worst[index].iter_mut().zip(errors) {
                if !(error <= worst.0) {
                    *worst = (error, x);
                }
            }
        }
    }
    println!("{worst:?}");
    // The slope is a difference below 12.
    for (index, worst) in worst.iter().enumerate() {
        let bound = if index == 5 { 12.0 } else { 4.0 };
        assert!(worst.iter().all(|(error, _)| *error <= bound), "{index}: {worst:?}");
    }
}

#[test]
fn bessel_functions_carry_their_derivatives() {
    for row in table("bessel") {
        let [x, i0e, i1e, _, ratio, rest, slope] = row[..] else { panic!("a row") };
        let [number] = Dual::<Lane<f64>, 1>::inputs([Lane(x)]);
        let got = bessels(number).map(|value| value.derivatives[0].0);
        let wants = [i1e - i0e, i0e * (slope - ratio * rest), ratio, slope, -slope];
        for (index, want) in wants.into_iter().enumerate() {
            // The slope of i1e passes through zero at 1.09, and the first is a difference.
            let scale = if index == 1 { i0e * (slope + ratio * rest) } else { want.abs() };
            let bound = if index == 0 { 1e-14 + 4e-16 / rest } else { 1e-14 };
            assert!((got[index] - want).abs() <= bound * scale, "{x} {index}: {got:?} {want}");
        }
    }
    for got in [bessels(Lane(0.0_f64)).map(|b| b.0), bessels(Lane(0.0_f32)).map(|b| b.0.into())] {
        for (got, want) in got.into_iter().zip([1.0, 0.0, 0.0, 0.0, 1.0, 0.5]) {
            assert!((got - want).abs() < 1e-6, "{got} {want}");
        }
    }
    assert!(bessels(Lane(f64::NAN)).iter().all(|value| value.0.is_nan()));
}

fn everything<R: Real>(x: &[R]) -> [R; 5] {
    let at = x[0].von_mises(x[1]);
    [at.tail, at.central, at.log_tail, at.log_density, at.quantile_slope]
}

fn on_lanes<E: HostFloat>(x: &[f64]) -> Vec<f64> {
    let x: Vec<_> = x.iter().map(|x| Lane(E::from_f64(*x))).collect();
    everything(&x).map(|value| value.0.to_f64()).to_vec()
}

#[test]
fn the_von_mises_distribution_is_accurate() {
    let single = Program::record(2, false, &|x: &[Node]| everything(x).to_vec());
    let double = Program::record(2, true, &|x: &[Node]| everything(x).to_vec());
    println!("tapes {} {}", single.instructions.len(), double.instructions.len());
    let names = ["tail", "central", "log_tail", "log_density", "quantile_slope"];
    let (mut failures, mut worst) = (Vec::new(), [[0.0_f64; 4]; 5]);
    for row in table("von_mises") {
        let (inputs, want) = (&row[..2], &row[2..]);
        let got = [
            on_lanes::<f32>(inputs),
            replay::<f32>(&single, inputs).into_iter().map(f64::from).collect(),
            on_lanes::<f64>(inputs),
            replay::<f64>(&double, inputs),
        ];
        for (index, want) in want.iter().enumerate() {
            // A logarithm rounds to half its last place, which its exponential magnifies.
            let growth = if index < 2 { -want.abs().clamp(1e-45, 1.0).ln() } else { 2.0 };
            let single_bound = if index == 4 { 1e-5 } else { 1e-6 + 4e-7 * growth };
            let double_bound = if index == 4 { 1e-10 } else { 1e-12 };
            let bounds = [single_bound, single_bound, double_bound, double_bound];
            for kind in 0..4 {
                let got = got[kind][index];
                // Logarithms pass through zero.
                let scale = if index == 3 { want.abs().max(1.0) / want.abs() } else { 1.0 };
                let error = if kind < 2 { relative32(got, *want) } else { relative(got, *want) };
                let error = error / scale;
                worst[index][kind] = worst[index][kind].max(error / bounds[kind]);
                if !(error <= bounds[kind]) {
                    let name = names[index];
                    failures.push(format!("{name} {inputs:?} {want} {kind}: {error:e}"));
                }
            }
        }
    }
    println!("fractions of the bounds {worst:?}");
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn the_von_mises_quantile_inverts_both_tails() {
    let single = Program::record(3, false, &|x: &[Node]| vec![x[0].von_mises_quantile(x[1], x[2])]);
    let mut failures = Vec::new();
    for row in table("von_mises") {
        let [kappa, angle, tail, central, log_tail, log_density, slope] = row[..] else {
            panic!("a row");
        };
        if log_tail < -69.0 {
            continue;
        }
        let rest = 0.5 + central;
        let density = log_density.exp();
        for (inputs, want) in [([kappa, tail, rest], -angle), ([kappa, rest, tail], angle)] {
            // How far the rounding of the smaller probability, or of ½, moves the angle.
            let unit = |of: f64| of * (tail.min(central) * (2.0 - log_tail) + 0.1 * of) / density;
            let near = |of: f64| if tail > 0.2 { of * 0.25 / density } else { 0.0 };
            let bounds = [
                1e-6 * angle + 3.0 * unit(1e-6) + near(3e-7),
                1e-12 * angle + unit(1e-12) + near(1e-15),
            ];
            let lanes = |x: [f64; 3]| {
                let [kappa, p, q] = x.map(|x| Lane(x as f32));
                f64::from(kappa.von_mises_quantile(p, q).0)
            };
            let [k, p, mut q] = Dual::<Lane<f64>, 3>::inputs(inputs.map(Lane));
            q.derivatives = [Lane(0.0); 3];
            let got = k.von_mises_quantile(p, q);
            let errors = [
                (lanes(inputs) - want).abs() / bounds[0],
                (f64::from(replay::<f32>(&single, &inputs)[0]) - want).abs() / bounds[0],
                (got.value.0 - want).abs() / bounds[1],
            ];
            if !errors.iter().all(|error| *error < 1.0) {
                failures.push(format!("{inputs:?} {want} {errors:?} {bounds:?}"));
            }
            let errors = [
                relative(got.derivatives[0].0, want.signum() * slope),
                relative(got.derivatives[1].0, 1.0 / density),
            ];
            let slack = 1e-10 + bounds[1] * (kappa * angle.sin() + 1.0 / angle) * 10.0;
            if !errors.iter().all(|error| *error < slack) {
                failures.push(format!("derivatives {inputs:?} {errors:?} {slack}"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn five_steps_are_enough() {
    let mut state = 12_345_u64;
    let mut uniform = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut histogram = [0; 12];
    for count in 0..4000 {
        let kappa = Lane(10_f64.powf(-3.0 + 9.0 * uniform()));
        let power = if count % 2 == 0 { uniform() } else { 10_f64.powf(-30.0 * uniform()) };
        let (p, q) = (Lane(0.5 * power), Lane(1.0 - 0.5 * power));
        let mut size = von_mises_quantile_guess(kappa, p, q);
        let mut steps = 0;
        loop {
            let next = von_mises_quantile_step(kappa, size, p, q);
            let change = (next.0 - size.0).abs();
            (size, steps) = (next, steps + 1);
            if change <= 1e-5 * size.0 || steps == 11 {
                break;
            }
        }
        histogram[steps] += 1;
    }
    println!("steps {histogram:?}");
    assert_eq!(histogram[6..].iter().sum::<i32>(), 0, "{histogram:?}");
}

#[test]
fn von_mises_derivatives_match_40_digit_values() {
    for row in table("von_mises") {
        let [kappa, angle, tail, _, log_tail, log_density, slope] = row[..] else {
            panic!("a row");
        };
        if log_tail < -600.0 {
            continue;
        }
        for angle in [angle, -angle] {
            let [k, at] = Dual::<Lane<f64>, 2>::inputs([Lane(kappa), Lane(angle)]);
            let (cdf, log_cdf) = (k.von_mises_cdf(at), k.log_von_mises_cdf(at));
            let density = log_density.exp();
            let p = if angle < 0.0 { tail } else { 1.0 - tail };
            let wants = [-density * slope * angle.signum(), density];
            for (index, want) in wants.into_iter().enumerate() {
                let error = relative(cdf.derivatives[index].0, want);
                let log_error = relative(log_cdf.derivatives[index].0, want / p);
                assert!(error < 1e-10 && log_error < 1e-10, "{row:?} {index} {error} {log_error}");
            }
            let gradient = Lane(kappa).von_mises_implicit_gradient(Lane(angle)).0;
            assert!(relative(gradient, slope * angle.signum()) < 1e-10, "{row:?} {gradient}");
        }
    }
}

#[test]
fn von_mises_limits() {
    const NAN: f64 = f64::NAN;
    fn two<R: Real>(x: &[R]) -> [R; 2] {
        [x[0].von_mises_cdf(x[1]), x[0].log_von_mises_cdf(x[1])]
    }
    let tape = Program::record(2, false, &|x: &[Node]| two(x).to_vec());
    let infinity = f64::INFINITY;
    for (inputs, wants) in [
        ([0.0, 0.0], [0.5, 0.5_f64.ln()]),
        ([0.0, -PI / 2.0], [0.25, 0.25_f64.ln()]),
        ([3.0, PI], [1.0, 0.0]),
        ([3.0, 4.0], [1.0, 0.0]),
        ([3.0, -4.0], [0.0, -infinity]),
        ([1e8, -1e-4], [0.158_655_253_931_457_05, -1.841_021_645_009_263_7]),
        ([NAN, 1.0], [NAN; 2]),
        ([3.0, NAN], [NAN; 2]),
        ([-1.0, 1.0], [NAN; 2]),
    ] {
        let lanes = two(&inputs.map(Lane)).map(|value| value.0);
        let replayed = replay::<f32>(&tape, &inputs);
        for (index, want) in wants.into_iter().enumerate() {
            for got in [lanes[index], f64::from(replayed[index])] {
                let same = (got - want).abs() < 1e-6 || got == want;
                assert!(same || (got.is_nan() && want.is_nan()), "{inputs:?} {got} {want}");
            }
        }
    }
    for kappa in [0.0, 2.0, 1e4] {
        for (p, q, want) in [(0.0, 1.0, -PI), (1.0, 0.0, PI), (0.5, 0.5, 0.0), (NAN, 0.5, NAN)] {
            let got = Lane(kappa).von_mises_quantile(Lane(p), Lane(q)).0;
            assert!(got == want || (got.is_nan() && want.is_nan()), "{kappa} {p}: {got}");
        }
    }
    let quarter = Lane(0.0).von_mises_quantile(Lane(0.25), Lane(0.75)).0;
    assert!((quarter + PI / 2.0).abs() < 1e-15, "{quarter}");
}
