//! What a distribution can do, one trait a capability.
//!
//! A capability that a family lacks is a missing trait: a compile error, not a runtime one. All
//! traits are object-safe at a fixed rank; `Box<dyn Distribution<D, Kind = K>>` and
//! `Box<dyn Reparameterized<D>>` are distributions themselves, to be put into a combinator.
//!
//! # Shapes
//!
//! Parameters, values, samples and log-densities of a distribution of rank `D` are all rank-`D`
//! tensors and broadcast as Burn broadcasts: sizes equal, or 1. Event dimensions are the trailing
//! ones; a result that reduces them keeps them with size 1.

use core::fmt::Debug;

use burn::tensor::kind::Basic;
use burn::tensor::{Float, Tensor};
use rand::Rng;

use crate::bijector::Bijector;
use crate::distributions::{Independent, Transformed};
use crate::kernel::{Formula, Op, Real};
use crate::support::Support;

/// A probability distribution over tensors of rank `D`.
pub trait Distribution<const D: usize>: Debug + Send + Sync {
    /// The kind of the values: `Float` or `Int`.
    type Kind: Basic;

    /// The shape of one draw: batch dimensions, then event dimensions.
    fn shape(&self) -> [usize; D];

    /// How many trailing dimensions make one event.
    fn event_dims(&self) -> usize {
        0
    }

    /// Where the density is positive.
    fn support(&self) -> Support;

    /// Draws values, without gradient.
    ///
    /// One `u64` taken from `rng` keys a counter-based generator: the same key and shape give the
    /// same draws on every backend, whatever the number of threads.
    ///
    /// # Shapes
    ///
    /// - `shape`: the shape of the draws, to which [`shape`](Self::shape) must broadcast
    /// - output: `shape`
    ///
    /// # Panics
    ///
    /// If the distribution does not broadcast to `shape`.
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Self::Kind>;

    /// The logarithm of the density or mass, in nats.
    ///
    /// Outside the support it is −∞ with gradient zero, at an edge the one-sided limit; NaN gives
    /// NaN.
    ///
    /// # Shapes
    ///
    /// - `value`: broadcasts with [`shape`](Self::shape)
    /// - output: the common shape, event dimensions kept with size 1
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast.
    fn log_prob(&self, value: Tensor<D, Self::Kind>) -> Tensor<D>;

    /// Treats the last `dims` dimensions as parts of one event: log-densities are summed over
    /// them and keep them with size 1.
    ///
    /// # Panics
    ///
    /// If `dims` exceeds the batch dimensions.
    fn independent(self, dims: usize) -> Independent<Self>
    where
        Self: Sized,
    {
        Independent::new(self, dims)
    }
}

/// A distribution whose draws have a gradient with respect to its parameters.
pub trait Reparameterized<const D: usize>: Distribution<D, Kind = Float> {
    /// Draws values with the pathwise gradient; shapes and panics as for
    /// [`sample`](Distribution::sample), and the same values for the same `rng`: exactly on the CPU,
    /// to the last digit on devices that compile each formula by itself.
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D>;

    /// Draws values together with their log-densities, cheaper and more exact than drawing first
    /// and evaluating after.
    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let value = self.rsample(shape, rng);
        let log_prob = self.log_prob(value.clone());
        (value, log_prob)
    }

    /// The law of `bijector(x)` for `x` drawn from this distribution.
    fn pushforward<B: Bijector<D>>(self, bijector: B) -> Transformed<Self, B>
    where
        Self: Sized,
    {
        Transformed::new(self, bijector)
    }
}

/// One of the four probabilities on a side of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// P(X ≤ value).
    Cdf,
    /// ln P(X ≤ value).
    LogCdf,
    /// P(X > value).
    Survival,
    /// ln P(X > value).
    LogSurvival,
}

impl Tail {
    /// The same on the other side.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Cdf => Self::Survival,
            Self::LogCdf => Self::LogSurvival,
            Self::Survival => Self::Cdf,
            Self::LogSurvival => Self::LogCdf,
        }
    }

    /// Whether it is the side above the value.
    #[must_use]
    pub fn is_upper(self) -> bool {
        matches!(self, Self::Survival | Self::LogSurvival)
    }

    /// Whether it is the logarithm.
    #[must_use]
    pub fn is_logarithm(self) -> bool {
        matches!(self, Self::LogCdf | Self::LogSurvival)
    }

    /// What it is below and above the support.
    #[must_use]
    pub fn limits(self) -> [f64; 2] {
        match self {
            Self::Cdf => [0.0, 1.0],
            Self::LogCdf => [f64::NEG_INFINITY, 0.0],
            Self::Survival => [1.0, 0.0],
            Self::LogSurvival => [0.0, f64::NEG_INFINITY],
        }
    }
}

/// A distribution on the line, with its distribution function and the inverse.
///
/// All methods are elementwise and broadcast like [`log_prob`](Distribution::log_prob). Each is
/// accurate on its own tail: `log_cdf` is not the logarithm of `cdf`, nor `survival` one minus it.
/// A parameter outside its domain gives NaN, or −1 where the values are integers.
pub trait Univariate<const D: usize>: Distribution<D> {
    /// The probability that `tail` names.
    fn tail(&self, tail: Tail, value: Tensor<D, Self::Kind>) -> Tensor<D>;
    /// P(X ≤ value).
    fn cdf(&self, value: Tensor<D, Self::Kind>) -> Tensor<D> {
        self.tail(Tail::Cdf, value)
    }
    /// ln P(X ≤ value).
    fn log_cdf(&self, value: Tensor<D, Self::Kind>) -> Tensor<D> {
        self.tail(Tail::LogCdf, value)
    }
    /// P(X > value).
    fn survival(&self, value: Tensor<D, Self::Kind>) -> Tensor<D> {
        self.tail(Tail::Survival, value)
    }
    /// ln P(X > value).
    fn log_survival(&self, value: Tensor<D, Self::Kind>) -> Tensor<D> {
        self.tail(Tail::LogSurvival, value)
    }
    /// The smallest value with P(X ≤ value) ≥ `probability`; NaN outside [0, 1].
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Self::Kind>;
    /// The value with P(X > value) = `probability`, the inverse of [`survival`](Self::survival);
    /// NaN outside [0, 1].
    ///
    /// Families with a closed form keep the digits of small probabilities; the default is the
    /// quantile of 1 − `probability`, which loses those below the precision.
    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D, Self::Kind> {
        self.quantile(-probability + 1.0)
    }
}

/// Moments and mode, of shape [`shape`](Distribution::shape).
pub trait Moments<const D: usize>: Distribution<D> {
    /// The expectation; NaN where it does not exist.
    fn mean(&self) -> Tensor<D>;
    /// The variance, elementwise; NaN or ∞ where it does not exist.
    fn variance(&self) -> Tensor<D>;
    /// The square root of the variance; with gradient zero where that is 0.
    fn std_dev(&self) -> Tensor<D> {
        STD_DEV.apply([self.variance()])
    }
    /// The value of largest density; the smallest one where there are several.
    fn mode(&self) -> Tensor<D, Self::Kind>;

    /// ln E exp(`t` (X − E X)), where the family knows it: +∞ where the expectation is infinite.
    ///
    /// About the mean, so that its differences give the moments of e^X without cancellation.
    fn central_log_moment_generating(&self, t: f64) -> Option<Tensor<D>> {
        let _ = t;
        None
    }
}

static STD_DEV: Op<1> = Op::new::<StdDev>();

/// √v.
struct StdDev;

impl Formula<1> for StdDev {
    const NAME: &'static str = "std_dev";
    const INPUTS: [&'static str; 1] = ["variance"];

    #[inline(always)]
    fn evaluate<R: Real>([variance]: [R; 1]) -> R {
        // The slope at 0 is infinite, and that of the variance there is 0.
        R::select(variance.equal(R::constant(0.0)), R::constant(0.0), variance.sqrt())
    }
}

/// The differential or Shannon entropy, in nats.
pub trait Entropy<const D: usize>: Distribution<D> {
    /// −E ln p(X), of shape [`shape`](Distribution::shape) with event dimensions kept as 1.
    fn entropy(&self) -> Tensor<D>;
}

/// The Kullback–Leibler divergence to a distribution of type `Q`.
pub trait KlDivergence<const D: usize, Q: ?Sized> {
    /// E ln(p(X)/q(X)) for X drawn from `self`, in nats: +∞ where `other` does not cover the
    /// support of `self`.
    ///
    /// # Shapes
    ///
    /// - output: the common shape of both, event dimensions kept as 1
    fn kl_divergence(&self, other: &Q) -> Tensor<D>;
}

impl<const D: usize, K: Basic> Distribution<D> for Box<dyn Distribution<D, Kind = K> + '_> {
    type Kind = K;

    fn shape(&self) -> [usize; D] {
        (**self).shape()
    }
    fn event_dims(&self) -> usize {
        (**self).event_dims()
    }
    fn support(&self) -> Support {
        (**self).support()
    }
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, K> {
        (**self).sample(shape, rng)
    }
    fn log_prob(&self, value: Tensor<D, K>) -> Tensor<D> {
        (**self).log_prob(value)
    }
}

impl<const D: usize> Distribution<D> for Box<dyn Reparameterized<D> + '_> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        (**self).shape()
    }
    fn event_dims(&self) -> usize {
        (**self).event_dims()
    }
    fn support(&self) -> Support {
        (**self).support()
    }
    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        (**self).sample(shape, rng)
    }
    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        (**self).log_prob(value)
    }
}

impl<const D: usize> Reparameterized<D> for Box<dyn Reparameterized<D> + '_> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        (**self).rsample(shape, rng)
    }
    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        (**self).rsample_and_log_prob(shape, rng)
    }
}
