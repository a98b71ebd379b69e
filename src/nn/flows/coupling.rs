//! Coupling layers.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::conditioner::{Conditioner, ConditionerConfig};
use super::element::{ElementConfig, ElementMap};
use super::layer::{FlowLayer, no_change};

/// Configuration of a [`Coupling`].
#[derive(Config, Debug)]
pub struct CouplingConfig {
    /// The features of a row, at least 2.
    pub features: usize,
    /// The features of the context.
    #[config(default = 0)]
    pub context: usize,
    /// The map of each feature.
    #[config(default = "ElementConfig::Affine")]
    pub element: ElementConfig,
    /// Whether the first half is mapped, given the second; otherwise the second, given the first.
    #[config(default = false)]
    pub swap: bool,
    /// The width of the conditioner's hidden layers.
    #[config(default = 64)]
    pub hidden: usize,
    /// The number of its hidden layers or residual blocks.
    #[config(default = 2)]
    pub depth: usize,
    /// Whether it has residual blocks.
    #[config(default = false)]
    pub residual: bool,
    /// The seed of the weights.
    #[config(default = 0)]
    pub seed: u64,
}

impl CouplingConfig {
    /// Creates the layer on `device`. It starts as the identity.
    ///
    /// # Panics
    ///
    /// If there are fewer than 2 features, or the network has no hidden layer.
    pub fn init(&self, device: &Device) -> Coupling {
        let features = self.features;
        assert!(features >= 2, "a coupling layer needs 2 features or more, not {features}");
        let element = self.element.init();
        let first = features / 2;
        let (kept, mapped) =
            if self.swap { (features - first, first) } else { (first, features - first) };
        let conditioner = ConditionerConfig::new(kept, mapped * element.parameters())
            .with_context(self.context)
            .with_hidden(self.hidden)
            .with_depth(self.depth)
            .with_residual(self.residual)
            .with_seed(self.seed);
        let conditioner = conditioner.init(device);
        Coupling { conditioner, element, features, swap: self.swap }
    }
}

/// A layer that leaves one half of a row as it is, and maps each feature of the other half by a
/// map whose parameters a network computes from the first: RealNVP with affine maps, NICE with
/// additive ones, a neural spline flow with splines. Both directions cost the same.
///
/// Put layers with and without `swap` after one another, or permutations between them, so that
/// every feature is mapped.
#[derive(Module, Debug)]
pub struct Coupling {
    conditioner: Conditioner,
    #[module(skip)]
    element: ElementMap,
    features: usize,
    swap: bool,
}

impl Coupling {
    fn apply(
        &self,
        x: Tensor<2>,
        context: Option<&Tensor<2>>,
        inverse: bool,
    ) -> (Tensor<2>, Tensor<2>) {
        let first = self.features / 2;
        let head = x.clone().narrow(1, 0, first);
        let tail = x.narrow(1, first, self.features - first);
        let (kept, mapped) = if self.swap { (tail, head) } else { (head, tail) };
        let parameters = self.conditioner.forward(kept.clone(), context);
        let (mapped, log_det) = self.element.apply(mapped, parameters, inverse);
        let log_det = log_det.unwrap_or_else(|| no_change(&mapped));
        let parts = if self.swap { vec![mapped, kept] } else { vec![kept, mapped] };
        (Tensor::cat(parts, 1), log_det)
    }
}

impl FlowLayer for Coupling {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        self.apply(x, context, false)
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        self.apply(y, context, true)
    }

    fn is_constant_jacobian(&self) -> bool {
        self.element == ElementMap::Additive
    }
}
