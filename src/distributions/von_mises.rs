//! The von Mises distribution.

mod arc;
mod draw;
mod formulas;

use burn::tensor::{Float, Tensor};
use core::f64::consts::PI;
use rand::Rng;

use crate::distribution::{Distribution, Entropy, Reparameterized, Tail, Univariate};
use crate::kernel::univariate::UnivariateOps;
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

const PARAMETERS: [&str; 2] = ["loc", "concentration"];

static OPS: UnivariateOps = UnivariateOps::new::<3, formulas::Formulas>();

/// The von Mises distribution of angles in (−π, π], a normal distribution wrapped around the circle
/// as it were, about `loc`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{e^{\kappa \cos(x-\mu)}}{2\pi I_0(\kappa)}, \quad -\pi < x \le \pi$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = exp(concentration cos(x - loc)) / (2π I₀(concentration))`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 3.0]], &device);
/// let heading = VonMises::new(loc, 4.0);
/// let x = heading.rsample([4, 3], &mut rand::rng());
/// assert_eq!(heading.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// Values outside [−π, π] are outside the support: wrap angles before they are scored. The
/// distribution function starts at −π, wherever `loc` is.
///
/// On a circle the moments of the line mean little: they depend on where it is cut. There are no
/// `Moments`, but [`circular_mean`](Self::circular_mean) and
/// [`circular_variance`](Self::circular_variance), which do not.
///
/// A draw is the quantile of a uniform number, so its cost is bounded. The gradient in `loc` turns
/// the circle; that in `concentration` is the implicit one of Figurnov, Mohamed and Mnih (2018),
/// away from the antipode of `loc`. Both are for functions of the angle that do not jump from π to −π.
#[derive(Clone, Debug)]
pub struct VonMises<const D: usize> {
    loc: Tensor<D>,
    concentration: Tensor<D>,
}

impl<const D: usize> VonMises<D> {
    /// Creates a von Mises distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the direction of largest density, any finite angle
    /// - `concentration`: at least 0; 0 is the uniform distribution, and the reciprocal of a large
    ///   one is nearly the variance
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(loc: impl Into<Argument<D>>, concentration: impl Into<Argument<D>>) -> Self {
        let [loc, concentration] =
            resolve(Self::NAME, PARAMETERS, [loc.into(), concentration.into()]);
        Self { loc, concentration }
    }

    /// Creates a von Mises distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, or of `concentration` negative.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    pub fn try_new(
        loc: impl Into<Argument<D>>,
        concentration: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(loc, concentration).validated()
    }

    /// The direction of largest density, as it was given.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The concentration.
    pub fn concentration(&self) -> Tensor<D> {
        self.concentration.clone()
    }

    /// The direction of E e^(ix), `loc` wrapped into [−π, π]; also the mode.
    pub fn circular_mean(&self) -> Tensor<D> {
        draw::WRAPPED.apply([self.loc()]).expand(self.shape())
    }

    /// 1 − |E e^(ix)|, between 0 and 1: 1/(2 `concentration`) for large ones.
    pub fn circular_variance(&self) -> Tensor<D> {
        formulas::CIRCULAR_VARIANCE.apply([self.concentration()]).expand(self.shape())
    }

    /// The angle of largest density, in [−π, π].
    pub fn mode(&self) -> Tensor<D> {
        self.circular_mean()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.loc(), self.concentration()]
    }
}

impl<const D: usize> Distribution<D> for VonMises<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        common_shape(Self::NAME, &PARAMETERS, &[self.loc.dims(), self.concentration.dims()])
    }

    fn support(&self) -> Support {
        Support::Interval { low: (-PI).into(), high: PI.into() }
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        OPS.log_density.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for VonMises<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let (device, dtype) = (self.loc.device(), self.loc.dtype());
        let noise = random::normal(shape, Key::from_rng(rng), &device, dtype);
        draw::DRAW.apply(self.inputs(noise))
    }
}

impl<const D: usize> Univariate<D> for VonMises<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        OPS.tail(tail).apply(self.inputs(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        OPS.quantile.apply(self.inputs(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        OPS.upper_quantile.apply(self.inputs(probability))
    }
}

impl<const D: usize> Entropy<D> for VonMises<D> {
    fn entropy(&self) -> Tensor<D> {
        formulas::ENTROPY.apply([self.concentration()]).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for VonMises<D> {
    type WithRank<const E: usize> = VonMises<E>;
    const NAME: &'static str = "VonMises";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("concentration", self.concentration(), Support::NonNegative),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> VonMises<E> {
        VonMises { loc: transform(self.loc), concentration: transform(self.concentration) }
    }
}
