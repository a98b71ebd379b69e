//! Layers whose scales come from data.

use burn::module::Module;
use burn::tensor::{DType, Device};
use pushforward::nn::flows::*;

use crate::layers::FEATURES;
use crate::{noise, read};

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
