//! Laws of families as modules: see [`Learnable`].

use core::fmt::Debug;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::Tensor;

use super::points::{epsilon, numbers};
use super::{Check, Comparison, LawError, assert_law};
use crate::distribution::Distribution;
use crate::nn::{Learnable, LearnableConfig, Positivity};
use crate::parameter::Parametric;

/// A family that can be made learnable.
pub trait Family<const D: usize>:
    Distribution<D> + Parametric<D, WithRank<D> = Self> + Clone + Debug
{
}

impl<F, const D: usize> Family<D> for F where
    F: Distribution<D> + Parametric<D, WithRank<D> = F> + Clone
{
}

/// All laws of this module, in order, for an instance on an autodiff device.
#[must_use]
pub fn laws<const D: usize, F: Family<D>>(
    instance: &F,
    check: &Check,
) -> [Result<(), LawError>; 4] {
    [
        starts_where_given(instance, check),
        trained_parameters_get_gradients(instance, check),
        held_parameters_stay(instance, check),
        records_restore(instance, check),
    ]
}

/// Panics unless all laws of this module hold.
///
/// # Panics
///
/// If one does not.
#[track_caller]
pub fn assert_laws<const D: usize, F: Family<D>>(instance: &F, check: &Check) {
    laws(instance, check).into_iter().for_each(assert_law);
}

fn of_all<const D: usize>(tensors: impl IntoIterator<Item = Tensor<D>>) -> Vec<f64> {
    tensors.into_iter().flat_map(|tensor| numbers(tensor.detach())).collect()
}

fn values<const D: usize, F: Parametric<D>>(family: &F) -> Vec<Tensor<D>> {
    family.parameters().into_iter().map(|parameter| parameter.value).collect()
}

/// Either bijector onto positive numbers gives valid parameters back, to the rounding of both its
/// directions.
///
/// # Errors
///
/// Where it does not.
pub fn starts_where_given<const D: usize, F: Family<D>>(
    instance: &F,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("a learnable family starts where it is given", check);
    // Bounds and the other elements of a matrix are part of a sum that an element is.
    let largest = of_all(values(instance)).into_iter().filter(|value| value.is_finite());
    let largest = largest.fold(0.0, |largest: f64, value| largest.max(value.abs()));
    for positivity in [Positivity::Softplus, Positivity::Exp] {
        let learnable = LearnableConfig::new().with_positivity(positivity).init(instance.clone());
        let given = instance.parameters().into_iter().zip(values(&learnable.distribution()));
        for (parameter, value) in given {
            // What was given above the diagonal of a triangular matrix is not read, and lost.
            let valid = parameter.support.contains(parameter.value.clone()).all();
            if !valid.into_scalar::<bool>() {
                continue;
            }
            let roundings = check.roundings(epsilon(&value));
            // A parameter takes the shape of the bounds that it is broadcast with.
            let expected = numbers(parameter.value.detach().expand(value.dims()));
            let value = numbers(value.detach());
            for (value, expected) in value.into_iter().zip(expected) {
                let place = || format!("{} by {positivity:?}", parameter.name);
                if expected.is_infinite() {
                    comparison.holds(place, value == expected);
                    continue;
                }
                let logarithm = if expected == 0.0 { 0.0 } else { expected.abs().ln().abs() };
                let allowed = roundings * (expected.abs() * (1.0 + logarithm) + largest);
                comparison.near(place, value, expected, allowed);
            }
        }
    }
    comparison.finish()
}

/// The gradient of log-densities reaches every parameter that is trained, is finite, and is not all
/// zero.
///
/// # Errors
///
/// Where that is not so.
pub fn trained_parameters_get_gradients<const D: usize, F: Family<D>>(
    instance: &F,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("parameters that are trained get gradients", check);
    let learnable = Learnable::new(instance.clone());
    let draws = learnable.sample(learnable.shape(), &mut check.rng());
    let gradients = learnable.log_prob(draws).sum().backward();
    let mut largest = 0.0f64;
    for name in learnable.names().filter(|name| !learnable.is_held(name)) {
        let tensor = learnable.unconstrained(name);
        let Some(gradient) = tensor.and_then(|tensor| tensor.grad(&gradients)) else {
            comparison.holds(|| format!("{name} has a gradient"), false);
            continue;
        };
        for gradient in numbers(gradient) {
            comparison
                .holds(|| format!("{name} has the gradient {gradient}"), gradient.is_finite());
            largest = largest.max(gradient.abs());
        }
    }
    comparison.holds(|| "all gradients are zero".to_string(), largest > 0.0);
    comparison.finish()
}

/// What is held has exactly the given values and no gradient, even if the module is told to train.
///
/// # Errors
///
/// Where that is not so.
pub fn held_parameters_stay<const D: usize, F: Family<D>>(
    instance: &F,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("parameters that are held stay", check);
    let names = Learnable::new(instance.clone());
    let held = names.names().fold(LearnableConfig::new(), LearnableConfig::hold);
    let learnable = held.init(instance.clone()).unfreeze();
    let (given, kept) = (of_all(values(instance)), of_all(values(&learnable.distribution())));
    let same = given.iter().zip(&kept).all(|(a, b)| a.to_bits() == b.to_bits());
    comparison.holds(|| format!("{given:?} became {kept:?}"), same && given.len() == kept.len());
    let tracked = values(&learnable.distribution()).iter().any(|value| value.is_require_grad());
    comparison.holds(|| "a held parameter is trained".to_string(), !tracked);
    comparison.finish()
}

/// Another module of the family that loads the record has the same log-densities: bit for bit, unless
/// the check allows results of two calls to be [`apart`](Check::apart).
///
/// # Errors
///
/// Where it has not.
pub fn records_restore<const D: usize, F: Family<D>>(
    instance: &F,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("a record restores the module", check);
    let saved = LearnableConfig::new().init(instance.clone());
    let moved = Learnable::new(instance.clone()).map(&mut Move);
    let draws = instance.sample(instance.shape(), &mut check.rng());
    let density = |module: &Learnable<F, D>| of_all([module.log_prob(draws.clone())]);
    let expected = density(&saved);
    match moved.try_load_record(saved.clone().into_record()) {
        Err(error) => comparison.holds(|| error.to_string(), false),
        Ok(loaded) => {
            let epsilon = epsilon(&values(instance)[0]);
            for (at, (found, expected)) in density(&loaded).into_iter().zip(expected).enumerate() {
                // A density is a sum of terms of the size of 1 and more, which may cancel.
                let apart = check.apart * epsilon * (1.0 + expected.abs());
                comparison.near(|| format!("density {at}"), found, expected, apart);
            }
        }
    }
    comparison.finish()
}

/// Moves every parameter.
struct Move;

impl ModuleMapper for Move {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| {
            let trained = tensor.is_require_grad();
            (tensor + 0.125).detach().set_require_grad(trained)
        })
    }
}
