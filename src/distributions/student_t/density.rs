//! The logarithm of the density, and the entropy.

use super::normaliser::{bounded, remainder, slope};
use crate::constants::HALF_LN_TWO_PI;
use crate::kernel::{Formula, Op, Real};

pub(super) static LOG_DENSITY: Op<4> = Op::new::<LogDensity>();
pub(super) static ENTROPY: Op<2> = Op::new::<StudentTEntropy>();

struct LogDensity;

/// What the value and its derivatives share.
struct Parts<R: Real> {
    df: R,
    distance: R,
    /// ln(1 + r), r = t²/ν.
    log: R,
    /// r/(1 + r).
    share: R,
    /// 1/(1 + r).
    rest: R,
    /// Whether r ≤ 1.
    near: R::Mask,
}

impl<R: Real> Parts<R> {
    #[inline(always)]
    fn new([x, df, loc, scale]: [R; 4]) -> Self {
        let (df, distance) = (bounded(df), x - loc);
        // t² overflows where t²/ν need not, and t itself for small scales: beyond 10³⁰ the
        // logarithm is taken from its factors.
        let t = distance / scale;
        let ratio = t / df * t;
        let far = (distance.abs().ln() - scale.ln()) * 2.0 - df.ln();
        let log = R::select(ratio.lt(R::constant(1e30)), ratio.ln_1p(), far);
        let near = ratio.le(R::constant(1.0));
        let share = R::select(near, ratio / (ratio + 1.0), (ratio.recip() + 1.0).recip());
        let rest = (ratio + 1.0).recip();
        Self { df, distance, log, share, rest, near }
    }
}

/// `inside` for finite x, `outside` at ±∞; NaN for NaN and for parameters that are not positive.
#[inline(always)]
fn placed<R: Real>([x, df, loc, scale]: [R; 4], inside: R, outside: R) -> R {
    let zero = R::constant(0.0);
    let value = R::select(x.abs().equal(R::constant(f64::INFINITY)), outside, inside);
    let valid = df.gt(zero) & scale.gt(zero) & !x.is_nan() & !loc.is_nan();
    R::select(valid, value, R::constant(f64::NAN))
}

impl Formula<4> for LogDensity {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 4] = ["value", "df", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 4]) -> R {
        let Parts { df, log, .. } = Parts::new(inputs);
        let normaliser = remainder(df * 0.5) - HALF_LN_TWO_PI;
        let inside = normaliser - inputs[3].ln() - (df + 1.0) * 0.5 * log;
        placed(inputs, inside, R::constant(f64::NEG_INFINITY))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 4]) -> [R; 4] {
        let [.., scale] = inputs;
        let Parts { df, distance, log, share, rest, near } = Parts::new(inputs);
        let zero = R::constant(0.0);
        // (ν + 1) t/(ν + t²) in units of the scale: by the share where t² may overflow, which is
        // 0/0 at the centre.
        let t = distance / scale;
        let inner = (df + 1.0) / df * (t * rest) / scale;
        let by_loc = R::select(near, inner, (df + 1.0) * share / distance);
        // The terms of size 1/ν cancel, and −ln(1 + r) + r/(1 + r) is what is left of those in r.
        let bend = R::select(near, (-share).ln_1p_remainder(), share - log);
        let by_df = (slope(df * 0.5) + bend + share / df) * 0.5;
        // (ν + 1) t²/(ν + t²) − 1, which is 0 at t = 1: as ν (t² − 1)/(ν + t²).
        let inner = (t - 1.0) * (t + 1.0) * rest;
        let by_scale = R::select(near, inner, df * share - rest) / scale;
        [-by_loc, by_df, by_loc, by_scale].map(|inside| placed(inputs, inside, zero))
    }
}

struct StudentTEntropy;

impl Formula<2> for StudentTEntropy {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 2] = ["df", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([df, scale]: [R; 2]) -> R {
        // With the Normal's entropy, ½ ln 2πe, taken out on paper all terms are of size 1/ν.
        let df = bounded(df);
        let half = df * 0.5;
        let excess = (df + 1.0) * 0.5 * slope(half) + df.recip() * 0.5 - remainder(half);
        scale.ln() + (HALF_LN_TWO_PI + 0.5) + excess
    }
}
