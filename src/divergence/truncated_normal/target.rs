//! Q, a Normal truncated to an interval that covers that of P.

use super::source::{Expected, Source, Tilt};
use crate::distributions::truncated_normal::moments::expectations;
use crate::distributions::truncated_normal::place::Place;
use crate::kernel::Real;

pub(super) struct Target<R: Real> {
    loc: R,
    place: Place<R>,
    low: R,
    high: R,
    /// The mass in standard deviations, relative to the density at the mode.
    mass: R,
}

/// What Q has on one part of its interval.
struct Part<R> {
    /// The mass relative to the density at the part's own mode.
    amount: R,
    /// −ln of the density there relative to that at Q's mode.
    exponent: R,
}

impl<R: Real> Target<R> {
    #[inline(always)]
    pub(super) fn new([loc, scale, low, high]: [R; 4]) -> Self {
        let place = Place::new([loc, scale, low, high]);
        let mass = place.mass();
        Self { loc, place, low, high, mass }
    }

    /// ln(q/p) for a truncated Normal P.
    #[inline(always)]
    pub(super) fn tilt(&self, source: &Source<R>, source_loc: R) -> Tilt<R> {
        // 1 − (σ/τ)² and the difference of the locations, of which nothing cancels; the slopes of
        // both exponents at the reference would.
        let scale = self.place.scale;
        let ratio = source.unit / scale;
        let curvature = (scale - source.unit) / scale * (ratio + 1.0);
        let slope = source.offset * curvature + ratio * ((self.loc - source_loc) / scale);
        let target_slope = ratio * ((source.reference - self.loc) / scale);
        Tilt { curvature, slope, target: [ratio.square(), target_slope] }
    }

    /// The same for a Uniform on [low, high].
    #[inline(always)]
    pub(super) fn tilt_of_uniform(&self, source: &Source<R>, [low, high]: [R; 2]) -> Tilt<R> {
        let ratio = source.unit / self.place.scale;
        // The middle less loc, without the rounding of the middle.
        let middle = ((low - self.loc) + (high - self.loc)) * 0.5 / self.place.scale;
        let target = [ratio.square(), ratio * middle];
        Tilt { curvature: -target[0], slope: -target[1], target }
    }

    /// σM for Q, an integral over its interval.
    #[inline(always)]
    pub(super) fn integral(&self) -> R {
        self.place.scale * self.mass
    }

    /// What P expects of the distance from Q's mode in standard deviations, and of −ln of Q's
    /// density relative to that there: no term of the second is negative but the first moment's.
    #[inline(always)]
    pub(super) fn expected(&self, source: &Source<R>, [first, second]: [R; 2]) -> [R; 2] {
        let ratio = source.unit / self.place.scale;
        let start = (source.reference - self.place.mode) / self.place.scale;
        let mean = ratio * first;
        let square = ratio.square() * second * 0.5;
        let bent = mean * (start + self.place.offset) + square;
        [start + mean, self.place.exponent(start) + bent]
    }

    /// The same of changes of both moments, which move neither the mode nor the reference.
    #[inline(always)]
    fn change(&self, source: &Source<R>, [first, second]: [R; 2]) -> [R; 2] {
        let ratio = source.unit / self.place.scale;
        let start = (source.reference - self.place.mode) / self.place.scale;
        let mean = ratio * first;
        [mean, mean * (start + self.place.offset) + ratio.square() * second * 0.5]
    }

    #[inline(always)]
    fn part(&self, low: R, high: R) -> Part<R> {
        let scale = self.place.scale;
        let inner = Place::new([self.loc, scale, low, high]);
        Part {
            amount: inner.mass(),
            exponent: self.place.exponent((inner.mode - self.place.mode) / scale),
        }
    }

    /// The shares of Q below `low` and above `high`.
    #[inline(always)]
    fn outside(&self, low: R, high: R) -> [R; 2] {
        [(self.low, low), (high, self.high)].map(|(from, to)| {
            let Part { amount, exponent } = self.part(from, to);
            let share = amount * (-exponent).exp() / self.mass;
            // The same end, be it infinite, leaves nothing.
            R::select(from.ge(to), R::constant(0.0), share)
        })
    }

    /// −ln of the share of Q in [low, high].
    #[inline(always)]
    pub(super) fn escape(&self, low: R, high: R) -> R {
        let [below, above] = self.outside(low, high);
        let outside = below + above;
        let Part { amount, exponent } = self.part(low, high);
        // Most of Q is outside: that share has lost what is inside, which may underflow itself.
        let rare = exponent - (amount / self.mass).ln();
        R::select(outside.lt(R::constant(0.5)), -(-outside).ln_1p(), rare)
    }

    /// Whether Q covers [low, high].
    #[inline(always)]
    pub(super) fn misses(&self, low: R, high: R) -> R::Mask {
        low.lt(self.low) | high.gt(self.high)
    }

    /// The derivatives in Q's parameters, given how much more a Q restricted to P's interval
    /// expects of the moments than P, where both are near.
    #[inline(always)]
    pub(super) fn slopes(
        &self,
        source: &Source<R>,
        [low, high]: [R; 2],
        expected: &Expected<R>,
        moved: [R; 2],
    ) -> [R; 4] {
        let scale = self.place.scale;
        let of_source = self.expected(source, expected.moments);
        let beyond = |from: R, to: R| {
            let [mode, mean, fall] = expectations([self.loc, scale, from, to]);
            let start = (mode - self.place.mode) / scale;
            [start + mean, self.place.exponent(start) + fall]
        };
        let mut near = self.change(source, moved);
        let inside = near;
        let parts = [(self.low, low), (high, self.high)];
        for (share, (from, to)) in self.outside(low, high).into_iter().zip(parts) {
            let there = beyond(from, to);
            let none = share.equal(R::constant(0.0));
            for power in 0..2 {
                let apart = there[power] - of_source[power] - inside[power];
                near[power] = near[power] + R::select(none, share, share * apart);
            }
        }
        let whole = beyond(self.low, self.high);
        let by = [0, 1].map(|power| {
            let far = whole[power] - of_source[power];
            R::select(expected.near(), near[power], far) / scale
        });
        let [at_low, at_high] =
            (self.place.end_exponents()).map(|exponent| (-exponent).exp() / self.integral());
        [by[0], by[1] * 2.0, -at_low, at_high]
    }
}
