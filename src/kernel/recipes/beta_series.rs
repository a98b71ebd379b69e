//! The power series of the incomplete beta function in x, for a < 1 and small x.

use super::super::real::Real;
use super::beta_point::UnitPoint;
use super::gamma::ln_gamma_1p;
use super::incomplete_beta::IncompleteBeta;

/// For a < 1, x <= ½ and b x <= 1: Σ (1 − b)ₙ xⁿ/(n! (a + n)), with its derivatives in a and b.
/// The terms fall like xⁿ/n²: 20 of them leave 3e-9, 44 leave 3e-17.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn lower_series<R: Real>(
    a: R,
    b: R,
    at: &UnitPoint<R>,
    fine: bool,
) -> IncompleteBeta<R> {
    let terms = if fine { 44 } else { 20 };
    let zero = R::constant(0.0);
    let (mut power, mut power_slope) = (R::constant(1.0), zero);
    let (mut sum, mut sum_of_squares, mut sum_slope) = (zero, zero, zero);
    for n in 1..=terms {
        let count = f64::from(n);
        let factor = at.x * (1.0 / count);
        let rising = -b + count;
        power_slope = factor * (power_slope * rising - power);
        power = factor * (power * rising);
        let recip = (a + count).recip();
        let term = power * recip;
        sum = sum + term;
        sum_of_squares = sum_of_squares + term * recip;
        sum_slope = sum_slope + power_slope * recip;
    }
    // g = ln(xᵃ/(a B(a, b))), of the size of a for small a: so is Q, which is made of g alone and
    // never as 1 − P.
    let g = a * at.log_x + b.log_gamma_difference(a) - ln_gamma_1p(a);
    let tail = a * sum;
    let scale = g.exp();
    let p = scale * (tail + 1.0);
    let q = -g.exp_m1() - scale * tail;
    // ψ(a) = ψ(1 + a) − 1/a; the poles 1/a² of the integrals cancel by hand.
    let offset = (a + 1.0).digamma() - (a + b).digamma() - at.log_x;
    let slope_a = offset / a + (offset - a.recip()) * sum + sum_of_squares;
    let slope_b = b.digamma_difference(a) / a * (tail + 1.0) + sum_slope;
    let rest = (b * -at.log_y).exp();
    IncompleteBeta {
        p,
        q,
        log_p: g + tail.ln_1p(),
        log_q: R::select(p.lt(R::constant(0.5)), (-p).ln_1p(), q.ln()),
        log_kernel: g + a.ln() + b * at.log_y,
        kernel_over_p: a / (rest * (tail + 1.0)),
        kernel_over_q: a * scale / (rest * q),
        slope_a: slope_a * rest,
        slope_b: -(slope_b * rest),
    }
}
