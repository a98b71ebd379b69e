//! Layers whose scales come from data.

use burn::module::Module;
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::flows::*;

use crate::layers::FEATURES;
use crate::{noise, read};

/// Normalisation by the data: noise of mean 0 and variance 1.
#[test]
fn act_norm_takes_its_scale_from_data() {
    let setting = (Device::flex(), DType::F32);
    let data = noise([500, FEATURES], 3.0, 105, &setting) * 2.0 + 7.0;
    let layer = ActNormConfig::new(FEATURES).init(&setting.0).initialised(data.clone());
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
    let setting = (Device::flex().autodiff(), DType::F32);
    let layer = FlowBatchNormConfig::new(FEATURES).init(&setting.0);
    let data = noise([500, FEATURES], 3.0, 107, &setting) * 2.0 + 7.0;
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

/// What comes from data is trained afterwards like any parameter.
#[test]
fn act_norm_stays_trainable() {
    let setting = (Device::flex().autodiff(), DType::F32);
    let data = noise([50, FEATURES], 3.0, 109, &setting);
    let fresh = ActNormConfig::new(FEATURES).init(&setting.0);
    for (layer, trained) in [(fresh.clone(), 2), (fresh.freeze(), 0)] {
        let layer = layer.initialised(data.clone());
        let x = data.clone().detach().require_grad();
        let (noise, log_det) = FlowLayer::inverse(&layer, x, None);
        let gradients = (noise.square().sum() + log_det.sum()).backward();
        let mut visitor = Tracked { gradients: &gradients, count: 0 };
        layer.visit(&mut visitor);
        assert_eq!(visitor.count, trained);
    }
}

struct Tracked<'a> {
    gradients: &'a burn::tensor::Gradients,
    count: usize,
}

impl burn::module::ModuleVisitor for Tracked<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &burn::module::Param<Tensor<D>>) {
        self.count += usize::from(parameter.val().grad(self.gradients).is_some());
    }
}

/// A batch of one row, and a feature that does not vary, leave everything finite.
#[test]
fn batches_without_variance_do_no_harm() {
    let setting = (Device::flex().autodiff(), DType::F32);
    let data = noise([1, FEATURES], 3.0, 110, &setting);
    let act =
        Layer::ActNorm(ActNormConfig::new(FEATURES).init(&setting.0).initialised(data.clone()));
    let batch = Layer::BatchNorm(FlowBatchNormConfig::new(FEATURES).init(&setting.0));
    for layer in [act, batch] {
        let x = data.clone().detach().require_grad();
        let (noise, log_det) = FlowLayer::inverse(&layer, x.clone(), None);
        assert!(read(&noise).iter().chain(&read(&log_det)).all(|x| x.is_finite()));
        let gradients = (noise.square().sum() + log_det.sum()).backward();
        let gradient = read(&x.grad(&gradients).expect("a gradient"));
        assert!(gradient.iter().all(|x| x.is_finite()), "{gradient:?}");
    }
}
