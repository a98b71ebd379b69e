//! Every family against its reference table, on every compiled-in device, in `f32` and `f64`.
//!
//! The tables and their schema are made by `tests/reference/generate.py`.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use burn::tensor::{DType, Device, Tensor, TensorData};
use common::{Promises, devices};
use pushforward::prelude::*;
use serde_json::Value;

/// The error allowed in each function, in units of ε|f|, beyond the ε·S of rounding each input
/// once (S is the table's `sensitivity`): on the host in either precision, and on a GPU, whose
/// own `exp`, `ln` and division are good to a few ULP only. Gradients are of `log_prob` where nothing
/// else is named.
const TOLERANCES: [(&str, f64, f64); 14] = [
    ("log_prob", 2.0, 16.0),
    ("grad", 2.0, 16.0),
    ("cdf", 2.0, 16.0),
    ("log_cdf", 2.0, 16.0),
    ("survival", 2.0, 16.0),
    ("log_survival", 2.0, 16.0),
    ("quantile", 2.0, 16.0),
    ("mean", 2.0, 16.0),
    ("variance", 2.0, 16.0),
    ("std_dev", 2.0, 16.0),
    ("mode", 2.0, 16.0),
    ("entropy", 2.0, 16.0),
    ("circular_variance", 2.0, 16.0),
    ("exact", 0.0, 0.0),
];

/// Families whose distribution functions are integrals, which promise 1e-12 in `f64` and not the
/// last digit: what is allowed there, in units of ε|f|.
const INTEGRATED: [&str; 3] = ["beta", "student_t", "von_mises"];
const INTEGRATED_UNITS: f64 = 128.0;

/// What a few functions need beyond that, in units of ε|f|: the entropies pass 0
/// as sums of numbers near ½, each off by a few ε, and the ratio of Bessel functions
/// is good to a few ε.
const LOOSER: [(&str, &str, f64); 4] = [
    ("beta", "entropy", 4.0),
    ("von_mises", "entropy", 10.0),
    ("von_mises", "grad_concentration", 8.0),
    ("von_mises", "circular_variance", 3.0),
];

/// A family with a table: the parameters in the order of the constructor, and how to evaluate a
/// function of the table at `[parameters.., value or probability]`.
struct Family {
    name: &'static str,
    parameters: &'static [&'static str],
    evaluate: fn(&str, &[Tensor<2>]) -> Tensor<2>,
}

/// Every family that has a table. A table without an entry here fails the test.
const FAMILIES: &[Family] = &[
    Family {
        name: "beta",
        parameters: &["concentration1", "concentration0"],
        evaluate: |function, x| continuous(function, x, |[one, zero]| Beta::new(one, zero)),
    },
    Family {
        name: "cauchy",
        parameters: &["loc", "scale"],
        evaluate: |function, x| continuous(function, x, |[loc, scale]| Cauchy::new(loc, scale)),
    },
    Family {
        name: "dirichlet",
        parameters: &["concentration"],
        evaluate: |function, x| {
            let law = Dirichlet::new(x[0].clone());
            match function {
                "log_prob" => law.log_prob(x[1].clone()),
                _ => summary(function, &law).expect("a function that this test knows"),
            }
        },
    },
    Family {
        name: "exponential",
        parameters: &["rate"],
        evaluate: |function, x| continuous(function, x, |[rate]| Exponential::new(rate)),
    },
    Family {
        name: "frechet",
        parameters: &["scale", "concentration"],
        evaluate: |function, x| {
            continuous(function, x, |[scale, concentration]| Frechet::new(scale, concentration))
        },
    },
    Family {
        name: "gumbel",
        parameters: &["loc", "scale"],
        evaluate: |function, x| continuous(function, x, |[loc, scale]| Gumbel::new(loc, scale)),
    },
    Family {
        name: "half_cauchy",
        parameters: &["scale"],
        evaluate: |function, x| continuous(function, x, |[scale]| HalfCauchy::new(scale)),
    },
    Family {
        name: "half_normal",
        parameters: &["scale"],
        evaluate: |function, x| continuous(function, x, |[scale]| HalfNormal::new(scale)),
    },
    Family {
        name: "kumaraswamy",
        parameters: &["concentration1", "concentration0"],
        evaluate: |function, x| {
            continuous(function, x, |[concentration1, concentration0]| {
                Kumaraswamy::new(concentration1, concentration0)
            })
        },
    },
    Family {
        name: "laplace",
        parameters: &["loc", "scale"],
        evaluate: |function, x| continuous(function, x, |[loc, scale]| Laplace::new(loc, scale)),
    },
    Family {
        name: "log_logistic",
        parameters: &["scale", "concentration"],
        evaluate: |function, x| {
            continuous(function, x, |[scale, concentration]| LogLogistic::new(scale, concentration))
        },
    },
    Family {
        name: "log_normal",
        parameters: &["loc", "scale"],
        evaluate: |function, x| continuous(function, x, |[loc, scale]| LogNormal::new(loc, scale)),
    },
    Family {
        name: "log_uniform",
        parameters: &["low", "high"],
        evaluate: |function, x| continuous(function, x, |[low, high]| LogUniform::new(low, high)),
    },
    Family {
        name: "logistic",
        parameters: &["loc", "scale"],
        evaluate: |function, x| continuous(function, x, |[loc, scale]| Logistic::new(loc, scale)),
    },
    Family {
        name: "normal",
        parameters: &["loc", "scale"],
        evaluate: |function, x| continuous(function, x, |[loc, scale]| Normal::new(loc, scale)),
    },
    Family {
        name: "pareto",
        parameters: &["scale", "alpha"],
        evaluate: |function, x| continuous(function, x, |[scale, alpha]| Pareto::new(scale, alpha)),
    },
    Family {
        name: "rayleigh",
        parameters: &["scale"],
        evaluate: |function, x| continuous(function, x, |[scale]| Rayleigh::new(scale)),
    },
    Family {
        name: "truncated_normal",
        parameters: &["loc", "scale", "low", "high"],
        evaluate: |function, x| {
            continuous(function, x, |[loc, scale, low, high]| {
                TruncatedNormal::new(loc, scale, low, high)
            })
        },
    },
    Family {
        name: "student_t",
        parameters: &["df", "loc", "scale"],
        evaluate: |function, x| {
            continuous(function, x, |[df, loc, scale]| StudentT::new(df, loc, scale))
        },
    },
    Family {
        name: "uniform",
        parameters: &["low", "high"],
        evaluate: |function, x| continuous(function, x, |[low, high]| Uniform::new(low, high)),
    },
    Family {
        name: "weibull",
        parameters: &["scale", "concentration"],
        evaluate: |function, x| {
            continuous(function, x, |[scale, concentration]| Weibull::new(scale, concentration))
        },
    },
    Family {
        name: "von_mises",
        parameters: &["loc", "concentration"],
        evaluate: |function, x| {
            let law = VonMises::new(x[0].clone(), x[1].clone());
            match function {
                "entropy" => law.entropy(),
                "circular_variance" => law.circular_variance(),
                _ => on_the_line(function, &law, x[2].clone()),
            }
        },
    },
];

/// The tables that tests of their own read: `bijectors`, `counts`, `discrete`, `divergence`, `far`, `gamma`,
/// `maximum_likelihood`, `multivariate_normal`, `special`, `transformed`, and the recipes' unit tests.
const OTHER_TABLES: [&str; 26] = [
    "accuracy",
    "bernoulli_logits",
    "bernoulli_probs",
    "beta_recipes",
    "bijectors",
    "binomial_logits",
    "binomial_probs",
    "categorical_logits",
    "categorical_probs",
    "chi2",
    "far",
    "gamma",
    "geometric_logits",
    "geometric_probs",
    "inverse_gamma",
    "kl",
    "kl_gradients",
    "low_rank_multivariate_normal",
    "maximum_likelihood",
    "multivariate_normal",
    "negative_binomial_logits",
    "negative_binomial_probs",
    "poisson",
    "recipes",
    "special",
    "transformed",
];

/// A function of a continuous family.
fn continuous<L, const P: usize>(
    function: &str,
    inputs: &[Tensor<2>],
    new: impl Fn([Tensor<2>; P]) -> L,
) -> Tensor<2>
where
    L: Distribution<2, Kind = burn::tensor::Float> + Univariate<2> + Moments<2> + Entropy<2>,
{
    let law = new(core::array::from_fn(|index| inputs[index].clone()));
    match summary(function, &law) {
        Some(value) => value,
        None => on_the_line(function, &law, inputs[P].clone()),
    }
}

/// A function of a value or a probability.
fn on_the_line<L>(function: &str, law: &L, at: Tensor<2>) -> Tensor<2>
where
    L: Distribution<2, Kind = burn::tensor::Float> + Univariate<2>,
{
    match function {
        "log_prob" => law.log_prob(at),
        "cdf" => law.cdf(at),
        "log_cdf" => law.log_cdf(at),
        "survival" => law.survival(at),
        "log_survival" => law.log_survival(at),
        "quantile" => law.quantile(at),
        other => panic!("{other} is not a function that this test knows"),
    }
}

/// A function of the parameters alone.
fn summary<L>(function: &str, law: &L) -> Option<Tensor<2>>
where
    L: Distribution<2, Kind = burn::tensor::Float> + Moments<2> + Entropy<2>,
{
    Some(match function {
        "mean" => law.mean(),
        "variance" => law.variance(),
        "std_dev" => law.std_dev(),
        "mode" => law.mode(),
        "entropy" => law.entropy(),
        _ => return None,
    })
}

/// One column of a table: a number, or a vector of numbers, in each row.
type Column = Vec<Vec<f64>>;

/// One function of a table.
struct Case {
    function: String,
    /// The columns of the parameters in the order of the family, then the value's, if any.
    inputs: Vec<(String, Column)>,
    expected: Column,
    sensitivity: Option<Column>,
}

fn column(values: &Value) -> Column {
    let number = |value: &Value| match value {
        // Fifty digits, "inf" or "nan".
        Value::String(digits) => digits.parse::<f64>().expect("a number"),
        other => other.as_f64().expect("a number"),
    };
    let rows = values.as_array().expect("a column").iter();
    rows.map(|row| match row {
        Value::Array(entries) => entries.iter().map(number).collect(),
        single => vec![number(single)],
    })
    .collect()
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a readable table");
    serde_json::from_str(&text).expect("JSON")
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

fn cases(family: &Family) -> Vec<Case> {
    let table = read(&folder().join(format!("{}.json", family.name)));
    let cases = table["cases"].as_array().expect("cases").iter();
    cases
        // Functions of one sampler, not of the distribution.
        .filter(|case| !case["function"].as_str().unwrap().starts_with("implicit_gradient"))
        .map(|case| {
            let columns = case["inputs"].as_object().expect("inputs");
            let order = family.parameters.iter().chain(&["value", "p"]);
            let inputs: Vec<_> = order
                .filter_map(|name| Some((name.to_string(), column(columns.get(*name)?))))
                .collect();
            assert_eq!(inputs.len(), columns.len(), "{}: unknown columns", family.name);
            Case {
                function: case["function"].as_str().expect("a name").to_string(),
                inputs,
                expected: column(&case["expected"]),
                sensitivity: case.get("sensitivity").map(column),
            }
        })
        .collect()
}

/// The values of a case, in the shape of its rows: as one batch where all rows are numbers, row by
/// row where vectors may differ in length.
fn evaluate(family: &Family, case: &Case, device: &Device, dtype: DType) -> Vec<f64> {
    let rows = case.expected.len();
    let scalar = case.inputs.iter().all(|(_, column)| column.iter().all(|row| row.len() == 1));
    let batch = if scalar { rows } else { 1 };
    let starts = (0..rows).step_by(batch);
    starts
        .flat_map(|start| {
            let tensors: Vec<Tensor<2>> = (case.inputs.iter())
                .map(|(_, column)| {
                    let rows = &column[start..start + batch];
                    let data = TensorData::new(rows.concat(), [batch, rows[0].len()]);
                    Tensor::from_data(data, (device, dtype))
                })
                .collect();
            let result = match case.function.split_once("grad_") {
                None => (family.evaluate)(&case.function, &tensors),
                Some(("", name)) => gradient(family, case, ["log_prob", name], &tensors, dtype),
                Some((of, name)) => {
                    let of = of.trim_end_matches('_');
                    gradient(family, case, [of, name], &tensors, dtype)
                }
            };
            result.into_data().iter::<f64>().collect::<Vec<_>>()
        })
        .collect()
}

/// The gradient of a function with respect to one input.
fn gradient(
    family: &Family,
    case: &Case,
    [function, name]: [&str; 2],
    tensors: &[Tensor<2>],
    dtype: DType,
) -> Tensor<2> {
    let device = tensors[0].device().autodiff();
    let leaves: Vec<Tensor<2>> = (tensors.iter())
        .map(|x| Tensor::from_data(x.to_data(), (&device, dtype)).require_grad())
        .collect();
    let at = (case.inputs.iter()).position(|(input, _)| input == name);
    let gradients = (family.evaluate)(function, &leaves).sum().backward();
    leaves[at.expect("an input")].grad(&gradients).expect("tracked")
}

/// The limits of a precision.
#[derive(Clone, Copy)]
struct Precision {
    epsilon: f64,
    largest: f64,
    smallest: f64,
}

fn precision(dtype: DType) -> Precision {
    match dtype {
        DType::F64 => {
            Precision { epsilon: f64::EPSILON, largest: f64::MAX, smallest: f64::MIN_POSITIVE }
        }
        _ => Precision {
            epsilon: f32::EPSILON.into(),
            largest: f32::MAX.into(),
            smallest: f32::MIN_POSITIVE.into(),
        },
    }
}

/// The units of ε|f| that `got` is off by; infinite when it cannot be excused at all.
fn units(got: f64, expected: f64, sensitivity: f64, host: bool, at: Precision) -> f64 {
    if got == expected || (got.is_nan() && expected.is_nan()) {
        return 0.0;
    }
    let error = (got - expected).abs() - at.epsilon * sensitivity;
    // A GPU may flush subnormal numbers, or what they are made from, to zero; a host rounds them
    // to their fixed spacing.
    let floor = if host { at.smallest * at.epsilon } else { at.smallest };
    let unit = at.epsilon * expected.abs() + floor;
    if got.is_infinite() && got.signum() == expected.signum() {
        // An overflow is right as far as the largest number is from the value expected.
        return ((at.largest - expected.abs()) / unit).max(0.0);
    }
    if error.is_nan() { f64::INFINITY } else { (error / unit).max(0.0) }
}

fn tolerance(case: &Case, host: bool) -> f64 {
    let name = match case.function.as_str() {
        // Without a sensitivity the function takes steps, and each is exact.
        _ if case.sensitivity.is_none() && !case.function.starts_with("grad") => "exact",
        _ if case.function.contains("grad_") => "grad",
        function => function.trim_start_matches("one_hot_"),
    };
    let found = TOLERANCES.iter().find(|(function, ..)| *function == name);
    let (_, cpu, gpu) = found.unwrap_or_else(|| panic!("no tolerance for {name}"));
    if host { *cpu } else { *gpu }
}

#[test]
fn families_agree_with_their_tables() {
    let mut failures = Vec::new();
    let mut worst: BTreeMap<String, f64> = BTreeMap::new();
    for family in FAMILIES {
        for case in cases(family) {
            for device in devices() {
                // Their programs of thousands of operations have not been run by a GPU's driver yet.
                let long = INTEGRATED.contains(&family.name);
                let skipped = long && !device.promises(DType::F64);
                for dtype in [DType::F32, DType::F64] {
                    if device.promises(dtype) && !skipped {
                        compare(family, &case, &device, dtype, &mut worst, &mut failures);
                    }
                }
            }
        }
    }
    for (what, units) in &worst {
        println!("{units:9.3}  {what}");
    }
    let count = failures.len();
    failures.truncate(60);
    assert!(count == 0, "{count} values are off:\n{}", failures.join("\n"));
}

fn compare(
    family: &Family,
    case: &Case,
    device: &Device,
    dtype: DType,
    worst: &mut BTreeMap<String, f64>,
    failures: &mut Vec<String>,
) {
    let described = format!("{device:?}").to_lowercase();
    let host = described.contains("flex") || described.contains("ndarray");
    let tail = ["cdf", "log_cdf", "survival", "log_survival"].contains(&case.function.as_str());
    let integrated = tail && dtype == DType::F64 && INTEGRATED.contains(&family.name);
    let looser = LOOSER
        .iter()
        .find(|(name, function, _)| *name == family.name && *function == case.function && host);
    let allowed = match looser {
        _ if integrated => INTEGRATED_UNITS,
        Some((.., units)) => *units,
        None => tolerance(case, host),
    };
    let got = evaluate(family, case, device, dtype);
    let widths = case.expected.iter().map(Vec::len);
    let row_of: Vec<usize> = widths.enumerate().flat_map(|(row, width)| vec![row; width]).collect();
    let expected = case.expected.concat();
    let sensitivity = match &case.sensitivity {
        Some(column) => column.concat(),
        None => vec![0.0; expected.len()],
    };
    assert_eq!(got.len(), expected.len(), "{} {}", family.name, case.function);
    for (index, (got, expected)) in got.into_iter().zip(expected).enumerate() {
        let off = units(got, expected, sensitivity[index], host, precision(dtype));
        let what = format!("{} {} {dtype:?}", family.name, case.function);
        let seen = worst.entry(what.clone()).or_default();
        *seen = seen.max(off);
        if off > allowed {
            let row = row_of[index];
            let inputs: Vec<String> = (case.inputs.iter())
                .map(|(name, column)| format!("{name} {:?}", column[row]))
                .collect();
            failures.push(format!(
                "{what} on {device:?} at {}: {got:e}, not {expected:e}: off by {off:.2}",
                inputs.join(", "),
            ));
        }
    }
}

#[test]
fn every_table_is_read() {
    let listed: BTreeSet<String> =
        (FAMILIES.iter().map(|family| family.name)).chain(OTHER_TABLES).map(String::from).collect();
    let entries = fs::read_dir(folder()).expect("the tables");
    let tables: BTreeSet<String> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_string()))
        .collect();
    let alone: Vec<_> = listed.symmetric_difference(&tables).collect();
    assert!(
        alone.is_empty(),
        "tables without an entry here, or entries without a table: {alone:?}"
    );
}
