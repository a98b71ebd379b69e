//! The networks whose training steps are timed, here and beside other libraries.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::relu;
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::bayes::{MeanField, MeanFieldConfig, ScaleMixturePrior};
use pushforward::nn::flows::{CouplingConfig, ElementConfig, Flow, Layer};
use pushforward::prelude::*;
use pushforward::random::{Key, normal};

const UNITS: usize = 512;
const EXAMPLES: usize = 128;

/// Three linear layers 512 → 512 with rectifiers between.
#[derive(Module, Debug)]
pub struct Network {
    pub layers: [Linear; 3],
}

impl Network {
    pub fn new(device: &Device) -> Self {
        Self { layers: [(); 3].map(|()| LinearConfig::new(UNITS, UNITS).init(device)) }
    }

    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let [first, second, last] = &self.layers;
        last.forward(relu(second.forward(relu(first.forward(input)))))
    }
}

/// 128 examples, and the error of a network on them.
pub struct Examples {
    input: Tensor<2>,
    target: Tensor<2>,
}

impl Examples {
    pub fn new(device: &Device) -> Self {
        let numbers = |key| normal([EXAMPLES, UNITS], Key::new(key), device, DType::F32);
        Self { input: numbers(0), target: numbers(1) }
    }

    pub fn loss(&self, network: &Network) -> Tensor<1> {
        (network.forward(self.input.clone()) - self.target.clone()).square().mean()
    }
}

/// The training of [`Network`] as a mean-field network: one draw a step, the divergence to a
/// mixture of two Normals, Adam.
pub struct BayesianTraining {
    network: Network,
    posterior: MeanField,
    prior: ScaleMixturePrior,
    examples: Examples,
    optimizer: ModuleOptimizer,
}

impl BayesianTraining {
    pub fn new(device: &Device) -> Self {
        let (network, posterior) = MeanFieldConfig::new().init(Network::new(device), Key::new(2));
        let prior = ScaleMixturePrior::new();
        let optimizer = AdamConfig::new().init();
        Self { network, posterior, prior, examples: Examples::new(device), optimizer }
    }

    /// The weights of a draw, the error under them, and its gradient.
    pub fn loss_and_gradient(&mut self) {
        self.posterior.resample();
        drop(std::hint::black_box(self.examples.loss(&self.network).backward()));
    }

    pub fn divergence_and_gradient(&mut self) {
        let divergence = self.posterior.kl(&self.network, &self.prior);
        drop(std::hint::black_box(divergence.backward()));
    }

    pub fn draw(&mut self) {
        self.posterior.resample();
        for layer in &self.network.layers {
            drop(std::hint::black_box(layer.weight.val()));
        }
    }

    pub fn step(&mut self) {
        self.posterior.resample();
        let divergence = self.posterior.kl(&self.network, &self.prior);
        let total = self.examples.loss(&self.network) + divergence * 1e-5;
        let gradients = GradientsParams::from_grads(total.backward(), &self.network);
        self.network = self.optimizer.step(1e-3, self.network.clone(), gradients);
    }
}

pub const FEATURES: usize = 6;
pub const BATCH: usize = 256;
pub const LAYERS: u64 = 8;

/// Eight coupling layers over six features, with networks of 64 × 64.
pub fn couplings(element: &ElementConfig, device: &Device) -> Flow {
    let layers = (0..LAYERS).map(|index| {
        let config = CouplingConfig::new(FEATURES)
            .with_element(element.clone())
            .with_swap(index % 2 == 1)
            .with_seed(index);
        Layer::Coupling(config.init(device))
    });
    Flow::standard(layers.collect(), device)
}

/// Rows to learn a density from.
pub fn rows(device: &Device) -> Tensor<2> {
    normal([BATCH, FEATURES], Key::new(1), device, DType::F32)
}

/// The training of a flow by maximum likelihood with Adam.
pub struct FlowTraining {
    flow: Flow,
    data: Tensor<2>,
    optimizer: ModuleOptimizer,
}

impl FlowTraining {
    pub fn new(flow: Flow, device: &Device) -> Self {
        Self { flow, data: rows(device), optimizer: AdamConfig::new().init() }
    }

    pub fn step(&mut self) {
        let loss = -self.flow.log_prob(self.data.clone()).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &self.flow);
        self.flow = self.optimizer.step(1e-3, self.flow.clone(), gradients);
    }
}
