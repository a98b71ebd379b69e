//! Averages over weighted samples.

use burn::tensor::{FloatDType, Int, Tensor};

use crate::linalg::reshape;
use crate::parameter::common_shape;

/// How much each sample counts: what a [`MaximumLikelihood`](super::MaximumLikelihood) fit averages
/// with.
///
/// Samples are `[N, ..]`, averages `[1, ..]`.
#[derive(Clone, Debug)]
pub struct Weights<const D: usize> {
    /// Which sum to 1 along the first dimension; none where all samples count the same.
    shares: Option<Tensor<D>>,
    count: usize,
}

impl<const D: usize> Weights<D> {
    /// The same for all samples of this shape.
    pub(super) fn equal(samples: [usize; D]) -> Self {
        let count = samples[0];
        assert!(count > 0, "a maximum-likelihood fit needs at least one sample");
        Self { shares: None, count }
    }

    pub(super) fn new(samples: [usize; D], weights: Tensor<D>) -> Self {
        common_shape("fit_mle_weighted", &["samples", "weights"], &[samples, weights.dims()]);
        let equal = Self::equal(samples);
        let weights = weights.detach();
        let count = weights.dims()[0];
        let shares = weights.clone() / weights.sum_dim(0);
        Self { shares: (count == samples[0]).then_some(shares), ..equal }
    }

    /// Whole numbers in the precision in which they are averaged.
    #[must_use]
    pub fn float(&self, whole: Tensor<D, Int>) -> Tensor<D> {
        let whole = whole.float();
        match &self.shares {
            Some(shares) => whole.cast(FloatDType::from(shares.dtype())),
            None => whole,
        }
    }

    /// The average.
    #[must_use]
    pub fn mean(&self, x: Tensor<D>) -> Tensor<D> {
        match self.like(&x) {
            Some(shares) => (x * shares).sum_dim(0),
            None => x.mean_dim(0),
        }
    }

    /// The sum of the products of each pair of columns, `[.., K, K]`, divided as the average is:
    /// from `[N, .., K]` with all dimensions between as one.
    #[must_use]
    pub fn mean_products(&self, x: Tensor<D>) -> Tensor<3> {
        let dims = x.dims();
        let length = dims[D - 1];
        let batches = dims[1..D - 1].iter().product();
        // The root of a share on either side, so that the product is symmetric to the last digit.
        let (x, count) = match self.like(&x) {
            Some(shares) => (x * shares.sqrt(), 1.0),
            None => (x, self.count as f64),
        };
        let rows = reshape(x, [self.count, batches, length]);
        rows.clone().permute([1, 2, 0]).matmul(rows.swap_dims(0, 1)) / count
    }

    /// The average, and the samples without it.
    #[must_use]
    pub fn centred(&self, x: Tensor<D>) -> [Tensor<D>; 2] {
        let first = self.mean(x.clone());
        // The average of many numbers far from 0 loses digits to the sum; that of what is left over
        // gives them back.
        let rest = self.mean(x.clone() - first.clone());
        let mean = first + rest;
        [mean.clone(), x - mean]
    }

    /// The square root of the average square.
    #[must_use]
    pub fn root_mean_square(&self, x: Tensor<D>) -> Tensor<D> {
        // Squares of numbers around 1: those of the numbers themselves overflow and underflow.
        let size = x.clone().abs().max_dim(0);
        let none = size.clone().equal_elem(0.0);
        let unit = size.clone().mask_fill(none, 1.0);
        size * self.mean((x / unit).square()).sqrt()
    }

    /// The least sample that counts.
    #[must_use]
    pub fn min(&self, x: Tensor<D>) -> Tensor<D> {
        self.counted(x, f64::INFINITY).min_dim(0)
    }

    /// The greatest sample that counts.
    #[must_use]
    pub fn max(&self, x: Tensor<D>) -> Tensor<D> {
        self.counted(x, f64::NEG_INFINITY).max_dim(0)
    }

    /// Samples of weight 0 replaced.
    fn counted(&self, x: Tensor<D>, by: f64) -> Tensor<D> {
        let Some(shares) = self.like(&x) else {
            return x;
        };
        let absent = shares.equal_elem(0.0).expand(x.dims());
        x.mask_fill(absent, by)
    }

    /// The least median: the first sample with half of the weight at it or below.
    #[must_use]
    pub fn median(&self, x: Tensor<D>) -> Tensor<D> {
        let Some(shares) = self.like(&x) else {
            return x.sort(0).narrow(0, (self.count - 1) / 2, 1);
        };
        let shares = shares.expand(x.dims());
        let (sorted, order) = x.sort_with_indices(0);
        let below = shares.gather(0, order).cumsum(0).lower_elem(0.5);
        // Rounding may leave the sum of all below a half for a single sample of weight 1. That of a
        // long sum moves the median by as many samples.
        let place = below.int().sum_dim(0).clamp_max(self.count as i64 - 1);
        sorted.gather(0, place)
    }

    /// The shares in the precision of the samples.
    fn like(&self, samples: &Tensor<D>) -> Option<Tensor<D>> {
        let shares = self.shares.clone()?;
        Some(shares.cast(FloatDType::from(samples.dtype())))
    }
}
