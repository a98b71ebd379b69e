//! The distribution function, its complement, and their logarithms.

use core::marker::PhantomData;

use super::moments::contrast;
use super::place::{Place, checked_scale, fall, mass};
use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real, masks};

static CDF: Op<5> = Op::new::<Truncated<Cdf>>();
static LOG_CDF: Op<5> = Op::new::<Truncated<LogCdf>>();
static SURVIVAL: Op<5> = Op::new::<Truncated<Survival>>();
static LOG_SURVIVAL: Op<5> = Op::new::<Truncated<LogSurvival>>();

pub(super) fn op(tail: Tail) -> &'static Op<5> {
    match tail {
        Tail::Cdf => &CDF,
        Tail::LogCdf => &LOG_CDF,
        Tail::Survival => &SURVIVAL,
        Tail::LogSurvival => &LOG_SURVIVAL,
    }
}

/// A mass: `amount` · e^(−exponent), which may underflow where its logarithm does not.
#[derive(Clone, Copy)]
pub(super) struct Mass<R: Real> {
    pub(super) amount: R,
    pub(super) exponent: R,
}

impl<R: Real> Mass<R> {
    #[inline(always)]
    pub(super) fn value(self) -> R {
        self.amount * (-self.exponent).exp()
    }
}

/// The masses below and above a point of the interval, relative to the density at the mode.
pub(super) struct Split<R: Real> {
    pub(super) place: Place<R>,
    /// The point, in standard deviations from the mode.
    pub(super) at: R,
    pub(super) lower: Mass<R>,
    pub(super) upper: Mass<R>,
    pub(super) total: R,
}

impl<R: Real> Split<R> {
    #[inline(always)]
    pub(super) fn new([x, loc, scale, low, high]: [R; 5]) -> Self {
        let place = Place::new([loc, scale, low, high]);
        // The side away from the mode and `loc` is a tail that begins at x, where the density is
        // lower; the other is what is left between x and the mode, and beyond that.
        let above = place.mode.equal(low) | x.gt(place.mode);
        let distance = R::select(above, x - place.mode, place.mode - x) / scale;
        let beyond = R::select(above, high - x, x - low) / scale;
        let behind = R::select(above, place.below, place.above);
        let c = place.offset.abs();
        let inner = mass(c, distance) + mass(R::constant(0.0), behind);
        let inner = Mass { amount: inner, exponent: R::constant(0.0) };
        let outer = Mass { amount: mass(c + distance, beyond), exponent: fall(c, distance) };
        let either = |then: R, otherwise: R| R::select(above, then, otherwise);
        let pick = |then: Mass<R>, otherwise: Mass<R>| Mass {
            amount: either(then.amount, otherwise.amount),
            exponent: either(then.exponent, otherwise.exponent),
        };
        Self {
            place,
            at: either(distance, -distance),
            lower: pick(inner, outer),
            upper: pick(outer, inner),
            total: inner.amount + outer.value(),
        }
    }

    /// The derivatives of the function that `tail` names, up to the sign of the upper ones, with
    /// respect to x, loc, scale, low, high.
    #[inline(always)]
    fn slopes(&self, tail: Tail, [x, loc, scale, low, high]: [R; 5]) -> [R; 5] {
        let place = &self.place;
        let whole = Mass { amount: self.total, exponent: R::constant(0.0) };
        let density = |exponent: R, mass: Mass<R>| {
            (mass.exponent - exponent).exp() / (place.scale * mass.amount)
        };
        let [at_low, at_high] = place.end_exponents();
        let here = place.exponent(self.at);
        let (p, q) = (self.lower.value() / self.total, self.upper.value() / self.total);
        // Relative to the mass itself for its logarithm. Far in a tail that underflows, and neither
        // it nor what it divides may stand alone.
        let (by_x, by_low, by_high, weight) = match tail {
            Tail::Cdf | Tail::Survival => {
                let [low, high] = [at_low, at_high].map(|exponent| density(exponent, whole));
                (density(here, whole), low * q, high * p, p * q)
            }
            Tail::LogCdf => {
                let low = density(at_low, self.lower) * q;
                (density(here, self.lower), low, density(at_high, whole), q)
            }
            Tail::LogSurvival => {
                let high = density(at_high, self.upper) * p;
                (density(here, self.upper), density(at_low, whole), high, p)
            }
        };
        // Moving all by the same, or stretching all about loc, changes nothing; an infinite end has
        // density 0 and no part in that.
        let z = self.at + place.offset;
        let [z_low, z_high] = [place.offset - place.below, place.offset + place.above];
        let moved = [-by_x, by_low, by_high];
        let stretched = [-(z * by_x), z_low.chain(by_low), z_high.chain(by_high)];
        // Where the interval is narrow that cancels. But with loc the probability also changes as the
        // means of what is above and below differ, and with scale as their mean squares do.
        let [mean, square] = contrast(x, [loc, scale, low, high], place);
        let none = weight.equal(R::constant(0.0));
        let either = |[a, b, c]: [R; 3], difference: R| {
            let (sum, size) = (a + b + c, a.abs() + b.abs() + c.abs());
            let contrasted = R::select(none, weight, weight * difference) / place.scale;
            R::select((sum.abs() * 8.0).ge(size), sum, -contrasted)
        };
        [by_x, either(moved, mean), either(stretched, square), -by_low, -by_high]
    }
}

/// One of the four functions.
trait TailFormula: Send + Sync + 'static {
    const TAIL: Tail;

    fn value<R: Real>(split: &Split<R>) -> R;
}

/// ln of the share of `own`, from whichever of the two masses is smaller.
#[inline(always)]
fn log_share<R: Real>(own: Mass<R>, other: Mass<R>, total: R) -> R {
    let rest = other.value();
    let small = own.amount.ln() - own.exponent - total.ln();
    R::select(own.value().lt(rest), small, (-(rest / total)).ln_1p())
}

struct Cdf;

impl TailFormula for Cdf {
    const TAIL: Tail = Tail::Cdf;

    #[inline(always)]
    fn value<R: Real>(split: &Split<R>) -> R {
        split.lower.value() / split.total
    }
}

struct LogCdf;

impl TailFormula for LogCdf {
    const TAIL: Tail = Tail::LogCdf;

    #[inline(always)]
    fn value<R: Real>(split: &Split<R>) -> R {
        log_share(split.lower, split.upper, split.total)
    }
}

struct Survival;

impl TailFormula for Survival {
    const TAIL: Tail = Tail::Survival;

    #[inline(always)]
    fn value<R: Real>(split: &Split<R>) -> R {
        split.upper.value() / split.total
    }
}

struct LogSurvival;

impl TailFormula for LogSurvival {
    const TAIL: Tail = Tail::LogSurvival;

    #[inline(always)]
    fn value<R: Real>(split: &Split<R>) -> R {
        log_share(split.upper, split.lower, split.total)
    }
}

struct Truncated<T>(PhantomData<fn() -> T>);

impl<T: TailFormula> Formula<5> for Truncated<T> {
    const NAME: &'static str = "TruncatedNormal";
    const INPUTS: [&'static str; 5] = ["value", "loc", "scale", "low", "high"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 5]) -> R {
        let [x, loc, scale, low, high] = inputs;
        let [below, above] = T::TAIL.limits();
        let inside = T::value(&Split::new(inputs));
        let scale = checked_scale([scale, low, high]);
        let inside = masks::outside(x.ge(high), [loc, scale, low], above, inside);
        masks::outside(x.le(low), [loc, scale, high], below, inside)
    }

    // Of shares of masses, whose own steps would cancel.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 5]) -> [R; 5] {
        let [x, _, _, low, high] = inputs;
        let slopes = Split::new(inputs).slopes(T::TAIL, inputs);
        let infinite = x.abs().equal(R::constant(f64::INFINITY));
        let outside = x.lt(low) | x.gt(high) | infinite;
        slopes.map(|slope| {
            let slope = if T::TAIL.is_upper() { -slope } else { slope };
            R::select(outside, R::constant(0.0), slope)
        })
    }
}
