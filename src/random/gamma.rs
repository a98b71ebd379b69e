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
//! A form without a host loop therefore draws, for `k` = 0, 1, …, `ATTEMPTS` − 1,
//! `Source::Attempt { attempt: k, number: 0 }` through `normal` and `Source::Attempt { attempt: k,
//! number: 1 }` through `exponential`, takes for each element the first [`propose`] that is
//! accepted, or t = 0 when none is, and hands it to [`finish`] with `Source::Stream` through
//! `exponential`. A test does just that and finds the same bits.

mod host;

pub(crate) use host::fill_log_gamma;

use super::host_float::HostFloat;

/// Most proposals made for one element.
///
/// A proposal is accepted with probability above 0.95 for every concentration, so fewer than one
/// draw in 10^10 exhausts them; such a draw becomes the centre of the proposals, d.
pub(crate) const ATTEMPTS: u32 = 8;

/// The quantities of the method that depend on the concentration alone.
#[derive(Clone, Copy)]
pub(crate) struct Proposals<E> {
    /// d, of the concentration raised to at least one.
    pub(crate) centre: E,
    /// 1/(3√d): proposals are t = scale · normal.
    scale: E,
}

impl<E: HostFloat> Proposals<E> {
    #[inline(always)]
    pub(crate) fn new(concentration: E) -> Self {
        let third = E::literal(1.0 / 3.0);
        // Below one the boosted concentration is a + 1, and 1 − ⅓ must not swallow a tiny a twice.
        let boosted = concentration < E::literal(1.0);
        let centre = concentration
            + if boosted {
                E::literal(2.0 / 3.0)
            } else {
                -third
            };
        Self {
            centre,
            scale: third / centre.sqrt(),
        }
    }
}

/// One proposal.
#[derive(Clone, Copy)]
pub(crate) struct Proposal<E> {
    /// ln v = 3 ln(1 + t).
    pub(crate) log_ratio: E,
    pub(crate) accepted: bool,
}

/// s(t) = t − t²/2 + t³/3 − ln(1 + t), which is never negative, given `log` = ln(1 + t).
#[inline(always)]
pub(crate) fn excess<E: HostFloat>(t: E, log: E) -> E {
    let one = E::literal(1.0);
    let cubic = t * (one - t * (E::literal(0.5) - t * E::literal(1.0 / 3.0)));
    // For small t, s(t) would cancel to nothing: use its series t⁴/4 − t⁵/5 + …, whose first
    // neglected term is below 10⁻⁹ of the sum.
    let small = t < E::literal(0.1) && t > E::literal(-0.1);
    let series = {
        let coefficient = |power: usize| {
            let sign = if power % 2 == 0 { 1.0 } else { -1.0 };
            E::literal(sign / power as f64)
        };
        let mut sum = coefficient(12);
        for power in (4..12).rev() {
            sum = sum * t + coefficient(power);
        }
        let square = t * t;
        sum * (square * square)
    };
    if small { series } else { cubic - log }
}

/// Judges the proposal made of a standard normal against a standard exponential.
///
/// The test ln u < ½x² + d(1 − v + ln v) is the same as e > 3d·s(t) with
/// s(t) = t − t²/2 + t³/3 − ln(1 + t) ≥ 0, in which the terms of size x² have cancelled on paper:
/// evaluated as it is usually written, it would lose all digits of `f32` for a above 10^5.
#[inline(always)]
pub(crate) fn propose<E: HostFloat>(
    proposals: Proposals<E>,
    normal: E,
    exponential: E,
) -> Proposal<E> {
    let Proposals { centre, scale } = proposals;
    let one = E::literal(1.0);
    let t = scale * normal;
    // The logarithm itself needs absolute accuracy only: it is added to ln d.
    let log = (one + t).ln();
    let three = E::literal(3.0);
    // Written so that NaN is accepted: a NaN concentration gives NaN, an infinite one +∞.
    let refused = t <= -one || three * centre * excess(t, log) >= exponential;
    Proposal {
        log_ratio: three * log,
        accepted: !refused,
    }
}

/// The draw itself, from an accepted proposal and the exponential of the boost.
#[inline(always)]
pub(crate) fn finish<E: HostFloat>(concentration: E, centre: E, log_ratio: E, boost: E) -> E {
    let zero = E::literal(0.0);
    // At a = 0 the boost is infinite and the draw −∞, the logarithm of a point mass at zero; adding
    // zero turns −0 into 0, whose quotient has the right sign.
    let shift = if concentration < E::literal(1.0) {
        boost / (concentration + zero)
    } else {
        zero
    };
    let draw = centre.ln() + log_ratio - shift;
    if concentration >= zero {
        draw
    } else {
        zero / zero
    }
}

/// ln v of the first accepted proposal, or that of the centre, zero, when every one is refused.
#[inline(always)]
pub(crate) fn first_accepted<E: HostFloat>(
    proposals: Proposals<E>,
    noise: impl Iterator<Item = (E, E)>,
) -> E {
    for (normal, exponential) in noise {
        let proposal = propose(proposals, normal, exponential);
        if proposal.accepted {
            return proposal.log_ratio;
        }
    }
    E::literal(0.0)
}
