//! The work that `benches/peers/run.py` times beside other libraries: reads lines `row seconds` or
//! `row@elements seconds` and answers the best time in milliseconds, so that the script can
//! interleave all contestants.

mod densities;
mod draws;
#[allow(dead_code, reason = "shared with other benches")]
#[path = "../common/networks.rs"]
mod networks;
mod special;

use std::io::{BufRead, Write, stdin, stdout};
use std::time::{Duration, Instant};

use burn::tensor::{Device, Distribution as Fill, Tensor};
use networks::{BayesianTraining, FlowTraining, couplings};
use pushforward::nn::flows::{ElementConfig, SplineConfig};

const COUNT: usize = 1_000_000;

/// What a row is measured on.
struct Setting {
    /// Elements, where the row does not fix them.
    count: usize,
    time: Duration,
    device: Device,
}

impl Setting {
    fn uniform<const D: usize>(&self, shape: [usize; D], low: f64, high: f64) -> Tensor<D> {
        Tensor::random(shape, Fill::Uniform(low, high), &self.device)
    }

    /// Numbers of `count`.
    fn numbers(&self, low: f64, high: f64) -> Tensor<1> {
        self.uniform([self.count], low, high)
    }

    /// The same, of which gradients are asked.
    fn tracked(&self, low: f64, high: f64) -> Tensor<1> {
        Tensor::from_inner(self.numbers(low, high)).require_grad()
    }

    /// The best of as many runs as fit, in milliseconds.
    fn best(&self, mut work: impl FnMut()) -> f64 {
        let begin = Instant::now();
        let mut best = f64::INFINITY;
        while begin.elapsed() < self.time {
            let start = Instant::now();
            work();
            best = best.min(start.elapsed().as_secs_f64());
        }
        best * 1e3
    }
}

fn networks(row: &str, setting: &Setting) -> Option<f64> {
    let device = setting.device.clone().autodiff();
    Some(match row {
        "bnn_step" => {
            let mut training = BayesianTraining::new(&device);
            setting.best(|| training.step())
        }
        "flow_step" => {
            let flow = couplings(&ElementConfig::Spline(SplineConfig::new()), &device);
            let mut training = FlowTraining::new(flow, &device);
            setting.best(|| training.step())
        }
        _ => return None,
    })
}

/// The best time of a row in milliseconds.
fn measure(row: &str, setting: &Setting) -> Option<f64> {
    let kinds = [densities::measure, draws::measure, special::measure, networks];
    kinds.into_iter().find_map(|kind| kind(row, setting))
}

fn main() {
    for line in stdin().lock().lines() {
        let line = line.expect("the script writes text");
        let Some((row, seconds)) = line.split_once(' ') else {
            continue;
        };
        let (row, count) = row.split_once('@').unwrap_or((row, ""));
        let setting = Setting {
            count: count.parse().unwrap_or(COUNT),
            time: Duration::from_secs_f64(seconds.parse().unwrap_or(0.5)),
            device: Device::flex(),
        };
        match measure(row, &setting) {
            Some(milliseconds) => println!("{milliseconds}"),
            None => println!("unknown row {row}"),
        }
        stdout().flush().expect("the script reads");
    }
}
