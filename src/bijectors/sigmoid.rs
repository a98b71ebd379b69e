//! The logistic function.

use burn::tensor::Tensor;

use super::increments;
use crate::bijector::ElementwiseBijector;
use crate::kernel::{BijectorFormulas, BijectorOps, Real};
use crate::support::Support;

/// y = 1/(1 + e⁻ˣ), from the reals onto (0, 1).
///
#[cfg_attr(doc, doc = r"$$\ln\left|\frac{dy}{dx}\right| = -\ln(1 + e^{x}) - \ln(1 + e^{-x})$$")]
#[cfg_attr(not(doc), doc = "`ln |dy/dx| = -ln(1 + e^x) - ln(1 + e^-x)`")]
///
/// # Notes
///
/// The lower tail keeps its relative accuracy down to the smallest float, the upper one ends at 1,
/// whose inverse is ∞; see [`Tanh`](crate::bijectors::Tanh) for what to do about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

/// The formulas.
struct Formulas;

impl BijectorFormulas<1> for Formulas {
    const NAME: &'static str = "Sigmoid";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn forward<R: Real>([x]: [R; 1]) -> R {
        x.sigmoid()
    }

    #[inline(always)]
    fn inverse<R: Real>([y]: [R; 1]) -> R {
        // ln y - ln(1 - y) cancels around y = 1/2, where 2y - 1 is exact: atanh(2y - 1) · 2.
        let s = y * 2.0 - 1.0;
        let near = s.ln_1p() - (-s).ln_1p();
        let far = y.ln() - (-y).ln_1p();
        R::select(s.abs().lt(R::constant(0.5)), near, far)
    }

    #[inline(always)]
    fn log_det<R: Real>([x]: [R; 1]) -> R {
        // ln s(1 - s) = -|x| - 2 ln(1 + e^-|x|), symmetric and free of overflow.
        let a = x.abs();
        let value = -a - (-a).exp().ln_1p() * 2.0;
        // Around 0 the slopes of both terms cancel.
        value.with_slope(-(x * 0.5).tanh(), x)
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([y]: [R; 1]) -> R {
        -(y.ln() + (-y).ln_1p())
    }
}

impl<const D: usize> ElementwiseBijector<D> for Sigmoid {
    const FORMULAS: BijectorOps = BijectorOps::new::<1, Formulas>();

    fn sets(&self) -> [Support; 2] {
        [Support::Real, Support::UnitInterval]
    }

    fn difference(&self, x: Tensor<D>, step: Tensor<D>, _end: Tensor<D>) -> Tensor<D> {
        increments::SIGMOID.apply([x, step])
    }
}
