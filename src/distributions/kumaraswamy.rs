//! The Kumaraswamy distribution.

mod formulas;
mod moments;

use burn::tensor::Tensor;

use self::formulas::Formulas;
use crate::family::{Noise, Summarized, UnivariateFamily};
use crate::kernel::{FamilyOps, SummaryOps};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// The Kumaraswamy distribution on the unit interval: like the Beta of the same concentrations, with
/// a distribution function in closed form.
///
#[cfg_attr(doc, doc = r"$$p(x) = a b\, x^{a-1} (1 - x^a)^{b-1}, \qquad 0 < x < 1$$")]
#[cfg_attr(not(doc), doc = "`p(x) = a b x^(a - 1) (1 - x^a)^(b - 1), 0 < x < 1`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let concentration1 = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let fraction = Kumaraswamy::new(concentration1, 2.0);
/// let x = fraction.rsample([4, 3], &mut rand::rng());
/// assert_eq!(fraction.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// At 0 and 1 the density is its limit: +∞, a number or 0 as the concentration there is below, at or
/// above 1. Draws stay inside the open interval.
#[derive(Clone, Debug)]
pub struct Kumaraswamy<const D: usize> {
    concentration1: Tensor<D>,
    concentration0: Tensor<D>,
}

impl<const D: usize> Kumaraswamy<D> {
    /// Creates a Kumaraswamy distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `concentration1`: the power a at 0, positive
    /// - `concentration0`: the power b at 1, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(
        concentration1: impl Into<Argument<D>>,
        concentration0: impl Into<Argument<D>>,
    ) -> Self {
        let arguments = [concentration1.into(), concentration0.into()];
        let [concentration1, concentration0] = resolve(Self::NAME, Self::PARAMETERS, arguments);
        Self { concentration1, concentration0 }
    }

    const PARAMETERS: [&str; 2] = ["concentration1", "concentration0"];

    /// Creates a Kumaraswamy distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    pub fn try_new(
        concentration1: impl Into<Argument<D>>,
        concentration0: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(concentration1, concentration0).validated()
    }

    /// The power at 0.
    pub fn concentration1(&self) -> Tensor<D> {
        self.concentration1.clone()
    }

    /// The power at 1.
    pub fn concentration0(&self) -> Tensor<D> {
        self.concentration0.clone()
    }
}

impl<const D: usize> UnivariateFamily<D> for Kumaraswamy<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::UnitInterval
    }
}

impl<const D: usize> Summarized<D> for Kumaraswamy<D> {
    const SUMMARIES: SummaryOps = SummaryOps::new::<2, Formulas>();
}

impl<const D: usize> Parametric<D> for Kumaraswamy<D> {
    type WithRank<const E: usize> = Kumaraswamy<E>;
    const NAME: &'static str = "Kumaraswamy";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("concentration1", self.concentration1(), Support::Positive),
            Parameter::new("concentration0", self.concentration0(), Support::Positive),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Kumaraswamy<E> {
        let [concentration1, concentration0] =
            [self.concentration1, self.concentration0].map(&mut transform);
        Kumaraswamy { concentration1, concentration0 }
    }
}
