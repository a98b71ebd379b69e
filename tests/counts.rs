//! The laws of counts: fifty-digit values, quantiles, edges and draws; on every device, in both
//! precisions, with gradients.

mod common;

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use common::{Promises, devices, first_device, precisions};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

/// Largest errors allowed, in units of ε (|f| + S), where S is the table's sensitivity: what
/// rounding every parameter by ε would do to the value. In `f32`, then in `f64`, whose incomplete
/// gamma functions have 12 digits.
const BOUNDS: [(&str, f64, f64); 18] = [
    ("log_prob", 2.0, 4.0),
    ("cdf", 2.0, 80.0),
    ("log_cdf", 2.0, 80.0),
    ("survival", 2.0, 80.0),
    ("log_survival", 2.0, 80.0),
    ("grad_total_count", 2.0, 4.0),
    ("grad_logits", 2.0, 4.0),
    ("grad_probs", 2.0, 4.0),
    ("grad_rate", 2.0, 4.0),
    ("mean", 2.0, 2.0),
    ("variance", 3.0, 3.0),
    ("std_dev", 3.0, 3.0),
    ("mean_slope", 2.0, 2.0),
    ("variance_slope", 3.0, 3.0),
    ("std_dev_slope", 3.0, 3.0),
    ("mode", 0.0, 0.0),
    ("entropy", 2.0, 3.0),
    ("entropy_slope", 2.0, 3.0),
];

/// The same for entropies of negative binomials, by quadrature.
const WIDE_BOUNDS: [(&str, f64, f64); 2] = [("entropy", 3.0, 16.0), ("entropy_slope", 16.0, 32.0)];

trait Counts: Distribution<1, Kind = Int> + Univariate<1> + Moments<1> {}
impl<T: Distribution<1, Kind = Int> + Univariate<1> + Moments<1>> Counts for T {}

type New = fn(&[Tensor<1>]) -> Box<dyn Counts>;

/// Every law with its parameters, in the order of the constructor; its table has the same name.
const LAWS: [(&str, &[&str], New); 7] = [
    ("geometric_logits", &["logits"], |p| Box::new(Geometric::from_logits(p[0].clone()))),
    ("geometric_probs", &["probs"], |p| Box::new(Geometric::from_probs(p[0].clone()))),
    ("poisson", &["rate"], |p| Box::new(Poisson::new(p[0].clone()))),
    ("negative_binomial_logits", &["total_count", "logits"], |p| {
        Box::new(NegativeBinomial::from_logits(p[0].clone(), p[1].clone()))
    }),
    ("negative_binomial_probs", &["total_count", "probs"], |p| {
        Box::new(NegativeBinomial::from_probs(p[0].clone(), p[1].clone()))
    }),
    ("binomial_logits", &["total_count", "logits"], |p| {
        Box::new(Binomial::from_logits(p[0].clone(), p[1].clone()))
    }),
    ("binomial_probs", &["total_count", "probs"], |p| {
        Box::new(Binomial::from_probs(p[0].clone(), p[1].clone()))
    }),
];

/// The entropy of a law that has one.
fn entropy(name: &str, parameters: &[Tensor<1>]) -> Tensor<1> {
    let parameter = parameters[parameters.len() - 1].clone();
    match name {
        "negative_binomial_logits" => {
            NegativeBinomial::from_logits(parameters[0].clone(), parameter).entropy()
        }
        "negative_binomial_probs" => {
            NegativeBinomial::from_probs(parameters[0].clone(), parameter).entropy()
        }
        "binomial_logits" => Binomial::from_logits(parameters[0].clone(), parameter).entropy(),
        "binomial_probs" => Binomial::from_probs(parameters[0].clone(), parameter).entropy(),
        "geometric_logits" => Geometric::from_logits(parameter).entropy(),
        "geometric_probs" => Geometric::from_probs(parameter).entropy(),
        "poisson" => Poisson::new(parameter).entropy(),
        _ => panic!("{name} has no entropy"),
    }
}

fn tensor(values: &[f64], device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (device, dtype))
}

fn counts(values: &[f64], device: &Device) -> Tensor<1, Int> {
    let whole: Vec<i64> = values.iter().map(|value| *value as i64).collect();
    Tensor::from_data(TensorData::from(whole.as_slice()), device)
}

fn numbers(tensor: Tensor<1>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

fn whole(tensor: Tensor<1, Int>) -> Vec<f64> {
    tensor.into_data().iter::<i64>().map(|value| value as f64).collect()
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("a number"),
        other => other.as_f64().unwrap_or(0.0),
    }
}

fn column(values: &Value) -> Vec<f64> {
    values.as_array().expect("a column").iter().map(number).collect()
}

fn cases(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/reference/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the table");
    let table: Value = serde_json::from_str(&text).expect("valid JSON");
    table["cases"].as_array().expect("cases").clone()
}

/// One function of a table.
fn evaluate(
    function: &str,
    case: &Value,
    (name, names, new): (&str, &[&str], New),
    (device, dtype): (&Device, DType),
) -> Vec<f64> {
    let input = |name: &str| column(&case["inputs"][name]);
    let parameters = |device: &Device| -> Vec<Tensor<1>> {
        names.iter().map(|name| tensor(&input(name), device, dtype)).collect()
    };
    let law = new(&parameters(device));
    let value = || counts(&input("value"), device);
    match function {
        "log_prob" => numbers(law.log_prob(value())),
        "cdf" => numbers(law.cdf(value())),
        "log_cdf" => numbers(law.log_cdf(value())),
        "survival" => numbers(law.survival(value())),
        "log_survival" => numbers(law.log_survival(value())),
        "quantile" => whole(law.quantile(tensor(&input("p"), device, dtype))),
        "mean" => numbers(law.mean()),
        "variance" => numbers(law.variance()),
        "std_dev" => numbers(law.std_dev()),
        "mode" => whole(law.mode()),
        "entropy" => numbers(entropy(name, &parameters(device))),
        "mean_slope" | "variance_slope" | "std_dev_slope" | "entropy_slope" => {
            let mut tracked = parameters(&device.clone().autodiff());
            let last = tracked.pop().expect("a parameter").require_grad();
            tracked.push(last.clone());
            let sloping = match function {
                "mean_slope" => new(&tracked).mean(),
                "variance_slope" => new(&tracked).variance(),
                "std_dev_slope" => new(&tracked).std_dev(),
                _ => entropy(name, &tracked),
            };
            let gradients = sloping.sum().backward();
            numbers(last.grad(&gradients).expect("tracked"))
        }
        other => {
            let slope_in = other.strip_prefix("grad_").expect("a function this test knows");
            let autodiff = device.clone().autodiff();
            let leaves: Vec<_> =
                parameters(&autodiff).into_iter().map(Tensor::require_grad).collect();
            let value = counts(&input("value"), &autodiff);
            let gradients = new(&leaves).log_prob(value).sum().backward();
            let place = names.iter().position(|other| *other == slope_in).expect("a parameter");
            numbers(leaves[place].grad(&gradients).expect("tracked"))
        }
    }
}

/// How far the tail at the smaller of two counts is from the level that is asked for, in roundings of
/// a tail in `f32`: where that is next to nothing, a driver's rounding decides between neighbours.
fn tails_off_the_level(
    case: &Value,
    ours: &[f64],
    expected: &[f64],
    (names, new): (&[&str], New),
) -> Vec<f64> {
    let host = &first_device();
    let input = |name: &str| column(&case["inputs"][name]);
    let parameters: Vec<Tensor<1>> =
        names.iter().map(|name| tensor(&input(name), host, DType::F64)).collect();
    let smaller: Vec<f64> = ours.iter().zip(expected).map(|(a, b)| a.min(*b)).collect();
    let law = new(&parameters);
    let cdf = numbers(law.cdf(counts(&smaller, host)));
    let survival = numbers(law.survival(counts(&smaller, host)));
    let off = |(at, p): (usize, f64)| {
        let (tail, level) = if p < 0.5 { (cdf[at], p) } else { (survival[at], 1.0 - p) };
        (tail - level).abs() / (f64::from(f32::EPSILON) * level * (1.0 - level.ln()))
    };
    input("p").into_iter().enumerate().map(off).collect()
}

#[test]
fn fifty_digits() {
    let mut failures = Vec::new();
    for (name, names, new) in LAWS {
        for case in cases(name) {
            let function = case["function"].as_str().unwrap();
            let expected = column(&case["expected"]);
            let sensitivity = case.get("sensitivity").map(column);
            // At even odds the slope of an entropy vanishes: what the two sides leave of their
            // halves, by the logit ½ each. Those of a binomial cancel by themselves there.
            let least_slope = |index: usize| {
                let last = |name: &str| column(&case["inputs"][name])[index];
                let (p, by_logit) = match name.ends_with("probs") {
                    _ if function != "entropy_slope" || name.starts_with("geometric") => {
                        return 0.0;
                    }
                    true => (last("probs"), last("probs") * (1.0 - last("probs"))),
                    false => (1.0 / (1.0 + (-last("logits")).exp()), 1.0),
                };
                let binomial = name.starts_with("binomial");
                0.5 / by_logit * if binomial { (2.0 * p - 1.0).abs() } else { 1.0 }
            };
            for device in devices() {
                for dtype in precisions(&device) {
                    let double = dtype == DType::F64;
                    let (epsilon, least, largest) = if double {
                        (f64::EPSILON, f64::MIN_POSITIVE, f64::MAX)
                    } else {
                        let of_single = [f32::EPSILON, f32::MIN_POSITIVE, f32::MAX];
                        of_single.map(f64::from).into()
                    };
                    let wide = if name.starts_with("negative") { &WIDE_BOUNDS[..] } else { &[] };
                    let mut bounds = wide.iter().chain(&BOUNDS);
                    let bound = bounds.find(|(name, ..)| *name == function);
                    let bound = bound.map_or(0.0, |bound| if double { bound.2 } else { bound.1 });
                    let ours = evaluate(function, &case, (name, names, new), (&device, dtype));
                    assert_eq!(ours.len(), expected.len());
                    // A driver may round each logarithm and exponential by one unit more.
                    let by_driver = if device.is_host() || bound == 0.0 { 0.0 } else { 1.0 };
                    let bound = bound + by_driver;
                    let apart = if function == "quantile" && !device.is_host() {
                        tails_off_the_level(&case, &ours, &expected, (names, new))
                    } else {
                        vec![f64::INFINITY; ours.len()]
                    };
                    let mut worst = (0.0, 0);
                    for (index, (ours, exact)) in ours.iter().zip(&expected).enumerate() {
                        let spread = sensitivity.as_ref().map_or(0.0, |column| column[index]);
                        let beyond = exact.abs() > largest;
                        let exact = if beyond { exact.signum() * f64::INFINITY } else { *exact };
                        let same = *ours == exact || ours.is_nan() && exact.is_nan();
                        let gap = (ours - exact).abs() - least;
                        // A tail is the exponential of a logarithm, which is rounded as well.
                        let tails = ["cdf", "survival", "log_cdf", "log_survival"];
                        let logarithm = if tails.contains(&function) && exact != 0.0 {
                            exact.abs() * exact.abs().ln().abs()
                        } else {
                            0.0
                        };
                        let last = 2_147_483_520.0;
                        let error = if same {
                            0.0
                        } else if matches!(function, "quantile" | "mode") {
                            // Exact, as far as a float tells neighbours apart and integers reach.
                            let beyond = exact >= last && *ours >= last;
                            let tie = (ours - exact).abs() == 1.0 && apart[index] <= 8.0;
                            if beyond || tie { 0.0 } else { (gap - 4.0 * epsilon * exact).max(0.0) }
                        } else {
                            let size = exact.abs() + spread + logarithm + least_slope(index);
                            gap.max(0.0) / (epsilon * size)
                        };
                        if error.is_nan() || error > worst.0 {
                            worst = (if error.is_nan() { f64::INFINITY } else { error }, index);
                        }
                    }
                    if std::env::var_os("SHOW").is_some() {
                        println!("{name:18} {function:14} {dtype:?} {:.3}", worst.0);
                    }
                    if worst.0 > bound {
                        let index = worst.1;
                        let inputs = case["inputs"].as_object().unwrap();
                        let at: Vec<_> =
                            inputs.iter().map(|(name, x)| (name, column(x)[index])).collect();
                        failures.push(format!(
                            "{name} {function} {dtype:?} {device:?}: {} and not {} at {at:?}: \
                             {:.2} of {bound}",
                            ours[index], expected[index], worst.0
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Parameters of each law, from next to nothing to large.
fn parameters(name: &str) -> Vec<Vec<f64>> {
    let single = |parameters: &[f64]| parameters.iter().map(|p| vec![*p]).collect();
    let pairs = |parameters: &[[f64; 2]]| parameters.iter().map(|p| p.to_vec()).collect();
    match name {
        "geometric_logits" => single(&[-12.0, -3.0, 0.0, 0.7, 9.0]),
        "geometric_probs" => single(&[1e-5, 0.02, 0.5, 0.9, 1.0]),
        "poisson" => single(&[0.0, 1e-20, 1e-3, 0.4, 1.0, 4.7, 9.9, 30.0, 700.0, 3e4, 1e6]),
        "negative_binomial_logits" => {
            pairs(&[[0.01, 5.0], [0.5, -2.0], [1.0, 0.0], [5.5, 1.0], [300.0, -3.0], [1e5, 2.0]])
        }
        "negative_binomial_probs" => {
            pairs(&[[0.02, 0.999], [0.5, 0.1], [3.0, 0.0], [1.0, 0.5], [80.0, 0.9]])
        }
        "binomial_logits" => {
            pairs(&[[0.0, 1.0], [1.0, -0.3], [5.0, 7.0], [30.0, -9.0], [1e3, 0.4], [1e6, -5.0]])
        }
        "binomial_probs" => {
            pairs(&[[3.0, 0.0], [3.0, 1.0], [1.0, 0.5], [9.0, 0.999], [50.0, 1e-6], [1e5, 0.3]])
        }
        _ => panic!("{name} has no parameters here"),
    }
}

fn tensors(values: &[f64], device: &Device, dtype: DType) -> Vec<Tensor<1>> {
    values.iter().map(|value| tensor(&[*value], device, dtype)).collect()
}

/// The smallest count that reaches a probability, as seen from either end: it does, and the one
/// before does not. Where a driver compiles the quantile and the tails apart, as far as roundings tell.
#[test]
fn quantiles_are_the_smallest() {
    for device in devices() {
        let by_driver = if device.is_host() { 0.0 } else { 8.0 * f64::from(f32::EPSILON) };
        // How much a tail at this level is rounded, being the exponential of a logarithm.
        let rounded = |level: f64| by_driver * level * (1.0 - level.max(f64::MIN_POSITIVE).ln());
        for dtype in precisions(&device) {
            for (name, _, new) in LAWS {
                let mut levels: Vec<f64> = (1..200).map(|at| f64::from(at) / 200.0).collect();
                levels.extend((1..30).map(|power| 10f64.powi(-power)));
                levels.extend((1..7).map(|power| 1.0 - 10f64.powi(-power)));
                for parameter in parameters(name) {
                    let what = format!("{name} of {parameter:?} in {dtype:?} on {device:?}");
                    let law = new(&tensors(&parameter, &device, dtype));
                    let level = tensor(&levels, &device, dtype);
                    let complement = numbers(-level.clone() + 1.0);
                    let level_values = numbers(level.clone());
                    let low = law.quantile(level.clone());
                    let high = law.upper_quantile(level);
                    let functions =
                        |k: Tensor<1, Int>| [numbers(law.cdf(k.clone())), numbers(law.survival(k))];
                    let (low_at, low_before) = (functions(low.clone()), functions(low.clone() - 1));
                    let (high_at, high_before) =
                        (functions(high.clone()), functions(high.clone() - 1));
                    let (low, high) = (whole(low), whole(high));
                    for at in 0..levels.len() {
                        let (given, rest) = (level_values[at], complement[at]);
                        let (more, less) = (given + rounded(given), given - rounded(given));
                        let (rest_more, rest_less) = (rest + rounded(rest), rest - rounded(rest));
                        let reached = |[cdf, survival]: &[Vec<f64>; 2], given_to, rest_to| {
                            if given < 0.5 { cdf[at] >= given_to } else { survival[at] <= rest_to }
                        };
                        assert!(
                            reached(&low_at, less, rest_more),
                            "{what}: {} at {given}",
                            low[at]
                        );
                        let smallest = low[at] == 0.0 || !reached(&low_before, more, rest_less);
                        assert!(smallest, "{what}: {} at {given} is not the smallest", low[at]);
                        let reached = |[cdf, survival]: &[Vec<f64>; 2], given_to, rest_to| {
                            if rest < 0.5 { cdf[at] >= rest_to } else { survival[at] <= given_to }
                        };
                        assert!(
                            reached(&high_at, more, rest_less),
                            "{what}: {} above {given}",
                            high[at]
                        );
                        let smallest = high[at] == 0.0 || !reached(&high_before, less, rest_more);
                        assert!(smallest, "{what}: {} above {given} is not the smallest", high[at]);
                    }
                }
            }
        }
    }
}

#[test]
fn quantiles_at_and_beyond_the_ends() {
    for device in devices() {
        for dtype in precisions(&device) {
            for (name, names, new) in LAWS {
                for parameter in parameters(name) {
                    let law = new(&tensors(&parameter, &device, dtype));
                    let level = || tensor(&[0.0, -0.1, 1.1, f64::NAN, 1.0], &device, dtype);
                    let what = format!("{name} of {parameter:?} in {dtype:?} on {device:?}");
                    let found = whole(law.quantile(level()));
                    // The smallest and the largest count that can be.
                    let (least, most) = match (name, parameter.as_slice()) {
                        ("poisson", [0.0])
                        | ("geometric_probs", [1.0])
                        | ("negative_binomial_probs" | "binomial_probs", [_, 0.0]) => (0.0, 0.0),
                        ("binomial_probs", [n, 1.0]) => (*n, *n),
                        ("binomial_probs" | "binomial_logits", [n, _]) => (0.0, *n),
                        // That of the integers.
                        _ => (0.0, 2_147_483_520.0),
                    };
                    assert_eq!(found[..4], [least, -1.0, -1.0, -1.0], "{what}");
                    let reached =
                        if most < 2_147_483_520.0 { found[4] == most } else { found[4] >= most };
                    assert!(reached, "{what}: {}", found[4]);
                    let found = whole(law.upper_quantile(level()));
                    assert_eq!(found[1..], [-1.0, -1.0, -1.0, least], "{what}");
                }
                let broken = new(&tensors(&vec![f64::NAN; names.len()], &device, dtype));
                let level = tensor(&[0.3], &device, dtype);
                assert_eq!(whole(broken.quantile(level)), [-1.0], "{name}");
                let draws = whole(broken.sample([3], &mut StdRng::seed_from_u64(1)));
                assert_eq!(draws, [-1.0; 3], "{name}");
            }
        }
    }
}

/// Every function has a finite gradient at the edges of the parameters and of the counts.
#[test]
fn gradients_at_edges() {
    for device in devices() {
        for dtype in precisions(&device) {
            let device = device.clone().autodiff();
            for (name, _, new) in LAWS {
                for parameter in parameters(name) {
                    for value in [-2.0, -1.0, 0.0, 1.0, 50.0, 1e9] {
                        let leaves = tensors(&parameter, &device, dtype);
                        let leaves: Vec<_> = leaves.into_iter().map(Tensor::require_grad).collect();
                        let law = new(&leaves);
                        let k = || counts(&[value], &device);
                        let functions = [
                            law.log_prob(k()),
                            law.cdf(k()),
                            law.survival(k()),
                            law.log_cdf(k()),
                            law.log_survival(k()),
                        ];
                        for (which, function) in functions.into_iter().enumerate() {
                            let size = numbers(function.clone())[0];
                            let gradients = function.sum().backward();
                            let what = format!("{name} of {parameter:?} at {value}, {which}");
                            assert!(!size.is_nan(), "{what}: {size}");
                            let outside = value < 0.0 || size == f64::NEG_INFINITY && which == 0;
                            for leaf in &leaves {
                                let gradient = leaf.grad(&gradients).expect("tracked");
                                let gradient = numbers(gradient)[0];
                                assert!(!gradient.is_nan(), "{what}: {size} {gradient}");
                                assert!(!outside || gradient == 0.0, "{what}: {gradient}");
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn certain_counts() {
    for device in devices() {
        for dtype in precisions(&device) {
            let never = Poisson::new(tensor(&[0.0], &device, dtype));
            let sure = Geometric::from_probs(tensor(&[1.0], &device, dtype));
            let laws: [&dyn Counts; 2] = [&never, &sure];
            for law in laws {
                let zeros = whole(law.sample([500], &mut StdRng::seed_from_u64(3)));
                assert!(zeros.iter().all(|draw| *draw == 0.0), "{law:?}");
                let at = counts(&[0.0, 1.0], &device);
                assert_eq!(numbers(law.log_prob(at.clone())), [0.0, f64::NEG_INFINITY]);
                assert_eq!(numbers(law.cdf(at.clone())), [1.0, 1.0]);
                assert_eq!(numbers(law.log_survival(at)), [f64::NEG_INFINITY; 2]);
            }
            assert_eq!(numbers(never.entropy()), [0.0]);
            assert_eq!(numbers(sure.entropy()), [0.0]);
        }
    }
}

#[test]
fn checked_parameters() {
    let device = first_device();
    let single = |values: &[f64]| tensor(values, &device, DType::F32);
    assert!(Poisson::try_new(single(&[0.0, 3.0])).is_ok());
    let error = Poisson::try_new(single(&[1.0, -1.0])).expect_err("a negative rate");
    assert_eq!(error.to_string(), "Poisson: `rate`[1] is -1, but must be at least 0 and finite");
    assert!(Geometric::try_from_probs(single(&[1.0, 0.5])).is_ok());
    let error = Geometric::try_from_probs(single(&[0.0])).expect_err("an event that never happens");
    assert_eq!(error.to_string(), "Geometric: `probs`[0] is 0, but must be above 0 and at most 1",);
}

/// Repeated trials have the divergence of one as often, where their numbers are equal.
#[test]
fn divergences_of_repeated_trials() {
    for device in devices() {
        for dtype in precisions(&device) {
            let of = |values: &[f64]| tensor(values, &device, dtype);
            let logits = [of(&[0.3, -20.0, 5.0, 1.0]), of(&[0.31, -19.0, -5.0, 1.0])];
            let probs = [of(&[0.3, 1e-9, 1.0, 0.5]), of(&[0.31, 1e-6, 0.25, 0.5])];
            let trials = of(&[3.0, 1.0, 250.0, 7.0]);
            let counts = numbers(trials.clone());
            let rounding = if dtype == DType::F64 { f64::EPSILON } else { f32::EPSILON.into() };
            let assert_repeated = |of_all: Tensor<1>, of_one: Tensor<1>| {
                let pairs = numbers(of_all).into_iter().zip(numbers(of_one));
                for ((all, one), count) in pairs.zip(&counts) {
                    let expected = one * count;
                    assert!(
                        (all - expected).abs() <= 2.0 * rounding * expected,
                        "{all} {expected}"
                    );
                }
            };
            let [x, y] = logits;
            let binomial = |x: &Tensor<1>| Binomial::from_logits(trials.clone(), x.clone());
            let bernoulli = |x: &Tensor<1>| Bernoulli::from_logits(x.clone());
            assert_repeated(
                binomial(&x).kl_divergence(&binomial(&y)),
                bernoulli(&x).kl_divergence(&bernoulli(&y)),
            );
            let [x, y] = probs;
            let binomial = |x: &Tensor<1>| Binomial::from_probs(trials.clone(), x.clone());
            let bernoulli = |x: &Tensor<1>| Bernoulli::from_probs(x.clone());
            assert_repeated(
                binomial(&x).kl_divergence(&binomial(&y)),
                bernoulli(&x).kl_divergence(&bernoulli(&y)),
            );
            let (few, many) = (Binomial::from_probs(2.0, x.clone()), Binomial::from_probs(3.0, x));
            assert!(numbers(many.kl_divergence(&few)).iter().all(|kl| *kl == f64::INFINITY));
            assert!(numbers(few.kl_divergence(&many)).iter().all(|kl| kl.is_nan()));
        }
    }
}

/// A probability of 1 is that of all trials, and both ends of the odds draw what they must.
#[test]
fn sure_trials() {
    for device in devices() {
        for dtype in precisions(&device) {
            let sure = Binomial::from_probs(4.0, tensor(&[1.0], &device, dtype));
            let draws = whole(sure.sample([300], &mut StdRng::seed_from_u64(5)));
            assert!(draws.iter().all(|draw| *draw == 4.0));
            let at = counts(&[3.0, 4.0, 5.0], &device);
            let never = f64::NEG_INFINITY;
            assert_eq!(numbers(sure.log_prob(at.clone())), [never, 0.0, never]);
            assert_eq!(numbers(sure.cdf(at.clone())), [0.0, 1.0, 1.0]);
            assert_eq!(numbers(sure.log_survival(at)), [0.0, never, never]);
            let rare = Binomial::from_logits(1e4, tensor(&[12.0], &device, dtype));
            let draws = whole(rare.sample([20_000], &mut StdRng::seed_from_u64(6)));
            let missed: f64 = draws.iter().map(|draw| 1e4 - draw).sum();
            let (mean, spread) =
                (20_000.0 * 1e4 * 6.144e-6, (20_000.0 * 1e4 * 6.144e-6_f64).sqrt());
            // Six standard deviations: a false alarm once in 5e8 runs.
            assert!((missed - mean).abs() < 6.0 * spread, "{missed} of {mean}");
        }
    }
}
