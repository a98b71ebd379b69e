//! Batch normalisation as a layer of a flow.

use burn::config::Config;
use burn::module::{Flag, Module, Param, RunningState};
use burn::tensor::{Device, Tensor};

use super::layer::FlowLayer;

/// Configuration of a [`FlowBatchNorm`] layer.
#[derive(Config, Debug)]
pub struct FlowBatchNormConfig {
    /// The features of a row.
    pub features: usize,
    /// How much of the running statistics a batch replaces.
    #[config(default = 0.1)]
    pub momentum: f64,
    /// What is added to variances.
    #[config(default = 1e-5)]
    pub epsilon: f64,
}

impl FlowBatchNormConfig {
    /// Creates the layer on `device`.
    ///
    /// # Panics
    ///
    /// If the momentum is not between 0 and 1, or the epsilon is not positive.
    pub fn init(&self, device: &Device) -> FlowBatchNorm {
        assert!((0.0..=1.0).contains(&self.momentum), "the momentum is not between 0 and 1");
        assert!(self.epsilon > 0.0, "the epsilon is not positive");
        let zeros = Tensor::<2>::zeros([1, self.features], device);
        FlowBatchNorm {
            log_scale: Param::from_tensor(zeros.clone()),
            shift: Param::from_tensor(zeros.clone()),
            running_mean: RunningState::new(zeros.clone()),
            running_variance: RunningState::new(zeros + 1.0),
            training: Param::from_bool(true),
            momentum: self.momentum,
            epsilon: self.epsilon,
            features: self.features,
        }
    }
}

/// Batch normalisation (Dinh, Sohl-Dickstein and Bengio 2017), from data to noise:
/// z = (x − mean)/√(variance + ε) · e^a + shift.
///
/// As Burn's own, it takes the statistics of the batch while it trains, on an autodiff device unless
/// frozen, and running ones elsewhere. Sampling always takes the running ones: forward and inverse
/// undo each other exactly once training is over. Clones share the running statistics, as those of
/// Burn's own layer do.
///
/// It accepts a context like every layer, and is not changed by it.
#[derive(Module, Debug)]
pub struct FlowBatchNorm {
    log_scale: Param<Tensor<2>>,
    shift: Param<Tensor<2>>,
    running_mean: RunningState<Tensor<2>>,
    running_variance: RunningState<Tensor<2>>,
    /// Cleared by freezing the layer.
    training: Param<Flag>,
    momentum: f64,
    epsilon: f64,
    features: usize,
}

impl FlowBatchNorm {
    fn running(&self, device: &Device) -> [Tensor<2>; 2] {
        [&self.running_mean, &self.running_variance].map(|state| state.value().to_device(device))
    }

    /// The statistics of a batch, which also move the running ones.
    fn of_batch(&self, batch: &Tensor<2>) -> [Tensor<2>; 2] {
        let mean = batch.clone().mean_dim(0);
        let variance = (batch.clone() - mean.clone()).square().mean_dim(0);
        let device = batch.device();
        let states = [&self.running_mean, &self.running_variance];
        for (state, new) in states.into_iter().zip([&mean, &variance]) {
            let old = state.value_sync().to_device(&device);
            let moved = old * (1.0 - self.momentum) + new.clone().detach() * self.momentum;
            state.update(moved.detach());
            // At once: a record would miss what waits to be taken up.
            let _ = state.value_sync();
        }
        [mean, variance]
    }

    /// ln of the factor of each feature from data to noise.
    fn log_factor(&self, variance: Tensor<2>) -> Tensor<2> {
        self.log_scale.val() - (variance + self.epsilon).log() * 0.5
    }
}

impl FlowLayer for FlowBatchNorm {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, _context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [rows, _] = x.dims();
        let [mean, variance] = self.running(&x.device());
        let log_factor = self.log_factor(variance);
        let y = (x - self.shift.val()) * (-log_factor.clone()).exp() + mean;
        (y, -log_factor.sum_dim(1).expand([rows, 1]))
    }

    fn inverse(&self, y: Tensor<2>, _context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [rows, _] = y.dims();
        let device = y.device();
        let training = device.is_autodiff() && self.training.is_enabled();
        let [mean, variance] = if training { self.of_batch(&y) } else { self.running(&device) };
        let log_factor = self.log_factor(variance);
        let x = (y - mean) * log_factor.clone().exp() + self.shift.val();
        (x, log_factor.sum_dim(1).expand([rows, 1]))
    }

    fn is_constant_jacobian(&self) -> bool {
        true
    }
}
