//! Maximum likelihood with early stopping.

use std::f64::consts::PI;

use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use pushforward::nn::flows::Flow;
use pushforward::prelude::*;
use rand::{Rng, RngExt};

use crate::data::Split;
use crate::models::{numbers, tensor};

/// Rows a step.
const BATCH: usize = 256;
/// The step size at the start; it falls to 0 along half a cosine.
const RATE: f64 = 3e-3;
/// Steps between two looks at the validation rows.
const LOOK_EVERY: usize = 50;
/// Looks without an improvement after which training ends.
const PATIENCE: usize = 10;

/// How far training is.
pub struct Progress {
    /// The steps done.
    pub step: usize,
    /// The best mean log-likelihood of the validation rows so far, where it was just looked at.
    pub validation: Option<f64>,
}

/// A trained flow.
pub struct Fitted {
    /// The flow that was best on the validation rows.
    pub flow: Flow,
    /// The step it comes from.
    pub step: usize,
}

/// Trains on random batches, and keeps what the validation rows are most likely under.
pub fn fit(
    mut flow: Flow,
    split: &Split,
    steps: usize,
    device: &Device,
    rng: &mut dyn Rng,
    mut progress: impl FnMut(Progress),
) -> Fitted {
    let training = device.clone().autodiff();
    let train = tensor(&split.train, split.width, &training);
    let validation = tensor(&split.validation, split.width, device);
    let [rows, ..] = split.sizes();
    let mut optimizer =
        AdamConfig::new().with_grad_clipping(Some(GradientClippingConfig::Norm(5.0))).init();
    let (mut best, mut highest, mut since) =
        (Fitted { flow: flow.valid(), step: 0 }, f64::NEG_INFINITY, 0);
    for step in 1..=steps {
        let places: Vec<i64> = (0..BATCH).map(|_| rng.random_range(0..rows as i64)).collect();
        let places = Tensor::<1, Int>::from_data(TensorData::new(places, [BATCH]), &training);
        let loss = -flow.log_prob(train.clone().select(0, places)).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &flow);
        let rate = RATE * 0.5 * (1.0 + (PI * (step - 1) as f64 / steps as f64).cos());
        flow = optimizer.step(rate, flow, gradients);
        if step % LOOK_EVERY != 0 && step != steps {
            progress(Progress { step, validation: None });
            continue;
        }
        let current = flow.valid();
        let score = mean(&numbers(current.log_prob(validation.clone())));
        since += 1;
        if score > highest {
            (best, highest, since) = (Fitted { flow: current, step }, score, 0);
        }
        progress(Progress { step, validation: Some(highest) });
        if since == PATIENCE {
            break;
        }
    }
    best
}

/// The average.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
