//! Univariate families that are formulas alone: what they can do is written once, here.

use core::fmt::Debug;

use burn::tensor::{DType, Device, Float, Tensor};
use rand::Rng;

use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::kernel::{FamilyOps, SummaryOps};
use crate::parameter::{Parametric, check_sample_shape, common_shape};
use crate::random::Key;
use crate::support::Support;

/// Where the noise of a draw comes from: one of the samplers of [`random`](crate::random).
pub type Noise<const D: usize> = fn([usize; D], Key, &Device, DType) -> Tensor<D>;

/// A continuous univariate family that is formulas of a value and its parameters.
///
/// [`Distribution`], [`Reparameterized`] and [`Univariate`] follow from them, and from
/// [`Parametric`] the order of the parameters. Most families of this crate are written so, and one of
/// your own takes the same steps:
///
/// ```
/// use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};
///
/// use burn::tensor::{Device, Tensor};
/// use pushforward::family::{Noise, UnivariateFamily};
/// use pushforward::kernel::{DrawFormula, FamilyOps, Real, SymmetricFormulas, masks};
/// use pushforward::parameter::{Argument, Parameter, resolve};
/// use pushforward::testing::{Check, density, moments, sampling, univariate};
/// use pushforward::{prelude::*, random};
///
/// /// The hyperbolic secant distribution: p(x) = sech(u) / (2 scale), u = π (x − loc) / (2 scale).
/// #[derive(Clone, Debug)]
/// pub struct HyperbolicSecant<const D: usize> {
///     loc: Tensor<D>,
///     scale: Tensor<D>,
/// }
///
/// impl<const D: usize> HyperbolicSecant<D> {
///     pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
///         let [loc, scale] = resolve(Self::NAME, ["loc", "scale"], [loc.into(), scale.into()]);
///         Self { loc, scale }
///     }
/// }
///
/// struct Formulas;
///
/// /// ln(2/π).
/// const LN_FRAC_2_PI: f64 = -0.451_582_705_289_454_86;
///
/// #[inline(always)]
/// fn argument<R: Real>([x, loc, scale]: [R; 3]) -> R {
///     (x - loc) / scale * FRAC_PI_2
/// }
///
/// /// 2/π atan(eᵘ).
/// #[inline(always)]
/// fn lower<R: Real>(u: R) -> R {
///     u.exp().atan() * FRAC_2_PI
/// }
///
/// impl SymmetricFormulas for Formulas {
///     const NAME: &'static str = "HyperbolicSecant";
///
///     #[inline(always)]
///     fn log_density<R: Real>(inputs: [R; 3]) -> R {
///         // cosh overflows where its logarithm does not.
///         let u = argument(inputs).abs();
///         -u - (u * -2.0).exp().ln_1p() - inputs[2].ln()
///     }
///
///     #[inline(always)]
///     fn cdf<R: Real>(inputs: [R; 3]) -> R {
///         lower(argument(inputs))
///     }
///
///     #[inline(always)]
///     fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
///         // Far below, the exponential underflows; above, the probability rounds to 1.
///         let u = argument(inputs);
///         let far = R::select(u.lt(R::constant(-20.0)), u + LN_FRAC_2_PI, lower(u).ln());
///         R::select(u.gt(R::constant(0.0)), (-lower(-u)).ln_1p(), far)
///     }
///
///     #[inline(always)]
///     fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
///         let half = masks::probability(p) * 0.5;
///         loc + scale * ((half.sin_pi() / half.cos_pi()).ln() * FRAC_2_PI)
///     }
/// }
///
/// impl DrawFormula<3> for Formulas {
///     #[inline(always)]
///     fn draw<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
///         let x = Self::quantile([noise, loc, scale]);
///         [x, Self::log_density([x, loc, scale])]
///     }
/// }
///
/// impl<const D: usize> UnivariateFamily<D> for HyperbolicSecant<D> {
///     const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
///     const NOISE: Noise<D> = random::uniform;
/// }
///
/// impl<const D: usize> Parametric<D> for HyperbolicSecant<D> {
///     type WithRank<const E: usize> = HyperbolicSecant<E>;
///     const NAME: &'static str = "HyperbolicSecant";
///
///     fn parameters(&self) -> Vec<Parameter<D>> {
///         vec![
///             Parameter::new("loc", self.loc.clone(), Support::Real),
///             Parameter::new("scale", self.scale.clone(), Support::Positive),
///         ]
///     }
///
///     fn map<const E: usize>(
///         self,
///         mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
///     ) -> HyperbolicSecant<E> {
///         HyperbolicSecant { loc: transform(self.loc), scale: transform(self.scale) }
///     }
/// }
///
/// impl<const D: usize> Moments<D> for HyperbolicSecant<D> {
///     fn mean(&self) -> Tensor<D> {
///         self.loc.clone().expand(self.shape())
///     }
///     fn variance(&self) -> Tensor<D> {
///         self.scale.clone().square().expand(self.shape())
///     }
///     fn mode(&self) -> Tensor<D> {
///         self.mean()
///     }
/// }
///
/// // It draws, fits and transforms like the families of this crate, and obeys the same laws.
/// let loc = Tensor::<2>::from_floats([[0.0, -3.0]], &Device::flex());
/// let secant = HyperbolicSecant::new(loc, 0.5);
/// let check = Check::new("hyperbolic secant").draws(20_000);
/// density::assert_laws(&secant, &check);
/// univariate::assert_laws(&secant, &check);
/// sampling::assert_laws(&secant, &check);
/// moments::assert_laws(&secant, &check);
/// ```
pub trait UnivariateFamily<const D: usize>: Parametric<D> + Debug + Send + Sync {
    /// The formulas, of the value (or a probability, or the noise) and the parameters.
    const FORMULAS: FamilyOps;

    /// The noise that the formula of a draw takes.
    const NOISE: Noise<D>;

    /// Where the density is positive: the [`support`](Distribution::support), by default the line.
    fn range(&self) -> Support {
        Support::Real
    }
}

/// A continuous family whose moments, mode and entropy are formulas of its parameters: [`Moments`] and
/// [`Entropy`] follow from them.
///
/// Where a few operations on tensors do, as for a location and a scale, the two traits are written by hand.
pub trait Summarized<const D: usize>: Parametric<D> + Distribution<D, Kind = Float> {
    /// The formulas, of the parameters.
    const SUMMARIES: SummaryOps;
}

#[diagnostic::do_not_recommend]
impl<const D: usize, F: UnivariateFamily<D>> Distribution<D> for F {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let parameters = self.parameters();
        let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
        let shapes: Vec<_> = parameters.iter().map(|parameter| parameter.value.dims()).collect();
        common_shape(F::NAME, &names, &shapes)
    }

    fn support(&self) -> Support {
        self.range()
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        F::FORMULAS.univariate.log_density.apply(inputs(self, value))
    }
}

#[diagnostic::do_not_recommend]
impl<const D: usize, F: UnivariateFamily<D>> Reparameterized<D> for F {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        F::FORMULAS.draw.apply(inputs(self, noise(self, shape, rng)))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let inputs = inputs(self, noise(self, shape, rng));
        F::FORMULAS.draw_and_log_density.apply_all(inputs).into()
    }
}

#[diagnostic::do_not_recommend]
impl<const D: usize, F: UnivariateFamily<D>> Univariate<D> for F {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        F::FORMULAS.univariate.tail(tail).apply(inputs(self, value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        F::FORMULAS.univariate.quantile.apply(inputs(self, probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        F::FORMULAS.univariate.upper_quantile.apply(inputs(self, probability))
    }
}

#[diagnostic::do_not_recommend]
impl<const D: usize, F: Summarized<D>> Moments<D> for F {
    fn mean(&self) -> Tensor<D> {
        F::SUMMARIES.mean.apply(parameters(self))
    }

    fn variance(&self) -> Tensor<D> {
        F::SUMMARIES.variance.apply(parameters(self))
    }

    fn std_dev(&self) -> Tensor<D> {
        F::SUMMARIES.std_dev.apply(parameters(self))
    }

    fn mode(&self) -> Tensor<D> {
        F::SUMMARIES.mode.apply(parameters(self))
    }
}

#[diagnostic::do_not_recommend]
impl<const D: usize, F: Summarized<D>> Entropy<D> for F {
    fn entropy(&self) -> Tensor<D> {
        F::SUMMARIES.entropy.apply(parameters(self))
    }
}

fn parameters<const D: usize, F: Parametric<D>>(family: &F) -> Vec<Tensor<D>> {
    family.parameters().into_iter().map(|parameter| parameter.value).collect()
}

/// The inputs of the formulas.
fn inputs<const D: usize, F: UnivariateFamily<D>>(family: &F, first: Tensor<D>) -> Vec<Tensor<D>> {
    core::iter::once(first).chain(parameters(family)).collect()
}

fn noise<const D: usize, F: UnivariateFamily<D>>(
    family: &F,
    shape: [usize; D],
    rng: &mut dyn Rng,
) -> Tensor<D> {
    check_sample_shape(F::NAME, family.shape(), shape);
    let like = family.parameters().swap_remove(0).value;
    F::NOISE(shape, Key::from_rng(rng), &like.device(), like.dtype())
}
