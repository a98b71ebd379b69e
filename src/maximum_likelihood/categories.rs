//! Families on categories.

use burn::tensor::{Int, Tensor};

use super::{MaximumLikelihood, Weights};
use crate::distributions::{Categorical, OneHotCategorical};

/// The shares of the categories.
impl<const D: usize> MaximumLikelihood<D> for OneHotCategorical<D> {
    fn fit_by(samples: Tensor<D, Int>, weights: &Weights<D>) -> Self {
        Self::from_probs(weights.mean(weights.float(samples)))
    }
}

/// Not [`MaximumLikelihood`]: the samples do not tell how many categories there are.
impl<const D: usize> Categorical<D> {
    /// The distribution over `categories` categories under which samples `[N, .., 1]` are most
    /// likely: their shares. See [`MaximumLikelihood`] for the shapes.
    ///
    /// # Panics
    ///
    /// If the last dimension of the samples is not 1, or there are none.
    #[must_use]
    pub fn fit_mle(samples: Tensor<D, Int>, categories: usize) -> Self {
        let one_hot = one_hot(samples, categories);
        Self::from_probs(OneHotCategorical::fit_mle(one_hot).index().probs())
    }

    /// As [`fit_mle`](Self::fit_mle), each sample counting as often as its weight says.
    ///
    /// # Panics
    ///
    /// As [`fit_mle`](Self::fit_mle), and if the shapes do not broadcast.
    #[must_use]
    pub fn fit_mle_weighted(
        samples: Tensor<D, Int>,
        weights: Tensor<D>,
        categories: usize,
    ) -> Self {
        let one_hot = one_hot(samples, categories);
        Self::from_probs(OneHotCategorical::fit_mle_weighted(one_hot, weights).index().probs())
    }
}

/// A 1 at the place of each category along the last dimension.
fn one_hot<const D: usize>(samples: Tensor<D, Int>, categories: usize) -> Tensor<D, Int> {
    let mut shape = samples.dims();
    assert!(
        shape[D - 1] == 1 && D > 1,
        "Categorical: samples of shape {shape:?} must have size 1 in a last dimension of their own",
    );
    shape[D - 1] = categories;
    let places = Tensor::<1, Int>::arange(0..categories as i64, &samples.device());
    let places = places.unsqueeze::<D>().expand(shape);
    samples.expand(shape).equal(places).int()
}
