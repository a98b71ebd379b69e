//! `f32` against `f64` at 10⁵ random parameters of each family, each with a draw of its own: what
//! tables of chosen points cannot see.
//!
//! An error is measured as the tables measure it (`tests/tables.rs`): in units of ε|f|, beyond the
//! ε·S that rounding each input once would cost, where S is the sum of |input · derivative|, from
//! the gradients in `f64`. A logarithm of random arguments passes zero, as a sum of terms around
//! one, and is measured in units of ε(1 + |f|). `SHOW=1` prints the worst of each,
//! `PUSHFORWARD_FAMILY=gamma` measures that family alone.

mod common;

use burn::tensor::{DType, Device, Float, Tensor, TensorData};
use common::{devices_in, in_parallel, is_wanted};
use pushforward::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const COUNT: usize = 100_000;

trait Family: Univariate<1> + Distribution<1, Kind = Float> {}
impl<T: Univariate<1> + Distribution<1, Kind = Float>> Family for T {}

type Make = fn(&[Tensor<1>]) -> Box<dyn Family>;

/// Where the values of a parameter are taken from.
#[derive(Clone, Copy)]
enum Range {
    /// Evenly in the logarithm.
    Positive(f64, f64),
    /// Of either sign, evenly in the logarithm of the size.
    Signed(f64),
}

use Range::{Positive, Signed};

const SCALE: Range = Positive(1e-3, 1e3);
const LOC: Range = Signed(1e3);

const FAMILIES: &[(&str, &[Range], Make)] = &[
    ("normal", &[LOC, SCALE], |x| Box::new(Normal::new(x[0].clone(), x[1].clone()))),
    ("cauchy", &[LOC, SCALE], |x| Box::new(Cauchy::new(x[0].clone(), x[1].clone()))),
    ("gumbel", &[LOC, SCALE], |x| Box::new(Gumbel::new(x[0].clone(), x[1].clone()))),
    ("laplace", &[LOC, SCALE], |x| Box::new(Laplace::new(x[0].clone(), x[1].clone()))),
    ("logistic", &[LOC, SCALE], |x| Box::new(Logistic::new(x[0].clone(), x[1].clone()))),
    ("log_normal", &[Signed(20.0), Positive(1e-3, 10.0)], |x| {
        Box::new(LogNormal::new(x[0].clone(), x[1].clone()))
    }),
    ("exponential", &[SCALE], |x| Box::new(Exponential::new(x[0].clone()))),
    ("half_normal", &[SCALE], |x| Box::new(HalfNormal::new(x[0].clone()))),
    ("half_cauchy", &[SCALE], |x| Box::new(HalfCauchy::new(x[0].clone()))),
    ("weibull", &[SCALE, Positive(0.1, 100.0)], |x| {
        Box::new(Weibull::new(x[0].clone(), x[1].clone()))
    }),
    ("pareto", &[SCALE, Positive(0.1, 100.0)], |x| {
        Box::new(Pareto::new(x[0].clone(), x[1].clone()))
    }),
    ("log_logistic", &[SCALE, Positive(0.1, 100.0)], |x| {
        Box::new(LogLogistic::new(x[0].clone(), x[1].clone()))
    }),
    ("frechet", &[SCALE, Positive(0.1, 100.0)], |x| {
        Box::new(Frechet::new(x[0].clone(), x[1].clone()))
    }),
    ("kumaraswamy", &[Positive(0.05, 50.0), Positive(0.05, 50.0)], |x| {
        Box::new(Kumaraswamy::new(x[0].clone(), x[1].clone()))
    }),
    // Either end is exact, so that no rounding of an interval's width is measured.
    ("uniform", &[SCALE, SCALE], |x| Box::new(Uniform::new(-x[0].clone(), x[1].clone()))),
    // Ends on both sides of 1, for the same reason.
    ("log_uniform", &[Positive(1e-3, 1.0), Positive(1.0, 1e3)], |x| {
        Box::new(LogUniform::new(x[0].clone(), x[1].clone()))
    }),
    ("gamma", &[Positive(0.05, 1e5), SCALE], |x| Box::new(Gamma::new(x[0].clone(), x[1].clone()))),
    ("chi2", &[Positive(0.1, 1e5)], |x| Box::new(Chi2::new(x[0].clone()))),
    ("inverse_gamma", &[Positive(0.2, 1e5), SCALE], |x| {
        Box::new(InverseGamma::new(x[0].clone(), x[1].clone()))
    }),
    ("beta", &[Positive(0.05, 1e4), Positive(0.05, 1e4)], |x| {
        Box::new(Beta::new(x[0].clone(), x[1].clone()))
    }),
    ("student_t", &[Positive(0.2, 1e4), LOC, SCALE], |x| {
        Box::new(StudentT::new(x[0].clone(), x[1].clone(), x[2].clone()))
    }),
    ("von_mises", &[Signed(3.0), Positive(1e-3, 1e4)], |x| {
        Box::new(VonMises::new(x[0].clone(), x[1].clone()))
    }),
    ("truncated_normal", &[Signed(30.0), Positive(0.1, 10.0), SCALE, SCALE], |x| {
        let (loc, scale) = (x[0].clone(), x[1].clone());
        Box::new(TruncatedNormal::new(loc, scale, -x[2].clone(), x[3].clone()))
    }),
];

type Function = fn(&dyn Family, Tensor<1>) -> Tensor<1>;

const FUNCTIONS: [(&str, Function); 5] = [
    ("log_prob", |law, x| law.log_prob(x)),
    ("cdf", |law, x| law.cdf(x)),
    ("log_cdf", |law, x| law.log_cdf(x)),
    ("survival", |law, x| law.survival(x)),
    ("log_survival", |law, x| law.log_survival(x)),
];

fn tensor(values: &[f64], device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (device, dtype))
}

fn numbers(tensor: Tensor<1>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

/// Numbers that `f32` has exactly.
fn single(values: impl Iterator<Item = f64>) -> Vec<f64> {
    values.map(|x| f64::from(x as f32)).collect()
}

fn random(range: Range, rng: &mut StdRng) -> f64 {
    let between = |low: f64, high: f64, rng: &mut StdRng| {
        (low.ln() + rng.random::<f64>() * (high / low).ln()).exp()
    };
    match range {
        Positive(low, high) => between(low, high, rng),
        Signed(size) if rng.random::<bool>() => between(1e-6 * size, size, rng),
        Signed(size) => -between(1e-6 * size, size, rng),
    }
}

/// The inputs of a family, parameters before values, and of each function the values and what
/// rounding the inputs costs, in `f64`.
struct Reference {
    inputs: Vec<Vec<f64>>,
    functions: Vec<[Vec<f64>; 2]>,
}

fn reference((_, ranges, make): &(&str, &[Range], Make), device: &Device) -> Reference {
    let mut rng = StdRng::seed_from_u64(3);
    let mut inputs: Vec<Vec<f64>> =
        (ranges.iter()).map(|range| single((0..COUNT).map(|_| random(*range, &mut rng)))).collect();
    let parameters: Vec<_> = inputs.iter().map(|x| tensor(x, device, DType::F64)).collect();
    inputs.push(single(numbers(make(&parameters).sample([COUNT], &mut rng)).into_iter()));
    let autodiff = device.clone().autodiff();
    let of_function = |(_, function): &(&str, Function)| {
        let leaves: Vec<_> =
            inputs.iter().map(|x| tensor(x, &autodiff, DType::F64).require_grad()).collect();
        let (value, parameters) = leaves.split_last().expect("a value");
        let result = function(&*make(parameters), value.clone());
        let gradients = result.clone().sum().backward();
        let mut sensitivity = vec![0.0; COUNT];
        for (leaf, input) in leaves.iter().zip(&inputs) {
            // Without a gradient the function does not depend on this input.
            let Some(slope) = leaf.grad(&gradients) else { continue };
            for ((total, slope), input) in sensitivity.iter_mut().zip(numbers(slope)).zip(input) {
                *total += (slope * input).abs();
            }
        }
        [numbers(result.inner()), sensitivity]
    };
    let functions = FUNCTIONS.iter().map(of_function).collect();
    Reference { inputs, functions }
}

/// The error allowed, in units, beyond the cost of rounding the inputs.
const UNITS: f64 = 2.0;

/// What was measured where that is more, rounded up: log-densities whose terms, each larger than they
/// are, cancel at a few in 10⁵ random points.
const LOOSER: [(&str, &str, f64); 7] = [
    ("beta", "log_prob", 4.0),
    ("gamma", "log_prob", 2.5),
    ("kumaraswamy", "log_prob", 3.0),
    ("log_normal", "log_prob", 2.5),
    ("student_t", "log_prob", 4.0),
    ("truncated_normal", "log_cdf", 4.0),
    ("von_mises", "log_prob", 3.0),
];

#[test]
fn single_precision_agrees_with_double() {
    let epsilon = f64::from(f32::EPSILON);
    let hosts = devices_in(DType::F64);
    let host = hosts.first().expect("a device that promises f64");
    let families: Vec<_> = FAMILIES.iter().filter(|family| is_wanted(family.0)).collect();
    let failures = in_parallel(&families, |family| {
        let (name, _, make) = **family;
        let mut failures = Vec::new();
        let Reference { inputs, functions } = reference(family, host);
        for device in &hosts {
            let mut all: Vec<_> = inputs.iter().map(|x| tensor(x, device, DType::F32)).collect();
            let value = all.pop().expect("a value");
            let law = make(&all);
            for ((function, evaluate), [exact, sensitivity]) in FUNCTIONS.iter().zip(&functions) {
                let ours = numbers(evaluate(&*law, value.clone()));
                let looser = LOOSER.iter().find(|(f, of, _)| (f, of) == (&name, function));
                let allowed = looser.map_or(UNITS, |(.., units)| *units);
                let mut worst = (0.0, 0);
                let mut compared = 0;
                for at in 0..COUNT {
                    // What `f32` cannot hold, and values rounded onto or over an edge.
                    let size = exact[at].abs();
                    if size.is_nan() || size > f32::MAX.into() {
                        continue;
                    }
                    compared += 1;
                    let gap = (ours[at] - exact[at]).abs() - f64::from(f32::MIN_POSITIVE);
                    let unit =
                        epsilon * if function.starts_with("log") { 1.0 + size } else { size };
                    let error = (gap - epsilon * sensitivity[at]).max(0.0) / unit;
                    let error = if gap <= 0.0 { 0.0 } else { error };
                    // A NaN is worse than any number.
                    if error.is_nan() || error > worst.0 {
                        worst = (if error.is_nan() { f64::INFINITY } else { error }, at);
                    }
                }
                let (units, at) = worst;
                let inputs: Vec<f64> = inputs.iter().map(|input| input[at]).collect();
                let line = format!(
                    "{name}.{function} on {device:?}: {units:.2} units at {inputs:?}: {} instead \
                     of {}, {compared} compared",
                    ours[at], exact[at]
                );
                if std::env::var_os("SHOW").is_some() {
                    println!("{line}");
                }
                if units > allowed || compared < COUNT * 9 / 10 {
                    failures.push(line);
                }
            }
        }
        failures
    })
    .concat();
    assert!(failures.is_empty(), "{} functions:\n{}", failures.len(), failures.join("\n"));
}
