//! A training step of a mean-field network, part by part: three linear layers 512 → 512, 128 examples,
//! one draw, the divergence to a mixture of two Normals, Adam.
//!
//! ```text
//! cargo bench --bench bayes
//! ```

use std::hint::black_box;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::activation::relu;
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::bayes::{MeanFieldConfig, ScaleMixturePrior};
use pushforward::random::{Key, normal};

const UNITS: usize = 512;
const BATCH: usize = 128;
const TIME: Duration = Duration::from_secs(3);

#[derive(Module, Debug)]
struct Network {
    layers: [Linear; 3],
}

impl Network {
    fn new(device: &Device) -> Self {
        Self { layers: [(); 3].map(|()| LinearConfig::new(UNITS, UNITS).init(device)) }
    }

    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let [first, second, last] = &self.layers;
        last.forward(relu(second.forward(relu(first.forward(input)))))
    }
}

/// Prints the best and the median time of a run in milliseconds.
fn measure(name: &str, mut work: impl FnMut()) {
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed() < TIME || times.len() < 5 {
        let start = Instant::now();
        work();
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_unstable_by(f64::total_cmp);
    println!("{name:<34} best {:8.3} ms, median {:8.3} ms", times[0], times[times.len() / 2]);
}

fn main() {
    let device = Device::flex().autodiff();
    let examples = |key| normal([BATCH, UNITS], Key::new(key), &device, DType::F32);
    let (input, target) = (examples(0), examples(1));
    let prior = ScaleMixturePrior::new();
    let loss =
        |network: &Network| (network.forward(input.clone()) - target.clone()).square().mean();

    let plain = Network::new(&device);
    measure("deterministic loss and gradient", || drop(black_box(loss(&plain).backward())));
    let adam = || AdamConfig::new().init();
    let (mut optimizer, mut trained) = (adam(), plain);
    measure("deterministic step", || {
        let gradients = GradientsParams::from_grads(loss(&trained).backward(), &trained);
        trained = optimizer.step(1e-3, trained.clone(), gradients);
    });

    let (network, posterior) = MeanFieldConfig::new().init(Network::new(&device), Key::new(2));
    measure("draw of the weights", || {
        posterior.resample();
        for layer in &network.layers {
            drop(black_box(layer.weight.val()));
        }
    });
    measure("loss and gradient", || {
        posterior.resample();
        drop(black_box(loss(&network).backward()));
    });
    measure("divergence and gradient", || {
        drop(black_box(posterior.kl(&network, &prior).backward()));
    });
    let (mut optimizer, mut trained) = (adam(), network);
    measure("step", || {
        posterior.resample();
        let total = loss(&trained) + posterior.kl(&trained, &prior) * 1e-5;
        let gradients = GradientsParams::from_grads(total.backward(), &trained);
        trained = optimizer.step(1e-3, trained.clone(), gradients);
    });
}
