//! Training steps and densities of normalizing flows.

#[allow(dead_code, reason = "shared with other benches")]
#[path = "common/networks.rs"]
mod networks;

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use divan::Bencher;
use networks::{BATCH, FEATURES, FlowTraining, LAYERS, couplings, rows};
use pushforward::nn::flows::{AutoregressiveConfig, ElementConfig, Flow, Layer, SplineConfig};
use pushforward::prelude::*;

fn main() {
    divan::main();
}

fn splines() -> ElementConfig {
    ElementConfig::Spline(SplineConfig::new())
}

/// Maximum likelihood with Adam: density, gradients and the update.
fn train(bencher: Bencher<'_, '_>, make: impl Fn(&Device) -> Flow) {
    let device = Device::flex().autodiff();
    let mut training = FlowTraining::new(make(&device), &device);
    bencher.bench_local(|| training.step());
}

/// The goal: at most 6 ms on 2 cores.
#[divan::bench(min_time = 2)]
fn train_spline_couplings(bencher: Bencher<'_, '_>) {
    train(bencher, |device| couplings(&splines(), device));
}

#[divan::bench(min_time = 2)]
fn train_affine_couplings(bencher: Bencher<'_, '_>) {
    train(bencher, |device| couplings(&ElementConfig::Affine, device));
}

#[divan::bench(min_time = 2)]
fn train_spline_autoregressive(bencher: Bencher<'_, '_>) {
    train(bencher, |device| {
        let layers = (0..LAYERS).map(|index| {
            let config = AutoregressiveConfig::new(FEATURES).with_element(splines());
            Layer::Autoregressive(config.with_seed(index).init(device))
        });
        Flow::standard(layers.collect(), device)
    });
}

/// The parts of a training step.
#[divan::bench]
fn density_of_spline_couplings(bencher: Bencher<'_, '_>) {
    let device = Device::flex();
    let (flow, data) = (couplings(&splines(), &device), rows(&device));
    bencher.bench(|| flow.log_prob(data.clone()));
}

#[divan::bench]
fn gradients_of_spline_couplings(bencher: Bencher<'_, '_>) {
    let device = Device::flex().autodiff();
    let (flow, data) = (couplings(&splines(), &device), rows(&device));
    bencher.bench_local(|| {
        let gradients = (-flow.log_prob(data.clone()).mean()).backward();
        GradientsParams::from_grads(gradients, &flow)
    });
}

/// One spline for each number, without its network.
#[divan::bench]
fn spline(bencher: Bencher<'_, '_>) {
    let device = Device::flex();
    let shape = SplineShape::linear(8, 4.0);
    let parameters = Tensor::<2>::ones([BATCH, FEATURES / 2 * shape.parameters()], &device);
    let spline = RationalQuadraticSpline::new(parameters, shape);
    let data = rows(&device).narrow(1, 0, FEATURES / 2);
    bencher.bench(|| spline.inverse_and_log_det(data.clone()));
}

/// The same with both gradients.
#[divan::bench]
fn spline_and_gradients(bencher: Bencher<'_, '_>) {
    let device = Device::flex().autodiff();
    let shape = SplineShape::linear(8, 4.0);
    let count = FEATURES / 2 * shape.parameters();
    let parameters = Tensor::<2>::ones([BATCH, count], &device).require_grad();
    let data = rows(&device).narrow(1, 0, FEATURES / 2).detach().require_grad();
    bencher.bench_local(|| {
        let spline = RationalQuadraticSpline::new(parameters.clone(), shape);
        let (x, log_det) = spline.inverse_and_log_det(data.clone());
        (x + log_det).sum().backward()
    });
}
