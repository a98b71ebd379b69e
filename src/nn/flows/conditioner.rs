//! Networks that turn one part of a row, and the context, into the parameters of a map.

use burn::config::Config;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::linear::{beside, check_context, linear, silent};
use crate::random::Key;

/// Configuration of a [`Conditioner`].
#[derive(Config, Debug)]
pub struct ConditionerConfig {
    /// The features of the rows.
    pub inputs: usize,
    /// The numbers that come out.
    pub outputs: usize,
    /// The features of the context.
    #[config(default = 0)]
    pub context: usize,
    /// The width of the hidden layers.
    #[config(default = 64)]
    pub hidden: usize,
    /// The number of hidden layers, or of residual blocks of two layers each.
    #[config(default = 2)]
    pub depth: usize,
    /// Whether blocks add to what they are given.
    #[config(default = false)]
    pub residual: bool,
    /// The seed of the weights.
    #[config(default = 0)]
    pub seed: u64,
}

impl ConditionerConfig {
    /// Creates the network on `device`. Its last layer starts at 0.
    ///
    /// # Panics
    ///
    /// If the hidden width or the depth is 0.
    pub fn init(&self, device: &Device) -> Conditioner {
        assert!(self.hidden > 0 && self.depth > 0, "a conditioner needs hidden layers: {self}");
        let key = Key::new(self.seed).salted("conditioner");
        let first = [self.inputs + self.context, self.hidden];
        let square = [self.hidden; 2];
        let output = silent([self.hidden, self.outputs], device);
        if self.residual {
            let block = |index| {
                let [inner, outer] = key.fold_in(index).split();
                let inner = linear(square, inner, device);
                ResidualBlock { inner, outer: linear(square, outer, device) }
            };
            Conditioner::Residual(ResidualNet {
                input: linear(first, key, device),
                blocks: (1..=self.depth as u64).map(block).collect(),
                output,
                context: self.context,
            })
        } else {
            let hidden = (0..self.depth as u64).map(|index| {
                let size = if index == 0 { first } else { square };
                linear(size, key.fold_in(index), device)
            });
            Conditioner::Mlp(Mlp { hidden: hidden.collect(), output, context: self.context })
        }
    }
}

/// A network from rows and context to parameters, made by [`ConditionerConfig`].
#[derive(Module, Debug)]
pub enum Conditioner {
    /// Hidden layers one after another.
    Mlp(Mlp),
    /// Residual blocks.
    Residual(ResidualNet),
}

impl Conditioner {
    /// The parameters.
    ///
    /// # Shapes
    ///
    /// - `x`: `[N, inputs]`
    /// - `context`: `[N, context]` or `[1, context]`
    /// - output: `[N, outputs]`
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    pub fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> Tensor<2> {
        match self {
            Self::Mlp(network) => network.forward(x, context),
            Self::Residual(network) => network.forward(x, context),
        }
    }
}

/// Hidden layers with rectifiers between them.
#[derive(Module, Debug)]
pub struct Mlp {
    hidden: Vec<Linear>,
    output: Linear,
    context: usize,
}

impl Mlp {
    /// See [`Conditioner::forward`].
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    pub fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> Tensor<2> {
        check_context("Mlp", self.context, context);
        let x = beside(x, context);
        let x = self.hidden.iter().fold(x, |x, layer| relu(layer.forward(x)));
        self.output.forward(x)
    }
}

/// A linear layer, residual blocks, and a linear layer (He, Zhang, Ren and Sun 2016).
#[derive(Module, Debug)]
pub struct ResidualNet {
    input: Linear,
    blocks: Vec<ResidualBlock>,
    output: Linear,
    context: usize,
}

impl ResidualNet {
    /// See [`Conditioner::forward`].
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    pub fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> Tensor<2> {
        check_context("ResidualNet", self.context, context);
        let x = self.input.forward(beside(x, context));
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        self.output.forward(relu(x))
    }
}

/// x ↦ x + outer(relu(inner(relu x))).
#[derive(Module, Debug)]
pub struct ResidualBlock {
    inner: Linear,
    outer: Linear,
}

impl ResidualBlock {
    /// The sum.
    ///
    /// # Shapes
    ///
    /// - `x`, output: `[N, hidden]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let inner = self.inner.forward(relu(x.clone()));
        x + self.outer.forward(relu(inner))
    }
}
