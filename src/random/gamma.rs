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
//! accepted, or t = 0 when none is, and subtracts `Source::Stream` through `exponential`, over a.

use rayon::prelude::*;

use super::exponential::exponential;
use super::host_float::HostFloat;
use super::key::Key;
use super::normal::normal;
use super::philox::{LANES, consecutive};
use super::stream::{CHUNK, Source, THREADED_FROM};
use super::{TAG_ATTEMPT, TAG_STREAM};

/// Most proposals made for one element.
///
/// A proposal is accepted with probability above 0.95 for every concentration, so fewer than one
/// draw in 10^10 exhausts them; such a draw becomes the centre of the proposals, d.
pub(crate) const ATTEMPTS: u32 = 8;

/// The quantities of the method that depend on the concentration alone.
#[derive(Clone, Copy)]
struct Proposals<E> {
    /// d, of the concentration raised to at least one.
    centre: E,
    /// 1/(3√d): proposals are t = scale · normal.
    scale: E,
}

impl<E: HostFloat> Proposals<E> {
    #[inline(always)]
    fn new(concentration: E) -> Self {
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
struct Proposal<E> {
    /// ln v = 3 ln(1 + t).
    log_ratio: E,
    accepted: bool,
}

/// Judges the proposal made of a standard normal against a standard exponential.
///
/// The test ln u < ½x² + d(1 − v + ln v) is the same as e > 3d·s(t) with
/// s(t) = t − t²/2 + t³/3 − ln(1 + t) ≥ 0, in which the terms of size x² have cancelled on paper:
/// evaluated as it is usually written, it would lose all digits of `f32` for a above 10^5.
#[inline(always)]
fn propose<E: HostFloat>(proposals: Proposals<E>, normal: E, exponential: E) -> Proposal<E> {
    let Proposals { centre, scale } = proposals;
    let one = E::literal(1.0);
    let t = scale * normal;
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
    // The logarithm itself needs absolute accuracy only: it is added to ln d.
    let log = (one + t).ln();
    let excess = if small { series } else { cubic - log };
    let three = E::literal(3.0);
    // Written so that NaN is accepted: a NaN concentration gives NaN, an infinite one +∞.
    let refused = t <= -one || three * centre * excess >= exponential;
    Proposal {
        log_ratio: three * log,
        accepted: !refused,
    }
}

/// The draw itself, from an accepted proposal and the exponential of the boost.
#[inline(always)]
fn finish<E: HostFloat>(concentration: E, centre: E, log_ratio: E, boost: E) -> E {
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

/// Fills `out[i]` with the logarithm of a Gamma(`concentration[i]`, 1) draw.
///
/// Zero concentrations give −∞, negative ones and NaN give NaN, +∞ gives +∞. Draws do not depend
/// on the number of threads, and element `i` depends on `concentration[i]`, `i` and `key` alone.
pub(crate) fn fill_log_gamma<E: HostFloat>(concentration: &[E], out: &mut [E], key: Key) {
    assert_eq!(
        concentration.len(),
        out.len(),
        "one concentration for each draw"
    );
    let simd = pulp::Arch::new();
    if out.len() < THREADED_FROM {
        simd.dispatch(LogGammaChunk {
            concentration,
            out,
            first: 0,
            key,
        });
        return;
    }
    let chunks = out
        .par_chunks_mut(CHUNK)
        .zip(concentration.par_chunks(CHUNK));
    chunks
        .enumerate()
        .for_each(|(index, (out, concentration))| {
            let first = (index * CHUNK) as u64;
            simd.dispatch(LogGammaChunk {
                concentration,
                out,
                first,
                key,
            });
        });
}

struct LogGammaChunk<'a, E> {
    concentration: &'a [E],
    out: &'a mut [E],
    first: u64,
    key: Key,
}

/// Elements whose first attempt is made together: as many as one batch of stream words serves.
const BATCH: usize = 4 * LANES;

impl<E: HostFloat> pulp::WithSimd for LogGammaChunk<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self {
            concentration,
            out,
            mut first,
            key,
        } = self;
        for (out, concentration) in out.chunks_mut(BATCH).zip(concentration.chunks(BATCH)) {
            let mut padded = [E::literal(1.0); BATCH];
            padded[..concentration.len()].copy_from_slice(concentration);
            let (draws, accepted) = first_attempts(&padded, first, key);
            out.copy_from_slice(&draws[..out.len()]);
            for (index, value) in out.iter_mut().enumerate() {
                if !accepted[index] {
                    *value = later_attempts(padded[index], first + index as u64, key);
                }
            }
            first += BATCH as u64;
        }
    }
}

/// Attempt 0 of a whole batch, without a branch.
#[inline(always)]
fn first_attempts<E: HostFloat>(
    concentration: &[E; BATCH],
    first: u64,
    key: Key,
) -> ([E; BATCH], [bool; BATCH]) {
    let mut normals = [E::literal(0.0); BATCH];
    let mut exponentials = normals;
    let mut boosts = normals;
    let mut draws = normals;
    let mut accepted = [false; BATCH];
    for start in (0..BATCH).step_by(LANES) {
        let words = consecutive::<LANES>(first + start as u64, 0, TAG_ATTEMPT, key.words());
        for lane in 0..LANES {
            normals[start + lane] = normal(E::word(&words, 0, lane));
            exponentials[start + lane] = exponential(E::word(&words, E::PER_BLOCK / 2, lane));
        }
    }
    let mut words = [E::Word::default(); BATCH];
    let mut start = 0;
    while start < BATCH {
        let made = Source::Stream.words::<E>(first + start as u64, key, &mut words);
        for (boost, &word) in boosts[start..start + made].iter_mut().zip(&words) {
            *boost = exponential(word);
        }
        start += made;
    }
    for index in 0..BATCH {
        let proposals = Proposals::new(concentration[index]);
        let proposal = propose(proposals, normals[index], exponentials[index]);
        accepted[index] = proposal.accepted;
        draws[index] = finish(
            concentration[index],
            proposals.centre,
            proposal.log_ratio,
            boosts[index],
        );
    }
    (draws, accepted)
}

/// Attempts 1, 2, … of one element.
#[inline(always)]
fn later_attempts<E: HostFloat>(concentration: E, element: u64, key: Key) -> E {
    let proposals = Proposals::new(concentration);
    let mut log_ratio = E::literal(0.0);
    for attempt in 1..ATTEMPTS {
        let words = consecutive::<1>(element, attempt, TAG_ATTEMPT, key.words());
        let normal = normal(E::word(&words, 0, 0));
        let exponential = exponential(E::word(&words, E::PER_BLOCK / 2, 0));
        let proposal = propose(proposals, normal, exponential);
        if proposal.accepted {
            log_ratio = proposal.log_ratio;
            break;
        }
    }
    let words = consecutive::<1>(element / E::PER_BLOCK as u64, 0, TAG_STREAM, key.words());
    let slot = (element % E::PER_BLOCK as u64) as usize;
    let boost = exponential(E::word(&words, slot, 0));
    finish(concentration, proposals.centre, log_ratio, boost)
}
