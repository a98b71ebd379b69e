//! 50-digit tables, made by `tests/reference/generate.py`.

use std::collections::BTreeMap;

use burn::tensor::{DType, Tensor};
use pushforward::prelude::*;
use serde_json::Value;

use super::{FORMS, epsilon, instance, numbers, settings, tensor};

/// A function of a table: columns of vectors, and what is expected of each row.
struct Case {
    function: String,
    inputs: BTreeMap<String, Vec<Vec<f64>>>,
    expected: Vec<Vec<f64>>,
    sensitivity: Vec<f64>,
    kappa: Vec<f64>,
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(digits) => digits.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    }
}

fn column(value: &Value) -> Vec<Vec<f64>> {
    let entry = |value: &Value| match value {
        Value::Array(entries) => entries.iter().map(number).collect(),
        single => vec![number(single)],
    };
    value.as_array().expect("a column").iter().map(entry).collect()
}

fn cases(name: &str) -> Vec<Case> {
    let path = format!("{}/tests/reference/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a readable table");
    let table: Value = serde_json::from_str(&text).expect("JSON");
    let case = |case: &Value| {
        let optional = |key: &str| case.get(key).map(|x| column(x).concat()).unwrap_or_default();
        let inputs = case["inputs"].as_object().expect("inputs").iter();
        Case {
            function: case["function"].as_str().expect("a name").to_string(),
            inputs: inputs.map(|(name, values)| (name.clone(), column(values))).collect(),
            expected: column(&case["expected"]),
            sensitivity: optional("sensitivity"),
            kappa: optional("kappa"),
        }
    };
    table["cases"].as_array().expect("cases").iter().map(case).collect()
}

fn form_of(function: &str) -> &'static str {
    FORMS.into_iter().find(|form| function.ends_with(form)).expect("the name of a form at the end")
}

/// How far a number of the table may be missed. The factor is rounded once in every element, which
/// moves each element of the matrix by as many roundings as it has rows, and the inputs' own rounding
/// counts once: `sensitivity` is what one rounding of every input does.
fn allowed(expected: f64, sensitivity: f64, rows: usize, dtype: DType) -> f64 {
    epsilon(dtype) * (4.0 * expected.abs() + (2.0 + rows as f64) * sensitivity)
}

/// Compares a row of numbers; the worst error in units of what is allowed.
fn compare(what: &str, got: &[f64], expected: &[f64], allowed: impl Fn(usize) -> f64) -> f64 {
    assert_eq!(got.len(), expected.len(), "{what}");
    let mut worst = 0.0f64;
    for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
        let off = (got - expected).abs() / allowed(at);
        assert!(
            off <= 1.0 || got == expected,
            "{what}, element {at}: {got:e}, not {expected:e}: {off}"
        );
        worst = worst.max(off);
    }
    worst
}

#[test]
fn densities_and_entropies_of_the_table() {
    for setting in settings() {
        for case in cases("multivariate_normal") {
            let Case { function, inputs, expected, sensitivity, .. } = &case;
            if sensitivity.is_empty() || function.starts_with("kl_") {
                continue;
            }
            let form = form_of(function);
            for (at, expected) in expected.iter().enumerate() {
                let row = |name: &str| {
                    let values = &inputs[name][at];
                    tensor::<2>(values, [1, values.len()], &setting)
                };
                let rows = inputs[form][at].len().isqrt();
                let got = if function.starts_with("entropy") {
                    instance(form, tensor(&[0.0], [1, 1], &setting), row(form)).entropy()
                } else {
                    instance(form, row("loc"), row(form)).log_prob(row("value"))
                };
                let what = format!("{function} {setting:?} row {at}");
                let size = |_| allowed(expected[0], sensitivity[at], rows, setting.1);
                compare(&what, &numbers(got), expected, size);
            }
        }
    }
}

/// Gradients and variances: relative to the largest element, in units of the standard deviations,
/// within the condition number of the correlations.
#[test]
fn gradients_and_variances_of_the_table() {
    for setting in settings() {
        let autodiff = (setting.0.clone().autodiff(), setting.1);
        for case in cases("multivariate_normal") {
            let Case { function, inputs, expected, kappa, .. } = &case;
            if kappa.is_empty() {
                continue;
            }
            let form = form_of(function);
            for (at, expected) in expected.iter().enumerate() {
                let leaf = |name: &str| {
                    let values = &inputs[name][at];
                    tensor::<2>(values, [1, values.len()], &autodiff).require_grad()
                };
                let flat = leaf(form);
                let length = inputs[form][at].len().isqrt();
                let zero = tensor(&[0.0], [1, 1], &autodiff);
                let double = (setting.0.clone(), DType::F64);
                let exact = tensor(&inputs[form][at], [1, length * length], &double);
                let exact = instance(form, tensor(&[0.0], [1, 1], &double), exact);
                let scale = numbers(exact.std_dev());
                let unit = |element: usize| {
                    let (row, column) = (element / length, element % length);
                    match (function.as_str(), form) {
                        (name, _) if name.starts_with("variance") => scale[element].powi(-2),
                        (name, _) if name.starts_with("grad_value") => scale[element],
                        (_, "scale_tril") => scale[row],
                        (_, "covariance") => scale[row] * scale[column],
                        _ => (scale[row] * scale[column]).recip(),
                    }
                };
                let got = if function.starts_with("variance") {
                    instance(form, zero, flat).variance()
                } else {
                    let value = leaf("value");
                    let law = instance(form, leaf("loc"), flat.clone());
                    let gradients = law.log_prob(value.clone()).sum().backward();
                    let by = if function.starts_with("grad_value") { value } else { flat };
                    by.grad(&gradients).expect("tracked")
                };
                let size = expected.iter().enumerate().map(|(at, x)| (x * unit(at)).abs());
                let size = size.fold(0.0, f64::max);
                let room = 8.0 * length as f64 * kappa[at] * epsilon(setting.1) * size;
                let what = format!("{function} {setting:?} row {at}");
                compare(&what, &numbers(got), expected, |element| room / unit(element));
            }
        }
    }
}

#[test]
fn divergences_of_the_table() {
    for setting in settings() {
        for case in cases("multivariate_normal") {
            let Case { function, inputs, expected, sensitivity, .. } = &case;
            let Some(pair) = function.strip_prefix("kl_") else { continue };
            let from = FORMS.into_iter().find(|form| pair.starts_with(form)).expect("a form");
            let to = form_of(pair);
            for (at, expected) in expected.iter().enumerate() {
                let law = |side: &str, form: &str| {
                    let row = |name: &str| {
                        let values = &inputs[&format!("{side}_{name}")][at];
                        tensor::<2>(values, [1, values.len()], &setting)
                    };
                    instance(form, row("loc"), row(form))
                };
                let rows = inputs["p_loc"][at].len();
                let got = numbers(law("p", from).kl_divergence(&law("q", to)));
                let what = format!("{function} {setting:?} row {at}");
                let size = |_| allowed(expected[0], sensitivity[at], rows, setting.1);
                compare(&what, &got, expected, size);
            }
        }
    }
}

#[test]
fn the_low_rank_table() {
    for setting in settings() {
        for case in cases("low_rank_multivariate_normal") {
            let Case { function, inputs, expected, sensitivity, .. } = &case;
            let by = function.strip_prefix("grad_");
            let setting = match by {
                Some(_) => (setting.0.clone().autodiff(), setting.1),
                None => setting.clone(),
            };
            let mut sensitivity = sensitivity.iter();
            for (at, expected) in expected.iter().enumerate() {
                let row = |name: &str| {
                    let values = &inputs[name][at];
                    let row = tensor::<2>(values, [1, values.len()], &setting);
                    if by == Some(name) { row.require_grad() } else { row }
                };
                let length = inputs["cov_diag"][at].len();
                let rank = inputs["cov_factor"][at].len() / length;
                let (flat, diagonal) = (row("cov_factor"), row("cov_diag"));
                let factor: Tensor<3> = flat.clone().reshape([1, length, rank]);
                let loc =
                    if inputs.contains_key("loc") { row("loc") } else { diagonal.zeros_like() };
                let law = LowRankMultivariateNormal::new(loc, factor, diagonal.clone());
                let got = match (function.as_str(), by) {
                    ("log_prob", _) => law.log_prob(row("value")),
                    ("entropy", _) => law.entropy(),
                    ("variance", _) => law.variance(),
                    (_, Some(name)) => {
                        let value = row("value");
                        let gradients = law.log_prob(value.clone()).sum().backward();
                        let leaf = match name {
                            "value" => value,
                            "cov_factor" => flat,
                            _ => diagonal,
                        };
                        leaf.grad(&gradients).expect("tracked")
                    }
                    (other, _) => panic!("no function {other}"),
                };
                let what = format!("low rank {function} {setting:?} row {at}");
                let sizes = expected.iter().zip(&mut sensitivity);
                let room: Vec<f64> =
                    sizes.map(|(x, s)| epsilon(setting.1) * 4.0 * (x.abs() + s)).collect();
                compare(&what, &numbers(got), expected, |element| room[element]);
            }
        }
    }
}
