//! The work that `benches/peers/run.py` times beside other libraries: reads lines `row seconds` or
//! `row@elements seconds` and answers the best time in milliseconds, so that the script can
//! interleave all contestants.

use std::hint::black_box;
use std::io::{BufRead, Write, stdin, stdout};
use std::time::{Duration, Instant};

use burn::tensor::{DType, Device, Distribution as Fill, Int, Tensor};
use pushforward::prelude::*;
use pushforward::random::{self, Key};
use rand::SeedableRng;
use rand::rngs::StdRng;

const COUNT: usize = 1_000_000;

fn uniform<const D: usize>(shape: [usize; D], low: f64, high: f64, device: &Device) -> Tensor<D> {
    Tensor::random(shape, Fill::Uniform(low, high), device)
}

/// The best of as many runs as fit.
fn best(time: Duration, mut work: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut best = f64::INFINITY;
    while begin.elapsed() < time {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best * 1e3
}

fn value_and_gradients(count: usize, device: &Device, time: Duration) -> f64 {
    let track = |x: Tensor<1>| Tensor::from_inner(x).require_grad();
    let value = Tensor::from_inner(uniform([count], -3.0, 3.0, device));
    let loc = track(uniform([count], -1.0, 1.0, device));
    let scale = track(uniform([count], 0.5, 2.0, device));
    best(time, || {
        let log_prob = Normal::new(loc.clone(), scale.clone()).log_prob(value.clone());
        let gradients = log_prob.clone().sum().backward();
        black_box((log_prob, loc.grad(&gradients), scale.grad(&gradients)));
    })
}

fn gamma_draws_and_gradients(count: usize, device: &Device, time: Duration) -> f64 {
    let track = |x: Tensor<1>| Tensor::from_inner(x).require_grad();
    let concentration = track(uniform([count], 0.1, 4.1, device));
    let rate = track(uniform([count], 0.5, 2.0, device));
    let mut rng = StdRng::seed_from_u64(1);
    best(time, || {
        let draws = Gamma::new(concentration.clone(), rate.clone()).rsample([count], &mut rng);
        let gradients = draws.clone().sum().backward();
        black_box((draws, concentration.grad(&gradients), rate.grad(&gradients)));
    })
}

/// The best time of a row in milliseconds, for `count` elements where the row does not fix them.
fn measure(row: &str, count: usize, time: Duration, device: &Device) -> Option<f64> {
    let one = |low, high, count| uniform([count], low, high, device);
    let normal = |count| Normal::new(one(-1.0, 1.0, count), one(0.5, 2.0, count));
    let mut rng = StdRng::seed_from_u64(1);
    Some(match row {
        "normal_log_prob" => {
            let (law, x) = (normal(count), one(-3.0, 3.0, count));
            best(time, || drop(black_box(law.log_prob(x.clone()))))
        }
        "normal_gradient" => value_and_gradients(count, device, time),
        "log_normal_log_prob" => {
            let law = LogNormal::new(one(-1.0, 1.0, count), one(0.5, 2.0, count));
            let x = one(0.1, 5.0, count);
            best(time, || drop(black_box(law.log_prob(x.clone()))))
        }
        "gamma_log_prob" => {
            let law = Gamma::new(one(0.1, 4.1, count), one(0.5, 2.0, count));
            let x = one(0.1, 5.0, count);
            best(time, || drop(black_box(law.log_prob(x.clone()))))
        }
        "tanh_normal" => {
            let law = normal(count).pushforward(Tanh);
            best(time, || drop(black_box(law.rsample_and_log_prob([count], &mut rng))))
        }
        "categorical_log_prob" => {
            let law = Categorical::from_logits(uniform([10_000, 100], -3.0, 3.0, device));
            let index = uniform([10_000, 1], 0.0, 99.9, device).floor();
            let index: Tensor<2, Int> = index.int();
            best(time, || drop(black_box(law.log_prob(index.clone()))))
        }
        "normal_one" => {
            let (law, x) = (normal(1), one(-3.0, 3.0, 1));
            best(time, || drop(black_box(law.log_prob(x.clone()))))
        }
        "normal_one_gradient" => value_and_gradients(1, device, time),
        "normal_rsample" => {
            let law = normal(count);
            best(time, || drop(black_box(law.rsample([count], &mut rng))))
        }
        "uniform" => {
            let key = Key::from_rng(&mut rng);
            let dtype = DType::F32;
            best(time, || drop(black_box(random::uniform([count], key, device, dtype))))
        }
        "gamma_rsample" => {
            let law = Gamma::new(one(0.1, 4.1, count), one(0.5, 2.0, count));
            best(time, || drop(black_box(law.rsample([count], &mut rng))))
        }
        "gamma_rsample_gradient" => gamma_draws_and_gradients(count, device, time),
        _ => return None,
    })
}

fn main() {
    let device = Device::flex();
    for line in stdin().lock().lines() {
        let line = line.expect("the script writes text");
        let Some((row, seconds)) = line.split_once(' ') else {
            continue;
        };
        let time = Duration::from_secs_f64(seconds.parse().unwrap_or(0.5));
        let (row, count) = row.split_once('@').unwrap_or((row, ""));
        let count = count.parse().unwrap_or(COUNT);
        match measure(row, count, time, &device) {
            Some(milliseconds) => println!("{milliseconds}"),
            None => println!("unknown row {row}"),
        }
        stdout().flush().expect("the script reads");
    }
}
