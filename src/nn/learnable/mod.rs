//! Distributions whose parameters are trained.

mod config;
mod distribution;
mod module;
mod onto;
mod slot;

use burn::module::Param;
use burn::tensor::Tensor;

use crate::parameter::Parametric;

pub use config::{LearnableConfig, Positivity};
use slot::Slot;

/// A family as a Burn module: it holds one unconstrained tensor for each parameter, and makes the
/// distribution of them anew whenever it is asked for it.
///
/// The bijector of each parameter's [`Support`](crate::support::Support) stands between the two, so
/// that a gradient step of any size leaves a valid distribution. Where a bound is itself a
/// parameter, as the lower end of a [`Uniform`](crate::distributions::Uniform) is to the upper, it
/// moves along. What cannot be trained, a whole number for instance, is held as it was given.
///
/// A learnable distribution is a [`Distribution`](crate::distribution::Distribution) too: a training
/// loop over modules that are distributions serves all families, and flows.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::nn::{LearnableConfig, Positivity};
/// use pushforward::prelude::*;
///
/// let device = Device::flex().autodiff();
/// let low = Tensor::<1>::from_floats([0.0], &device);
/// let start = TruncatedNormal::new(0.5, 1.0, low, f64::INFINITY);
/// let model = LearnableConfig::new()
///     .with_parameter("scale", Positivity::Exp)
///     .hold("low")
///     .hold("high")
///     .init(start);
/// let fitted: TruncatedNormal<1> = model.distribution();
/// assert_eq!(fitted.shape(), [1]);
/// ```
///
/// # Notes
///
/// The distribution that comes back at first is the given one, to the rounding of the bijectors:
/// relative errors of positive parameters grow with the logarithm of the parameter.
///
/// Elements on the edge of their support, such as a probability of 0 or an infinite bound, stay
/// there: their unconstrained value is infinite, and they get no gradient.
///
/// The record names each parameter as the family does: `loc`, `scale`, …
#[derive(Clone, Debug)]
pub struct Learnable<F, const D: usize> {
    /// What is not a tensor of the list of parameters: how weights were given, sizes of events.
    template: F,
    slots: Vec<Slot<D>>,
}

impl<F, const D: usize> Learnable<F, D>
where
    F: Parametric<D, WithRank<D> = F> + Clone,
{
    /// All parameters of `start` trained from where they are, with the settings of
    /// [`LearnableConfig`]'s defaults. Reads the parameters back once.
    #[must_use]
    pub fn new(start: F) -> Self {
        LearnableConfig::new().init(start)
    }

    /// The distribution, with gradients to the trained parameters.
    #[must_use]
    pub fn distribution(&self) -> F {
        let mut values: Vec<Tensor<D>> = Vec::with_capacity(self.slots.len());
        for (at, slot) in self.slots.iter().enumerate() {
            let value = if slot.follows_others() {
                // The constraint as the parameters before it, which now have other values, make it.
                let support = self.with_values(&values).parameters().swap_remove(at).support;
                slot.value(&support)
            } else {
                slot.value(&slot.support)
            };
            values.push(value);
        }
        self.with_values(&values)
    }

    /// The unconstrained tensor of a parameter, or what is held of it; none for an unknown name.
    #[must_use]
    pub fn unconstrained(&self, parameter: &str) -> Option<Tensor<D>> {
        let slot = self.slots.iter().find(|slot| slot.name == parameter)?;
        Some(slot.param.val())
    }

    /// The names of the parameters, in the order of the family's constructor.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|slot| slot.name.as_str())
    }

    /// Whether a parameter is held as it was given.
    #[must_use]
    pub fn is_held(&self, parameter: &str) -> bool {
        self.slots.iter().any(|slot| slot.name == parameter && slot.is_held())
    }

    /// The template with its first parameters replaced.
    fn with_values(&self, values: &[Tensor<D>]) -> F {
        let mut values = values.iter();
        self.template.clone().map(|given| values.next().cloned().unwrap_or(given))
    }
}

/// A parameter tensor that starts at `value` and, unless it is `held`, is trained.
fn param<const D: usize>(value: Tensor<D>, held: bool) -> Param<Tensor<D>> {
    let param = Param::from_tensor(value.detach());
    if held { param.set_require_grad(false) } else { param }
}
