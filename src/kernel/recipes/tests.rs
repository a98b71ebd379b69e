//! Every recipe against 40-digit values, on both host precisions and replayed from a tape.

use std::collections::BTreeMap;

use super::super::dual::Dual;
use super::super::lanes::{HostFloat, Lane};
use super::super::real::Real;
use super::super::tape::{Binary, Comparison, Instruction, Node, Program, Unary};
use super::*;

type Table = BTreeMap<String, Vec<Vec<f64>>>;

fn reference() -> Table {
    let mut table: Table = serde_json::from_str(REFERENCE).expect("the table is valid JSON");
    for row in table.values_mut().flatten() {
        // The inputs are exact in f32, and decimal parsing need not be exact to the last bit.
        let inputs = row.len() - 1;
        row[..inputs]
            .iter_mut()
            .for_each(|x| *x = f64::from(*x as f32));
    }
    table
}

const REFERENCE: &str = include_str!("../../../tests/reference/recipes.json");

fn evaluate<R: Real>(name: &str, x: &[R]) -> R {
    match name {
        "exp_m1" => exp_m1(x[0]),
        "ln_1p" => ln_1p(x[0]),
        "ln_1p_remainder" => ln_1p_remainder(x[0]),
        "tanh" => tanh(x[0]),
        "atan" => atan(x[0]),
        "sin_pi" => sin_pi(x[0]),
        "cos_pi" => cos_pi(x[0]),
        "pow" => pow(x[0], x[1]),
        "erf" => erf(x[0]),
        "erfc" => erfc(x[0]),
        "erfcx" => erfcx(x[0]),
        "log_ndtr" => log_ndtr(x[0]),
        "normal_hazard" => normal_hazard(x[0]),
        "ndtri" => ndtri(x[0]),
        "ndtri_exp" => ndtri_exp(x[0]),
        "ln_gamma" => ln_gamma(x[0]),
        "ln_gamma_stirling" => ln_gamma_stirling(x[0]),
        "digamma" => digamma(x[0]),
        "digamma_stirling" => digamma_stirling(x[0]),
        "trigamma" => trigamma(x[0]),
        _ => panic!("no recipe named {name}"),
    }
}

/// What a function is held to: f32 error in ULP, f64 error relative.
const BOUNDS: [(&str, f64, f64); 19] = [
    ("exp_m1", 4.0, 1e-15),
    ("ln_1p", 4.0, 1e-15),
    ("ln_1p_remainder", 8.0, 3e-15),
    ("tanh", 4.0, 1e-15),
    ("atan", 4.0, 1e-15),
    ("sin_pi", 4.0, 1e-15),
    ("cos_pi", 4.0, 1e-15),
    ("erf", 4.0, 1e-15),
    ("erfc", 4.0, 3e-15),
    ("erfcx", 4.0, 3e-15),
    ("log_ndtr", 4.0, 3e-15),
    ("normal_hazard", 4.0, 3e-15),
    ("ndtri", 4.0, 3e-15),
    ("ndtri_exp", 8.0, 1e-14),
    ("ln_gamma", 5.0, 1e-14),
    ("ln_gamma_stirling", 8.0, 1e-14),
    ("digamma", 3.0, 5e-15),
    ("digamma_stirling", 4.0, 1e-14),
    ("trigamma", 3.0, 2e-15),
];

/// The distance in units of the last place of the f32 nearest to the true value.
fn ulp(got: f32, want: f64) -> f64 {
    let nearest = want as f32;
    if nearest.is_infinite() || got == nearest {
        return if got == nearest { 0.0 } else { f64::INFINITY };
    }
    let magnitude = nearest.abs().max(f32::MIN_POSITIVE);
    let unit = f64::from(magnitude.next_up()) - f64::from(magnitude);
    (f64::from(got) - want).abs() / unit
}

fn relative(got: f64, want: f64) -> f64 {
    if got == want {
        return 0.0;
    }
    (got - want).abs() / want.abs().max(f64::MIN_POSITIVE)
}

/// Runs a tape as a backend would, one number at a time.
fn replay<E: HostFloat>(program: &Program, inputs: &[f64]) -> Vec<E> {
    let mut numbers = vec![E::zero(); program.instructions.len()];
    let mut masks = vec![false; program.instructions.len()];
    for (index, instruction) in program.instructions.iter().enumerate() {
        let number = |slot: u32| numbers[slot as usize];
        let mask = |slot: u32| masks[slot as usize];
        match *instruction {
            Instruction::Input(i) => numbers[index] = E::from_f64(inputs[i as usize]),
            Instruction::Constant(bits) => numbers[index] = E::from_f64(f64::from_bits(bits)),
            Instruction::Unary(op, a) => {
                numbers[index] = match op {
                    Unary::Neg => -number(a),
                    Unary::Abs => number(a).abs(),
                    Unary::Sqrt => number(a).sqrt(),
                    Unary::Recip => number(a).recip(),
                    Unary::Floor => number(a).floor(),
                    Unary::Exp => number(a).exp(),
                    Unary::Ln => number(a).ln(),
                }
            }
            Instruction::Binary(op, a, b) => {
                numbers[index] = match op {
                    Binary::Add => number(a) + number(b),
                    Binary::Sub => number(a) - number(b),
                    Binary::Mul => number(a) * number(b),
                    Binary::Div => number(a) / number(b),
                }
            }
            Instruction::Compare(op, a, b) => {
                masks[index] = match op {
                    Comparison::Less => number(a) < number(b),
                    Comparison::LessEqual => number(a) <= number(b),
                    Comparison::Equal => number(a) == number(b),
                }
            }
            Instruction::IsNan(a) => masks[index] = number(a).is_nan(),
            Instruction::And(a, b) => masks[index] = mask(a) & mask(b),
            Instruction::Or(a, b) => masks[index] = mask(a) | mask(b),
            Instruction::Not(a) => masks[index] = !mask(a),
            Instruction::Select(m, a, b) => {
                numbers[index] = if mask(m) { number(a) } else { number(b) }
            }
        }
    }
    program
        .outputs
        .iter()
        .map(|slot| numbers[*slot as usize])
        .collect()
}

fn on_lanes<E: HostFloat>(name: &str, inputs: &[f64]) -> f64 {
    let x: Vec<_> = inputs.iter().map(|x| Lane(E::from_f64(*x))).collect();
    evaluate(name, &x).0.to_f64()
}

fn tape(name: &str, double: bool) -> Program {
    let arity = reference()[name][0].len() - 1;
    Program::record(arity, double, |x: &[Node]| vec![evaluate(name, x)])
}

#[test]
fn recipes_are_accurate() {
    let mut failures = Vec::new();
    for (name, single_bound, double_bound) in BOUNDS {
        let (single, double) = (tape(name, false), tape(name, true));
        let mut worst = [(0.0, vec![]), (0.0, vec![]), (0.0, vec![]), (0.0, vec![])];
        for row in &reference()[name] {
            let (want, x) = row.split_last().expect("inputs, then the value");
            let errors = [
                ulp(on_lanes::<f32>(name, x) as f32, *want),
                ulp(replay::<f32>(&single, x)[0], *want),
                relative(on_lanes::<f64>(name, x), *want),
                relative(replay::<f64>(&double, x)[0], *want),
            ];
            for (worst, error) in worst.iter_mut().zip(errors) {
                // Also true for NaN.
                if !(error <= worst.0) {
                    *worst = (error, x.to_vec());
                }
            }
        }
        println!(
            "{name} {worst:?} {} {}",
            single.instructions.len(),
            double.instructions.len()
        );
        let bounds = [single_bound, single_bound, double_bound, double_bound];
        if !worst
            .iter()
            .zip(bounds)
            .all(|(worst, bound)| worst.0 <= bound)
        {
            failures.push(format!(
                "{name}: f32 lanes, f32 tape, f64 lanes, f64 tape {worst:?}"
            ));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn limits_are_exact_and_nan_stays_nan() {
    const INF: f64 = f64::INFINITY;
    let limits = [
        ("exp_m1", -INF, -1.0),
        ("exp_m1", INF, INF),
        ("ln_1p", -1.0, -INF),
        ("ln_1p", INF, INF),
        ("tanh", INF, 1.0),
        ("tanh", -INF, -1.0),
        ("atan", INF, core::f64::consts::FRAC_PI_2),
        ("sin_pi", 7.0, 0.0),
        ("cos_pi", -2.5, 0.0),
        ("cos_pi", 0.0, 1.0),
        ("erf", INF, 1.0),
        ("erf", -INF, -1.0),
        ("erf", 0.0, 0.0),
        ("erfc", INF, 0.0),
        ("erfc", -INF, 2.0),
        ("erfc", 0.0, 1.0),
        ("erfcx", INF, 0.0),
        ("erfcx", -INF, INF),
        ("erfcx", 0.0, 1.0),
        ("log_ndtr", INF, 0.0),
        ("log_ndtr", -INF, -INF),
        ("normal_hazard", INF, INF),
        ("normal_hazard", -INF, 0.0),
        ("ndtri", 0.0, -INF),
        ("ndtri", 1.0, INF),
        ("ndtri", 0.5, 0.0),
        ("ndtri", -0.1, f64::NAN),
        ("ndtri", 1.1, f64::NAN),
        ("ndtri_exp", 0.0, INF),
        ("ndtri_exp", -INF, -INF),
        ("ndtri_exp", 0.1, f64::NAN),
        ("ln_gamma", 0.0, INF),
        ("ln_gamma", 1.0, 0.0),
        ("ln_gamma", 2.0, 0.0),
        ("ln_gamma", INF, INF),
        ("ln_gamma", -1.5, f64::NAN),
        ("ln_gamma_stirling", 0.0, INF),
        ("ln_gamma_stirling", INF, 0.0),
        ("digamma", 0.0, -INF),
        ("digamma", INF, INF),
        ("digamma", -1.5, f64::NAN),
        ("digamma_stirling", 0.0, 1.0),
        ("digamma_stirling", INF, 0.5),
        ("trigamma", 0.0, INF),
        ("trigamma", INF, 0.0),
        ("trigamma", -1.5, f64::NAN),
    ];
    let same = |name: &str, x: f64, got: f64, want: f64| {
        let close = relative(got, want) < 1e-7 || (want == 0.0 && got == 0.0);
        assert!(
            close || (got.is_nan() && want.is_nan()),
            "{name}({x}) = {got}, not {want}"
        );
    };
    for (name, x, want) in limits {
        same(name, x, on_lanes::<f32>(name, &[x]), want);
        same(name, x, on_lanes::<f64>(name, &[x]), want);
        same(
            name,
            x,
            f64::from(replay::<f32>(&tape(name, false), &[x])[0]),
            want,
        );
    }
    for (name, ..) in BOUNDS {
        let inputs = vec![f64::NAN; reference()[name][0].len() - 1];
        assert!(on_lanes::<f32>(name, &inputs).is_nan(), "{name}(NaN)");
        assert!(on_lanes::<f64>(name, &inputs).is_nan(), "{name}(NaN)");
    }
}

#[test]
fn duals_carry_the_analytic_derivative() {
    let table = reference();
    for row in &table["normal_hazard"] {
        let x = Dual::<Lane<f64>, 1>::inputs([Lane(-row[0])]);
        let derivative = x[0].log_ndtr().derivatives[0].0;
        assert!(
            relative(derivative, row[1]) < 3e-15,
            "log_ndtr'({})",
            -row[0]
        );
    }
    for (function, derivative) in [("ln_gamma", "digamma"), ("digamma", "trigamma")] {
        for row in &table[derivative] {
            let x = Dual::<Lane<f64>, 1>::inputs([Lane(row[0])])[0];
            let got = if function == "ln_gamma" {
                x.ln_gamma()
            } else {
                x.digamma()
            };
            assert!(
                relative(got.derivatives[0].0, row[1]) < 5e-15,
                "{function}'({})",
                row[0]
            );
        }
    }
}
