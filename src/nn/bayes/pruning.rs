//! Removing the weights that say least.

use burn::module::{Module, ModuleMapper, Param, Reparameterization};
use burn::tensor::Tensor;

use super::mean_field::{GaussianWeight, MeanField};

/// What pruning left of a network.
#[derive(Clone, Debug)]
pub struct Pruned<M> {
    /// An ordinary network at the posterior means, with the pruned weights 0.
    pub network: M,
    /// The signal-to-noise ratio |μ|/σ below which weights were removed.
    pub threshold: f64,
    /// How many weights were removed.
    pub removed: usize,
    /// How many there were.
    pub total: usize,
}

impl MeanField {
    /// The network at the posterior means without the `fraction` of its weights whose ratio |μ|/σ
    /// is smallest (Graves 2011). Weights with the ratio at the threshold stay. Reads the weights
    /// back.
    ///
    /// # Panics
    ///
    /// If `fraction` is not in [0, 1].
    pub fn prune<M: Module>(&self, model: &M, fraction: f64) -> Pruned<M> {
        assert!(
            (0.0..=1.0).contains(&fraction),
            "MeanField::prune: the fraction must lie in [0, 1], not be {fraction}"
        );
        let mut tensors: Vec<(String, Vec<f64>)> = Vec::new();
        self.visit(model, |weights| {
            let ratio = weights.mean().abs() / weights.std_dev();
            let ratio = ratio.detach().into_data().iter::<f64>().collect();
            tensors.push((weights.path().to_owned(), ratio));
        });
        let mut ordered: Vec<f64> = tensors.iter().flat_map(|(_, ratio)| ratio).copied().collect();
        ordered.sort_unstable_by(f64::total_cmp);
        let cut = (fraction * ordered.len() as f64).round() as usize;
        let threshold = ordered.get(cut).copied().unwrap_or(f64::INFINITY);
        let removed = ordered.iter().filter(|ratio| **ratio < threshold).count();
        let mut prune = Prune { threshold, tensors: &tensors, path: Vec::new() };
        let network = self.mean_network(model).map(&mut prune);
        Pruned { network, threshold, removed, total: ordered.len() }
    }
}

/// Sets weights to 0 by the ratios of their path.
struct Prune<'a> {
    threshold: f64,
    tensors: &'a [(String, Vec<f64>)],
    path: Vec<String>,
}

impl ModuleMapper for Prune<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        debug_assert!(!self.path.iter().any(|name| name == GaussianWeight::NAME));
        let path = self.path.join(".");
        let Some((_, ratios)) = self.tensors.iter().find(|(at, _)| *at == path) else {
            return param;
        };
        let kept: Vec<f32> =
            ratios.iter().map(|ratio| f32::from(u8::from(*ratio >= self.threshold))).collect();
        param.map(|weight| {
            let (dims, dtype) = (weight.dims(), weight.dtype());
            let tracked = weight.is_require_grad();
            let kept = Tensor::<1>::from_floats(kept.as_slice(), &weight.device());
            let kept = kept.cast(burn::tensor::FloatDType::from(dtype)).reshape(dims);
            (weight.detach() * kept).set_require_grad(tracked)
        })
    }
}
