//! The Categorical distribution over one-hot vectors.

use burn::tensor::{Int, Tensor};
use rand::Rng;

use super::Categorical;
use crate::distribution::{Distribution, Entropy, Moments};
use crate::kernel::{Formula, Op, Real};
use crate::parameter::{Parameter, ParameterError, Parametric, check_sample_shape, common_shape};
use crate::support::Support;

/// The Categorical distribution whose values are vectors `[.., K]` with a single 1 among zeros,
/// one event each.
///
#[cfg_attr(doc, doc = r"$$P(x) = \prod_k p_k^{x_k}$$")]
#[cfg_attr(not(doc), doc = "`P(x) = prod_k p_k^(x_k)`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let probs = Tensor::<2>::from_floats([[0.2, 0.3, 0.5]], &Device::flex());
/// let die = OneHotCategorical::from_probs(probs);
/// let x = die.sample([5, 3], &mut rand::rng());
/// assert_eq!(die.log_prob(x).dims(), [5, 1]);
/// ```
///
/// # Notes
///
/// The same draws as [`Categorical`] for the same random numbers.
#[derive(Clone, Debug)]
pub struct OneHotCategorical<const D: usize> {
    index: Categorical<D>,
}

impl<const D: usize> OneHotCategorical<D> {
    /// As [`Categorical::from_logits`].
    #[must_use]
    pub fn from_logits(logits: Tensor<D>) -> Self {
        Self { index: Categorical::from_logits(logits) }
    }

    /// As [`Categorical::from_probs`].
    #[must_use]
    pub fn from_probs(probs: Tensor<D>) -> Self {
        Self { index: Categorical::from_probs(probs) }
    }

    /// As [`Categorical::try_from_logits`].
    ///
    /// # Errors
    ///
    /// The first element that is NaN or +∞.
    pub fn try_from_logits(logits: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_logits(logits).validated()
    }

    /// As [`Categorical::try_from_probs`].
    ///
    /// # Errors
    ///
    /// The first element that is negative or not finite.
    pub fn try_from_probs(probs: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_probs(probs).validated()
    }

    /// The distribution of the index of the 1.
    #[must_use]
    pub fn index(&self) -> &Categorical<D> {
        &self.index
    }

    /// As [`Categorical::logits`].
    pub fn logits(&self) -> Tensor<D> {
        self.index.logits()
    }

    /// As [`Categorical::probs`].
    pub fn probs(&self) -> Tensor<D> {
        self.index.probs()
    }

    fn one_hot(&self, index: Tensor<D, Int>) -> Tensor<D, Int> {
        let mut shape = index.dims();
        shape[D - 1] = self.index.categories();
        let categories = self.index.indices(index.dtype()).expand(shape);
        categories.equal(index.expand(shape)).int()
    }
}

static VARIANCE: Op<1> = Op::new::<Variance>();

/// p(1 − p) from ln p.
struct Variance;

impl Formula<1> for Variance {
    const NAME: &'static str = "OneHotCategorical";
    const INPUTS: [&'static str; 1] = ["log_probs"];

    #[inline(always)]
    fn evaluate<R: Real>([log_p]: [R; 1]) -> R {
        let p = log_p.exp();
        let zero = R::constant(0.0);
        // Next to a certain category 1 - p cancels, but not -expm1(ln p).
        R::select(p.equal(zero), zero, -(p * log_p.exp_m1()))
    }
}

impl<const D: usize> Distribution<D> for OneHotCategorical<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        let mut shape = self.index.shape();
        shape[D - 1] = self.index.categories();
        shape
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn support(&self) -> Support {
        Support::OneHot
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        assert!(
            shape[D - 1] == self.index.categories(),
            "{}: draws of shape {shape:?} from {} categories",
            Self::NAME,
            self.index.categories(),
        );
        let mut batch = shape;
        batch[D - 1] = 1;
        self.one_hot(self.index.sample(batch, rng))
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        let names = ["value", "categories"];
        common_shape(Self::NAME, &names, &[value.dims(), self.shape()]);
        let ones = value.clone().equal_elem(1).int();
        let others = value.clone().not_equal_elem(0).int();
        // One 1 and nothing else but zeros; the gather finds nothing at -1.
        let single = ones.clone().sum_dim(D - 1).equal_elem(1);
        let valid = others.sum_dim(D - 1).equal_elem(1).bool_and(single);
        let index = ones.argmax(D - 1).mask_fill(valid.bool_not(), -1);
        self.index.log_prob(index)
    }
}

impl<const D: usize> Moments<D> for OneHotCategorical<D> {
    fn mean(&self) -> Tensor<D> {
        self.probs()
    }

    fn variance(&self) -> Tensor<D> {
        VARIANCE.apply([self.index.log_probs()])
    }

    fn mode(&self) -> Tensor<D, Int> {
        self.one_hot(self.index.mode())
    }
}

impl<const D: usize> Entropy<D> for OneHotCategorical<D> {
    fn entropy(&self) -> Tensor<D> {
        self.index.entropy()
    }
}

impl<const D: usize> Parametric<D> for OneHotCategorical<D> {
    type WithRank<const E: usize> = OneHotCategorical<E>;
    const NAME: &'static str = "OneHotCategorical";

    fn parameters(&self) -> Vec<Parameter<D>> {
        self.index.parameters()
    }

    fn map<const E: usize>(
        self,
        transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> OneHotCategorical<E> {
        OneHotCategorical { index: self.index.map(transform) }
    }
}
