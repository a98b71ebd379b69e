//! The training: stochastic gradient ascent of the evidence lower bound.

use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Int, Tensor, TensorData};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::data::black_and_white;
use crate::model::Vae;

const BATCH: usize = 128;
const FIRST_RATE: f64 = 3e-3;
/// Steps between two reports, each of which waits for the device.
const REPORT_EVERY: usize = 25;

/// Trains by `steps` batches of `images`, and tells `progress` the steps done and the bound in nats.
pub fn train(
    mut model: Vae,
    images: &Tensor<2>,
    steps: usize,
    rng: &mut dyn Rng,
    mut progress: impl FnMut(usize, f64),
) -> Vae {
    let mut optimizer = AdamConfig::new().init();
    let mut schedule = CosineAnnealingLrSchedulerConfig::new(FIRST_RATE, steps)
        .with_min_lr(FIRST_RATE * 0.01)
        .init()
        .expect("the rate is between 0 and 1");
    let mut order: Vec<i64> = Vec::new();
    for step in 1..=steps {
        if order.len() < BATCH {
            order = (0..images.dims()[0] as i64).collect();
            order.shuffle(rng);
        }
        let batch = order.split_off(order.len().saturating_sub(BATCH));
        let batch = TensorData::new(batch.clone(), [batch.len()]);
        let batch = Tensor::<1, Int>::from_data(batch, &images.device());
        let batch = black_and_white(images.clone().select(0, batch), rng);
        let loss = -model.elbo(batch, rng).mean();
        if step % REPORT_EVERY == 0 || step == steps {
            progress(step, -loss.clone().detach().into_scalar::<f64>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimizer.step(schedule.step(), model, gradients);
    }
    model
}
