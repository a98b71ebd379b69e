//! The quantile of a von Mises distribution, as a guess and a step in |θ|.

use core::f64::consts::PI;

use super::super::real::Real;
use super::bessel::bessel;
use super::von_mises::VonMises;

/// A first guess of |θ| with P(Θ > |θ|) = min(p, q), given p and q = 1 − p: the wrapped Cauchy
/// distribution of the same mean resultant length for small κ, the normal one for large κ, and
/// the shape of the density's minimum near ±π.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn von_mises_quantile_guess<R: Real>(concentration: R, p: R, q: R) -> R {
    let (central, tail) = ((q - p).abs() * 0.5, p.min(q));
    let at = bessel(concentration);
    // tan(π (½ − m)), whose numerator and denominator are both exact.
    let tangent = central.sin_pi() / central.cos_pi();
    let cauchy = (tangent * at.complement / (at.ratio + 1.0)).atan() * 2.0;
    let normal = -tail.ndtri() / (concentration.sqrt() * 2.0);
    let sine = (normal * (concentration.recip() * 0.125 + 1.0)).min(R::constant(0.95));
    let normal = (sine / (-sine.square() + 1.0).sqrt()).atan() * 2.0;
    let guess = R::select(concentration.lt(R::constant(1.5)), cauchy, normal);
    // Near ±π the density e^(−κ (1 + cos)) is the reciprocal of a normal one: with
    // y = √κ tail/f(π) the distance s/√κ to π has ∫ e^(u²/2) du = y over u from 0 to s.
    let y = tail * at.i0e * (2.0 * PI) * (concentration * 2.0).exp();
    let distance = ((y.square() * concentration).ln_1p() / concentration).sqrt();
    // y overflows long before this stops to hold.
    R::select(distance.lt(R::constant(0.9)), -distance + PI, guess)
}

/// One Halley step towards P(Θ > |θ|) = min(p, q): in the logarithm of a small tail, else in
/// whichever of the tail and its complement to ½ is the smaller.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn von_mises_quantile_step<R: Real>(concentration: R, size: R, p: R, q: R) -> R {
    step_from(concentration.von_mises(size), concentration, size, p, q)
}

/// The same from the distribution at |θ|.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn step_from<R: Real>(at: VonMises<R>, concentration: R, size: R, p: R, q: R) -> R {
    let (zero, end) = (R::constant(0.0), R::constant(PI));
    let (central, tail) = ((q - p).abs() * 0.5, p.min(q));
    let density = at.log_density.exp();
    // d ln f/dθ = −κ sin θ.
    let bend = -(concentration * (size * (1.0 / PI)).sin_pi());
    let in_log = tail.lt(R::constant(0.1));
    let hazard = (at.log_density - at.log_tail).exp();
    let linear = R::select(tail.lt(R::constant(0.25)), at.tail - tail, central - at.central);
    let newton = R::select(in_log, (at.log_tail - tail.ln()) / hazard, linear / density);
    let bend = R::select(in_log, bend + hazard, bend);
    let denominator = (newton * bend * 0.5 + 1.0).max(R::constant(0.5)).min(R::constant(2.0));
    let next = size + newton / denominator;
    // The ends are kept within reach: half the way to an end that would be passed.
    let next = R::select(next.gt(end), (size + end) * 0.5, next);
    let next = R::select(next.lt(zero), size * 0.5, next);
    let next = R::select(central.equal(zero), zero, next);
    let next = R::select(tail.equal(zero), end, next);
    R::select(p.is_nan() | q.is_nan(), p + q, next)
}

/// The θ in [−π, π] with P(Θ <= θ) = p, given p and q = 1 − p.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn von_mises_quantile<R: Real>(concentration: R, p: R, q: R) -> R {
    let mut size = von_mises_quantile_guess(concentration, p, q);
    for _ in 0..if R::double() { 4 } else { 3 } {
        size = von_mises_quantile_step(concentration, size, p, q);
    }
    signed(concentration, size, p, q)
}

/// The quantile of the sign that p asks for.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn signed<R: Real>(concentration: R, size: R, p: R, q: R) -> R {
    let value = R::select(p.lt(q), -size, size);
    R::select(concentration.ge(R::constant(0.0)), value, R::constant(f64::NAN))
}
