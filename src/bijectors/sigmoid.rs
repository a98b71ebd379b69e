//! The logistic function.

use burn::tensor::Tensor;

use super::image::image;
use super::increments;
use crate::bijector::{Bijector, Direction};
use crate::kernel::Real;
use crate::kernel::bijection::{ScalarFormulas, ScalarOps};
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

static OPS: ScalarOps<1> = ScalarOps::new::<Formulas>();

impl ScalarFormulas<1> for Formulas {
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
        -a - (-a).exp().ln_1p() * 2.0
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([y]: [R; 1]) -> R {
        -(y.ln() + (-y).ln_1p())
    }
}

impl<const D: usize> Bijector<D> for Sigmoid {
    fn forward(&self, x: Tensor<D>) -> Tensor<D> {
        OPS.forward.apply([x])
    }

    fn inverse(&self, y: Tensor<D>) -> Tensor<D> {
        OPS.inverse.apply([y])
    }

    fn log_det_jacobian(&self, x: Tensor<D>) -> Tensor<D> {
        OPS.log_det.apply([x])
    }

    fn inverse_log_det_jacobian(&self, y: Tensor<D>) -> Tensor<D> {
        OPS.inverse_log_det.apply([y])
    }

    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        OPS.forward_and_log_det.apply_all([x]).into()
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        OPS.inverse_and_log_det.apply_all([y]).into()
    }

    fn increment(&self, x: Tensor<D>, step: Tensor<D>) -> Tensor<D> {
        increments::SIGMOID.apply([x, step])
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::UnitInterval
    }

    fn image(&self, part: &Support) -> Support {
        image::<D, 0>(self, [], part, |[], x| 1.0 / (1.0 + (-x).exp()))
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(Direction::Increasing)
    }
}
