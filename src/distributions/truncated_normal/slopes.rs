//! The slopes of mean, standard deviation and entropy, as expectations: those of the quadrature's own
//! steps cancel where the interval is narrow.

use super::moments::Integral;
use super::nodes::{MANY_F32, MANY_F64};
use super::place::Place;
use crate::kernel::Real;

/// Sums of u², u³, u f, u² f and f².
struct Spread<R: Real> {
    square: R,
    cube: R,
    crossed: R,
    bent: R,
    fall: R,
}

impl<R: Real> Integral<R> {
    /// ∑ weight · density · products of the distances from the means, u in units of the length, and f.
    /// Of those of odd powers of u little may be left: see [`flat`](Self::flat).
    #[inline(always)]
    fn spread(&self, middle: R, level: R) -> Spread<R> {
        let nothing = R::constant(0.0);
        let mut sums = Spread {
            square: nothing,
            cube: nothing,
            crossed: nothing,
            bent: nothing,
            fall: nothing,
        };
        let unit = self.length.recip();
        self.each(|pair| {
            for node in pair {
                let (u, f) = ((node.at - middle) * unit, node.exponent - level);
                let square = node.weight * u.square();
                sums.square = sums.square + square;
                sums.cube = sums.cube + square * u;
                sums.crossed = sums.crossed + node.weight * u * f;
                sums.bent = sums.bent + square * f;
                sums.fall = sums.fall + node.weight * f.square();
            }
        });
        sums
    }

    /// E u³ and E u² f where the density hardly changes over the interval, and whether it does.
    ///
    /// Seen from the middle of the interval odd powers cancel up to that change, which is
    /// −expm1 of the exponent z v + v²/2 at the distance v from there.
    #[inline(always)]
    fn flat(&self) -> ([R; 2], R::Mask) {
        let nodes: &[(f64, f64)] = if R::double() { &MANY_F64 } else { &MANY_F32 };
        let length = self.length;
        let z = self.place.offset + self.side * (length * 0.5 - self.near);
        let mut powers = [R::constant(0.0); 5];
        for (node, weight) in nodes {
            let u = 0.5 - *node;
            let v = length * u;
            let bell = (v.square() * -0.5).exp_of_term() * *weight;
            let (up, down) = ((-(z * v)).exp_m1(), (z * v).exp_m1());
            let (even, odd) = (bell * (up + down + 2.0), bell * (up - down));
            let mut power = 1.0;
            for (k, sum) in powers.iter_mut().enumerate() {
                let part = if k % 2 == 0 { even } else { odd };
                *sum = *sum + part * power;
                power *= u;
            }
        }
        let [total, one, two, three, four] = powers;
        let [one, two, three, four] = [one / total, two / total, three / total, four / total];
        let cube = three - one * two * 3.0 + one * one.square() * 2.0;
        let (tilt, curve) = (z * length, length.square() * 0.5);
        let crossed = three - one * two;
        let bent = tilt * crossed + curve * (four - two.square())
            - one * 2.0 * (tilt * (two - one.square()) + curve * crossed);
        ([cube, bent], ((z.abs() + length) * length).lt(R::constant(0.5)))
    }

    /// E u³ and E u f where [`is_wide`](Self::is_wide) says that the sums cancel: by parts they are
    /// the mean and what the densities at the ends add to it.
    #[inline(always)]
    fn wide(&self, middle: R, total: R) -> [R; 2] {
        let length = self.length;
        let [at_low, at_high] = self.ends().map(|density| density / (length * total));
        let Place { below, above, .. } = self.place;
        // An infinite end has no part.
        let lost = below.chain(at_low) + above.chain(at_high);
        let tilt = below.square().chain(at_low) - above.square().chain(at_high);
        let cube = tilt - middle + middle * (lost * 3.0 + middle.square() * 2.0);
        let crossed = (tilt + middle + middle * lost) * 0.5;
        [cube / length / length.square(), crossed / length]
    }
}

/// The derivatives of mean, standard deviation and entropy with respect to loc, scale, low, high:
/// covariances with the slopes of ln of the density, z/scale and z²/scale, and the densities at the
/// ends.
#[inline(always)]
pub(super) fn summary_slopes<R: Real>(parameters: [R; 4]) -> [[R; 4]; 3] {
    let integral = Integral::new(parameters);
    let place = &integral.place;
    let [total, first, fallen] = integral.sums();
    let (middle, level) = (first / total, fallen / total);
    let Spread { square, cube, crossed, bent, fall } = integral.spread(middle, level);
    let ([flat_cube, flat_bent], flat) = integral.flat();
    let ([wide_cube, wide_crossed], wide) = (integral.wide(middle, total), integral.is_wide());
    let cube = R::select(flat, flat_cube, R::select(wide, wide_cube, cube / total));
    let crossed = R::select(wide, wide_crossed, crossed / total);
    let bent = R::select(flat, flat_bent, bent / total);
    let (length, scale) = (integral.length, place.scale);
    // In units of the length of the interval.
    let deviation = (square / total).sqrt();
    let [at_low, at_high] = place.end_exponents();
    let density = |exponent: R| (-exponent).exp() / (length * total);
    // How far the ends are from the mean; an infinite one has no part.
    let (low, high) = (place.below + middle, place.above - middle);
    let by_end = |distance: R, exponent: R| {
        let density = density(exponent);
        let square = (distance / length).square() - deviation.square();
        [
            distance.chain(density),
            square.chain(density) * (length / deviation * 0.5),
            (exponent - level + 1.0).chain(density) / scale,
        ]
    };
    let (by_low, by_high) = (by_end(low, at_low), by_end(high, at_high));
    let by_loc = [
        square / total * length.square(),
        cube * length.square() / (deviation * 2.0),
        crossed * length / scale,
    ];
    let by_scale = [crossed * length * 2.0, bent * length / deviation, fall / total * 2.0 / scale];
    let mut partials = [parameters; 3];
    partials[0] = [by_loc[0], by_scale[0], by_low[0], by_high[0]];
    // Moving loc and both ends together changes neither of these two. At an end far out from loc,
    // beside which the law is exponential, the differences above would cancel.
    let zero = R::constant(0.0);
    let [begins, ends] = [place.below.equal(zero), place.above.equal(zero)];
    for result in 1..3 {
        let (low, high) = (-by_low[result], by_high[result]);
        partials[result] = [
            by_loc[result],
            by_scale[result],
            R::select(begins, -(by_loc[result] + high), low),
            R::select(ends, -(by_loc[result] + low), high),
        ];
    }
    partials
}
