//! Quantiles and draws: the point that leaves a given share of the mass on either side.

use super::moments::contrast;
use super::place::{Place, fall, mass, mills, short_mass};
use super::tails::{Mass, Split};
use crate::kernel::{Formula, Op, Real, masks};

pub(super) static QUANTILE: Op<5> = Op::new::<Quantile>();
pub(super) static UPPER_QUANTILE: Op<5> = Op::new::<UpperQuantile>();
/// A draw from standard exponential noise: the point where the survival function is e^−noise.
pub(super) static DRAW: Op<5> = Op::new::<Draw>();

const NAME: &str = "TruncatedNormal";

/// The point with mass `p` below and `q` = 1 − p above, each with its own digits.
#[inline(always)]
fn point<R: Real>(p: R, q: R, [loc, scale, low, high]: [R; 4]) -> R {
    let zero = R::constant(0.0);
    let place = Place::new([loc, scale, low, high]);
    let c = place.offset.abs();
    let (mass_below, mass_above) = (mass(c, place.below), mass(c, place.above));
    let total = mass_below + mass_above;
    // On which side of the mode, and how far: the mass up to the mode, `behind`, is 0 where the
    // interval begins there. The tail beyond the point is that beyond the end and a share of ours.
    let above = (p * total).gt(mass_below);
    let either = |then: R, otherwise: R| R::select(above, then, otherwise);
    let (inner, outer) = (either(p, q), either(q, p));
    let (behind, length) = (either(mass_below, mass_above), either(place.above, place.below));
    let end = either(high, low);
    let tail = mills(c);
    let passed = (inner * total - behind) / tail;
    let beyond = (-fall(c, length)).exp() * mills(c + length);
    let left = (beyond + outer * total) / tail;
    let half = R::constant(0.5);
    let hazard = R::select(passed.lt(half), -(-passed).ln_1p(), -left.ln());
    let distance = distance(c, R::select(hazard.lt(zero), zero, hazard));
    let moved = scale * distance;
    let x = masks::finite(place.mode + either(moved, -moved));
    // Rounding may pass an end; at no mass beyond it is the end, be it infinite.
    let x = R::select(outer.equal(zero), end, x);
    R::select(x.lt(low), low, R::select(x.gt(high), high, x))
}

/// The t ≥ 0 with ln Q(c) − ln Q(c + t) = `hazard`, for c ≥ 0 and the normal upper tail Q.
#[inline(always)]
fn distance<R: Real>(c: R, hazard: R) -> R {
    // The hazard rate λ rises by λ (λ − y), between 2/π and 1 a unit; so the first two orders are a
    // good start everywhere but for long ways from near the middle.
    let rise = |rate: R, y: R| {
        (rate * (rate - y)).min(R::constant(1.0)).max(R::constant(core::f64::consts::FRAC_2_PI))
    };
    let rate = c.normal_hazard();
    let root = (rate.square() + rise(rate, c) * hazard * 2.0).sqrt();
    let root = R::select(c.gt(R::constant(1e10)), rate, root);
    let short = hazard * 2.0 / (rate + root);
    let long = -((-c).log_ndtr() - hazard).ndtri_exp() - c;
    let near_middle = c.lt(R::constant(5.0)) & hazard.gt(R::constant(0.1));
    let mut t = R::select(near_middle, long, short);
    // Halley's steps on the integrated hazard, which is written without cancellation: for small t
    // from the mass passed, for large t from the logarithms.
    let tail = mills(c);
    for _ in 0..2 {
        let (y, exponent) = (c + t, fall(c, t));
        let near = -(-(short_mass(c, t) / tail)).ln_1p();
        let far = exponent + (tail / mills(y)).ln();
        let excess = R::select(exponent.lt(R::constant(1.0)), near, far) - hazard;
        let rate = y.normal_hazard();
        let step = excess / rate;
        t = t - step / (-(step * rise(rate, y) / rate) * 0.5 + 1.0);
    }
    let infinite = hazard.equal(R::constant(f64::INFINITY));
    R::select(infinite, hazard, t)
}

/// The derivatives of the point x at fixed probability with respect to loc, scale, low and high,
/// and that of the probability below it with respect to x, inverted.
#[inline(always)]
fn slopes<R: Real>(x: R, [loc, scale, low, high]: [R; 4]) -> (R, [R; 4]) {
    let split = Split::new([x, loc, scale, low, high]);
    // Relative to the density at x itself.
    let here = split.place.exponent(split.at);
    let [at_low, at_high] = split.place.end_exponents();
    let share = |mass: Mass<R>, exponent: R| {
        mass.amount * (here - exponent - mass.exponent).exp() / split.total
    };
    let (by_low, by_high) = (share(split.upper, at_low), share(split.lower, at_high));
    // With loc x moves as far as the mean of what is above it differs from that of what is below,
    // with scale as their mean squares do. In a tail both are small, and what by_low and by_high
    // leave of 1 has no digits.
    let [mean, square] = contrast(x, [loc, scale, low, high], &split.place);
    let (lower, upper) = (split.lower.amount, split.upper.amount);
    let product = lower * upper / split.total;
    let at_end = product.equal(R::constant(0.0));
    let weighted = |difference: R| R::select(at_end, product, product * difference);
    let (by_loc, by_scale) = (weighted(mean), weighted(square));
    // An infinite end does not move.
    let infinite = x.abs().equal(R::constant(f64::INFINITY));
    let moving = |slope: R| R::select(infinite, R::constant(0.0), slope);
    let by_probability = scale * split.total * here.exp();
    (by_probability, [by_loc, by_scale, by_low, by_high].map(moving))
}

struct Quantile;

impl Formula<5> for Quantile {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 5] = ["probability", "loc", "scale", "low", "high"];

    #[inline(always)]
    fn evaluate<R: Real>([p, loc, scale, low, high]: [R; 5]) -> R {
        let p = masks::probability(p);
        point(p, -p + 1.0, [loc, scale, low, high])
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 5]) -> [R; 5] {
        let [_, parameters @ ..] = inputs;
        let (by_probability, [a, b, c, d]) = slopes(Self::evaluate(inputs), parameters);
        [by_probability, a, b, c, d]
    }
}

struct UpperQuantile;

impl Formula<5> for UpperQuantile {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 5] = ["probability", "loc", "scale", "low", "high"];

    #[inline(always)]
    fn evaluate<R: Real>([q, loc, scale, low, high]: [R; 5]) -> R {
        let q = masks::probability(q);
        point(-q + 1.0, q, [loc, scale, low, high])
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 5]) -> [R; 5] {
        let [_, parameters @ ..] = inputs;
        let (by_probability, [a, b, c, d]) = slopes(Self::evaluate(inputs), parameters);
        [-by_probability, a, b, c, d]
    }
}

struct Draw;

impl Formula<5> for Draw {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 5] = ["noise", "loc", "scale", "low", "high"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, loc, scale, low, high]: [R; 5]) -> R {
        let (p, q) = (-(-noise).exp_m1(), (-noise).exp());
        point(p, q, [loc, scale, low, high])
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 5]) -> [R; 5] {
        let [noise, parameters @ ..] = inputs;
        let (by_probability, [a, b, c, d]) = slopes(Self::evaluate(inputs), parameters);
        [by_probability * (-noise).exp(), a, b, c, d]
    }
}
