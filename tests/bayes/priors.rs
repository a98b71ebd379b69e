//! Divergences against closed forms, quadrature and Monte Carlo with its own error.

use burn::tensor::{DType, Device, Tensor, TensorData};
use pushforward::nn::bayes::{
    ExactPrior, InverseGammaPrior, MeanFieldConfig, NormalInverseGammaPrior, NormalPrior, Prior,
    SampledPrior, ScaleMixturePrior, WeightPosterior, WeightScale,
};
use pushforward::prelude::*;
use pushforward::testing::gradients::agree_with_differences;
use pushforward::testing::{Check, assert_law};

use crate::common::devices_in;
use crate::{Network, input, number, numbers, read};

const MEANS: [f64; 6] = [0.3, -0.02, 1.4, -2.0, 0.0, 5e-3];
const RHOS: [f64; 6] = [-3.0, -6.0, 0.2, -1.0, -4.5, -9.0];

fn tensor(values: &[f64], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (device, DType::F64))
}

fn posterior(means: &[f64], rhos: &[f64], key: u64, device: &Device) -> WeightPosterior {
    WeightPosterior::new("weight", tensor(means, device), tensor(rhos, device), Key::new(key))
}

fn softplus(rho: f64) -> f64 {
    rho.exp().ln_1p()
}

fn ln_normal(x: f64, scale: f64) -> f64 {
    -0.5 * (x / scale).powi(2) - scale.ln() - 0.5 * core::f64::consts::TAU.ln()
}

/// ∫ f over [low, high] by the trapezoid rule, exact to rounding for what vanishes at both ends.
fn integral(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let points = 4000;
    let step = (high - low) / points as f64;
    (0..=points).map(|at| f(low + step * at as f64)).sum::<f64>() * step
}

/// −ln p of a draw, as a prior that estimates tells it: the cost without the entropy.
fn surprise(prior: &impl Prior, weights: &WeightPosterior) -> f64 {
    number(prior.kl(weights)) + number(weights.entropy())
}

#[test]
fn the_entropy_is_that_of_normals() {
    for device in devices_in(DType::F64) {
        let expected: f64 = (RHOS.iter())
            .map(|rho| softplus(*rho).ln() + 0.5 * (core::f64::consts::TAU.ln() + 1.0))
            .sum();
        let entropy = number(posterior(&MEANS, &RHOS, 0, &device).entropy());
        assert!((entropy / expected - 1.0).abs() < 1e-14);
    }
}

#[test]
fn normal_prior_in_closed_form() {
    for device in devices_in(DType::F64) {
        let scale = WeightScale { gain: 1.0, vector: 0.7 };
        let prior = NormalPrior::scaled(scale);
        let expected: f64 = (MEANS.iter().zip(&RHOS))
            .map(|(mean, rho)| {
                let std = softplus(*rho);
                (0.7 / std).ln() + (std * std + mean * mean) / (2.0 * 0.49) - 0.5
            })
            .sum();
        let got = number(prior.kl(&posterior(&MEANS, &RHOS, 0, &device)));
        assert!((got / expected - 1.0).abs() < 1e-13, "{got} {expected}");
        // The same through the crate's own Normal.
        let normal = Normal::new(tensor(&[0.0], &device), 0.7);
        let exact = number(ExactPrior(normal).kl(&posterior(&MEANS, &RHOS, 0, &device)));
        assert!((got / exact - 1.0).abs() < 1e-14);
        // A posterior that is the prior costs exactly nothing to first order: nothing cancels.
        let mut near = [0.0; 6];
        near[0] = 1e-9;
        let rho = [(0.7_f64.exp() - 1.0).ln(); 6];
        let got = number(prior.kl(&posterior(&near, &rho, 0, &device)));
        assert!((0.0..1e-17).contains(&got), "{got}");
    }
}

/// −ln p at the draw itself, and the mean over 200 000 draws against quadrature, within five
/// standard errors of the draws.
#[test]
fn scale_mixture() {
    let (weight, first, second) = (0.25, 1.2, 0.01);
    let prior = ScaleMixturePrior::with(weight, first, second);
    let ln_prior = |x: f64| {
        let (a, b) = (ln_normal(x, first) + weight.ln(), ln_normal(x, second) + 0.75_f64.ln());
        a.max(b) + (-(a - b).abs()).exp().ln_1p()
    };
    for device in devices_in(DType::F64) {
        let weights = posterior(&MEANS, &RHOS, 3, &device);
        let expected: f64 = numbers(weights.draw()).iter().map(|weight| -ln_prior(*weight)).sum();
        let got = surprise(&prior, &weights);
        assert!((got / expected - 1.0).abs() < 1e-13, "{got} {expected}");
    }
    let device = Device::flex();
    let draws = 200_000;
    for (mean, rho) in MEANS.into_iter().zip(RHOS) {
        let std = softplus(rho);
        let standard = |e: f64| ln_normal(e, 1.0).exp();
        let cost = |e: f64| -ln_prior(mean + std * e);
        let expected = integral(-12.0, 12.0, |e| standard(e) * cost(e));
        let square = integral(-12.0, 12.0, |e| standard(e) * cost(e).powi(2));
        let error = ((square - expected * expected).max(0.0) / draws as f64).sqrt();
        let weights = posterior(&vec![mean; draws], &vec![rho; draws], 5, &device);
        let got = surprise(&prior, &weights) / draws as f64;
        assert!((got - expected).abs() < 5.0 * error + 1e-12, "{mean} {rho}: {got} {expected}");
    }
}

/// A weight for which both components underflow, in single precision.
#[test]
fn scale_mixture_far_out() {
    let device = Device::flex();
    let mean = Tensor::<1>::from_floats([300.0], &device);
    let rho = Tensor::<1>::from_floats([-8.0], &device);
    let weights = WeightPosterior::new("weight", mean, rho, Key::new(0));
    let got = surprise(&ScaleMixturePrior::new(), &weights);
    let expected = -ln_normal(300.0, 1.0) + 2.0_f64.ln();
    assert!((got / expected - 1.0).abs() < 1e-5, "{got} {expected}");
}

/// ln of the InverseGamma density.
fn ln_inverse_gamma(variance: f64, alpha: f64, beta: f64, ln_gamma: f64) -> f64 {
    alpha * beta.ln() - ln_gamma - (alpha + 1.0) * variance.ln() - beta / variance
}

/// Both conjugate priors against the integral over the variance, and the mean.
#[test]
fn conjugate_priors_against_quadrature() {
    // Γ(2.5) = 3√π/4.
    let ln_gamma = (0.75 * core::f64::consts::PI.sqrt()).ln();
    let (centre, kappa, alpha, beta) = (0.2, 3.0, 2.5, 0.4);
    for device in devices_in(DType::F64) {
        let weights = posterior(&MEANS[..3], &RHOS[..3], 9, &device);
        let drawn = numbers(weights.draw());
        let ln_likelihood = |mean: f64, variance: f64| -> f64 {
            drawn.iter().map(|weight| ln_normal(weight - mean, variance.sqrt())).sum()
        };

        let known = integral(-12.0, 12.0, |log| {
            let variance = log.exp();
            let ln_prior = ln_inverse_gamma(variance, alpha, beta, ln_gamma) + log;
            (ln_prior + ln_likelihood(centre, variance)).exp()
        });
        let got = surprise(&InverseGammaPrior::new(centre, alpha, beta), &weights);
        assert!((got + known.ln()).abs() < 1e-9, "{got} {}", -known.ln());

        let coarse = |low: f64, high: f64, f: &dyn Fn(f64) -> f64| {
            let step = (high - low) / 400.0;
            (0..=400).map(|at| f(low + step * f64::from(at))).sum::<f64>() * step
        };
        let unknown = coarse(-9.0, 9.0, &|log| {
            let variance = log.exp();
            let ln_prior = ln_inverse_gamma(variance, alpha, beta, ln_gamma) + log;
            let spread = (variance / kappa).sqrt();
            // In units of the mean's own spread given the variance, about both of its centres.
            let average = drawn.iter().sum::<f64>() / 3.0;
            let middle = (kappa * centre + 3.0 * average) / (kappa + 3.0);
            coarse(middle - 12.0 * spread, middle + 12.0 * spread, &|mean| {
                (ln_prior + ln_normal(mean - centre, spread) + ln_likelihood(mean, variance)).exp()
            })
        });
        let got = surprise(&NormalInverseGammaPrior::new(centre, kappa, alpha, beta), &weights);
        assert!((got + unknown.ln()).abs() < 1e-7, "{got} {}", -unknown.ln());
    }
}

/// A million weights in single precision: the cost keeps its digits.
#[test]
fn conjugate_prior_of_many_weights() {
    let device = Device::flex();
    let count = 1_000_000;
    let flat = |value: f32, dtype| Tensor::<1>::full([count], value, (&device, dtype));
    let prior = NormalInverseGammaPrior::new(0.0, 3.0, 0.5, 0.5);
    let [single, double] = [DType::F32, DType::F64].map(|dtype| {
        // The same noise in both, so that only the arithmetic differs.
        let noise = pushforward::random::normal([count], Key::new(1), &device, DType::F32);
        let mean = flat(0.01, dtype) + noise.cast(dtype) * 0.05;
        let weights = WeightPosterior::new("weight", mean, flat(-30.0, dtype), Key::new(0));
        surprise(&prior, &weights)
    });
    assert!((single / double - 1.0).abs() < 1e-5, "{single} {double}");
}

/// Distributions of the crate: the estimate agrees with the closed form, within five standard
/// errors, for one prior that has both.
#[test]
fn distributions_as_priors() {
    for device in devices_in(DType::F64) {
        let draws = 100_000;
        let weights = posterior(&vec![0.4; draws], &vec![-0.3; draws], 2, &device);
        let laplace = || Laplace::new(tensor(&[0.1], &device), 0.8);
        let exact = number(ExactPrior(laplace()).kl(&weights)) / draws as f64;
        let costs = numbers(-laplace().log_prob(weights.draw()));
        let estimated = number(SampledPrior(laplace()).kl(&weights)) / draws as f64;
        let mean = costs.iter().sum::<f64>() / draws as f64;
        let variance = costs.iter().map(|cost| (cost - mean).powi(2)).sum::<f64>() / draws as f64;
        let error = 5.0 * (variance / draws as f64).sqrt();
        assert!((exact - estimated).abs() < error, "{exact} {estimated} {error}");
        // And one that has no closed form.
        let heavy = SampledPrior(StudentT::new(3.0, tensor(&[0.0], &device), 1.0));
        assert!(number(heavy.kl(&weights)).is_finite());
    }
}

/// Gradients of each prior with respect to means and rhos against differences, in `f64`.
#[test]
fn gradients_of_the_priors() {
    fn check(name: &'static str, prior: &impl Prior) {
        let device = Device::flex();
        let inputs = [tensor(&MEANS, &device), tensor(&RHOS, &device)];
        let steps = [vec![0.01; 6], vec![0.1; 6]];
        assert_law(agree_with_differences(
            name,
            &inputs,
            &steps,
            &device.autodiff(),
            &Check::new(name),
            &|inputs: &[Tensor<1>]| {
                let (mean, rho) = (inputs[0].clone(), inputs[1].clone());
                prior.kl(&WeightPosterior::new("weight", mean, rho, Key::new(4)))
            },
        ));
    }
    check("normal", &NormalPrior::new());
    check("mixture", &ScaleMixturePrior::with(0.5, 1.0, 0.2));
    check("normal inverse gamma", &NormalInverseGammaPrior::new(0.2, 3.0, 0.5, 0.5));
    check("inverse gamma", &InverseGammaPrior::new(0.2, 0.5, 0.5));
    let student = |weights: &WeightPosterior| {
        let device = weights.mean().device();
        SampledPrior(StudentT::new(3.0, tensor(&[0.0], &device), 1.0)).kl(weights)
    };
    check("Student", &student);
}

/// The cost of a network is estimated at the weights of its forward pass.
#[test]
fn the_cost_is_that_of_the_weights_read() {
    for device in devices_in(DType::F64) {
        let (model, posterior) = MeanFieldConfig::new().init(Network::new(&device), Key::new(1));
        let normal = || Normal::new(Tensor::<1>::zeros([1], &device), 0.3);
        posterior.draw(12);
        let _ = model.forward(input(&device));
        let cost = number(posterior.kl(&model, &SampledPrior(normal())));
        let mut expected = 0.0;
        let weights = [
            read(&model.first.weight),
            read(model.first.bias.as_ref().unwrap()),
            read(&model.norm.gamma),
            read(model.norm.beta.as_ref().unwrap()),
            read(&model.last.weight),
            read(model.last.bias.as_ref().unwrap()),
        ];
        expected -= weights.iter().flatten().map(|weight| ln_normal(*weight, 0.3)).sum::<f64>();
        posterior.visit(&model, |weights| expected -= number(weights.entropy()));
        assert!((cost / expected - 1.0).abs() < 1e-5, "{cost} {expected}");
        posterior.resample();
        assert_ne!(cost, number(posterior.kl(&model, &SampledPrior(normal()))));
    }
}

/// A closure may choose by path.
#[test]
fn a_prior_by_path() {
    let device = Device::flex();
    let (model, posterior) = MeanFieldConfig::new().init(Network::new(&device), Key::new(1));
    let only = |wanted: &'static str| {
        move |weights: &WeightPosterior| {
            let cost = NormalPrior::new().kl(weights);
            if weights.path() == wanted { cost } else { cost * 0.0 }
        }
    };
    let paths =
        ["first.weight", "first.bias", "norm.gamma", "norm.beta", "last.weight", "last.bias"];
    let parts: f64 = paths.into_iter().map(|path| number(posterior.kl(&model, &only(path)))).sum();
    let whole = number(posterior.kl(&model, &NormalPrior::new()));
    assert!((parts / whole - 1.0).abs() < 1e-6, "{parts} {whole}");
}
