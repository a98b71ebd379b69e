//! The logarithm of the density, accurate for concentrations from 0 to 10⁸ and more.

use crate::constants::HALF_LN_TWO_PI;
use crate::kernel::{Formula, Op, Real};

pub(super) static LOG_DENSITY: Op<3> = Op::new::<LogDensity>();

struct LogDensity;

/// What the value and its derivatives share, seen from one end of the interval.
struct Side<R: Real> {
    concentration: R,
    log_x: R,
    /// x over the mean share, less 1.
    excess: R,
    close: R::Mask,
    /// ln of x over the mean share.
    log_ratio: R,
}

impl<R: Real> Side<R> {
    /// `deviation` is (a + b) x − a, from `total` = a + b.
    #[inline(always)]
    fn new(concentration: R, total: R, [x, log_x]: [R; 2], deviation: R) -> Self {
        let excess = deviation / concentration;
        let close = excess.abs().le(R::constant(0.5));
        // The quotient of numbers far apart underflows; the difference of logarithms would cancel
        // for all others.
        let quotient = x * (total / concentration);
        let ordinary = quotient.gt(R::constant(1e-30)) & quotient.lt(R::constant(1e30));
        let logs = log_x + (total.ln() - concentration.ln());
        let far = R::select(ordinary, quotient.ln(), logs);
        let log_ratio = R::select(close, excess.ln_1p(), far);
        Self { concentration, log_x, excess, close, log_ratio }
    }

    /// a (ln(1 + t) − t) of the excess t.
    #[inline(always)]
    fn exponent(&self) -> R {
        let far = self.log_ratio - self.excess;
        self.concentration * R::select(self.close, self.excess.ln_1p_remainder(), far)
    }

    /// ln x + ψ(a + b) − ψ(a) for b = `other`.
    #[inline(always)]
    fn slope(&self, other: R, total: R) -> R {
        // The logarithms cancel, and are taken together; but beside a tiny concentration the
        // digamma functions nearly agree.
        let [own, all] = [self.concentration, total].map(|x| x.digamma_stirling() / x);
        let together = self.log_ratio + (own - all);
        let textbook = self.log_x + self.concentration.digamma_difference(other);
        R::select(self.concentration.min(other).lt(R::constant(0.1)), textbook, together)
    }
}

/// Both ends, and whether a concentration is below 2, where the textbook formula is exact.
struct Parts<R: Real> {
    total: R,
    one: Side<R>,
    zero: Side<R>,
    small: R::Mask,
}

impl<R: Real> Parts<R> {
    #[inline(always)]
    fn new([x, a, b]: [R; 3]) -> Self {
        let total = a + b;
        // (a + b) x − a as b x − a (1 − x): of the two the first would lose a small 1 − x.
        let deviation = b * x - a * (-x + 1.0);
        let y = -x + 1.0;
        Self {
            total,
            one: Side::new(a, total, [x, x.ln()], deviation),
            zero: Side::new(b, total, [y, (-x).ln_1p()], -deviation),
            small: a.min(b).lt(R::constant(2.0)),
        }
    }
}

/// `inside` for 0 < x < 1, the limits at 0 and 1, else `outside`; NaN for NaN and for
/// concentrations that are not positive.
#[inline(always)]
fn placed<R: Real>([x, a, b]: [R; 3], inside: R, [at_zero, at_one]: [R; 2], outside: R) -> R {
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let value = R::select(x.equal(zero), at_zero, inside);
    let value = R::select(x.equal(one), at_one, value);
    let value = R::select(x.lt(zero) | x.gt(one), outside, value);
    R::select(a.gt(zero) & b.gt(zero) & !x.is_nan(), value, R::constant(f64::NAN))
}

impl Formula<3> for LogDensity {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 3] = ["value", "concentration1", "concentration0"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 3]) -> R {
        let [_, a, b] = inputs;
        let Parts { total, one, zero, small } = Parts::new(inputs);
        // For large concentrations (a − 1) ln x + (b − 1) ln(1 − x) and ln B(a, b) are as large as
        // those and cancel. With Stirling's formula taken out, the relative entropy of the shares
        // is left, whose two terms are never positive.
        let logs = (a.ln() + b.ln() - total.ln()) * 0.5 - HALF_LN_TWO_PI;
        let remainders = total.ln_gamma_stirling() - a.ln_gamma_stirling() - b.ln_gamma_stirling();
        let measure = -(one.log_x + zero.log_x);
        let large = (one.exponent() + zero.exponent()) + (logs + remainders + measure);
        let textbook = (a - 1.0) * one.log_x + (b - 1.0) * zero.log_x - a.ln_beta(b);
        let inside = R::select(small, textbook, large);
        // At an end the density is ∞, finite, or 0, as its concentration is below, at or above 1.
        let limit = |own: R, other: R| {
            let (at, none) = (R::constant(1.0), R::constant(f64::NEG_INFINITY));
            let value = R::select(own.lt(at), R::constant(f64::INFINITY), none);
            R::select(own.equal(at), other.ln(), value)
        };
        placed(inputs, inside, [limit(a, b), limit(b, a)], R::constant(f64::NEG_INFINITY))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        let [x, a, b] = inputs;
        let Parts { total, one, zero, .. } = Parts::new(inputs);
        let nothing = R::constant(0.0);
        let by_value = (a - 1.0) / x - (b - 1.0) / (-x + 1.0);
        // At an end only a concentration of 1 has a finite density, and then also derivatives. In
        // that concentration it is infinite; zero keeps it from spoiling the others of a batch.
        let flat = |concentration: R, derivative: R| {
            R::select(concentration.equal(R::constant(1.0)), derivative, nothing)
        };
        let at_ends = [flat(a, -b + 1.0), flat(b, a - 1.0)];
        [
            placed(inputs, by_value, at_ends, nothing),
            placed(inputs, one.slope(b, total), [nothing, flat(b, a.recip())], nothing),
            placed(inputs, zero.slope(a, total), [flat(a, b.recip()), nothing], nothing),
        ]
    }
}
