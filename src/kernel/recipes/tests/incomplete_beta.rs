//! The incomplete beta family: values, slopes, derivatives, limits.

use super::super::super::dual::Dual;
use super::super::super::lanes::{HostFloat, Lane};
use super::super::super::real::Real;
use super::super::super::tape::{Node, Program};
use super::super::IncompleteBeta;
use super::{relative, replay};

pub(super) fn table(name: &str) -> Vec<Vec<f64>> {
    let text = include_str!("../../../../tests/reference/beta_recipes.json");
    let mut tables: super::Table = serde_json::from_str(text).expect("the table is valid JSON");
    tables.remove(name).expect("a table of this name")
}

fn all<R: Real>(at: IncompleteBeta<R>) -> [R; 6] {
    [at.p, at.q, at.log_p, at.log_q, at.slope_a, at.slope_b]
}

fn everything<R: Real>(x: &[R]) -> [R; 6] {
    all(x[0].incomplete_beta(x[1], x[2], x[3]))
}

fn at_logit<R: Real>(x: &[R]) -> [R; 6] {
    all(x[0].incomplete_beta_at_logit(x[1], x[2]))
}

fn on_lanes<E: HostFloat>(x: &[f64]) -> [f64; 6] {
    let x: Vec<_> = x.iter().map(|x| Lane(E::from_f64(*x))).collect();
    everything(&x).map(|value| value.0.to_f64())
}

/// The relative error, in single precision after rounding the true value.
fn relative32(got: f64, want: f64) -> f64 {
    let nearest = f64::from(want as f32);
    if got == nearest || got == want { 0.0 } else { (got - want).abs() / want.abs().max(1.2e-38) }
}

const NAMES: [&str; 6] = ["p", "q", "log_p", "log_q", "slope_a", "slope_b"];

#[test]
fn incomplete_beta_is_accurate() {
    let single = Program::record(4, false, |x: &[Node]| everything(x).to_vec());
    let double = Program::record(4, true, |x: &[Node]| everything(x).to_vec());
    println!("tapes {} {}", single.instructions.len(), double.instructions.len());
    let mut failures = Vec::new();
    let mut worst = [[0.0_f64; 4]; 6];
    for row in table("incomplete_beta") {
        let (inputs, want) = (&row[..4], &row[4..10]);
        let got = [
            on_lanes::<f32>(inputs).to_vec(),
            replay::<f32>(&single, inputs).into_iter().map(f64::from).collect(),
            on_lanes::<f64>(inputs).to_vec(),
            replay::<f64>(&double, inputs),
        ];
        for (index, want) in want.iter().enumerate() {
            // A logarithm rounds to half its last place, which its exponential magnifies.
            let growth = if index < 4 { -want.abs().clamp(1e-45, 1.0).ln() } else { 6.0 };
            let single_bound = 1e-6 + 4e-7 * growth;
            let bounds = [single_bound, single_bound, 1e-12, 1e-12];
            let error = |kind: usize| {
                let got = got[kind][index];
                if kind < 2 { relative32(got, *want) } else { relative(got, *want) }
            };
            for kind in 0..4 {
                worst[index][kind] = worst[index][kind].max(error(kind) / bounds[kind]);
                if !(error(kind) <= bounds[kind]) {
                    failures.push(format!("{} {inputs:?} {want} {kind}: {:e}", NAMES[index], error(kind)));
                }
            }
        }
    }
    println!("fractions of the bounds {worst:?}");
    assert!(failures.is_empty(), "{failures:#?}");
}
