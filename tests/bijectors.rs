//! Bijectors against the reference table and by law, on every compiled-in device.

mod common;

use common::{Setting, epsilon, settings};

use burn::tensor::{DType, Tensor};
use pushforward::bijector::Direction;
use pushforward::prelude::*;
use serde_json::Value;

type Boxed = Box<dyn Bijector<1>>;

/// ULP of the value allowed on top of what rounding each input once already does.
const ULP: f64 = 4.0;

fn tensor(values: &[f64], (device, dtype): &Setting) -> Tensor<1> {
    Tensor::from_data(
        burn::tensor::TensorData::new(values.to_vec(), [values.len()]),
        (device, *dtype),
    )
}

fn read(tensor: &Tensor<1>) -> Vec<f64> {
    tensor.to_data().iter::<f64>().collect()
}

fn table() -> Vec<Value> {
    let text = include_str!("reference/bijectors.json");
    let table: Value = serde_json::from_str(text).expect("the table is JSON");
    table["cases"].as_array().expect("cases").clone()
}

fn column(column: &Value) -> Vec<f64> {
    let number = |entry: &Value| match entry {
        Value::String(digits) => digits.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    };
    let entries = column.as_array().expect("a column");
    entries.iter().map(number).collect()
}

/// The bijector a case is about, with the case's columns as parameters.
fn bijector(name: &str, inputs: &Value, setting: &Setting) -> Boxed {
    let parameter = |name: &str| tensor(&column(&inputs[name]), setting);
    match name {
        "exp" => Box::new(Exp),
        "log" => Box::new(Log),
        "tanh" => Box::new(Tanh),
        "sigmoid" => Box::new(Sigmoid),
        "softplus" => Box::new(Softplus),
        "identity" => Box::new(Identity),
        "affine" => Box::new(Affine::new(parameter("loc"), parameter("scale"))),
        "power" => Box::new(Power::new(parameter("exponent"))),
        other => panic!("no bijector for the table's {other}"),
    }
}

fn evaluate(bijector: &Boxed, method: &str, points: Tensor<1>) -> [Tensor<1>; 2] {
    let fused = match method {
        "forward" | "log_det_jacobian" => bijector.forward_and_log_det(points.clone()),
        _ => bijector.inverse_and_log_det(points.clone()),
    };
    match method {
        "forward" => [bijector.forward(points), fused.0],
        "inverse" => [bijector.inverse(points), fused.0],
        "log_det_jacobian" => [bijector.log_det_jacobian(points), fused.1],
        "inverse_log_det_jacobian" => [bijector.inverse_log_det_jacobian(points), fused.1],
        other => panic!("no method for the table's {other}"),
    }
}

#[test]
fn every_method_agrees_with_the_table() {
    let mut failures = Vec::new();
    for case in table() {
        let (name, method) = case["function"].as_str().unwrap().split_once('.').unwrap();
        let inputs = &case["inputs"];
        let points = column(inputs.get("x").or(inputs.get("y")).expect("points"));
        let (expected, sensitivity) = (column(&case["expected"]), column(&case["sensitivity"]));
        for setting in settings() {
            let bijector = bijector(name, inputs, &setting);
            let results = evaluate(&bijector, method, tensor(&points, &setting));
            let epsilon = epsilon(setting.1);
            // Values below the smallest normal float may be flushed to zero.
            let (tiny, largest) = match setting.1 {
                DType::F32 => (f64::from(f32::MIN_POSITIVE), f64::from(f32::MAX)),
                _ => (f64::MIN_POSITIVE, f64::MAX),
            };
            for (result, which) in results.iter().zip(["single", "fused"]) {
                for (index, value) in read(result).into_iter().enumerate() {
                    let wanted = expected[index];
                    let overflows =
                        wanted.abs() > largest && value == wanted.signum() * f64::INFINITY;
                    let error = (value - wanted).abs();
                    let bound = epsilon * (ULP * wanted.abs() + sensitivity[index]) + tiny;
                    if !(value == wanted || overflows || error <= bound) {
                        failures.push(format!(
                            "{name}.{method} {which} {setting:?} at {}: {value:e}, not {wanted:e}: \
                             {:.1} times the bound",
                            points[index],
                            error / bound,
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// One instance of every bijector and every way to combine them, with points of its domain.
fn registry(setting: &Setting) -> Vec<(&'static str, Boxed, Vec<f64>)> {
    let line = vec![-7.0, -2.5, -1.0, -0.3, -1e-4, 0.0, 1e-4, 0.2, 0.5, 1.7, 6.0];
    let half: Vec<f64> = vec![1e-3, 0.02, 0.4, 0.69, 0.99, 1.0, 1.3, 2.5, 9.0, 14.0, 50.0];
    let unit: Vec<f64> = vec![1e-3, 0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.98, 0.999];
    let signs: Vec<f64> = (0..11).map(|k| [0.5, -2.0][k % 2]).collect();
    let signs = || tensor(&signs, setting);
    let chain = Sequential::new(vec![])
        .push(Affine::new(0.5, -0.25))
        .push(Softplus)
        .push(Power::new(-1.5))
        .push(Log);
    vec![
        ("exp", Box::new(Exp), line.clone()),
        ("log", Box::new(Log), half.clone()),
        ("tanh", Box::new(Tanh), line.clone()),
        ("sigmoid", Box::new(Sigmoid), line.clone()),
        ("softplus", Box::new(Softplus), line.clone()),
        ("identity", Box::new(Identity), line.clone()),
        ("affine", Box::new(Affine::new(1.5, signs())), line.clone()),
        ("falling affine", Box::new(Affine::new(1.5, -3.0)), line.clone()),
        ("power", Box::new(Power::new(signs())), half.clone()),
        ("power 1", Box::new(Power::new(1.0)), half.clone()),
        ("falling power", Box::new(Power::new(-0.5)), half.clone()),
        ("composed", Box::new(Affine::new(0.1, signs()).then(Tanh)), line.clone()),
        ("inverted", Box::new(Bijector::<1>::inverted(Softplus)), half),
        ("inverted sigmoid", Box::new(Bijector::<1>::inverted(Sigmoid)), unit),
        ("inverted affine", Box::new(Affine::new(0.1, signs()).inverted()), line.clone()),
        ("sequential", Box::new(chain), line.clone()),
        ("empty", Box::new(Sequential::new(vec![])), line),
    ]
}

fn close(a: &[f64], b: &[f64], tolerance: f64, what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    for (index, (a, b)) in a.iter().zip(b).enumerate() {
        let error = (a - b).abs();
        assert!(error <= tolerance * (1.0 + b.abs()), "{what} [{index}]: {a:e} and {b:e}");
    }
}

#[test]
fn the_inverse_undoes_the_map_and_the_log_dets_cancel() {
    for setting in settings() {
        for (name, bijector, points) in registry(&setting) {
            let what = format!("{name} {setting:?}");
            let x = tensor(&points, &setting);
            let (y, log_det) = bijector.forward_and_log_det(x);
            let (back, inverse_log_det) = bijector.inverse_and_log_det(y.clone());
            // A rounding of y moves x by 1/f'(x) roundings, relative to y.
            let steepest = read(&inverse_log_det).into_iter().fold(0.0, f64::max).exp();
            let largest = read(&y).into_iter().map(f64::abs).fold(1.0, f64::max);
            let tolerance = 4.0 * epsilon(setting.1) * (1.0 + steepest * largest.min(1e3));
            close(&read(&back), &points, tolerance, &what);
            close(&read(&-inverse_log_det), &read(&log_det), 4.0 * tolerance, &what);
        }
    }
}

/// Steps for differences: a thousandth of the distance over which the map changes.
fn step(bijector: &Boxed, x: &Tensor<1>) -> Tensor<1> {
    let scale = match bijector.domain() {
        Support::Real => x.clone().abs().clamp_min(0.1),
        Support::UnitInterval => x.clone() * (-x.clone() + 1.0),
        _ => x.clone(),
    };
    scale * 1e-3
}

#[test]
fn log_dets_and_increments_agree_with_finite_differences() {
    for setting in settings().into_iter().filter(|m| m.1 == DType::F64) {
        for (name, bijector, points) in registry(&setting) {
            let what = format!("{name} {setting:?}");
            let x = tensor(&points, &setting);
            let step = step(&bijector, &x);
            // A five-point difference, whose error is of fourth order.
            let f = |factor: f64| bijector.forward(x.clone() + step.clone() * factor);
            let near = f(1.0) - f(-1.0);
            let slope = (near * 8.0 - (f(2.0) - f(-2.0))) / (step.clone() * 12.0);
            let log_det = bijector.log_det_jacobian(x.clone());
            close(&read(&slope.clone().abs().log()), &read(&log_det), 1e-7, &what);
            let grows: Vec<f64> = read(&slope.sign());
            let direction: Vec<f64> = match bijector.direction().expect("monotone") {
                Direction::Increasing => vec![1.0; grows.len()],
                Direction::Decreasing => vec![-1.0; grows.len()],
                Direction::Sign(sign) => read(&sign.sign()),
            };
            assert_eq!(grows, direction, "{what}");
            for factor in [-50.0, 1.0, 30.0] {
                let step = step.clone() * factor;
                let direct =
                    bijector.forward(x.clone() + step.clone()) - bijector.forward(x.clone());
                let moved = bijector.increment(x.clone(), step.clone(), x.clone() + step);
                close(&read(&moved), &read(&direct), 1e-12, &what);
            }
        }
    }
}

#[test]
fn increments_keep_steps_below_the_rounding_of_the_value() {
    for setting in settings() {
        let maps: Vec<(Boxed, f64)> = vec![
            (Box::new(Tanh), 4.0),
            (Box::new(Sigmoid), 6.0),
            (Box::new(Sigmoid), -6.0),
            (Box::new(Softplus), -6.0),
            (Box::new(Softplus), 30.0),
            (Box::new(Exp), 2.0),
            (Box::new(Log), 70.0),
            (Box::new(Power::new(1.5)), 8.0),
            (Box::new(Affine::new(1e3, -2.0)), 8.0),
            (Box::new(Affine::new(0.1, -0.5).then(Tanh)), 8.0),
        ];
        for (map, at) in maps {
            for step in [1e-10, -1e-10] {
                let (x, step) = (tensor(&[at], &setting), tensor(&[step], &setting));
                let end = x.clone() + step.clone();
                let moved = read(&map.increment(x.clone(), step.clone(), end))[0];
                let slope = read(&map.log_det_jacobian(x))[0].exp();
                let expected = slope * read(&step)[0].abs();
                let what = format!("{map:?} {setting:?}: {moved:e}, not {expected:e}");
                assert!((moved.abs() / expected - 1.0).abs() < 4e-6, "{what}");
            }
        }
    }
}

#[test]
fn gradients_of_log_dets_are_those_of_finite_differences() {
    for (device, dtype) in settings() {
        let setting = (device.autodiff(), dtype);
        for (name, bijector, mut points) in registry(&setting) {
            if name == "tanh" || name == "sigmoid" || name == "softplus" {
                points.extend([80.0, -80.0]);
            }
            let what = format!("{name} {setting:?}");
            let x = tensor(&points, &setting).require_grad();
            // A constant Jacobian may not depend on x at all; the zero keeps x in the graph.
            let zero = x.clone().sum() * 0.0;
            let gradients = (bijector.log_det_jacobian(x.clone()).sum() + zero).backward();
            let found = read(&x.grad(&gradients).expect("tracked"));
            assert!(found.iter().all(|g| g.is_finite()), "{what}: {found:?}");
            if dtype == DType::F64 {
                let x = x.detach();
                let step = step(&bijector, &x);
                let f = |factor: f64| bijector.log_det_jacobian(x.clone() + step.clone() * factor);
                let near = f(1.0) - f(-1.0);
                let slope = (near * 8.0 - (f(2.0) - f(-2.0))) / (step * 12.0);
                close(&found, &read(&slope), 1e-7, &what);
            }
        }
    }
}

#[test]
fn log_dets_have_their_known_slopes_at_the_origin_and_far_out() {
    for (device, dtype) in settings() {
        let setting = (device.autodiff(), dtype);
        let points = [0.0, 1e-15, 1.15e-6, 1e-4, -1e-4, 0.5, -0.5, 80.0, -80.0];
        let slopes: [(Boxed, fn(f64) -> f64); 2] =
            [(Box::new(Tanh), |x| -2.0 * x.tanh()), (Box::new(Sigmoid), |x| -(x / 2.0).tanh())];
        for (map, expected) in slopes {
            let x = tensor(&points, &setting).require_grad();
            let gradients = map.log_det_jacobian(x.clone()).sum().backward();
            for (point, slope) in points.iter().zip(read(&x.grad(&gradients).expect("tracked"))) {
                let expected = expected(*point);
                let bound = 8.0 * epsilon(dtype) * expected.abs();
                assert!(
                    (slope - expected).abs() <= bound,
                    "{setting:?} {map:?} {point}: {slope:e}"
                );
            }
        }
    }
}

#[test]
fn parameters_may_be_wider_than_the_points() {
    for setting in settings() {
        let scale = || tensor(&[0.5, -2.0, 3.0], &setting);
        let maps: Vec<Boxed> = vec![
            Box::new(Affine::new(0.0, scale())),
            Box::new(Sequential::new(vec![]).push(Affine::new(0.0, scale())).push(Tanh)),
            Box::new(Tanh.then(Affine::new(0.0, scale()))),
            Box::new(Exp.then(Power::new(scale()))),
        ];
        for map in maps {
            let point = tensor(&[0.3], &setting);
            let (y, log_det) = map.forward_and_log_det(point.clone());
            assert_eq!((y.dims(), log_det.dims()), ([3], [3]), "{map:?}");
            let moved = map.increment(point.clone(), point.clone(), point * 2.0);
            assert_eq!(moved.dims(), [3], "{map:?}");
            let (x, log_det) = map.inverse_and_log_det(y);
            assert_eq!((x.dims(), log_det.dims()), ([3], [3]), "{map:?}");
        }
    }
}

#[test]
fn equal_parameters_make_equal_bijectors() {
    for setting in settings() {
        let scale = |last| Affine::new(1.0, tensor(&[0.5, -2.0, last], &setting));
        assert!(scale(3.0) == scale(3.0) && scale(3.0) != scale(4.0));
        assert!(Power::<1>::new(2.0) == Power::new(tensor(&[2.0, 2.0], &setting)));
        assert!(scale(3.0).then(Tanh) == scale(3.0).then(Tanh));
        assert!(Inverted::new(Tanh) == Bijector::<1>::inverted(Tanh));
    }
}
