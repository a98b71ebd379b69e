//! Inversion of the distribution function, summed from whichever end the point is nearer to, so
//! that both tails have their share down to the finest point.

use super::Point;
use crate::kernel::Real;

/// Masses taken. For rates below 10 what lies beyond has less mass than the finest point of the
/// precision: 2⁻³³ in `f32`, 2⁻⁶⁵ in `f64`.
#[inline(always)]
fn masses<R: Real>() -> usize {
    if R::double() { MOST } else { 38 }
}

const MOST: usize = 60;

/// Where the lower half of the distribution ends: P(X ≤ 10) > ½ for rates below 10.
const LOWER: usize = 10;

/// Draws for rates below 10, `L` side by side: the smallest counts whose distribution function
/// reaches the points.
#[inline(always)]
pub(crate) fn inverted<R: Real, const L: usize>(rate: [R; L], point: [Point<R>; L]) -> [R; L] {
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let mut mass = [[zero; L]; MOST + 1];
    for lane in 0..L {
        mass[0][lane] = (-rate[lane]).exp();
    }
    for count in 1..=masses::<R>() {
        let recip = 1.0 / count as f64;
        for lane in 0..L {
            // By products only: the error grows with the count, not with its logarithm.
            mass[count][lane] = mass[count - 1][lane] * (rate[lane] * recip);
        }
    }
    // From below: how many counts have a distribution function short of the point.
    let (mut sum, mut low) = ([zero; L], [zero; L]);
    for mass in &mass[..=LOWER] {
        for lane in 0..L {
            sum[lane] = sum[lane] + mass[lane];
            low[lane] = low[lane] + R::select(sum[lane].lt(point[lane].tail), one, zero);
        }
    }
    // From above: how many have more beyond them than the point has.
    let (mut sum, mut high) = ([zero; L], [zero; L]);
    for mass in mass[1..=masses::<R>()].iter().rev() {
        for lane in 0..L {
            sum[lane] = sum[lane] + mass[lane];
            high[lane] = high[lane] + R::select(sum[lane].gt(point[lane].tail), one, zero);
        }
    }
    for lane in 0..L {
        low[lane] = R::select(point[lane].upper, high[lane], low[lane]);
    }
    low
}
