//! Standard exponential and Gumbel draws.

use super::host_float::{HostFloat, SplitPoint};

/// A standard exponential draw, −ln u of the point u behind `word`.
///
/// Always positive and finite: between 2^−33 and 22.9 in `f32`, between 2^−65 and 45.1 in `f64`;
/// both ends keep full relative accuracy.
#[inline(always)]
pub(crate) fn exponential<E: HostFloat>(word: E::Word) -> E {
    let SplitPoint { tail, upper, .. } = E::split_point(word);
    let one = E::literal(1.0);
    let point = if upper { one - tail } else { tail };
    // Above ½ the rounding of 1 − tail would cost all digits of a small result. The part it lost,
    // found exactly here, comes back to first order: ln(p + l) = ln p + l/p, and 1/p = 1 + tail
    // to the accuracy that l, at most half a unit in the last place, deserves.
    let lost = if upper { (one - point) - tail } else { E::literal(0.0) };
    -(point.ln() + lost * (one + tail))
}

/// A standard Gumbel draw, −ln(−ln u).
///
/// Finite, with both tails right: from −3.13 to 22.9 in `f32`, from −3.81 to 45.1 in `f64`. Near
/// its root the error is absolute, the relative error of the exponential.
#[inline(always)]
pub(crate) fn gumbel<E: HostFloat>(word: E::Word) -> E {
    -exponential::<E>(word).ln()
}
