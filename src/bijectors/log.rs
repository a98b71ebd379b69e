//! The natural logarithm.

use burn::tensor::Tensor;

use super::image::image;
use super::increments;
use crate::bijector::{Bijector, Direction};
use crate::kernel::Real;
use crate::kernel::bijection::{ScalarFormulas, ScalarOps};
use crate::support::Support;

/// y = ln x, from (0, ∞) onto the reals.
///
#[cfg_attr(doc, doc = r"$$\ln\left|\frac{dy}{dx}\right| = -\ln x$$")]
#[cfg_attr(not(doc), doc = "`ln |dy/dx| = -ln x`")]
///
/// # Notes
///
/// The inverse overflows above y = 88.7 in `f32`, and underflows below −87.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Log;

/// The formulas.
struct Formulas;

static OPS: ScalarOps<1> = ScalarOps::new::<Formulas>();

impl ScalarFormulas<1> for Formulas {
    const NAME: &'static str = "Log";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn forward<R: Real>([x]: [R; 1]) -> R {
        x.ln()
    }

    #[inline(always)]
    fn inverse<R: Real>([y]: [R; 1]) -> R {
        y.exp()
    }

    #[inline(always)]
    fn log_det<R: Real>([x]: [R; 1]) -> R {
        -x.ln()
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([y]: [R; 1]) -> R {
        y
    }
}

impl<const D: usize> Bijector<D> for Log {
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
        increments::LOG.apply([x, step])
    }

    fn domain(&self) -> Support {
        Support::Positive
    }

    fn codomain(&self) -> Support {
        Support::Real
    }

    fn image(&self, part: &Support) -> Support {
        image::<D, 0>(self, [], part, |[], x| x.ln())
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(Direction::Increasing)
    }
}
