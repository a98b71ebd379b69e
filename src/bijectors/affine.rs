//! The affine map.

use burn::tensor::Tensor;

use super::image::image;
use crate::bijector::{Bijector, Direction};
use crate::kernel::Real;
use crate::kernel::bijection::{ScalarFormulas, ScalarOps};
use crate::parameter::{Argument, common_shape};
use crate::support::Support;

/// y = loc + scale · x, elementwise.
///
#[cfg_attr(doc, doc = r"$$\ln\left|\frac{dy}{dx}\right| = \ln|s|$$")]
#[cfg_attr(not(doc), doc = "`ln |dy/dx| = ln |scale|`")]
///
/// The scale may be negative, but not 0. Plain numbers take the device of the points.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine<const D: usize> {
    pub(super) loc: Argument<D>,
    pub(super) scale: Argument<D>,
}

impl<const D: usize> Affine<D> {
    /// The map x ↦ loc + scale · x. Values are not read back.
    pub fn new(loc: impl Into<Argument<D>>, scale: impl Into<Argument<D>>) -> Self {
        Self { loc: loc.into(), scale: scale.into() }
    }

    /// The increasing map from (0, 1) onto (low, high).
    pub(crate) fn between(low: Argument<D>, high: Argument<D>) -> Self {
        let scale = match (&low, &high) {
            (Argument::Number(low), Argument::Number(high)) => Argument::Number(high - low),
            (low, Argument::Tensor(high)) => Argument::Tensor(high.clone() - low.like(high)),
            (Argument::Tensor(low), high) => Argument::Tensor(high.like(low) - low.clone()),
        };
        Self { loc: low, scale }
    }

    fn with(&self, point: Tensor<D>) -> [Tensor<D>; 3] {
        let (loc, scale) = (self.loc.like(&point), self.scale.like(&point));
        [point, loc, scale]
    }
}

/// The formulas.
struct Formulas;

static OPS: ScalarOps<3> = ScalarOps::new::<Formulas>();

impl ScalarFormulas<3> for Formulas {
    const NAME: &'static str = "Affine";
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];

    #[inline(always)]
    fn forward<R: Real>([x, loc, scale]: [R; 3]) -> R {
        loc + scale * x
    }

    #[inline(always)]
    fn inverse<R: Real>([y, loc, scale]: [R; 3]) -> R {
        (y - loc) / scale
    }

    #[inline(always)]
    fn log_det<R: Real>([_, _, scale]: [R; 3]) -> R {
        scale.abs().ln()
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([_, _, scale]: [R; 3]) -> R {
        -scale.abs().ln()
    }
}

impl<const D: usize> Bijector<D> for Affine<D> {
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
        // Of the shape of the result, which a parameter may be wider than.
        let zero = self.loc.like(&x).zeros_like() + x.zeros_like();
        self.scale.like(&step) * step + zero
    }

    fn parameter_shape(&self) -> [usize; D] {
        common_shape("Affine", &["loc", "scale"], &[self.loc.dims(), self.scale.dims()])
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::Real
    }

    fn image(&self, part: &Support) -> Support {
        image(self, [&self.loc, &self.scale], part, |[loc, scale], x| loc + scale * x)
    }

    fn is_constant_jacobian(&self) -> bool {
        true
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(Direction::of_sign(&self.scale))
    }
}
