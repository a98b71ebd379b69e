//! The logarithm of the density, given the normalising constant, which is that of the distribution
//! and not of each value.

use super::place::mode;
use crate::kernel::{Formula, Op, Real, masks};

pub(super) static LOG_DENSITY: Op<6> = Op::new::<LogDensity>();

struct LogDensity;

/// The distances, in standard deviations, from the mode to x and from `loc` to the mode.
#[inline(always)]
fn distances<R: Real>([x, loc, scale, low, high, _]: [R; 6]) -> [R; 2] {
    let mode = mode([loc, low, high]);
    [(x - mode) / scale, (mode - loc) / scale]
}

impl Formula<6> for LogDensity {
    const NAME: &'static str = "TruncatedNormal";
    const INPUTS: [&'static str; 6] = ["value", "loc", "scale", "low", "high", "log_mass"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 6]) -> R {
        let [x, _, _, low, high, log_mass] = inputs;
        // Half of z² less its least value, as a product: 40 standard deviations out both are 1600.
        let [z, offset] = distances(inputs);
        let inside = -(z * (z * 0.5 + offset)) - log_mass;
        masks::outside(x.lt(low) | x.gt(high), [log_mass], f64::NEG_INFINITY, inside)
    }

    // By hand, because at the largest numbers the steps of the above make ∞ − ∞.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 6]) -> [R; 6] {
        let [x, loc, scale, low, high, _] = inputs;
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let [z, offset] = distances(inputs);
        let mode = mode([loc, low, high]);
        // An end that is the mode is what all is measured from.
        let by_end = |end: R| R::select(end.equal(mode), offset / scale, zero);
        let slopes = [
            -((z + offset) / scale),
            z / scale,
            z * (z + offset * 2.0) / scale,
            by_end(low),
            by_end(high),
            -one,
        ];
        let outside = x.lt(low) | x.gt(high);
        slopes.map(|slope| R::select(outside, zero, slope))
    }
}
