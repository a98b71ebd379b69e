//! Layers that draw activations, or flip signs: their law, and how much less their gradient varies.

use burn::module::{Initializer, Module};
use burn::nn::LinearConfig;
use burn::tensor::{Device, Tensor};
use pushforward::nn::bayes::{
    BayesianLinearConfig, FlipoutLinear, LocalLinear, MeanFieldConfig, NormalPrior, Prior,
    WeightPosterior, WeightScale,
};
use pushforward::random::Key;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::common::{Promises, devices};
use crate::{assert_same, input, number, numbers};

const STD: WeightScale = WeightScale { gain: 0.8, vector: 0.3 };

fn config() -> BayesianLinearConfig {
    let weights = Initializer::Constant { value: 0.5 };
    BayesianLinearConfig::new(4, 3).with_initial_std(STD).with_initializer(weights)
}

/// Means and covariances of the outputs `[3 examples, 3 units]` over many draws.
fn moments(draws: usize, mut draw: impl FnMut() -> Tensor<2>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let outputs: Vec<Vec<f64>> = (0..draws).map(|_| numbers(draw())).collect();
    let size = outputs[0].len();
    let mean: Vec<f64> = (0..size)
        .map(|at| outputs.iter().map(|output| output[at]).sum::<f64>() / draws as f64)
        .collect();
    let product =
        |output: &[f64], a: usize, b: usize| (output[a] - mean[a]) * (output[b] - mean[b]);
    let of_pair = |a: usize, b: usize| {
        outputs.iter().map(|output| product(output, a, b)).sum::<f64>() / draws as f64
    };
    let covariance = (0..size).map(|a| (0..size).map(|b| of_pair(a, b)).collect()).collect();
    (mean, covariance)
}

/// The output of every layer has the mean and the variance of plain draws: x·μ + b and
/// Σ x²σ² + σ_b², within six standard errors. Examples vary together under plain draws only.
#[test]
fn outputs_have_the_law_of_plain_draws() {
    let draws = 4000;
    // Twelve thousand results, each read back, take minutes anywhere else.
    for device in devices().into_iter().filter(Promises::is_host) {
        let x = input(&device);
        let rows: Vec<Vec<f64>> = numbers(x.clone()).chunks(4).map(<[f64]>::to_vec).collect();
        let local = config().init_local(&device);
        let flipout = config().init_flipout(&device);
        let plain = LinearConfig::new(4, 3).with_initializer(config().initializer).init(&device);
        let (plain, posterior) =
            MeanFieldConfig::new().with_initial_std(STD).init(plain, Key::new(7));
        let mut rng = StdRng::seed_from_u64(1);
        let laws = [
            (
                "plain",
                moments(draws, || {
                    posterior.resample();
                    plain.forward(x.clone())
                }),
            ),
            ("local", moments(draws, || local.forward(x.clone(), &mut rng))),
            ("flipout", moments(draws, || flipout.forward(x.clone(), &mut rng))),
        ];
        for (name, (mean, covariance)) in laws {
            for (example, row) in rows.iter().enumerate() {
                let expected = 0.5 + 0.5 * row.iter().sum::<f64>();
                let variance = 0.16 * row.iter().map(|x| x * x).sum::<f64>() + 0.09;
                for unit in 0..3 {
                    let at = 3 * example + unit;
                    let error = 6.0 * (variance / draws as f64).sqrt();
                    assert!((mean[at] - expected).abs() < error, "{name}: {}", mean[at]);
                    // Flipout's products of signs have heavier tails than a Normal's square.
                    let error = 6.0 * variance * (3.0 / draws as f64).sqrt();
                    let got = covariance[at][at];
                    assert!((got - variance).abs() < error, "{name}: {got} {variance}");
                }
            }
            // Examples 0 and 1 at the same unit: Σ x x′ σ² + σ_b² under plain draws.
            let together = covariance[0][3];
            let shared: f64 = rows[0].iter().zip(&rows[1]).map(|(a, b)| a * b * 0.16).sum();
            let expected = if name == "plain" { shared + 0.09 } else { 0.0 };
            let error = 6.0 * (covariance[0][0] * covariance[3][3] * 3.0 / draws as f64).sqrt();
            assert!((together - expected).abs() < error, "{name}: {together} {expected}");
        }
    }
}

/// One fixed regression: with activations, or signs, drawn for each example the gradient varies less
/// than with one draw of the weights for all. All have the same mean.
#[test]
fn drawing_by_example_lowers_the_variance_of_gradients() {
    let device = Device::flex().autodiff();
    let x = pushforward::random::normal([64, 4], Key::new(3), &device, burn::tensor::DType::F32);
    let target = x.clone().slice([0..64, 0..3]) * 2.0;
    let local = config().init_local(&device);
    let flipout = config().init_flipout(&device);
    let plain = LinearConfig::new(4, 3).with_initializer(config().initializer).init(&device);
    let (plain, posterior) = MeanFieldConfig::new().with_initial_std(STD).init(plain, Key::new(7));
    let mut rng = StdRng::seed_from_u64(2);
    let loss = |output: Tensor<2>| (output - target.clone()).square().mean();
    let draws = 500;
    let mut gradient_of_local = || {
        let gradients = loss(local.forward(x.clone(), &mut rng)).backward();
        local.weights.weight_mean.grad(&gradients).unwrap()
    };
    let (local_mean, local_covariance) =
        moments(draws, || Tensor::from_inner(gradient_of_local().reshape([3, 4])));
    let mut rng = StdRng::seed_from_u64(3);
    let (flip_mean, flip_covariance) = moments(draws, || {
        let gradients = loss(flipout.forward(x.clone(), &mut rng)).backward();
        flipout.weights.weight_mean.grad(&gradients).unwrap()
    });
    let (plain_mean, plain_covariance) = moments(draws, || {
        posterior.resample();
        let gradients = loss(plain.forward(x.clone())).backward();
        plain.weight.base().grad(&gradients).unwrap()
    });
    let total = |covariance: &[Vec<f64>]| -> f64 {
        covariance.iter().enumerate().map(|(at, row)| row[at]).sum()
    };
    let [local, flip, plain] =
        [&local_covariance, &flip_covariance, &plain_covariance].map(|one| total(one));
    // 64 examples drawn apart instead of together: here the variance falls to about a
    // tenth for both.
    assert!(local < plain / 6.0, "{local} {plain}");
    assert!(flip < plain / 6.0, "{flip} {plain}");
    for at in 0..12 {
        let error = 6.0 * (plain_covariance[at][at] / draws as f64).sqrt();
        assert!((plain_mean[at] - local_mean[at]).abs() < error);
        assert!((plain_mean[at] - flip_mean[at]).abs() < error);
    }
}

/// An input of zeros without biases has activations without variance.
#[test]
fn an_input_of_zeros_has_finite_gradients() {
    let device = Device::flex().autodiff();
    let layer = BayesianLinearConfig::new(4, 3).with_bias(false).init_local(&device);
    let zeros = Tensor::<2>::zeros([5, 4], &device).require_grad();
    let output = layer.forward(zeros.clone(), &mut StdRng::seed_from_u64(0));
    let gradients = output.square().sum().backward();
    for gradient in [
        layer.weights.weight_rho.grad(&gradients).unwrap(),
        layer.weights.weight_mean.grad(&gradients).unwrap(),
    ] {
        assert!(numbers(gradient).iter().all(|slope| *slope == 0.0));
    }
    assert!(numbers(zeros.grad(&gradients).unwrap()).iter().all(|slope| slope.is_finite()));
}

#[test]
fn seeds_means_divergence_and_records() {
    for device in devices() {
        let layer = BayesianLinearConfig::new(4, 3).init_local(&device);
        let output = |layer: &LocalLinear, seed: u64| {
            numbers(layer.forward(input(&device), &mut StdRng::seed_from_u64(seed)))
        };
        assert_same(&device, &output(&layer, 1), &output(&layer, 1), "one seed");
        assert_ne!(output(&layer, 1), output(&layer, 2));
        let other = BayesianLinearConfig::new(4, 3).init_local(&device);
        assert_ne!(output(&layer, 1), output(&other, 1));
        let loaded = other.load_record(layer.clone().into_record());
        assert_same(&device, &output(&layer, 1), &output(&loaded, 1), "a record");

        // A Flipout layer of the same posterior has the same mean.
        let flipout = FlipoutLinear { weights: layer.weights.clone() };
        assert_eq!(
            numbers(flipout.forward_mean(input(&device))),
            numbers(layer.forward_mean(input(&device)))
        );
        // Any rank: the last axis is the features.
        let stacked = input(&device).unsqueeze::<3>();
        let flipped = flipout.forward(stacked.clone(), &mut StdRng::seed_from_u64(0));
        assert_eq!(flipped.dims(), [1, 3, 3]);
        assert_eq!(layer.forward(stacked, &mut StdRng::seed_from_u64(0)).dims(), [1, 3, 3]);

        let prior = NormalPrior::new();
        let cost = number(layer.weights.kl(&prior, &mut StdRng::seed_from_u64(0)));
        let weights = &layer.weights;
        let (mean, rho) = (weights.weight_mean.val(), weights.weight_rho.val());
        let weight = prior.kl(&WeightPosterior::new("weight", mean, rho, Key::new(0)));
        let (mean, rho) = (weights.bias_mean.as_ref(), weights.bias_rho.as_ref());
        let (mean, rho) = (mean.unwrap().val(), rho.unwrap().val());
        let bias = prior.kl(&WeightPosterior::new("bias", mean, rho, Key::new(0)));
        assert!((cost - number(weight + bias)).abs() < 1e-5 * cost);
    }
}
