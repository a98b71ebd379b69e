//! Student's t distribution.

mod density;
mod draw;
mod moments;
mod normaliser;
mod quantile;
mod tails;

use burn::tensor::{Float, Tensor};
use rand::Rng;

use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

const PARAMETERS: [&str; 3] = ["df", "loc", "scale"];

/// Student's t distribution with `df` degrees of freedom about `loc`, in units of `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\Gamma(\frac{\nu+1}{2})}{\Gamma(\frac{\nu}{2}) \sqrt{\pi\nu}\, \sigma}
\left(1 + \frac{(x-\mu)^2}{\nu\sigma^2}\right)^{-\frac{\nu+1}{2}}$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = Γ((df + 1)/2) / (Γ(df/2) √(π df) scale) (1 + (x - loc)² / (df scale²))^(-(df + 1)/2)`"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], &device);
/// let heavy = StudentT::new(3.0, loc, 0.5);
/// let x = heavy.rsample([4, 3], &mut rand::rng());
/// assert_eq!(heavy.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The density becomes the Normal's for large `df` without losing digits, and its square never
/// overflows. The mean is NaN for `df` ≤ 1 and the variance for `df` ≤ 1 too; for 1 < `df` ≤ 2 it
/// is +∞. Draws are a normal over the root of a gamma, in log space; their gradient in `df` is the
/// implicit one of Figurnov, Mohamed and Mnih (2018). A draw that overflows, as some do for `df`
/// below about 1, is held at the largest float.
#[derive(Clone, Debug)]
pub struct StudentT<const D: usize> {
    df: Tensor<D>,
    loc: Tensor<D>,
    scale: Tensor<D>,
}

impl<const D: usize> StudentT<D> {
    /// Creates a Student's t distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `df`: the degrees of freedom, positive, not necessarily whole
    /// - `loc`: the centre, any finite number
    /// - `scale`: the scale, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or all are plain numbers.
    pub fn new(
        df: impl Into<Argument<D>>,
        loc: impl Into<Argument<D>>,
        scale: impl Into<Argument<D>>,
    ) -> Self {
        let arguments = [df.into(), loc.into(), scale.into()];
        let [df, loc, scale] = resolve(Self::NAME, PARAMETERS, arguments);
        Self { df, loc, scale }
    }

    /// Creates a Student's t distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, or of `df` or `scale` not positive.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    pub fn try_new(
        df: impl Into<Argument<D>>,
        loc: impl Into<Argument<D>>,
        scale: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(df, loc, scale).validated()
    }

    /// The degrees of freedom.
    pub fn df(&self) -> Tensor<D> {
        self.df.clone()
    }

    /// The centre.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The scale.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 4] {
        [value, self.df(), self.loc(), self.scale()]
    }
}

impl<const D: usize> Distribution<D> for StudentT<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let shapes = [self.df.dims(), self.loc.dims(), self.scale.dims()];
        common_shape(Self::NAME, &PARAMETERS, &shapes)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        density::LOG_DENSITY.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for StudentT<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let [numerator, denominator] = Key::from_rng(rng).split();
        let (device, dtype) = (self.loc.device(), self.loc.dtype());
        let normal = random::normal(shape, numerator, &device, dtype);
        let log_gamma = random::log_gamma(self.df() * 0.5, shape, denominator);
        draw::DRAW.apply([normal, log_gamma, self.df(), self.loc(), self.scale()])
    }
}

impl<const D: usize> Univariate<D> for StudentT<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        tails::op(tail).apply(self.inputs(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::quantile(self.inputs(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        // The distribution is its own mirror image about `loc`.
        quantile::quantile([probability, self.df(), self.loc(), -self.scale()])
    }
}

impl<const D: usize> Moments<D> for StudentT<D> {
    fn mean(&self) -> Tensor<D> {
        let shape = self.shape();
        let none = self.df().lower_equal_elem(1.0).expand(shape);
        self.loc().expand(shape).mask_fill(none, f64::NAN)
    }

    fn variance(&self) -> Tensor<D> {
        moments::VARIANCE.apply([self.df(), self.scale()]).expand(self.shape())
    }

    fn std_dev(&self) -> Tensor<D> {
        moments::STD_DEV.apply([self.df(), self.scale()]).expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        // Both tails are heavier than every exponential.
        let all = self.df() + self.loc() + self.scale();
        let everywhere = all.ones_like().greater_elem(0.0);
        (t != 0.0).then(|| all.mask_fill(everywhere, f64::INFINITY))
    }
}

impl<const D: usize> Entropy<D> for StudentT<D> {
    fn entropy(&self) -> Tensor<D> {
        density::ENTROPY.apply([self.df(), self.scale()]).expand(self.shape())
    }
}

impl<const D: usize> Parametric<D> for StudentT<D> {
    type WithRank<const E: usize> = StudentT<E>;
    const NAME: &'static str = "StudentT";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("df", self.df(), Support::Positive),
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("scale", self.scale(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> StudentT<E> {
        StudentT { df: transform(self.df), loc: transform(self.loc), scale: transform(self.scale) }
    }
}
