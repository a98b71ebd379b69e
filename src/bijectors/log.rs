//! The natural logarithm.

use burn::tensor::Tensor;

use super::increments;
use crate::bijector::ElementwiseBijector;
use crate::kernel::{BijectorFormulas, BijectorOps, Real};
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

impl BijectorFormulas<1> for Formulas {
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

impl<const D: usize> ElementwiseBijector<D> for Log {
    const FORMULAS: BijectorOps = BijectorOps::new::<1, Formulas>();

    fn sets(&self) -> [Support; 2] {
        [Support::Positive, Support::Real]
    }

    fn difference(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<D> {
        increments::LOG.apply([x, step, end])
    }
}
