//! Linear layers with a Gaussian posterior, of lower gradient variance than weights drawn once.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::tensor::module::linear;
use burn::tensor::{Device, Tensor};
use rand::Rng;

use super::formulas::{ACTIVATION, SIGN, VARIANCE, WEIGHT};
use super::prior::Prior;
use super::scale::WeightScale;
use super::weights::WeightPosterior;
use crate::random::{self, Key};

/// Configuration to create a [`LocalLinear`] or a [`FlipoutLinear`] layer.
#[derive(Config, Debug)]
pub struct BayesianLinearConfig {
    /// The size of the input features.
    pub d_input: usize,
    /// The size of the output features.
    pub d_output: usize,
    /// Whether a bias is added.
    #[config(default = true)]
    pub bias: bool,
    /// How the means of the weights start.
    #[config(
        default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
    )]
    pub initializer: Initializer,
    /// The standard deviations to start with.
    #[config(default = "WeightScale { gain: 0.1, vector: 1e-2 }")]
    pub initial_std: WeightScale,
}

impl BayesianLinearConfig {
    /// Creates a layer that draws its activations instead of its weights.
    #[must_use]
    pub fn init_local(&self, device: &Device) -> LocalLinear {
        LocalLinear { weights: self.weights(device) }
    }

    /// Creates a layer that draws its weights once and flips their signs for each example.
    #[must_use]
    pub fn init_flipout(&self, device: &Device) -> FlipoutLinear {
        FlipoutLinear { weights: self.weights(device) }
    }

    fn weights(&self, device: &Device) -> GaussianLinear {
        let (inputs, outputs) = (self.d_input, self.d_output);
        let start = |shape: &[usize]| rho_of(self.initial_std.of(shape));
        let init = &self.initializer;
        GaussianLinear {
            weight_mean: init.init_with([inputs, outputs], Some(inputs), Some(outputs), device),
            weight_rho: Initializer::Constant { value: start(&[inputs, outputs]) }
                .init([inputs, outputs], device),
            bias_mean: (self.bias)
                .then(|| init.init_with([outputs], Some(inputs), Some(outputs), device)),
            bias_rho: (self.bias).then(|| {
                Initializer::Constant { value: start(&[outputs]) }.init([outputs], device)
            }),
        }
    }
}

/// ρ of a standard deviation.
fn rho_of(std: f64) -> f64 {
    assert!(std > 0.0, "BayesianLinearConfig: the initial standard deviation is {std}");
    super::config::softplus_inverse(std)
}

/// The posterior of the weights and biases of a linear layer.
#[derive(Module, Debug)]
pub struct GaussianLinear {
    /// The means of the weights, `[d_input, d_output]`.
    pub weight_mean: Param<Tensor<2>>,
    /// What the softplus turns into their standard deviations, `[d_input, d_output]`.
    pub weight_rho: Param<Tensor<2>>,
    /// The means of the biases, `[d_output]`.
    pub bias_mean: Option<Param<Tensor<1>>>,
    /// What the softplus turns into their standard deviations, `[d_output]`.
    pub bias_rho: Option<Param<Tensor<1>>>,
}

impl GaussianLinear {
    /// The layer at the means of its weights and biases.
    ///
    /// # Shapes
    ///
    /// - input: `[.., d_input]`
    /// - output: `[.., d_output]`
    pub fn forward_mean<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        linear(input, self.weight_mean.val(), self.bias_mean.as_ref().map(Param::val))
    }

    /// The divergence of weights and biases to `prior`, in nats; where it has to be estimated, at
    /// draws of `rng`.
    ///
    /// # Shapes
    ///
    /// - output: `[1]`
    pub fn kl(&self, prior: &impl Prior, rng: &mut dyn Rng) -> Tensor<1> {
        let [weight_key, bias_key] = Key::from_rng(rng).split();
        let (mean, rho) = (self.weight_mean.val(), self.weight_rho.val());
        let cost = prior.kl(&WeightPosterior::new("weight", mean, rho, weight_key));
        match (&self.bias_mean, &self.bias_rho) {
            (Some(mean), Some(rho)) => {
                cost + prior.kl(&WeightPosterior::new("bias", mean.val(), rho.val(), bias_key))
            }
            _ => cost,
        }
    }
}

/// A linear layer that draws its activations: given the input they are Normal, so one number for
/// each output of each example replaces one for each weight (Kingma, Salimans and Welling 2015).
///
/// The examples of a batch are drawn independently, which is why the gradient varies less than with
/// one draw of the weights. Should be created with [`BayesianLinearConfig`].
#[derive(Module, Debug)]
pub struct LocalLinear {
    /// The posterior.
    pub weights: GaussianLinear,
}

impl LocalLinear {
    /// Applies the layer, with noise of its own for each example.
    ///
    /// # Shapes
    ///
    /// - input: `[.., d_input]`
    /// - output: `[.., d_output]`
    ///
    /// # Panics
    ///
    /// If the last axis of `input` is not `d_input`.
    pub fn forward<const D: usize>(&self, input: Tensor<D>, rng: &mut dyn Rng) -> Tensor<D> {
        let mean = self.weights.forward_mean(input.clone());
        let weight_variance = VARIANCE.apply([self.weights.weight_rho.val()]);
        let bias_variance = self.weights.bias_rho.as_ref().map(|rho| VARIANCE.apply([rho.val()]));
        let variance = linear(input.square(), weight_variance, bias_variance);
        let (device, dtype) = (mean.device(), mean.dtype());
        let noise = random::normal(mean.dims(), Key::from_rng(rng), &device, dtype);
        ACTIVATION.apply([mean, variance, noise])
    }

    /// The layer at the means of its weights; shapes as for [`forward`](Self::forward).
    pub fn forward_mean<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.weights.forward_mean(input)
    }
}

/// A linear layer that draws its weights once for all examples, and for each example turns the
/// signs of the deviations from the means about, by rows and by columns (Wen, Vicol, Ba, Tran and
/// Grosse 2018).
///
/// Each example sees weights of the right distribution, and two examples see uncorrelated ones.
/// Should be created with [`BayesianLinearConfig`].
#[derive(Module, Debug)]
pub struct FlipoutLinear {
    /// The posterior.
    pub weights: GaussianLinear,
}

impl FlipoutLinear {
    /// Applies the layer, with signs of its own for each example.
    ///
    /// # Shapes
    ///
    /// - input: `[.., d_input]`
    /// - output: `[.., d_output]`
    ///
    /// # Panics
    ///
    /// If the last axis of `input` is not `d_input`.
    pub fn forward<const D: usize>(&self, input: Tensor<D>, rng: &mut dyn Rng) -> Tensor<D> {
        let [weight_key, bias_key, rows, columns] = Key::from_rng(rng).split();
        let mean = self.weights.forward_mean(input.clone());
        let weight = deviation(self.weights.weight_rho.val(), weight_key);
        let bias = self.weights.bias_rho.as_ref().map(|rho| deviation(rho.val(), bias_key));
        let input = input.clone() * signs(&input, rows);
        mean.clone() + linear(input, weight, bias) * signs(&mean, columns)
    }

    /// The layer at the means of its weights; shapes as for [`forward`](Self::forward).
    pub fn forward_mean<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.weights.forward_mean(input)
    }
}

/// softplus(ρ)·ε.
fn deviation<const D: usize>(rho: Tensor<D>, key: Key) -> Tensor<D> {
    let noise = random::normal(rho.dims(), key, &rho.device(), rho.dtype());
    let zero = Tensor::zeros([1; D], (&rho.device(), rho.dtype()));
    WEIGHT.apply([zero, rho, noise])
}

/// Independent signs, of the shape of `like`.
fn signs<const D: usize>(like: &Tensor<D>, key: Key) -> Tensor<D> {
    SIGN.apply([random::uniform(like.dims(), key, &like.device(), like.dtype())])
}
