//! How draws move with the shapes of their family at a fixed probability, against fifty-digit
//! tables, on every device.
//!
//! The tables are made by `tests/reference/generate.py`.

mod common;

use burn::tensor::{DType, Device, Tensor, TensorData};
use common::{Promises, devices};
use pushforward::kernel::{Formula, Op, Real};
use serde_json::Value;

/// Largest relative errors allowed, in `f32` and in `f64`.
const TOLERANCES: [(DType, f64); 2] = [(DType::F32, 1e-4), (DType::F64, 1e-10)];

/// d logit/d concentration1 of a beta variate.
struct BetaOne;

impl Formula<3> for BetaOne {
    const NAME: &'static str = "implicit_gradient1";
    const INPUTS: [&'static str; 3] = ["logit", "concentration1", "concentration0"];

    fn evaluate<R: Real>([logit, a, b]: [R; 3]) -> R {
        a.beta_implicit_gradient(b, logit)[0]
    }
}

/// d logit/d concentration0 of a beta variate.
struct BetaZero;

impl Formula<3> for BetaZero {
    const NAME: &'static str = "implicit_gradient0";
    const INPUTS: [&'static str; 3] = ["logit", "concentration1", "concentration0"];

    fn evaluate<R: Real>([logit, a, b]: [R; 3]) -> R {
        a.beta_implicit_gradient(b, logit)[1]
    }
}

/// dt/d df of a Student variate.
struct StudentT;

impl Formula<2> for StudentT {
    const NAME: &'static str = "implicit_gradient";
    const INPUTS: [&'static str; 2] = ["value", "df"];

    fn evaluate<R: Real>([t, df]: [R; 2]) -> R {
        df.student_t_implicit_gradient(t)
    }
}

/// dθ/dκ of a von Mises variate about 0.
struct VonMises;

impl Formula<2> for VonMises {
    const NAME: &'static str = "implicit_gradient";
    const INPUTS: [&'static str; 2] = ["angle", "concentration"];

    fn evaluate<R: Real>([angle, concentration]: [R; 2]) -> R {
        concentration.von_mises_implicit_gradient(angle)
    }
}

static BETA_ONE: Op<3> = Op::new::<BetaOne>();
static BETA_ZERO: Op<3> = Op::new::<BetaZero>();
static STUDENT_T: Op<2> = Op::new::<StudentT>();
static VON_MISES: Op<2> = Op::new::<VonMises>();

fn column(values: &Value) -> Vec<f64> {
    let number = |value: &Value| match value {
        Value::String(digits) => digits.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    };
    values.as_array().expect("a column").iter().map(number).collect()
}

fn check<const N: usize>(table: &str, function: &str, op: &Op<N>, names: [&str; N]) {
    let table: Value = serde_json::from_str(table).expect("JSON");
    let cases = table["cases"].as_array().expect("cases");
    let case = cases.iter().find(|case| case["function"] == function).expect("in the table");
    let expected = column(&case["expected"]);
    let columns = names.map(|name| column(&case["inputs"][name]));
    for device in devices() {
        for (dtype, tolerance) in TOLERANCES {
            if !device.promises(dtype) {
                continue;
            }
            let tensor = |values: &Vec<f64>, device: &Device| -> Tensor<1> {
                Tensor::from_data(TensorData::from(values.as_slice()), (device, dtype))
            };
            let got = op.apply(columns.each_ref().map(|values| tensor(values, &device)));
            for (at, got) in got.into_data().iter::<f64>().enumerate() {
                let error = (got - expected[at]).abs() / expected[at].abs();
                let inputs: Vec<f64> = columns.iter().map(|column| column[at]).collect();
                assert!(
                    error <= tolerance,
                    "{function} {dtype:?} {device:?} at {inputs:?}: {got:e}, not {:e}: {error:e}",
                    expected[at],
                );
            }
        }
    }
}

#[test]
fn of_beta_draws() {
    let table = include_str!("reference/beta.json");
    let names = ["logit", "concentration1", "concentration0"];
    check(table, "implicit_gradient1", &BETA_ONE, names);
    check(table, "implicit_gradient0", &BETA_ZERO, names);
}

#[test]
fn of_student_draws() {
    let table = include_str!("reference/student_t.json");
    check(table, "implicit_gradient", &STUDENT_T, ["value", "df"]);
}

#[test]
fn of_von_mises_draws() {
    let table = include_str!("reference/von_mises.json");
    check(table, "implicit_gradient", &VON_MISES, ["angle", "concentration"]);
}
