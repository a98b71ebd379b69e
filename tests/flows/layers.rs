//! Laws over every layer.

use burn::module::Module;
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::flows::*;
use pushforward::prelude::*;
use pushforward::testing::{Check, bijector};

use crate::{machines, noise, randomised, read, tensor};

const FEATURES: usize = 5;
const CONTEXT: usize = 3;

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
fn conditioned(machine: &(Device, DType), size: f64) -> Vec<(String, Conditioned<Layer>)> {
    let mut conditioned = Vec::new();
    for context in [0, CONTEXT] {
        for (name, layer) in layers(context, &machine.0) {
            let layer = randomised(layer, size, 31, machine.1);
            let given = (context > 0 && takes_context(&layer))
                .then(|| noise([1, context], 1.0, 32, machine));
            conditioned.push((format!("{name}, context {context}"), layer.condition(given)));
        }
    }
    conditioned
}

#[test]
fn bijector_laws_hold() {
    for machine in machines().into_iter().filter(|(_, dtype)| *dtype == DType::F64) {
        let like = Tensor::<2>::zeros([1, FEATURES], (&machine.0, machine.1));
        for (name, layer) in conditioned(&machine, 0.3) {
            // The differences of the law cross knots, and kinks of the networks.
            let check = Check::new(format!("{name} on {machine:?}")).slack(1e4);
            bijector::inverses_undo(&layer, &like, &check).unwrap();
            bijector::pairs_agree(&layer, &like, &check).unwrap();
            bijector::descriptions_hold(&layer, &like, &check).unwrap();
        }
    }
}

/// ln |det| of the Jacobian that autodiff gives, row by row.
#[test]
fn log_dets_are_of_the_autodiff_jacobian() {
    let machine = (Device::flex().autodiff(), DType::F64);
    for (name, layer) in conditioned(&machine, 0.4) {
        // Frozen, because the statistics of a batch depend on all of its rows.
        let layer = layer.layer().clone().freeze().condition(layer.context().cloned());
        for inverse in [false, true] {
            let x = noise([6, FEATURES], 3.0, 41, &machine).detach().require_grad();
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
    let machine = (Device::flex(), DType::F32);
    for (name, layer) in layers(0, &machine.0) {
        let mut worst: f64 = 0.0;
        for seed in 0..10 {
            let layer = randomised(layer.clone(), 0.3, 50 + seed, DType::F32);
            let x = noise([10_000 / FEATURES, FEATURES], 4.5, 70 + seed, &machine);
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
        assert!(worst <= 1e-5, "{name}: {worst:e}");
    }
}

/// Gradients with respect to rows, context and every parameter are numbers, in both directions,
/// for small and for large parameters.
#[test]
fn gradients_are_never_nan() {
    let machine = (Device::flex().autodiff(), DType::F32);
    for size in [0.0, 0.5, 30.0] {
        for (name, layer) in layers(CONTEXT, &machine.0) {
            let layer = randomised(layer, size, 81, DType::F32);
            let x = noise([64, FEATURES], 5.0, 82, &machine).detach().require_grad();
            let context = noise([64, CONTEXT], 1.0, 83, &machine).detach().require_grad();
            let given = takes_context(&layer).then_some(&context);
            for inverse in [false, true] {
                let (y, log_det) = if inverse {
                    FlowLayer::inverse(&layer, x.clone(), given)
                } else {
                    FlowLayer::forward(&layer, x.clone(), given)
                };
                if matches!(layer, Layer::LuLinear(_)) && size > 1.0 {
                    // Scales up to e^30 one after another leave single precision altogether.
                    continue;
                }
                let gradients = (y.square().sum() + log_det.sum()).backward();
                let mut seen = vec![x.grad(&gradients).expect("rows have a gradient")];
                seen.extend(context.grad(&gradients));
                for gradient in seen {
                    assert!(read(&gradient).iter().all(|x| !x.is_nan()), "{name}, {size}");
                }
                let mut visitor = Gradients { gradients: &gradients, nan: vec![] };
                layer.visit(&mut visitor);
                assert!(visitor.nan.is_empty(), "{name}, {size}: {:?}", visitor.nan);
            }
        }
    }
}

struct Gradients<'a> {
    gradients: &'a burn::tensor::Gradients,
    nan: Vec<String>,
}

impl burn::module::ModuleVisitor for Gradients<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &burn::module::Param<Tensor<D>>) {
        if let Some(gradient) = parameter.val().grad(self.gradients)
            && read(&gradient).iter().any(|x| x.is_nan())
        {
            self.nan.push(format!("{} {:?}", parameter.id, gradient.dims()));
        }
    }
}

/// The gradient with respect to a context, which reaches the parameters of every map, against
/// difference quotients: of inverses, which are implicit functions, as of forward maps.
#[test]
fn gradients_of_parameters_are_difference_quotients() {
    let machine = (Device::flex().autodiff(), DType::F64);
    for (name, layer) in layers(CONTEXT, &machine.0) {
        if !takes_context(&layer) {
            continue;
        }
        let layer = randomised(layer, 0.5, 101, DType::F64);
        let x = noise([4, FEATURES], 2.0, 102, &machine);
        let context = noise([4, CONTEXT], 1.0, 103, &machine);
        let weights = noise([4, FEATURES], 1.0, 104, &machine);
        for inverse in [false, true] {
            let loss = |context: &Tensor<2>| {
                let given = Some(context);
                let (y, log_det) = if inverse {
                    FlowLayer::inverse(&layer, x.clone(), given)
                } else {
                    FlowLayer::forward(&layer, x.clone(), given)
                };
                (y * weights.clone()).sum() + log_det.sum()
            };
            let own = context.clone().detach().require_grad();
            let gradients = own.grad(&loss(&own).backward()).expect("a gradient");
            let at = read(&context);
            for (place, gradient) in read(&gradients).into_iter().enumerate() {
                let moved = |step: f64| {
                    let mut at = at.clone();
                    at[place] += step;
                    loss(&tensor(&at, [4, CONTEXT], &machine)).into_scalar::<f64>()
                };
                let quotient = |step: f64| (moved(step) - moved(-step)) / (2.0 * step);
                let (wide, narrow) = (quotient(4e-6), quotient(1e-6));
                // A kink of a rectifier between the points leaves an error of the first order.
                let allowed = 1e-6 * (1.0 + gradient.abs()) + 2.0 * (wide - narrow).abs();
                let error = (gradient - narrow).abs();
                assert!(error <= allowed, "{name}, inverse {inverse}: {gradient} for {narrow}");
            }
        }
    }
}

/// Normalisation by the data: noise of mean 0 and variance 1.
#[test]
fn act_norm_takes_its_scale_from_data() {
    let machine = (Device::flex(), DType::F32);
    let data = noise([500, FEATURES], 3.0, 105, &machine) * 2.0 + 7.0;
    let layer = ActNormConfig::new(FEATURES).init(&machine.0).initialised(data.clone());
    let (noise, log_det) = FlowLayer::inverse(&layer, data.clone(), None);
    let mean = noise.clone().mean_dim(0);
    let variance = noise.square().mean_dim(0);
    assert!(read(&mean).iter().all(|mean| mean.abs() < 1e-5));
    assert!(read(&variance).iter().all(|variance| (variance - 1.0).abs() < 1e-4));
    let deviation: f64 = (read(&(data.clone() - data.mean_dim(0)).square().mean_dim(0)).iter())
        .map(|variance| -0.5 * variance.ln())
        .sum();
    assert!((read(&log_det)[0] - deviation).abs() < 1e-4);
}

/// While it trains, batch normalisation takes the batch's statistics and remembers them.
#[test]
fn batch_norm_learns_its_statistics() {
    let machine = (Device::flex().autodiff(), DType::F32);
    let layer = FlowBatchNormConfig::new(FEATURES).init(&machine.0);
    let data = noise([500, FEATURES], 3.0, 107, &machine) * 2.0 + 7.0;
    for _ in 0..100 {
        let (noise, _) = FlowLayer::inverse(&layer, data.clone(), None);
        assert!(read(&noise.mean_dim(0)).iter().all(|mean| mean.abs() < 1e-5));
    }
    let trained = layer.valid();
    let data = data.without_autodiff();
    let (noise, log_det) = FlowLayer::inverse(&trained, data.clone(), None);
    let variance = noise.clone().square().mean_dim(0);
    assert!(read(&variance).iter().all(|variance| (variance - 1.0).abs() < 1e-2));
    let (back, minus) = FlowLayer::forward(&trained, noise, None);
    let close = |(a, b): (f64, f64)| (a - b).abs() < 1e-4;
    assert!(read(&data).into_iter().zip(read(&back)).all(close));
    assert!(read(&(log_det + minus)).iter().all(|sum| sum.abs() < 1e-5));
}

/// A masked network's outputs depend on nothing but the features before their own.
#[test]
fn autoregressive_jacobians_are_triangular() {
    let machine = (Device::flex().autodiff(), DType::F64);
    for order in [Order::Sequential, Order::Reversed] {
        let config = AutoregressiveConfig::new(FEATURES).with_order(order.clone());
        let layer = randomised(config.init(&machine.0), 0.5, 91, DType::F64);
        let x = noise([8, FEATURES], 2.0, 92, &machine).detach().require_grad();
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
    for (device, dtype) in machines().into_iter().filter(|(_, dtype)| *dtype == DType::F32) {
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
    let machine = (Device::flex(), DType::F32);
    for (name, layer) in layers(CONTEXT, &machine.0) {
        if !takes_context(&layer) {
            continue;
        }
        let layer = randomised(layer, 0.4, 97, DType::F32);
        let x = noise([20, FEATURES], 2.0, 98, &machine);
        let context = noise([20, CONTEXT], 2.0, 99, &machine);
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
