//! What formulas do at the borders of their domains.

use super::real::Real;

/// `value` where `outside` holds and none of `parameters` is NaN, `inside` elsewhere.
///
/// `outside` must be false for NaN, so that NaN comes out where NaN goes in. The value outside is
/// a constant: no gradient flows there.
#[inline(always)]
pub fn outside<R: Real, const K: usize>(
    outside: R::Mask,
    parameters: [R; K],
    value: f64,
    inside: R,
) -> R {
    let known = (parameters.into_iter()).fold(outside, |known, p| known & !p.is_nan());
    R::select(known, R::constant(value), inside)
}

/// `value` where x < 0 and none of `parameters` is NaN, `inside` elsewhere; see [`outside`].
#[inline(always)]
pub fn below_zero<R: Real, const K: usize>(x: R, parameters: [R; K], value: f64, inside: R) -> R {
    outside(x.lt(R::constant(0.0)), parameters, value, inside)
}

/// `p` in [0, 1], NaN elsewhere.
#[inline(always)]
pub fn probability<R: Real>(p: R) -> R {
    let inside = p.ge(R::constant(0.0)) & p.le(R::constant(1.0));
    R::select(inside, p, R::constant(f64::NAN))
}

/// `p` in [0, 1], NaN elsewhere, for a quantile with an infinite slope at the ends: there it has none.
#[inline(always)]
pub fn open_probability<R: Real>(p: R) -> R {
    let end = p.equal(R::constant(0.0)) | p.equal(R::constant(1.0));
    R::select(end, p.detach(), probability(p))
}

/// The largest finite number.
#[inline(always)]
fn largest<R: Real>() -> R {
    R::constant(if R::double() { f64::MAX } else { f64::from(f32::MAX) })
}

/// The smallest positive number that no backend flushes to zero.
#[inline(always)]
pub fn smallest<R: Real>() -> R {
    R::constant(if R::double() { f64::MIN_POSITIVE } else { f64::from(f32::MIN_POSITIVE) })
}

/// `x`, held at the largest finite numbers: a draw that overflows is still a number.
#[inline(always)]
pub fn finite<R: Real>(x: R) -> R {
    let largest = largest::<R>();
    held(x, -largest, largest)
}

/// `x`, held at `low` and at `high`, beyond which it has no slope; NaN passes.
#[inline(always)]
pub fn held<R: Real>(x: R, low: R, high: R) -> R {
    // Written so that NaN fails both comparisons.
    let bounded = R::select(x.gt(high), high, x);
    R::select(x.lt(low), low, bounded)
}

/// The exponent below which eˣ is 0, subnormal numbers included.
#[inline(always)]
fn lowest<R: Real>() -> R {
    smallest::<R>().ln() * 1.2
}

/// `x`, held where eˣ is 0. What has vanished has slope 0, which would meet that of `x`: a small scale, a large
/// value or the end of a support make that infinite.
#[inline(always)]
pub fn vanishing<R: Real>(x: R) -> R {
    held(x, lowest(), R::constant(f64::INFINITY))
}

/// `z`, held where e^(−z) is 0, for the same reason.
#[inline(always)]
pub fn certain_above<R: Real>(z: R) -> R {
    held(z, R::constant(f64::NEG_INFINITY), -lowest::<R>())
}

/// `z`, held where e^(−|z|) is 0, for the same reason.
#[inline(always)]
pub fn certain_beyond<R: Real>(z: R) -> R {
    held(z, lowest(), -lowest::<R>())
}
