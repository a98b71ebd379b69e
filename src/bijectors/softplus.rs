//! The softplus.

use burn::tensor::Tensor;

use super::image::image;
use super::increments;
use crate::bijector::{Bijector, Direction};
use crate::kernel::Real;
use crate::kernel::bijection::{ScalarFormulas, ScalarOps};
use crate::support::Support;

/// y = ln(1 + eˣ), from the reals onto (0, ∞).
///
#[cfg_attr(doc, doc = r"$$\ln\left|\frac{dy}{dx}\right| = -\ln(1 + e^{-x})$$")]
#[cfg_attr(not(doc), doc = "`ln |dy/dx| = -ln(1 + e^-x)`")]
///
/// # Notes
///
/// Grows like eˣ on the left and like x on the right, so that, unlike [`Exp`](crate::bijectors::Exp),
/// it does not overflow. Both directions keep their relative accuracy at both ends; below x = −87
/// the value underflows in `f32`, but not its log-determinant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softplus;

/// The formulas.
struct Formulas;

static OPS: ScalarOps<1> = ScalarOps::new::<Formulas>();

impl ScalarFormulas<1> for Formulas {
    const NAME: &'static str = "Softplus";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn forward<R: Real>([x]: [R; 1]) -> R {
        x.softplus()
    }

    #[inline(always)]
    fn inverse<R: Real>([y]: [R; 1]) -> R {
        y.softplus_inverse()
    }

    #[inline(always)]
    fn log_det<R: Real>([x]: [R; 1]) -> R {
        x.log_sigmoid()
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([y]: [R; 1]) -> R {
        // The derivative of f at the inverse is 1 - e^-y, which cancels for small y.
        -y.log1mexp()
    }
}

impl<const D: usize> Bijector<D> for Softplus {
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
        increments::SOFTPLUS.apply([x, step])
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::Positive
    }

    fn image(&self, part: &Support) -> Support {
        image::<D, 0>(self, [], part, |[], x| x.max(0.0) + (-x.abs()).exp().ln_1p())
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(Direction::Increasing)
    }
}
