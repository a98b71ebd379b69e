//! Which weights a mean-field network reads, when they change, and what is saved.

use burn::module::{Module, Param};
use burn::nn::conv::Conv2dConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::bayes::{
    MeanField, MeanFieldConfig, NormalPrior, Refresh, ScaleMixturePrior, Start, WeightScale,
};
use pushforward::random::Key;

use crate::common::devices;
use crate::{Network, assert_same, input, number, numbers, read};

fn network(device: &Device) -> (Network, MeanField) {
    MeanFieldConfig::new().init(Network::new(device), Key::new(11))
}

/// The network's output as plain numbers.
fn output(network: &Network, device: &Device) -> Vec<f64> {
    numbers(network.forward(input(device)))
}

#[test]
fn mean_draw_and_resample() {
    for device in devices() {
        for device in [device.clone(), device.autodiff()] {
            let original = Network::new(&device);
            let config = MeanFieldConfig::new();
            let (model, posterior) = config.init(original.clone(), Key::new(11));

            posterior.mean();
            let mean = output(&model, &device);
            assert_same(
                &device,
                &mean,
                &output(&original, &device),
                "the means start at the weights",
            );

            posterior.draw(3);
            let third = output(&model, &device);
            assert_same(&device, &third, &output(&model, &device), "a draw is frozen");
            assert_ne!(third, mean);
            assert_eq!(posterior.resample(), 4);
            let fourth = output(&model, &device);
            assert_ne!(third, fourth);
            posterior.draw(3);
            assert_same(
                &device,
                &third,
                &output(&model, &device),
                "a draw is found again by its number",
            );

            let sampled = posterior.sample(&model, 4);
            posterior.mean();
            assert_same(
                &device,
                &fourth,
                &output(&sampled, &device),
                "a sampled network keeps its weights",
            );
            let network = posterior.mean_network(&model);
            assert_same(&device, &mean, &output(&network, &device), "the mean network");
        }
    }
}

/// The mean and the standard deviation of many draws are those of the posterior.
#[test]
fn draws_have_the_posteriors_moments() {
    let device = Device::flex();
    let std = WeightScale { gain: 0.6, vector: 0.25 };
    let config = MeanFieldConfig::new().with_initial_std(std);
    let (model, posterior) = config.init(Network::new(&device), Key::new(5));
    posterior.mean();
    let means = [read(&model.first.weight), read(&model.first.bias.clone().unwrap())];
    let draws = 400;
    let mut squares = [0.0; 2];
    let mut sums = [vec![0.0; 32], vec![0.0; 8]];
    for _ in 0..draws {
        posterior.resample();
        let drawn = [read(&model.first.weight), read(&model.first.bias.clone().unwrap())];
        for tensor in 0..2 {
            for (at, (drawn, mean)) in drawn[tensor].iter().zip(&means[tensor]).enumerate() {
                squares[tensor] += (drawn - mean).powi(2);
                sums[tensor][at] += drawn - mean;
            }
        }
    }
    // Gain over the root of the fan-in, 4; bounds are six standard errors.
    for (tensor, (std, elements)) in [(0.3, 32.0), (0.25, 8.0)].into_iter().enumerate() {
        let variance = squares[tensor] / (draws as f64 * elements);
        let error = 6.0 * (2.0 / (draws as f64 * elements)).sqrt();
        assert!((variance / (std * std) - 1.0).abs() < error, "{variance}");
        let bound = 6.0 * std * (draws as f64).sqrt();
        assert!(sums[tensor].iter().all(|sum| sum.abs() < bound));
    }
}

/// In validation the network reads its mean, as a dropout layer lets everything through; the
/// network in training goes on drawing.
#[test]
fn validation_reads_the_mean() {
    let device = Device::flex().autodiff();
    let (model, posterior) = network(&device);
    posterior.mean();
    let mean = output(&model, &device);
    posterior.draw(1);
    let drawn = output(&model, &device);
    let valid = model.valid();
    let plain = Device::flex();
    let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
    // Devices with and without autodiff add the bias at different moments.
    assert!(near(&mean, &numbers(valid.forward(input(&plain)))));
    assert_eq!(drawn, output(&model, &device));
    assert_eq!(drawn, output(&valid.clone().train(), &device));
    // Its draws are had as networks of their own.
    assert!(near(&drawn, &numbers(posterior.sample(&valid, 1).forward(input(&plain)))));
    assert!(!near(&drawn, &mean));
}

/// Draws depend on the path and not on which parameters are read, or were read before.
#[test]
fn draws_do_not_depend_on_order() {
    let device = Device::flex();
    let original = Network::new(&device);
    let all = MeanFieldConfig::new().init(original.clone(), Key::new(2));
    let some = MeanFieldConfig::new()
        .with_exclude(vec!["first".into(), "norm*".into()])
        .init(original.clone(), Key::new(2));
    let [whole, part] = [&all, &some].map(|(model, posterior)| {
        posterior.draw(7);
        read(&model.last.weight)
    });
    assert_eq!(whole, part);
    let (model, posterior) = &all;
    posterior.draw(8);
    let backwards = [read(&model.last.weight), read(&model.first.weight)];
    posterior.draw(9);
    posterior.draw(8);
    let forwards = [read(&model.first.weight), read(&model.last.weight)];
    assert_eq!(backwards[0], forwards[1]);
    assert_eq!(backwards[1], forwards[0]);

    // No two parameters, draws or keys share noise.
    let (zero, posterior) = MeanFieldConfig::new()
        .with_start(Start::Zero)
        .with_initial_std(WeightScale { gain: 1.0, vector: 1.0 })
        .init(original.clone(), Key::new(2));
    let noise = |model: &Network| {
        let bias = model.first.bias.as_ref().unwrap();
        [numbers(bias.val()), numbers(model.norm.gamma.val())]
    };
    posterior.draw(0);
    let [bias, gamma] = noise(&zero);
    assert_ne!(bias, gamma);
    posterior.draw(1);
    assert_ne!(bias, noise(&zero)[0]);
    let (other, posterior) =
        MeanFieldConfig::new().with_start(Start::Zero).init(original, Key::new(3));
    posterior.draw(0);
    assert_ne!(bias, noise(&other)[0]);
}

#[test]
fn excluded_parameters_stay_ordinary() {
    let device = Device::flex();
    let original = Network::new(&device);
    let config = MeanFieldConfig::new().with_exclude(vec!["norm".into(), "*.bias".into()]);
    let (model, posterior) =
        config.init_where(original.clone(), Key::new(0), |path, _| !path.starts_with("last"));
    posterior.draw(5);
    assert_eq!(read(&model.norm.gamma), read(&original.norm.gamma));
    assert_eq!(
        read(model.first.bias.as_ref().unwrap()),
        read(original.first.bias.as_ref().unwrap())
    );
    assert_eq!(read(&model.last.weight), read(&original.last.weight));
    assert_ne!(read(&model.first.weight), read(&original.first.weight));
    let mut paths = Vec::new();
    posterior
        .visit(&model, |weights| paths.push((weights.path().to_owned(), weights.shape().to_vec())));
    assert_eq!(paths, [("first.weight".to_owned(), vec![4, 8])]);
    assert_eq!(model.num_params(), original.num_params() + 32);
}

/// What is not to be learnt has no gradient; what is has.
#[test]
fn gradients_reach_what_is_learnt() {
    let device = Device::flex().autodiff();
    for (learn_mean, learn_rho) in [(true, true), (true, false), (false, true)] {
        let config = MeanFieldConfig::new().with_learn_mean(learn_mean).with_learn_rho(learn_rho);
        let (model, posterior) = config.init(Network::new(&device), Key::new(1));
        let loss = model.forward(input(&device)).square().sum()
            + posterior.kl(&model, &ScaleMixturePrior::new()).sum();
        let gradients = loss.backward();
        assert_eq!(model.first.weight.base().grad(&gradients).is_some(), learn_mean);
        let stepped = AdamConfig::new().init().step(
            1e-2,
            model.clone(),
            GradientsParams::from_grads(gradients, &model),
        );
        let [before, after] = [&model, &stepped].map(|model| {
            let (mut means, mut rhos) = (Vec::new(), Vec::new());
            posterior.visit(model, |weights| {
                means.extend(numbers(weights.mean()));
                rhos.extend(numbers(weights.rho()));
            });
            (means, rhos)
        });
        assert_eq!(before.0 != after.0, learn_mean, "means");
        assert_eq!(before.1 != after.1, learn_rho, "rhos");
        // The handle still governs the network that the optimizer rebuilt.
        posterior.draw(1);
        let drawn = output(&stepped, &device);
        posterior.draw(2);
        assert_ne!(drawn, output(&stepped, &device));
    }
}

/// The pathwise gradient of a weight μ + softplus(ρ)·ε: 1 and ε times the logistic function of ρ.
#[test]
fn the_gradient_of_a_draw() {
    let device = Device::flex().autodiff();
    let (model, posterior) = network(&device);
    posterior.draw(6);
    let gradients = model.first.weight.val().sum().backward();
    let mean = numbers(model.first.weight.base().grad(&gradients).unwrap());
    assert!(mean.iter().all(|slope| *slope == 1.0));
    posterior.visit(&model, |weights| {
        if weights.path() == "first.weight" {
            let rho = numbers(weights.rho());
            let noise = numbers(weights.noise());
            assert!(noise.iter().any(|noise| noise.abs() > 0.1));
            let sums = numbers(weights.draw() - weights.mean());
            for ((rho, noise), deviation) in rho.iter().zip(&noise).zip(sums) {
                let expected = rho.exp().ln_1p() * noise;
                assert!((deviation - expected).abs() < 1e-6, "{deviation} {expected}");
            }
        }
    });
}

#[test]
fn each_read_draws_anew_where_asked_to() {
    let device = Device::flex();
    let config = MeanFieldConfig::new().with_refresh(Refresh::EachRead);
    let (model, posterior) = config.init(Network::new(&device), Key::new(4));
    posterior.draw(2);
    let reads = [read(&model.first.weight), read(&model.first.weight)];
    assert_ne!(reads[0], reads[1]);
    // The divergence is taken at the last of them.
    let mut last = Vec::new();
    posterior.visit(&model, |weights| {
        if weights.path() == "first.weight" {
            last = numbers(weights.draw());
        }
    });
    assert_eq!(last, reads[1]);
    posterior.draw(2);
    assert_eq!(reads[0], read(&model.first.weight));
    assert_eq!(reads[1], read(&model.first.weight));
}

#[test]
fn records_save_means_and_rhos() {
    let device = Device::flex();
    let (model, posterior) = network(&device);
    posterior.mean();
    let (other, governor) = network(&device);
    let record = model.clone().into_record();
    let loaded = other.clone().load_record(record);
    governor.mean();
    assert_eq!(output(&model, &device), output(&loaded, &device));
    assert_ne!(output(&other, &device), output(&loaded, &device));
    posterior.draw(9);
    governor.draw(9);
    let drawn = output(&loaded, &device);
    assert_eq!(output(&model, &device), drawn, "the same key draws the same weights");
    let prior = NormalPrior::new();
    assert_eq!(number(posterior.kl(&model, &prior)), number(governor.kl(&loaded, &prior)));

    // Through a file, with a standard deviation that is not the one to start with.
    let wide = MeanFieldConfig::new().with_initial_std(WeightScale { gain: 3.0, vector: 2.0 });
    let (wide, _) = wide.init(Network::new(&device), Key::new(11));
    let file = std::env::temp_dir().join(format!("pushforward-bayes-{}", std::process::id()));
    wide.clone().save_file(&file).unwrap();
    let loaded = model.load_file(&file);
    let rhos = |model: &Network, posterior: &MeanField| {
        let mut rhos = Vec::new();
        posterior.visit(model, |weights| rhos.extend(numbers(weights.rho())));
        rhos
    };
    let loaded = rhos(&loaded, &posterior);
    // Only now: values are read from the file when they are first needed.
    for entry in std::fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        if entry.path().file_stem() == file.file_stem() {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    assert!((loaded[0] - (1.5_f64.exp() - 1.0).ln()).abs() < 1e-6, "{}", loaded[0]);
}

/// To double precision.
struct Cast;
impl burn::module::ModuleMapper for Cast {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.cast(DType::F64))
    }
}

/// Any rank, in double precision too.
#[test]
fn convolutions_in_double_precision() {
    let device = Device::flex();
    let conv = Conv2dConfig::new([2, 4], [3, 3]).init(&device);
    let conv = conv.map(&mut Cast);
    let std = WeightScale { gain: 0.9, vector: 0.3 };
    let config = MeanFieldConfig::new().with_start(Start::Zero).with_initial_std(std);
    let (conv, posterior) = config.init(conv, Key::new(8));
    posterior.draw(0);
    let weight = conv.weight.val();
    assert_eq!(weight.dtype(), DType::F64);
    assert_eq!(weight.dims(), [4, 2, 3, 3]);
    posterior.visit(&conv, |weights| {
        let expected = if weights.shape().len() == 4 { 0.9 / 18.0_f64.sqrt() } else { 0.3 };
        assert!((numbers(weights.std_dev())[0] / expected - 1.0).abs() < 1e-13);
    });
    let image = Tensor::<4>::ones([1, 2, 5, 5], (&device, DType::F64));
    assert_eq!(conv.forward(image).dims(), [1, 4, 3, 3]);
}

#[test]
#[should_panic(expected = "already belongs to a mean-field parameter")]
fn a_network_is_turned_once() {
    let (model, _) = network(&Device::flex());
    let _ = MeanFieldConfig::new().init(model, Key::new(0));
}

#[test]
fn pruning_removes_the_weights_that_say_least() {
    let device = Device::flex();
    let (model, posterior) = network(&device);
    posterior.mean();
    let original = read(&model.first.weight);
    let pruned = posterior.prune(&model, 0.5);
    let total = 4 * 8 + 8 + 8 + 8 + 8 * 3 + 3;
    assert_eq!(pruned.total, total);
    // The norm's shifts start at 0, so ties at the threshold may keep a few.
    assert!(pruned.removed <= total.div_ceil(2) && pruned.removed + 8 >= total / 2);
    let kept = read(&pruned.network.first.weight);
    let std = 0.1 / 2.0;
    for (kept, original) in kept.iter().zip(&original) {
        let stays = original.abs() / std >= pruned.threshold * (1.0 + 1e-6);
        let goes = original.abs() / std < pruned.threshold * (1.0 - 1e-6);
        assert!(!stays || kept == original);
        assert!(!goes || *kept == 0.0);
    }
    assert_eq!(posterior.prune(&model, 0.0).removed, 0);
    assert_eq!(posterior.prune(&model, 1.0).removed, total);
}

/// Two posteriors in one network, one of them in a field whose name is that of what is attached:
/// each handle governs its own.
#[test]
fn two_posteriors_in_one_network() {
    #[derive(Module, Debug)]
    struct Pair {
        mean_field: Network,
        other: Network,
    }
    let device = Device::flex();
    let config = MeanFieldConfig::new();
    let (first, of_first) = config.init(Network::new(&device), Key::new(1));
    let (second, of_second) = config.init(Network::new(&device), Key::new(2));
    let pair = Pair { mean_field: first, other: second };
    of_second.draw(5);
    let untouched = read(&pair.other.last.weight);
    let sampled = of_first.sample(&pair, 9);
    assert_eq!(read(&sampled.other.last.weight), untouched);
    of_first.draw(9);
    assert_eq!(read(&sampled.mean_field.last.weight), read(&pair.mean_field.last.weight));
    let paths = |posterior: &MeanField| {
        let mut paths = Vec::new();
        posterior.visit(&pair, |weights| paths.push(weights.path().to_owned()));
        paths
    };
    assert_eq!(paths(&of_first)[0], "mean_field.first.weight");
    assert_eq!(paths(&of_second)[0], "other.first.weight");
    assert_eq!([paths(&of_first).len(), paths(&of_second).len()], [6, 6]);
    // Every parameter shows its state: it must not show everybody's noise.
    assert!(format!("{:?}", pair.other.last).len() < 2000);
}
