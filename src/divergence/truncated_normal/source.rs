//! Expectations under P, a truncated Normal or a Uniform, of how much it differs from Q.

use super::super::gaps::exp_gap;
use crate::distributions::truncated_normal::nodes::{MANY_F32, MANY_F64};
use crate::distributions::truncated_normal::place::Place;
use crate::kernel::Real;

/// P: its density at `reference` + `unit` · s is e^−(s²/2 + offset · s) of that at the reference if
/// it is bent, and the same everywhere if not.
pub(super) struct Source<R: Real> {
    pub(super) reference: R,
    pub(super) unit: R,
    pub(super) offset: R,
    /// How far the ends are below and above the reference, in units.
    ends: [R; 2],
    /// The integral of the density in units, relative to that at the reference.
    pub(super) mass: R,
    bent: bool,
}

/// ln(q/p) as a function of s, up to a constant: curvature · s²/2 + slope · s.
#[derive(Clone, Copy)]
pub(super) struct Tilt<R> {
    pub(super) curvature: R,
    pub(super) slope: R,
    /// The same two of −ln q alone.
    pub(super) target: [R; 2],
}

impl<R: Real> Tilt<R> {
    #[inline(always)]
    pub(super) fn at(self, [first, second]: [R; 2]) -> R {
        self.curvature * (second * 0.5) + self.slope * first
    }
}

/// A node of the quadrature: s, and the share of P's mass it stands for.
struct Node<R> {
    at: R,
    share: R,
}

impl<R: Real> Node<R> {
    /// s and s², less what they are on average.
    #[inline(always)]
    fn less(&self, [first, second]: [R; 2]) -> [R; 2] {
        [self.at - first, self.at.square() - second]
    }
}

/// What P expects.
pub(super) struct Expected<R> {
    /// s and s².
    pub(super) moments: [R; 2],
    /// e^v − 1 − v, for v = ln(q/p) less its mean.
    pub(super) gap: R,
    /// v².
    pub(super) variance: R,
}

impl<R: Real> Expected<R> {
    /// Where P and Q are so near that their quotient may be integrated over what P sees of the
    /// line. Beyond, the divergence is 1/32 or more and its parts no longer cancel.
    #[inline(always)]
    pub(super) fn near(&self) -> R::Mask {
        self.variance.lt(R::constant(1.0 / 16.0))
    }
}

impl<R: Real> Source<R> {
    #[inline(always)]
    pub(super) fn truncated_normal(parameters: [R; 4]) -> Self {
        let place = Place::new(parameters);
        Self {
            reference: place.mode,
            unit: place.scale,
            offset: place.offset,
            ends: [place.below, place.above],
            mass: place.mass(),
            bent: true,
        }
    }

    #[inline(always)]
    pub(super) fn uniform([low, high]: [R; 2]) -> Self {
        let (zero, half) = (R::constant(0.0), R::constant(0.5));
        Self {
            reference: low * 0.5 + high * 0.5,
            unit: high - low,
            offset: zero,
            ends: [half; 2],
            mass: R::constant(1.0),
            bent: false,
        }
    }

    /// −ln of the density relative to that at the reference, from s and s².
    #[inline(always)]
    pub(super) fn exponent(&self, [first, second]: [R; 2]) -> R {
        if self.bent { second * 0.5 + self.offset * first } else { R::constant(0.0) }
    }

    /// The same at s, which may be infinite where the density falls to 0.
    #[inline(always)]
    fn exponent_at(&self, s: R) -> R {
        if self.bent { s * (s * 0.5 + self.offset) } else { R::constant(0.0) }
    }

    /// The length of the part below and of that above the reference that carries mass.
    #[inline(always)]
    fn reaches(&self) -> [R; 2] {
        if !self.bent {
            return self.ends;
        }
        // The density falls by e⁻⁵⁶, or e⁻³⁰ in f32, at 2e/(c + √(c² + 2e)); that of a near Q by
        // two thirds of the exponent at least. Far out c² would overflow.
        let e = if R::double() { 56.0 } else { 30.0 };
        let c = self.offset.abs();
        let root = (c.square() + 2.0 * e).sqrt();
        let root = R::select(c.gt(R::constant(1e10)), c, root);
        let reach = (c + root).recip() * (2.0 * e);
        // This order passes a NaN on.
        self.ends.map(|end| reach.min(end))
    }

    /// Hands over the nodes of both sides of the reference. Each side has its own: a rule for both at
    /// once leaves 1e-6 in f32 and 1e-11 in f64.
    #[inline(always)]
    fn each(&self, mut take: impl FnMut(Node<R>)) {
        let nodes: &[(f64, f64)] = if R::double() { &MANY_F64 } else { &MANY_F32 };
        let [below, above] = self.reaches();
        for (length, side) in [(below, -1.0), (above, 1.0)] {
            for (node, weight) in nodes {
                for share in [*node, 1.0 - *node] {
                    let at = length * (share * side);
                    let density = (-self.exponent_at(at)).exp();
                    take(Node { at, share: density * length * *weight });
                }
            }
        }
    }

    /// E s and E s², and the integral of the shares.
    #[inline(always)]
    fn moments(&self) -> ([R; 2], R) {
        let zero = R::constant(0.0);
        let (mut first, mut second, mut total) = (zero, zero, zero);
        self.each(|node| {
            total = total + node.share;
            first = first + node.share * node.at;
            second = second + node.share * node.at.square();
        });
        ([first / total, second / total], total)
    }

    #[inline(always)]
    pub(super) fn expected(&self, tilt: Tilt<R>) -> Expected<R> {
        let (moments, total) = self.moments();
        let zero = R::constant(0.0);
        let (mut gap, mut variance) = (zero, zero);
        self.each(|node| {
            let v = tilt.at(node.less(moments));
            gap = gap + node.share * exp_gap(v);
            variance = variance + node.share * v.square();
        });
        Expected { moments, gap: gap / total, variance: variance / total }
    }

    /// How s and s² go with v under P, and how much more a Q on the same interval expects of them.
    #[inline(always)]
    pub(super) fn covariances(&self, tilt: Tilt<R>, expected: &Expected<R>) -> [[R; 2]; 2] {
        let zero = R::constant(0.0);
        let (mut with_tilt, mut moved, mut total) = ([zero; 2], [zero; 2], zero);
        self.each(|node| {
            let less = node.less(expected.moments);
            let v = tilt.at(less);
            let growth = v.exp_m1();
            total = total + node.share;
            for power in 0..2 {
                let part = node.share * less[power];
                with_tilt[power] = with_tilt[power] + part * v;
                moved[power] = moved[power] + part * growth;
            }
        });
        let whole = total * (expected.gap + 1.0);
        [with_tilt.map(|sum| sum / total), moved.map(|sum| sum / whole)]
    }

    /// The derivatives in the two parameters of a Normal before truncation, given how s and s² go
    /// with v.
    #[inline(always)]
    pub(super) fn slopes(&self, with_tilt: [R; 2]) -> [R; 2] {
        [-(with_tilt[0] / self.unit), -(self.exponent(with_tilt) * 2.0 / self.unit)]
    }

    /// The derivatives in both ends: the densities there times 1 + v.
    #[inline(always)]
    pub(super) fn end_slopes(&self, tilt: Tilt<R>, moments: [R; 2]) -> [R; 2] {
        let zero = R::constant(0.0);
        let [below, above] = self.ends;
        let density = |at: R| (-self.exponent_at(at)).exp() / self.mass;
        let [first, second] = moments;
        // In a tail v is nearly −1 at the mode. By parts 1 is E s (s + offset) and what the ends
        // contribute, so that 1 + v is a sum of terms of one sign there.
        let boundary = self.ends.into_iter().zip([-below, above]).fold(zero, |sum, (end, at)| {
            let part = density(at);
            sum + R::select(part.equal(zero), zero, end * part)
        });
        let [curvature, target_slope] = tilt.target;
        let bent = (curvature + 1.0) * (second * 0.5) + target_slope * first + boundary;
        let constant = if self.bent { bent } else { -tilt.at(moments) + 1.0 };
        let slope = |at: R| {
            let density = density(at) / self.unit;
            // An infinite end has density 0 and does not move.
            let excess = tilt.at([at, at.square()]) + constant;
            R::select(density.equal(zero), zero, density * excess)
        };
        [slope(-below), -slope(above)]
    }
}
