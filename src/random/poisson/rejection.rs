//! Transformed rejection with one test.

use super::Point;
use crate::kernel::{Real, stirling_from_half};

/// √(2π).
const SQRT_TWO_PI: f64 = 2.506_628_274_631_000_7;

/// The quantities of the method that depend on the rate alone.
#[derive(Clone, Copy)]
pub(crate) struct Proposals<R> {
    rate: R,
    /// The parameters a and b of the inverse of the hat's distribution function.
    a: R,
    b: R,
    /// √(2π)/α times the rate, for the hat's height α.
    height: R,
}

impl<R: Real> Proposals<R> {
    #[inline(always)]
    pub(crate) fn new(rate: R) -> Self {
        let b = rate.sqrt() * 2.53 + 0.931;
        let inverse_height = (b - 3.4).recip() * 1.1328 + 1.1239;
        Self { rate, a: b * 0.02483 - 0.059, b, height: inverse_height * rate * SQRT_TWO_PI }
    }
}

/// The proposal made of the first point, and whether the second accepts it.
///
/// Hörmann's regions of quick acceptance and refusal spare a scalar loop its logarithms; a vector
/// has to compute them for some lane anyway, and the full test alone decides the same.
#[inline(always)]
pub(crate) fn propose<R: Real>(proposals: Proposals<R>, points: [Point<R>; 2]) -> (R, R::Mask) {
    let Proposals { rate, a, b, height } = proposals;
    let [hat, test] = points;
    let side = -hat.tail + 0.5;
    let side = R::select(hat.upper, side, -side);
    // The whole part of the rate is added last: with it the sum would lose digits of the rest.
    let whole = rate.floor();
    let offset = ((a * 2.0) / hat.tail + b) * side + (rate - whole + 0.43);
    let count = offset.floor() + whole;
    // V/α ≤ (a/u² + b) p(count) as V √(2π) rate/α ≤ (a/u² + b) √x e^E with x = count + 1, where
    // p = e^E √(x/2π)/rate and E = x (ln(rate/x) − (rate − x)/x) − δ(x): nothing in it cancels for
    // large rates, as the logarithms of the factors of p do.
    let x = count + 1.0;
    let exponent = x * ((rate - x) / x).ln_1p_remainder() - stirling_from_half(x);
    let density = x.sqrt() * exponent.exp();
    let slope = a / hat.tail.square() + b;
    let level = R::select(test.upper, -test.tail + 1.0, test.tail);
    let accepted = count.ge(R::constant(0.0)) & (level * height).le(slope * density);
    (count, accepted)
}
