//! Special functions.

use std::hint::black_box;

use burn::tensor::Tensor;
use pushforward::special::{digamma, erfinv, gammainc, lgamma};

use crate::Setting;

pub fn measure(row: &str, setting: &Setting) -> Option<f64> {
    let of = |function: &dyn Fn(Tensor<1>) -> Tensor<1>, x: Tensor<1>| {
        setting.best(|| drop(black_box(function(x.clone()))))
    };
    Some(match row {
        "lgamma" => of(&lgamma, setting.numbers(0.1, 10.0)),
        "digamma" => of(&digamma, setting.numbers(0.1, 10.0)),
        "erfinv" => of(&erfinv, setting.numbers(-0.999, 0.999)),
        "gammainc" => {
            let a = setting.numbers(0.1, 10.0);
            of(&|x| gammainc(a.clone(), x), setting.numbers(0.1, 10.0))
        }
        _ => return None,
    })
}
