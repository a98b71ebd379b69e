//! An instance of a family in the registry: parameters, how to build it, what to run on it.

use burn::tensor::{DType, Device, Tensor, TensorData};
use pushforward::bijector::Bijector;
use pushforward::distribution::Distribution;
use pushforward::testing::*;

use super::capabilities::{Capabilities, Erased, Outcome};
use crate::common::Promises;

/// The columns of the capability table.
pub(crate) const CAPABILITIES: [&str; 7] = [
    "`log_prob`, `sample`",
    "`rsample`",
    "`cdf` … `quantile`",
    "moments",
    "entropy",
    "KL to its kind",
    "parameters",
];

type Law = Box<dyn Fn(&Device, DType) -> Vec<Outcome> + Sync>;

/// A distribution or bijector of one rank, its type forgotten.
pub(crate) struct Entry {
    /// The file of the family, without its ending.
    pub file: &'static str,
    /// Name and way of construction.
    pub label: String,
    pub rank: usize,
    /// For distributions, in the order of [`CAPABILITIES`].
    pub capabilities: Option<[bool; 7]>,
    pub values: Law,
    /// On an autodiff device.
    pub gradients: Law,
    pub across: Box<dyn Fn(&Device, &Device, DType) -> Vec<Outcome> + Sync>,
}

/// The numbers of a parameter and their shape.
pub(crate) type Numbers<const D: usize> = (Vec<f64>, [usize; D]);

fn tensors<const D: usize>(
    numbers: &[Numbers<D>],
    device: &Device,
    dtype: DType,
) -> Vec<Tensor<D>> {
    let tensor = |(numbers, shape): &Numbers<D>| {
        let data = TensorData::new(numbers.clone(), *shape).convert_dtype(dtype);
        Tensor::from_data(data, (device, dtype))
    };
    numbers.iter().map(tensor).collect()
}

fn check(name: &str, device: &Device, dtype: DType) -> Check {
    let check = Check::new(format!("{name} on {device:?} in {dtype:?}")).draws(40_000);
    if device.is_host() { check } else { check.apart(8.0) }
}

/// Registers a distribution.
pub(crate) fn distribution<T, const D: usize>(
    file: &'static str,
    name: &str,
    numbers: Vec<Numbers<D>>,
    capabilities: Capabilities<T, D>,
    build: impl Fn(&[Tensor<D>]) -> T + Copy + Sync + 'static,
) -> Entry
where
    T: Distribution<D> + 'static,
    T::Kind: Values,
{
    let (label, name) = (name.to_string(), format!("{name}, rank {D}"));
    let row = [
        true,
        capabilities.reparameterized.is_some(),
        capabilities.univariate.is_some(),
        capabilities.moments.is_some(),
        capabilities.entropy.is_some(),
        capabilities.divergence.is_some(),
        capabilities.parametric,
    ];
    // Another instance of the family: every parameter moves on by one column.
    let rotated: Vec<Numbers<D>> = (numbers.iter().cloned())
        .map(|(mut numbers, shape)| {
            numbers.rotate_left(1);
            (numbers, shape)
        })
        .collect();
    let (smooth, divergence) = (capabilities.gradients, capabilities.divergence);
    let learnable = capabilities.learnable;
    let laws = [
        capabilities.reparameterized,
        capabilities.univariate,
        capabilities.moments,
        capabilities.entropy,
    ];
    let (shown, of_values) = (name.clone(), numbers.clone());
    // At rank 1 the other instance is the same one. There a divergence is least, and infinite as
    // soon as one end of a support moves the wrong way: the last law, of its gradient, says nothing.
    let laws_of_gradients = if D == 1 { smooth.len() - 1 } else { smooth.len() };
    let others = rotated.clone();
    let values = move |device: &Device, dtype| {
        let check = check(&shown, device, dtype);
        let parameters = tensors(&of_values, device, dtype);
        let instance = build(&parameters);
        let erased: &dyn Distribution<D, Kind = T::Kind> = &instance;
        let build_erased: Erased<D, dyn Distribution<D, Kind = T::Kind>> = &|p| Box::new(build(p));
        let mut outcomes: Vec<Outcome> = density::laws(erased, &check).into();
        outcomes.extend(sampling::laws(erased, &check));
        outcomes.extend(shapes::laws(&parameters, &check, build_erased));
        outcomes.push(edges::nan_parameters_give_nan(&parameters, &check, build_erased));
        for law in laws.iter().flatten() {
            outcomes.extend(law(&instance, &check));
        }
        if let Some(law) = divergence {
            let other = build(&tensors(&rotated, device, dtype));
            outcomes.push(law(&instance, &other, &check));
        }
        outcomes
    };
    let (shown, of_gradients) = (name.clone(), numbers.clone());
    let gradients = move |device: &Device, dtype| {
        let check = check(&shown, device, dtype);
        let parameters = tensors(&of_gradients, &device.clone().inner(), dtype);
        let erased: Erased<D, dyn Distribution<D, Kind = T::Kind>> = &|p| Box::new(build(p));
        let mut outcomes = vec![
            gradients::of_log_prob(&parameters, device, &check, erased),
            edges::are_harmless(&parameters, device, &check, erased),
        ];
        let others = tensors(&others, &device.clone().inner(), dtype);
        for law in smooth.iter().take(laws_of_gradients).flatten() {
            outcomes.extend(law(&parameters, &others, device, &check, &build));
        }
        if let Some(law) = learnable {
            outcomes.extend(law(&build(&tensors(&of_gradients, device, dtype)), &check));
        }
        outcomes
    };
    let shown = name.clone();
    let across = move |here: &Device, there: &Device, dtype| {
        let check = check(&shown, here, dtype);
        let [here, there] = [here, there].map(|device| build(&tensors(&numbers, device, dtype)));
        let here: &dyn Distribution<D, Kind = T::Kind> = &here;
        let there: &dyn Distribution<D, Kind = T::Kind> = &there;
        vec![sampling::agree_across_devices(here, there, &check)]
    };
    Entry {
        file,
        label,
        rank: D,
        capabilities: Some(row),
        values: Box::new(values),
        gradients: Box::new(gradients),
        across: Box::new(across),
    }
}

/// Registers a bijector, tested on points of shape `shape`.
pub(crate) fn bijector<B, const D: usize>(
    file: &'static str,
    name: &str,
    numbers: Vec<Numbers<D>>,
    shape: [usize; D],
    build: impl Fn(&[Tensor<D>]) -> B + Copy + Sync + 'static,
) -> Entry
where
    B: Bijector<D> + 'static,
{
    let (label, name) = (name.to_string(), format!("{name}, rank {D}"));
    let (shown, of_values) = (name.clone(), numbers.clone());
    let values = move |device: &Device, dtype| {
        let check = check(&shown, device, dtype);
        let like = Tensor::zeros(shape, (device, dtype));
        let instance = build(&tensors(&of_values, device, dtype));
        let erased: &dyn Bijector<D> = &instance;
        bijector::laws(erased, &like, &check).into()
    };
    let shown = name.clone();
    let gradients = move |device: &Device, dtype| {
        let check = check(&shown, device, dtype);
        let plain = device.clone().inner();
        let like = Tensor::zeros(shape, (&plain, dtype));
        let parameters = tensors(&numbers, &plain, dtype);
        let erased: Erased<D, dyn Bijector<D>> = &|p| Box::new(build(p));
        vec![gradients::of_bijector(&parameters, &like, device, &check, erased)]
    };
    Entry {
        file,
        label,
        rank: D,
        capabilities: None,
        values: Box::new(values),
        gradients: Box::new(gradients),
        across: Box::new(|_, _, _| Vec::new()),
    }
}

/// Parameters from the values that each takes: one of them at rank 1, a row of all at rank 2, and
/// at rank 3 two of each that broadcast against each other.
pub(crate) fn spread<const D: usize>(values: &[&[f64]]) -> Vec<Numbers<D>> {
    let parameter = |(at, values): (usize, &&[f64])| {
        let mut shape = [1; D];
        let count = match D {
            1 => 1,
            2 => values.len(),
            _ => 2,
        };
        if D > 1 {
            let dim = if D > 2 && at % 2 == 0 { D - 2 } else { D - 1 };
            shape[dim] = count;
        }
        (values[..count].to_vec(), shape)
    };
    values.iter().enumerate().map(parameter).collect()
}
