//! Draws and their gradients.

use std::hint::black_box;

use burn::tensor::DType;
use pushforward::prelude::*;
use pushforward::random::{self, Key};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::Setting;

pub fn measure(row: &str, setting: &Setting) -> Option<f64> {
    let rng = &mut StdRng::seed_from_u64(1);
    let shape = [setting.count];
    let normal = || Normal::new(setting.numbers(-1.0, 1.0), setting.numbers(0.5, 2.0));
    Some(match row {
        "tanh_normal" => {
            let law = normal().pushforward(Tanh);
            setting.best(|| drop(black_box(law.rsample_and_log_prob(shape, rng))))
        }
        "normal_rsample" => {
            let law = normal();
            setting.best(|| drop(black_box(law.rsample(shape, rng))))
        }
        "uniform" => {
            let (key, device) = (Key::from_rng(rng), &setting.device);
            setting.best(|| drop(black_box(random::uniform(shape, key, device, DType::F32))))
        }
        "gamma_rsample" => {
            let law = Gamma::new(setting.numbers(0.1, 4.1), setting.numbers(0.5, 2.0));
            setting.best(|| drop(black_box(law.rsample(shape, rng))))
        }
        "gamma_rsample_gradient" => {
            let (concentration, rate) = (setting.tracked(0.1, 4.1), setting.tracked(0.5, 2.0));
            setting.best(|| {
                let draws = Gamma::new(concentration.clone(), rate.clone()).rsample(shape, rng);
                let gradients = draws.clone().sum().backward();
                black_box((draws, concentration.grad(&gradients), rate.grad(&gradients)));
            })
        }
        "beta_rsample" => {
            let law = Beta::new(setting.numbers(0.1, 4.1), setting.numbers(0.1, 4.1));
            setting.best(|| drop(black_box(law.rsample(shape, rng))))
        }
        "poisson_sample" => {
            let law = Poisson::new(setting.numbers(5.0, 20.0));
            setting.best(|| drop(black_box(law.sample(shape, rng))))
        }
        "categorical_sample" => {
            let law = Categorical::from_logits(setting.uniform([10_000, 100], -3.0, 3.0));
            setting.best(|| drop(black_box(law.sample([10_000, 1], rng))))
        }
        _ => return None,
    })
}
