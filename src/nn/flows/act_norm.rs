//! Scales and shifts set from data.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::layer::FlowLayer;

/// Configuration of an [`ActNorm`] layer.
#[derive(Config, Debug)]
pub struct ActNormConfig {
    /// The features of a row.
    pub features: usize,
}

impl ActNormConfig {
    /// Creates the layer on `device`. It starts as the identity.
    pub fn init(&self, device: &Device) -> ActNorm {
        let zeros = Tensor::<2>::zeros([1, self.features], device);
        ActNorm {
            log_scale: Param::from_tensor(zeros.clone()),
            shift: Param::from_tensor(zeros),
            features: self.features,
        }
    }
}

/// x = z · e^a + shift with a scale and a shift for each feature (Kingma and Dhariwal 2018), which
/// [`initialised`](Self::initialised) sets so that a batch of data gives noise of mean 0 and
/// variance 1.
///
/// It accepts a context like every layer, and is not changed by it.
#[derive(Module, Debug)]
pub struct ActNorm {
    log_scale: Param<Tensor<2>>,
    shift: Param<Tensor<2>>,
    features: usize,
}

impl ActNorm {
    /// The layer with the means and standard deviations of `batch`, which is what arrives at this
    /// layer on the way from data to noise. A feature that does not vary, as in a batch of a single
    /// row, has scale 10⁻³.
    ///
    /// # Shapes
    ///
    /// - `batch`: `[N, features]`
    ///
    /// # Panics
    ///
    /// If the batch is empty, or of another number of features.
    #[must_use]
    pub fn initialised(self, batch: Tensor<2>) -> Self {
        let [rows, features] = batch.dims();
        assert!(
            rows > 0 && features == self.features,
            "ActNorm: a batch of shape {:?} for {} features",
            [rows, features],
            self.features,
        );
        let batch = batch.detach();
        let mean = batch.clone().mean_dim(0);
        let variance = (batch - mean.clone()).square().mean_dim(0);
        let log_scale = variance.clamp_min(1e-6).log() * 0.5;
        Self {
            log_scale: self.log_scale.map(|old| in_place_of(&old, log_scale)),
            shift: self.shift.map(|old| in_place_of(&old, mean)),
            features: self.features,
        }
    }

    fn log_det(&self, rows: usize) -> Tensor<2> {
        self.log_scale.val().sum_dim(1).expand([rows, 1])
    }
}

/// A new value that is trained as the old one was: a parameter does not see to it.
fn in_place_of(old: &Tensor<2>, new: Tensor<2>) -> Tensor<2> {
    if old.is_require_grad() { new.require_grad() } else { new }
}

impl FlowLayer for ActNorm {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, _context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [rows, _] = x.dims();
        (x * self.log_scale.val().exp() + self.shift.val(), self.log_det(rows))
    }

    fn inverse(&self, y: Tensor<2>, _context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [rows, _] = y.dims();
        ((y - self.shift.val()) * (-self.log_scale.val()).exp(), -self.log_det(rows))
    }

    fn is_constant_jacobian(&self) -> bool {
        true
    }
}
