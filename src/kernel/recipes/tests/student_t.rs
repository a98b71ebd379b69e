//! Student's t distribution: values, quantile, implicit gradient, limits.

use super::super::super::dual::Dual;
use super::super::super::lanes::{HostFloat, Lane};
use super::super::super::real::Real;
use super::super::super::tape::{Node, Program};
use super::incomplete_beta::{relative32, table};
use super::{relative, replay};

fn everything<R: Real>(x: &[R]) -> [R; 5] {
    let at = x[0].student_t(x[1]);
    [at.tail, at.central, at.log_tail, at.log_density, at.log_quantile_slope]
}

fn on_lanes<E: HostFloat>(x: &[f64]) -> Vec<f64> {
    let x: Vec<_> = x.iter().map(|x| Lane(E::from_f64(*x))).collect();
    everything(&x).map(|value| value.0.to_f64()).to_vec()
}

#[test]
fn student_t_is_accurate() {
    let single = Program::record(2, false, &|x: &[Node]| everything(x).to_vec());
    let double = Program::record(2, true, &|x: &[Node]| everything(x).to_vec());
    println!("tapes {} {}", single.instructions.len(), double.instructions.len());
    let names = ["tail", "central", "log_tail", "log_density", "log_quantile_slope"];
    let (mut failures, mut worst) = (Vec::new(), [[0.0_f64; 4]; 5]);
    for row in table("student_t") {
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
            let single_bound = if index == 4 { 5e-4 } else { 1e-6 + 4e-7 * growth };
            // Switching to the series in 1/ν loses three digits of the slope, or six.
            let double_bound = if index == 4 { 1e-9 } else { 1e-12 };
            let bounds = [single_bound, single_bound, double_bound, double_bound];
            for kind in 0..4 {
                let got = got[kind][index];
                // The log-density passes through zero.
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
fn the_student_quantile_inverts_both_tails() {
    fn quantile<R: Real>(x: &[R]) -> R {
        x[0].student_t_quantile(x[1], x[2])
    }
    fn lanes<E: HostFloat>(x: [f64; 3]) -> f64 {
        quantile(&x.map(|x| Lane(E::from_f64(x)))).0.to_f64()
    }
    let single = Program::record(3, false, &|x: &[Node]| vec![quantile(x)]);
    let mut failures = Vec::new();
    for row in table("student_t") {
        let [freedom, t, tail, central, _, log_density, slope] = row[..] else { panic!("a row") };
        if tail < 1e-30 {
            continue;
        }
        let rest = 0.5 + central;
        // How far a change of the probability by its rounding moves ln t.
        let kernel = log_density.exp() * t;
        let condition = |unit: f64| unit * tail / kernel + unit * 0.5;
        for (inputs, want) in [([freedom, tail, rest], -t), ([freedom, rest, tail], t)] {
            let size = 1.0 + (freedom.ln() - 2.0 * t.ln()).abs();
            let bounds = [2e-6 * size + 3.0 * condition(1e-6), 1e-12 * size + condition(2e-12)];
            let errors = [
                relative(lanes::<f32>(inputs), want) / bounds[0],
                relative(replay::<f32>(&single, &inputs)[0].into(), want) / bounds[0],
                relative(lanes::<f64>(inputs), want) / bounds[1],
            ];
            // Beyond the largest f32 the quantile is infinite.
            if !errors.iter().all(|error| *error < 1.0) {
                failures.push(format!("{inputs:?} {want} {errors:?} {bounds:?}"));
            }
            let [df, p] = Dual::<Lane<f64>, 2>::inputs([Lane(inputs[0]), Lane(inputs[1])]);
            let mut q = -p + 1.0;
            q.value = Lane(inputs[2]);
            let got = df.student_t_quantile(p, q);
            let errors = [
                relative(got.derivatives[0].0, want * slope),
                relative(got.derivatives[1].0, (-log_density).exp()),
            ];
            let slack = 1e-8 + condition(1e-10) * 10.0;
            if !errors.iter().all(|error| *error < slack) {
                failures.push(format!("derivatives {inputs:?} {errors:?} {slack}"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn student_derivatives_match_40_digit_values() {
    for row in table("student_t") {
        let [freedom, t, tail, _, _, log_density, slope] = row[..] else { panic!("a row") };
        if tail < 1e-290 {
            continue;
        }
        for t in [t, -t] {
            let [df, at] = Dual::<Lane<f64>, 2>::inputs([Lane(freedom), Lane(t)]);
            let (cdf, log_cdf) = (df.student_t_cdf(at), df.log_student_t_cdf(at));
            let density = log_density.exp();
            let p = if t < 0.0 { tail } else { 1.0 - tail };
            let wants = [-density * t * slope, density];
            for (index, want) in wants.into_iter().enumerate() {
                let error = relative(cdf.derivatives[index].0, want);
                let log_error = relative(log_cdf.derivatives[index].0, want / p);
                assert!(error < 1e-9 && log_error < 1e-9, "{row:?} {index} {error} {log_error}");
            }
            let gradient = Lane(freedom).student_t_implicit_gradient(Lane(t)).0;
            assert!(relative(gradient, t * slope) < 1e-9, "{row:?} {gradient}");
        }
    }
}

#[test]
fn student_limits() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    fn three<R: Real>(x: &[R]) -> [R; 3] {
        let [freedom, t] = [x[0], x[1]];
        [
            freedom.student_t_cdf(t),
            freedom.log_student_t_cdf(t),
            freedom.student_t_implicit_gradient(t),
        ]
    }
    let tape = Program::record(2, false, &|x: &[Node]| three(x).to_vec());
    let half = 0.5_f64.ln();
    for (inputs, wants) in [
        ([3.0, 0.0], [0.5, half]),
        ([1.0, 1.0], [0.75, 0.75_f64.ln()]),
        ([3.0, INF], [1.0, 0.0]),
        ([3.0, -INF], [0.0, -INF]),
        ([INF, -1.0], [0.158_655_253_931_457_05, -1.841_021_645_009_263_7]),
        ([1e30, 2.0], [0.977_249_868_051_820_8, -0.023_012_909_328_963_49]),
        ([NAN, 1.0], [NAN; 2]),
        ([3.0, NAN], [NAN; 2]),
        ([-1.0, 1.0], [NAN; 2]),
        ([0.0, 1.0], [NAN; 2]),
    ] {
        let lanes = three(&inputs.map(Lane)).map(|value| value.0);
        let replayed = replay::<f32>(&tape, &inputs);
        for (index, want) in wants.into_iter().enumerate() {
            for got in [lanes[index], f64::from(replayed[index])] {
                let same = got == want || relative(got, want) < 2e-6;
                assert!(same || (got.is_nan() && want.is_nan()), "{inputs:?} {got} {want}");
            }
        }
        if inputs[1].is_finite() && inputs[0] > 2.0 {
            let got = [lanes[2], f64::from(replayed[2])];
            assert!(got.iter().all(|got| got.abs() < 1e-30), "{inputs:?} {got:?}");
        }
    }
    for (p, q, want) in [(0.0, 1.0, -INF), (1.0, 0.0, INF), (0.5, 0.5, 0.0), (NAN, 0.5, NAN)] {
        let got = Lane(3.0).student_t_quantile(Lane(p), Lane(q)).0;
        assert!(got == want || (got.is_nan() && want.is_nan()), "{p}: {got}");
    }
}
