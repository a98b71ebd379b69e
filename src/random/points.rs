//! Draws from the points of (0, 1) that a device makes: the formulas of the samplers over one
//! number that keeps both ends of the interval and its middle.
//!
//! A device kernel turns words into numbers, which takes integers; what follows is arithmetic, and
//! runs as a formula that fusion merges with what uses the draws.

use super::host_float::{HostFloat, SplitPoint};
use super::normal::{CENTRAL_LIMIT, SINGLE_CENTRAL, SINGLE_TAIL};
use crate::kernel::{Formula, Op, Real};

/// A distance to the middle is stored times this, so that it is told apart from a distance to an
/// end: the former are then 32 and more, the latter below ¼.
///
/// A power of two: the product is exact, in `f32` as well.
pub(super) const CENTRE_SCALE: f64 = 1_180_591_620_717_411_303_424.0;

/// The point as one number: its sign says on which side of ½ it lies, its magnitude is the
/// distance to the nearer end where that is below ¼, and else the distance to the middle.
#[inline(always)]
pub(super) fn encode<E: HostFloat>(point: SplitPoint<E>) -> E {
    let SplitPoint { tail, centre, upper } = point;
    let magnitude = if tail < E::literal(0.25) { tail } else { centre * E::literal(CENTRE_SCALE) };
    if upper { magnitude } else { -magnitude }
}

/// Distances to the nearer end and to the middle, and whether the point lies above ½. The distance
/// that is not stored is a difference that cancels nothing: it lies between ¼ and ½.
#[inline(always)]
pub(super) fn decode<R: Real>(code: R) -> (R, R, R::Mask) {
    let magnitude = code.abs();
    let by_tail = magnitude.lt(R::constant(1.0));
    let centre = magnitude * (1.0 / CENTRE_SCALE);
    let tail = R::select(by_tail, magnitude, -centre + 0.5);
    let centre = R::select(by_tail, -magnitude + 0.5, centre);
    (tail, centre, code.gt(R::constant(0.0)))
}

/// The magnitude of the normal quantile of a point; see
/// [`normal`](super::normal) for the approximations.
#[inline(always)]
fn quantile_magnitude<R: Real>(tail: R, centre: R) -> R {
    let central = centre.le(R::constant(CENTRAL_LIMIT));
    if R::double() {
        return R::select(
            central,
            (centre * 2.0).erfinv() * core::f64::consts::SQRT_2,
            -tail.ndtri(),
        );
    }
    let radius = (-tail.ln()).sqrt();
    let ratio = |[above, below]: [[f32; 4]; 2], argument: R| {
        let polynomial = |[c0, c1, c2, c3]: [f32; 4]| {
            let high = argument * f64::from(c3) + f64::from(c2);
            (high * argument + f64::from(c1)) * argument + f64::from(c0)
        };
        polynomial(above) / polynomial(below)
    };
    let square = centre.square();
    let inner = ratio(SINGLE_CENTRAL, -square + 0.18) * (square * centre);
    let inner = centre * 2.506_628_274_631_000_5 + inner;
    let outer = radius + ratio(SINGLE_TAIL, radius - 1.6);
    R::select(central, inner, outer)
}

#[inline(always)]
fn exponential<R: Real>(code: R) -> R {
    let (tail, _, upper) = decode(code);
    // Above ½ the logarithm is small and 1 − tail would lose it.
    -R::select(upper, (-tail).ln_1p(), tail.ln())
}

pub(super) static NORMAL: Op<1> = Op::new::<Normal>();
pub(super) static EXPONENTIAL: Op<1> = Op::new::<Exponential>();
pub(super) static GUMBEL: Op<1> = Op::new::<Gumbel>();

struct Normal;
struct Exponential;
struct Gumbel;

impl Formula<1> for Normal {
    const NAME: &'static str = "normal draw";
    const INPUTS: [&'static str; 1] = ["point"];

    #[inline(always)]
    fn evaluate<R: Real>([code]: [R; 1]) -> R {
        let (tail, centre, _) = decode(code);
        code.sign_of(quantile_magnitude(tail, centre))
    }
}

impl Formula<1> for Exponential {
    const NAME: &'static str = "exponential draw";
    const INPUTS: [&'static str; 1] = ["point"];

    #[inline(always)]
    fn evaluate<R: Real>([code]: [R; 1]) -> R {
        exponential(code)
    }
}

impl Formula<1> for Gumbel {
    const NAME: &'static str = "Gumbel draw";
    const INPUTS: [&'static str; 1] = ["point"];

    #[inline(always)]
    fn evaluate<R: Real>([code]: [R; 1]) -> R {
        -exponential(code).ln()
    }
}
