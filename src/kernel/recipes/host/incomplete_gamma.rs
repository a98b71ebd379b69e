//! P, Q, their logarithms and the slope of the quantile, as in the recipe but with the exponents
//! in two parts: at e⁻⁷⁰⁰ one rounding of the exponent would be a relative error of 10⁻¹³.

use super::super::super::lanes::{HostFloat, Lane};
use super::super::super::real::Real;
use super::super::elementary::artanh_third;
use super::super::gamma::{digamma_stirling, ln_gamma_1p, stirling_from_half};
use super::super::incomplete_gamma::{IncompleteGamma, SERIES_END, series_sums, tail_length};
use super::pair::Pair;
use crate::constants::LN_TWO_PI;

/// 1/(2π).
const ONE_OVER_TWO_PI: f64 = 0.159_154_943_091_895_35;

/// The family at x with its logarithm, which may be finite where x underflows.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn incomplete_gamma<E: HostFloat>(
    a: E,
    x: E,
    log_x: Pair<E>,
) -> IncompleteGamma<Lane<E>> {
    // At x = ∞ the interval has no length and the integrand no value; e^−1e30 is 0 already.
    let far = x > E::from_f64(1e30);
    let x = if far { E::from_f64(1e30) } else { x };
    let log_x = Pair::select(far, Pair { high: E::from_f64(69.0), low: E::zero() }, log_x);
    let small = a < E::one();
    let in_series = small & (x < E::from_f64(SERIES_END));
    let kernel = kernel(a, x, log_x, small, in_series);
    if !E::DOUBLE {
        // Both: a branch would end the vectorisation over elements.
        let (series, quadrature) = (series(a, x, &kernel), quadrature(a, x, &kernel));
        return IncompleteGamma::select(in_series, series, quadrature);
    }
    if in_series { series(a, x, &kernel) } else { quadrature(a, x, &kernel) }
}

/// What both ways share.
struct KernelParts<E> {
    /// ln(xᵃ/Γ(1 + a)) in the series; elsewhere the logarithm of the kernel over `factor`.
    exponent: Pair<E>,
    /// e^exponent.
    scale: Lane<E>,
    /// a below 1 and √(a/2π) above: in the exponent ½ ln a would be rounded.
    factor: Lane<E>,
    /// ln x.
    log_x: Lane<E>,
    /// ln(x/a), for a >= 1.
    log_ratio: Lane<E>,
    /// ln of the whole kernel.
    log_kernel: Lane<E>,
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn kernel<E: HostFloat>(
    a: E,
    x: E,
    log_x: Pair<E>,
    small: bool,
    in_series: bool,
) -> KernelParts<E> {
    // s = (x − a)/(x + a) in two parts; see the recipe for the formula.
    let (difference, total) = (Pair::sum(x, -a), Pair::sum(x, a));
    let recip = total.high.recip();
    let s = difference.high * recip;
    let remainder = (-s).mul_add(total.high, difference.high);
    let s_low = (remainder + (difference.low - s * total.low)) * recip;
    let close = s.abs() <= E::from_f64(1.0 / 3.0);
    let tail = (Lane(s) * Lane(s).square() * artanh_third(Lane(s).square()) * 2.0).0;
    let product = Pair::product(s, difference.high);
    let product_low = product.low + (s * difference.low + s_low * difference.high);
    let near = Pair::sum(-product.high, tail * a - product_low);

    let log_a = Pair::ln(a);
    let ratio = log_x.minus(log_a);
    let bend = Pair::select(close, near, ratio.times(a).minus(difference));
    let large = bend.plus(Pair::from(-stirling_from_half(Lane(a)).0));
    let minus_x = if in_series { E::zero() } else { -x };
    let log_gamma = ln_gamma_1p(Lane(a)).0;
    let below_one = log_x.times(a).plus(Pair { high: minus_x, low: -log_gamma });
    let exponent = Pair::select(small, below_one, large).settled();
    let (high, low) = (Lane(exponent.high), Lane(exponent.low));

    let root = (a * E::from_f64(ONE_OVER_TWO_PI)).sqrt();
    let log_a = Lane(log_a.high);
    let log_factor = Lane::select(small, log_a, (log_a - LN_TWO_PI) * 0.5);
    let left_out = if in_series { x } else { E::zero() };
    KernelParts {
        exponent,
        scale: Lane(exponent.exp()),
        factor: Lane(if small { a } else { root }),
        log_x: Lane(log_x.high),
        log_ratio: Lane(if close { s + s + tail } else { ratio.high }),
        log_kernel: high + (low + log_factor) - Lane(left_out),
    }
}

/// See [`IncompleteGamma::series`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn series<E: HostFloat>(a: E, x: E, kernel: &KernelParts<E>) -> IncompleteGamma<Lane<E>> {
    let (a, x) = (Lane(a), Lane(x));
    let (sum, sum_of_squares) = series_sums(a, x);
    let (g, scale) = (Lane(kernel.exponent.high), kernel.scale);
    let tail = a * sum;
    let p = scale * (tail + 1.0);
    let q = -g.exp_m1() - scale * tail;
    let offset = (a + 1.0).digamma() - kernel.log_x;
    let slope = offset / a + (offset - a.recip()) * sum + sum_of_squares;
    IncompleteGamma {
        p,
        q,
        log_p: g + tail.ln_1p(),
        log_q: Lane::select(p.lt(Lane::constant(0.5)), (-p).ln_1p(), q.ln()),
        log_kernel: kernel.log_kernel,
        kernel_over_p: a * (-x).exp() / (tail + 1.0),
        kernel_over_q: a * scale * (-x).exp() / q,
        log_quantile_slope: slope * x.exp(),
    }
}

/// See [`IncompleteGamma::quadrature`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn quadrature<E: HostFloat>(a: E, x: E, kernel: &KernelParts<E>) -> IncompleteGamma<Lane<E>> {
    let lower = x < a;
    let sign = if lower { -E::one() } else { E::one() };
    let slope = (x - a).abs();
    let length = tail_length(Lane(slope), Lane(x), Lane(sign), lower).0;
    let (integral, moment) = E::lane_tail_sums(-slope * length, x, sign * length);
    let (integral, moment) = (Lane(integral * length), Lane(moment * length * length));

    let mass = kernel.factor * integral;
    let tail = kernel.scale * mass;
    let rest = -tail + 1.0;
    let log_tail = Lane(kernel.exponent.high) + (Lane(kernel.exponent.low) + mass.ln());
    let log_rest = (-tail).ln_1p();
    let offset = kernel.log_ratio + digamma_stirling(Lane(a)) / Lane(a);
    let (over_tail, over_rest) = (integral.recip(), kernel.scale * kernel.factor / rest);
    let pick = |then, otherwise| Lane::select(lower, then, otherwise);
    IncompleteGamma {
        p: pick(tail, rest),
        q: pick(rest, tail),
        log_p: pick(log_tail, log_rest),
        log_q: pick(log_rest, log_tail),
        log_kernel: kernel.log_kernel,
        kernel_over_p: pick(over_tail, over_rest),
        kernel_over_q: pick(over_rest, over_tail),
        log_quantile_slope: Lane(sign) * offset * integral + moment,
    }
}
