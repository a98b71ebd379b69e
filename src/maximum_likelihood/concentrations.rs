//! Beta and Dirichlet, by Newton's method on all concentrations at once.

use burn::tensor::Tensor;

use super::gamma::RATIO_GAP;
use super::{MaximumLikelihood, Weights, iterate};
use crate::distributions::{Beta, Dirichlet};
use crate::divergence::gaps::ln_ratio;
use crate::kernel::{Formula, MultiFormula, Op, Real};

/// Most starts need four or five; far from the solution a step goes by a factor.
const STEPS: usize = 24;
/// The largest factor of a step.
const FACTOR: f64 = 5.0;

static SCORE: Op<4> = Op::new::<Score>();
static CURVATURE: Op<1, 2> = Op::new::<Curvature>();

/// The derivative of the average log-density with respect to a concentration,
/// ψ(A) − ψ(a) + ln m − gap, without the logarithms that cancel for large concentrations.
struct Score;

impl Formula<4> for Score {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 4] = ["concentration", "total", "mean", "gap"];

    #[inline(always)]
    fn evaluate<R: Real>([a, total, mean, gap]: [R; 4]) -> R {
        let own = a.digamma_stirling() / a;
        let common = total.digamma_stirling() / total;
        (own - common) - ln_ratio(a, total * mean) - gap
    }
}

/// 1/ψ′(a) and a − 1/ψ′(a).
struct Curvature;

impl MultiFormula<1, 2> for Curvature {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 1] = ["concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([a]: [R; 1]) -> [R; 2] {
        let inverse = a.trigamma().recip();
        // The second is ½ − 1/(12a) for large a, where the difference cancels.
        let r = a.recip();
        let far = r * (r * (r * (1.0 / 720.0) - (1.0 / 24.0)) - (1.0 / 12.0)) + 0.5;
        [inverse, R::select(a.lt(R::constant(20.0)), a - inverse, far)]
    }
}

/// Newton's method for the concentrations that lie along `dim` (Minka 2000): the matrix of second
/// derivatives is diagonal but for a constant, so that its inverse is a sum.
fn concentrations<const D: usize>(
    start: Tensor<D>,
    mean: &Tensor<D>,
    gap: &Tensor<D>,
    dim: usize,
) -> Tensor<D> {
    iterate(STEPS, start, |a| {
        let total = a.clone().sum_dim(dim);
        let score = SCORE.apply([a.clone(), total.clone(), mean.clone(), gap.clone()]);
        let [inverse, rest] = CURVATURE.apply_all([a.clone()]);
        let [_, rest_of_total] = CURVATURE.apply_all([total]);
        // 1/ψ′(A) − Σ 1/ψ′(a), in which A and Σ a cancel.
        let common = rest.sum_dim(dim) - rest_of_total;
        let shift = (score.clone() * inverse.clone()).sum_dim(dim) / common;
        let step = (score + shift) * inverse;
        let (low, high) = (a.clone() / FACTOR, a.clone() * FACTOR);
        (a + step).max_pair(low).min_pair(high)
    })
}

/// Concentrations with the means and the total variance of the samples, where there are such.
fn start<const D: usize>(mean: &Tensor<D>, variance: Tensor<D>, dim: usize) -> Tensor<D> {
    let possible = (mean.clone() - mean.clone().square()).sum_dim(dim);
    // Rounding, or samples that are all at the corners, may leave nothing or less.
    let total = (possible / variance.sum_dim(dim) - 1.0).clamp_min(1e-2);
    mean.clone() * total
}

/// Both concentrations by Newton's method (Minka 2000).
///
/// A sample of exactly 0 or 1, which small concentrations round to, has no maximum.
impl<const D: usize> MaximumLikelihood<D> for Beta<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        let others = -samples.clone() + 1.0;
        let (mean, rest) = (weights.mean(samples.clone()), weights.mean(others.clone()));
        let gap = |x, mean: &Tensor<D>| weights.mean(RATIO_GAP.apply([x, mean.clone()]));
        // The two lie along the first dimension, which the averages have left free.
        let gaps = Tensor::cat(vec![gap(samples.clone(), &mean), gap(others, &rest)], 0);
        let variance = weights.mean((samples - mean.clone()).square());
        let means = Tensor::cat(vec![mean, rest], 0);
        let start = start(&means, variance * 2.0, 0);
        let fitted = concentrations(start, &means, &gaps, 0);
        Self::new(fitted.clone().narrow(0, 0, 1), fitted.narrow(0, 1, 1))
    }
}

/// All concentrations by Newton's method (Minka 2000). As for [`Beta`], no element of a sample may
/// be 0.
impl<const D: usize> MaximumLikelihood<D> for Dirichlet<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        let mean = weights.mean(samples.clone());
        let gap = weights.mean(RATIO_GAP.apply([samples.clone(), mean.clone()]));
        let variance = weights.mean((samples - mean.clone()).square());
        Self::new(concentrations(start(&mean, variance, D - 1), &mean, &gap, D - 1))
    }
}
