//! Laws over every layer.

use burn::module::Module;
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::flows::*;
use pushforward::prelude::*;
use pushforward::testing::{Check, bijector};

use crate::common::{Setting, settings};
use crate::{noise, randomised, read};

pub(crate) const FEATURES: usize = 5;
pub(crate) const CONTEXT: usize = 3;

/// A layer of every kind, with or without context.
pub(crate) fn layers(context: usize, device: &Device) -> Vec<(String, Layer)> {
    let spline = ElementConfig::Spline(SplineConfig::new());
    let circular = SplineConfig::new().with_circular(true).with_bins(5);
    let elements =
        [ElementConfig::Additive, ElementConfig::Affine, spline, ElementConfig::Spline(circular)];
    let mut layers = Vec::new();
    for element in elements {
        for (swap, residual) in [(false, false), (true, true)] {
            let config = CouplingConfig::new(FEATURES)
                .with_context(context)
                .with_element(element.clone())
                .with_hidden(24)
                .with_swap(swap)
                .with_residual(residual);
            let name = format!("coupling {element}, swap {swap}, residual {residual}");
            layers.push((name, Layer::Coupling(config.init(device))));
        }
        for (one_pass, order) in [
            (OnePass::Density, Order::Sequential),
            (OnePass::Sampling, Order::Reversed),
            (OnePass::Density, Order::Random),
        ] {
            let config = AutoregressiveConfig::new(FEATURES)
                .with_context(context)
                .with_element(element.clone())
                .with_hidden(24)
                .with_one_pass(one_pass.clone())
                .with_order(order.clone())
                .with_seed(7);
            let name = format!("autoregressive {element}, {one_pass:?}, {order:?}");
            layers.push((name, Layer::Autoregressive(config.init(device))));
        }
    }
    let monotone = ElementConfig::Monotone(4);
    let config = CouplingConfig::new(FEATURES)
        .with_context(context)
        .with_element(monotone.clone())
        .with_hidden(24);
    layers.push(("coupling Monotone".into(), Layer::Coupling(config.init(device))));
    let config = AutoregressiveConfig::new(FEATURES)
        .with_context(context)
        .with_element(monotone)
        .with_hidden(24);
    layers.push(("autoregressive Monotone".into(), Layer::Autoregressive(config.init(device))));
    for order in [Order::Reversed, Order::Random] {
        let config = PermutationConfig::new(FEATURES).with_order(order.clone()).with_seed(3);
        layers.push((format!("permutation {order:?}"), Layer::Permutation(config.init(device))));
    }
    let linear = LuLinearConfig::new(FEATURES).with_seed(4);
    layers.push(("linear".into(), Layer::LuLinear(linear.init(device))));
    layers.push(("act norm".into(), Layer::ActNorm(ActNormConfig::new(FEATURES).init(device))));
    let norm = FlowBatchNormConfig::new(FEATURES);
    layers.push(("batch norm".into(), Layer::BatchNorm(norm.init(device))));
    let planar = PlanarConfig::new(FEATURES).with_context(context);
    layers.push(("planar".into(), Layer::Planar(planar.init(device))));
    let radial = RadialConfig::new(FEATURES).with_context(context);
    layers.push(("radial".into(), Layer::Radial(radial.init(device))));
    for rank in [1, 3, FEATURES] {
        let config = SylvesterConfig::new(FEATURES, rank).with_context(context);
        layers.push((format!("Sylvester {rank}"), Layer::Sylvester(config.init(device))));
    }
    layers
}

/// Whether a layer looks at the context.
pub(crate) fn takes_context(layer: &Layer) -> bool {
    !matches!(
        layer,
        Layer::Permutation(_) | Layer::LuLinear(_) | Layer::ActNorm(_) | Layer::BatchNorm(_)
    )
}

/// The layers with random parameters as bijectors, given a context where they take one.
fn conditioned(setting: &Setting, size: f64) -> Vec<(String, Conditioned<Layer>)> {
    let mut conditioned = Vec::new();
    for context in [0, CONTEXT] {
        for (name, layer) in layers(context, &setting.0) {
            let layer = randomised(layer, size, 31, setting.1);
            let given = (context > 0 && takes_context(&layer))
                .then(|| noise([1, context], 1.0, 32, setting));
            conditioned.push((format!("{name}, context {context}"), layer.condition(given)));
        }
    }
    conditioned
}

#[test]
fn bijector_laws_hold() {
    for setting in settings().into_iter().filter(|(_, dtype)| *dtype == DType::F64) {
        let like = Tensor::<2>::zeros([1, FEATURES], (&setting.0, setting.1));
        for (name, layer) in conditioned(&setting, 0.3) {
            // The differences of the law cross knots, and kinks of the networks.
            let check = Check::new(format!("{name} on {setting:?}")).slack(1e4);
            bijector::inverses_undo(&layer, &like, &check).unwrap();
            bijector::pairs_agree(&layer, &like, &check).unwrap();
            bijector::descriptions_hold(&layer, &like, &check).unwrap();
        }
    }
}

/// ln |det| of the Jacobian that autodiff gives, row by row.
#[test]
fn log_dets_are_of_the_autodiff_jacobian() {
    let setting = (Device::flex().autodiff(), DType::F64);
    for (name, layer) in conditioned(&setting, 0.4) {
        // Frozen, because the statistics of a batch depend on all of its rows.
        let layer = layer.layer().clone().freeze().condition(layer.context().cloned());
        for inverse in [false, true] {
            let x = noise([6, FEATURES], 3.0, 41, &setting).detach().require_grad();
            let apply = |x: Tensor<2>| {
                if inverse { layer.inverse_and_log_det(x) } else { layer.forward_and_log_det(x) }
            };
            let (_, log_det) = apply(x.clone());
            assert_eq!(log_det.dims(), [6, 1], "{name}");
            let mut jacobians = vec![vec![]; 6];
            for feature in 0..FEATURES {
                let (y, _) = apply(x.clone());
                let gradients = y.narrow(1, feature, 1).sum().backward();
                let row = read(&x.grad(&gradients).unwrap());
                for (jacobian, row) in jacobians.iter_mut().zip(row.chunks(FEATURES)) {
                    jacobian.push(row.to_vec());
                }
            }
            for (jacobian, log_det) in jacobians.into_iter().zip(read(&log_det)) {
                let expected = log_abs_determinant(jacobian);
                let error = (expected - log_det).abs();
                assert!(error < 1e-9, "{name}, inverse {inverse}: {log_det} for {expected}");
            }
        }
    }
}

fn log_abs_determinant(mut matrix: Vec<Vec<f64>>) -> f64 {
    let mut total = 0.0;
    for step in 0..matrix.len() {
        let pivot = (step..matrix.len())
            .max_by(|a, b| matrix[*a][step].abs().total_cmp(&matrix[*b][step].abs()))
            .unwrap();
        matrix.swap(step, pivot);
        total += matrix[step][step].abs().ln();
        for row in step + 1..matrix.len() {
            let factor = matrix[row][step] / matrix[step][step];
            for column in step..matrix.len() {
                matrix[row][column] -= factor * matrix[step][column];
            }
        }
    }
    total
}

/// 10⁵ random numbers, 10⁴ for each of ten sets of random parameters. Errors are measured in units of
/// 1 + |x| times what the way back may grow them by, 1 + e^(log-determinant of the way back).
#[test]
fn round_trips_in_single_precision() {
    let setting = (Device::flex(), DType::F32);
    for (name, layer) in layers(0, &setting.0) {
        let mut worst: f64 = 0.0;
        for seed in 0..10 {
            let layer = randomised(layer.clone(), 0.3, 50 + seed, DType::F32);
            let x = noise([10_000 / FEATURES, FEATURES], 4.5, 70 + seed, &setting);
            let (y, log_det) = FlowLayer::forward(&layer, x.clone(), None);
            let (back, minus) = FlowLayer::inverse(&layer, y, None);
            let (log_det, minus) = (read(&log_det), read(&minus));
            for (at, (x, back)) in read(&x).into_iter().zip(read(&back)).enumerate() {
                let growth = 1.0 + (-log_det[at / FEATURES]).max(0.0).exp();
                worst = worst.max((x - back).abs() / ((1.0 + x.abs()) * growth));
            }
            for (log_det, minus) in log_det.iter().zip(minus) {
                assert!((log_det + minus).abs() < 5e-3 * (1.0 + log_det.abs()), "{name}");
            }
        }
        assert!(worst <= 2e-6, "{name}: {worst:e}");
    }
}

/// A masked network's outputs depend on nothing but the features before their own.
#[test]
fn autoregressive_jacobians_are_triangular() {
    let setting = (Device::flex().autodiff(), DType::F64);
    for order in [Order::Sequential, Order::Reversed] {
        let config = AutoregressiveConfig::new(FEATURES).with_order(order.clone());
        let layer = randomised(config.init(&setting.0), 0.5, 91, DType::F64);
        let x = noise([8, FEATURES], 2.0, 92, &setting).detach().require_grad();
        let mut reached = 0;
        for feature in 0..FEATURES {
            let (y, _) = FlowLayer::inverse(&layer, x.clone(), None);
            let gradients = y.narrow(1, feature, 1).sum().backward();
            for row in read(&x.grad(&gradients).unwrap()).chunks(FEATURES) {
                for (source, gradient) in row.iter().enumerate() {
                    let before = match order {
                        Order::Reversed => source >= feature,
                        _ => source <= feature,
                    };
                    assert!(before || *gradient == 0.0, "{order:?}: {source} reaches {feature}");
                    reached += usize::from(*gradient != 0.0);
                }
            }
        }
        // Not for want of weights: every allowed one is there.
        assert_eq!(reached, 8 * FEATURES * (FEATURES + 1) / 2, "{order:?}");
    }
}

#[test]
fn layers_start_as_the_identity() {
    for (device, dtype) in settings().into_iter().filter(|(_, dtype)| *dtype == DType::F32) {
        for (name, layer) in layers(0, &device) {
            let starts =
                matches!(layer, Layer::Coupling(_) | Layer::Autoregressive(_) | Layer::ActNorm(_));
            if !starts || name.contains("Monotone") {
                continue;
            }
            let x = noise([50, FEATURES], 5.0, 95, &(device.clone(), dtype));
            let (y, log_det) = FlowLayer::forward(&layer, x.clone(), None);
            let close = |(a, b): (f64, f64)| (a - b).abs() < 1e-5;
            assert!(read(&x).into_iter().zip(read(&y)).all(close), "{name}");
            assert!(read(&log_det).iter().all(|x| x.abs() < 1e-5), "{name}");
        }
    }
}

/// Every layer that takes a context gives another map for another context, row by row.
#[test]
fn contexts_matter() {
    let setting = (Device::flex(), DType::F32);
    for (name, layer) in layers(CONTEXT, &setting.0) {
        if !takes_context(&layer) {
            continue;
        }
        let layer = randomised(layer, 0.4, 97, DType::F32);
        let x = noise([20, FEATURES], 2.0, 98, &setting);
        let context = noise([20, CONTEXT], 2.0, 99, &setting);
        let (whole, _) = layer.condition(Some(context.clone())).forward_and_log_det(x.clone());
        let shared = layer.condition(Some(context.narrow(0, 4, 1)));
        let (other, _) = shared.forward_and_log_det(x);
        let (whole, other) = (read(&whole), read(&other));
        let same = |row: usize| {
            let row = row * FEATURES..(row + 1) * FEATURES;
            (whole[row.clone()].iter().zip(&other[row])).all(|(a, b)| (a - b).abs() < 1e-6)
        };
        assert!(same(4), "{name}: the row whose context is shared");
        assert!((0..20).filter(|row| same(*row)).count() < 5, "{name}");
    }
}
