//! The published accuracy of the special functions: `docs/accuracy.md` is a table of the largest
//! errors, made by this test, and the test fails where an error exceeds what the table says.
//!
//! `UPDATE_ACCURACY=1 cargo test --test accuracy` writes the columns of the devices compiled in.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use burn::tensor::{DType, Device, Tensor, TensorData};
use common::{Promises, devices};
use pushforward::special::*;
use serde_json::Value;

/// A function of the table at its arguments.
fn evaluate(function: &str, x: &[Tensor<1>]) -> Tensor<1> {
    let first = x[0].clone();
    let (second, third) = (|| x[1].clone(), || x[2].clone());
    match function {
        "expm1" => expm1(first),
        "log1p" => log1p(first),
        "log1mexp" => log1mexp(first),
        "softplus" => softplus(first),
        "log1pexp" => log1pexp(first),
        "softplus_inverse" => softplus_inverse(first),
        "logit" => logit(first),
        "log_sigmoid" => log_sigmoid(first),
        "xlogy" => xlogy(first, second()),
        "xlog1py" => xlog1py(first, second()),
        "logaddexp" => logaddexp(first, second()),
        "erf" => erf(first),
        "erfc" => erfc(first),
        "erfcx" => erfcx(first),
        "erfinv" => erfinv(first),
        "ndtr" => ndtr(first),
        "log_ndtr" => log_ndtr(first),
        "ndtri" => ndtri(first),
        "ndtri_exp" => ndtri_exp(first),
        "lgamma" => lgamma(first),
        "digamma" => digamma(first),
        "trigamma" => trigamma(first),
        "polygamma of order 2" => polygamma(2, first),
        "polygamma of order 8" => polygamma(8, first),
        "mvlgamma of order 3" => mvlgamma(first, 3),
        "lbeta" => lbeta(first, second()),
        "log_binomial" => log_binomial(first, second()),
        "log_gamma_difference" => log_gamma_difference(first, second()),
        "gammainc" => gammainc(first, second()),
        "gammaincc" => gammaincc(first, second()),
        "log_gammainc" => log_gammainc(first, second()),
        "log_gammaincc" => log_gammaincc(first, second()),
        "gammaincinv" => gammaincinv(first, second()),
        "gammainccinv" => gammainccinv(first, second()),
        "betainc" => betainc(first, second(), third()),
        "betaincc" => betaincc(first, second(), third()),
        "log_betainc" => log_betainc(first, second(), third()),
        "log_betaincc" => log_betaincc(first, second(), third()),
        "betaincinv" => betaincinv(first, second(), third()),
        "betainccinv" => betainccinv(first, second(), third()),
        "i0e" => i0e(first),
        "i1e" => i1e(first),
        "log_i0" => log_i0(first),
        _ => panic!("`{function}` has a table but is not evaluated"),
    }
}

const GAMMA_FAMILY: [&str; 8] = [
    "lgamma",
    "digamma",
    "trigamma",
    "polygamma",
    "mvlgamma",
    "lbeta",
    "log_binomial",
    "log_gamma_difference",
];

/// The largest error of a value on the host, in ULP, in `f32` and `f64`: 4 for elementary functions
/// and the error function's family, 8 for the gamma function's; for incomplete functions 1e-6 and
/// 1e-12 relative, in ULP.
fn target(function: &str) -> [f64; 2] {
    match function {
        name if name.contains("inc") => [1e-6 / 2f64.powi(-23), 1e-12 / f64::EPSILON],
        name if GAMMA_FAMILY.iter().any(|member| name.starts_with(member)) => [8.0; 2],
        _ => [4.0; 2],
    }
}

/// One interval of one function.
struct Interval {
    function: String,
    /// As it is shown.
    name: String,
    arguments: Vec<Vec<f64>>,
    expected: Vec<f64>,
    partials: Vec<Vec<f64>>,
    /// What errors are measured against where the function crosses zero.
    scale: Option<f64>,
}

fn intervals() -> Vec<Interval> {
    let number = |value: &Value| match value {
        Value::String(digits) => digits.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    };
    let column = |value: &Value| -> Vec<f64> {
        value.as_array().expect("a column").iter().map(number).collect()
    };
    let table: Value = serde_json::from_str(include_str!("reference/accuracy.json")).expect("JSON");
    let read = |entry: &Value| {
        let list = |key: &str| entry[key].as_array().expect("a list").iter();
        let text = |key: &str| entry[key].as_str().expect("a text").to_string();
        Interval {
            function: text("function"),
            name: text("interval"),
            // Exact in f32, which the parser of decimals need not be to the last bit.
            arguments: list("arguments")
                .map(|argument| column(&argument[1]).iter().map(|x| f64::from(*x as f32)).collect())
                .collect(),
            partials: list("partials").map(column).collect(),
            expected: column(&entry["expected"]),
            scale: entry["scale"].as_f64(),
        }
    };
    table.as_array().expect("a list").iter().map(read).collect()
}

/// The error of `got` in units of the last place of `want`, or of `scale` where that is larger.
fn ulps(got: f64, want: f64, scale: Option<f64>, dtype: DType) -> f64 {
    let (digits, smallest, largest) = match dtype {
        DType::F64 => (52, f64::MIN_POSITIVE, f64::MAX),
        _ => (23, f64::from(f32::MIN_POSITIVE), f64::from(f32::MAX)),
    };
    // Beyond the largest number the answer is infinite; below the smallest normal one it may be
    // flushed to zero.
    if want.abs() > largest || got == want {
        return if got == want || got.abs() >= largest { 0.0 } else { f64::INFINITY };
    }
    let size = want.abs().max(scale.unwrap_or(0.0));
    if size < smallest {
        return if got.abs() <= smallest { 0.0 } else { f64::INFINITY };
    }
    let ulp = 2f64.powi(size.log2().floor() as i32 - digits);
    let error = (got - want).abs() / ulp;
    if error.is_nan() { f64::INFINITY } else { error }
}

/// The largest errors of the values and of the derivatives.
fn measure(interval: &Interval, device: &Device, dtype: DType) -> [f64; 2] {
    let tensor = |column: &Vec<f64>, device: &Device| {
        let data = TensorData::new(column.clone(), [column.len()]).convert_dtype(dtype);
        Tensor::<1>::from_data(data, (device, dtype))
    };
    let numbers = |tensor: Tensor<1>| tensor.into_data().iter::<f64>().collect::<Vec<_>>();
    let worst = |got: Vec<f64>, want: &[f64], scale| {
        assert_eq!(got.len(), want.len());
        let errors = got.into_iter().zip(want).map(|(got, want)| ulps(got, *want, scale, dtype));
        errors.fold(0.0, f64::max)
    };
    let plain: Vec<_> = interval.arguments.iter().map(|column| tensor(column, device)).collect();
    let values = numbers(evaluate(&interval.function, &plain));
    let tracking = device.clone().autodiff();
    let inputs: Vec<_> = (interval.arguments.iter())
        .map(|column| tensor(column, &tracking).require_grad())
        .collect();
    let gradients = evaluate(&interval.function, &inputs).sum().backward();
    let slopes = inputs.iter().zip(&interval.partials).map(|(input, want)| {
        let got = input.grad(&gradients).expect("a gradient");
        worst(numbers(got), want, None)
    });
    let slopes = slopes.fold(0.0, f64::max);
    [worst(values, &interval.expected, interval.scale), slopes]
}

/// The columns of the table: a name, and which devices and precision it is the worst of.
const COLUMNS: [(&str, bool, DType); 3] = [
    ("host f32", true, DType::F32),
    ("host f64", true, DType::F64),
    ("wgpu f32", false, DType::F32),
];

/// Function and interval, then for each column the errors of value and derivatives.
type Table = BTreeMap<(String, String), [Option<[f64; 2]>; 3]>;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/accuracy.md")
}

/// The table as it is published.
fn published() -> Table {
    let text = fs::read_to_string(path()).unwrap_or_default();
    let mut table = Table::new();
    let mut function = String::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, interval, errors @ ..] = &cells[..] else { continue };
        if errors.len() != 6 || *name == "function" || name.starts_with("---") {
            continue;
        }
        if !name.is_empty() {
            function = name.trim_matches('`').to_string();
        }
        let error = |at: usize| errors[at].parse::<f64>().ok();
        let pair = |column: usize| Some([error(2 * column)?, error(2 * column + 1)?]);
        table.insert((function.clone(), (*interval).to_string()), core::array::from_fn(pair));
    }
    table
}

const HEADING: &str = "\
# Accuracy

The largest errors of the special functions in units in the last place (ULP) of the exact result, over 24
random points and corners of each interval, against 60-digit references (`tests/reference/accuracy.py`). The
test `tests/accuracy.rs` makes this table and fails where an error exceeds it; a number is rounded up to the
next half.

* **host** is Flex and NdArray, the worse of both; **wgpu** is Mesa's software Vulkan driver with fusion,
  where `ln` and division are the driver's own.
* In `f32` one ULP is between 6e-8 and 1.2e-7 of the result, in `f64` between 1.1e-16 and 2.2e-16.
* Derivatives are the worst of those in all arguments.
* *abs* marks an interval in which the function crosses zero: there the unit is that of the number 1.
* Results below the smallest normal number may be flushed to zero.
* Not measured: `f64` on GPUs, which Burn 0.22.1 does not compute right on every driver.

| function | interval | host f32 | derivative | host f64 | derivative | wgpu f32 | derivative |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
";

/// Writes the table, the columns that were not measured as they were.
fn publish(measured: &Table, intervals: &[Interval]) {
    let before = published();
    let mut text = HEADING.to_string();
    let mut last = "";
    for interval in intervals {
        let key = (interval.function.clone(), shown(interval));
        write!(text, "| ").expect("a text");
        if interval.function != last {
            write!(text, "`{}` ", interval.function).expect("a text");
        }
        last = &interval.function;
        write!(text, "| {}", key.1).expect("a text");
        for column in 0..COLUMNS.len() {
            let old = before.get(&key).and_then(|row| row[column]);
            match measured[&key][column].or(old) {
                Some(errors) => {
                    for error in errors {
                        write!(text, " | {}", (error * 2.0).ceil() / 2.0).expect("a text");
                    }
                }
                None => text.push_str(" | | "),
            }
        }
        text.push_str(" |\n");
    }
    fs::write(path(), text).expect("docs/accuracy.md");
}

fn shown(interval: &Interval) -> String {
    format!("{}{}", interval.name, if interval.scale.is_some() { ", *abs*" } else { "" })
}

#[test]
fn errors_are_within_the_published_table() {
    let intervals = intervals();
    let mut measured = Table::new();
    for interval in &intervals {
        let mut row = [None; 3];
        for device in devices() {
            for (column, (_, on_host, dtype)) in COLUMNS.iter().enumerate() {
                if device.promises(DType::F64) != *on_host {
                    continue;
                }
                let [value, slope] = measure(interval, &device, *dtype);
                let [old_value, old_slope] = row[column].unwrap_or([0.0; 2]);
                row[column] = Some([value.max(old_value), slope.max(old_slope)]);
            }
        }
        measured.insert((interval.function.clone(), shown(interval)), row);
    }
    if std::env::var("UPDATE_ACCURACY").is_ok() {
        publish(&measured, &intervals);
    }
    let published = published();
    let mut failures = Vec::new();
    for (key, row) in &measured {
        let (function, interval) = key;
        for (column, (name, ..)) in COLUMNS.iter().enumerate() {
            let Some(errors) = row[column] else { continue };
            let Some(promised) = published.get(key).and_then(|row| row[column]) else {
                failures.push(format!("{function}, {interval}: no entry for {name}"));
                continue;
            };
            for (kind, (error, promised)) in
                ["value", "derivative"].iter().zip(errors.iter().zip(promised))
            {
                if *error > promised {
                    failures.push(format!(
                        "{function}, {interval}, {name}: {kind} off by {error}, published {promised}"
                    ));
                }
            }
            let target = target(function).get(column).copied();
            if let Some(target) = target.filter(|target| errors[0] > *target) {
                failures.push(format!(
                    "{function}, {interval}, {name}: off by {}, the target is {target}",
                    errors[0]
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(published.len(), measured.len(), "docs/accuracy.md has rows without a table");
}
