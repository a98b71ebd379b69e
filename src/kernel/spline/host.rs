//! Splines in host memory: the bins of a strip of values are looked up one by one, and then
//! evaluated together.

use rayon::prelude::*;

use super::bin::{Forward, Inverse};
use super::{SplineEnds, SplineShape};
use crate::kernel::host::unwritten;
use crate::kernel::lanes::{HostFloat, Lane};
use crate::kernel::simd::dispatch;
use crate::kernel::{MultiFormula, Real};

/// Values looked up, and then evaluated, at a time.
const STRIP: usize = 64;

/// Values a thread takes at a time; fewer stay on the calling thread.
const CHUNK: usize = 1 << 11;

/// What is worked on: `values` and their `parameters`, in rows of `features`.
#[derive(Clone, Copy)]
pub(crate) struct Splines<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) parameters: &'a [E],
    pub(crate) features: usize,
    pub(crate) shape: SplineShape,
    pub(crate) inverse: bool,
}

impl<'a, E: HostFloat> Splines<'a, E> {
    /// Images and logarithms of slopes; see [`SplineOps::spline`](super::SplineOps::spline).
    pub(crate) fn results(self) -> Vec<E> {
        let mut results = unwritten(2 * self.values.len());
        if self.values.len() <= CHUNK {
            dispatch(Evaluation { splines: self, results: &mut results });
        } else {
            let rows = (CHUNK / self.features).max(1);
            let parts = self.parts(rows);
            results
                .par_chunks_mut(2 * rows * self.features)
                .zip(parts)
                .for_each(|(results, splines)| dispatch(Evaluation { splines, results }));
        }
        results
    }

    /// Gradients; see [`SplineOps::spline_gradients`](super::SplineOps::spline_gradients).
    pub(crate) fn gradients(self, upstream: &[E]) -> [Vec<E>; 2] {
        let mut of_values = unwritten(self.values.len());
        // Most parameters of linear splines have none of their own: zeros to begin with.
        let mut of_parameters = vec![E::zero(); self.parameters.len()];
        if self.values.len() <= CHUNK {
            let of_values = of_values.as_mut_slice();
            let of_parameters = of_parameters.as_mut_slice();
            dispatch(Gradients { splines: self, upstream, of_values, of_parameters });
        } else {
            let rows = (CHUNK / self.features).max(1);
            let size = rows * self.features;
            let outputs = (of_values.par_chunks_mut(size))
                .zip(of_parameters.par_chunks_mut(size * self.shape.parameters()));
            outputs.zip(self.parts(rows)).zip(upstream.par_chunks(2 * size)).for_each(
                |(((of_values, of_parameters), splines), upstream)| {
                    dispatch(Gradients { splines, upstream, of_values, of_parameters });
                },
            );
        }
        [of_values, of_parameters]
    }

    fn parts(self, rows: usize) -> impl IndexedParallelIterator<Item = Self> + use<'a, E> {
        let size = rows * self.features;
        let parameters = self.parameters.par_chunks(size * self.shape.parameters());
        (self.values.par_chunks(size).zip(parameters)).map(move |(values, parameters)| Self {
            values,
            parameters,
            ..self
        })
    }

    /// Where the image of a value stands among the results; its slope follows `features` later.
    #[inline(always)]
    fn place(&self, at: usize) -> usize {
        at / self.features * self.features + at
    }
}

/// The bin that a value lies in.
#[derive(Clone, Copy, Default)]
struct Bin {
    /// Nothing outside the box.
    index: Option<usize>,
    /// The corner that what is computed starts from, with whole turns of a circle.
    start: f64,
    /// What the exponentials of widths and heights before the bin, and all of them, sum to.
    before: [f64; 2],
    total: [f64; 2],
}

/// A strip of values: their bins, and the inputs of the formula of a bin.
struct Strip<E> {
    bins: [Bin; STRIP],
    inputs: [[E; STRIP]; 5],
    /// Exponentials of the widths and of the heights, of each value in turn.
    exponentials: Vec<E>,
}

impl<E: HostFloat> Strip<E> {
    fn new(shape: &SplineShape) -> Self {
        Self {
            bins: [Bin::default(); STRIP],
            inputs: [[E::one(); STRIP]; 5],
            exponentials: vec![E::zero(); 2 * shape.bins * STRIP],
        }
    }

    #[inline(always)]
    fn look_up(&mut self, splines: &Splines<'_, E>, start: usize, length: usize) {
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
                self.inputs[3 + side][at] = place.map_or(E::one(), |place| parameters[place]);
                ends[side][at] = place.is_none();
            }
            self.bins[at] = bin;
        }
        let shift = shape.slope_shift();
        for side in 0..2 {
            let slopes = &mut self.inputs[3 + side];
            for at in 0..STRIP {
                let inner = (Lane(slopes[at]) + shift).softplus() + shape.smallest_slope;
                slopes[at] = if ends[side][at] { E::one() } else { inner.0 };
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
    fn point(&self, at: usize) -> [Lane<E>; 5] {
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
    let total = sides.map(sum);
    let free = splines.shape.free();
    let knot = |side: usize, index: usize, before: f64| {
        box_width * (smallest_bin * index as f64 + free * (before / total[side])) - bound
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
    let size = |side: usize| {
        let share = HostFloat::to_f64(sides[side][index]) / total[side];
        box_width * (smallest_bin + free * share)
    };
    let start = knot(1 - along, index, both[1 - along]) + turns;
    let bin = Bin { index: Some(index), start, before: both, total };
    (bin, [value - knot(along, index, before), size(0), size(1)])
}

struct Evaluation<'a, 'b, E> {
    splines: Splines<'a, E>,
    results: &'b mut [E],
}

impl<E: HostFloat> pulp::WithSimd for Evaluation<'_, '_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        if self.splines.inverse {
            self.run::<Inverse>();
        } else {
            self.run::<Forward>();
        }
    }
}

impl<E: HostFloat> Evaluation<'_, '_, E> {
    #[inline(always)]
    fn run<F: MultiFormula<5, 2>>(self) {
        let Self { splines, results } = self;
        let count = splines.values.len();
        let mut strip = Strip::new(&splines.shape);
        let mut outputs = [[E::zero(); STRIP]; 2];
        for start in (0..count).step_by(STRIP) {
            let length = STRIP.min(count - start);
            strip.look_up(&splines, start, length);
            for at in 0..STRIP {
                let [image, log_slope] = F::evaluate(strip.point(at));
                (outputs[0][at], outputs[1][at]) = (image.0, log_slope.0);
            }
            for at in 0..length {
                let (bin, value) = (&strip.bins[at], splines.values[start + at]);
                let (image, log_slope) = match bin.index {
                    Some(_) => {
                        let image = bin.start + HostFloat::to_f64(outputs[0][at]);
                        (E::from_f64(image), outputs[1][at])
                    }
                    None if value.is_nan() => (value, value),
                    None => (value, E::zero()),
                };
                let place = splines.place(start + at);
                (results[place], results[place + splines.features]) = (image, log_slope);
            }
        }
    }
}

struct Gradients<'a, 'b, E> {
    splines: Splines<'a, E>,
    upstream: &'a [E],
    of_values: &'b mut [E],
    of_parameters: &'b mut [E],
}

impl<E: HostFloat> pulp::WithSimd for Gradients<'_, '_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        if self.splines.inverse {
            self.run::<Inverse>();
        } else {
            self.run::<Forward>();
        }
    }
}

impl<E: HostFloat> Gradients<'_, '_, E> {
    #[inline(always)]
    fn run<F: MultiFormula<5, 2>>(self) {
        let Self { splines, upstream, of_values, of_parameters } = self;
        let (count, each) = (splines.values.len(), splines.shape.parameters());
        let mut strip = Strip::new(&splines.shape);
        let mut arriving = [[E::zero(); STRIP]; 2];
        let mut partials = [[E::zero(); STRIP]; 5];
        for start in (0..count).step_by(STRIP) {
            let length = STRIP.min(count - start);
            strip.look_up(&splines, start, length);
            for at in 0..length {
                let place = splines.place(start + at);
                arriving[0][at] = upstream[place];
                arriving[1][at] = upstream[place + splines.features];
            }
            for at in 0..STRIP {
                let [of_image, of_log_slope] = F::partials(strip.point(at));
                let [image, log_slope] = [Lane(arriving[0][at]), Lane(arriving[1][at])];
                for input in 0..5 {
                    let sum = of_image[input].chain(image) + of_log_slope[input].chain(log_slope);
                    partials[input][at] = sum.0;
                }
            }
            for at in 0..length {
                let element = start + at;
                let image = arriving[0][at];
                let Some(index) = strip.bins[at].index else {
                    of_values[element] = image;
                    continue;
                };
                let mut own = [E::zero(); 5];
                for input in 0..5 {
                    own[input] = partials[input][at];
                }
                of_values[element] = own[0];
                // The corner on the side of the values moves against them, the other one carries
                // the images.
                let starts = if splines.inverse { [image, -own[0]] } else { [-own[0], image] };
                let exponentials = &strip.exponentials[2 * splines.shape.bins * at..];
                let out = &mut of_parameters[element * each..][..each];
                let along = Along { bin: &strip.bins[at], index, shape: &splines.shape };
                for side in 0..2 {
                    along.shares(side, exponentials, [starts[side], own[1 + side]], out);
                }
                let raw = &splines.parameters[element * each..][..each];
                along.slopes(raw, [own[3], own[4]], out);
            }
        }
    }
}

/// Carries the gradients of one bin back to the parameters of its spline.
struct Along<'a> {
    bin: &'a Bin,
    index: usize,
    shape: &'a SplineShape,
}

impl Along<'_> {
    /// Back through the softmax of the widths (side 0) or the heights (side 1), from the gradients
    /// of where the bin starts and of its size.
    #[inline(always)]
    fn shares<E: HostFloat>(&self, side: usize, exps: &[E], [start, size]: [E; 2], out: &mut [E]) {
        let bins = self.shape.bins;
        let exps = &exps[side * bins..][..bins];
        let scale = 2.0 * self.shape.bound * self.shape.free();
        let total = self.bin.total[side];
        let own = HostFloat::to_f64(exps[self.index]) / total;
        let [start, size] = [start, size].map(|x| scale * HostFloat::to_f64(x));
        let mean = start * (self.bin.before[side] / total) + size * own;
        for (at, (out, exp)) in out[side * bins..].iter_mut().zip(exps).enumerate() {
            let own = match at.cmp(&self.index) {
                core::cmp::Ordering::Less => start,
                core::cmp::Ordering::Equal => size,
                core::cmp::Ordering::Greater => 0.0,
            };
            *out = E::from_f64(HostFloat::to_f64(*exp) / total * (own - mean));
        }
    }

    #[inline(always)]
    fn slopes<E: HostFloat>(&self, raw: &[E], gradients: [E; 2], out: &mut [E]) {
        let shift = E::from_f64(self.shape.slope_shift());
        let places = [self.shape.lower_slope(self.index), self.shape.upper_slope(self.index)];
        for (place, gradient) in places.into_iter().zip(gradients) {
            if let Some(place) = place {
                // Added: with one bin on a circle both ends have the same slope.
                out[place] = out[place] + gradient * (raw[place] + shift).lane_sigmoid();
            }
        }
    }
}
