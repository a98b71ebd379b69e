//! The flows that are compared.

use burn::tensor::{Device, Tensor, TensorData};
use pushforward::nn::flows::{
    AutoregressiveConfig, CouplingConfig, ElementConfig, Flow, Layer, Order, PermutationConfig,
    SplineConfig,
};
use pushforward::prelude::*;

use crate::data::Rows;

/// A kind of flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Affine couplings.
    RealNvp,
    /// Affine autoregressive layers.
    Autoregressive,
    /// Rational-quadratic spline couplings.
    Spline,
}

impl Kind {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::RealNvp => "RealNVP",
            Self::Autoregressive => "MAF",
            Self::Spline => "NSF",
        }
    }

    /// What it is made of.
    pub fn description(self) -> &'static str {
        match self {
            Self::RealNvp => "8 affine couplings",
            Self::Autoregressive => "5 affine autoregressive layers",
            Self::Spline => "6 rational-quadratic spline couplings",
        }
    }

    /// A flow of this kind, which starts as the identity and a change of order.
    pub fn init(self, features: usize, seed: u64, device: &Device) -> Flow {
        let count = match self {
            Self::RealNvp => 8,
            Self::Autoregressive => 5,
            Self::Spline => 6,
        };
        let mut layers = Vec::new();
        for index in 0..count {
            let seed = seed.wrapping_mul(64).wrapping_add(index);
            layers.push(self.layer(features, index % 2 == 1, seed, device));
            if features > 2 && index + 1 < count {
                let order = match self {
                    Self::Autoregressive => Order::Reversed,
                    _ => Order::Random,
                };
                let order = PermutationConfig::new(features).with_order(order).with_seed(seed);
                layers.push(Layer::Permutation(order.init(device)));
            }
        }
        Flow::standard(layers, device)
    }

    fn layer(self, features: usize, swap: bool, seed: u64, device: &Device) -> Layer {
        let coupling = CouplingConfig::new(features).with_swap(swap).with_seed(seed);
        match self {
            Self::RealNvp => Layer::Coupling(coupling.init(device)),
            Self::Autoregressive => {
                let config = AutoregressiveConfig::new(features).with_seed(seed);
                Layer::Autoregressive(config.init(device))
            }
            Self::Spline => {
                let spline = ElementConfig::Spline(SplineConfig::new().with_bound(5.0));
                Layer::Coupling(coupling.with_element(spline).init(device))
            }
        }
    }
}

/// Rows as a tensor.
pub fn tensor(values: &[f64], width: usize, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    let shape = [values.len() / width, width];
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// A tensor's numbers.
pub fn numbers(tensor: Tensor<2>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

/// The density of a flow at points in the units of the columns.
pub fn density(flow: &Flow, rows: &Rows, points: &[[f64; 2]], device: &Device) -> Vec<f64> {
    let scaled: Vec<f64> = points
        .iter()
        .flatten()
        .zip(rows.scales.iter().cycle())
        .map(|(value, [mean, deviation])| (value - mean) / deviation)
        .collect();
    let log_prob = numbers(flow.log_prob(tensor(&scaled, 2, device)));
    log_prob.into_iter().map(|nats| (nats - rows.log_volume()).exp()).collect()
}
