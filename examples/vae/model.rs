//! The model: images from a few hidden numbers, and hidden numbers from images.

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::silu;
use burn::tensor::{Device, Int, Tensor};
use pushforward::prelude::*;
use pushforward::special::logsumexp;
use rand::Rng;

use crate::data::PIXELS;

/// Configuration to create a [`Vae`].
#[derive(Config, Debug)]
pub struct VaeConfig {
    /// How many hidden numbers an image has.
    #[config(default = 8)]
    pub latent: usize,
    /// The width of both networks.
    #[config(default = 128)]
    pub width: usize,
}

/// A variational autoencoder (Kingma and Welling 2014): p(x | z) is Bernoulli for each pixel, p(z) the
/// standard Normal, and q(z | x) a Normal with independent elements.
#[derive(Module, Debug)]
pub struct Vae {
    encoder: Linear,
    encoder_loc: Linear,
    encoder_scale: Linear,
    decoder: Linear,
    decoder_logits: Linear,
    latent: usize,
}

impl VaeConfig {
    /// Initialize a new [`Vae`].
    pub fn init(&self, device: &Device) -> Vae {
        let linear = |from, to| LinearConfig::new(from, to).init(device);
        Vae {
            encoder: linear(PIXELS, self.width),
            encoder_loc: linear(self.width, self.latent),
            encoder_scale: linear(self.width, self.latent),
            decoder: linear(self.latent, self.width),
            decoder_logits: linear(self.width, PIXELS),
            latent: self.latent,
        }
    }
}

impl Vae {
    pub fn latent(&self) -> usize {
        self.latent
    }

    fn device(&self) -> Device {
        self.decoder.weight.device()
    }

    /// p(z).
    fn prior<const D: usize>(&self) -> Independent<Normal<D>> {
        Normal::standard(&self.device()).independent(1)
    }

    /// q(z | x), of shape `[N, latent]`.
    pub fn posterior(&self, images: Tensor<2, Int>) -> Independent<Normal<2>> {
        // Around 0, as layers like their inputs.
        let hidden = silu(self.encoder.forward(images.float() * 2.0 - 1.0));
        let loc = self.encoder_loc.forward(hidden.clone());
        let scale = Softplus.forward(self.encoder_scale.forward(hidden));
        Normal::new(loc, scale).independent(1)
    }

    /// p(x | z), of shape `[.., PIXELS]`.
    pub fn likelihood<const D: usize>(&self, z: Tensor<D>) -> Independent<Bernoulli<D>> {
        let hidden = silu(self.decoder.forward(z));
        Bernoulli::from_logits(self.decoder_logits.forward(hidden)).independent(1)
    }

    /// The evidence lower bound of each image, `[N, 1]`, by one draw of z and the divergence in closed
    /// form.
    pub fn elbo(&self, images: Tensor<2, Int>, rng: &mut dyn Rng) -> Tensor<2> {
        let posterior = self.posterior(images.clone());
        let z = posterior.rsample(posterior.shape(), rng);
        let reconstruction = self.likelihood(z).log_prob(images);
        let shape = posterior.shape();
        let prior = Normal::standard(&self.device()).expand(shape).independent(1);
        reconstruction - posterior.kl_divergence(&prior)
    }

    /// The importance-weighted bound of each image, `[N, 1]` (Burda, Grosse and Salakhutdinov 2016): the
    /// logarithm of the average of p(x, z)/q(z | x) over `draws` draws, which lies between the evidence
    /// lower bound and ln p(x).
    pub fn importance_weighted(
        &self,
        images: Tensor<2, Int>,
        draws: usize,
        rng: &mut dyn Rng,
    ) -> Tensor<2> {
        let count = images.dims()[0];
        let posterior = self.posterior(images.clone()).unsqueeze::<3>();
        let shape = [draws, count, self.latent];
        let (z, log_posterior) = posterior.rsample_and_log_prob(shape, rng);
        let log_prior = self.prior::<3>().log_prob(z.clone());
        let log_likelihood = self.likelihood(z).log_prob(images.unsqueeze());
        let log_weights = log_likelihood + log_prior - log_posterior;
        // [draws, N, 1] to [1, N, draws]: the sum is over the last dimension.
        let total = logsumexp(log_weights.swap_dims(0, 2));
        total.reshape([count, 1]) - (draws as f64).ln()
    }

    /// Draws of z from its prior, as the probability of ink in each pixel.
    pub fn imagine(&self, count: usize, rng: &mut dyn Rng) -> Tensor<2> {
        let z = self.prior::<2>().sample([count, self.latent], rng);
        self.likelihood(z).mean()
    }
}
