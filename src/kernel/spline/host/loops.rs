//! The loops over strips: values and gradients.

use super::Splines;
use super::strip::{Bin, STRIP, Strip};
use crate::kernel::lanes::{HostFloat, Lane};
use crate::kernel::spline::SplineShape;
use crate::kernel::spline::bin::{Forward, Inverse, limited};
use crate::kernel::{MultiFormula, Real};

/// Writes images, and the logarithms of slopes, of all values.
pub(super) struct Evaluation<'a, 'b, E> {
    pub(super) splines: Splines<'a, E>,
    pub(super) results: &'b mut [E],
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

/// Writes the gradients of values and parameters.
pub(super) struct Gradients<'a, 'b, E> {
    pub(super) splines: Splines<'a, E>,
    pub(super) upstream: &'a [E],
    pub(super) of_values: &'b mut [E],
    pub(super) of_parameters: &'b mut [E],
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
                    // Apart: both may overflow, with opposite signs.
                    let along_image = limited(of_image[input].chain(image));
                    let sum = along_image + limited(of_log_slope[input].chain(log_slope));
                    partials[input][at] = sum.0;
                }
                for side in 0..2 {
                    let slope = strip.slopes[side][at].lane_sigmoid();
                    partials[3 + side][at] = partials[3 + side][at] * slope;
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
                along.slopes([own[3], own[4]], out);
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
        let per_total = self.bin.per_total[side];
        let own = HostFloat::to_f64(exps[self.index]) * per_total;
        let [start, size] = [start, size].map(|x| scale * HostFloat::to_f64(x));
        let mean = start * (self.bin.before[side] * per_total) + size * own;
        for (at, (out, exp)) in out[side * bins..].iter_mut().zip(exps).enumerate() {
            let own = match at.cmp(&self.index) {
                core::cmp::Ordering::Less => start,
                core::cmp::Ordering::Equal => size,
                core::cmp::Ordering::Greater => 0.0,
            };
            *out = E::from_f64(HostFloat::to_f64(*exp) * per_total * (own - mean));
        }
    }

    /// The gradients of the slopes have been through the softplus before.
    #[inline(always)]
    fn slopes<E: HostFloat>(&self, gradients: [E; 2], out: &mut [E]) {
        let places = [self.shape.lower_slope(self.index), self.shape.upper_slope(self.index)];
        for (place, gradient) in places.into_iter().zip(gradients) {
            if let Some(place) = place {
                out[place] = gradient;
            }
        }
    }
}
