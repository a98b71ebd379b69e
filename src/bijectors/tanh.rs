//! The hyperbolic tangent.

use burn::tensor::Tensor;

use super::increments;
use crate::bijector::ElementwiseBijector;
use crate::kernel::{BijectorFormulas, BijectorOps, Real};
use crate::support::Support;

/// y = tanh x, from the reals onto (−1, 1).
///
#[cfg_attr(
    doc,
    doc = r"$$\ln\left|\frac{dy}{dx}\right| = \ln(1 - \tanh^2 x) = 2(\ln 2 - |x| - \ln(1 + e^{-2|x|}))$$"
)]
#[cfg_attr(not(doc), doc = "`ln |dy/dx| = ln(1 - tanh² x) = 2(ln 2 - |x| - ln(1 + e^(-2|x|)))`")]
///
/// # Notes
///
/// The log-determinant keeps its relative accuracy from 1e-4 to the largest x. The inverse cannot:
/// beyond |x| = 9 in `f32` every x is mapped to 1, whose inverse is ∞. To evaluate the density of
/// draws, use [`rsample_and_log_prob`](crate::distribution::Reparameterized::rsample_and_log_prob),
/// which never inverts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

/// The formulas.
struct Formulas;

impl BijectorFormulas<1> for Formulas {
    const NAME: &'static str = "Tanh";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn forward<R: Real>([x]: [R; 1]) -> R {
        x.tanh()
    }

    #[inline(always)]
    fn inverse<R: Real>([y]: [R; 1]) -> R {
        // atanh y = ½ ln((1 + y)/(1 - y)) as a log1p, exact near 0; odd, so from |y|. Not `abs`,
        // whose derivative at 0 is 0.
        let a = R::select(y.lt(R::constant(0.0)), -y, y);
        y.sign_of(((a + a) / (-a + 1.0)).ln_1p() * 0.5)
    }

    #[inline(always)]
    fn log_det<R: Real>([x]: [R; 1]) -> R {
        // Near 0, ln(1 - t²) as a log1p: the other form would subtract ln 2 from ln 2. Far out
        // 1 - t² is 0, and the other form loses nothing.
        let a = x.abs();
        let near = (-x.tanh().square()).ln_1p();
        let far = (-a - (a * -2.0).exp().ln_1p() + core::f64::consts::LN_2) * 2.0;
        R::select(a.lt(R::constant(0.5)), near, far)
    }

    #[inline(always)]
    fn inverse_log_det<R: Real>([y]: [R; 1]) -> R {
        // -ln(1 - y²) by its factors, so that y near 1 keeps the digits of 1 - y; near 0 the
        // factors would cancel.
        let near = (-y.square()).ln_1p();
        let far = (-y).ln_1p() + y.ln_1p();
        -R::select(y.abs().lt(R::constant(0.5)), near, far)
    }
}

impl<const D: usize> ElementwiseBijector<D> for Tanh {
    const FORMULAS: BijectorOps = BijectorOps::new::<1, Formulas>();

    fn sets(&self) -> [Support; 2] {
        [Support::Real, Support::Interval { low: (-1.0).into(), high: 1.0.into() }]
    }

    fn difference(&self, x: Tensor<D>, step: Tensor<D>, _end: Tensor<D>) -> Tensor<D> {
        increments::TANH.apply([x, step])
    }
}
