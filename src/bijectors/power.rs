//! The power map.

use burn::tensor::Tensor;

use super::increments;
use crate::bijector::{Direction, ElementwiseBijector};
use crate::kernel::{BijectorFormulas, BijectorOps, Real};
use crate::parameter::Argument;
use crate::support::Support;

/// y = xᵖ, from (0, ∞) onto (0, ∞), elementwise.
///
#[cfg_attr(doc, doc = r"$$\ln\left|\frac{dy}{dx}\right| = \ln|p| + (p - 1)\ln x$$")]
#[cfg_attr(not(doc), doc = "`ln |dy/dx| = ln |p| + (p - 1) ln x`")]
///
/// The exponent may be negative, but not 0. A plain number takes the device of the points.
#[derive(Clone, Debug, PartialEq)]
pub struct Power<const D: usize> {
    pub(super) exponent: Argument<D>,
}

impl<const D: usize> Power<D> {
    /// The map x ↦ x^`exponent`. Values are not read back.
    pub fn new(exponent: impl Into<Argument<D>>) -> Self {
        Self { exponent: exponent.into() }
    }
}

/// The formulas.
struct Formulas;

impl BijectorFormulas<2> for Formulas {
    const NAME: &'static str = "Power";
    const INPUTS: [&'static str; 2] = ["value", "exponent"];

    #[inline(always)]
    fn forward<R: Real>([x, exponent]: [R; 2]) -> R {
        x.pow(exponent)
    }

    #[inline(always)]
    fn inverse<R: Real>([y, exponent]: [R; 2]) -> R {
        y.pow(exponent.recip())
    }

    #[inline(always)]
    fn log_det<R: Real>([x, exponent]: [R; 2]) -> R {
        exponent.abs().ln() + log_power(x, exponent - 1.0)
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([y, exponent]: [R; 2]) -> R {
        log_power(y, (-exponent + 1.0) / exponent) - exponent.abs().ln()
    }
}

/// ln xʳ, with x⁰ = 1 at the edge x = 0 too.
#[inline(always)]
fn log_power<R: Real>(x: R, r: R) -> R {
    // Only there: elsewhere ln x is the derivative with respect to r even where r = 0.
    let zero = R::constant(0.0);
    R::select(x.equal(zero) & r.equal(zero), zero, r * x.ln())
}

impl<const D: usize> ElementwiseBijector<D> for Power<D> {
    const FORMULAS: BijectorOps = BijectorOps::new::<2, Formulas>();

    fn sets(&self) -> [Support; 2] {
        [Support::Positive, Support::Positive]
    }

    fn arguments(&self) -> Vec<&Argument<D>> {
        vec![&self.exponent]
    }

    fn runs(&self) -> Direction<D> {
        Direction::of_sign(&self.exponent)
    }

    fn difference(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<D> {
        let exponent = self.exponent.like(&x);
        increments::POWER.apply([x, step, end, exponent])
    }
}
