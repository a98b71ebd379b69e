//! Densities and draws on every compiled-in device: forward and with gradient, 1 to 10⁷ elements,
//! parameters as single numbers and as tensors, f32 and f64.
//!
//! `cargo bench --bench densities -- normal` runs one group.

use std::hint::black_box;

use burn::tensor::{DType, Device, Distribution as Fill, Tensor};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box_drop};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

const SIZES: [usize; 5] = [1, 1_000, 100_000, 1_000_000, 10_000_000];

fn main() {
    divan::main();
}

/// A device, a precision, and whether parameters are tensors of the size of the value.
#[derive(Clone, Debug)]
struct Setting {
    name: String,
    device: Device,
    dtype: DType,
    wide: bool,
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.name)
    }
}

#[allow(deprecated, reason = "NdArray keeps its users")]
fn settings() -> Vec<Setting> {
    let devices = [
        #[cfg(feature = "flex")]
        ("flex", Device::flex()),
        #[cfg(feature = "ndarray")]
        ("ndarray", Device::ndarray()),
        #[cfg(feature = "wgpu")]
        ("wgpu", Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
    ];
    let mut settings = Vec::new();
    for (device_name, device) in devices {
        for (dtype_name, dtype) in [("f32", DType::F32), ("f64", DType::F64)] {
            if dtype == DType::F64 && device_name == "wgpu" {
                continue;
            }
            for (shape, wide) in [("scalars", false), ("tensors", true)] {
                let name = format!("{device_name} {dtype_name} {shape}");
                settings.push(Setting { name, device: device.clone(), dtype, wide });
            }
        }
    }
    settings
}

impl Setting {
    fn fill(&self, size: usize, low: f64, high: f64) -> Tensor<1> {
        Tensor::random([size], Fill::Uniform(low, high), (&self.device, self.dtype))
    }

    fn parameter(&self, size: usize, low: f64, high: f64) -> Tensor<1> {
        self.fill(if self.wide { size } else { 1 }, low, high)
    }

    fn wait(&self) {
        self.device.sync().expect("the device finishes");
    }
}

/// Every setting with every size.
fn cases() -> impl Iterator<Item = (Setting, usize)> {
    settings().into_iter().flat_map(|setting| SIZES.map(|size| (setting.clone(), size)))
}

struct Case(Setting, usize);

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:e}", self.0, self.1)
    }
}

fn all() -> impl Iterator<Item = Case> {
    cases().map(|(setting, size)| Case(setting, size))
}

fn forward(bencher: Bencher<'_, '_>, case: &Case, work: impl Fn() -> Tensor<1>) {
    bencher.counter(ItemsCount::new(case.1)).bench_local(|| {
        black_box_drop(black_box(work()));
        case.0.wait();
    });
}

#[divan::bench(args = all())]
fn normal_log_prob(bencher: Bencher<'_, '_>, case: &Case) {
    let Case(setting, size) = case;
    let law = Normal::new(setting.parameter(*size, -1.0, 1.0), setting.parameter(*size, 0.5, 2.0));
    let x = setting.fill(*size, -3.0, 3.0);
    forward(bencher, case, || law.log_prob(x.clone()));
}

#[divan::bench(args = all())]
fn normal_log_prob_with_gradient(bencher: Bencher<'_, '_>, case: &Case) {
    let Case(setting, size) = case;
    let track = |x: Tensor<1>| Tensor::from_inner(x).require_grad();
    let loc = track(setting.parameter(*size, -1.0, 1.0));
    let scale = track(setting.parameter(*size, 0.5, 2.0));
    let x = Tensor::from_inner(setting.fill(*size, -3.0, 3.0));
    forward(bencher, case, || {
        let log_prob = Normal::new(loc.clone(), scale.clone()).log_prob(x.clone());
        let gradients = log_prob.sum().backward();
        loc.grad(&gradients).expect("tracked") + scale.grad(&gradients).expect("tracked")
    });
}

#[divan::bench(args = all())]
fn log_normal_log_prob(bencher: Bencher<'_, '_>, case: &Case) {
    let Case(setting, size) = case;
    let law =
        LogNormal::new(setting.parameter(*size, -1.0, 1.0), setting.parameter(*size, 0.5, 2.0));
    let x = setting.fill(*size, 0.1, 5.0);
    forward(bencher, case, || law.log_prob(x.clone()));
}

#[divan::bench(args = all())]
fn gamma_log_prob(bencher: Bencher<'_, '_>, case: &Case) {
    let Case(setting, size) = case;
    let law = Gamma::new(setting.parameter(*size, 0.1, 4.1), setting.parameter(*size, 0.5, 2.0));
    let x = setting.fill(*size, 0.1, 5.0);
    forward(bencher, case, || law.log_prob(x.clone()));
}

#[divan::bench(args = all())]
fn tanh_normal_draw_and_log_prob(bencher: Bencher<'_, '_>, case: &Case) {
    let Case(setting, size) = case;
    let law = Normal::new(setting.parameter(*size, -1.0, 1.0), setting.parameter(*size, 0.5, 2.0))
        .pushforward(Tanh);
    let rng = std::cell::RefCell::new(StdRng::seed_from_u64(1));
    forward(bencher, case, || law.rsample_and_log_prob([*size], &mut *rng.borrow_mut()).1);
}
