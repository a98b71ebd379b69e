//! How a module is turned into its mean-field version.

use burn::config::Config;
use burn::module::{Module, Param, Reparameterizer};
use burn::tensor::Tensor;

use super::handle::Shared;
use super::mean_field::{GaussianWeight, MeanField, ParameterKey};
use super::scale::WeightScale;
use crate::random::Key;

/// Where the posterior means start.
#[derive(Config, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the weights of the module: keeps what a pretrained network has learnt.
    Weights,
    /// At zero.
    Zero,
}

/// When weights are drawn anew.
#[derive(Config, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// By [`MeanField::resample`]: one draw for all reads in between, such as a forward pass and
    /// its divergence.
    OnResample,
    /// Each time a parameter is read, so that even the steps of a recurrent network differ.
    EachRead,
}

/// Configuration to turn any [`Module`] into its Gaussian mean-field version with the
/// [init function](MeanFieldConfig::init).
#[derive(Config, Debug)]
pub struct MeanFieldConfig {
    /// Where the posterior means start.
    #[config(default = "Start::Weights")]
    pub start: Start,
    /// Whether gradients reach the means.
    #[config(default = true)]
    pub learn_mean: bool,
    /// Whether gradients reach the standard deviations, softplus(ρ).
    #[config(default = true)]
    pub learn_rho: bool,
    /// The standard deviations to start with.
    #[config(default = "WeightScale { gain: 0.1, vector: 1e-2 }")]
    pub initial_std: WeightScale,
    /// When weights are drawn anew.
    #[config(default = "Refresh::OnResample")]
    pub refresh: Refresh,
    /// The paths of parameters that stay ordinary ones, such as `norm*.gamma`: `*` stands for any
    /// characters. A path is also matched by a pattern for a module it lies in.
    #[config(default = "Vec::new()")]
    pub exclude: Vec<String>,
}

impl MeanFieldConfig {
    /// Replaces every float parameter w of `model` by a posterior N(μ, softplus(ρ)²) that is drawn
    /// from when the parameter is read, and gives the handle that says which draw it is.
    ///
    /// The draws of a parameter depend on `key`, the parameter's path and the number of the draw;
    /// not on the other parameters, nor on the order in which any are read.
    ///
    /// # Panics
    ///
    /// If an initial standard deviation is not positive, or the module already has parameters that
    /// are reparameterised, which Burn does not nest.
    #[must_use]
    pub fn init<M: Module>(&self, model: M, key: Key) -> (M, MeanField) {
        self.init_where(model, key, |_, _| true)
    }

    /// As [`init`](Self::init), for the parameters that `chosen` accepts by path and shape besides.
    ///
    /// # Panics
    ///
    /// As [`init`](Self::init).
    #[must_use]
    pub fn init_where<M: Module>(
        &self,
        model: M,
        key: Key,
        chosen: impl FnMut(&str, &[usize]) -> bool,
    ) -> (M, MeanField) {
        let shared = Shared::new(self.refresh == Refresh::EachRead);
        let attach = Attach { config: self, key, shared: shared.clone(), chosen };
        (model.apply_reparameterization(attach), MeanField { shared })
    }
}

/// Attaches [`GaussianWeight`]s.
struct Attach<'a, F> {
    config: &'a MeanFieldConfig,
    key: Key,
    shared: Shared,
    chosen: F,
}

impl<F: FnMut(&str, &[usize]) -> bool> Reparameterizer for Attach<'_, F> {
    type Reparam = GaussianWeight;

    fn reparameterize<const D: usize>(
        &mut self,
        path: &str,
        param: Param<Tensor<D>>,
    ) -> (Param<Tensor<D>>, Option<GaussianWeight>) {
        assert!(
            !path.ends_with(".mean_field.rho"),
            "MeanFieldConfig: `{path}` already belongs to a mean-field parameter",
        );
        let dims = param.lazy_shape();
        if self.config.excludes(path) || !(self.chosen)(path, &dims) {
            return (param, None);
        }
        let std = self.config.initial_std.of(&dims);
        assert!(std > 0.0, "MeanFieldConfig: the initial standard deviation of `{path}` is {std}");
        let value = param.val();
        let elements: usize = dims.iter().product();
        let rho = Tensor::full([elements], softplus_inverse(std), (&value.device(), value.dtype()));
        let rho = Param::from_tensor(rho).set_require_grad(self.config.learn_rho);
        let mean = match self.config.start {
            Start::Weights => param,
            Start::Zero => param.map(|weight| {
                let tracked = weight.is_require_grad();
                weight.detach().zeros_like().set_require_grad(tracked)
            }),
        };
        let mean = if self.config.learn_mean { mean } else { mean.set_require_grad(false) };
        let stochastic = Param::from_bool(true);
        // A stream for each path, so that no draw depends on how many others there are.
        let key = key_of(path, self.key);
        self.shared.register(stochastic.id, key);
        let (key, shared) = (ParameterKey(key), self.shared.clone());
        (mean, Some(GaussianWeight { rho, stochastic, key, shared }))
    }
}

impl MeanFieldConfig {
    fn excludes(&self, path: &str) -> bool {
        let inside = |pattern: &String| {
            let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
            ends.into_iter().any(|end| matches(pattern, &path[..end]))
        };
        self.exclude.iter().any(inside)
    }
}

/// Whether `text` has the form of `pattern`, in which `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    starts.into_iter().any(|at| matches(rest, &text[at..]))
}

/// ln(e^s − 1), the ρ of a standard deviation.
pub(super) fn softplus_inverse(std: f64) -> f64 {
    // e^s overflows for large s, and e^s − 1 cancels for small s.
    if std < 1.0 { std.exp_m1().ln() } else { std + (-(-std).exp()).ln_1p() }
}

/// The key of the stream that belongs to a path.
fn key_of(path: &str, key: Key) -> Key {
    path.bytes().fold(key, |key, byte| key.fold_in(u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_any_characters() {
        assert!(matches("norm*", "norm1.gamma"));
        assert!(matches("*.bias", "layers.0.bias"));
        assert!(matches("layers.*.weight", "layers.12.weight"));
        assert!(!matches("*.bias", "bias"));
        assert!(!matches("layers.*.weight", "layers.12.bias"));
        assert!(matches("*a*b*", "xaxxbx") && !matches("*a*b*", "xbxa"));
    }

    #[test]
    fn a_pattern_for_a_module_excludes_what_lies_in_it() {
        let config = MeanFieldConfig::new().with_exclude(vec!["norm".into(), "head.*".into()]);
        assert!(config.excludes("norm.gamma") && config.excludes("head.weight"));
        assert!(!config.excludes("normal.weight") && !config.excludes("body.norm"));
    }

    #[test]
    fn softplus_inverse_is_one() {
        for std in [1e-8, 1e-2, 0.7, 1.0, 3.0, 50.0, 1e4] {
            let rho: f64 = softplus_inverse(std);
            let back = rho.max(0.0) + (-rho.abs()).exp().ln_1p();
            assert!((back / std - 1.0).abs() < 1e-12, "{std}: {back}");
        }
    }
}
