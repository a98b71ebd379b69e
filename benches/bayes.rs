//! A training step of a mean-field network, part by part: three linear layers 512 → 512, 128 examples,
//! one draw, the divergence to a mixture of two Normals, Adam.

#[allow(dead_code, reason = "shared with other benches")]
#[path = "common/networks.rs"]
mod networks;

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Device;
use divan::Bencher;
use networks::{BayesianTraining, Examples, Network};

fn main() {
    divan::main();
}

/// The same step without a posterior: what Burn itself takes.
#[divan::bench(min_time = 2)]
fn deterministic_step(bencher: Bencher<'_, '_>) {
    let device = Device::flex().autodiff();
    let (mut network, examples) = (Network::new(&device), Examples::new(&device));
    let mut optimizer = AdamConfig::new().init();
    bencher.bench_local(|| {
        let loss = examples.loss(&network);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(1e-3, network.clone(), gradients);
    });
}

#[divan::bench(min_time = 2)]
fn deterministic_loss_and_gradient(bencher: Bencher<'_, '_>) {
    let device = Device::flex().autodiff();
    let (network, examples) = (Network::new(&device), Examples::new(&device));
    bencher.bench_local(|| examples.loss(&network).backward());
}

fn part(bencher: Bencher<'_, '_>, part: impl Fn(&mut BayesianTraining)) {
    let mut training = BayesianTraining::new(&Device::flex().autodiff());
    bencher.bench_local(|| part(&mut training));
}

#[divan::bench(min_time = 2)]
fn draw_of_the_weights(bencher: Bencher<'_, '_>) {
    part(bencher, BayesianTraining::draw);
}

#[divan::bench(min_time = 2)]
fn loss_and_gradient(bencher: Bencher<'_, '_>) {
    part(bencher, BayesianTraining::loss_and_gradient);
}

#[divan::bench(min_time = 2)]
fn divergence_and_gradient(bencher: Bencher<'_, '_>) {
    part(bencher, BayesianTraining::divergence_and_gradient);
}

/// The goal: at most 12 ms on 2 cores.
#[divan::bench(min_time = 2)]
fn step(bencher: Bencher<'_, '_>) {
    part(bencher, BayesianTraining::step);
}
