//! Training steps and densities of normalizing flows.

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use divan::Bencher;
use pushforward::nn::flows::{
    AutoregressiveConfig, CouplingConfig, ElementConfig, Flow, Layer, SplineConfig,
};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

const FEATURES: usize = 6;
const BATCH: usize = 256;
const LAYERS: u64 = 8;

fn main() {
    divan::main();
}

fn flow(element: &ElementConfig, device: &Device) -> Flow {
    let layers = (0..LAYERS).map(|index| {
        let config = CouplingConfig::new(FEATURES)
            .with_element(element.clone())
            .with_swap(index % 2 == 1)
            .with_seed(index);
        Layer::Coupling(config.init(device))
    });
    Flow::standard(layers.collect(), device)
}

fn batch(device: &Device) -> Tensor<2> {
    Normal::<2>::standard(device).sample([BATCH, FEATURES], &mut StdRng::seed_from_u64(1))
}

fn splines() -> ElementConfig {
    ElementConfig::Spline(SplineConfig::new())
}

/// Maximum likelihood with Adam: density, gradients and the update.
fn train(bencher: Bencher<'_, '_>, make: impl Fn(&Device) -> Flow) {
    let device = Device::flex().autodiff();
    let data = batch(&device);
    let mut flow = make(&device);
    let mut optimizer = AdamConfig::new().init();
    bencher.bench_local(|| {
        let loss = -flow.log_prob(data.clone()).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &flow);
        flow = optimizer.step(1e-3, flow.clone(), gradients);
    });
}

/// The goal: at most 6 ms on 2 cores.
#[divan::bench(min_time = 2)]
fn train_spline_couplings(bencher: Bencher<'_, '_>) {
    train(bencher, |device| flow(&splines(), device));
}

#[divan::bench(min_time = 2)]
fn train_affine_couplings(bencher: Bencher<'_, '_>) {
    train(bencher, |device| flow(&ElementConfig::Affine, device));
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
    let (flow, data) = (flow(&splines(), &device), batch(&device));
    bencher.bench(|| flow.log_prob(data.clone()));
}

#[divan::bench]
fn gradients_of_spline_couplings(bencher: Bencher<'_, '_>) {
    let device = Device::flex().autodiff();
    let (flow, data) = (flow(&splines(), &device), batch(&device));
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
    let data = batch(&device).narrow(1, 0, FEATURES / 2);
    bencher.bench(|| spline.inverse_and_log_det(data.clone()));
}

/// The same with both gradients.
#[divan::bench]
fn spline_and_gradients(bencher: Bencher<'_, '_>) {
    let device = Device::flex().autodiff();
    let shape = SplineShape::linear(8, 4.0);
    let count = FEATURES / 2 * shape.parameters();
    let parameters = Tensor::<2>::ones([BATCH, count], &device).require_grad();
    let data = batch(&device).narrow(1, 0, FEATURES / 2).detach().require_grad();
    bencher.bench_local(|| {
        let spline = RationalQuadraticSpline::new(parameters.clone(), shape);
        let (x, log_det) = spline.inverse_and_log_det(data.clone());
        (x + log_det).sum().backward()
    });
}
