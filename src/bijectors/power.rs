//! The power map.

use burn::tensor::Tensor;

use super::image::image;
use super::increments;
use crate::bijector::{Bijector, Direction};
use crate::kernel::Real;
use crate::kernel::bijection::{ScalarFormulas, ScalarOps};
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

    fn with(&self, point: Tensor<D>) -> [Tensor<D>; 2] {
        let exponent = self.exponent.like(&point);
        [point, exponent]
    }
}

/// The formulas.
struct Formulas;

static OPS: ScalarOps<2> = ScalarOps::new::<Formulas>();

impl ScalarFormulas<2> for Formulas {
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

impl<const D: usize> Bijector<D> for Power<D> {
    fn forward(&self, x: Tensor<D>) -> Tensor<D> {
        OPS.forward.apply(self.with(x))
    }

    fn inverse(&self, y: Tensor<D>) -> Tensor<D> {
        OPS.inverse.apply(self.with(y))
    }

    fn log_det_jacobian(&self, x: Tensor<D>) -> Tensor<D> {
        OPS.log_det.apply(self.with(x))
    }

    fn inverse_log_det_jacobian(&self, y: Tensor<D>) -> Tensor<D> {
        OPS.inverse_log_det.apply(self.with(y))
    }

    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        OPS.forward_and_log_det.apply_all(self.with(x)).into()
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        OPS.inverse_and_log_det.apply_all(self.with(y)).into()
    }

    fn increment(&self, x: Tensor<D>, step: Tensor<D>) -> Tensor<D> {
        increments::POWER.apply({
            let [x, exponent] = self.with(x);
            [x, step, exponent]
        })
    }

    fn parameter_shape(&self) -> [usize; D] {
        self.exponent.dims()
    }

    fn domain(&self) -> Support {
        Support::Positive
    }

    fn codomain(&self) -> Support {
        Support::Positive
    }

    fn image(&self, part: &Support) -> Support {
        image(self, [&self.exponent], part, |[exponent], x| x.powf(exponent))
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(Direction::of_sign(&self.exponent))
    }
}
