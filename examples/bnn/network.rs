//! The network that all three versions share: two hidden layers, with dropout after each.

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// Configuration of a [`Network`].
#[derive(Config, Debug)]
pub struct NetworkConfig {
    /// Pixels of an image.
    pub pixels: usize,
    /// Units of a hidden layer.
    pub hidden: usize,
    /// The probability that a hidden unit is dropped in training.
    #[config(default = 0.0)]
    pub dropout: f64,
}

/// Two hidden layers of rectified units and a logit for each digit.
#[derive(Module, Debug)]
pub struct Network {
    first: Linear,
    second: Linear,
    last: Linear,
    dropout: Dropout,
}

impl NetworkConfig {
    /// Creates the network.
    pub fn init(&self, device: &Device) -> Network {
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        Network {
            first: linear(self.pixels, self.hidden),
            second: linear(self.hidden, self.hidden),
            last: linear(self.hidden, 10),
            dropout: DropoutConfig::new(self.dropout).init(),
        }
    }
}

impl Network {
    /// The logits.
    ///
    /// # Shapes
    ///
    /// - images: `[images, pixels]`
    /// - output: `[images, 10]`
    pub fn forward(&self, images: Tensor<2>) -> Tensor<2> {
        let hidden = self.dropout.forward(relu(self.first.forward(images)));
        let hidden = self.dropout.forward(relu(self.second.forward(hidden)));
        self.last.forward(hidden)
    }
}
