//! Derivatives of the incomplete beta family, of Student's t and of the von Mises distribution: in
//! the parameters by integrals of their own, in the variate by the density.

use super::super::dual::{Dual, density, rate_at_zero};
use super::super::masks;
use super::super::real::Real;
use super::incomplete_beta::IncompleteBeta;
use super::student_t::StudentT;
use super::von_mises::VonMises;

/// The functions at x and y = 1 − x; d logit = dx/x − dy/y.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn incomplete_beta_with_derivatives<R: Real, const N: usize>(
    a: Dual<R, N>,
    b: Dual<R, N>,
    x: Dual<R, N>,
    y: Dual<R, N>,
) -> IncompleteBeta<Dual<R, N>> {
    let at = a.value.incomplete_beta(b.value, x.value, y.value);
    let along_x = log_density(a.value, b.value, at.log_kernel, x.value);
    let along_y = log_density(b.value, a.value, at.log_kernel, y.value);
    attached(at, a, b, [(x, along_x, x.value, 1.0), (y, along_y, y.value, -1.0)])
}

/// The functions at ln x − ln y.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn incomplete_beta_at_logit_with_derivatives<R: Real, const N: usize>(
    a: Dual<R, N>,
    b: Dual<R, N>,
    logit: Dual<R, N>,
) -> IncompleteBeta<Dual<R, N>> {
    let at = a.value.incomplete_beta_at_logit(b.value, logit.value);
    attached(at, a, b, [(logit, at.log_kernel, R::constant(1.0), 1.0)])
}

/// ln(K/x), at x = 0 its limit: K is x^a/B(a, b) there, and B(1, b) = 1/b.
#[cfg_attr(not(debug_assertions), inline(always))]
fn log_density<R: Real>(a: R, b: R, log_kernel: R, x: R) -> R {
    let (one, infinity) = (R::constant(1.0), R::constant(f64::INFINITY));
    let at_zero = R::select(a.equal(one), b.ln(), -infinity);
    let at_zero = R::select(a.lt(one), infinity, at_zero);
    R::select(x.equal(R::constant(0.0)), at_zero, log_kernel - x.ln())
}

/// Attaches derivatives to values: along a and b, and along each of `positions` with the
/// logarithm of |dP| along it, what K is divided by there, and the sign.
#[cfg_attr(not(debug_assertions), inline(always))]
fn attached<R: Real, const N: usize, const K: usize>(
    at: IncompleteBeta<R>,
    a: Dual<R, N>,
    b: Dual<R, N>,
    positions: [(Dual<R, N>, R, R, f64); K],
) -> IncompleteBeta<Dual<R, N>> {
    let zero = R::constant(0.0);
    // dP/da is −K times the slope of the quantile.
    let along_shapes = |value: R, kernel: R| {
        // At the edges the slopes are infinite, and nothing depends on the shapes.
        let gone = kernel.equal(zero);
        let local = |slope: R| R::select(gone, zero, kernel * slope);
        Dual::along(value, [(a, local(at.slope_a)), (b, local(at.slope_b))])
    };
    let known = at.p.gt(masks::smallest::<R>());
    let kernel = density([at.p, at.kernel_over_p], at.log_kernel);
    let along = |value: R, sign: f64| {
        let shapes = along_shapes(value, kernel * -sign);
        (positions.into_iter()).fold(shapes, |sum, (position, log_rate, per, direction)| {
            let rate = R::select(known & !per.equal(zero), kernel / per, log_rate.exp());
            sum + Dual::along(zero, [(position, rate * (sign * direction))])
        })
    };
    // Far in a tail K and the tail underflow together, and the difference of their logarithms would
    // lose as many digits as those are large; at the edge it is what has a limit.
    let along_log = |value: R, ratio: R, sign: f64| {
        let shapes = along_shapes(value, ratio * -sign);
        (positions.into_iter()).fold(shapes, |sum, (position, log_rate, per, direction)| {
            let rate = R::select(per.equal(zero), rate_at_zero(log_rate, value), ratio / per);
            sum + Dual::along(zero, [(position, rate * (sign * direction))])
        })
    };
    // Nothing asks for second derivatives; NaN says so should anything ever do.
    let nan = R::constant(f64::NAN);
    let without = |value: R| {
        let shapes = Dual::along(value, [(a, nan), (b, nan)]);
        (positions.into_iter())
            .fold(shapes, |sum, (position, ..)| sum + Dual::along(zero, [(position, nan)]))
    };
    IncompleteBeta {
        p: along(at.p, 1.0),
        q: along(at.q, -1.0),
        log_p: along_log(at.log_p, at.kernel_over_p, 1.0),
        log_q: along_log(at.log_q, at.kernel_over_q, -1.0),
        log_kernel: without(at.log_kernel),
        kernel_over_p: without(at.kernel_over_p),
        kernel_over_q: without(at.kernel_over_q),
        slope_a: without(at.slope_a),
        slope_b: without(at.slope_b),
    }
}

/// Student's t distribution at t.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn student_t_with_derivatives<R: Real, const N: usize>(
    freedom: Dual<R, N>,
    t: Dual<R, N>,
) -> StudentT<Dual<R, N>> {
    let at = freedom.value.student_t(t.value);
    let (zero, nan) = (R::constant(0.0), R::constant(f64::NAN));
    let direction = R::select(t.value.lt(zero), -R::constant(1.0), R::constant(1.0));
    let density = density([at.tail, at.hazard], at.log_density);
    // d tail/dν = |t| f d ln|t|/dν, as the tail does not change along the quantile.
    let along = |value: R, density: R, sign: f64| {
        let rate = density * sign;
        let moved = rate * t.value.abs();
        let gone = moved.equal(zero);
        let local = R::select(gone, zero, moved * at.log_quantile_slope);
        Dual::along(value, [(freedom, local), (t, -(rate * direction))])
    };
    // Nothing asks for second derivatives; NaN says so should anything ever do.
    let without = |value: R| Dual::along(value, [(freedom, nan), (t, nan)]);
    StudentT {
        tail: along(at.tail, density, 1.0),
        central: along(at.central, density, -1.0),
        log_tail: along(at.log_tail, at.hazard, 1.0),
        log_density: without(at.log_density),
        hazard: without(at.hazard),
        log_quantile_slope: without(at.log_quantile_slope),
    }
}

/// The von Mises distribution at an angle.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn von_mises_with_derivatives<R: Real, const N: usize>(
    concentration: Dual<R, N>,
    angle: Dual<R, N>,
) -> VonMises<Dual<R, N>> {
    let at = concentration.value.von_mises(angle.value);
    let (zero, nan) = (R::constant(0.0), R::constant(f64::NAN));
    let direction = angle.value.sign_of(R::constant(1.0));
    let along = |value: R, log_scale: R, sign: f64| {
        let rate = (at.log_density - log_scale).exp() * sign;
        Dual::along(
            value,
            [(concentration, rate * at.quantile_slope), (angle, -(rate * direction))],
        )
    };
    // Nothing asks for second derivatives; NaN says so should anything ever do.
    let without = |value: R| Dual::along(value, [(concentration, nan), (angle, nan)]);
    VonMises {
        tail: along(at.tail, zero, 1.0),
        central: along(at.central, zero, -1.0),
        log_tail: along(at.log_tail, at.log_tail, 1.0),
        log_density: without(at.log_density),
        quantile_slope: without(at.quantile_slope),
    }
}
