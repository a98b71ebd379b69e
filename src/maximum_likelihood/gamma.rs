//! Gamma and inverse Gamma, by Newton's method on the concentration.

use burn::tensor::Tensor;

use super::{MaximumLikelihood, Weights, iterate};
use crate::distributions::{Gamma, InverseGamma};
use crate::divergence::gaps::ratio_gap;
use crate::kernel::{Formula, Op, Real};

/// Newton steps on 1/a converge to the precision in three to five, from a start that is within 2 %.
const STEPS: usize = 6;

pub(super) static RATIO_GAP: Op<2> = Op::new::<RatioGap>();
static START: Op<1> = Op::new::<Start>();
static STEP: Op<2> = Op::new::<Step>();

/// x/m − 1 − ln(x/m), whose average over samples of mean m is ln m minus the average logarithm. That
/// difference itself would cancel for a large concentration a, where it is 1/(2a); and an error of m
/// has no first-order effect on the average.
pub(super) struct RatioGap;

impl Formula<2> for RatioGap {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 2] = ["samples", "mean"];

    #[inline(always)]
    fn evaluate<R: Real>([x, mean]: [R; 2]) -> R {
        ratio_gap(x, mean)
    }
}

/// The approximate solution of ln a − ψ(a) = s of Minka (2002).
struct Start;

impl Formula<1> for Start {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 1] = ["gap"];

    #[inline(always)]
    fn evaluate<R: Real>([s]: [R; 1]) -> R {
        // (3 − s + √((3 − s)² + 24 s))/(12 s), whose sum cancels for large s: 2/(root + s − 3).
        let root = ((s - 3.0).square() + s * 24.0).sqrt();
        let small = (root + 3.0 - s) / (s * 12.0);
        let large = (root + s - 3.0).recip() * 2.0;
        R::select(s.lt(R::constant(3.0)), small, large)
    }
}

/// A Newton step on 1/a, in which the equation is nearly linear (Minka 2002).
struct Step;

impl Formula<2> for Step {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 2] = ["concentration", "gap"];

    #[inline(always)]
    fn evaluate<R: Real>([a, s]: [R; 2]) -> R {
        // a (ln a − ψ(a)) as one function: the difference would cancel for large a.
        let excess = a.digamma_stirling() - a * s;
        // a_new = a/(1 + excess/slope), the slope being a − a² ψ′(a): −½ − 1/(6a) for large a, where
        // it would cancel.
        let r = a.recip();
        let near = a - a.square() * a.trigamma();
        let far = r * (r.square() * (1.0 / 30.0) - (1.0 / 6.0)) - 0.5;
        let slope = R::select(a.lt(R::constant(20.0)), near, far);
        // Rounding alone must not change the sign.
        a / (excess / slope + 1.0).max(R::constant(0.25))
    }
}

/// The concentration and the mean of a Gamma distribution.
fn concentration_and_mean<const D: usize>(
    samples: Tensor<D>,
    weights: &Weights<D>,
) -> [Tensor<D>; 2] {
    let mean = weights.mean(samples.clone());
    let gap = weights.mean(RATIO_GAP.apply([samples, mean.clone()]));
    let start = START.apply([gap.clone()]);
    [iterate(STEPS, start, |a| STEP.apply([a, gap.clone()])), mean]
}

/// The concentration by Newton's method (Minka 2002), and the rate that gives the mean.
impl<const D: usize> MaximumLikelihood<D> for Gamma<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let [concentration, mean] = concentration_and_mean(samples.detach(), weights);
        Self::new(concentration.clone(), concentration / mean)
    }
}

/// The Gamma fit of the reciprocals.
impl<const D: usize> MaximumLikelihood<D> for InverseGamma<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let [concentration, mean] = concentration_and_mean(samples.detach().recip(), weights);
        Self::new(concentration.clone(), concentration / mean)
    }
}
