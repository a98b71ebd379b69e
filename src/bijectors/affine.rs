//! The affine map.

use burn::tensor::Tensor;

use crate::bijector::{Direction, ElementwiseBijector};
use crate::kernel::{BijectorFormulas, BijectorOps, Real};
use crate::parameter::Argument;
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
}

/// The formulas.
struct Formulas;

impl BijectorFormulas<3> for Formulas {
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

impl<const D: usize> ElementwiseBijector<D> for Affine<D> {
    const FORMULAS: BijectorOps = BijectorOps::new::<3, Formulas>();
    const CONSTANT_JACOBIAN: bool = true;

    fn sets(&self) -> [Support; 2] {
        [Support::Real, Support::Real]
    }

    fn arguments(&self) -> Vec<&Argument<D>> {
        vec![&self.loc, &self.scale]
    }

    fn runs(&self) -> Direction<D> {
        Direction::of_sign(&self.scale)
    }

    fn difference(&self, x: Tensor<D>, step: Tensor<D>, _end: Tensor<D>) -> Tensor<D> {
        // Of the shape of the result, which a parameter may be wider than.
        let zero = self.loc.like(&x).zeros_like() + x.zeros_like();
        self.scale.like(&step) * step + zero
    }
}
