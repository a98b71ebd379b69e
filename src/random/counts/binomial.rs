//! The binomial distribution of an event no likelier than its absence, as it is drawn.

use super::{CountSampler, Point};
use crate::kernel::{Real, stirling_from_half};

/// Of a finite number of trials and a probability of at most ½.
pub(crate) struct Binomial;

impl CountSampler<2> for Binomial {
    const NAME: &'static str = "binomial";
    const PARAMETERS: [&'static str; 2] = ["total_count", "probs"];

    #[inline(always)]
    fn exists<R: Real>([n, p]: [R; 2]) -> R::Mask {
        let zero = R::constant(0.0);
        n.ge(zero) & n.lt(R::constant(f64::INFINITY)) & p.ge(zero) & p.le(R::constant(0.5))
    }

    #[inline(always)]
    fn mean<R: Real>([n, p]: [R; 2]) -> R {
        n * p
    }

    #[inline(always)]
    fn none<R: Real>([n, p]: [R; 2]) -> R {
        (n * (-p).ln_1p()).exp()
    }

    #[inline(always)]
    fn odds<R: Real>([_, p]: [R; 2]) -> R {
        p / (-p + 1.0)
    }

    #[inline(always)]
    fn ratio<R: Real>([n, _]: [R; 2], odds: R, count: usize) -> R {
        // Exactly 0 after the last trial, so that no more are counted than there are.
        (n - (count - 1) as f64) * (odds * (1.0 / count as f64))
    }

    #[inline(always)]
    fn propose<R: Real>([n, p]: [R; 2], [hat, test]: [Point<R>; 2]) -> (R, R::Mask) {
        let q = -p + 1.0;
        let mean = n * p;
        let spread = (mean * q).sqrt();
        let b = spread * 2.53 + 1.15;
        let a = b * 0.0248 + p * 0.01 - 0.0873;
        let height = (b.recip() * 5.1 + 2.83) * spread;
        let side = -hat.tail + 0.5;
        let side = R::select(hat.upper, side, -side);
        // The whole part of the mean is added last: with it the sum would lose digits of the rest.
        let whole = mean.floor();
        let offset = ((a * 2.0) / hat.tail + b) * side + (mean - whole + 0.5);
        let count = offset.floor() + whole;
        let mode = (mean + p).floor();
        // V α ≤ (a/u² + b) f(count)/f(mode).
        let slope = a / hat.tail.square() + b;
        let level = R::select(test.upper, -test.tail + 1.0, test.tail);
        let ratio = relative_mass([n, p], count, mode);
        let possible = count.ge(R::constant(0.0)) & count.le(n);
        (count, possible & (level * height).le(slope * ratio))
    }
}

/// P(X = count)/P(X = mode).
#[inline(always)]
fn relative_mass<R: Real>([n, p]: [R; 2], count: R, mode: R) -> R {
    let (at, x, y) = part([n, p], count);
    let (top, x_top, y_top) = part([n, p], mode);
    ((x / x_top) * (y / y_top)).sqrt() * (at - top).exp()
}

/// The exponent E of the mass at k, which is √(xy) e^E times what does not depend on k, with
/// x = k + 1 and y = n − k + 1.
///
/// With s = x + y it is x (ln(sp/x) − (sp − x)/x) + y (ln(sq/y) − (sq − y)/y) − δ(x) − δ(y): nothing
/// in it cancels for many trials, as the logarithms of the factors of the mass do. sp − x is
/// −(sq − y), and one difference stands for both, so that their linear parts cancel exactly.
#[inline(always)]
fn part<R: Real>([n, p]: [R; 2], k: R) -> (R, R, R) {
    let (x, y) = (k + 1.0, n - k + 1.0);
    let gap = (n + 2.0) * p - x;
    let deviance = x * (gap / x).ln_1p_remainder() + y * (-gap / y).ln_1p_remainder();
    (deviance - stirling_from_half(x) - stirling_from_half(y), x, y)
}
