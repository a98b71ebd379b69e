//! The divergence of a Uniform to the Laplace.

use burn::tensor::Tensor;

use super::super::closed_form;
use super::{slopes, to_laplace};
use crate::distribution::KlDivergence;
use crate::distributions::{Laplace, Uniform};
use crate::kernel::{Formula, Op, Real};

/// E|x − μ′|, half the mean square distance of the ends over the width where μ′ lies inside.
struct Distance<R: Real> {
    width: R,
    left: R,
    right: R,
    outside: R::Mask,
    mean: R,
}

impl<R: Real> Distance<R> {
    #[inline(always)]
    fn new([low, high, loc]: [R; 3]) -> Self {
        let zero = R::constant(0.0);
        let (width, left, right) = (high - low, loc - low, high - loc);
        let inside = left * (left / width) * 0.5 + right * (right / width) * 0.5;
        let outside = left.lt(zero) | right.lt(zero);
        let mean = R::select(outside, ((right - left) * 0.5).abs(), inside);
        Self { width, left, right, outside, mean }
    }
}

struct UniformToLaplace;

impl Formula<4> for UniformToLaplace {
    const NAME: &'static str = "KL(Uniform ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["low", "high", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, loc, scale]: [R; 4]) -> R {
        let at = Distance::new([low, high, loc]);
        let excess = (at.mean / at.width).ln() + (core::f64::consts::LN_2 + 1.0);
        to_laplace(at.mean, scale, excess)
    }

    #[inline(always)]
    fn partials<R: Real>([low, high, loc, scale]: [R; 4]) -> [R; 4] {
        let at = Distance::new([low, high, loc]);
        let side = (at.left - at.right).sign_of(R::constant(1.0));
        let balance = R::select(at.outside, side, (at.left - at.right) / at.width);
        let [by_loc, by_scale] = slopes(at.mean, balance, scale);
        let half = side * -0.5;
        let by_low = R::select(at.outside, half, (at.mean - at.left) / at.width);
        let by_high = R::select(at.outside, half, (at.right - at.mean) / at.width);
        let density = at.width.recip();
        [by_low / scale + density, by_high / scale - density, by_loc, by_scale]
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<UniformToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}
