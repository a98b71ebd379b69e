//! What a type can do, found out by the compiler.
//!
//! `(&Probe::<T, D>::NEW).univariate()` finds the method of a trait implemented for `Probe` if `T`
//! has the capability, and otherwise, one reference further, that of a trait implemented for
//! `&Probe`. So a capability that a family gains is tested, and listed in the README, at once.

use core::marker::PhantomData;

use burn::tensor::{Device, Tensor};
use pushforward::distribution::*;
use pushforward::parameter::Parametric;
use pushforward::testing::*;

pub(crate) type Outcome = Result<(), LawError>;
type Laws<T> = Option<fn(&T, &Check) -> Vec<Outcome>>;
type Build<'a, T, const D: usize> = &'a dyn Fn(&[Tensor<D>]) -> T;

/// The laws of every capability that a type has.
pub(crate) struct Capabilities<T, const D: usize> {
    pub reparameterized: Laws<T>,
    pub univariate: Laws<T>,
    pub moments: Laws<T>,
    pub entropy: Laws<T>,
    pub divergence: Option<fn(&T, &T, &Check) -> Outcome>,
    pub pathwise: Option<fn(&[Tensor<D>], &Device, &Check, Build<T, D>) -> Outcome>,
    pub parametric: bool,
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
            pathwise: probe.pathwise(),
            parametric: probe.parametric(),
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
            Some(|instance, check| vec![sampling::reparameterized_draws_agree(instance, check)])
        }
    }

    pub(crate) trait IsUnivariate<T> {
        fn univariate(&self) -> Laws<T>;
    }
    impl<T: Univariate<D, Kind: Values>, const D: usize> IsUnivariate<T> for Probe<T, D> {
        fn univariate(&self) -> Laws<T> {
            Some(|instance, check| univariate::laws(instance, check).into())
        }
    }

    pub(crate) trait HasMoments<T> {
        fn moments(&self) -> Laws<T>;
    }
    impl<T: Moments<D, Kind: Values>, const D: usize> HasMoments<T> for Probe<T, D> {
        fn moments(&self) -> Laws<T> {
            Some(|instance, check| moments::laws(instance, check).into())
        }
    }

    pub(crate) trait HasEntropy<T> {
        fn entropy(&self) -> Laws<T>;
    }
    impl<T: Entropy<D, Kind: Values>, const D: usize> HasEntropy<T> for Probe<T, D> {
        fn entropy(&self) -> Laws<T> {
            Some(|instance, check| vec![moments::entropy_agrees(instance, check)])
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

    pub(crate) trait HasPathwiseGradient<T, const D: usize> {
        fn pathwise(&self) -> Option<fn(&[Tensor<D>], &Device, &Check, Build<T, D>) -> Outcome>;
    }
    impl<T: Reparameterized<D> + Univariate<D>, const D: usize> HasPathwiseGradient<T, D>
        for Probe<T, D>
    {
        fn pathwise(&self) -> Option<fn(&[Tensor<D>], &Device, &Check, Build<T, D>) -> Outcome> {
            Some(|parameters, device, check, build| {
                gradients::of_draws(parameters, device, check, build)
            })
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
        fn pathwise(&self) -> Option<fn(&[Tensor<D>], &Device, &Check, Build<T, D>) -> Outcome> {
            None
        }
        fn parametric(&self) -> bool {
            false
        }
    }
    impl<T, const D: usize> Missing<T, D> for &Probe<T, D> {}
}
