//! The fit: stochastic gradient ascent of the evidence lower bound.

use burn::lr_scheduler::exponential::ExponentialLrSchedulerConfig;
use burn::optim::{AdamConfig, GradientsParams};
use rand::Rng;

use crate::model::{Posterior, Regression, draw};

/// Predictions a step, whatever the rows: many rows leave fewer draws of the posterior.
const PREDICTIONS: usize = 1 << 14;
/// The fewest and the most draws of the posterior a step.
const DRAWS: (usize, usize) = (8, 64);
/// The step size at the start, in units of the target's spread.
const FIRST_RATE: f64 = 0.05;
/// The step size at the end: well below the posterior's width, so that the noise of the
/// gradients averages out.
const LAST_RATE: f64 = 1e-5;
/// Steps between two reports of the loss, each of which waits for the device.
const REPORT_EVERY: usize = 50;

/// Maximises E ln p(y, β, σ) − ln q(β, σ) over the parameters of q by reparameterised draws
/// (Kingma and Welling 2014), and tells `progress` the steps done and the current loss in nats.
///
/// # Panics
///
/// If `steps` is 0.
pub fn fit<P: Posterior>(
    model: &Regression,
    mut posterior: P,
    steps: usize,
    rng: &mut dyn Rng,
    mut progress: impl FnMut(usize, f64),
) -> P {
    let support = model.noise_support();
    let draws = (PREDICTIONS / model.rows()).clamp(DRAWS.0, DRAWS.1);
    // The squared gradients at the start are so much larger than later ones that Adam's usual
    // memory of a thousand steps would hold the fit back.
    let mut optimizer = AdamConfig::new().with_beta_2(0.99).init();
    let decay = (LAST_RATE / FIRST_RATE).powf((steps as f64).recip());
    let mut schedule = ExponentialLrSchedulerConfig::new(FIRST_RATE, decay)
        .init()
        .expect("the rate and its decay are between 0 and 1");
    for step in 1..=steps {
        let (coefficients, noise, log_posterior) = draw(&posterior, &support, draws, rng);
        let loss = (log_posterior - model.log_joint(coefficients, noise)).mean();
        if step % REPORT_EVERY == 0 || step == steps {
            progress(step, loss.clone().detach().into_scalar::<f64>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &posterior);
        posterior = optimizer.step(schedule.step(), posterior, gradients);
    }
    posterior
}
