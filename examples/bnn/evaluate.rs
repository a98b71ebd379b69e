//! How good predictions are, and how sure.

use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::bayes::{Calibration, Predictions};
use pushforward::random::{Key, normal};

use crate::digits::Images;
use crate::train::{Trained, labels, pixels};

/// The intervals of confidence in which calibration is measured.
pub const BINS: usize = 15;

/// What a version achieves on images.
#[derive(Clone, Debug)]
pub struct Score {
    /// The fraction of right predictions.
    pub accuracy: f64,
    /// The mean negative log-probability of the true digits, in nats.
    pub negative_log_likelihood: f64,
    /// Confidence beside accuracy.
    pub calibration: Calibration,
    /// The mean entropy of the predictions, in nats.
    pub entropy: f64,
    /// The mean mutual information of digit and weights, in nats.
    pub mutual_information: f64,
}

impl Score {
    /// Scores a trained network on images.
    pub fn new(trained: &Trained, images: &Images, draws: usize, device: &Device) -> Self {
        Self::of(&trained.predict(images, draws, device), images, device)
    }

    fn of(predictions: &Predictions, images: &Images, device: &Device) -> Self {
        let labels = labels(images, device);
        let log_probabilities = predictions.mean_log_probabilities();
        let chosen = log_probabilities.clone().argmax(1).squeeze_dim::<1>(1);
        let right = chosen.equal(labels.clone()).int().sum().into_scalar::<i64>();
        let of_truth = log_probabilities.gather(1, labels.clone().unsqueeze_dim(1));
        Self {
            accuracy: right as f64 / images.len() as f64,
            negative_log_likelihood: -mean(of_truth),
            calibration: Calibration::new(predictions.mean_probabilities(), labels, BINS),
            entropy: mean(predictions.entropy()),
            mutual_information: mean(predictions.mutual_information()),
        }
    }
}

/// The mean, taken in double precision.
fn mean(column: Tensor<2>) -> f64 {
    let values: Vec<f64> = column.into_data().iter::<f64>().collect();
    values.iter().sum::<f64>() / values.len() as f64
}

/// The images under noise of this standard deviation, kept within black and white.
pub fn corrupted(images: &Images, noise: f64, key: Key, device: &Device) -> Images {
    let noisy = pixels(images, device);
    let noisy = (noisy.clone() + normal(noisy.dims(), key, device, DType::F32) * noise).clamp(0, 1);
    Images { pixels: noisy.into_data().iter::<f32>().collect(), ..images.clone() }
}
