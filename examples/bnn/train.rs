//! Training of the three versions, the same but for what makes them different.

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use pushforward::nn::bayes::{
    Annealing, MeanField, MeanFieldConfig, NormalPrior, Predictions, WeightScale,
};
use pushforward::random::Key;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use crate::digits::Images;
use crate::network::{Network, NetworkConfig};

/// A way to keep a network from believing what it learnt by heart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// None.
    Deterministic,
    /// Hidden units dropped at random in training.
    Dropout,
    /// A posterior over the weights.
    Bayesian,
}

impl Version {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 3] = [Self::Deterministic, Self::Dropout, Self::Bayesian];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deterministic => "deterministic",
            Self::Dropout => "dropout",
            Self::Bayesian => "Bayesian",
        }
    }
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Training {
    /// Units of a hidden layer.
    pub hidden: usize,
    /// Gradient steps.
    pub steps: usize,
    /// Images of a minibatch.
    pub batch: usize,
    /// The step size of Adam at the start; it falls to zero along half a cosine.
    pub rate: f64,
    /// The probability that the dropout version drops a unit.
    pub dropout: f64,
    /// The part of the divergence that the Bayesian version counts.
    pub divergence: f64,
    /// The prior's standard deviation of weights times √fan_in, and of biases.
    pub prior: WeightScale,
}

/// A trained network, to be asked without gradients.
pub struct Trained {
    network: Network,
    posterior: Option<MeanField>,
}

/// Draws beyond those of any training.
const PREDICTING: u64 = 1 << 40;

impl Trained {
    /// The predictions: of one member, or of `draws` members of the posterior.
    pub fn predict(&self, images: &Images, draws: usize, device: &Device) -> Predictions {
        let images = pixels(images, device);
        let Some(posterior) = &self.posterior else {
            return Predictions::from_logits(self.network.forward(images).unsqueeze());
        };
        let logits = (0..draws as u64)
            .map(|draw| posterior.sample(&self.network, PREDICTING + draw).forward(images.clone()));
        Predictions::from_logits(Tensor::stack(logits.collect(), 0))
    }
}

/// Images as a tensor `[images, pixels]`.
pub fn pixels(images: &Images, device: &Device) -> Tensor<2> {
    let shape = [images.len(), images.side * images.side];
    Tensor::from_data(TensorData::new(images.pixels.clone(), shape), device)
}

/// Labels as a tensor `[images]`.
pub fn labels(images: &Images, device: &Device) -> Tensor<1, Int> {
    let labels: Vec<i32> = images.labels.iter().map(|label| i32::from(*label)).collect();
    Tensor::from_data(TensorData::from(labels.as_slice()), device)
}

/// Trains one version; `tick` is told the loss of a step now and then.
pub fn train(
    version: Version,
    data: &Images,
    training: &Training,
    device: &Device,
    rng: &mut dyn Rng,
    mut tick: impl FnMut(usize, Option<f64>),
) -> Trained {
    let device = device.clone().autodiff();
    // Burn starts weights and drops units with the device's own generator.
    device.seed(rng.random());
    let dropout = if version == Version::Dropout { training.dropout } else { 0.0 };
    let config = NetworkConfig::new(data.side * data.side, training.hidden);
    let mut network = config.with_dropout(dropout).init(&device);
    let mut posterior = None;
    if version == Version::Bayesian {
        let (bayesian, handle) = MeanFieldConfig::new().init(network, Key::from_rng(rng));
        (network, posterior) = (bayesian, Some(handle));
    }
    let prior = NormalPrior::scaled(training.prior.clone());
    let (images, labels) = (pixels(data, &device), labels(data, &device));
    let loss_of = CrossEntropyLossConfig::new().init(&device);
    let mut optimizer = AdamConfig::new().init();
    let mut batches = Batches::new(data.len(), training.batch);
    // The weights find the data before the prior holds them.
    let annealing = Annealing::Linear { steps: training.steps / 4 };
    for step in 0..training.steps {
        let batch = batches.next(rng, &device);
        let (images, labels) =
            (images.clone().select(0, batch.clone()), labels.clone().select(0, batch));
        let mut loss = match &posterior {
            Some(posterior) => {
                posterior.resample();
                let share = training.divergence / data.len() as f64;
                let weight = annealing.at(step) * share;
                posterior.kl(&network, &prior) * weight
            }
            None => Tensor::zeros([1], &device),
        };
        loss = loss + loss_of.forward(network.forward(images), labels);
        // A device would have to stop for each loss that is read.
        let report = step % 50 == 0;
        tick(step + 1, report.then(|| loss.clone().detach().into_scalar::<f64>()));
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        let progress = step as f64 / training.steps as f64;
        let rate = training.rate * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos());
        network = optimizer.step(rate, network, gradients);
    }
    Trained { network: network.valid(), posterior }
}

/// Minibatches: the images in a new order each time through.
struct Batches {
    order: Vec<i32>,
    size: usize,
    at: usize,
}

impl Batches {
    fn new(images: usize, size: usize) -> Self {
        let size = size.min(images);
        // At the end, so that the first minibatch shuffles.
        Self { order: (0..images as i32).collect(), size, at: images }
    }

    fn next(&mut self, rng: &mut dyn Rng, device: &Device) -> Tensor<1, Int> {
        if self.at + self.size > self.order.len() {
            self.order.shuffle(&mut &mut *rng);
            self.at = 0;
        }
        let batch = &self.order[self.at..][..self.size];
        self.at += self.size;
        Tensor::from_data(TensorData::from(batch), device)
    }
}
