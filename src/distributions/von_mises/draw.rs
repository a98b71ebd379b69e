//! Draws: the quantile of a uniform number about 0, turned to `loc`.

use core::f64::consts::PI;

use crate::kernel::{Formula, Op, Real};

/// An angle from standard normal noise.
pub(super) static DRAW: Op<3> = Op::new::<Draw>();
/// An angle wrapped into [−π, π].
pub(super) static WRAPPED: Op<1> = Op::new::<Wrapped>();

/// `angle` less the nearest multiple of 2π; as it is within [−π, π].
#[inline(always)]
pub(super) fn wrapped<R: Real>(angle: R) -> R {
    let (turn, end) = (R::constant(2.0 * PI), R::constant(PI));
    let turns = (angle * (0.5 / PI) + 0.5).floor();
    // Of a rounded multiple a few last bits may stick out.
    let value = (angle - turns * turn).min(end).max(-end);
    R::select(angle.abs().le(end) | angle.is_nan(), angle, value)
}

struct Wrapped;

impl Formula<1> for Wrapped {
    const NAME: &'static str = "VonMises";
    const INPUTS: [&'static str; 1] = ["angle"];

    #[inline(always)]
    fn evaluate<R: Real>([angle]: [R; 1]) -> R {
        wrapped(angle)
    }

    #[inline(always)]
    fn partials<R: Real>([angle]: [R; 1]) -> [R; 1] {
        [R::select(angle.is_nan(), angle, R::constant(1.0))]
    }
}

struct Draw;

/// The draw about 0. Uniform numbers as Φ of the noise and of its negative keep the digits of both
/// tails.
#[inline(always)]
fn about_zero<R: Real>(noise: R, concentration: R) -> R {
    concentration.von_mises_quantile(noise.ndtr(), (-noise).ndtr())
}

impl Formula<3> for Draw {
    const NAME: &'static str = "VonMises";
    const INPUTS: [&'static str; 3] = ["noise", "loc", "concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, loc, concentration]: [R; 3]) -> R {
        wrapped(wrapped(loc) + about_zero(noise, concentration))
    }

    #[inline(always)]
    fn partials<R: Real>([noise, loc, concentration]: [R; 3]) -> [R; 3] {
        let angle = about_zero(noise, concentration);
        let slope = concentration.von_mises_implicit_gradient(angle);
        let known = R::select(loc.is_nan(), loc, R::constant(1.0));
        [R::constant(0.0), known, slope]
    }
}
