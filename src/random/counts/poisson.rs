//! The Poisson distribution, as it is drawn.

use super::{CountSampler, Point};
use crate::kernel::{Real, stirling_from_half};

/// √(2π).
const SQRT_TWO_PI: f64 = 2.506_628_274_631_000_7;

/// Of a rate of 0 or more.
pub(crate) struct Poisson;

impl CountSampler<1> for Poisson {
    const NAME: &'static str = "poisson";
    const PARAMETERS: [&'static str; 1] = ["rate"];

    #[inline(always)]
    fn exists<R: Real>([rate]: [R; 1]) -> R::Mask {
        rate.ge(R::constant(0.0))
    }

    #[inline(always)]
    fn mean<R: Real>([rate]: [R; 1]) -> R {
        rate
    }

    #[inline(always)]
    fn none<R: Real>([rate]: [R; 1]) -> R {
        (-rate).exp()
    }

    #[inline(always)]
    fn odds<R: Real>([rate]: [R; 1]) -> R {
        rate
    }

    #[inline(always)]
    fn ratio<R: Real>(_: [R; 1], odds: R, count: usize) -> R {
        odds * (1.0 / count as f64)
    }

    /// Hörmann's regions of quick acceptance and refusal spare a scalar loop its logarithms; a
    /// vector has to compute them for some lane anyway, and the full test alone decides the same.
    #[inline(always)]
    fn propose<R: Real>([rate]: [R; 1], [hat, test]: [Point<R>; 2]) -> (R, R::Mask) {
        let b = rate.sqrt() * 2.53 + 0.931;
        let a = b * 0.02483 - 0.059;
        // √(2π)/α times the rate, for the hat's height α.
        let height = ((b - 3.4).recip() * 1.1328 + 1.1239) * rate * SQRT_TWO_PI;
        let side = -hat.tail + 0.5;
        let side = R::select(hat.upper, side, -side);
        // The whole part of the rate is added last: with it the sum would lose digits of the rest.
        let whole = rate.floor();
        let offset = ((a * 2.0) / hat.tail + b) * side + (rate - whole + 0.43);
        let count = offset.floor() + whole;
        // V/α ≤ (a/u² + b) p(count) as V √(2π) rate/α ≤ (a/u² + b) √x e^E with x = count + 1, where
        // p = e^E √(x/2π)/rate and E = x (ln(rate/x) − (rate − x)/x) − δ(x): nothing in it cancels
        // for large rates, as the logarithms of the factors of p do.
        let x = count + 1.0;
        let exponent = x * ((rate - x) / x).ln_1p_remainder() - stirling_from_half(x);
        let density = x.sqrt() * exponent.exp();
        let slope = a / hat.tail.square() + b;
        let level = R::select(test.upper, -test.tail + 1.0, test.tail);
        let accepted = count.ge(R::constant(0.0)) & (level * height).le(slope * density);
        (count, accepted)
    }
}
