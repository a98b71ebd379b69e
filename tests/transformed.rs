//! Transformed laws against the reference table and by law, on every compiled-in device.

mod common;

use common::{Setting, epsilon, settings};

use burn::tensor::{DType, Tensor, TensorData};
use pushforward::numeric::monte_carlo_kl;
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

fn tensor<const D: usize>(values: &[f64], shape: [usize; D], setting: &Setting) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (&setting.0, setting.1))
}

fn line(values: &[f64], setting: &Setting) -> Tensor<1> {
    tensor(values, [values.len()], setting)
}

fn read<const D: usize>(tensor: &Tensor<D>) -> Vec<f64> {
    tensor.to_data().iter::<f64>().collect()
}

fn table() -> Vec<Value> {
    let text = include_str!("reference/transformed.json");
    let table: Value = serde_json::from_str(text).expect("the table is JSON");
    table["cases"].as_array().expect("cases").clone()
}

fn column(column: &Value) -> Vec<f64> {
    let number = |entry: &Value| match entry {
        Value::String(digits) => digits.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    };
    column.as_array().expect("a column").iter().map(number).collect()
}

/// Entropy, mean and variance, and the rounding that the sum of an entropy cannot avoid.
fn summary<const D: usize, P, B>(law: &Transformed<P, B>, function: &str) -> (Vec<f64>, Vec<f64>)
where
    P: Univariate<D, Kind = burn::tensor::Float> + Moments<D> + Entropy<D>,
    B: Bijector<D>,
{
    let value = match function {
        "entropy" => law.entropy(),
        "mean" => law.mean(),
        _ => law.variance(),
    };
    let terms = match function {
        // H(X) and E ln f′ may cancel; each is rounded.
        "entropy" => law.base().entropy().abs() * 2.0 + value.clone().abs(),
        // A mean near 0 is a sum of positive and negative parts.
        "mean" => law.std_dev(),
        _ => value.zeros_like(),
    };
    (read(&value), read(&terms))
}

fn by_bijector<const D: usize, P>(base: P, bijector: &str, function: &str) -> (Vec<f64>, Vec<f64>)
where
    P: Univariate<D, Kind = burn::tensor::Float> + Moments<D> + Entropy<D>,
{
    match bijector {
        "tanh" => summary(&Transformed::new(base, Tanh), function),
        "sigmoid" => summary(&Transformed::new(base, Sigmoid), function),
        "softplus" => summary(&Transformed::new(base, Softplus), function),
        "exp" => summary(&Transformed::new(base, Exp), function),
        other => panic!("no bijector for the table's {other}"),
    }
}

fn by_base(
    base: &str,
    parameter: &dyn Fn(&str) -> Tensor<2>,
    bijector: &str,
    function: &str,
) -> (Vec<f64>, Vec<f64>) {
    let two = |first, second| (parameter(first), parameter(second));
    match base {
        "normal" => {
            let (loc, scale) = two("loc", "scale");
            by_bijector(Normal::new(loc, scale), bijector, function)
        }
        "laplace" => {
            let (loc, scale) = two("loc", "scale");
            by_bijector(Laplace::new(loc, scale), bijector, function)
        }
        "logistic" => {
            let (loc, scale) = two("loc", "scale");
            by_bijector(Logistic::new(loc, scale), bijector, function)
        }
        "uniform" => {
            let (low, high) = two("low", "high");
            by_bijector(Uniform::new(low, high), bijector, function)
        }
        "gamma" => {
            let (concentration, rate) = two("concentration", "rate");
            by_bijector(Gamma::new(concentration, rate), bijector, function)
        }
        "exponential" => by_bijector(Exponential::new(parameter("rate")), bijector, function),
        other => panic!("no family for the table's {other}"),
    }
}

#[test]
fn moments_and_entropy_agree_with_the_table() {
    let mut failures = Vec::new();
    for case in table() {
        let (law, function) = case["function"].as_str().unwrap().split_once('.').unwrap();
        let (bijector, base) = law.split_once('_').unwrap();
        let expected = column(&case["expected"]);
        let count = expected.len();
        // One free dimension, along which the nodes lie; and none, where they are a loop.
        let columns = if count.is_multiple_of(5) { 5 } else { count };
        for shape in [[count, 1], [count / columns, columns]] {
            for setting in settings() {
                let parameter =
                    |name: &str| tensor(&column(&case["inputs"][name]), shape, &setting);
                let (found, terms) = by_base(base, &parameter, bijector, function);
                let relative = if setting.1 == DType::F32 { 1e-5 } else { 1e-10 };
                for (index, value) in found.iter().enumerate() {
                    let wanted = expected[index];
                    let error = (value - wanted).abs();
                    let mut bound =
                        relative * wanted.abs() + 4.0 * epsilon(setting.1) * terms[index];
                    if wanted.is_infinite() && *value == wanted {
                        continue;
                    }
                    if wanted.is_infinite() {
                        bound = 0.0;
                    }
                    if error > bound || value.is_nan() {
                        let inputs = case["inputs"].as_object().expect("columns");
                        let at: Vec<f64> = inputs.values().map(|c| column(c)[index]).collect();
                        failures.push(format!(
                            "{law}.{function} {setting:?} {shape:?} at {at:?}: {value:e}, not \
                             {wanted:e}: {:.1} times the bound",
                            error / bound,
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn quadrature_agrees_with_the_closed_forms_and_knows_its_error() {
    for setting in settings() {
        let base = Normal::new(line(&[-1.0, 0.0, 0.5], &setting), line(&[0.1, 0.5, 1.0], &setting));
        let law = base.pushforward(Exp);
        let checks = [(law.mean(), law.mean_estimate()), (law.variance(), law.variance_estimate())];
        let tolerance = if setting.1 == DType::F32 { 1e-5 } else { 1e-10 };
        for (exact, estimate) in checks {
            let error = read(&(exact.clone() - estimate.value.clone()).abs());
            for ((error, exact), claimed) in
                error.iter().zip(read(&exact)).zip(read(&estimate.error))
            {
                assert!(*error < tolerance * exact, "{setting:?}: {error:e} of {exact:e}");
                let rounding = 64.0 * epsilon(setting.1) * exact;
                assert!(*error < claimed + rounding, "{setting:?}: {error:e}, claimed {claimed:e}");
                assert!(claimed < 1e-3 * exact, "{setting:?}: claimed {claimed:e} of {exact:e}");
            }
        }
    }
}

#[test]
fn an_affine_map_is_exact() {
    for setting in settings() {
        let base = Normal::new(line(&[1.0, 2.0], &setting), line(&[0.5, 3.0], &setting));
        let scale = line(&[-2.0, 0.25], &setting);
        let law = base.pushforward(Affine::new(4.0, scale.clone()));
        let equal = Normal::new(line(&[2.0, 4.5], &setting), line(&[1.0, 0.75], &setting));
        let close = |a: Tensor<1>, b: Tensor<1>| {
            for (a, b) in read(&a).into_iter().zip(read(&b)) {
                let tolerance = 32.0 * epsilon(setting.1) * (1.0 + b.abs());
                assert!((a - b).abs() < tolerance, "{setting:?}: {a} {b}");
            }
        };
        close(law.mean(), equal.mean());
        close(law.variance(), equal.variance());
        close(law.std_dev(), equal.std_dev());
        close(law.mode(), equal.mode());
        close(law.entropy(), equal.entropy());
        let x = line(&[1.3, 5.0], &setting);
        close(law.log_prob(x.clone()), equal.log_prob(x.clone()));
        close(law.cdf(x.clone()), equal.cdf(x.clone()));
        close(law.survival(x.clone()), equal.survival(x.clone()));
        close(law.log_cdf(x.clone()), equal.log_cdf(x.clone()));
        close(law.log_survival(x.clone()), equal.log_survival(x));
        let p = line(&[0.1, 0.8], &setting);
        close(law.quantile(p.clone()), equal.quantile(p));
    }
}

#[test]
fn gradients_of_moments_and_entropy_are_those_of_finite_differences() {
    let summaries: [(&str, fn(&Transformed<Normal<2>, Box<dyn Bijector<2>>>) -> Tensor<2>); 3] = [
        ("mean", |law| law.mean()),
        ("variance", |law| law.variance()),
        ("entropy", |law| law.entropy()),
    ];
    let bijectors: [fn() -> Box<dyn Bijector<2>>; 5] = [
        || Box::new(Tanh),
        || Box::new(Sigmoid),
        || Box::new(Softplus),
        || Box::new(Exp),
        || Box::new(Affine::new(0.3, -0.7).then(Tanh)),
    ];
    for (device, dtype) in settings().into_iter().filter(|setting| setting.1 == DType::F64) {
        let setting = (device.autodiff(), dtype);
        let (locs, scales) = ([-1.5, 0.0, 0.4, 2.0], [0.3, 2.0, 1.0, 0.6]);
        // One free dimension, along which the nodes lie; and none, where they are a loop.
        let settings = bijectors.map(|bijector| (bijector, [4, 1]));
        for (bijector, shape) in settings.into_iter().chain([(bijectors[0], [2, 2])]) {
            for (name, summary) in summaries {
                let at = |loc: Tensor<2>, scale: Tensor<2>| {
                    summary(&Normal::new(loc, scale).pushforward(bijector()))
                };
                let loc = tensor(&locs, shape, &setting);
                let scale = tensor(&scales, shape, &setting);
                let (tracked, wide) = (loc.clone().require_grad(), scale.clone().require_grad());
                let gradients = at(tracked.clone(), wide.clone()).sum().backward();
                let step = 1e-3;
                let slope = |f: &dyn Fn(f64) -> Tensor<2>| {
                    let near = f(step) - f(-step);
                    read(&((near * 8.0 - (f(2.0 * step) - f(-2.0 * step))) / (12.0 * step)))
                };
                let by_loc = slope(&|d| at(loc.clone() + d, scale.clone()));
                let by_scale = slope(&|d| at(loc.clone(), scale.clone() + d));
                for (leaf, expected) in [(tracked, by_loc), (wide, by_scale)] {
                    let found = read(&leaf.grad(&gradients).expect("tracked"));
                    for (found, expected) in found.iter().zip(&expected) {
                        let error = (found - expected).abs();
                        let what = format!("{name} {:?} {setting:?}", bijector());
                        assert!(
                            error < 1e-7 * (1.0 + expected.abs()),
                            "{what}: {found} {expected}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn gradients_reach_the_parameters_of_the_bijector() {
    for (device, dtype) in settings().into_iter().filter(|setting| setting.1 == DType::F64) {
        let setting = (device.autodiff(), dtype);
        let at = |scale: Tensor<1>| {
            let base = Normal::new(line(&[0.3], &setting), 0.8);
            let law = base.pushforward(Affine::new(0.1, scale).then(Tanh));
            law.mean() + law.variance() * 2.0 + law.entropy() * 3.0
        };
        let scale = line(&[-0.7, 1.3], &setting).require_grad();
        let gradients = at(scale.clone()).sum().backward();
        let found = read(&scale.grad(&gradients).expect("tracked"));
        let (plain, step) = (scale.detach(), 1e-5);
        let slope = (at(plain.clone() + step) - at(plain - step)) / (2.0 * step);
        for (found, expected) in found.iter().zip(read(&slope)) {
            assert!((found - expected).abs() < 1e-7, "{setting:?}: {found} {expected}");
        }
    }
}

#[test]
fn log_prob_outside_the_codomain_is_minus_infinity_and_poisons_nothing() {
    for (device, dtype) in settings() {
        let setting = (device.autodiff(), dtype);
        let cases: [(fn() -> Box<dyn Bijector<1>>, [f64; 7]); 5] = [
            (|| Box::new(Exp), [0.0, -1.0, f64::NEG_INFINITY, f64::INFINITY, f64::NAN, 0.5, 2.0]),
            (|| Box::new(Softplus), [0.0, -1.0, -1e-30, f64::INFINITY, f64::NAN, 0.5, 2.0]),
            (|| Box::new(Tanh), [-1.0, 1.0, 7.0, f64::INFINITY, f64::NAN, 0.5, -0.2]),
            (|| Box::new(Sigmoid), [0.0, 1.0, -7.0, f64::INFINITY, f64::NAN, 0.5, 0.2]),
            (
                || Box::new(Tanh.then(Affine::new(1.0, -2.0))),
                [-1.0, 3.0, 7.0, f64::INFINITY, f64::NAN, 0.5, 2.2],
            ),
        ];
        for (bijector, values) in cases {
            let what = format!("{:?} {setting:?}", bijector());
            let loc = line(&[0.2], &setting).require_grad();
            let value = line(&values, &setting).require_grad();
            let law = Normal::new(loc.clone(), 0.7).pushforward(bijector());
            let log_prob = law.log_prob(value.clone());
            let found = read(&log_prob);
            assert!(found[..4].iter().all(|x| *x == f64::NEG_INFINITY), "{what}: {found:?}");
            assert!(found[4].is_nan() && found[5].is_finite() && found[6].is_finite(), "{what}");
            let gradients = log_prob.sum().backward();
            let by_value = read(&value.grad(&gradients).expect("tracked"));
            assert!(by_value[..5].iter().all(|g| *g == 0.0), "{what}: {by_value:?}");
            assert!(by_value[5..].iter().all(|g| g.is_finite() && *g != 0.0), "{what}");
            let by_loc = read(&loc.grad(&gradients).expect("tracked"))[0];
            // That of the two values inside alone.
            let alone = line(&[0.2], &setting).require_grad();
            let inside = line(&values[5..], &setting);
            let law = Normal::new(alone.clone(), 0.7).pushforward(bijector());
            let gradients = law.log_prob(inside).sum().backward();
            let expected = read(&alone.grad(&gradients).expect("tracked"))[0];
            let tolerance = 16.0 * epsilon(dtype) * (1.0 + expected.abs());
            assert!((by_loc - expected).abs() < tolerance, "{what}: {by_loc} {expected}");
        }
    }
}

#[test]
fn distribution_functions_follow_the_map_in_both_directions() {
    for setting in settings() {
        let laws: [Box<dyn Bijector<1>>; 4] = [
            Box::new(Tanh),
            Box::new(Affine::new(0.5, -2.0).then(Exp)),
            Box::new(Affine::new(0.5, line(&[-2.0, 0.5, 1.0, -0.1, 3.0], &setting)).then(Sigmoid)),
            Box::new(Sequential::new(vec![]).push(Exp).push(Power::new(-0.5))),
        ];
        for bijector in laws {
            let what = format!("{bijector:?} {setting:?}");
            let law = Normal::new(line(&[0.2], &setting), 0.7).pushforward(bijector);
            let p = [0.01, 0.2, 0.5, 0.7, 0.99];
            let x = law.quantile(line(&p, &setting));
            let (cdf, survival) = (read(&law.cdf(x.clone())), read(&law.survival(x.clone())));
            let (low, high) = (read(&law.log_cdf(x.clone())), read(&law.log_survival(x.clone())));
            for index in 0..p.len() {
                let tolerance = 200.0 * epsilon(setting.1);
                let errors = [
                    cdf[index] - p[index],
                    survival[index] + p[index] - 1.0,
                    low[index] - p[index].ln(),
                    (high[index] - (1.0 - p[index]).ln()) * (1.0 - p[index]),
                ];
                assert!(errors.iter().all(|e| e.abs() < tolerance), "{what}: {errors:?}");
            }
            // A central difference of the distribution function is the density.
            if setting.1 == DType::F64 {
                let step = x.clone().abs() * 1e-5;
                let rise = law.cdf(x.clone() + step.clone()) - law.cdf(x.clone() - step.clone());
                let slope = read(&(rise / (step * 2.0)));
                for (slope, density) in slope.iter().zip(read(&law.log_prob(x).exp())) {
                    assert!((slope / density - 1.0).abs() < 1e-5, "{what}: {slope} {density}");
                }
            }
        }
        let law = Normal::new(line(&[0.0], &setting), 1.0).pushforward(Tanh);
        let beyond = line(&[-2.0, -1.0, 1.0, 2.0, f64::INFINITY], &setting);
        assert_eq!(read(&law.cdf(beyond.clone())), [0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(read(&law.survival(beyond)), [1.0, 1.0, 0.0, 0.0, 0.0]);
        assert!(read(&law.cdf(line(&[f64::NAN], &setting)))[0].is_nan());
    }
}

#[test]
fn draws_and_their_log_probs_belong_together() {
    for setting in settings() {
        let loc = tensor(&[-1.0, 0.0, 0.5], [1, 3], &setting);
        let law = Normal::new(loc, 0.6).pushforward(Tanh);
        let mut rng = StdRng::seed_from_u64(7);
        let (x, log_prob) = law.rsample_and_log_prob([200, 3], &mut rng);
        let inside = law.support().contains(x.clone()).all();
        assert!(inside.into_data().iter::<bool>().all(|inside| inside), "{setting:?}");
        // Inverting costs the digits of 1 - |x|.
        let again = read(&law.log_prob(x.clone()));
        for ((a, b), x) in read(&log_prob).iter().zip(again).zip(read(&x)) {
            let tolerance = 32.0 * epsilon(setting.1) / (1.0 - x.abs());
            assert!((a - b).abs() < tolerance, "{setting:?}: {a} {b} at {x}");
        }
        let same = law.sample([200, 3], &mut StdRng::seed_from_u64(7));
        assert_eq!(read(&same), read(&x), "{setting:?}");
    }
}

#[test]
fn events_are_summed_and_broadcast_values_count_every_time() {
    for setting in settings() {
        let loc = tensor(&[-1.0, 0.0, 0.5, 0.1, 0.2, 0.3], [2, 3], &setting);
        let single = Normal::new(loc.clone(), 0.6).pushforward(Tanh);
        let joint = Normal::new(loc, 0.6).independent(1).pushforward(Tanh);
        let x = tensor(&[0.3, -0.8], [2, 1], &setting);
        let expected = read(&single.log_prob(x.clone()).sum_dim(1));
        for (a, b) in read(&joint.log_prob(x)).into_iter().zip(expected) {
            assert!((a - b).abs() < 64.0 * epsilon(setting.1), "{setting:?}: {a} {b}");
        }
        let beyond = tensor(&[0.3, 0.1, 1.5], [1, 3], &setting);
        let found = joint.log_prob(beyond);
        assert_eq!(found.dims(), [2, 1]);
        assert!(read(&found).iter().all(|x| *x == f64::NEG_INFINITY));
    }
}

#[test]
fn the_mode_is_where_the_density_is_largest() {
    for setting in settings() {
        let loc = line(&[-0.3, 0.8, 0.0], &setting);
        let scale = line(&[0.5, 0.3, 0.9], &setting);
        let base = || Normal::new(loc.clone(), scale.clone());
        // Of a log-normal law, exp(loc - scale²).
        let found = read(&base().pushforward(Exp).mode());
        let expected = read(&(loc.clone() - scale.clone().square()).exp());
        for (a, b) in found.into_iter().zip(expected) {
            // A score within epsilon of the largest is at most √(2 epsilon |score|) scales away.
            let tolerance = 2.0 * epsilon(setting.1).sqrt();
            assert!((a / b - 1.0).abs() < tolerance, "{setting:?}: {a} {b}");
        }
        let bijectors: [Box<dyn Bijector<1>>; 3] =
            [Box::new(Sigmoid), Box::new(Softplus), Box::new(Affine::new(0.2, -0.4).then(Tanh))];
        for bijector in bijectors {
            let what = format!("{bijector:?} {setting:?}");
            let law = base().pushforward(bijector);
            let top = read(&law.log_prob(law.mode()));
            for k in 1..200 {
                let p = line(&[f64::from(k) / 200.0], &setting);
                let others = read(&law.log_prob(law.quantile(p)));
                let tolerance = 64.0 * epsilon(setting.1);
                assert!(top.iter().zip(&others).all(|(a, b)| *a > b - tolerance), "{what}");
            }
        }
    }
}

#[test]
fn supports_are_images() {
    for setting in settings() {
        let at = |x: &[f64]| line(x, &setting);
        let normal = || Normal::new(at(&[0.0]), 1.0);
        let check = |support: Support, inside: &[f64], outside: &[f64]| {
            let contains = |x: &[f64]| -> Vec<bool> {
                support.contains(at(x)).into_data().iter::<bool>().collect()
            };
            assert!(contains(inside).iter().all(|x| *x), "{support:?}");
            assert!(contains(outside).iter().all(|x| !*x), "{support:?}");
        };
        check(normal().pushforward(Tanh).support(), &[0.0, 0.9], &[1.1, -1.1]);
        check(normal().pushforward(Exp).support(), &[1e-3, 9.0], &[0.0, -1.0]);
        let falling = || Affine::new(1.0, at(&[-2.0]));
        let law = normal().pushforward(Exp).pushforward(falling());
        check(law.support(), &[0.9, -50.0], &[1.1, f64::INFINITY]);
        let law = normal().pushforward(Tanh).pushforward(falling());
        check(law.support(), &[-0.9, 2.9], &[-1.1, 3.1]);
        let law = normal().pushforward(Exp).pushforward(Softplus);
        check(law.support(), &[0.7, 9.0], &[0.69, 0.1]);
    }
}

/// A Normal law that knows its divergence to another.
#[derive(Clone, Debug)]
struct Gauss(Normal<1>);

impl Distribution<1> for Gauss {
    type Kind = burn::tensor::Float;

    fn shape(&self) -> [usize; 1] {
        self.0.shape()
    }
    fn support(&self) -> Support {
        self.0.support()
    }
    fn sample(&self, shape: [usize; 1], rng: &mut dyn rand::Rng) -> Tensor<1> {
        self.0.sample(shape, rng)
    }
    fn log_prob(&self, value: Tensor<1>) -> Tensor<1> {
        self.0.log_prob(value)
    }
}

impl Reparameterized<1> for Gauss {
    fn rsample(&self, shape: [usize; 1], rng: &mut dyn rand::Rng) -> Tensor<1> {
        self.0.rsample(shape, rng)
    }
}

impl KlDivergence<1, Gauss> for Gauss {
    fn kl_divergence(&self, other: &Gauss) -> Tensor<1> {
        let ratio = other.0.scale() / self.0.scale();
        let offset = (self.0.loc() - other.0.loc()) / other.0.scale();
        ratio.clone().log() + (ratio.square().recip() + offset.square() - 1.0) * 0.5
    }
}

#[test]
#[should_panic(expected = "known in closed form for equal bijectors")]
fn maps_that_differ_have_no_closed_divergence() {
    let setting = settings().remove(0);
    let law =
        |loc| Gauss(Normal::new(line(&[0.1], &setting), 0.5)).pushforward(Affine::new(loc, 2.0));
    let _ = law(0.0).kl_divergence(&law(1.0));
}

#[test]
fn a_map_common_to_both_leaves_the_divergence_and_sampling_agrees() {
    for setting in settings() {
        let map = || Affine::new(0.1, line(&[-2.0], &setting)).then(Tanh);
        let p = Gauss(Normal::new(line(&[0.1, 0.4], &setting), 0.5)).pushforward(map());
        let q = Gauss(Normal::new(line(&[0.0, -0.2], &setting), 0.8)).pushforward(map());
        let exact = read(&p.kl_divergence(&q));
        // ln(s/r) + (r² + (m - n)²)/(2s²) - 1/2
        let formula = [0.1_f64, 0.6].map(|d| (0.8_f64 / 0.5).ln() + (0.25 + d * d) / 1.28 - 0.5);
        let mut rng = StdRng::seed_from_u64(11);
        let estimate = monte_carlo_kl(&p, &q, 4000, &mut rng);
        let (value, error) = (read(&estimate.value), read(&estimate.error));
        for index in 0..2 {
            assert!((exact[index] - formula[index]).abs() < 32.0 * epsilon(setting.1));
            let off = (value[index] - exact[index]).abs() / error[index];
            assert!(off < 5.0, "{setting:?}: {off} standard errors");
            assert!((0.002..0.05).contains(&error[index]), "{setting:?}: {error:?}");
        }
    }
}

/// Whichever of `independent` and `pushforward` comes first, the law is the same, and so is all
/// that is known of it.
#[test]
fn independent_parts_keep_moments_and_entropy() {
    for setting in settings() {
        let normal = || {
            let loc = tensor(&[0.3, -1.0, 2.0], [1, 3], &setting);
            Normal::new(loc, tensor(&[0.5, 2.0], [2, 1], &setting))
        };
        let first = normal().independent(1).pushforward(Tanh);
        let last = normal().pushforward(Tanh).independent(1);
        assert_eq!(read(&first.mean()), read(&last.mean()));
        assert_eq!(read(&first.variance()), read(&last.variance()));
        assert_eq!(read(&first.std_dev()), read(&last.std_dev()));
        assert_eq!(read(&first.mode()), read(&last.mode()));
        assert_eq!(read(&first.entropy()), read(&last.entropy()));
        assert_eq!(first.entropy().dims(), [2, 1]);
    }
}

/// Parameters of a bijector may be wider than those of what it transforms.
#[test]
fn a_wider_bijector_widens_the_law() {
    for setting in settings() {
        let wide = || Affine::new(tensor(&[0.0, 1.0, 2.0], [1, 3], &setting), 2.0);
        let narrow = || Normal::new(tensor(&[0.0, 1.0], [2, 1], &setting), 1.0);
        assert_eq!(narrow().pushforward(wide()).shape(), [2, 3]);
        assert_eq!(narrow().pushforward(wide().inverted()).shape(), [2, 3]);
        assert_eq!(narrow().pushforward(Tanh.then(wide())).shape(), [2, 3]);
        let chain = Sequential::new(vec![]).push(Tanh).push(wide());
        let law = narrow().pushforward(chain);
        assert_eq!(law.shape(), [2, 3]);
        let draws = law.sample([2, 3], &mut StdRng::seed_from_u64(1));
        assert_eq!(law.log_prob(draws).dims(), [2, 3]);
    }
}

/// The parameters of the base, then those of the bijector, move, are reshaped and checked together.
#[test]
fn parameters_are_those_of_both_parts() {
    for setting in settings() {
        let shift = tensor(&[0.0, 1.0, 2.0], [3], &setting);
        let map = Affine::new(shift, -2.0).then(Sigmoid).then(Power::new(line(&[3.0], &setting)));
        let law = Normal::new(line(&[0.5], &setting), 1.0).pushforward(map.inverted().inverted());
        let names: Vec<_> = law.parameters().into_iter().map(|parameter| parameter.name).collect();
        assert_eq!(names, ["loc", "scale", "affine_loc", "power_exponent"]);
        let x = line(&[0.3, 0.2, 0.9], &setting);
        let expected = read(&law.log_prob(x.clone()));
        let raised = law.clone().unsqueeze::<2>();
        assert_eq!(raised.shape(), [1, 3]);
        let wide = x.clone().reshape([1, 3]).expand([4, 3]);
        assert_eq!(read(&raised.clone().log_prob(wide.clone()))[3..6], expected);
        let expanded = raised.expand([4, 3]);
        assert!(expanded.parameters().iter().all(|parameter| parameter.value.dims() == [4, 3]));
        assert_eq!(read(&expanded.log_prob(wide))[..3], expected);
        assert_eq!(read(&law.clone().detach().to_device(&setting.0).log_prob(x)), expected);
        assert!(law.validate().is_ok());
        let bad = Normal::new(line(&[0.5], &setting), -1.0).pushforward(Tanh);
        assert_eq!(bad.validate().expect_err("a negative scale").family, "Normal");
        let bad = Affine::new(line(&[f64::NAN], &setting), 1.0);
        let bad = Normal::new(line(&[0.5], &setting), 1.0).pushforward(bad);
        let error = bad.validate().expect_err("a NaN");
        assert_eq!((error.family, error.parameter), ("Transformed", "affine_loc"));
    }
}

/// A spline's parameters lie side by side along the last dimension, and expand that way.
#[test]
fn laws_of_splines_expand() {
    for setting in settings() {
        let shape = SplineShape::linear(3, 2.0);
        let parameters: Vec<f64> = (0..shape.parameters()).map(|at| (at as f64).sin()).collect();
        let parameters = tensor(&parameters, [1, shape.parameters()], &setting);
        let law = Normal::new(tensor(&[0.1], [1, 1], &setting), 1.0)
            .pushforward(RationalQuadraticSpline::new(parameters, shape));
        let x = tensor(&[0.3, -0.2, 0.9, 5.0, 1.0, -1.0], [2, 3], &setting);
        let expanded = law.clone().expand([2, 3]);
        assert_eq!(expanded.shape(), [2, 3]);
        assert_eq!(read(&expanded.log_prob(x.clone())), read(&law.log_prob(x)));
    }
}

/// Transformed laws are mixed like others.
#[test]
fn transformed_laws_are_mixed() {
    for setting in settings() {
        let weights = Categorical::from_probs(tensor(&[0.25, 0.75], [1, 2], &setting));
        let shift = tensor(&[-0.5, 0.5], [1, 2], &setting);
        let part = Normal::new(tensor(&[0.1], [1, 1], &setting), 0.5)
            .pushforward(Affine::new(shift.clone(), 2.0).then(Tanh));
        let mixture = Mixture::new(weights, part.clone());
        let x = tensor(&[0.3, -0.6], [2, 1], &setting);
        let parts = read(&part.log_prob(x.clone()));
        for (row, found) in read(&mixture.log_prob(x)).into_iter().enumerate() {
            let sum = 0.25 * parts[2 * row].exp() + 0.75 * parts[2 * row + 1].exp();
            assert!((found - sum.ln()).abs() < 32.0 * epsilon(setting.1));
        }
        let draws = mixture.sample([4000, 1], &mut StdRng::seed_from_u64(5));
        // Half of each part lies beyond the image of its median.
        let medians = [-0.3_f64, 0.7].map(f64::tanh);
        let above = read(&draws).into_iter().filter(|draw| *draw > medians[1]).count();
        let expected = 0.75 * 0.5
            + 0.25
                * (1.0
                    - Normal::new(line(&[0.0], &setting), 1.0)
                        .cdf(line(&[1.0], &setting))
                        .into_scalar::<f64>());
        assert!((above as f64 / 4000.0 - expected).abs() < 0.04, "{above} for {expected}");
    }
}

/// Mean, variance and entropy of the law, which must have gradients that are those of finite differences.
fn assert_gradients_follow<P, const N: usize>(
    name: &str,
    law: impl Fn([Tensor<1>; N]) -> Transformed<P, Box<dyn Bijector<1>>>,
    parameters: [f64; N],
    setting: &Setting,
) where
    P: Univariate<1, Kind = burn::tensor::Float> + Moments<1> + Entropy<1>,
{
    let at = |x: [Tensor<1>; N]| {
        let law = law(x);
        law.mean() + law.variance() * 2.0 + law.entropy() * 3.0
    };
    let leaves = parameters.map(|x| line(&[x], setting).require_grad());
    let gradients = at(leaves.clone()).sum().backward();
    for (index, leaf) in leaves.iter().enumerate() {
        let found = read(&leaf.grad(&gradients).expect("tracked"))[0];
        let step = 1e-3 * parameters[index].abs();
        let moved = |by: f64| {
            let x = core::array::from_fn(|i| parameters[i] + if i == index { by } else { 0.0 });
            read(&at(x.map(|x| line(&[x], setting))))[0]
        };
        let near = moved(step) - moved(-step);
        let slope = (near * 8.0 - (moved(2.0 * step) - moved(-2.0 * step))) / (12.0 * step);
        let error = (found - slope).abs() / (1.0 + slope.abs());
        assert!(error < 1e-7, "{name}, {index} of {parameters:?}, {setting:?}: {found} {slope}");
    }
}

#[test]
fn gradients_reach_parameters_that_are_ends_of_the_support() {
    type Map = Box<dyn Bijector<1>>;
    for (device, dtype) in settings().into_iter().filter(|setting| setting.1 == DType::F64) {
        let setting = (device.autodiff(), dtype);
        let uniform = |map: fn() -> Map| {
            move |[low, high]: [Tensor<1>; 2]| Uniform::new(low, high).pushforward(map())
        };
        for ends in [[0.11, 0.21], [-0.77, 4.1]] {
            assert_gradients_follow("tanh", uniform(|| Box::new(Tanh)), ends, &setting);
            assert_gradients_follow("sigmoid", uniform(|| Box::new(Sigmoid)), ends, &setting);
            assert_gradients_follow("exp", uniform(|| Box::new(Exp)), ends, &setting);
        }
        assert_gradients_follow("log", uniform(|| Box::new(Log)), [0.25, 3.0], &setting);
        let pareto = |map: fn() -> Map| {
            move |[scale, alpha]: [Tensor<1>; 2]| Pareto::new(scale, alpha).pushforward(map())
        };
        assert_gradients_follow("log", pareto(|| Box::new(Log)), [0.375, 5.6], &setting);
        let root = || -> Map { Box::new(Power::new(0.9)) };
        assert_gradients_follow("power", pareto(root), [0.2, 9.6], &setting);
        let truncated = |[loc, scale, low, high]: [Tensor<1>; 4]| {
            TruncatedNormal::new(loc, scale, low, high).pushforward(Box::new(Exp) as Map)
        };
        assert_gradients_follow("truncated", truncated, [0.27, 0.13, 0.25, 0.5], &setting);
        let half = |[loc, scale, low]: [Tensor<1>; 3]| {
            let high = low.full_like(f64::INFINITY);
            TruncatedNormal::new(loc, scale, low, high).pushforward(Box::new(Tanh) as Map)
        };
        assert_gradients_follow("half-line", half, [0.27, 0.5, 0.1], &setting);
        // The ends of a law that is transformed itself.
        let twice = |[low, high]: [Tensor<1>; 2]| {
            let law = Uniform::new(low, high).pushforward(Affine::new(0.5, -2.0));
            law.pushforward(Box::new(Tanh) as Map)
        };
        assert_gradients_follow("twice", twice, [0.1, 0.6], &setting);
    }
}

#[test]
fn maps_that_are_singular_at_an_end_have_moments() {
    for (device, dtype) in settings() {
        let setting = (device.autodiff(), dtype);
        let tolerance = if dtype == DType::F32 { 1e-5 } else { 1e-10 };
        let check = |name: &str, value: &Tensor<1>, expected: &[f64]| {
            for (value, expected) in read(value).iter().zip(expected) {
                let error = (value - expected).abs() / expected.abs();
                assert!(error < tolerance, "{name} {setting:?}: {value} {expected}");
            }
        };
        let leaf = |values: &[f64]| line(values, &setting).require_grad();
        let (a, rate) = (leaf(&[2.0, 0.5, 9.0625]), leaf(&[0.25, 3.0, 1.0]));
        let law = Gamma::new(a.clone(), rate.clone()).pushforward(Log);
        let digamma = [1.809_078_696_218_357_8, -3.062_122_314_689_533, 2.147_959_169_687_058_4];
        let trigamma = [0.644_934_066_848_226_4, 4.934_802_200_544_679, 0.116_656_203_520_550_21];
        check("log gamma", &law.mean(), &digamma);
        check("log gamma", &law.variance(), &trigamma);
        let gradients = (law.mean() + law.variance()).sum().backward();
        // d ln rate, and the variance has none of it.
        check(
            "slope",
            &Tensor::from_inner(rate.grad(&gradients).unwrap()),
            &[-4.0, -1.0 / 3.0, -1.0],
        );
        assert!(read(&a.grad(&gradients).unwrap()).iter().all(|slope| slope.is_finite()));

        let law = Exponential::new(leaf(&[9.0625])).pushforward(Log);
        check("log exponential", &law.variance(), &[1.644_934_066_848_226_4]);
        let law = Uniform::new(0.0, leaf(&[2.5])).pushforward(Log);
        check("log uniform", &law.mean(), &[2.5_f64.ln() - 1.0]);

        let exponent = leaf(&[-0.125, 0.75, -0.5]);
        let base = Gamma::new(leaf(&[2.0, 1.5, 3.0]), leaf(&[5.5, 0.5, 2.0]));
        let law = base.pushforward(Power::new(exponent.clone()));
        let mean = [1.179_889_542_600_757_8, 2.150_099_968_311_298_8, 0.939_985_602_986_625_2];
        let variance =
            [0.015_319_598_428_483_98, 1.760_146_612_690_674_6, 0.116_427_066_177_870_65];
        check("power gamma", &law.mean(), &mean);
        check("power gamma", &law.variance(), &variance);
        let gradients = (law.mean() + law.variance()).sum().backward();
        let slopes = read(&exponent.grad(&gradients).unwrap());
        assert!(slopes.iter().all(|slope| slope.is_finite()), "{setting:?}: {slopes:?}");
    }
}

#[test]
fn exponentials_of_heavy_tails_have_infinite_moments_and_no_slopes() {
    for (device, dtype) in settings() {
        let setting = (device.autodiff(), dtype);
        let leaf = |values: &[f64]| line(values, &setting).require_grad();
        let (loc, scale) = (leaf(&[0.5, -1.0, 0.25, 1.0]), leaf(&[0.25, 0.4375, 0.875, 0.0078125]));
        let law = Gumbel::new(loc.clone(), scale.clone()).pushforward(Exp);
        let mean = [
            2.020_370_582_825_545_5,
            0.581_965_251_431_234_3,
            9.673_772_500_697_213,
            2.730_705_194_550_061_7,
        ];
        let variance = [0.736_131_802_751_875_4, 0.680_924_566_287_953_7, 7.573_421_518_023_1e-4];
        let (found, wide) = (read(&law.mean()), read(&law.variance()));
        assert_eq!(wide[2], f64::INFINITY);
        for (index, expected) in mean.iter().enumerate() {
            // Γ(1 − s) moves up to eight times as fast as s.
            let error = (found[index] / expected - 1.0).abs();
            assert!(error < 20.0 * epsilon(dtype), "{setting:?}: {} {expected}", found[index]);
        }
        for (index, expected) in [(0, variance[0]), (1, variance[1]), (3, variance[2])] {
            let error = (wide[index] / expected - 1.0).abs();
            assert!(error < 40.0 * epsilon(dtype), "{setting:?}: {} {expected}", wide[index]);
        }
        let gradients = (law.mean() + law.variance()).sum().backward();
        for leaf in [&loc, &scale] {
            let slopes = read(&leaf.grad(&gradients).unwrap());
            assert!(slopes.iter().all(|slope| slope.is_finite()), "{setting:?}: {slopes:?}");
        }
        let scale = leaf(&[1.0]);
        let means = [
            Laplace::new(0.5, scale.clone()).pushforward(Exp).mean(),
            Logistic::new(0.5, scale.clone()).pushforward(Exp).mean(),
            Gumbel::new(0.5, scale.clone()).pushforward(Exp).mean(),
            StudentT::new(3.0, 0.5, scale.clone()).pushforward(Exp).mean(),
        ];
        for mean in means {
            assert_eq!(read(&mean), [f64::INFINITY], "{setting:?}");
            let gradients = mean.sum().backward();
            let slope = scale.grad(&gradients).map_or(0.0, |slope| read(&slope)[0]);
            assert_eq!(slope, 0.0, "{setting:?}");
        }
    }
}
