//! Families on the positive half-line with closed forms.

use burn::tensor::Tensor;

use super::{MaximumLikelihood, Weights};
use crate::distributions::{Exponential, Pareto};
use crate::divergence::gaps::ln_ratio;
use crate::kernel::{Formula, Op, Real};

/// One over the mean.
impl<const D: usize> MaximumLikelihood<D> for Exponential<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        Self::new(weights.mean(samples.detach()).recip())
    }
}

static LOG_RATIO: Op<2> = Op::new::<LogRatio>();

/// ln(x/y), exact also where the quotient is near 1.
struct LogRatio;

impl Formula<2> for LogRatio {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 2] = ["samples", "least"];

    #[inline(always)]
    fn evaluate<R: Real>([x, y]: [R; 2]) -> R {
        ln_ratio(x, y)
    }
}

/// The least sample, and one over the average logarithm of the ratio to it.
impl<const D: usize> MaximumLikelihood<D> for Pareto<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        let scale = weights.min(samples.clone());
        // A sample of weight 0 may be below the least that counts; it is averaged with weight 0.
        let alpha = weights.mean(LOG_RATIO.apply([samples, scale.clone()])).recip();
        Self::new(scale, alpha)
    }
}
