//! Von Mises, by Newton's method on the concentration.

use burn::tensor::Tensor;

use super::{MaximumLikelihood, Weights, iterate};
use crate::distributions::VonMises;
use crate::kernel::{Formula, Op, Real};

const STEPS: usize = 8;

static SHORTFALL: Op<2> = Op::new::<Shortfall>();
static START: Op<1> = Op::new::<Start>();
static STEP: Op<2> = Op::new::<Step>();

/// 1 − cos(x − loc), whose average is 1 − R: for a large concentration, where R is close to 1, that
/// difference would cancel.
struct Shortfall;

impl Formula<2> for Shortfall {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 2] = ["samples", "loc"];

    #[inline(always)]
    fn evaluate<R: Real>([x, loc]: [R; 2]) -> R {
        let half = (x - loc) * (0.5 / core::f64::consts::PI);
        half.sin_pi().square() * 2.0
    }
}

/// The approximate solution of I₁(κ)/I₀(κ) = R of Best and Fisher (1981), from 1 − R.
struct Start;

impl Formula<1> for Start {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 1] = ["shortfall"];

    #[inline(always)]
    fn evaluate<R: Real>([c]: [R; 1]) -> R {
        let r = -c + 1.0;
        let square = r.square();
        let small = r * (square * (square * (5.0 / 6.0) + 1.0) + 2.0);
        let middle = r * 1.39 + c.recip() * 0.43 - 0.4;
        let large = (c * (c * (c + 1.0) + 2.0)).recip();
        let spread = R::select(r.lt(R::constant(0.85)), middle, large);
        R::select(r.lt(R::constant(0.53)), small, spread)
    }
}

/// A Newton step: on κ where it is small, and on 1/κ, of which 1 − I₁/I₀ is nearly a multiple, where
/// it is large.
struct Step;

impl Formula<2> for Step {
    const NAME: &'static str = "fit_mle";
    const INPUTS: [&'static str; 2] = ["concentration", "shortfall"];

    #[inline(always)]
    fn evaluate<R: Real>([k, c]: [R; 2]) -> R {
        let excess = (k.bessel_ratio_complement() - c) / k.bessel_ratio_slope();
        let near = (k + excess).max(R::constant(0.0));
        let far = k / (-excess / k + 1.0).max(R::constant(0.25));
        R::select(k.lt(R::constant(1.0)), near, far)
    }
}

/// The mean direction, and the concentration whose mean resultant length is that of the samples.
impl<const D: usize> MaximumLikelihood<D> for VonMises<D> {
    fn fit_by(samples: Tensor<D>, weights: &Weights<D>) -> Self {
        let samples = samples.detach();
        let (sin, cos) = (samples.clone().sin(), samples.clone().cos());
        let loc = weights.mean(sin).atan2(weights.mean(cos));
        let shortfall = weights.mean(SHORTFALL.apply([samples, loc.clone()]));
        let start = START.apply([shortfall.clone()]);
        let fitted = iterate(STEPS, start, |k| STEP.apply([k, shortfall.clone()]));
        Self::new(loc, fitted)
    }
}
