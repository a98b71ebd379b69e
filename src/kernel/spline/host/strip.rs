//! The look-up: bins of a strip of values, and the inputs of the formula of a bin.

use super::Splines;
use crate::kernel::Real;
use crate::kernel::lanes::{HostFloat, Lane};
use crate::kernel::spline::{SplineEnds, SplineShape};

/// Values looked up, and then evaluated, at a time.
pub(super) const STRIP: usize = 64;

/// The bin that a value lies in.
#[derive(Clone, Copy, Default)]
pub(super) struct Bin {
    /// Nothing outside the box.
    pub(super) index: Option<usize>,
    /// The corner that what is computed starts from, with whole turns of a circle.
    pub(super) start: f64,
    /// The sums of the exponentials of widths and of heights before the bin.
    pub(super) before: [f64; 2],
    /// The inverses of the sums of all of them.
    pub(super) per_total: [f64; 2],
}

/// A strip of values: their bins, and the inputs of the formula of a bin.
pub(super) struct Strip<E> {
    pub(super) bins: [Bin; STRIP],
    pub(super) inputs: [[E; STRIP]; 5],
    /// The arguments of the softplus that gave the slopes at both ends.
    pub(super) slopes: [[E; STRIP]; 2],
    /// Exponentials of the widths and of the heights, of each value in turn.
    pub(super) exponentials: Vec<E>,
}

impl<E: HostFloat> Strip<E> {
    pub(super) fn new(shape: &SplineShape) -> Self {
        Self {
            bins: [Bin::default(); STRIP],
            inputs: [[E::one(); STRIP]; 5],
            slopes: [[E::zero(); STRIP]; 2],
            exponentials: vec![E::zero(); 2 * shape.bins * STRIP],
        }
    }

    #[inline(always)]
    pub(super) fn look_up(&mut self, splines: &Splines<'_, E>, start: usize, length: usize) {
        let shape = &splines.shape;
        let (bins, count) = (shape.bins, shape.parameters());
        let parameters = &splines.parameters[start * count..][..length * count];
        self.exponentiate(parameters, bins, count);
        let mut ends = [[false; STRIP]; 2];
        for at in 0..length {
            let parameters = &parameters[at * count..][..count];
            let exponentials = &self.exponentials[2 * bins * at..][..2 * bins];
            let value = HostFloat::to_f64(splines.values[start + at]);
            let (bin, sides) = find(value, exponentials, splines);
            for (input, side) in self.inputs.iter_mut().zip(sides) {
                input[at] = E::from_f64(side);
            }
            let slopes = bin.index.map(|bin| [shape.lower_slope(bin), shape.upper_slope(bin)]);
            for (side, place) in slopes.unwrap_or_default().into_iter().enumerate() {
                self.slopes[side][at] = place.map_or(E::zero(), |place| parameters[place]);
                ends[side][at] = place.is_none();
            }
            self.bins[at] = bin;
        }
        let shift = E::from_f64(shape.slope_shift());
        for side in 0..2 {
            for at in 0..STRIP {
                let shifted = self.slopes[side][at] + shift;
                let inner = Lane(shifted).softplus() + shape.smallest_slope;
                self.slopes[side][at] = shifted;
                self.inputs[3 + side][at] = if ends[side][at] { E::one() } else { inner.0 };
            }
        }
    }

    /// All exponentials in one loop, which short rows of bins would not fill.
    #[inline(always)]
    fn exponentiate(&mut self, parameters: &[E], bins: usize, count: usize) {
        let rows = parameters.chunks_exact(count);
        let used = rows.len() * 2 * bins;
        for (row, shifted) in rows.zip(self.exponentials.chunks_exact_mut(2 * bins)) {
            for (row, shifted) in
                row[..2 * bins].chunks_exact(bins).zip(shifted.chunks_exact_mut(bins))
            {
                // NaN is passed over here and found again by the sum.
                let largest =
                    row.iter().fold(E::neg_infinity(), |a, b| if *b > a { *b } else { a });
                for (shifted, x) in shifted.iter_mut().zip(row) {
                    *shifted = *x - largest;
                }
            }
        }
        for x in &mut self.exponentials[..used] {
            *x = x.lane_exp();
        }
    }

    #[inline(always)]
    pub(super) fn point(&self, at: usize) -> [Lane<E>; 5] {
        let mut point = [Lane(E::zero()); 5];
        for input in 0..5 {
            point[input] = Lane(self.inputs[input][at]);
        }
        point
    }
}

/// The bin of a value, and how far into it the value is, its width and its height.
///
/// Knots are sums of shares taken in `f64`: in `f32` the rounding of a knot would be a large part
/// of a narrow bin.
#[inline(always)]
fn find<E: HostFloat>(value: f64, exponentials: &[E], splines: &Splines<'_, E>) -> (Bin, [f64; 3]) {
    let SplineShape { bins, bound, ends, smallest_bin, .. } = splines.shape;
    let box_width = 2.0 * bound;
    let turns = match ends {
        // NaN is outside too, and stays what it is.
        SplineEnds::Linear if !(value >= -bound && value < bound) => {
            return (Bin { start: value, ..Bin::default() }, [0.0, 1.0, 1.0]);
        }
        SplineEnds::Linear => 0.0,
        SplineEnds::Circular => ((value + bound) / box_width).floor() * box_width,
    };
    let value = value - turns;
    let sides = [&exponentials[..bins], &exponentials[bins..]];
    let sum = |side: &[E]| side.iter().map(|x| HostFloat::to_f64(*x)).sum::<f64>();
    let per_total = sides.map(|side| sum(side).recip());
    let smallest = box_width * smallest_bin;
    let scale = per_total.map(|per_total| box_width * splines.shape.free() * per_total);
    let knot = |side: usize, index: usize, before: f64| {
        smallest * index as f64 + scale[side] * before - bound
    };
    let along = usize::from(splines.inverse);
    let (mut index, mut before) = (0, 0.0);
    let mut reached = 0.0;
    for next in 1..bins {
        reached += HostFloat::to_f64(sides[along][next - 1]);
        // False of NaN.
        if !(value >= knot(along, next, reached)) {
            break;
        }
        (index, before) = (next, reached);
    }
    let mut both = [0.0; 2];
    both[along] = before;
    both[1 - along] = sum(&sides[1 - along][..index]);
    let size = |side: usize| smallest + scale[side] * HostFloat::to_f64(sides[side][index]);
    let start = knot(1 - along, index, both[1 - along]) + turns;
    let bin = Bin { index: Some(index), start, before: both, per_total };
    (bin, [value - knot(along, index, before), size(0), size(1)])
}
