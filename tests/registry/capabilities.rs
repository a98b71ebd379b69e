//! What a type can do, found out by the compiler.
//!
//! `(&Probe::<T, D>::NEW).univariate()` finds the method of a trait implemented for `Probe` if `T`
//! has the capability, and otherwise, one reference further, that of a trait implemented for
//! `&Probe`. So a capability that a family gains is tested, and listed in the README, at once.
//!
//! Laws see the types as trait objects, so that they are compiled once for each rank and not for each
//! family.

use core::marker::PhantomData;

use burn::tensor::{Device, GradientCheckpointingStrategy, Tensor};
use pushforward::distribution::*;
use pushforward::parameter::Parametric;
use pushforward::testing::*;

use crate::common::Promises;

pub(crate) type Outcome = Result<(), LawError>;
type Laws<T> = Option<fn(&T, &Check) -> Vec<Outcome>>;
type Build<'a, T, const D: usize> = &'a dyn Fn(&[Tensor<D>]) -> T;
/// Builds an instance of which only a trait is known.
pub(crate) type Erased<'a, const D: usize, T> = Build<'a, Box<T>, D>;
/// A law of gradients, of the parameters and, for divergences, those of another instance.
type Gradient<T, const D: usize> =
    Option<fn(&[Tensor<D>], &[Tensor<D>], &Device, &Check, Build<T, D>) -> Vec<Outcome>>;

/// Whether to look at the edges of probabilities and quantiles: where a driver compiles, in one mode only, as the
/// formulas are the same in both.
fn sweeps_edges(device: &Device) -> bool {
    let plain = Some(GradientCheckpointingStrategy::Disabled);
    device.is_host() || device.gradient_checkpointing_strategy() == plain
}

/// The laws of every capability that a type has.
pub(crate) struct Capabilities<T, const D: usize> {
    pub reparameterized: Laws<T>,
    pub univariate: Laws<T>,
    pub moments: Laws<T>,
    pub entropy: Laws<T>,
    pub divergence: Option<fn(&T, &T, &Check) -> Outcome>,
    /// Gradients of draws and quantiles, probabilities, moments, entropy, divergence.
    pub gradients: [Gradient<T, D>; 5],
    pub parametric: bool,
    pub learnable: Laws<T>,
}

/// The capabilities of a type at a rank.
#[macro_export]
macro_rules! capabilities {
    ($type:ty, $rank:expr) => {{
        #[allow(unused_imports)]
        use $crate::registry::capabilities::{found::*, missing::*, *};
        let probe = &Probe::<$type, $rank>::NEW;
        Capabilities {
            reparameterized: probe.reparameterized(),
            univariate: probe.univariate(),
            moments: probe.moments(),
            entropy: probe.entropy(),
            divergence: probe.divergence(),
            gradients: [
                probe.of_draws(),
                probe.of_tails(),
                probe.of_moments(),
                probe.of_entropy(),
                probe.of_divergence(),
            ],
            parametric: probe.parametric(),
            learnable: probe.learnable(),
        }
    }};
}

pub(crate) struct Probe<T, const D: usize>(PhantomData<fn() -> T>);

impl<T, const D: usize> Probe<T, D> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

pub(crate) mod found {
    use super::*;

    pub(crate) trait IsReparameterized<T> {
        fn reparameterized(&self) -> Laws<T>;
    }
    impl<T: Reparameterized<D>, const D: usize> IsReparameterized<T> for Probe<T, D> {
        fn reparameterized(&self) -> Laws<T> {
            Some(|instance, check| {
                let instance: &dyn Reparameterized<D> = instance;
                vec![sampling::reparameterized_draws_agree(instance, check)]
            })
        }
    }

    pub(crate) trait IsUnivariate<T> {
        fn univariate(&self) -> Laws<T>;
    }
    impl<T: Univariate<D, Kind: Values>, const D: usize> IsUnivariate<T> for Probe<T, D> {
        fn univariate(&self) -> Laws<T> {
            Some(|instance, check| {
                let instance: &dyn Univariate<D, Kind = T::Kind> = instance;
                univariate::laws(instance, check).into()
            })
        }
    }

    pub(crate) trait HasMoments<T> {
        fn moments(&self) -> Laws<T>;
    }
    impl<T: Moments<D, Kind: Values>, const D: usize> HasMoments<T> for Probe<T, D> {
        fn moments(&self) -> Laws<T> {
            Some(|instance, check| {
                let instance: &dyn Moments<D, Kind = T::Kind> = instance;
                moments::laws(instance, check).into()
            })
        }
    }

    pub(crate) trait HasEntropy<T> {
        fn entropy(&self) -> Laws<T>;
    }
    impl<T: Entropy<D, Kind: Values>, const D: usize> HasEntropy<T> for Probe<T, D> {
        fn entropy(&self) -> Laws<T> {
            Some(|instance, check| {
                let instance: &dyn Entropy<D, Kind = T::Kind> = instance;
                vec![moments::entropy_agrees(instance, check)]
            })
        }
    }

    pub(crate) trait HasDivergence<T> {
        fn divergence(&self) -> Option<fn(&T, &T, &Check) -> Outcome>;
    }
    impl<T, const D: usize> HasDivergence<T> for Probe<T, D>
    where
        T: KlDivergence<D, T> + Distribution<D, Kind: Values>,
    {
        fn divergence(&self) -> Option<fn(&T, &T, &Check) -> Outcome> {
            Some(|p, q, check| divergence::agrees::<D, T, T>(p, q, check))
        }
    }

    pub(crate) trait GradientOfDraws<T, const D: usize> {
        fn of_draws(&self) -> Gradient<T, D>;
    }
    /// A family on the line with pathwise gradients.
    trait Line<const D: usize>: Reparameterized<D> + Univariate<D> {}
    impl<T: Reparameterized<D> + Univariate<D>, const D: usize> Line<D> for T {}

    impl<T, const D: usize> GradientOfDraws<T, D> for Probe<T, D>
    where
        T: Reparameterized<D> + Univariate<D> + 'static,
    {
        fn of_draws(&self) -> Gradient<T, D> {
            Some(|parameters, _, device, check, build| {
                let build: Erased<D, dyn Line<D>> = &|p| Box::new(build(p));
                let mut outcomes = vec![
                    gradients::of_draws(parameters, device, check, build),
                    summaries::of_quantiles(parameters, device, check, build),
                ];
                if sweeps_edges(device) {
                    outcomes.push(edges::quantiles_are_harmless(parameters, device, check, build));
                }
                outcomes
            })
        }
    }

    pub(crate) trait GradientOfTails<T, const D: usize> {
        fn of_tails(&self) -> Gradient<T, D>;
    }
    impl<T: Univariate<D, Kind: Values> + 'static, const D: usize> GradientOfTails<T, D>
        for Probe<T, D>
    {
        fn of_tails(&self) -> Gradient<T, D> {
            Some(|parameters, _, device, check, build| {
                let build: Erased<D, dyn Univariate<D, Kind = T::Kind>> = &|p| Box::new(build(p));
                let mut outcomes = vec![summaries::of_tails(parameters, device, check, build)];
                if sweeps_edges(device) {
                    outcomes.push(edges::tails_are_harmless(parameters, device, check, build));
                }
                outcomes
            })
        }
    }

    pub(crate) trait GradientOfMoments<T, const D: usize> {
        fn of_moments(&self) -> Gradient<T, D>;
    }
    impl<T: Moments<D> + 'static, const D: usize> GradientOfMoments<T, D> for Probe<T, D> {
        fn of_moments(&self) -> Gradient<T, D> {
            Some(|parameters, _, device, check, build| {
                let build: Erased<D, dyn Moments<D, Kind = T::Kind>> = &|p| Box::new(build(p));
                vec![summaries::of_moments(parameters, device, check, build)]
            })
        }
    }

    pub(crate) trait GradientOfEntropy<T, const D: usize> {
        fn of_entropy(&self) -> Gradient<T, D>;
    }
    impl<T: Entropy<D> + 'static, const D: usize> GradientOfEntropy<T, D> for Probe<T, D> {
        fn of_entropy(&self) -> Gradient<T, D> {
            Some(|parameters, _, device, check, build| {
                let build: Erased<D, dyn Entropy<D, Kind = T::Kind>> = &|p| Box::new(build(p));
                vec![summaries::of_entropy(parameters, device, check, build)]
            })
        }
    }

    pub(crate) trait GradientOfDivergence<T, const D: usize> {
        fn of_divergence(&self) -> Gradient<T, D>;
    }
    impl<T: KlDivergence<D, T> + Distribution<D>, const D: usize> GradientOfDivergence<T, D>
        for Probe<T, D>
    {
        fn of_divergence(&self) -> Gradient<T, D> {
            Some(|parameters, others, device, check, build| {
                vec![summaries::of_divergence(parameters, others, device, check, build)]
            })
        }
    }

    pub(crate) trait IsLearnable<T> {
        fn learnable(&self) -> Laws<T>;
    }
    impl<T: learnable::Family<D>, const D: usize> IsLearnable<T> for Probe<T, D> {
        fn learnable(&self) -> Laws<T> {
            Some(|instance, check| learnable::laws(instance, check).into())
        }
    }

    pub(crate) trait IsParametric {
        fn parametric(&self) -> bool;
    }
    impl<T: Parametric<D>, const D: usize> IsParametric for Probe<T, D> {
        fn parametric(&self) -> bool {
            true
        }
    }
}

pub(crate) mod missing {
    use super::*;

    /// What is found, one reference further away, for a type without the capability.
    #[allow(dead_code, reason = "some capabilities are those of every family")]
    pub(crate) trait Missing<T, const D: usize> {
        fn reparameterized(&self) -> Laws<T> {
            None
        }
        fn univariate(&self) -> Laws<T> {
            None
        }
        fn moments(&self) -> Laws<T> {
            None
        }
        fn entropy(&self) -> Laws<T> {
            None
        }
        fn divergence(&self) -> Option<fn(&T, &T, &Check) -> Outcome> {
            None
        }
        fn of_draws(&self) -> Gradient<T, D> {
            None
        }
        fn of_tails(&self) -> Gradient<T, D> {
            None
        }
        fn of_moments(&self) -> Gradient<T, D> {
            None
        }
        fn of_entropy(&self) -> Gradient<T, D> {
            None
        }
        fn of_divergence(&self) -> Gradient<T, D> {
            None
        }
        fn parametric(&self) -> bool {
            false
        }
        fn learnable(&self) -> Laws<T> {
            None
        }
    }
    impl<T, const D: usize> Missing<T, D> for &Probe<T, D> {}
}
