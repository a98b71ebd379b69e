//! Normalizing flows: splines, layers and the distributions made of them.

#[path = "../common/mod.rs"]
mod common;
mod edges;
mod flow;
mod gradients;
mod layers;
mod normalisation;
mod spline;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{DType, FloatDType, Tensor, TensorData};
use common::Setting;
use pushforward::random::{self, Key};

/// Uniform numbers on (−size, size).
fn noise<const D: usize>(
    shape: [usize; D],
    size: f64,
    seed: u64,
    (device, dtype): &Setting,
) -> Tensor<D> {
    random::uniform(shape, Key::new(seed), device, *dtype) * (2.0 * size) - size
}

fn tensor<const D: usize>(
    numbers: &[f64],
    shape: [usize; D],
    (device, dtype): &Setting,
) -> Tensor<D> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), shape), (device, *dtype))
}

fn read<const D: usize>(tensor: &Tensor<D>) -> Vec<f64> {
    tensor.clone().detach().into_data().iter::<f64>().collect()
}

/// Gives every parameter random numbers of its own, in one precision.
struct Random {
    key: Key,
    next: u64,
    size: f64,
    dtype: DType,
    path: Vec<String>,
}

impl ModuleMapper for Random {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let key = self.key.fold_in(self.next);
        self.next += 1;
        // Statistics are no parameters, and a variance is not negative.
        let statistic = self.path.last().is_some_and(|name| name.starts_with("running"));
        parameter.map(|old| {
            if statistic {
                return old.cast(FloatDType::from(self.dtype));
            }
            let numbers = random::uniform(old.dims(), key, &old.device(), self.dtype);
            let numbers: Tensor<D> = numbers * (2.0 * self.size) - self.size;
            // A new leaf, tracked as the old one was.
            numbers
                .detach()
                .cast(FloatDType::from(self.dtype))
                .set_require_grad(old.is_require_grad())
        })
    }
}

/// The module with random parameters on (−size, size).
fn randomised<M: Module>(module: M, size: f64, seed: u64, dtype: DType) -> M {
    module.map(&mut Random { key: Key::new(seed), next: 0, size, dtype, path: vec![] })
}
