//! The factor K = xᵃ e⁻ˣ/Γ(a) in front of the integrals of the incomplete gamma functions.

use core::f64::consts::FRAC_1_PI;

use super::super::real::Real;
use super::gamma::{ln_gamma_1p, ln_gamma_stirling};
use super::split_exponent::{SplitExponent, bend, exponential};
use crate::constants::LN_TWO_PI;

/// K, its logarithm, which does not underflow, and ln(x/a).
pub(super) struct GammaKernel<R> {
    pub(super) value: R,
    pub(super) log: R,
    pub(super) log_ratio: R,
}

impl<R: Real> GammaKernel<R> {
    /// At x, with its logarithm, for a >= 1 or x >= ½.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn at(a: R, x: R, log_x: R) -> Self {
        let one = R::constant(1.0);
        let (log_a, ratio) = (a.ln(), x / a);
        // The quotient underflows before its logarithm does.
        let log_ratio = R::select(ratio.lt(R::constant(1e-20)), log_x - log_a, ratio.ln());
        let [large, near_ratio] = log_by_stirling(a, x, log_ratio, log_a);
        // Below 1 Stirling's remainder would cancel.
        let power = a * log_x - ln_gamma_1p(a);
        let log = R::select(a.lt(one), power - x + log_a, large);
        if R::double() {
            return Self { value: log.exp(), log, log_ratio: near_ratio };
        }
        let split = Self::in_parts(a, x, log_ratio, log_a);
        let value = R::select(a.lt(one), power.exp() * (-x).exp() * a, split.value);
        let beyond = !log_ratio.abs().le(R::constant(86.0));
        Self {
            value: R::select(beyond, log.exp(), value),
            log: R::select(beyond | a.lt(one), log, split.log),
            log_ratio: R::select(beyond, near_ratio, split.log_ratio),
        }
    }

    /// In single precision, for a >= 1 and a logarithm of x/a that is no larger than 86.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn in_parts(a: R, x: R, log_far: R, log_a: R) -> Self {
        let SplitExponent { exact, rest, log_ratio } = SplitExponent::new(a, x, log_far);
        let rest = rest - ln_gamma_stirling(a);
        let root = (a * (FRAC_1_PI * 0.5)).sqrt();
        Self {
            value: root * exponential(exact, rest),
            log: (exact[0] + exact[1]) + (rest + (log_a - LN_TWO_PI) * 0.5),
            log_ratio,
        }
    }
}

/// ln K for a >= 1, and ln(x/a).
///
/// a ln x − x − ln Γ(a) cancels for large a. With Stirling's formula taken out, what is left
/// is a (ln(x/a) − (x − a)/a); with s = (x − a)/(x + a) that is 2 a s³ T(s²) − (x − a) s,
/// the second of them the larger by far, where ln(x/a) = 2 artanh(s).
#[cfg_attr(not(debug_assertions), inline(always))]
fn log_by_stirling<R: Real>(a: R, x: R, log_far: R, log_a: R) -> [R; 2] {
    let difference = x - a;
    let s = difference / (x + a);
    let tail = bend(s);
    let close = s.abs().le(R::constant(1.0 / 3.0));
    let log_ratio = R::select(close, s * 2.0 + tail, log_far);
    let exponent = R::select(close, tail * a - s * difference, log_far * a - difference);
    let log = exponent + (log_a - LN_TWO_PI) * 0.5 - ln_gamma_stirling(a);
    [log, log_ratio]
}
