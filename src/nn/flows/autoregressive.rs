//! Autoregressive layers.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::element::{ElementConfig, ElementMap};
use super::layer::{FlowLayer, no_change};
use super::made::{Made, MadeConfig, Order};

/// The direction that takes a single pass of the network; the other takes one for each feature.
#[derive(Config, Debug, PartialEq)]
pub enum OnePass {
    /// From data to noise: densities are fast (Papamakarios, Pavlakou and Murray 2017).
    Density,
    /// From noise to data: sampling is fast (Kingma et al. 2016).
    Sampling,
}

/// Configuration of an [`Autoregressive`] layer.
#[derive(Config, Debug)]
pub struct AutoregressiveConfig {
    /// The features of a row.
    pub features: usize,
    /// The features of the context.
    #[config(default = 0)]
    pub context: usize,
    /// The map of each feature.
    #[config(default = "ElementConfig::Affine")]
    pub element: ElementConfig,
    /// The fast direction.
    #[config(default = "OnePass::Density")]
    pub one_pass: OnePass,
    /// The order of the features.
    #[config(default = "Order::Sequential")]
    pub order: Order,
    /// The width of the network's hidden layers.
    #[config(default = 64)]
    pub hidden: usize,
    /// The number of its hidden layers.
    #[config(default = 2)]
    pub depth: usize,
    /// The seed of the weights and of a random order.
    #[config(default = 0)]
    pub seed: u64,
}

impl AutoregressiveConfig {
    /// Creates the layer on `device`. It starts as the identity.
    ///
    /// # Panics
    ///
    /// If there is no feature or no hidden layer.
    pub fn init(&self, device: &Device) -> Autoregressive {
        let element = self.element.init();
        let network = MadeConfig::new(self.features, element.owners(self.features))
            .with_context(self.context)
            .with_order(self.order.clone())
            .with_hidden(self.hidden)
            .with_depth(self.depth)
            .with_seed(self.seed);
        Autoregressive {
            network: network.init(device),
            element,
            one_pass: self.one_pass.clone(),
            features: self.features,
        }
    }
}

/// A layer that maps each feature by a map whose parameters a masked network computes from the
/// features before it: MAF or IAF with affine maps, an autoregressive neural spline flow with
/// splines.
#[derive(Module, Debug)]
pub struct Autoregressive {
    network: Made,
    #[module(skip)]
    element: ElementMap,
    #[module(skip)]
    one_pass: OnePass,
    features: usize,
}

impl Autoregressive {
    /// In one pass: the network sees what is mapped.
    fn at_once(
        &self,
        x: Tensor<2>,
        context: Option<&Tensor<2>>,
        inverse: bool,
    ) -> (Tensor<2>, Tensor<2>) {
        let parameters = self.network.forward(x.clone(), context);
        let (y, log_det) = self.element.apply(x, parameters, inverse);
        let log_det = log_det.unwrap_or_else(|| no_change(&y));
        (y, log_det)
    }

    /// The network sees the result, of which every pass makes one more feature right.
    ///
    /// The gradient runs through all passes and is right as well: features that are still wrong
    /// reach no right one, because their weights are 0. Since maps of any parameters are bounded
    /// in slope, wrong features stay finite, and 0 times them is 0.
    fn in_turn(
        &self,
        x: Tensor<2>,
        context: Option<&Tensor<2>>,
        inverse: bool,
    ) -> (Tensor<2>, Tensor<2>) {
        let mut y = x.zeros_like();
        let mut log_det = None;
        for _ in 0..self.features {
            let parameters = self.network.forward(y, context);
            (y, log_det) = self.element.apply(x.clone(), parameters, inverse);
        }
        let log_det = log_det.unwrap_or_else(|| no_change(&y));
        (y, log_det)
    }
}

impl FlowLayer for Autoregressive {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        match self.one_pass {
            OnePass::Density => self.in_turn(x, context, false),
            OnePass::Sampling => self.at_once(x, context, false),
        }
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        match self.one_pass {
            OnePass::Density => self.at_once(y, context, true),
            OnePass::Sampling => self.in_turn(y, context, true),
        }
    }

    fn is_constant_jacobian(&self) -> bool {
        self.element == ElementMap::Additive
    }
}
