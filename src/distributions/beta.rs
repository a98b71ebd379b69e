//! The Beta distribution.

mod density;
mod draw;
mod moments;
mod quantile;
mod summaries;
mod tails;

use burn::tensor::{Float, Tensor};
use rand::Rng;

pub(super) use self::moments::{MEAN, VARIANCE};
pub(super) use self::quantile::logit_quantile;
pub(crate) use self::summaries::entropy as beta_entropy;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

/// The names of the parameters: the power of x, then that of 1 − x, each plus one.
const PARAMETERS: [&str; 2] = ["concentration1", "concentration0"];

/// The Beta distribution on (0, 1) with shapes `concentration1` (of x) and `concentration0` (of
/// 1 − x).
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{x^{\alpha-1} (1-x)^{\beta-1}}{\mathrm{B}(\alpha, \beta)}, \quad 0 < x < 1$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = x^(concentration1 - 1) (1 - x)^(concentration0 - 1) / B(concentration1, concentration0)`"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let ones = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &device);
/// let beta = Beta::new(ones, 2.0);
/// let x = beta.rsample([4, 3], &mut rand::rng());
/// assert_eq!(beta.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// The density keeps its digits for large concentrations, where the textbook formula loses them
/// all. A draw is made as its logit, the difference of the logarithms of two gamma draws; its
/// gradient is the implicit one of Figurnov, Mohamed and Mnih (2018). Small concentrations put
/// their draws closer to 0 and 1 than floats can tell: see [`logit_rsample`](Self::logit_rsample).
#[derive(Clone, Debug)]
pub struct Beta<const D: usize> {
    concentration1: Tensor<D>,
    concentration0: Tensor<D>,
}

impl<const D: usize> Beta<D> {
    /// Creates a Beta distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `concentration1`: the shape at 1, positive: the density is x^(`concentration1` − 1) near 0
    /// - `concentration0`: the shape at 0, positive: it is (1 − x)^(`concentration0` − 1) near 1
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(
        concentration1: impl Into<Argument<D>>,
        concentration0: impl Into<Argument<D>>,
    ) -> Self {
        let arguments = [concentration1.into(), concentration0.into()];
        let [concentration1, concentration0] = resolve(Self::NAME, PARAMETERS, arguments);
        Self { concentration1, concentration0 }
    }

    /// Creates a Beta distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    pub fn try_new(
        concentration1: impl Into<Argument<D>>,
        concentration0: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(concentration1, concentration0).validated()
    }

    /// The shape at 1.
    pub fn concentration1(&self) -> Tensor<D> {
        self.concentration1.clone()
    }

    /// The shape at 0.
    pub fn concentration0(&self) -> Tensor<D> {
        self.concentration0.clone()
    }

    /// Draws z = ln x − ln(1 − x) with the pathwise gradient: finite also where x or 1 − x
    /// underflows, as most of them do for concentrations below 0.01. Then ln x is −softplus(−z) and
    /// ln(1 − x) is −softplus(z).
    ///
    /// Shapes and panics are those of [`sample`](Distribution::sample), and the same `rng` gives
    /// the logits of the same values.
    #[must_use]
    pub fn logit_rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        draw::LOGIT_DRAW.apply(self.inputs(self.logit_noise(shape, rng)))
    }

    fn inputs(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.concentration1(), self.concentration0()]
    }

    /// Logits of draws, without gradient.
    fn logit_noise(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let [one, zero] = Key::from_rng(rng).split();
        random::log_gamma(self.concentration1(), shape, one)
            - random::log_gamma(self.concentration0(), shape, zero)
    }
}

impl<const D: usize> Distribution<D> for Beta<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let shapes = [self.concentration1.dims(), self.concentration0.dims()];
        common_shape(Self::NAME, &PARAMETERS, &shapes)
    }

    fn support(&self) -> Support {
        Support::UnitInterval
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        density::LOG_DENSITY.apply(self.inputs(value))
    }
}

impl<const D: usize> Reparameterized<D> for Beta<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        draw::DRAW.apply(self.inputs(self.logit_noise(shape, rng)))
    }
}

impl<const D: usize> Univariate<D> for Beta<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        tails::op(tail).apply(self.inputs(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::quantile(self.inputs(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        quantile::upper_quantile(self.inputs(probability))
    }
}

impl<const D: usize> Moments<D> for Beta<D> {
    fn mean(&self) -> Tensor<D> {
        MEAN.apply([self.concentration1(), self.concentration0()])
    }

    fn variance(&self) -> Tensor<D> {
        VARIANCE.apply([self.concentration1(), self.concentration0()])
    }

    /// Where both concentrations are below 1 the density is infinite at both ends, where both are 1
    /// it is the same everywhere: the mode is then 0.
    fn mode(&self) -> Tensor<D> {
        summaries::MODE.apply([self.concentration1(), self.concentration0()])
    }
}

impl<const D: usize> Entropy<D> for Beta<D> {
    fn entropy(&self) -> Tensor<D> {
        summaries::ENTROPY.apply([self.concentration1(), self.concentration0()])
    }
}

impl<const D: usize> Parametric<D> for Beta<D> {
    type WithRank<const E: usize> = Beta<E>;
    const NAME: &'static str = "Beta";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new(PARAMETERS[0], self.concentration1(), Support::Positive),
            Parameter::new(PARAMETERS[1], self.concentration0(), Support::Positive),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Beta<E> {
        Beta {
            concentration1: transform(self.concentration1),
            concentration0: transform(self.concentration0),
        }
    }
}
