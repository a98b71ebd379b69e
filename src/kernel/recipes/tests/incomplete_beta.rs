//! The incomplete beta family: values, slopes, derivatives, limits.

use super::super::super::dual::Dual;
use super::super::super::lanes::{HostFloat, Lane};
use super::super::super::real::Real;
use super::super::super::tape::{Node, Program};
use super::super::IncompleteBeta;
use super::super::beta_quantile::{beta_quantile_guess, beta_quantile_step};
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

fn on_lanes<E: HostFloat>(x: &[f64]) -> [f64; 6] {
    let x: Vec<_> = x.iter().map(|x| Lane(E::from_f64(*x))).collect();
    everything(&x).map(|value| value.0.to_f64())
}

/// The relative error, in single precision after rounding the true value.
pub(super) fn relative32(got: f64, want: f64) -> f64 {
    let nearest = f64::from(want as f32);
    if got == nearest || got == want { 0.0 } else { (got - want).abs() / want.abs().max(1.2e-38) }
}

const NAMES: [&str; 6] = ["p", "q", "log_p", "log_q", "slope_a", "slope_b"];

#[test]
fn incomplete_beta_is_accurate() {
    let single = Program::record(4, false, &|x: &[Node]| everything(x).to_vec());
    let double = Program::record(4, true, &|x: &[Node]| everything(x).to_vec());
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
            let depth = -want.abs().clamp(1e-45, 1.0).ln();
            let single_bound = if index < 4 { 1e-6 + 7e-8 * depth } else { 3.4e-6 };
            let bounds = [single_bound, single_bound, 1e-12, 1e-12];
            let error = |kind: usize| {
                let got = got[kind][index];
                if kind < 2 { relative32(got, *want) } else { relative(got, *want) }
            };
            for kind in 0..4 {
                worst[index][kind] = worst[index][kind].max(error(kind) / bounds[kind]);
                if !(error(kind) <= bounds[kind]) {
                    failures.push(format!(
                        "{} {inputs:?} {want} {kind}: {:e}",
                        NAMES[index],
                        error(kind)
                    ));
                }
            }
        }
    }
    println!("fractions of the bounds {worst:?}");
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn the_quantile_inverts_both_tails() {
    fn quantile<R: Real>(x: &[R]) -> R {
        x[0].logit_beta_quantile(x[1], x[2], x[3])
    }
    fn lanes<E: HostFloat>(x: &[f64]) -> f64 {
        quantile(&[x[0], x[1], x[2], x[3]].map(|x| Lane(E::from_f64(x)))).0.to_f64()
    }
    let recipe = |double| {
        Program::record(4, double, &|x: &[Node]| {
            vec![super::super::logit_beta_quantile(x[0], x[1], x[2], x[3])]
        })
    };
    let (single, double) = (recipe(false), recipe(true));
    println!("quantile tapes {} {}", single.instructions.len(), double.instructions.len());
    let mut failures = Vec::new();
    for row in table("incomplete_beta") {
        let [a, b, _, _, p, q, _, _, _, _, log_kernel, want] = row[..] else { panic!("a row") };
        let tail = p.min(q);
        if tail < 1e-30 {
            continue;
        }
        let inputs = [a, b, p, q];
        // How far a relative change of the tail moves the logit.
        let condition = tail / log_kernel.exp();
        let errors = [
            lanes::<f32>(&inputs) - want,
            f64::from(replay::<f32>(&single, &inputs)[0]) - want,
            lanes::<f64>(&inputs) - want,
            replay::<f64>(&double, &inputs)[0] - want,
        ];
        let single_bound = 1e-6 * (1.0 + want.abs()) + 1e-6 * condition * (1.0 - tail.ln());
        let double_bound = 1e-12 * (1.0 + want.abs() + condition);
        let bounds = [single_bound, single_bound, double_bound, double_bound];
        if !errors.iter().zip(bounds).all(|(error, bound)| error.abs() <= bound) {
            failures.push(format!("{inputs:?} = {want}: {errors:?} {bounds:?}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn four_steps_are_enough() {
    let mut state = 12_345_u64;
    let mut uniform = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    for count in 0..3000 {
        let mut shape = |low: f64, high: f64| Lane(10_f64.powf(low + (high - low) * uniform()));
        let (a, b) = match count % 3 {
            0 => (shape(-6.0, 5.0), shape(-6.0, 5.0)),
            1 => (shape(-1.0, 2.0), shape(-1.0, 2.0)),
            _ => (shape(-2.0, 6.0), Lane(0.5)),
        };
        let tail = if count % 2 == 0 { 0.5 * uniform() } else { 0.5 * shape(-30.0, 0.0).0 };
        let (p, q) = if uniform() < 0.5 { (tail, 1.0 - tail) } else { (1.0 - tail, tail) };
        let (p, q) = (Lane(p), Lane(q));
        let mut logit = beta_quantile_guess(a, b, p, q);
        let mut change = f64::INFINITY;
        for _ in 0..5 {
            let next = beta_quantile_step(a, b, logit, p, q);
            (change, logit) = ((next.0 - logit.0).abs(), next);
        }
        let settled = change <= 1e-9 * (1.0 + logit.0.abs());
        assert!(settled, "{a:?} {b:?} {p:?} {q:?}: {logit:?}, still {change}");
    }
}

#[test]
fn derivatives_match_40_digit_values() {
    for row in table("incomplete_beta") {
        let [a, b, x, y, p, q, log_p, log_q, slope_a, slope_b, log_kernel, logit] = row[..] else {
            panic!("a row");
        };
        let (x, y) = if x < y { (x, 1.0 - x) } else { (1.0 - y, y) };
        let of = |tail: f64, log_tail: f64, got: Dual<Lane<f64>, 3>, sign: f64, name: &str| {
            // dP/da = −K d logit/da; relative to the tail for the logarithms.
            let kernel = (log_kernel - log_tail).exp();
            let wants = [-kernel * slope_a, -kernel * slope_b, kernel / x / y];
            for (got, want) in got.derivatives.iter().zip(wants) {
                let error = relative(got.0, sign * want);
                assert!(error < 1e-11 || tail < 1e-290, "{row:?} {name}: {} {want}", got.0);
            }
        };
        let [da, db, dx] = Dual::<Lane<f64>, 3>::inputs([Lane(a), Lane(b), Lane(x)]);
        let mut dy = -dx + 1.0;
        dy.value = Lane(y);
        of(p, 0.0, da.beta_p(db, dx, dy), 1.0, "p");
        of(q, 0.0, da.beta_q(db, dx, dy), -1.0, "q");
        of(p, log_p, da.log_beta_p(db, dx, dy), 1.0, "log_p");
        of(q, log_q, da.log_beta_q(db, dx, dy), -1.0, "log_q");
        if p.min(q) > 1e-30 {
            let [da, db, dp] = Dual::<Lane<f64>, 3>::inputs([Lane(a), Lane(b), Lane(p)]);
            let mut dq = -dp + 1.0;
            dq.value = Lane(q);
            let got = da.logit_beta_quantile(db, dp, dq);
            let wants = [slope_a, slope_b, (-log_kernel).exp()];
            // The quantile itself is off by 1e-12 of its condition, and the slopes with it.
            let slack = 1e-9 + 1e-11 * (p.min(q) * (-log_kernel).exp()) * (a + b);
            for (got, want) in got.derivatives.iter().zip(wants) {
                assert!(relative(got.0, want) < slack, "{row:?} quantile: {} {want}", got.0);
            }
        }
        let [slope, other] = Lane(a).beta_implicit_gradient(Lane(b), Lane(logit));
        let errors = [relative(slope.0, slope_a), relative(other.0, slope_b)];
        // The logit itself is rounded.
        let slack = 1e-12 + 4e-16 * (1.0 + logit.abs()) * (a * x.max(1e-300) + b * y + 1.0);
        assert!(errors.iter().all(|error| *error < slack), "{row:?} {slope:?} {other:?}");
    }
}

#[test]
fn limits_and_domain() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    fn four<R: Real>(x: &[R]) -> [R; 4] {
        [
            x[0].beta_p(x[1], x[2], x[3]),
            x[0].beta_q(x[1], x[2], x[3]),
            x[0].log_beta_p(x[1], x[2], x[3]),
            x[0].log_beta_q(x[1], x[2], x[3]),
        ]
    }
    let tape = Program::record(4, false, &|x: &[Node]| four(x).to_vec());
    let half = 0.5_f64.ln();
    for (inputs, wants) in [
        ([0.3, 2.0, 0.0, 1.0], [0.0, 1.0, -INF, 0.0]),
        ([3.0, 2.0, -1.0, 2.0], [0.0, 1.0, -INF, 0.0]),
        ([3.0, 0.2, 1.0, 0.0], [1.0, 0.0, 0.0, -INF]),
        ([3.0, 2.0, 1.5, -0.5], [1.0, 0.0, 0.0, -INF]),
        ([1e-6, 1e-6, 0.5, 0.5], [0.5, 0.5, half, half]),
        ([1e5, 1e5, 0.5, 0.5], [0.5, 0.5, half, half]),
        ([1.0, 1.0, 0.25, 0.75], [0.25, 0.75, 0.25_f64.ln(), 0.75_f64.ln()]),
        ([3.0, 2.0, NAN, 0.5], [NAN; 4]),
        ([3.0, 2.0, 0.5, NAN], [NAN; 4]),
        ([NAN, 2.0, 0.5, 0.5], [NAN; 4]),
        ([3.0, NAN, 0.5, 0.5], [NAN; 4]),
        ([0.0, 2.0, 0.5, 0.5], [NAN; 4]),
        ([3.0, -2.0, 0.5, 0.5], [NAN; 4]),
    ] {
        let lanes = four(&inputs.map(Lane)).map(|value| value.0);
        let replayed = replay::<f32>(&tape, &inputs);
        for (index, want) in wants.into_iter().enumerate() {
            for got in [lanes[index], f64::from(replayed[index])] {
                let same = got == want || relative(got, want) < 1e-6;
                assert!(same || (got.is_nan() && want.is_nan()), "{inputs:?} {got} {want}");
            }
        }
    }
    for (p, q, want) in [(0.0, 1.0, -INF), (1.0, 0.0, INF), (NAN, 0.5, NAN), (0.3, NAN, NAN)] {
        let got = Lane(2.0).logit_beta_quantile(Lane(0.3), Lane(p), Lane(q)).0;
        assert!(got == want || (got.is_nan() && want.is_nan()), "{p}: {got}");
    }
    // The density at the edges of the support, never 0/0.
    for (a, density) in [(0.5, INF), (1.0, 3.0), (2.0, 0.0)] {
        let [x] = Dual::<Lane<f64>, 1>::inputs([Lane(0.0)]);
        let (a, b, one) = (Dual::constant(a), Dual::constant(3.0), Dual::constant(1.0));
        for got in [a.beta_p(b, x, one - x), b.beta_q(a, one - x, x)] {
            assert!(relative(got.derivatives[0].0, density) < 1e-14, "{got:?}");
        }
    }
    // Variates that round to 0 or 1 still have their gradient: d logit/da → (ψ(a + 1) − … )/a.
    let [slope, _] = Lane(1e-3_f32).beta_implicit_gradient(Lane(2.0), Lane(-5000.0));
    assert!(relative(f64::from(slope.0), 5_001_000.0) < 1e-3, "{slope:?}");
}
