//! Log-densities and their gradients.

use std::hint::black_box;

use burn::tensor::{Int, Tensor};
use pushforward::prelude::*;

use crate::Setting;

fn with_gradients(setting: &Setting) -> f64 {
    let value = Tensor::from_inner(setting.numbers(-3.0, 3.0));
    let (loc, scale) = (setting.tracked(-1.0, 1.0), setting.tracked(0.5, 2.0));
    setting.best(|| {
        let log_prob = Normal::new(loc.clone(), scale.clone()).log_prob(value.clone());
        let gradients = log_prob.clone().sum().backward();
        black_box((log_prob, loc.grad(&gradients), scale.grad(&gradients)));
    })
}

pub fn measure(row: &str, setting: &Setting) -> Option<f64> {
    let one = Setting { count: 1, device: setting.device.clone(), ..*setting };
    let of = |law: &dyn Distribution<1, Kind = burn::tensor::Float>, x: Tensor<1>| {
        setting.best(|| drop(black_box(law.log_prob(x.clone()))))
    };
    let (loc, scale) = (|| setting.numbers(-1.0, 1.0), || setting.numbers(0.5, 2.0));
    Some(match row {
        "normal_log_prob" => of(&Normal::new(loc(), scale()), setting.numbers(-3.0, 3.0)),
        "normal_gradient" => with_gradients(setting),
        "log_normal_log_prob" => of(&LogNormal::new(loc(), scale()), setting.numbers(0.1, 5.0)),
        "gamma_log_prob" => {
            of(&Gamma::new(setting.numbers(0.1, 4.1), scale()), setting.numbers(0.1, 5.0))
        }
        "categorical_log_prob" => {
            let law = Categorical::from_logits(setting.uniform([10_000, 100], -3.0, 3.0));
            let index: Tensor<2, Int> = setting.uniform([10_000, 1], 0.0, 99.9).floor().int();
            setting.best(|| drop(black_box(law.log_prob(index.clone()))))
        }
        "normal_one" => {
            let law = Normal::new(one.numbers(-1.0, 1.0), one.numbers(0.5, 2.0));
            of(&law, one.numbers(-3.0, 3.0))
        }
        "normal_one_gradient" => with_gradients(&one),
        _ => return None,
    })
}
