//! The exponential.

use burn::tensor::Tensor;

use super::increments;
use crate::bijector::ElementwiseBijector;
use crate::kernel::{BijectorFormulas, BijectorOps, Real};
use crate::support::Support;

/// y = eˣ, from the reals onto (0, ∞).
///
#[cfg_attr(doc, doc = r"$$\ln\left|\frac{dy}{dx}\right| = x$$")]
#[cfg_attr(not(doc), doc = "`ln |dy/dx| = x`")]
///
/// # Notes
///
/// Overflows above x = 88.7 in `f32`; the inverse at 0 is −∞.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exp;

/// The formulas.
struct Formulas;

impl BijectorFormulas<1> for Formulas {
    const NAME: &'static str = "Exp";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn forward<R: Real>([x]: [R; 1]) -> R {
        x.exp()
    }

    #[inline(always)]
    fn inverse<R: Real>([y]: [R; 1]) -> R {
        y.ln()
    }

    #[inline(always)]
    fn log_det<R: Real>([x]: [R; 1]) -> R {
        x
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([y]: [R; 1]) -> R {
        -y.ln()
    }
}

impl<const D: usize> ElementwiseBijector<D> for Exp {
    const FORMULAS: BijectorOps = BijectorOps::new::<1, Formulas>();
    const EXPONENTIAL: bool = true;

    fn sets(&self) -> [Support; 2] {
        [Support::Real, Support::Positive]
    }

    fn difference(&self, x: Tensor<D>, step: Tensor<D>, _end: Tensor<D>) -> Tensor<D> {
        increments::EXP.apply([x, step])
    }
}
