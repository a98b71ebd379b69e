//! ln |Γ| and its derivatives on the whole line, by reflection at ½. Apart from the functions of
//! positive numbers, which should not pay for it.

use core::f64::consts::PI;

use super::super::real::Real;
use super::coefficients::{SINE_F32, SINE_F64};
use super::fitted;

/// (x < 0, |x| for it and x otherwise, so that 1 + |x| = 1 − x).
#[cfg_attr(not(debug_assertions), inline(always))]
fn reflected<R: Real>(x: R) -> (R::Mask, R) {
    let negative = x.lt(R::constant(0.0));
    (negative, R::select(negative, -x + 1.0, x))
}

/// ln |Γ(x)|; ∞ at 0, at the negative integers and at both infinities. Between the integers below
/// −2 it has zeros, near which the error is a few ε of ln Γ(1 − x) and not of the value.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_abs_gamma<R: Real>(x: R) -> R {
    let (negative, y) = reflected(x);
    let log = y.ln_gamma();
    // Γ(x) Γ(1 − x) = π/sin(πx), whose size depends on the distance to the nearest integer only: a
    // fit without its sign, and one logarithm, take half of what the sine would.
    let size = x.abs();
    let above = size - size.floor();
    let distance = above.min(-above + 1.0);
    let sine = distance * fitted(distance.square(), &SINE_F32, &SINE_F64);
    let reflection = -(sine.ln() + log);
    let value = R::select(negative, reflection, log);
    // ∞ − ∞ is no distance.
    let infinity = R::constant(f64::INFINITY);
    R::select(x.equal(-infinity), infinity, value)
}

/// ψ(x) for all real x: −∞ at 0, NaN at the negative integers, where the two limits differ. Near
/// its negative zeros the error is a few ε of ψ(1 − x).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn digamma_real<R: Real>(x: R) -> R {
    let (negative, y) = reflected(x);
    let value = y.digamma();
    let (sine, cosine) = (x.sin_pi(), x.cos_pi());
    let reflection = value - cosine / sine * PI;
    let pole = sine.equal(R::constant(0.0));
    let reflection = R::select(pole, R::constant(f64::NAN), reflection);
    R::select(negative, reflection, value)
}

/// ψ₁(x) for all real x: ∞ at 0 and at the negative integers. Nothing cancels: π²/sin² is at least
/// 9.8 and ψ₁(1 − x) at most 1.7.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn trigamma_real<R: Real>(x: R) -> R {
    let (negative, y) = reflected(x);
    let value = y.trigamma();
    let cosecant = x.sin_pi().recip() * PI;
    R::select(negative, cosecant.square() - value, value)
}

/// ψ₂(x) for all real x, the derivative of [`trigamma_real`]; NaN at the negative integers.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn tetragamma_real<R: Real>(x: R) -> R {
    let (negative, y) = reflected(x);
    let value = y.polygamma(2);
    let cosecant = x.sin_pi().recip() * PI;
    let reflection = cosecant * cosecant.square() * x.cos_pi() * -2.0 + value;
    let pole = cosecant.abs().equal(R::constant(f64::INFINITY));
    R::select(negative, R::select(pole, R::constant(f64::NAN), reflection), value)
}

/// ln Γₚ(a) = p(p − 1)/4 ln π + Σ ln Γ(a − j/2) over j < p, for a > (p − 1)/2; ∞ there and NaN
/// below.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_multivariate_gamma<R: Real>(a: R, order: u32) -> R {
    let p = f64::from(order);
    let mut sum = R::constant(p * (p - 1.0) * 0.25 * PI.ln());
    // From the least argument, where a pole is: ∞ there stays ∞.
    for j in 0..order {
        sum = sum + (a - 0.5 * f64::from(order - 1 - j)).ln_gamma();
    }
    sum
}
