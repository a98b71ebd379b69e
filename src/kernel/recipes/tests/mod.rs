//! Every recipe against 40-digit values, on both host precisions and replayed from a tape.

use std::collections::BTreeMap;

use super::super::lanes::{HostFloat, Lane};
use super::super::real::Real;
use super::super::tape::{Binary, Comparison, Instruction, Node, Program, Unary};
use super::*;

mod derivatives;
mod gamma_family;
mod incomplete_beta;
mod incomplete_gamma;
mod inexact;
mod quantiles;
mod student_t;
mod values;
mod von_mises;

type Table = BTreeMap<String, Vec<Vec<f64>>>;

fn reference() -> Table {
    let mut table: Table = serde_json::from_str(REFERENCE).expect("the table is valid JSON");
    for row in table.values_mut().flatten() {
        // The inputs are exact in f32, and decimal parsing need not be exact to the last bit.
        let inputs = row.len() - 1;
        row[..inputs].iter_mut().for_each(|x| *x = f64::from(*x as f32));
    }
    table
}

const REFERENCE: &str = include_str!("../../../../tests/reference/recipes.json");

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
        "ln_gamma" => x[0].ln_gamma(),
        "ln_gamma_stirling" => ln_gamma_stirling(x[0]),
        "digamma" => digamma(x[0]),
        "digamma_stirling" => digamma_stirling(x[0]),
        "trigamma" => trigamma(x[0]),
        "polygamma_2" => polygamma(x[0], 2),
        "polygamma_3" => polygamma(x[0], 3),
        "polygamma_5" => polygamma(x[0], 5),
        "polygamma_8" => polygamma(x[0], 8),
        "ln_abs_gamma" => ln_abs_gamma(x[0]),
        "digamma_real" => digamma_real(x[0]),
        "trigamma_real" => trigamma_real(x[0]),
        "ln_multivariate_gamma_3" => ln_multivariate_gamma(x[0], 3),
        "ln_multivariate_gamma_6" => ln_multivariate_gamma(x[0], 6),
        "ln_beta" => ln_beta(x[0], x[1]),
        "log_binomial" => log_binomial(x[0], x[1]),
        "log_gamma_difference" => log_gamma_difference(x[0], x[1]),
        "digamma_difference" => digamma_difference(x[0], x[1]),
        "gamma_p_inverse" => x[0].gamma_p_inverse(x[1]),
        "gamma_q_inverse" => x[0].gamma_q_inverse(x[1]),
        "gamma_p" => gamma_p(x[0], x[1]),
        "gamma_q" => gamma_q(x[0], x[1]),
        "log_gamma_p" => log_gamma_p(x[0], x[1]),
        "log_gamma_q" => log_gamma_q(x[0], x[1]),
        "log_gamma_quantile" => x[0].log_gamma_quantile(x[1], x[2]),
        "gamma_implicit_gradient" => gamma_implicit_gradient(x[0], x[1]),
        _ => panic!("no recipe named {name}"),
    }
}

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
    replay_with(program, inputs, |x, _| x)
}

/// What a graphics driver makes of an exponential, a logarithm or a quotient, with 2 ULP rather than ½.
fn inexact(x: f32, salt: usize) -> f32 {
    let hash = (u64::from(x.to_bits()) ^ salt as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x * (1.0 + ((hash >> 62) as f32 - 1.5) * 8e-8)
}

/// Runs a tape on a backend whose exponentials, logarithms and quotients are off by what
/// `inexact` does to them.
fn replay_with<E: HostFloat>(
    program: &Program,
    inputs: &[f64],
    inexact: impl Fn(E, usize) -> E,
) -> Vec<E> {
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
                    Unary::Recip => inexact(number(a).recip(), index),
                    Unary::Floor => number(a).floor(),
                    Unary::Exp | Unary::ExpOfTerm => inexact(number(a).exp(), index),
                    Unary::Ln => inexact(number(a).ln(), index),
                }
            }
            Instruction::Binary(op, a, b) => {
                numbers[index] = match op {
                    Binary::Add => number(a) + number(b),
                    Binary::Sub => number(a) - number(b),
                    Binary::Mul => number(a) * number(b),
                    Binary::Div => inexact(number(a) / number(b), index),
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
    program.outputs.iter().map(|slot| numbers[*slot as usize]).collect()
}

fn on_lanes<E: HostFloat>(name: &str, inputs: &[f64]) -> f64 {
    let x: Vec<_> = inputs.iter().map(|x| Lane(E::from_f64(*x))).collect();
    evaluate(name, &x).0.to_f64()
}

fn tape(name: &str, double: bool) -> Program {
    let arity = reference().get(name).map_or(3, |rows| rows[0].len() - 1);
    Program::record(arity, double, &|x: &[Node]| vec![evaluate(name, x)])
}
