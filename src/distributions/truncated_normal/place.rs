//! Where an interval lies on a normal density, in standard deviations from its densest point.
//!
//! Everything is measured from the mode m, the point of [low, high] nearest to `loc`, and relative
//! to the density there: 40 standard deviations out that density underflows, and differences of
//! distances to `loc` lose the digits that differences to m keep.

use super::nodes::{FEW_F32, FEW_F64};
use crate::constants::SQRT_HALF_PI;
use crate::kernel::Real;

/// 1/√2.
const FRAC_1_SQRT_2: f64 = core::f64::consts::FRAC_1_SQRT_2;

/// The point of the interval nearest to `loc`.
#[inline(always)]
pub(super) fn mode<R: Real>([loc, low, high]: [R; 3]) -> R {
    let bounded = R::select(loc.lt(low), low, R::select(loc.gt(high), high, loc));
    // An end that is NaN bounds nothing.
    R::select(low.is_nan(), low, R::select(high.is_nan(), high, bounded))
}

/// `scale`, or NaN where it is negative or the ends are in the wrong order: the signs could cancel.
#[inline(always)]
pub(super) fn checked_scale<R: Real>([scale, low, high]: [R; 3]) -> R {
    let invalid = scale.lt(R::constant(0.0)) | high.lt(low);
    R::select(invalid, R::constant(f64::NAN), scale)
}

/// An interval.
#[derive(Clone, Copy)]
pub(crate) struct Place<R: Real> {
    pub(crate) mode: R,
    pub(crate) scale: R,
    /// (m − loc)/scale: 0 where `loc` is inside, positive where the interval lies above it.
    pub(crate) offset: R,
    /// (m − low)/scale and (high − m)/scale, either of which may be infinite.
    pub(crate) below: R,
    pub(crate) above: R,
}

impl<R: Real> Place<R> {
    #[inline(always)]
    pub(crate) fn new([loc, scale, low, high]: [R; 4]) -> Self {
        let scale = checked_scale([scale, low, high]);
        let mode = mode([loc, low, high]);
        let [offset, below, above] =
            [mode - loc, mode - low, high - mode].map(|distance| distance / scale);
        Self { mode, scale, offset, below, above }
    }

    /// The integral of the density over the interval, in standard deviations and relative to that at m.
    #[inline(always)]
    pub(crate) fn mass(&self) -> R {
        let c = self.offset.abs();
        mass(c, self.below) + mass(c, self.above)
    }

    /// −ln of the density at m + scale · s relative to that at m.
    #[inline(always)]
    pub(crate) fn exponent(&self, s: R) -> R {
        s * (s * 0.5 + self.offset)
    }

    /// The same at both ends: 0 at m itself, where an infinite interval has no end.
    #[inline(always)]
    pub(crate) fn end_exponents(&self) -> [R; 2] {
        [self.exponent(-self.below), self.exponent(self.above)]
    }
}

/// √(π/2) e^(c²/2) erfc(c/√2): the mass beyond c ≥ 0 relative to the density there.
#[inline(always)]
pub(super) fn mills<R: Real>(c: R) -> R {
    (c * FRAC_1_SQRT_2).erfcx() * SQRT_HALF_PI
}

/// −ln of the density c + t standard deviations out relative to that c out.
#[inline(always)]
pub(super) fn fall<R: Real>(c: R, t: R) -> R {
    t * (t * 0.5 + c)
}

/// The mass from c to c + t relative to the density at c, for c ≥ 0 and t ≥ 0.
#[inline(always)]
pub(crate) fn mass<R: Real>(c: R, t: R) -> R {
    // Where the density hardly falls the difference of the two tails cancels.
    let exponent = fall(c, t);
    let far = mills(c) - (-exponent).exp() * mills(c + t);
    R::select(exponent.lt(R::constant(1.0)), short_mass(c, t), far)
}

/// The same by quadrature, where the density falls by a factor e at most.
#[inline(always)]
pub(super) fn short_mass<R: Real>(c: R, t: R) -> R {
    let nodes: &[(f64, f64)] = if R::double() { &FEW_F64 } else { &FEW_F32 };
    let mut sum = R::constant(0.0);
    for (node, weight) in nodes {
        sum = sum + (-fall(c, t * *node)).exp_of_term() * *weight;
    }
    t * sum
}
