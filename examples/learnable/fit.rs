//! The training loop, which knows neither the family nor the objective.

use burn::lr_scheduler::exponential::ExponentialLrSchedulerConfig;
use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Float, Tensor};
use pushforward::prelude::*;
use rand::Rng;

/// How much smaller the last step is than the first, so that the noise of the objective averages out.
const DECAY: f64 = 1e-2;
/// Steps between two reports, each of which waits for the device.
const REPORT_EVERY: usize = 50;

/// Minimises `objective` over the parameters of any module, a learnable family as well as a flow, by
/// steps of size `rate` at first, and tells `progress` the steps done and the objective.
pub fn fit<M: Module>(
    mut model: M,
    steps: usize,
    rate: f64,
    mut objective: impl FnMut(&M) -> Tensor<1>,
    mut progress: impl FnMut(usize, f64),
) -> M {
    let mut optimizer = AdamConfig::new().with_beta_2(0.99).init();
    let mut schedule = ExponentialLrSchedulerConfig::new(rate, DECAY.powf((steps as f64).recip()))
        .init()
        .expect("the rate and its decay are between 0 and 1");
    for step in 1..=steps {
        let loss = objective(&model);
        if step % REPORT_EVERY == 0 || step == steps {
            progress(step, loss.clone().detach().into_scalar::<f64>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimizer.step(schedule.step(), model, gradients);
    }
    model
}

/// Maximum likelihood: the average of −ln p over the samples.
pub fn negative_log_likelihood<M: Distribution<D>, const D: usize>(
    samples: Tensor<D, M::Kind>,
) -> impl FnMut(&M) -> Tensor<1> {
    move |model| -model.log_prob(samples.clone()).mean()
}

/// The reverse divergence E ln q(x) − ln p(x) by draws of the model q, from a target of which only the
/// density is needed.
pub fn reverse_divergence<M, P, const D: usize>(
    target: P,
    draws: [usize; D],
    rng: &mut dyn Rng,
) -> impl FnMut(&M) -> Tensor<1>
where
    M: Reparameterized<D>,
    P: Distribution<D, Kind = Float>,
{
    move |model| {
        let (x, log_prob) = model.rsample_and_log_prob(draws, rng);
        (log_prob - target.log_prob(x)).mean()
    }
}
