//! Gradients of every layer.

use burn::module::Module;
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::flows::*;

use crate::layers::{CONTEXT, FEATURES, layers, takes_context};
use crate::{noise, randomised, read, tensor};

/// Gradients with respect to rows, context and every parameter are numbers, in both directions,
/// for small and for large parameters.
#[test]
fn gradients_are_never_nan() {
    let setting = (Device::flex().autodiff(), DType::F32);
    for size in [0.0, 0.5, 30.0] {
        for (name, layer) in layers(CONTEXT, &setting.0) {
            let layer = randomised(layer, size, 81, DType::F32);
            let x = noise([64, FEATURES], 5.0, 82, &setting).detach().require_grad();
            let context = noise([64, CONTEXT], 1.0, 83, &setting).detach().require_grad();
            let given = takes_context(&layer).then_some(&context);
            for inverse in [false, true] {
                let (y, log_det) = if inverse {
                    FlowLayer::inverse(&layer, x.clone(), given)
                } else {
                    FlowLayer::forward(&layer, x.clone(), given)
                };
                let gradients = (y.square().sum() + log_det.sum()).backward();
                let mut seen = vec![x.grad(&gradients).expect("rows have a gradient")];
                seen.extend(context.grad(&gradients));
                for gradient in seen {
                    assert!(read(&gradient).iter().all(|x| !x.is_nan()), "{name}, {size}");
                }
                let mut visitor = Seen { gradients: &gradients, nan: vec![], count: 0 };
                layer.visit(&mut visitor);
                assert!(visitor.count > 0 || matches!(layer, Layer::Permutation(_)), "{name}");
                assert!(visitor.nan.is_empty(), "{name}, {size}: {:?}", visitor.nan);
            }
        }
    }
}

/// Linear layers whose entries reach ±30 stretch rows by up to 1e30: wherever images are finite,
/// gradients are numbers, also where the square of an image, and the true gradient, overflow.
#[test]
fn gradients_of_large_linear_maps_are_never_nan() {
    let setting = (Device::flex().autodiff(), DType::F32);
    let (mut finite, mut huge) = (0, 0);
    for size in [10.0, 20.0, 30.0, 100.0] {
        for seed in 80..100 {
            let layer = LuLinearConfig::new(FEATURES).with_seed(seed).init(&setting.0);
            let layer = randomised(layer, size, seed, DType::F32);
            let x = noise([64, FEATURES], 5.0, seed, &setting).detach().require_grad();
            for (y, log_det) in [layer.forward(x.clone(), None), layer.inverse(x.clone(), None)] {
                let largest = read(&y).into_iter().fold(0.0, |a: f64, b| a.max(b.abs()));
                if !largest.is_finite() {
                    continue;
                }
                finite += 1;
                huge += usize::from(largest > 1e20);
                // Factors of e^80 leave no room for a square.
                let loss = if size > 30.0 { y.sum() } else { y.square().sum() };
                let gradients = (loss + log_det.sum()).backward();
                let of_rows = read(&x.grad(&gradients).expect("rows have a gradient"));
                assert!(of_rows.iter().all(|x| !x.is_nan()), "{size}, {seed}");
                let mut visitor = Seen { gradients: &gradients, nan: vec![], count: 0 };
                layer.visit(&mut visitor);
                assert_eq!(visitor.count, 4);
                assert!(visitor.nan.is_empty(), "{size}, {seed}: {:?}", visitor.nan);
            }
        }
    }
    assert!(finite > 80 && huge > 10, "{finite} finite, {huge} huge");
}

struct Seen<'a> {
    gradients: &'a burn::tensor::Gradients,
    nan: Vec<String>,
    count: usize,
}

impl burn::module::ModuleVisitor for Seen<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &burn::module::Param<Tensor<D>>) {
        let Some(gradient) = parameter.val().grad(self.gradients) else {
            return;
        };
        self.count += 1;
        if read(&gradient).iter().any(|x| x.is_nan()) {
            self.nan.push(format!("{} {:?}", parameter.id, gradient.dims()));
        }
    }
}

/// The gradient with respect to a context, which reaches the parameters of every map, against
/// difference quotients: of inverses, which are implicit functions, as of forward maps.
#[test]
fn gradients_of_parameters_are_difference_quotients() {
    let setting = (Device::flex().autodiff(), DType::F64);
    for (name, layer) in layers(CONTEXT, &setting.0) {
        if !takes_context(&layer) {
            continue;
        }
        let layer = randomised(layer, 0.5, 101, DType::F64);
        let x = noise([4, FEATURES], 2.0, 102, &setting);
        let context = noise([4, CONTEXT], 1.0, 103, &setting);
        let weights = noise([4, FEATURES], 1.0, 104, &setting);
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
                    loss(&tensor(&at, [4, CONTEXT], &setting)).into_scalar::<f64>()
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
