//! The mean-field posterior over the weights of any module.

use burn::config::Config;
use burn::module::{Flag, Module, Param, Reparameterization, Reparameterizer};
use burn::tensor::Tensor;

use super::formulas::WEIGHT;
use super::handle::{Place, Shared, Weights, noise_of_draw};
use super::prior::Prior;
use super::scale::WeightScale;
use super::weights::{WeightPosterior, visit_weights};
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

/// The handle of a module turned into its mean-field version by [`MeanFieldConfig::init`].
///
/// # Which weights the module reads
///
/// Burn reads a parameter through `&self`, with nothing passed down to it, and rebuilds the module
/// at each optimizer step. So what changes from one forward pass to the next, the number of the
/// draw, lives in one place that the handle and all parameters share, and survives clones, moves
/// and steps of the optimizer; what belongs to one copy of the module, whether it is stochastic at
/// all, is a [`Flag`], as that of a dropout layer: [`valid`](Module::valid) gives a copy that reads
/// the posterior mean whatever the handle says, and [`train`](Module::train) turns that back.
///
/// Clones that train share the handle's draw. A network of its own, whose weights never change, is
/// given by [`sample`](Self::sample).
///
/// # Records
///
/// μ is saved under the parameter's own path, ρ under `path.mean_field.rho`, flat. The number of
/// the draw is not saved.
///
/// # Example
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::{Device, Tensor};
/// use pushforward::nn::bayes::{MeanFieldConfig, NormalPrior};
/// use pushforward::random::Key;
///
/// let device = Device::flex().autodiff();
/// let linear = LinearConfig::new(3, 2).init(&device);
/// let (linear, posterior) = MeanFieldConfig::new().init(linear, Key::new(7));
///
/// let x = Tensor::<2>::ones([5, 3], &device);
/// posterior.resample();
/// let loss = linear.forward(x).square().mean() + posterior.kl(&linear, &NormalPrior::new()) / 100;
/// let gradients = loss.backward();
/// # let _ = gradients;
/// ```
#[derive(Clone, Debug)]
pub struct MeanField {
    shared: Shared,
}

impl MeanField {
    /// From now on the module reads the posterior mean.
    pub fn mean(&self) {
        self.shared.set_mean();
    }

    /// From now on the module reads draw `number`, the same each time, until told otherwise.
    pub fn draw(&self, number: u64) {
        self.shared.set_draw(Some(number));
    }

    /// Goes on to the next draw, of which it gives the number.
    pub fn resample(&self) -> u64 {
        self.shared.set_draw(None)
    }

    /// An ordinary network with the weights of draw `number`, independent of this handle.
    pub fn sample<M: Module>(&self, model: &M, number: u64) -> M {
        self.shared.with_weights(Weights::Draw(number), || model.clone().materialize())
    }

    /// An ordinary network whose weights are the posterior means.
    pub fn mean_network<M: Module>(&self, model: &M) -> M {
        self.shared.with_weights(Weights::Mean, || model.clone().materialize())
    }

    /// The divergence, in nats, of the posterior of all weights of `model` to `prior`.
    ///
    /// It is exact where the prior knows it in closed form, and elsewhere the value at the draw that
    /// the module reads, or last read: an unbiased estimate, whose noise is that of the forward pass.
    ///
    /// # Shapes
    ///
    /// - output: `[1]`
    ///
    /// # Panics
    ///
    /// If `model` has no parameter that this handle governs.
    pub fn kl<M: Module>(&self, model: &M, prior: &impl Prior) -> Tensor<1> {
        let mut total: Option<Tensor<1>> = None;
        self.visit(model, |weights| {
            let cost = prior.kl(&weights);
            total = Some(match total.take() {
                Some(total) => total + cost,
                None => cost,
            });
        });
        total.expect("MeanField: the module has no parameter that this handle was attached to")
    }

    /// Shows the posterior of each weight tensor of `model`, in the order of the module.
    pub fn visit<M: Module>(&self, model: &M, take: impl FnMut(WeightPosterior)) {
        visit_weights(model, &self.shared, take);
    }
}

/// What is attached to a parameter, whose stored value becomes the mean.
#[derive(Module, Debug)]
pub(super) struct GaussianWeight {
    /// Flat, because the type of an attached module does not depend on the parameter's rank.
    rho: Param<Tensor<1>>,
    /// Whether the parameter is stochastic. Its id, which records and devices leave alone, is the
    /// parameter's name in the shared state.
    stochastic: Param<Flag>,
    #[module(skip)]
    key: ParameterKey,
    #[module(skip)]
    shared: Shared,
}

/// The key of one parameter's draws.
#[derive(Clone, Copy, Debug)]
struct ParameterKey(Key);

impl Reparameterization for GaussianWeight {
    const NAME: &'static str = "mean_field";

    fn apply<const D: usize>(&self, base: Tensor<D>) -> Tensor<D> {
        let chosen = self.shared.forced();
        let weights = chosen.unwrap_or_else(|| self.shared.weights());
        let Weights::Draw(number) = weights else { return base };
        if chosen.is_none() && !self.stochastic.val().is_enabled() {
            return base;
        }
        let rho = self.rho.val();
        let place = Place::of(&rho);
        let noise = match chosen {
            Some(_) => noise_of_draw(self.key.0, number, &place),
            None => self.shared.noise_of_reading(self.stochastic.id, &place),
        };
        let dims = base.dims();
        WEIGHT.apply([base, rho.reshape(dims), noise.reshape(dims)])
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
