//! Standard deviations that follow from the shape of a weight tensor.

use burn::config::Config;

/// A standard deviation for each weight tensor: `gain`/√fan_in, and `vector` for tensors of rank 0
/// or 1, such as biases.
///
/// The fan-in, the number of inputs that a unit sums, is read off the shape as Burn stores it: the
/// first dimension of a matrix `[d_input, d_output]`, all but the first of a convolution's kernel
/// `[channels_out, channels_in, ..]`.
#[derive(Config, Debug, PartialEq)]
pub struct WeightScale {
    /// What is divided by √fan_in.
    pub gain: f64,
    /// The standard deviation for tensors of rank 0 or 1.
    pub vector: f64,
}

impl WeightScale {
    /// The standard deviation for a weight tensor of this shape.
    #[must_use]
    pub fn of(&self, shape: &[usize]) -> f64 {
        let fan_in: usize = match shape {
            [] | [_] => return self.vector,
            [inputs, _] => *inputs,
            [_, kernel @ ..] => kernel.iter().product(),
        };
        self.gain / (fan_in as f64).sqrt()
    }
}
