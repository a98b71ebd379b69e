//! Flows as distributions and as modules.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::flows::*;
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::layers::{layers, takes_context};
use crate::{noise, randomised, read};

const FEATURES: usize = 5;

fn flow(context: usize, device: &Device) -> Flow {
    let layers = layers(context, device).into_iter().map(|(_, layer)| layer);
    let kept = layers.filter(|layer| context == 0 || takes_context(layer));
    Flow::standard(kept.collect(), device)
}

/// What comes out with a density has that density.
#[test]
fn draws_have_the_density_they_come_with() {
    let device = Device::flex();
    let flow = randomised(flow(0, &device), 0.1, 5, DType::F32);
    let (x, log_prob) = flow.rsample_and_log_prob([500, FEATURES], &mut StdRng::seed_from_u64(1));
    let again = flow.sample([500, FEATURES], &mut StdRng::seed_from_u64(1));
    assert_eq!(read(&x), read(&again));
    for (a, b) in read(&log_prob).into_iter().zip(read(&flow.log_prob(x))) {
        assert!((a - b).abs() < 2e-3 * (1.0 + a.abs()), "{a} and {b}");
    }
}

/// The density of a flow over the plane integrates to 1.
#[test]
fn densities_integrate_to_one() {
    let device = Device::flex();
    let spline = ElementConfig::Spline(SplineConfig::new().with_bound(3.0));
    let layers = [ElementConfig::Affine, spline.clone(), ElementConfig::Additive, spline];
    let layers = layers.into_iter().enumerate().map(|(index, element)| {
        let config = CouplingConfig::new(2).with_element(element).with_swap(index % 2 == 1);
        Layer::Coupling(config.init(&device))
    });
    let flow = randomised(Flow::standard(layers.collect(), &device), 0.25, 9, DType::F32);
    let steps = 400;
    let width = 24.0 / steps as f64;
    let grid: Vec<f32> = (0..steps * steps)
        .flat_map(|at| [at / steps, at % steps])
        .map(|at| ((at as f64 + 0.5) * width - 12.0) as f32)
        .collect();
    let grid = Tensor::<1>::from_floats(grid.as_slice(), &device).reshape([steps * steps, 2]);
    let total: f64 = read(&flow.log_prob(grid)).into_iter().map(f64::exp).sum();
    let total = total * width * width;
    assert!((total - 1.0).abs() < 1e-3, "{total}");
}

#[test]
fn records_restore_the_density() {
    let device = Device::flex();
    let trained = randomised(flow(0, &device), 0.2, 11, DType::F32);
    let x = noise([100, FEATURES], 2.0, 12, &(device.clone(), DType::F32));
    let path = std::env::temp_dir().join(format!("pushforward-flow-{}.bpk", std::process::id()));
    trained.clone().save_file(&path).unwrap();
    let fresh = flow(0, &device);
    assert_ne!(read(&fresh.log_prob(x.clone())), read(&trained.log_prob(x.clone())));
    let loaded = fresh.load_file(&path);
    assert_eq!(read(&loaded.log_prob(x.clone())), read(&trained.log_prob(x)));
    // Records are read when they are first used.
    std::fs::remove_file(&path).unwrap();
}

/// Masks and orders are part of what is recorded: another seed's are replaced.
#[test]
fn records_restore_orders() {
    let device = Device::flex();
    let make = |seed| {
        let network = AutoregressiveConfig::new(FEATURES).with_order(Order::Random).with_seed(seed);
        let order = PermutationConfig::new(FEATURES).with_order(Order::Random).with_seed(seed);
        let layers = vec![
            Layer::Autoregressive(network.init(&device)),
            Layer::Permutation(order.init(&device)),
        ];
        randomised(Flow::standard(layers, &device), 0.3, seed, DType::F32)
    };
    let (trained, other) = (make(1), make(2));
    let x = noise([50, FEATURES], 2.0, 13, &(device.clone(), DType::F32));
    let loaded = other.load_record(trained.clone().into_record());
    assert_eq!(read(&loaded.log_prob(x.clone())), read(&trained.log_prob(x)));
}

#[test]
fn contexts_give_conditional_densities() {
    let device = Device::flex();
    let flow = randomised(flow(3, &device), 0.2, 15, DType::F32);
    let machine = (device, DType::F32);
    let context = noise([40, 3], 1.0, 16, &machine);
    let given = flow.given(context.clone());
    assert_eq!(given.shape(), [40, FEATURES]);
    let (x, log_prob) = given.rsample_and_log_prob([40, FEATURES], &mut StdRng::seed_from_u64(2));
    let own = read(&given.log_prob(x.clone()));
    for (a, b) in read(&log_prob).into_iter().zip(&own) {
        assert!((a - b).abs() < 2e-3 * (1.0 + a.abs()), "{a} and {b}");
    }
    let other = read(&flow.given(context.flip([0])).log_prob(x));
    assert!(own.iter().zip(other).filter(|(a, b)| (*a - b).abs() > 1e-3).count() > 20);
}

/// A few steps of maximum likelihood learn a correlation: the loss comes close to the entropy.
#[test]
fn training_finds_a_correlated_normal() {
    let device = Device::flex().autodiff();
    let layers = (0..3).map(|index| {
        let config = CouplingConfig::new(2).with_hidden(16).with_swap(index % 2 == 1);
        Layer::Coupling(config.with_seed(index).init(&device))
    });
    let mut flow = Flow::standard(layers.collect(), &device);
    let mut optimizer = AdamConfig::new().init();
    let mut rng = StdRng::seed_from_u64(3);
    let normal = Normal::<2>::standard(&device);
    let mut draw = || {
        let z: Tensor<2> = normal.sample([256, 2], &mut rng);
        let (a, b) = (z.clone().narrow(1, 0, 1), z.narrow(1, 1, 1));
        Tensor::cat(vec![a.clone(), a * 0.9 + b * 0.2 + 1.0], 1)
    };
    for _ in 0..400 {
        let loss = -flow.log_prob(draw()).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &flow);
        flow = optimizer.step(5e-3, flow, gradients);
    }
    let loss: f64 = (0..8).map(|_| -flow.log_prob(draw()).mean().into_scalar::<f64>()).sum();
    let entropy = (2.0 * std::f64::consts::PI).ln() + 1.0 + 0.2_f64.ln();
    assert!((loss / 8.0 - entropy).abs() < 0.05, "{} for {entropy}", loss / 8.0);
}
