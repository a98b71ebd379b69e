//! The mean-field posterior over the weights of any module.

use burn::module::{Flag, Module, Param, Reparameterization};
use burn::tensor::Tensor;

use super::formulas::WEIGHT;
use super::handle::{Place, Shared, Weights, noise_of_draw};
use super::prior::Prior;
use super::weights::{WeightPosterior, visit_weights};
use crate::random::Key;

/// The handle of a module turned into its mean-field version by [`MeanFieldConfig::init`](super::MeanFieldConfig::init).
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
    pub(super) shared: Shared,
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
    pub(super) rho: Param<Tensor<1>>,
    /// Whether the parameter is stochastic. Its id, which records and devices leave alone, is the
    /// parameter's name in the shared state.
    pub(super) stochastic: Param<Flag>,
    #[module(skip)]
    pub(super) key: ParameterKey,
    #[module(skip)]
    pub(super) shared: Shared,
}

/// The key of one parameter's draws.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParameterKey(pub(super) Key);

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
