//! Special functions, a few functions of families, and their derivatives far out, where kernels underflow,
//! powers overflow or terms cancel: what random points of an interval do not find. The table is made by
//! `tests/reference/far.py`.

mod common;

use burn::tensor::{DType, Device, Float, Tensor, TensorData};
use common::devices_in;
use pushforward::prelude::*;
use pushforward::special::*;
use serde_json::Value;

/// The error allowed, in units of ε|f|, beyond the ε·S of rounding each argument once, where S is the
/// sum of |argument · derivative|.
const VALUES: f64 = 4.0;

/// For derivatives, of which S is not known.
const DERIVATIVES: f64 = 16.0;

fn evaluate(function: &str, x: &[Tensor<1>]) -> Tensor<1> {
    let at = |index: usize| x[index].clone();
    match function {
        "erfcx" => erfcx(at(0)),
        "polygamma of order 5" => polygamma(5, at(0)),
        "polygamma of order 8" => polygamma(8, at(0)),
        "log_binomial" => log_binomial(at(0), at(1)),
        "log_gamma_difference" => log_gamma_difference(at(0), at(1)),
        "log_gammainc" => log_gammainc(at(0), at(1)),
        "log_gammaincc" => log_gammaincc(at(0), at(1)),
        "log_betainc" => log_betainc(at(0), at(1), at(2)),
        "log_betaincc" => log_betaincc(at(0), at(1), at(2)),
        _ => of_family(function, x),
    }
}

/// A function of a family, called "family function".
fn of_family(name: &str, x: &[Tensor<1>]) -> Tensor<1> {
    let at = |index: usize| x[index].clone();
    let (family, function) = name.split_once(' ').expect("a family and a function");
    match family {
        "bernoulli" => summary(function, &Bernoulli::from_logits(at(0))),
        "beta" => summary(function, &Beta::new(at(0), at(1))),
        "dirichlet" => {
            let law = Dirichlet::new(Tensor::cat(vec![at(0), at(1)], 0));
            summary(function, &law).narrow(0, 0, 1)
        }
        "kumaraswamy" => summary(function, &Kumaraswamy::new(at(0), at(1))),
        "student_t" => summary(function, &StudentT::new(at(0), 0.0, at(1))),
        "truncated_normal" => {
            let law = TruncatedNormal::new(at(0), at(1), at(2), at(3));
            match x.get(4) {
                Some(value) => tail(function, &law, value.clone()),
                None => summary(function, &law),
            }
        }
        "uniform" => tail(function, &Uniform::new(at(0), at(1)), at(2)),
        other => panic!("{other} is not a family that this test knows"),
    }
}

fn summary<L: Moments<1> + Entropy<1>>(function: &str, law: &L) -> Tensor<1> {
    match function {
        "mean" => law.mean(),
        "variance" => law.variance(),
        "std_dev" => law.std_dev(),
        "entropy" => law.entropy(),
        other => panic!("{other} is not a function that this test knows"),
    }
}

fn tail<L>(function: &str, law: &L, value: Tensor<1>) -> Tensor<1>
where
    L: Univariate<1> + Distribution<1, Kind = Float>,
{
    match function {
        "cdf" => law.cdf(value),
        "log_cdf" => law.log_cdf(value),
        "survival" => law.survival(value),
        "log_survival" => law.log_survival(value),
        other => panic!("{other} is not a function that this test knows"),
    }
}

struct Row {
    function: String,
    arguments: Vec<f64>,
    expected: f64,
    partials: Vec<f64>,
}

fn rows() -> Vec<Row> {
    let digits = |value: &Value| value.as_str().expect("digits").parse().expect("a number");
    let table: Value = serde_json::from_str(include_str!("reference/far.json")).expect("JSON");
    let list = |row: &Value, key: &str| row[key].as_array().expect("a list").clone();
    let read = |row: &Value| Row {
        function: row["function"].as_str().expect("a name").to_string(),
        arguments: list(row, "arguments").iter().map(|x| x.as_f64().expect("a number")).collect(),
        expected: digits(&row["expected"]),
        partials: list(row, "partials").iter().map(digits).collect(),
    };
    table.as_array().expect("a list").iter().map(read).collect()
}

/// The value and the derivatives.
fn measure(row: &Row, device: &Device, dtype: DType) -> (f64, Vec<f64>) {
    let number = |tensor: Tensor<1>| tensor.into_data().iter::<f64>().next().expect("a number");
    let tensor =
        |x: &f64, device: &Device| Tensor::<1>::from_data(TensorData::from([*x]), (device, dtype));
    let plain: Vec<_> = row.arguments.iter().map(|x| tensor(x, device)).collect();
    let tracking = device.clone().autodiff();
    let leaves: Vec<_> =
        row.arguments.iter().map(|x| tensor(x, &tracking).require_grad()).collect();
    let gradients = evaluate(&row.function, &leaves).backward();
    let slopes = leaves.iter().map(|leaf| number(leaf.grad(&gradients).expect("a gradient")));
    (number(evaluate(&row.function, &plain)), slopes.collect())
}

#[test]
fn values_and_derivatives_keep_their_digits() {
    let mut failures = Vec::new();
    for (dtype, epsilon) in [(DType::F32, f64::from(f32::EPSILON)), (DType::F64, f64::EPSILON)] {
        // The drivers of GPUs have logarithms and exponentials of their own.
        for device in devices_in(DType::F64) {
            for row in rows() {
                let (value, slopes) = measure(&row, &device, dtype);
                let by_argument = row.arguments.iter().zip(&row.partials);
                let sensitivity: f64 = by_argument.map(|(x, slope)| (x * slope).abs()).sum();
                let mut check = |what: &str, got: f64, want: f64, room: f64| {
                    // Not `>`, which no NaN is.
                    if !((got - want).abs() <= epsilon * room) {
                        let Row { function, arguments, .. } = &row;
                        failures.push(format!(
                            "{function}{what} {dtype:?} on {device:?} at {arguments:?}: {got:e}, not {want:e}"
                        ));
                    }
                };
                check("", value, row.expected, VALUES * row.expected.abs() + sensitivity);
                assert_eq!(slopes.len(), row.partials.len());
                for (index, (got, want)) in slopes.iter().zip(&row.partials).enumerate() {
                    let what = format!(", derivative {index},");
                    check(&what, *got, *want, DERIVATIVES * want.abs());
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} are off:\n{}", failures.len(), failures.join("\n"));
}
