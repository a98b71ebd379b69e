//! Inversion of the distribution function, summed from whichever end the point is nearer to, so
//! that both tails have their share down to the finest point.

use super::{CountSampler, Points, of_lane};
use crate::kernel::Real;

/// Masses taken. For means below 10 what lies beyond has less mass than the finest point of the
/// precision, 2⁻³³ in `f32` and 2⁻⁶⁵ in `f64`: no law here has longer tails than the Poisson.
#[inline(always)]
fn masses<R: Real>() -> usize {
    if R::double() { MOST } else { 38 }
}

const MOST: usize = 60;

/// Where the lower half of the distribution ends: P(X ≤ 10) > ½ for means below 10.
const LOWER: usize = 10;

/// Draws for means below 10, `L` side by side: the smallest counts whose distribution function
/// reaches the points.
#[inline(always)]
pub(super) fn inverted<C: CountSampler<P>, R: Real, const P: usize, const L: usize>(
    parameters: &[[R; L]; P],
    point: &Points<R, L>,
) -> [R; L] {
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let mut mass = [[zero; L]; MOST + 1];
    let mut odds = [zero; L];
    for lane in 0..L {
        let law = of_lane(parameters, lane);
        mass[0][lane] = C::none(law);
        odds[lane] = C::odds(law);
    }
    for count in 1..=masses::<R>() {
        for lane in 0..L {
            // By products only: the error grows with the count, not with its logarithm.
            let ratio = C::ratio(of_lane(parameters, lane), odds[lane], count);
            mass[count][lane] = mass[count - 1][lane] * ratio;
        }
    }
    // From below: how many counts have a distribution function short of the point.
    let (mut sum, mut low) = ([zero; L], [zero; L]);
    for mass in &mass[..=LOWER] {
        for lane in 0..L {
            sum[lane] = sum[lane] + mass[lane];
            low[lane] = low[lane] + R::select(sum[lane].lt(point.tail[lane]), one, zero);
        }
    }
    // From above: how many have more beyond them than the point has.
    let (mut sum, mut high) = ([zero; L], [zero; L]);
    for mass in mass[1..=masses::<R>()].iter().rev() {
        for lane in 0..L {
            sum[lane] = sum[lane] + mass[lane];
            high[lane] = high[lane] + R::select(sum[lane].gt(point.tail[lane]), one, zero);
        }
    }
    for lane in 0..L {
        low[lane] = R::select(point.upper[lane], high[lane], low[lane]);
    }
    low
}
