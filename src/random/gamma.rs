//! Logarithms of gamma draws: the rejection method of Marsaglia and Tsang (2000), bounded, in log
//! space.
//!
//! For a concentration a ≥ 1 a proposal is d·v with d = a − ⅓ and v = (1 + t)³, where t is a
//! standard normal over 3√d. For a < 1 a draw for a + 1 is taken and the logarithm of U^(1/a) is
//! added, which underflows in linear space but not here.
//!
//! # Where the noise comes from
//!
//! For element `i` and attempt `k` < [`ATTEMPTS`], the block at counter (`i`, `k`, attempt tag)
//! holds two numbers: the first becomes the standard normal of the proposal, the second the
//! standard exponential e = −ln u of the acceptance test. The exponential of the boost, −ln U, is
//! element `i` of the *stream* of the same key; it is used only where a < 1.
//!
//! The steps are written over [`Real`]. The host loop and the device kernel stop at the first
//! accepted proposal; a backend without either runs [`Attempt`] on whole tensors of noise, for
//! `k` = 0, 1, …, `ATTEMPTS` − 1, and then [`Finish`]. All choose the same proposals.

#[cfg(any(feature = "flex", feature = "ndarray", test))]
mod host;
mod tensors;

#[cfg(any(feature = "flex", feature = "ndarray", test))]
pub(crate) use host::Number;
#[cfg(test)]
pub(crate) use host::fill_log_gamma;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use host::on_host;
pub(crate) use tensors::{from_noise, ratio_of_all_attempts};

use crate::kernel::{Formula, Op, Real};

/// Most proposals made for one element.
///
/// A proposal is accepted with probability above 0.95 for every concentration, so fewer than one
/// draw in 10^10 exhausts them; such a draw becomes the centre of the proposals, d.
pub(crate) const ATTEMPTS: u32 = 8;

/// The quantities of the method that depend on the concentration alone.
#[derive(Clone, Copy)]
pub(crate) struct Proposals<R> {
    /// d, of the concentration raised to at least one.
    pub(crate) centre: R,
    /// 1/(3√d): proposals are t = scale · normal.
    scale: R,
}

impl<R: Real> Proposals<R> {
    #[inline(always)]
    pub(crate) fn new(concentration: R) -> Self {
        let third = R::constant(1.0 / 3.0);
        // Below one the boosted concentration is a + 1, and 1 − ⅓ must not swallow a tiny a twice.
        let boosted = concentration.lt(R::constant(1.0));
        let centre = concentration + R::select(boosted, R::constant(2.0 / 3.0), -third);
        Self { centre, scale: third / centre.sqrt() }
    }
}

/// One proposal.
#[derive(Clone, Copy)]
pub(crate) struct Proposal<R: Real> {
    /// ln v = 3 ln(1 + t).
    pub(crate) log_ratio: R,
    pub(crate) accepted: R::Mask,
}

/// s(t) = t − t²/2 + t³/3 − ln(1 + t), which is never negative, given `log` = ln(1 + t).
#[inline(always)]
pub(crate) fn excess<R: Real>(t: R, log: R) -> R {
    let cubic = t * (-(t * (-(t * (1.0 / 3.0)) + 0.5)) + 1.0);
    // For small t, s(t) would cancel to nothing: use its series t⁴/4 − t⁵/5 + …, whose first
    // neglected term is below 10⁻⁹ of the sum.
    let small = t.abs().lt(R::constant(0.1));
    let series = {
        let coefficient =
            |power: i32| f64::from(if power % 2 == 0 { 1 } else { -1 }) / f64::from(power);
        let mut sum = R::constant(coefficient(12));
        for power in (4..12).rev() {
            sum = sum * t + coefficient(power);
        }
        sum * t.square().square()
    };
    R::select(small, series, cubic - log)
}

/// Judges the proposal made of a standard normal against a standard exponential.
///
/// The test ln u < ½x² + d(1 − v + ln v) is the same as e > 3d·s(t) with
/// s(t) = t − t²/2 + t³/3 − ln(1 + t) ≥ 0, in which the terms of size x² have cancelled on paper:
/// evaluated as it is usually written, it would lose all digits of `f32` for a above 10^5.
#[inline(always)]
pub(crate) fn propose<R: Real>(proposals: Proposals<R>, normal: R, exponential: R) -> Proposal<R> {
    let Proposals { centre, scale } = proposals;
    let t = scale * normal;
    // The logarithm itself needs absolute accuracy only: it is added to ln d.
    let log = (t + 1.0).ln();
    // Written so that NaN is accepted: a NaN concentration gives NaN, an infinite one +∞.
    let refused = t.le(R::constant(-1.0)) | (centre * 3.0 * excess(t, log)).ge(exponential);
    Proposal { log_ratio: log * 3.0, accepted: !refused }
}

/// The draw itself, from an accepted proposal and the exponential of the boost.
#[inline(always)]
pub(crate) fn finish<R: Real>(concentration: R, centre: R, log_ratio: R, boost: R) -> R {
    let zero = R::constant(0.0);
    // At a = 0 the boost is infinite and the draw −∞, the logarithm of a point mass at zero; the
    // magnitude turns −0 into 0, whose quotient has the right sign.
    let boosted = concentration.lt(R::constant(1.0));
    let shift = R::select(boosted, boost / concentration.abs(), zero);
    let draw = centre.ln() + log_ratio - shift;
    R::select(concentration.ge(zero), draw, R::constant(f64::NAN))
}

/// ln v of the first accepted proposal, or that of the centre, zero, when every one is refused.
///
/// A function of the attempt's number, because the adapters of an iterator are not inlined into
/// vector code: the multiply-adds in them would become calls.
#[inline(always)]
pub(crate) fn first_accepted<R: Real<Mask = bool>>(
    proposals: Proposals<R>,
    attempts: core::ops::Range<u32>,
    noise: impl Fn(u32) -> (R, R),
) -> R {
    for attempt in attempts {
        let (normal, exponential) = noise(attempt);
        let proposal = propose(proposals, normal, exponential);
        if proposal.accepted {
            return proposal.log_ratio;
        }
    }
    R::constant(0.0)
}

/// What [`Attempt`] leaves where no proposal has been accepted yet; ln v is far below it. Finite,
/// since shading languages may assume that nothing is infinite.
pub(super) const NONE_YET: f64 = 1e30;

/// One attempt for elements that have none accepted yet: ln v, or [`NONE_YET`] once more.
struct Attempt;

static ATTEMPT: Op<4> = Op::new::<Attempt>();

impl Formula<4> for Attempt {
    const NAME: &'static str = "log_gamma";
    const INPUTS: [&'static str; 4] = ["accepted", "concentration", "normal", "exponential"];

    #[inline(always)]
    fn evaluate<R: Real>([so_far, concentration, normal, exponential]: [R; 4]) -> R {
        let none_yet = R::constant(NONE_YET);
        let proposal = propose(Proposals::new(concentration), normal, exponential);
        let now = R::select(proposal.accepted, proposal.log_ratio, none_yet);
        R::select(so_far.lt(none_yet), so_far, now)
    }
}

/// The first attempt.
struct FirstAttempt;

pub(super) static FIRST_ATTEMPT: Op<3> = Op::new::<FirstAttempt>();

impl Formula<3> for FirstAttempt {
    const NAME: &'static str = "log_gamma";
    const INPUTS: [&'static str; 3] = ["concentration", "normal", "exponential"];

    #[inline(always)]
    fn evaluate<R: Real>([concentration, normal, exponential]: [R; 3]) -> R {
        Attempt::evaluate([R::constant(NONE_YET), concentration, normal, exponential])
    }
}

/// The draws, from what the attempts left.
struct Finish;

static FINISH: Op<3> = Op::new::<Finish>();

impl Formula<3> for Finish {
    const NAME: &'static str = "log_gamma";
    const INPUTS: [&'static str; 3] = ["accepted", "concentration", "boost"];

    #[inline(always)]
    fn evaluate<R: Real>([accepted, concentration, boost]: [R; 3]) -> R {
        let none_yet = R::constant(NONE_YET);
        let log_ratio = R::select(accepted.lt(none_yet), accepted, R::constant(0.0));
        let centre = Proposals::new(concentration).centre;
        finish(concentration, centre, log_ratio, boost)
    }
}
