//! Bayesian networks: the mean-field posterior of a module, priors, layers and what they predict.

#[path = "../common/mod.rs"]
mod common;
mod laplace;
mod layers;
mod mean_field;
mod predictions;
mod priors;
mod schedule;

use burn::module::{Module, Param};
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use crate::common::Promises;

/// A small network with a normalisation.
#[derive(Module, Debug)]
pub(crate) struct Network {
    pub(crate) first: Linear,
    pub(crate) norm: LayerNorm,
    pub(crate) last: Linear,
}

impl Network {
    pub(crate) fn new(device: &Device) -> Self {
        Self {
            first: LinearConfig::new(4, 8).init(device),
            norm: LayerNormConfig::new(8).init(device),
            last: LinearConfig::new(8, 3).init(device),
        }
    }

    pub(crate) fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.last.forward(self.norm.forward(relu(self.first.forward(input))))
    }
}

pub(crate) fn input(device: &Device) -> Tensor<2> {
    let rows = [[0.5, -1.0, 2.0, 0.1], [1.5, 0.3, -0.7, 1.0], [-0.2, 0.9, 0.4, -2.0]];
    Tensor::from_floats(rows, device)
}

/// The same numbers: equal bits on the host; elsewhere a driver compiles each kernel by itself, and two
/// may round one draw apart.
#[track_caller]
pub(crate) fn assert_same(device: &Device, left: &[f64], right: &[f64], what: &str) {
    if device.is_host() {
        assert_eq!(left, right, "{what}");
    }
    assert_eq!(left.len(), right.len(), "{what}");
    for (left, right) in left.iter().zip(right) {
        assert!((left - right).abs() <= 1e-6 * (1.0 + left.abs()), "{what}: {left} and {right}");
    }
}

pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

pub(crate) fn number<const D: usize>(tensor: Tensor<D>) -> f64 {
    numbers(tensor)[0]
}

/// The value of a parameter, as the module reads it.
pub(crate) fn read<const D: usize>(param: &Param<Tensor<D>>) -> Vec<f64> {
    numbers(param.val())
}
