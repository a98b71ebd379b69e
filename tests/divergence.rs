//! Divergences against their reference table, on every compiled-in device, in `f32` and `f64`, with
//! their gradients.
//!
//! The table and its schema are made by `tests/reference/generate.py`.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::{fs, path::Path};

use burn::tensor::{DType, Device, Tensor, TensorData};
use common::{Promises, devices, epsilon, precisions};
use pushforward::prelude::*;
use serde_json::Value;

type Pair = fn(&[Tensor<2>]) -> Tensor<2>;

fn beta(x: &[Tensor<2>]) -> Beta<2> {
    Beta::new(x[0].clone(), x[1].clone())
}
fn dirichlet(x: &[Tensor<2>]) -> Dirichlet<2> {
    Dirichlet::new(x[0].clone())
}
fn von_mises(x: &[Tensor<2>]) -> VonMises<2> {
    VonMises::new(x[0].clone(), x[1].clone())
}
fn normal(x: &[Tensor<2>]) -> Normal<2> {
    Normal::new(x[0].clone(), x[1].clone())
}
fn log_normal(x: &[Tensor<2>]) -> LogNormal<2> {
    LogNormal::new(x[0].clone(), x[1].clone())
}
fn half_normal(x: &[Tensor<2>]) -> HalfNormal<2> {
    HalfNormal::new(x[0].clone())
}
fn uniform(x: &[Tensor<2>]) -> Uniform<2> {
    Uniform::new(x[0].clone(), x[1].clone())
}
fn exponential(x: &[Tensor<2>]) -> Exponential<2> {
    Exponential::new(x[0].clone())
}
fn laplace(x: &[Tensor<2>]) -> Laplace<2> {
    Laplace::new(x[0].clone(), x[1].clone())
}
fn cauchy(x: &[Tensor<2>]) -> Cauchy<2> {
    Cauchy::new(x[0].clone(), x[1].clone())
}
fn logistic(x: &[Tensor<2>]) -> Logistic<2> {
    Logistic::new(x[0].clone(), x[1].clone())
}
fn gamma(x: &[Tensor<2>]) -> Gamma<2> {
    Gamma::new(x[0].clone(), x[1].clone())
}
fn gumbel(x: &[Tensor<2>]) -> Gumbel<2> {
    Gumbel::new(x[0].clone(), x[1].clone())
}
fn half_cauchy(x: &[Tensor<2>]) -> HalfCauchy<2> {
    HalfCauchy::new(x[0].clone())
}
fn log_uniform(x: &[Tensor<2>]) -> LogUniform<2> {
    LogUniform::new(x[0].clone(), x[1].clone())
}
fn pareto(x: &[Tensor<2>]) -> Pareto<2> {
    Pareto::new(x[0].clone(), x[1].clone())
}
fn weibull(x: &[Tensor<2>]) -> Weibull<2> {
    Weibull::new(x[0].clone(), x[1].clone())
}
fn frechet(x: &[Tensor<2>]) -> Frechet<2> {
    Frechet::new(x[0].clone(), x[1].clone())
}
fn rayleigh(x: &[Tensor<2>]) -> Rayleigh<2> {
    Rayleigh::new(x[0].clone())
}
fn chi2(x: &[Tensor<2>]) -> Chi2<2> {
    Chi2::new(x[0].clone())
}
fn inverse_gamma(x: &[Tensor<2>]) -> InverseGamma<2> {
    InverseGamma::new(x[0].clone(), x[1].clone())
}

/// The table's columns are in the order of [`ORDER`].
fn truncated_normal(x: &[Tensor<2>]) -> TruncatedNormal<2> {
    TruncatedNormal::new(x[0].clone(), x[2].clone(), x[1].clone(), x[3].clone())
}

/// Every pair of the table, and how to evaluate it at P's parameters, then Q's. A case of the table
/// without an entry fails the test.
#[rustfmt::skip]
const PAIRS: &[(&str, Pair)] = &[
    ("normal_normal", |x| normal(x).kl_divergence(&normal(&x[2..]))),
    ("log_normal_normal", |x| log_normal(x).kl_divergence(&normal(&x[2..]))),
    ("half_normal_normal", |x| half_normal(x).kl_divergence(&normal(&x[1..]))),
    ("uniform_normal", |x| uniform(x).kl_divergence(&normal(&x[2..]))),
    ("exponential_normal", |x| exponential(x).kl_divergence(&normal(&x[1..]))),
    ("laplace_normal", |x| laplace(x).kl_divergence(&normal(&x[2..]))),
    ("logistic_normal", |x| logistic(x).kl_divergence(&normal(&x[2..]))),
    ("gamma_normal", |x| gamma(x).kl_divergence(&normal(&x[2..]))),
    ("log_normal_log_normal", |x| log_normal(x).kl_divergence(&log_normal(&x[2..]))),
    ("half_normal_log_normal", |x| half_normal(x).kl_divergence(&log_normal(&x[1..]))),
    ("uniform_log_normal", |x| uniform(x).kl_divergence(&log_normal(&x[2..]))),
    ("exponential_log_normal", |x| exponential(x).kl_divergence(&log_normal(&x[1..]))),
    ("gamma_log_normal", |x| gamma(x).kl_divergence(&log_normal(&x[2..]))),
    ("half_normal_half_normal", |x| half_normal(x).kl_divergence(&half_normal(&x[1..]))),
    ("log_normal_half_normal", |x| log_normal(x).kl_divergence(&half_normal(&x[2..]))),
    ("uniform_half_normal", |x| uniform(x).kl_divergence(&half_normal(&x[2..]))),
    ("exponential_half_normal", |x| exponential(x).kl_divergence(&half_normal(&x[1..]))),
    ("gamma_half_normal", |x| gamma(x).kl_divergence(&half_normal(&x[2..]))),
    ("exponential_exponential", |x| exponential(x).kl_divergence(&exponential(&x[1..]))),
    ("half_normal_exponential", |x| half_normal(x).kl_divergence(&exponential(&x[1..]))),
    ("log_normal_exponential", |x| log_normal(x).kl_divergence(&exponential(&x[2..]))),
    ("uniform_exponential", |x| uniform(x).kl_divergence(&exponential(&x[2..]))),
    ("gamma_exponential", |x| gamma(x).kl_divergence(&exponential(&x[2..]))),
    ("gamma_gamma", |x| gamma(x).kl_divergence(&gamma(&x[2..]))),
    ("exponential_gamma", |x| exponential(x).kl_divergence(&gamma(&x[1..]))),
    ("half_normal_gamma", |x| half_normal(x).kl_divergence(&gamma(&x[1..]))),
    ("log_normal_gamma", |x| log_normal(x).kl_divergence(&gamma(&x[2..]))),
    ("uniform_gamma", |x| uniform(x).kl_divergence(&gamma(&x[2..]))),
    ("laplace_laplace", |x| laplace(x).kl_divergence(&laplace(&x[2..]))),
    ("normal_laplace", |x| normal(x).kl_divergence(&laplace(&x[2..]))),
    ("logistic_laplace", |x| logistic(x).kl_divergence(&laplace(&x[2..]))),
    ("exponential_laplace", |x| exponential(x).kl_divergence(&laplace(&x[1..]))),
    ("half_normal_laplace", |x| half_normal(x).kl_divergence(&laplace(&x[1..]))),
    ("log_normal_laplace", |x| log_normal(x).kl_divergence(&laplace(&x[2..]))),
    ("gamma_laplace", |x| gamma(x).kl_divergence(&laplace(&x[2..]))),
    ("uniform_laplace", |x| uniform(x).kl_divergence(&laplace(&x[2..]))),
    ("cauchy_cauchy", |x| cauchy(x).kl_divergence(&cauchy(&x[2..]))),
    ("uniform_cauchy", |x| uniform(x).kl_divergence(&cauchy(&x[2..]))),
    ("chi2_chi2", |x| chi2(x).kl_divergence(&chi2(&x[1..]))),
    ("chi2_gamma", |x| chi2(x).kl_divergence(&gamma(&x[1..]))),
    ("gamma_chi2", |x| gamma(x).kl_divergence(&chi2(&x[2..]))),
    ("inverse_gamma_inverse_gamma", |x| inverse_gamma(x).kl_divergence(&inverse_gamma(&x[2..]))),
    ("truncated_normal_truncated_normal", |x| {
        truncated_normal(x).kl_divergence(&truncated_normal(&x[4..]))
    }),
    ("truncated_normal_normal", |x| truncated_normal(x).kl_divergence(&normal(&x[4..]))),
    ("truncated_normal_uniform", |x| truncated_normal(x).kl_divergence(&uniform(&x[4..]))),
    ("uniform_truncated_normal", |x| uniform(x).kl_divergence(&truncated_normal(&x[2..]))),
    ("uniform_uniform", |x| uniform(x).kl_divergence(&uniform(&x[2..]))),
    ("normal_half_normal", |x| normal(x).kl_divergence(&half_normal(&x[2..]))),
    ("normal_log_normal", |x| normal(x).kl_divergence(&log_normal(&x[2..]))),
    ("normal_exponential", |x| normal(x).kl_divergence(&exponential(&x[2..]))),
    ("normal_gamma", |x| normal(x).kl_divergence(&gamma(&x[2..]))),
    ("normal_uniform", |x| normal(x).kl_divergence(&uniform(&x[2..]))),
    ("laplace_half_normal", |x| laplace(x).kl_divergence(&half_normal(&x[2..]))),
    ("laplace_log_normal", |x| laplace(x).kl_divergence(&log_normal(&x[2..]))),
    ("laplace_exponential", |x| laplace(x).kl_divergence(&exponential(&x[2..]))),
    ("laplace_gamma", |x| laplace(x).kl_divergence(&gamma(&x[2..]))),
    ("laplace_uniform", |x| laplace(x).kl_divergence(&uniform(&x[2..]))),
    ("logistic_half_normal", |x| logistic(x).kl_divergence(&half_normal(&x[2..]))),
    ("logistic_log_normal", |x| logistic(x).kl_divergence(&log_normal(&x[2..]))),
    ("logistic_exponential", |x| logistic(x).kl_divergence(&exponential(&x[2..]))),
    ("logistic_gamma", |x| logistic(x).kl_divergence(&gamma(&x[2..]))),
    ("logistic_uniform", |x| logistic(x).kl_divergence(&uniform(&x[2..]))),
    ("cauchy_half_normal", |x| cauchy(x).kl_divergence(&half_normal(&x[2..]))),
    ("cauchy_log_normal", |x| cauchy(x).kl_divergence(&log_normal(&x[2..]))),
    ("cauchy_exponential", |x| cauchy(x).kl_divergence(&exponential(&x[2..]))),
    ("cauchy_gamma", |x| cauchy(x).kl_divergence(&gamma(&x[2..]))),
    ("cauchy_uniform", |x| cauchy(x).kl_divergence(&uniform(&x[2..]))),
    ("cauchy_normal", |x| cauchy(x).kl_divergence(&normal(&x[2..]))),
    ("cauchy_laplace", |x| cauchy(x).kl_divergence(&laplace(&x[2..]))),
    ("half_normal_uniform", |x| half_normal(x).kl_divergence(&uniform(&x[1..]))),
    ("log_normal_uniform", |x| log_normal(x).kl_divergence(&uniform(&x[2..]))),
    ("exponential_uniform", |x| exponential(x).kl_divergence(&uniform(&x[1..]))),
    ("gamma_uniform", |x| gamma(x).kl_divergence(&uniform(&x[2..]))),
    ("frechet_frechet", |x| frechet(x).kl_divergence(&frechet(&x[2..]))),
    ("gumbel_gumbel", |x| gumbel(x).kl_divergence(&gumbel(&x[2..]))),
    ("half_cauchy_half_cauchy", |x| half_cauchy(x).kl_divergence(&half_cauchy(&x[1..]))),
    ("log_uniform_log_uniform", |x| log_uniform(x).kl_divergence(&log_uniform(&x[2..]))),
    ("pareto_pareto", |x| pareto(x).kl_divergence(&pareto(&x[2..]))),
    ("rayleigh_rayleigh", |x| rayleigh(x).kl_divergence(&rayleigh(&x[1..]))),
    ("weibull_weibull", |x| weibull(x).kl_divergence(&weibull(&x[2..]))),
    ("gumbel_normal", |x| gumbel(x).kl_divergence(&normal(&x[2..]))),
    ("normal_gumbel", |x| normal(x).kl_divergence(&gumbel(&x[2..]))),
    ("exponential_weibull", |x| exponential(x).kl_divergence(&weibull(&x[1..]))),
    ("log_normal_weibull", |x| log_normal(x).kl_divergence(&weibull(&x[2..]))),
    ("weibull_exponential", |x| weibull(x).kl_divergence(&exponential(&x[2..]))),
    ("weibull_gamma", |x| weibull(x).kl_divergence(&gamma(&x[2..]))),
    ("weibull_log_normal", |x| weibull(x).kl_divergence(&log_normal(&x[2..]))),
    ("half_cauchy_log_normal", |x| half_cauchy(x).kl_divergence(&log_normal(&x[1..]))),
    ("pareto_log_normal", |x| pareto(x).kl_divergence(&log_normal(&x[2..]))),
    ("gumbel_half_normal", |x| gumbel(x).kl_divergence(&half_normal(&x[2..]))),
    ("gumbel_log_normal", |x| gumbel(x).kl_divergence(&log_normal(&x[2..]))),
    ("gumbel_exponential", |x| gumbel(x).kl_divergence(&exponential(&x[2..]))),
    ("gumbel_gamma", |x| gumbel(x).kl_divergence(&gamma(&x[2..]))),
    ("gumbel_weibull", |x| gumbel(x).kl_divergence(&weibull(&x[2..]))),
    ("gumbel_uniform", |x| gumbel(x).kl_divergence(&uniform(&x[2..]))),
    ("normal_weibull", |x| normal(x).kl_divergence(&weibull(&x[2..]))),
    ("laplace_weibull", |x| laplace(x).kl_divergence(&weibull(&x[2..]))),
    ("logistic_weibull", |x| logistic(x).kl_divergence(&weibull(&x[2..]))),
    ("cauchy_weibull", |x| cauchy(x).kl_divergence(&weibull(&x[2..]))),
    ("weibull_uniform", |x| weibull(x).kl_divergence(&uniform(&x[2..]))),
    ("pareto_uniform", |x| pareto(x).kl_divergence(&uniform(&x[2..]))),
    ("half_cauchy_uniform", |x| half_cauchy(x).kl_divergence(&uniform(&x[1..]))),
    ("cauchy_gumbel", |x| cauchy(x).kl_divergence(&gumbel(&x[2..]))),
    ("half_cauchy_normal", |x| half_cauchy(x).kl_divergence(&normal(&x[1..]))),
    ("half_cauchy_half_normal", |x| half_cauchy(x).kl_divergence(&half_normal(&x[1..]))),
    ("half_cauchy_exponential", |x| half_cauchy(x).kl_divergence(&exponential(&x[1..]))),
    ("half_cauchy_gamma", |x| half_cauchy(x).kl_divergence(&gamma(&x[1..]))),
    ("half_cauchy_laplace", |x| half_cauchy(x).kl_divergence(&laplace(&x[1..]))),
    ("geometric_logits", |x| geometric_logits(x).kl_divergence(&geometric_logits(&x[1..]))),
    ("geometric_probs", |x| geometric_probs(x).kl_divergence(&geometric_probs(&x[1..]))),
    ("binomial_logits", |x| binomial_logits(x).kl_divergence(&binomial_logits(&x[2..]))),
    ("binomial_probs", |x| binomial_probs(x).kl_divergence(&binomial_probs(&x[2..]))),
    ("negative_binomial_logits", |x| {
        negative_binomial_logits(x).kl_divergence(&negative_binomial_logits(&x[2..]))
    }),
    ("negative_binomial_probs", |x| {
        negative_binomial_probs(x).kl_divergence(&negative_binomial_probs(&x[2..]))
    }),
    ("poisson_poisson", |x| poisson(x).kl_divergence(&poisson(&x[1..]))),
    ("beta_beta", |x| beta(x).kl_divergence(&beta(&x[2..]))),
    ("dirichlet_dirichlet", |x| dirichlet(x).kl_divergence(&dirichlet(&x[1..]))),
    ("von_mises_von_mises", |x| von_mises(x).kl_divergence(&von_mises(&x[2..]))),
    ("bernoulli_logits", |x| bernoulli_logits(x).kl_divergence(&bernoulli_logits(&x[1..]))),
    ("bernoulli_probs", |x| bernoulli_probs(x).kl_divergence(&bernoulli_probs(&x[1..]))),
    ("categorical_logits", |x| categorical_logits(x).kl_divergence(&categorical_logits(&x[1..]))),
    ("categorical_probs", |x| categorical_probs(x).kl_divergence(&categorical_probs(&x[1..]))),
];

fn geometric_logits(x: &[Tensor<2>]) -> Geometric<2> {
    Geometric::from_logits(x[0].clone())
}
fn geometric_probs(x: &[Tensor<2>]) -> Geometric<2> {
    Geometric::from_probs(x[0].clone())
}
fn binomial_logits(x: &[Tensor<2>]) -> Binomial<2> {
    Binomial::from_logits(x[0].clone(), x[1].clone())
}
fn binomial_probs(x: &[Tensor<2>]) -> Binomial<2> {
    Binomial::from_probs(x[0].clone(), x[1].clone())
}
fn negative_binomial_logits(x: &[Tensor<2>]) -> NegativeBinomial<2> {
    NegativeBinomial::from_logits(x[0].clone(), x[1].clone())
}
fn negative_binomial_probs(x: &[Tensor<2>]) -> NegativeBinomial<2> {
    NegativeBinomial::from_probs(x[0].clone(), x[1].clone())
}
fn poisson(x: &[Tensor<2>]) -> Poisson<2> {
    Poisson::new(x[0].clone())
}
fn bernoulli_logits(x: &[Tensor<2>]) -> Bernoulli<2> {
    Bernoulli::from_logits(x[0].clone())
}
fn bernoulli_probs(x: &[Tensor<2>]) -> Bernoulli<2> {
    Bernoulli::from_probs(x[0].clone())
}
fn categorical_logits(x: &[Tensor<2>]) -> Categorical<2> {
    Categorical::from_logits(x[0].clone())
}
fn categorical_probs(x: &[Tensor<2>]) -> Categorical<2> {
    Categorical::from_probs(x[0].clone())
}

/// The error allowed in every pair, in units of ε|f| beyond the ε·S of rounding each input once (S
/// is the table's `sensitivity`): on the host in either precision.
const TOLERANCE: f64 = 2.0;
/// The same on a GPU, whose own `exp`, `ln` and division are good to a few ULP only.
const GPU_TOLERANCE: f64 = 16.0;
/// Where both shapes of a Beta move far, the divergence is what is left of ln B(a′, b′), six times as large,
/// whose rounding shows.
const BETA_TOLERANCE: f64 = 3.0;
/// Between negative binomials of different numbers of failures it is an integral of two terms which are a
/// few times as large as what they leave.
const INTEGRAL_TOLERANCE: f64 = 3.0;

/// The order of the parameters in every constructor.
const ORDER: [&str; 13] = [
    "total_count",
    "loc",
    "df",
    "low",
    "scale",
    "concentration",
    "concentration1",
    "concentration0",
    "rate",
    "alpha",
    "high",
    "logits",
    "probs",
];

/// A row of the table: the parameters of P and Q, each a number or a vector.
struct Row {
    inputs: Vec<Vec<f64>>,
    expected: f64,
    sensitivity: f64,
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(digits) => digits.parse().expect("a number"),
        other => other.as_f64().unwrap_or(0.0),
    }
}

fn entries(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(entries) => entries.iter().map(number).collect(),
        single => vec![number(single)],
    }
}

/// Σ |x ∂f/∂x| over the entries of two vectors of weights, for which the table has none.
fn vector_sensitivity(name: &str, inputs: &[Vec<f64>], divergence: f64) -> f64 {
    let logits = name == "categorical_logits";
    let probs = |weights: &[f64]| {
        let top = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weight = |w: &f64| if logits { (w - top).exp() } else { *w };
        let sum: f64 = weights.iter().map(weight).sum();
        weights.iter().map(|w| weight(w) / sum).collect::<Vec<_>>()
    };
    let (p, q) = (probs(&inputs[0]), probs(&inputs[1]));
    let scale = |x: f64| {
        if logits && x.is_finite() { x.abs() } else { 1.0 }
    };
    let terms = (0..p.len()).filter(|k| p[*k] > 0.0).map(|k| {
        let own = p[k] * ((p[k] / q[k]).ln() - divergence);
        own.abs() * scale(inputs[0][k]) + (q[k] - p[k]).abs() * scale(inputs[1][k])
    });
    terms.sum()
}

/// The columns of the parameters, P's before Q's.
fn columns(case: &Value) -> Vec<(String, &Value)> {
    let columns = case["inputs"].as_object().expect("inputs");
    let order = ["p", "q"]
        .into_iter()
        .flat_map(|side| ORDER.map(|parameter| format!("{side}_{parameter}")));
    let in_order: Vec<_> =
        order.filter_map(|name| columns.get(&name).map(|column| (name, column))).collect();
    assert_eq!(in_order.len(), columns.len(), "{}: columns", case["function"]);
    in_order
}

fn cases(table: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/reference/{table}.json"));
    let text = fs::read_to_string(path).expect("a readable table");
    let table: Value = serde_json::from_str(&text).expect("JSON");
    table["cases"].as_array().expect("cases").clone()
}

fn name_of(case: &Value) -> &str {
    let name = case["function"].as_str().expect("a name");
    name.strip_prefix("kl_").expect("a divergence")
}

fn table() -> Vec<(String, Vec<Row>)> {
    let cases = cases("kl");
    cases
        .iter()
        .map(|case| {
            let name = name_of(case);
            let columns = columns(case);
            let rows = case["expected"].as_array().expect("a column").len();
            let rows = (0..rows).map(|row| {
                let inputs: Vec<Vec<f64>> =
                    columns.iter().map(|(_, column)| entries(&column[row])).collect();
                let expected = entries(&case["expected"][row])[0];
                let sensitivity = match case.get("sensitivity") {
                    None if inputs[0].len() > 1 => vector_sensitivity(name, &inputs, expected),
                    None => 0.0,
                    Some(_) if name.starts_with("categorical") => {
                        vector_sensitivity(name, &inputs, expected)
                    }
                    Some(sensitivity) => number(&sensitivity[row]),
                };
                Row { inputs, expected, sensitivity }
            });
            (name.to_string(), rows.collect())
        })
        .collect()
}

fn tensors(inputs: &[Vec<f64>], device: &Device, dtype: DType) -> Vec<Tensor<2>> {
    let tensor = |values: &Vec<f64>| {
        let data = TensorData::new(values.clone(), [1, values.len()]);
        Tensor::from_data(data, (device, dtype))
    };
    inputs.iter().map(tensor).collect()
}

fn scalar(tensor: Tensor<2>) -> f64 {
    let values: Vec<f64> = tensor.into_data().iter::<f64>().collect();
    assert_eq!(values.len(), 1);
    values[0]
}

/// The divergences of the rows, of those with equally many entries at once.
fn values(evaluate: Pair, rows: &[Row], device: &Device, dtype: DType) -> Vec<f64> {
    let mut groups: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        groups.entry(row.inputs.iter().map(Vec::len).collect()).or_default().push(index);
    }
    let mut values = vec![f64::NAN; rows.len()];
    for (lengths, members) in groups {
        let column = |(input, length): (usize, &usize)| {
            let entries = members.iter().flat_map(|row| rows[*row].inputs[input].clone()).collect();
            let data = TensorData::new::<f64, _>(entries, [members.len(), *length]);
            Tensor::from_data(data, (device, dtype))
        };
        let inputs: Vec<_> = lengths.iter().enumerate().map(column).collect();
        let found = evaluate(&inputs);
        assert_eq!(found.dims(), [members.len(), 1]);
        for (row, value) in members.into_iter().zip(found.into_data().iter::<f64>()) {
            values[row] = value;
        }
    }
    values
}

fn pair(name: &str) -> Pair {
    let found = PAIRS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("{name}: add it to PAIRS")).1
}

#[test]
fn every_pair_is_in_the_table() {
    let table: BTreeSet<String> = table().into_iter().map(|(name, _)| name).collect();
    let covered: BTreeSet<String> = PAIRS.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(table, covered);
}

#[test]
fn values_agree_with_fifty_digits() {
    let table = table();
    let mut failures = Vec::new();
    for device in devices() {
        for dtype in precisions(&device) {
            let unit = epsilon(dtype);
            for (name, rows) in &table {
                let evaluate = pair(name);
                let tolerance = match name.as_str() {
                    _ if format!("{device:?}").contains("Wgpu") => GPU_TOLERANCE,
                    "beta_beta" => BETA_TOLERANCE,
                    _ => TOLERANCE,
                };
                let mut worst = (0.0, String::new());
                let found = values(evaluate, rows, &device, dtype);
                for (row, value) in rows.iter().zip(found) {
                    let error = (value - row.expected).abs() / unit;
                    let needed = if value == row.expected {
                        0.0
                    } else if !row.expected.is_finite() || !value.is_finite() {
                        // The f32 value of a divergence beyond its range is +∞.
                        let beyond = dtype == DType::F32 && row.expected > f64::from(f32::MAX);
                        if beyond && value == f64::INFINITY { 0.0 } else { f64::INFINITY }
                    } else {
                        (error - row.sensitivity) / row.expected.abs()
                    };
                    let integral =
                        name.starts_with("negative_binomial") && row.inputs[0] != row.inputs[2];
                    let needed =
                        if integral { needed * (TOLERANCE / INTEGRAL_TOLERANCE) } else { needed };
                    if needed > worst.0 {
                        let Row { inputs, expected, .. } = row;
                        worst = (needed, format!("{inputs:?}: {value:e}, not {expected:e}"));
                    }
                }
                let (needed, what) = worst;
                if std::env::var_os("SHOW_ERRORS").is_some() {
                    println!("{name} {dtype:?} {needed:.2} {what}");
                }
                if needed > tolerance {
                    let message = format!("{name} {device:?} {dtype:?}: {needed:.2} units, {what}");
                    failures.push(message);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Both ways to keep what the backward pass needs.
fn autodiff(device: &Device) -> [Device; 2] {
    let plain = device.clone().autodiff();
    [plain.clone(), plain.gradient_checkpointing()]
}

/// The value and the gradients to all inputs.
fn with_gradients(
    evaluate: Pair,
    inputs: &[Vec<f64>],
    device: &Device,
    dtype: DType,
) -> (f64, Vec<Vec<f64>>) {
    let leaves: Vec<Tensor<2>> =
        tensors(inputs, device, dtype).into_iter().map(Tensor::require_grad).collect();
    let value = evaluate(&leaves);
    let gradients = value.clone().sum().backward();
    let gradient = |leaf: &Tensor<2>| {
        let gradient = leaf.grad(&gradients).expect("every parameter is tracked");
        gradient.into_data().iter::<f64>().collect()
    };
    (scalar(value), leaves.iter().map(gradient).collect())
}

/// The relative step of differences.
const STEP: f64 = 1e-5;

/// What a relative step of one entry is relative to: its size, that of the others where it is 0,
/// and 1 for a logit, which has no scale.
fn scale(name: &str, inputs: &[Vec<f64>], at: (usize, usize)) -> f64 {
    let x = inputs[at.0][at.1].abs();
    if name.ends_with("logits") {
        return 1.0;
    }
    let others = inputs.iter().flatten().map(|x| x.abs()).filter(|x| *x > 0.0);
    if x > 0.0 { x } else { others.fold(1.0, f64::min) }
}

fn shifted(
    name: &str,
    inputs: &[Vec<f64>],
    at: (usize, usize),
    steps: f64,
) -> (f64, Vec<Vec<f64>>) {
    let x = inputs[at.0][at.1];
    let mut moved = inputs.to_vec();
    moved[at.0][at.1] = x + steps * STEP * scale(name, inputs, at);
    (moved[at.0][at.1] - x, moved)
}

/// The derivative along one entry by five points, whose error is of fourth order in the step; none
/// where a neighbour is +∞.
fn difference(name: &str, inputs: &[Vec<f64>], at: (usize, usize), device: &Device) -> Option<f64> {
    let slope = |steps: f64| {
        let [(right, above), (left, below)] =
            [steps, -steps].map(|steps| shifted(name, inputs, at, steps));
        let value = |inputs: &[Vec<f64>]| scalar(pair(name)(&tensors(inputs, device, DType::F64)));
        (value(&above) - value(&below)) / (right - left)
    };
    let slope = (slope(1.0) * 4.0 - slope(2.0)) / 3.0;
    slope.is_finite().then_some(slope)
}

/// How much each partial derivative changes for a relative change of one of every input: the error
/// that rounding the inputs makes in it, in units of ε.
fn gradient_sensitivity(
    name: &str,
    inputs: &[Vec<f64>],
    gradient: &[Vec<f64>],
    device: &Device,
) -> Vec<Vec<f64>> {
    let mut total: Vec<Vec<f64>> = gradient.iter().map(|g| vec![0.0; g.len()]).collect();
    for (index, entries) in inputs.iter().enumerate() {
        for (entry, x) in entries.iter().enumerate() {
            let at = (index, entry);
            let (_, neighbour) = shifted(name, inputs, at, 1.0);
            let (value, moved) = with_gradients(pair(name), &neighbour, device, DType::F64);
            if !value.is_finite() {
                continue;
            }
            let relative = (x.abs() / scale(name, inputs, at)).max(1.0);
            for (total, (moved, still)) in total.iter_mut().zip(moved.iter().zip(gradient)) {
                for (total, (moved, still)) in total.iter_mut().zip(moved.iter().zip(still)) {
                    *total += relative * (moved - still).abs() / STEP;
                }
            }
        }
    }
    total
}

#[test]
fn gradients_agree_with_finite_differences_and_across_precisions() {
    let table = table();
    let mut failures = Vec::new();
    for device in devices() {
        let double = device.promises(DType::F64);
        for (name, rows) in &table {
            let evaluate = pair(name);
            for Row { inputs, expected, .. } in rows {
                let modes = autodiff(&device);
                // Without `f64` there is nothing to compare. (That both modes agree there is for the tests of
                // the engine and the laws: it takes a driver minutes to compile all pairs twice.)
                if !double {
                    let unbounded = *expected == f64::INFINITY;
                    let slopes = || with_gradients(evaluate, inputs, &modes[0], DType::F32).1;
                    if unbounded && slopes().iter().flatten().any(|g| g.is_nan()) {
                        failures.push(format!("{name} {inputs:?}: NaN at +inf"));
                    }
                    continue;
                }
                let single = modes
                    .each_ref()
                    .map(|mode| with_gradients(evaluate, inputs, mode, DType::F32).1);
                // The same numbers, recomputed or kept.
                if format!("{:?}", single[0]) != format!("{:?}", single[1]) {
                    failures.push(format!("{name} {inputs:?}: {single:?} with checkpointing"));
                }
                if *expected == f64::INFINITY {
                    if single[0].iter().flatten().any(|g| g.is_nan()) {
                        failures.push(format!("{name} {inputs:?}: {:?} at +inf", single[0]));
                    }
                    continue;
                }
                if *expected > f64::from(f32::MAX) {
                    continue;
                }
                let exact = with_gradients(evaluate, inputs, &modes[0], DType::F64).1;
                let moved = gradient_sensitivity(name, inputs, &exact, &modes[0]);
                for (index, gradients) in exact.iter().enumerate() {
                    for (entry, gradient) in gradients.iter().enumerate() {
                        let x = inputs[index][entry];
                        let at = format!("{name} {inputs:?} to {index}, {entry}");
                        let size = gradient.abs() + expected / scale(name, inputs, (index, entry));
                        let moved = moved[index][entry];
                        let rounded = single[0][index][entry];
                        let allowed = SINGLE_TOLERANCE * size + 2.0 * SINGLE_UNIT * moved;
                        if !((gradient - rounded).abs() <= allowed) {
                            failures.push(format!("{at}: {gradient:e}, in f32 {rounded:e}"));
                        }
                        // The density of P may jump or be infinite at 0, the end of its support.
                        if x == 0.0 && name.ends_with("_laplace") {
                            continue;
                        }
                        let Some(other) = difference(name, inputs, (index, entry), &device) else {
                            continue;
                        };
                        let allowed = DIFFERENCE_TOLERANCE * (size + moved * STEP);
                        if !((gradient - other).abs() <= allowed) {
                            failures.push(format!("{at}: {gradient:e}, by differences {other:e}"));
                        }
                    }
                }
            }
        }
    }
    failures.sort();
    failures.dedup();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// In units of ε (|derivative| + S), with the table's `sensitivity` S: the derivatives that the steps of
/// the value would lose.
#[test]
fn gradients_agree_with_fifty_digits() {
    let mut failures = Vec::new();
    for device in devices() {
        for dtype in precisions(&device) {
            let unit = epsilon(dtype);
            for case in &cases("kl_gradients") {
                let (name, variable) = name_of(case).split_once("_by_").expect("a parameter");
                let columns = columns(case);
                let index = columns.iter().position(|(column, _)| column == variable);
                let index = index.expect("the parameter is a column");
                let rows = case["expected"].as_array().expect("a column");
                for (row, expected) in rows.iter().enumerate() {
                    let inputs: Vec<Vec<f64>> =
                        columns.iter().map(|(_, column)| entries(&column[row])).collect();
                    let [mode, _] = autodiff(&device);
                    let (_, gradients) = with_gradients(pair(name), &inputs, &mode, dtype);
                    let (slope, exact) = (gradients[index][0], number(expected));
                    let size = exact.abs() + number(&case["sensitivity"][row]);
                    let units = (slope - exact).abs() / (unit * size);
                    let tolerance = if device.is_host() { SLOPE_TOLERANCE } else { GPU_TOLERANCE };
                    if !(units <= tolerance) {
                        let message = format!("{name} {inputs:?} by {variable}, {dtype:?}");
                        failures.push(format!("{message}: {slope:e}, not {exact:e}: {units:.1}"));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The error allowed in a derivative on the host.
const SLOPE_TOLERANCE: f64 = 4.0;

/// Relative to |gradient| + |f/x|, and to the change of the gradient over one step.
const DIFFERENCE_TOLERANCE: f64 = 2e-6;
/// The same for gradients in `f32`, beyond the error of rounding the inputs.
const SINGLE_TOLERANCE: f64 = 1e-5;
const SINGLE_UNIT: f64 = f32::EPSILON as f64;

#[test]
fn a_divergence_to_itself_is_zero_with_gradient_zero() {
    let located: &[&[f64]] = &[&[0.0, 1.0], &[-3e4, 1e-3], &[1e10, 1e10], &[0.1, 1e-20]];
    let shaped: &[&[f64]] = &[&[1.0, 1.0], &[1e-3, 3.0], &[0.3, 1e-9], &[7.9, 2.0], &[1e6, 7.0]];
    let infinity = f64::INFINITY;
    let truncated: &[&[f64]] = &[
        &[0.0, -infinity, 1.0, infinity],
        &[0.0, -1.0, 1.0, 2.0],
        &[0.3, 40.0, 1.1, infinity],
        &[5.0, -1e-3, 1.0, 0.0],
        &[-3.0, -infinity, 1e-3, 7.0],
    ];
    let scaled: &[&[f64]] = &[&[1.0], &[0.1], &[1e-20], &[3e20]];
    let odds: &[&[f64]] = &[&[0.0], &[-90.0], &[60.0], &[0.3]];
    let probs: &[&[f64]] = &[&[0.5], &[0.3], &[1e-30], &[0.999]];
    let families = [
        ("normal_normal", located),
        ("log_normal_log_normal", &located[..1]),
        ("laplace_laplace", located),
        ("cauchy_cauchy", located),
        ("uniform_uniform", &[&[0.0, 1.0], &[-3.0, 1e10], &[0.1, 0.3]]),
        ("log_uniform_log_uniform", &[&[0.5, 1.0], &[1e-30, 1e30], &[0.1, 0.3], &[7.0, 7.000_001]]),
        ("truncated_normal_truncated_normal", truncated),
        ("gamma_gamma", shaped),
        ("beta_beta", shaped),
        ("von_mises_von_mises", &[&[0.0, 1.0], &[2.0, 1e-3], &[-3.0, 1e6], &[0.3, 3.9]]),
        ("exponential_exponential", scaled),
        ("half_normal_half_normal", scaled),
        ("half_cauchy_half_cauchy", scaled),
        ("rayleigh_rayleigh", scaled),
        ("gumbel_gumbel", located),
        ("weibull_weibull", shaped),
        ("frechet_frechet", shaped),
        ("pareto_pareto", shaped),
        ("chi2_chi2", &scaled[..2]),
        ("inverse_gamma_inverse_gamma", shaped),
        ("poisson_poisson", scaled),
        ("binomial_logits", &[&[10.0, 0.3], &[1e6, -14.0]]),
        ("binomial_probs", &[&[10.0, 0.3], &[1e6, 1e-6]]),
        ("negative_binomial_logits", &[&[10.5, 0.3], &[1e-3, -14.0], &[7.0, 14.0]]),
        ("negative_binomial_probs", &[&[10.5, 0.3], &[1e-3, 1e-6], &[7.0, 0.999]]),
        ("geometric_logits", &odds[..1]),
        ("geometric_probs", probs),
        ("bernoulli_logits", odds),
        ("bernoulli_probs", probs),
    ];
    for device in devices() {
        for dtype in precisions(&device) {
            for (name, settings) in families {
                for parameters in settings {
                    let twice = [*parameters, *parameters].concat();
                    let inputs: Vec<Vec<f64>> = twice.iter().map(|x| vec![*x]).collect();
                    for mode in autodiff(&device) {
                        let (value, gradients) = with_gradients(pair(name), &inputs, &mode, dtype);
                        let what = format!("{name} {parameters:?} {device:?} {dtype:?}");
                        assert_eq!(value, 0.0, "{what}");
                        // An interval's divergence has a corner where it equals the other; with the
                        // Normal inside it there is none.
                        let cornered =
                            ["uniform_uniform", "log_uniform_log_uniform", "pareto_pareto"];
                        let smooth = if cornered.contains(&name) {
                            vec![]
                        } else if name == "truncated_normal_truncated_normal" {
                            [0, 2, 4, 6].map(|k| gradients[k].clone()).concat()
                        } else {
                            gradients.concat()
                        };
                        let zero = smooth.iter().all(|g| *g == 0.0);
                        assert!(zero, "{what}: {gradients:?}");
                    }
                }
            }
            for (name, weights) in [
                ("categorical_logits", [0.3, -200.0, 5.0, f64::NEG_INFINITY]),
                ("categorical_probs", [0.25, 1e-30, 0.75, 0.0]),
                ("dirichlet_dirichlet", [0.25, 1e-9, 30.0, 1e5]),
            ] {
                let inputs = vec![weights.to_vec(), weights.to_vec()];
                for mode in autodiff(&device) {
                    let (value, gradients) = with_gradients(pair(name), &inputs, &mode, dtype);
                    assert_eq!(value, 0.0, "{name} {device:?} {dtype:?}");
                    let finite = gradients.iter().flatten().all(|g| g.is_finite());
                    assert!(finite, "{name} {device:?} {dtype:?}: {gradients:?}");
                }
            }
        }
    }
}

#[test]
fn outcomes_that_cannot_happen() {
    let infinity = f64::INFINITY;
    let cases: [(&str, [&[f64]; 2], f64); 10] = [
        ("bernoulli_probs", [&[0.0], &[0.0]], 0.0),
        ("bernoulli_probs", [&[1.0], &[1.0]], 0.0),
        ("bernoulli_probs", [&[0.0], &[1.0]], infinity),
        ("bernoulli_probs", [&[0.5], &[0.0]], infinity),
        ("bernoulli_logits", [&[-infinity], &[-infinity]], 0.0),
        ("bernoulli_logits", [&[0.0], &[-infinity]], infinity),
        ("categorical_logits", [&[0.0, -infinity], &[0.0, -infinity]], 0.0),
        ("categorical_logits", [&[0.0, -infinity], &[0.0, 0.0]], 2.0_f64.ln()),
        ("categorical_logits", [&[0.0, 0.0, 1.0], &[0.0, -infinity, 1.0]], infinity),
        ("categorical_probs", [&[0.5, 0.5, 0.0], &[0.0, 0.5, 0.5]], infinity),
    ];
    for device in devices() {
        for dtype in precisions(&device) {
            let unit = epsilon(dtype);
            for (name, inputs, expected) in cases {
                let inputs = inputs.map(<[f64]>::to_vec);
                for mode in autodiff(&device) {
                    let (value, gradients) = with_gradients(pair(name), &inputs, &mode, dtype);
                    let what = format!("{name} {inputs:?} {device:?} {dtype:?}");
                    let agree = value == expected || (value - expected).abs() < 4.0 * unit;
                    assert!(agree, "{what}: {value}");
                    let finite = gradients.iter().flatten().all(|g| g.is_finite());
                    assert!(finite, "{what}: {gradients:?}");
                }
            }
        }
    }
}

#[test]
fn a_divergence_of_infinity_has_gradient_zero() {
    let infinity = f64::INFINITY;
    let cases: [(&str, &[f64]); 10] = [
        ("truncated_normal_uniform", &[0.0, -1.0, 1.0, infinity, -2.0, 3.0]),
        ("uniform_truncated_normal", &[-1.0, 1.0, 0.0, 0.5, 1.0, infinity]),
        (
            "truncated_normal_truncated_normal",
            &[0.0, -infinity, 1.0, infinity, 0.0, -infinity, 1.0, 2.0],
        ),
        ("normal_exponential", &[0.0, 1.0, 2.0]),
        ("gamma_uniform", &[2.0, 1.0, 0.0, 1.0]),
        ("cauchy_normal", &[0.0, 1.0, 0.0, 1.0]),
        ("uniform_gamma", &[-1.0, 1.0, 2.0, 3.0]),
        ("uniform_log_normal", &[-1.0, 1.0, 2.0, 3.0]),
        ("uniform_uniform", &[0.0, 2.0, 0.5, 3.0]),
        ("log_uniform_log_uniform", &[0.25, 2.0, 0.5, 3.0]),
    ];
    for device in devices() {
        for dtype in precisions(&device) {
            for (name, parameters) in cases {
                let inputs: Vec<Vec<f64>> = parameters.iter().map(|x| vec![*x]).collect();
                for mode in autodiff(&device) {
                    let (value, gradients) = with_gradients(pair(name), &inputs, &mode, dtype);
                    assert_eq!(value, f64::INFINITY, "{name}");
                    let zero = gradients.iter().flatten().all(|g| *g == 0.0);
                    assert!(zero, "{name}: {gradients:?}");
                }
            }
        }
    }
}

/// Where the value overflows its derivatives may, by the parameters of Q with these signs, but are numbers.
#[test]
fn a_divergence_that_overflows_has_no_nan_in_its_gradient() {
    let cases: [(&str, &[f64], [f64; 2]); 4] = [
        ("normal_gumbel", &[0.0, 1e3, 0.0, 1.0], [1.0, -1.0]),
        ("normal_gumbel", &[0.0, 1e3, -5.0, 1.0], [1.0, -1.0]),
        ("log_normal_weibull", &[0.0, 1e3, 1.0, 1.0], [-1.0, 1.0]),
        ("log_normal_weibull", &[0.5, 1e3, 3.0, 2.0], [-1.0, 1.0]),
    ];
    for device in devices() {
        for dtype in precisions(&device) {
            for (name, parameters, signs) in cases {
                let inputs: Vec<Vec<f64>> = parameters.iter().map(|x| vec![*x]).collect();
                let [mode, _] = autodiff(&device);
                let (value, gradients) = with_gradients(pair(name), &inputs, &mode, dtype);
                assert_eq!(value, f64::INFINITY, "{name}");
                assert!(!gradients.iter().flatten().any(|g| g.is_nan()), "{name}: {gradients:?}");
                let expected = signs.map(|sign| sign * f64::INFINITY);
                assert_eq!([gradients[2][0], gradients[3][0]], expected, "{name}");
            }
        }
    }
}

#[test]
fn shapes_broadcast_and_sums_run_over_events() {
    for device in devices() {
        let column = Tensor::<2>::from_data([[0.0], [1.0], [2.0]], &device);
        let row = Tensor::<2>::from_data([[1.0, 2.0, 3.0, 4.0]], &device);
        let p = Normal::new(column.clone(), 1.0);
        let q = Normal::new(row.clone(), 2.0);
        let each = p.kl_divergence(&q);
        assert_eq!(each.dims(), [3, 4]);
        let infinite = p.kl_divergence(&Exponential::new(row.clone()));
        assert_eq!(infinite.dims(), [3, 4]);
        // A constant in place of a tensor that broadcasts counts as often as it is repeated.
        let p = Normal::new(column, 1.0).expand([3, 4]).independent(1);
        let summed = p.kl_divergence(&q.expand([3, 4]).independent(1));
        assert_eq!(summed.dims(), [3, 1]);
        let expected = each.sum_dim(1);
        let gap = (summed - expected).abs().max().into_scalar::<f32>();
        assert!(gap < 1e-5, "{gap}");

        let logits = Tensor::<2>::from_data([[0.0, 1.0, 2.0], [3.0, 1.0, 0.0]], &device);
        let index = Categorical::from_logits(logits.clone());
        let other = Tensor::<2>::from_data([[0.5, 0.25, 0.25]], &device);
        // One by logits, the other by probabilities.
        let mixed = index.kl_divergence(&Categorical::from_probs(other.clone()));
        assert_eq!(mixed.dims(), [2, 1]);
        let one_hot = OneHotCategorical::from_logits(logits.clone());
        let same = one_hot.kl_divergence(&OneHotCategorical::from_probs(other.clone()));
        let by_logits = index.kl_divergence(&Categorical::from_logits(other.log()));
        for other in [same, by_logits] {
            let gap = (mixed.clone() - other).abs().max().into_scalar::<f32>();
            assert!(gap < 1e-6, "{gap}");
        }
        let coin = Bernoulli::from_probs(Tensor::<2>::from_data([[0.25, 0.5]], &device));
        let logits = Tensor::<2>::from_data([[0.0, 1.0]], &device);
        let mixed = coin.kl_divergence(&Bernoulli::from_logits(logits.clone()));
        let probs = Bernoulli::from_probs(burn::tensor::activation::sigmoid(logits));
        let gap = (mixed - coin.kl_divergence(&probs)).abs();
        assert!(gap.max().into_scalar::<f32>() < 1e-6);
    }
}

#[test]
fn nan_parameters_give_nan() {
    for device in devices() {
        for (name, evaluate) in PAIRS {
            let (_, rows) =
                (table().into_iter()).find(|(known, _)| known == name).expect("in the table");
            let row = (rows.iter()).find(|row| row.expected.is_finite()).unwrap_or(&rows[0]);
            for index in 0..row.inputs.len() {
                let mut inputs = row.inputs.clone();
                inputs[index][0] = f64::NAN;
                let value = scalar(evaluate(&tensors(&inputs, &device, DType::F32)));
                assert!(value.is_nan(), "{name} {inputs:?}: {value}");
            }
        }
    }
}
