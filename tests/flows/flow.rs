//! Flows as distributions and as modules.

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::ModuleRecord;
use burn::tensor::{DType, Device, Tensor};
use pushforward::nn::flows::*;
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::layers::layers;
use crate::{noise, randomised, read};

const FEATURES: usize = 5;

fn flow(context: usize, device: &Device) -> Flow {
    let layers = layers(context, device).into_iter().map(|(_, layer)| layer);
    Flow::standard(layers.collect(), device)
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

/// A flow with its parameters cast is a flow in the other precision: draws, densities, gradients.
#[test]
fn a_flow_can_be_cast() {
    for device in [Device::flex(), Device::flex().autodiff()] {
        // Not clones of one another, which would share statistics.
        let [single, double] = [0, 1].map(|_| randomised(flow(0, &device), 0.1, 5, DType::F32));
        let (single, double) = (single.freeze(), double.freeze().map(&mut Cast(DType::F64)));
        let shape = [200, FEATURES];
        let (x, log_prob) = double.rsample_and_log_prob(shape, &mut StdRng::seed_from_u64(1));
        assert_eq!((x.dtype(), log_prob.dtype()), (DType::F64, DType::F64));
        assert_eq!(double.shape(), [1, FEATURES]);
        let own = double.log_prob(x.clone());
        for (a, b) in read(&log_prob).into_iter().zip(read(&own)) {
            assert!((a - b).abs() < 1e-6 * (1.0 + a.abs()), "{a} and {b}");
        }
        let narrow = single.log_prob(x.cast(DType::F32));
        assert_eq!(narrow.dtype(), DType::F32);
        for (a, b) in read(&narrow).into_iter().zip(read(&own)) {
            assert!((a - b).abs() < 2e-3 * (1.0 + b.abs()), "{a} and {b}");
        }
        let back = double.map(&mut Cast(DType::F32));
        assert_eq!(back.sample(shape, &mut StdRng::seed_from_u64(1)).dtype(), DType::F32);
    }
    // Layers without parameters have the precision of the values, and draws that of the device.
    let order = PermutationConfig::new(2).init(&Device::flex());
    let flow = Flow::standard(vec![order], &Device::flex());
    let x = noise([3, 2], 1.0, 1, &(Device::flex(), DType::F64));
    assert_eq!(flow.log_prob(x).dtype(), DType::F64);
    assert_eq!(flow.sample([3, 2], &mut StdRng::seed_from_u64(1)).dtype(), DType::F32);
}

struct Cast(DType);

impl ModuleMapper for Cast {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        parameter.map(|old| {
            let tracked = old.is_require_grad();
            old.detach().cast(self.0).set_require_grad(tracked)
        })
    }
}

/// Each layer's record gives the same density and the same draws, bit for bit.
#[test]
fn records_restore_every_layer() {
    let device = Device::flex();
    let x = noise([50, FEATURES], 2.0, 12, &(device.clone(), DType::F32));
    for width in [0, 3] {
        let context = noise([50, 3], 1.0, 13, &(device.clone(), DType::F32));
        let results = |flow: &Flow| {
            let draw = &mut StdRng::seed_from_u64(3);
            let [density, draws] = if width > 0 {
                let given = flow.given(context.clone());
                [given.log_prob(x.clone()), given.sample([50, FEATURES], draw)]
            } else {
                [flow.log_prob(x.clone()), flow.sample([50, FEATURES], draw)]
            };
            (read(&density), read(&draws))
        };
        for (name, layer) in layers(width, &device) {
            let fresh = Flow::standard(vec![layer], &device);
            let trained = randomised(fresh.clone(), 0.3, 17, DType::F32);
            let bytes = trained.clone().into_record().into_bytes().expect("bytes");
            let loaded =
                fresh.clone().load_record(ModuleRecord::from_bytes(bytes).expect("a record"));
            assert_eq!(results(&loaded), results(&trained), "{name}, context {width}");
            let parameters = !matches!(fresh.layers()[0], Layer::Permutation(_));
            assert_eq!(results(&fresh) != results(&trained), parameters, "{name}");
        }
    }
}

/// So does that of the statistics which batch normalisation has seen.
#[test]
fn records_restore_statistics() {
    let device = Device::flex().autodiff();
    let make = || {
        let norm = FlowBatchNormConfig::new(FEATURES).init(&device);
        Flow::standard(vec![Layer::BatchNorm(norm)], &device)
    };
    let trained = make();
    let data = noise([100, FEATURES], 2.0, 12, &(device.clone(), DType::F32)) + 3.0;
    let _ = trained.log_prob(data.clone());
    let record = trained.clone().into_record();
    let (trained, loaded) = (trained.valid(), make().load_record(record).valid());
    let data = data.without_autodiff();
    let expected = read(&trained.log_prob(data.clone()));
    assert_eq!(read(&loaded.log_prob(data.clone())), expected);
    assert_ne!(read(&make().valid().log_prob(data)), expected);
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
            Layer::LuLinear(LuLinearConfig::new(FEATURES).with_seed(seed).init(&device)),
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
    let setting = (device, DType::F32);
    let context = noise([40, 3], 1.0, 16, &setting);
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
