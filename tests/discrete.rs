//! Bernoulli, Categorical and OneHotCategorical: reference tables, edges, samples; on every
//! device, in both precisions, with gradients.

mod common;

use common::{devices, each, epsilon, first_device};

use burn::tensor::{DType, Device, FloatDType, Int, Tensor, TensorData};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

const INF: f64 = f64::INFINITY;

fn floats(values: &[f64], shape: [usize; 2], device: &Device, dtype: DType) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (device, dtype))
}

fn ints(values: &[i64], shape: [usize; 2], device: &Device) -> Tensor<2, Int> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f64> {
    x.into_data().iter::<f64>().collect()
}

fn whole<const D: usize>(x: Tensor<D, Int>) -> Vec<i64> {
    x.into_data().iter::<i64>().collect()
}

/// One function of a reference table, a row at a time.
struct Case {
    function: String,
    rows: Vec<Row>,
}

struct Row {
    /// The value or the level, where there is one.
    first: Option<f64>,
    parameter: Vec<f64>,
    expected: Vec<f64>,
    sensitivity: f64,
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    }
}

fn list(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().map(number).collect(),
        single => vec![number(single)],
    }
}

fn table(name: &str, parameter: &str) -> Vec<Case> {
    let path = format!("{}/tests/reference/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the table");
    let table: Value = serde_json::from_str(&text).expect("valid JSON");
    let cases = table["cases"].as_array().expect("cases");
    let column = |value: &Value, at: usize| value.get(at).map(number);
    cases
        .iter()
        .map(|case| Case {
            function: case["function"].as_str().expect("a name").to_owned(),
            rows: (0..case["expected"].as_array().expect("a column").len())
                .map(|at| Row {
                    first: column(&case["inputs"]["value"], at)
                        .or_else(|| column(&case["inputs"]["p"], at)),
                    parameter: list(&case["inputs"][parameter][at]),
                    expected: list(&case["expected"][at]),
                    sensitivity: column(&case["sensitivity"], at).unwrap_or(1.0),
                })
                .collect(),
        })
        .collect()
}

/// Whether `found` is within `ulps` of the expected value, and within what rounding the inputs
/// makes of it.
fn near(found: f64, expected: f64, sensitivity: f64, ulps: f64, dtype: DType) -> bool {
    // Below the smallest normal number digits are lost one by one.
    let tiny = if dtype == DType::F64 { 0.0 } else { f64::from(f32::MIN_POSITIVE) };
    let bound = epsilon(dtype) * (ulps * expected.abs() + 2.0 * sensitivity) + tiny;
    found == expected || (found - expected).abs() <= bound
}

fn check(case: &Case, ulps: f64, dtype: DType, found: impl Fn(&Row) -> Vec<f64>) {
    for row in &case.rows {
        let found = found(row);
        assert_eq!(found.len(), row.expected.len(), "{}", case.function);
        for (found, expected) in found.iter().zip(&row.expected) {
            assert!(
                near(*found, *expected, row.sensitivity, ulps, dtype),
                "{} {dtype:?} at {:?} of {:?}: {found} instead of {expected}",
                case.function,
                row.first,
                row.parameter,
            );
        }
    }
}

fn gradient<const D: usize>(
    parameter: Tensor<D>,
    function: impl Fn(Tensor<D>) -> Tensor<D>,
) -> Vec<f64> {
    let parameter = parameter.require_grad();
    let gradients = function(parameter.clone()).sum().backward();
    numbers(parameter.grad(&gradients).expect("tracked"))
}

#[test]
fn bernoulli_tables() {
    type New = fn(Tensor<2>) -> Bernoulli<2>;
    let forms: [(&str, New); 2] =
        [("logits", Bernoulli::from_logits), ("probs", Bernoulli::from_probs)];
    for (parameter, new) in forms {
        let mut cases = table(&format!("bernoulli_{parameter}"), parameter);
        for case in &mut cases {
            // Values are integers here.
            if case.function != "quantile" {
                case.rows.retain(|row| row.first.is_none_or(|value| value.fract() == 0.0));
            }
        }
        each(|device, dtype| {
            for case in &cases {
                let parameter = |row: &Row| floats(&row.parameter, [1, 1], device, dtype);
                let value = |row: &Row| ints(&[row.first.expect("a value") as i64], [1, 1], device);
                let level =
                    |row: &Row| floats(&[row.first.expect("a level")], [1, 1], device, dtype);
                let discrete = |x: Tensor<2, Int>| vec![whole(x)[0] as f64];
                check(case, 8.0, dtype, |row| {
                    let law = new(parameter(row));
                    match case.function.as_str() {
                        "log_prob" => numbers(law.log_prob(value(row))),
                        "cdf" => numbers(law.cdf(value(row))),
                        "survival" => numbers(law.survival(value(row))),
                        "log_cdf" => numbers(law.log_cdf(value(row))),
                        "log_survival" => numbers(law.log_survival(value(row))),
                        "quantile" => discrete(law.quantile(level(row))),
                        "mean" => numbers(law.mean()),
                        "variance" => numbers(law.variance()),
                        "std_dev" => numbers(law.std_dev()),
                        "mode" => discrete(law.mode()),
                        "entropy" => numbers(law.entropy()),
                        "grad_logits" | "grad_probs" if device.is_autodiff() => {
                            gradient(parameter(row), |p| new(p).log_prob(value(row)))
                        }
                        "grad_logits" | "grad_probs" => row.expected.clone(),
                        other => panic!("no test of {other}"),
                    }
                });
            }
        });
    }
}

#[test]
fn categorical_tables() {
    type New = fn(Tensor<2>) -> Categorical<2>;
    type NewOneHot = fn(Tensor<2>) -> OneHotCategorical<2>;
    let forms: [(&str, New, NewOneHot); 2] = [
        ("logits", Categorical::from_logits, OneHotCategorical::from_logits),
        ("probs", Categorical::from_probs, OneHotCategorical::from_probs),
    ];
    for (parameter, new, new_one_hot) in forms {
        let cases = table(&format!("categorical_{parameter}"), parameter);
        // Weights enter through their logarithm, which multiplies their rounding by its size.
        let ulps = if parameter == "logits" { 8.0 } else { 80.0 };
        each(|device, dtype| {
            for case in &cases {
                let parameter =
                    |row: &Row| floats(&row.parameter, [1, row.parameter.len()], device, dtype);
                let value = |row: &Row| ints(&[row.first.expect("a value") as i64], [1, 1], device);
                let level =
                    |row: &Row| floats(&[row.first.expect("a level")], [1, 1], device, dtype);
                let discrete = |x: Tensor<2, Int>| vec![whole(x)[0] as f64];
                check(case, ulps, dtype, |row| {
                    let law = new(parameter(row));
                    let one_hot = || new_one_hot(parameter(row));
                    match case.function.as_str() {
                        "log_prob" => numbers(law.log_prob(value(row))),
                        "cdf" => numbers(law.cdf(value(row))),
                        "survival" => numbers(law.survival(value(row))),
                        "log_cdf" => numbers(law.log_cdf(value(row))),
                        "log_survival" => numbers(law.log_survival(value(row))),
                        "quantile" => discrete(law.quantile(level(row))),
                        "mean" => numbers(law.mean()),
                        "variance" => numbers(law.variance()),
                        "std_dev" => numbers(law.std_dev()),
                        "mode" => discrete(law.mode()),
                        "entropy" => numbers(law.entropy()),
                        "one_hot_mean" => numbers(one_hot().mean()),
                        "one_hot_variance" => numbers(one_hot().variance()),
                        "one_hot_std_dev" => numbers(one_hot().std_dev()),
                        "grad_logits" | "grad_probs" if device.is_autodiff() => {
                            gradient(parameter(row), |p| new(p).log_prob(value(row)))
                        }
                        "grad_logits" | "grad_probs" => row.expected.clone(),
                        other => panic!("no test of {other}"),
                    }
                });
            }
        });
    }
}

/// χ² of counts against probabilities, as a standard normal deviate (Wilson and Hilferty 1931).
fn deviate(counts: &[f64], probs: &[f64]) -> f64 {
    let total: f64 = counts.iter().sum();
    let chi_squared: f64 =
        counts.iter().zip(probs).map(|(count, p)| (count - total * p).powi(2) / (total * p)).sum();
    let freedom = counts.len() as f64 - 1.0;
    let scale = 2.0 / (9.0 * freedom);
    ((chi_squared / freedom).cbrt() - (1.0 - scale)) / scale.sqrt()
}

/// One-sided 10⁻⁷; seeds are fixed, so a failure is a defect and not bad luck.
const LIMIT: f64 = 5.2;

#[test]
fn categorical_samples() {
    const N: usize = 20_000;
    let probs = [0.5, 0.2, 0.15, 0.1, 0.05];
    let mut seen: Option<Vec<i64>> = None;
    for device in devices() {
        for shape in [[1, 5], [N, 5]] {
            let p = floats(&probs, [1, 5], &device, DType::F32).expand(shape);
            let law = Categorical::from_probs(p);
            let draws = whole(law.sample([N, 1], &mut StdRng::seed_from_u64(5)));
            let mut counts = [0.0; 5];
            for draw in &draws {
                counts[*draw as usize] += 1.0;
            }
            assert!(deviate(&counts, &probs) < LIMIT, "{device:?}: {counts:?}");
            let same = seen.get_or_insert_with(|| draws.clone());
            assert_eq!(same, &draws, "{device:?}: the same draws everywhere");
            let one_hot = OneHotCategorical::from_probs(law.probs());
            let vectors = one_hot.sample([N, 5], &mut StdRng::seed_from_u64(5));
            assert_eq!(whole(vectors.argmax(1)), draws);
        }
    }
}

#[test]
fn bernoulli_samples() {
    const N: usize = 100_000;
    let mut seen: Option<Vec<i64>> = None;
    for device in devices() {
        let p = [0.3, 0.0, 1.0, 0.999];
        let laws = [
            Bernoulli::from_probs(floats(&p, [1, 4], &device, DType::F32)),
            Bernoulli::from_logits(
                floats(&p, [1, 4], &device, DType::F32).log()
                    - (-floats(&p, [1, 4], &device, DType::F32) + 1.0).log(),
            ),
        ];
        for (form, law) in laws.iter().enumerate() {
            let draws = whole(law.sample([N, 4], &mut StdRng::seed_from_u64(form as u64)));
            let ones = |column: usize| draws.chunks(4).map(|row| row[column] as f64).sum::<f64>();
            assert_eq!([ones(1), ones(2)], [0.0, N as f64], "{device:?}");
            for column in [0, 3] {
                let (p, n) = (p[column], N as f64);
                let z = (ones(column) - n * p) / (n * p * (1.0 - p)).sqrt();
                assert!(z.abs() < LIMIT + 0.2, "{device:?}: {z} standard errors");
            }
            if form == 0 {
                assert_eq!(seen.get_or_insert_with(|| draws.clone()), &draws);
            }
        }
    }
}

#[test]
fn never_a_category_of_probability_zero() {
    each(|device, dtype| {
        let logits = floats(&[-INF, 0.0, -INF, 1.0, -INF], [1, 5], device, dtype);
        let law = Categorical::from_logits(logits);
        let draws = whole(law.sample([2000, 1], &mut StdRng::seed_from_u64(1)));
        assert!(draws.iter().all(|draw| [1, 3].contains(draw)));
        let level = |p: f64| floats(&[p], [1, 1], device, dtype);
        assert_eq!(whole(law.quantile(level(0.0))), [1]);
        assert_eq!(whole(law.quantile(level(1.0))), [3]);
        for outside in [-0.1, 1.1, f64::NAN] {
            assert_eq!(whole(law.quantile(level(outside))), [-1]);
        }
        assert_eq!(law.validate(), Ok(()));
    });
}

#[test]
fn outside_the_support() {
    each(|device, dtype| {
        let logits = floats(&[0.0, -INF, 1.0], [1, 3], device, dtype);
        for (value, inside) in [
            (0, true),
            (1, false),
            (2, true),
            (3, false),
            (-1, false),
            (i64::from(i32::MAX), false),
        ] {
            let value = ints(&[value], [1, 1], device);
            let found =
                numbers(Categorical::from_logits(logits.clone()).log_prob(value.clone()))[0];
            assert_eq!(found.is_finite(), inside, "{device:?} {value}");
            assert!(inside || found == -INF);
            if device.is_autodiff() {
                let found = gradient(logits.clone(), |logits| {
                    Categorical::from_logits(logits).log_prob(value.clone())
                });
                assert!(found.iter().all(|g| g.is_finite()), "{found:?}");
                assert!(inside || found == [0.0; 3], "{found:?}");
            }
        }
        let one_hot = OneHotCategorical::from_logits(logits);
        let log_prob = |value: [i64; 3]| numbers(one_hot.log_prob(ints(&value, [1, 3], device)))[0];
        for value in [[0, 0, 0], [1, 0, 1], [2, 0, 0], [1, -1, 1], [0, 1, 0], [-1, 1, 1]] {
            assert_eq!(log_prob(value), -INF, "{value:?}");
        }
        assert!(log_prob([1, 0, 0]) > -INF);
        let certain = OneHotCategorical::from_probs(floats(&[0.0, 1.0], [1, 2], device, dtype));
        assert_eq!(numbers(certain.log_prob(ints(&[0, 1], [1, 2], device))), [0.0]);
        assert_eq!(numbers(certain.entropy()), [0.0]);
    });
}

/// Probabilities of zero and infinite logits leave every gradient finite.
#[test]
fn gradients_at_impossible_categories() {
    each(|device, dtype| {
        if !device.is_autodiff() {
            return;
        }
        let finite = |what: &str, found: Vec<f64>| {
            assert!(found.iter().all(|g| g.is_finite()), "{device:?} {dtype:?} {what}: {found:?}");
        };
        let probs = floats(&[0.0, 1.0, 0.5], [1, 3], device, dtype);
        let logits = floats(&[-INF, 1.0, -INF], [1, 3], device, dtype);
        let value = ints(&[1], [1, 1], device);
        for (name, parameter, new) in [
            ("probs", probs, Categorical::from_probs as fn(Tensor<2>) -> Categorical<2>),
            ("logits", logits, Categorical::from_logits),
        ] {
            let of = |what: &str, f: &dyn Fn(Categorical<2>) -> Tensor<2>| {
                finite(&format!("{name} {what}"), gradient(parameter.clone(), |p| f(new(p))));
            };
            of("log_prob", &|law| law.log_prob(value.clone()));
            of("entropy", &|law| law.entropy());
            of("mean", &|law| law.mean());
            of("variance", &|law| law.variance());
            of("cdf", &|law| law.cdf(value.clone()));
            of("log_cdf", &|law| law.log_cdf(value.clone()));
            of("log_cdf below", &|law| law.log_cdf(value.clone() - 2));
            of("log_survival", &|law| law.log_survival(value.clone() - 1));
            of("log_survival above", &|law| law.log_survival(value.clone() + 1));
        }
        for edge in [0.0, 1.0] {
            let p = floats(&[edge], [1, 1], device, dtype);
            for value in [0, 1] {
                let value = ints(&[value], [1, 1], device);
                finite(
                    "Bernoulli",
                    gradient(p.clone(), |p| Bernoulli::from_probs(p).log_prob(value.clone())),
                );
            }
            finite("Bernoulli entropy", gradient(p, |p| Bernoulli::from_probs(p).entropy()));
        }
    });
}

/// Rows shared by many values: one row of logits, gradients summed over the values.
#[test]
fn shared_rows() {
    each(|device, dtype| {
        let row = [0.3, -1.0, 2.0, 0.0];
        let values = [0, 3, 3, 1, 2, 2, 2];
        let wide: Vec<f64> = row.repeat(values.len());
        let value = ints(&values, [values.len(), 1], device);
        let shared = floats(&row, [1, 4], device, dtype);
        let own = floats(&wide, [values.len(), 4], device, dtype);
        let log_prob = |p: Tensor<2>| Categorical::from_logits(p).log_prob(value.clone());
        assert_eq!(numbers(log_prob(shared.clone())), numbers(log_prob(own.clone())));
        if device.is_autodiff() {
            let weighted = |p: Tensor<2>| log_prob(p.clone()) * log_prob(p);
            let mut sums = [0.0; 4];
            let wide = gradient(own, weighted);
            wide.chunks(4).for_each(|row| (0..4).for_each(|k| sums[k] += row[k]));
            for (found, expected) in gradient(shared, weighted).iter().zip(sums) {
                assert!((found - expected).abs() <= 64.0 * epsilon(dtype), "{found} {expected}");
            }
        }
    });
}

#[test]
fn entropy_of_many_categories() {
    each(|device, dtype| {
        const K: usize = 1_000_000;
        let law = Categorical::from_logits(Tensor::<2>::ones([1, K], (device, dtype)));
        let found = numbers(law.entropy())[0];
        assert!((found - 13.815_510_557_964_274).abs() < 2e-6, "{device:?} {dtype:?}: {found}");
        let logits: Vec<f64> = (0..K).map(|k| (k % 7) as f64 * 0.5).collect();
        let total: f64 = logits.iter().map(|x| x.exp()).sum();
        let expected: f64 = logits.iter().map(|x| (total.ln() - x) * x.exp() / total).sum();
        let found =
            numbers(Categorical::from_logits(floats(&logits, [1, K], device, dtype)).entropy())[0];
        assert!((found - expected).abs() < 4e-5, "{device:?} {dtype:?}: {found} {expected}");
    });
}

/// What a category that leaves next to nothing to the others has for a gradient: as much of it as they.
#[test]
fn gradients_beside_a_dominating_category() {
    each(|device, dtype| {
        if !device.is_autodiff() {
            return;
        }
        // Weights e⁻³⁰ and e⁻⁴⁰ beside one of 1, whatever its place.
        let (small, less) = ((-30.0_f64).exp(), (-40.0_f64).exp());
        for (logits, k) in
            [([0.0, -30.0, -40.0], [0.0, 1.0, 2.0]), ([-30.0, -40.0, 0.0], [2.0, 0.0, 1.0])]
        {
            // Each function of the others' weights is linear in them, and the gradients sum to 0.
            let linear = |first: f64, second: f64| {
                let (first, second) = (small * first, less * second);
                logits.map(|logit: f64| match logit as i64 {
                    0 => -(first + second),
                    -30 => first,
                    _ => second,
                })
            };
            let [a, b] = [k[1] - k[0], k[2] - k[0]];
            let check = |what: &str, f: fn(Categorical<2>) -> Tensor<2>, expected: [f64; 3]| {
                let leaf = floats(&logits, [1, 3], device, dtype);
                let found = gradient(leaf, |p| f(Categorical::from_logits(p)));
                for (found, expected) in found.iter().zip(expected) {
                    let allowed = 64.0 * epsilon(dtype) * expected.abs();
                    // Terms of the second order in the weights are left out above.
                    let allowed = allowed + 1e-11 * expected.abs();
                    assert!(
                        (found - expected).abs() <= allowed,
                        "{what} {logits:?} {device:?} {dtype:?}: {found} {expected}"
                    );
                }
            };
            check("mean", |law| law.mean(), linear(a, b));
            check("variance", |law| law.variance(), linear(a * a, b * b));
            check("entropy", |law| law.entropy(), linear(30.0, 40.0));
        }
    });
}

/// Where one category is certain, nothing varies: no NaN is the gradient of that.
#[test]
fn certain_categories_have_no_deviation() {
    each(|device, dtype| {
        let leaf = || floats(&[0.0, -2000.0, -3000.0], [1, 3], device, dtype);
        let index: fn(Tensor<2>) -> Tensor<2> = |p| Categorical::from_logits(p).std_dev();
        let vector: fn(Tensor<2>) -> Tensor<2> = |p| OneHotCategorical::from_logits(p).std_dev();
        for std_dev in [index, vector] {
            assert!(numbers(std_dev(leaf())).iter().all(|x| *x == 0.0), "{device:?} {dtype:?}");
            if device.is_autodiff() {
                assert_eq!(gradient(leaf(), std_dev), [0.0; 3], "{device:?} {dtype:?}");
            }
        }
    });
}

#[test]
fn checked_parameters() {
    let device = first_device();
    let error = Bernoulli::try_from_probs(floats(&[0.5, 1.5], [1, 2], &device, DType::F32));
    assert_eq!(
        error.expect_err("1.5 is no probability").to_string(),
        "Bernoulli: `probs`[0, 1] is 1.5, but must be from 0 to 1",
    );
    let negative = floats(&[0.5, -0.5], [1, 2], &device, DType::F32);
    assert!(Categorical::try_from_probs(negative).is_err());
    let nan = floats(&[0.5, f64::NAN], [1, 2], &device, DType::F32);
    assert!(OneHotCategorical::try_from_logits(nan).is_err());
    let law = Categorical::from_logits(floats(&[0.5, 1.0], [1, 2], &device, DType::F32));
    assert_eq!(law.to_string(), "Categorical(logits: [1, 2])");
    assert_eq!(law.clone().unsqueeze::<4>().shape(), [1, 1, 1, 1]);
    assert_eq!(law.cast(FloatDType::F64).logits().dtype(), DType::F64);
}

#[test]
fn accessors_convert() {
    each(|device, dtype| {
        let p = [1e-7, 0.3, 0.5, 0.500_001, 0.9];
        let law = Bernoulli::from_probs(floats(&p, [1, 5], device, dtype));
        let given = numbers(law.probs());
        let back = numbers(Bernoulli::from_logits(law.logits()).probs());
        for (given, back) in given.iter().zip(back) {
            assert!((given - back).abs() <= 20.0 * epsilon(dtype) * given, "{given} {back}");
        }
        let law = Categorical::from_logits(floats(&[1.0, -1.0, 30.0], [1, 3], device, dtype));
        assert!((numbers(law.probs()).iter().sum::<f64>() - 1.0).abs() < 1e-6);
        let again = Categorical::from_probs(law.probs());
        for (a, b) in numbers(law.log_probs()).iter().zip(numbers(again.logits())) {
            assert!((a - b).abs() <= 40.0 * epsilon(dtype) * a.abs(), "{a} {b}");
        }
    });
}
