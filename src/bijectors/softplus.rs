//! The softplus.

use burn::tensor::Tensor;

use super::increments;
use crate::bijector::ElementwiseBijector;
use crate::kernel::{BijectorFormulas, BijectorOps, Real};
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

impl BijectorFormulas<1> for Formulas {
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

impl<const D: usize> ElementwiseBijector<D> for Softplus {
    const FORMULAS: BijectorOps = BijectorOps::new::<1, Formulas>();

    fn sets(&self) -> [Support; 2] {
        [Support::Real, Support::Positive]
    }

    fn difference(&self, x: Tensor<D>, step: Tensor<D>, _end: Tensor<D>) -> Tensor<D> {
        increments::SOFTPLUS.apply([x, step])
    }
}
