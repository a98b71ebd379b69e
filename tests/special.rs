//! The special functions of the algebra against fifty digits, on every device: on the CPU as host
//! lanes, elsewhere as replayed tapes.

mod common;

use common::Promises;

use std::fs;
use std::path::Path;

use burn::tensor::{DType, Device, Tensor, TensorData};
use pushforward::kernel::{Formula, Op, Real};
use serde_json::Value;

/// Functions of one number; a macro, because each is a type of its own.
macro_rules! unary {
    ($($table:literal, $type:ident: |$x:ident| $body:expr;)*) => {
        $(
            struct $type;
            impl Formula<1> for $type {
                const NAME: &'static str = $table;
                const INPUTS: [&'static str; 1] = ["x"];
                #[inline(always)]
                fn evaluate<R: Real>([$x]: [R; 1]) -> R {
                    $body
                }
            }
        )*
        static UNARY: &[(&str, Op<1>)] = &[$(($table, Op::new::<$type>()),)*];
    };
}

unary! {
    "log1p", LogOnePlus: |x| x.ln_1p();
    "expm1", ExpMinusOne: |x| x.exp_m1();
    "softplus", Softplus: |x| x.softplus();
    "log_sigmoid", LogSigmoid: |x| x.log_sigmoid();
    "log1mexp", LogOneMinusExp: |x| x.log1mexp();
    "atan", Atan: |x| x.atan();
    "erf", Erf: |x| x.erf();
    "erfc", Erfc: |x| x.erfc();
    "log_ndtr", LogNdtr: |x| x.log_ndtr();
    "ndtri", Ndtri: |x| x.ndtri();
    "lgamma", LnGamma: |x| x.ln_gamma();
    "digamma", Digamma: |x| x.digamma();
    "trigamma", Trigamma: |x| x.trigamma();
}

macro_rules! binary {
    ($($table:literal, $type:ident: |$a:ident, $x:ident| $body:expr;)*) => {
        $(
            struct $type;
            impl Formula<2> for $type {
                const NAME: &'static str = $table;
                const INPUTS: [&'static str; 2] = ["a", "x"];
                #[inline(always)]
                fn evaluate<R: Real>([$a, $x]: [R; 2]) -> R {
                    $body
                }
            }
        )*
        static BINARY: &[(&str, Op<2>)] = &[$(($table, Op::new::<$type>()),)*];
    };
}

binary! {
    "xlogy", Xlogy: |a, x| a.xlogy(x);
    "gammainc", GammaP: |a, x| a.gamma_p(x);
    "gammaincc", GammaQ: |a, x| a.gamma_q(x);
    "log_gammainc", LogGammaP: |a, x| a.log_gamma_p(x);
    "log_gammaincc", LogGammaQ: |a, x| a.log_gamma_q(x);
}

/// Units of eps·(|f| + S) allowed, S being what a rounding of the inputs alone would do: in `f32` on
/// the host, in `f64`, and in `f32` where the tape is replayed over a device's own exp and ln.
const ELEMENTARY: [f64; 3] = [4.0, 6.0, 8.0];
const GAMMA: [f64; 3] = [6.0, 8.0, 12.0];
/// 1e-6 relative in `f32` and 1e-12 in `f64`.
const INCOMPLETE: [f64; 3] = [8.0, 4500.0, 20.0];

fn allowed(function: &str) -> [f64; 3] {
    match function {
        "lgamma" | "digamma" | "trigamma" => GAMMA,
        name if name.contains("gammainc") => INCOMPLETE,
        _ => ELEMENTARY,
    }
}

fn column(value: &Value) -> Vec<f64> {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().expect("a number"),
        value => value.as_f64().unwrap_or(f64::INFINITY),
    };
    value.as_array().expect("a column").iter().map(number).collect()
}

fn evaluate(
    function: &str,
    inputs: &[Vec<f64>],
    device: &Device,
    dtype: DType,
) -> Option<Vec<f64>> {
    let tensor = |column: &Vec<f64>| {
        let data = TensorData::new(column.clone(), [column.len()]);
        Tensor::<1>::from_data(data, (device, dtype))
    };
    let unary = UNARY.iter().find(|(name, _)| *name == function);
    let binary = BINARY.iter().find(|(name, _)| *name == function);
    let result = match (unary, binary) {
        (Some((_, op)), _) => op.apply([tensor(&inputs[0])]),
        (_, Some((_, op))) => op.apply([tensor(&inputs[0]), tensor(&inputs[1])]),
        _ => return None,
    };
    Some(result.into_data().iter::<f64>().collect())
}

#[test]
fn values_agree_with_fifty_digits() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/special.json");
    let text = fs::read_to_string(path).expect("the table");
    let table: Value = serde_json::from_str(&text).expect("JSON");
    let mut failures = Vec::new();
    let mut functions = 0;
    for device in common::devices() {
        for dtype in [DType::F32, DType::F64].into_iter().filter(|d| device.promises(*d)) {
            for case in table["cases"].as_array().expect("cases") {
                let function = case["function"].as_str().expect("a name");
                let inputs: Vec<Vec<f64>> =
                    case["inputs"].as_object().expect("inputs").values().map(column).collect();
                let Some(values) = evaluate(function, &inputs, &device, dtype) else { continue };
                functions += 1;
                let (expected, sensitivity) =
                    (column(&case["expected"]), column(&case["sensitivity"]));
                let (eps, smallest, units) = match (dtype, device.is_host()) {
                    (DType::F64, _) => (f64::EPSILON, f64::MIN_POSITIVE, allowed(function)[1]),
                    (_, true) => (2f64.powi(-23), 0.0, allowed(function)[0]),
                    // Devices may flush denormals.
                    _ => (2f64.powi(-23), f64::from(f32::MIN_POSITIVE), allowed(function)[2]),
                };
                for (row, (got, want)) in values.iter().zip(&expected).enumerate() {
                    let want = if dtype == DType::F64 { *want } else { f64::from(*want as f32) };
                    let room = units * eps * (want.abs() + sensitivity[row]) + smallest + 1e-45;
                    let equal = *got == want || (got.is_nan() && want.is_nan());
                    let close = (got - want).abs() <= room;
                    if !equal && !close {
                        let at: Vec<f64> = inputs.iter().map(|column| column[row]).collect();
                        failures.push(format!(
                            "{function} {dtype:?} {device:?} at {at:?}: {got:e}, not {want:e}"
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(functions % (UNARY.len() + BINARY.len()), 0, "a function lost its table");
    assert!(functions > 0);
}
