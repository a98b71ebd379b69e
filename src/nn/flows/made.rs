//! Masked networks: each output depends on the inputs before it.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::relu;
use burn::tensor::module::linear as apply_linear;
use burn::tensor::{Bool, Device, Tensor, TensorData};

use super::linear::{beside, check_context, linear, silent};
use super::permutation::shuffled;
use crate::random::Key;

/// The order in which features depend on each other.
#[derive(Config, Debug, PartialEq)]
pub enum Order {
    /// Each on those to its left.
    Sequential,
    /// Each on those to its right.
    Reversed,
    /// A random order, by the seed of the layer.
    Random,
}

impl Order {
    /// The rank of each feature, from 1.
    pub(super) fn ranks(&self, features: usize, key: Key) -> Vec<usize> {
        match self {
            Self::Sequential => (1..=features).collect(),
            Self::Reversed => (1..=features).rev().collect(),
            Self::Random => {
                shuffled(features, key.salted("order")).into_iter().map(|rank| rank + 1).collect()
            }
        }
    }
}

/// A linear layer some of whose weights are held at 0.
#[derive(Module, Debug)]
pub struct MaskedLinear {
    /// The linear layer.
    pub linear: Linear,
    /// Which weights are held at 0, `[inputs, outputs]`. It is recorded with the weights: they mean
    /// nothing under another mask.
    pub forbidden: Param<Tensor<2, Bool>>,
}

impl MaskedLinear {
    /// Masks a linear layer: input i may reach output j where `allowed(i, j)`.
    ///
    /// # Panics
    ///
    /// If the weights are not rank 2.
    pub fn new(linear: Linear, allowed: impl Fn(usize, usize) -> bool) -> Self {
        let (weight, device) = (linear.weight.val(), linear.weight.device());
        let [inputs, outputs] = weight.dims();
        let forbidden = (0..inputs * outputs).map(|at| !allowed(at / outputs, at % outputs));
        let forbidden = TensorData::new(forbidden.collect(), [inputs, outputs]);
        let forbidden = Tensor::from_data(forbidden, &device);
        Self { linear, forbidden: Param::initialized(burn::module::ParamId::new(), forbidden) }
    }

    /// The product.
    ///
    /// # Shapes
    ///
    /// - `x`: `[N, inputs]`
    /// - output: `[N, outputs]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let weight = self.linear.weight.val().mask_fill(self.forbidden.val(), 0.0);
        apply_linear(x, weight, self.linear.bias.as_ref().map(|bias| bias.val()))
    }
}

/// Configuration of a [`Made`].
#[derive(Config, Debug)]
pub struct MadeConfig {
    /// The features of a row.
    pub features: usize,
    /// The feature that each output belongs to.
    pub owners: Vec<usize>,
    /// The features of the context, on which every output depends.
    #[config(default = 0)]
    pub context: usize,
    /// The order of the features.
    #[config(default = "Order::Sequential")]
    pub order: Order,
    /// The width of the hidden layers.
    #[config(default = 64)]
    pub hidden: usize,
    /// The number of hidden layers.
    #[config(default = 2)]
    pub depth: usize,
    /// The seed of the weights and of a random order.
    #[config(default = 0)]
    pub seed: u64,
}

impl MadeConfig {
    /// Creates the network on `device`. Its last layer starts at 0.
    ///
    /// # Panics
    ///
    /// If there is no feature or hidden layer, or an owner is not a feature.
    pub fn init(&self, device: &Device) -> Made {
        let Self { features, context, hidden, depth, .. } = *self;
        assert!(features > 0 && hidden > 0 && depth > 0, "a network needs features and layers");
        assert!(self.owners.iter().all(|owner| *owner < features), "an owner is no feature");
        let key = Key::new(self.seed).salted("made");
        let ranks = self.order.ranks(features, key);
        // Rank 0 is the context; a hidden unit of rank r sees inputs up to rank r.
        let inputs: Vec<usize> = ranks.iter().copied().chain((0..context).map(|_| 0)).collect();
        let lowest = usize::from(context == 0 && features > 1);
        let span = features - lowest;
        let units: Vec<usize> = (0..hidden).map(|unit| lowest + unit % span.max(1)).collect();
        let layer = |index: usize| {
            let before = if index == 0 { &inputs } else { &units };
            let layer = linear([before.len(), hidden], key.fold_in(index as u64), device);
            MaskedLinear::new(layer, |input, output| before[input] <= units[output])
        };
        let output = silent([hidden, self.owners.len()], device);
        let output =
            MaskedLinear::new(output, |unit, output| units[unit] < ranks[self.owners[output]]);
        Made { hidden: (0..depth).map(layer).collect(), output, context }
    }
}

/// A masked autoregressive network (Germain, Gregor, Murray and Larochelle 2015): each output
/// depends on the context and on the features before its own.
#[derive(Module, Debug)]
pub struct Made {
    hidden: Vec<MaskedLinear>,
    output: MaskedLinear,
    context: usize,
}

impl Made {
    /// The outputs.
    ///
    /// # Shapes
    ///
    /// - `x`: `[N, features]`
    /// - `context`: `[N, context]` or `[1, context]`
    /// - output: `[N, outputs]`
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    pub fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> Tensor<2> {
        check_context("Made", self.context, context);
        let x = beside(x, context);
        let x = self.hidden.iter().fold(x, |x, layer| relu(layer.forward(x)));
        self.output.forward(x)
    }
}
