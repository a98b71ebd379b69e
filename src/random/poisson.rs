//! Poisson draws: inversion for small rates, transformed rejection (Hörmann 1993, PTRS) for others.
//!
//! # Where the noise comes from
//!
//! For element `i` and attempt `k` < [`ATTEMPTS`], the block at counter (`i`, `k`, attempt tag)
//! holds two points of (0, 1), each known by its distance to the nearer end. Inversion reads the
//! first point of attempt 0 and never needs another; a rejected proposal reads the next attempt.
//!
//! The steps are written over [`Real`]. The host loop stops at the first accepted proposal; other
//! backends run [`Attempt`] on whole tensors of noise, for `k` = 0, 1, …, `ATTEMPTS` − 1, and then
//! [`Finish`]. Both choose the same proposals.

#[cfg(any(feature = "flex", feature = "ndarray", test))]
mod host;
mod inversion;
mod rejection;
mod tensors;

#[cfg(test)]
pub(crate) use host::fill_poisson;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use host::on_host;
pub(crate) use inversion::inverted;
pub(crate) use rejection::{Proposals, propose};
pub(crate) use tensors::from_noise;

use crate::kernel::{Formula, Op, Real};

/// Most proposals made for one element.
///
/// A proposal is accepted with probability above 0.74 for every rate, so fewer than one draw in
/// 10⁹ exhausts them; such a draw becomes the whole part of the rate.
pub(crate) const ATTEMPTS: u32 = 16;

/// The rate from which draws are made by rejection.
pub(crate) const REJECTION_FROM: f64 = 10.0;

/// A point of (0, 1): how far it is from the nearer end, never 0, and whether that is 1.
#[derive(Clone, Copy)]
pub(crate) struct Point<R: Real> {
    pub(crate) tail: R,
    pub(crate) upper: R::Mask,
}

impl<R: Real> Point<R> {
    /// From the point as one number; see [`points`](super::points).
    #[inline(always)]
    pub(crate) fn decode(code: R) -> Self {
        let (tail, _, upper) = super::points::decode(code);
        Self { tail, upper }
    }
}

/// What stands where no proposal has been accepted yet; counts are not negative.
const NONE_YET: f64 = -1.0;

/// A draw where the first attempt gives one, else [`NONE_YET`].
struct FirstAttempt;

static FIRST_ATTEMPT: Op<3> = Op::new::<FirstAttempt>();

impl Formula<3> for FirstAttempt {
    const NAME: &'static str = "poisson";
    const INPUTS: [&'static str; 3] = ["rate", "first point", "second point"];

    #[inline(always)]
    fn evaluate<R: Real>([rate, first, second]: [R; 3]) -> R {
        let [small] = inverted([rate], [Point::decode(first)]);
        let none_yet = R::constant(NONE_YET);
        let proposed = Attempt::evaluate([none_yet, rate, first, second]);
        R::select(rate.lt(R::constant(REJECTION_FROM)), small, proposed)
    }
}

/// One more attempt for elements that have no draw.
struct Attempt;

static ATTEMPT: Op<4> = Op::new::<Attempt>();

impl Formula<4> for Attempt {
    const NAME: &'static str = "poisson";
    const INPUTS: [&'static str; 4] = ["accepted", "rate", "first point", "second point"];

    #[inline(always)]
    fn evaluate<R: Real>([so_far, rate, first, second]: [R; 4]) -> R {
        let points = [Point::decode(first), Point::decode(second)];
        let (count, accepted) = propose(Proposals::new(rate), points);
        let now = R::select(accepted, count, R::constant(NONE_YET));
        R::select(so_far.ge(R::constant(0.0)), so_far, now)
    }
}

/// The draws, from what the attempts left.
pub(crate) struct Finish;

static FINISH: Op<2> = Op::new::<Finish>();

impl Formula<2> for Finish {
    const NAME: &'static str = "poisson";
    const INPUTS: [&'static str; 2] = ["accepted", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([accepted, rate]: [R; 2]) -> R {
        let zero = R::constant(0.0);
        let count = R::select(accepted.ge(zero), accepted, rate.floor());
        // There is no NaN among counts.
        R::select(rate.ge(zero), count, R::constant(-1.0))
    }
}
