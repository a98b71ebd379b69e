//! Forward-mode dual numbers: a value with its `N` partial derivatives.

use core::f64::consts;
use core::ops::{Add, Div, Mul, Neg, Sub};

use super::masks;
use super::real::Real;
use super::recipes::beta_quantile::beta_kernel_at_quantile;
use super::recipes::{
    self, BetaQuantile, GammaQuantile, IncompleteBeta, IncompleteGamma, StudentT, VonMises,
};

/// A number carrying its derivatives with respect to `N` inputs.
///
/// Forward mode makes gradients NaN-safe by construction: [`Real::select`] picks the derivative
/// of the arm taken, and a seed that is zero stays zero through an infinite local derivative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dual<R, const N: usize> {
    /// The value.
    pub(crate) value: R,
    /// The partial derivatives.
    pub(crate) derivatives: [R; N],
}

/// `<[R; N]>::map` as a plain loop: the standard one is not inlined into SIMD code.
#[cfg_attr(not(debug_assertions), inline(always))]
fn each<R: Copy, const N: usize>(mut values: [R; N], function: impl Fn(R) -> R) -> [R; N] {
    for value in &mut values {
        *value = function(*value);
    }
    values
}

impl<R: Real, const N: usize> Dual<R, N> {
    /// The inputs of a formula, each the derivative of itself.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn inputs(values: [R; N]) -> [Self; N] {
        let mut inputs = [Self::detached(values[0]); N];
        for index in 0..N {
            inputs[index] = Self::detached(values[index]);
            inputs[index].derivatives[index] = R::constant(1.0);
        }
        inputs
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn detached(value: R) -> Self {
        Self { value, derivatives: [R::constant(0.0); N] }
    }

    /// A function of one number by its value and local derivative.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chained(self, value: R, local: R) -> Self {
        Self { value, derivatives: each(self.derivatives, |d| local.chain(d)) }
    }

    /// A function of two numbers by its value and both local derivatives.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chained_with(self, other: Self, value: R, local: R, local_other: R) -> Self {
        self.zip(other, value, |a, b| local.chain(a) + local_other.chain(b))
    }

    /// A value with a local derivative along each of several numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn along<const K: usize>(value: R, locals: [(Self, R); K]) -> Self {
        let mut derivatives = [R::constant(0.0); N];
        for (number, local) in locals {
            for index in 0..N {
                let term = local.chain(number.derivatives[index]);
                derivatives[index] = derivatives[index] + term;
            }
        }
        Self { value, derivatives }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zip(self, other: Self, value: R, combine: impl Fn(R, R) -> R) -> Self {
        let mut derivatives = self.derivatives;
        for index in 0..N {
            derivatives[index] = combine(derivatives[index], other.derivatives[index]);
        }
        Self { value, derivatives }
    }
}

impl<R: Real, const N: usize> Add for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(self, other: Self) -> Self {
        self.zip(other, self.value + other.value, |a, b| a + b)
    }
}

impl<R: Real, const N: usize> Sub for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sub(self, other: Self) -> Self {
        self.zip(other, self.value - other.value, |a, b| a - b)
    }
}

impl<R: Real, const N: usize> Mul for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul(self, other: Self) -> Self {
        self.chained_with(other, self.value * other.value, other.value, self.value)
    }
}

impl<R: Real, const N: usize> Div for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn div(self, other: Self) -> Self {
        // d(a/b) = (da - (a/b) db) / b reuses the quotient and never forms b², which underflows.
        let quotient = self.value / other.value;
        let recip = other.value.recip();
        self.chained_with(other, quotient, recip, -(quotient * recip))
    }
}

impl<R: Real, const N: usize> Neg for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neg(self) -> Self {
        Self { value: -self.value, derivatives: each(self.derivatives, |d| -d) }
    }
}

impl<R: Real, const N: usize> Add<f64> for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(self, constant: f64) -> Self {
        Self { value: self.value + constant, ..self }
    }
}

impl<R: Real, const N: usize> Sub<f64> for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sub(self, constant: f64) -> Self {
        Self { value: self.value - constant, ..self }
    }
}

impl<R: Real, const N: usize> Mul<f64> for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul(self, constant: f64) -> Self {
        Self { value: self.value * constant, derivatives: each(self.derivatives, |d| d * constant) }
    }
}

impl<R: Real, const N: usize> Div<f64> for Dual<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn div(self, constant: f64) -> Self {
        Self { value: self.value / constant, derivatives: each(self.derivatives, |d| d / constant) }
    }
}

const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;
const TWO_OVER_SQRT_PI: f64 = consts::FRAC_2_SQRT_PI;

impl<R: Real, const N: usize> Real for Dual<R, N> {
    type Mask = R::Mask;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant(value: f64) -> Self {
        Self::detached(R::constant(value))
    }
    #[inline(always)]
    fn outlined<T>(work: impl FnOnce() -> T) -> T {
        R::outlined(work)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn double() -> bool {
        R::double()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lt(self, other: Self) -> R::Mask {
        self.value.lt(other.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn le(self, other: Self) -> R::Mask {
        self.value.le(other.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn equal(self, other: Self) -> R::Mask {
        self.value.equal(other.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_nan(self) -> R::Mask {
        self.value.is_nan()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn select(mask: R::Mask, then: Self, otherwise: Self) -> Self {
        let value = R::select(mask, then.value, otherwise.value);
        then.zip(otherwise, value, |a, b| R::select(mask, a, b))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn abs(self) -> Self {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let sign = R::select(self.value.gt(zero), one, R::select(self.value.lt(zero), -one, zero));
        self.chained(self.value.abs(), sign)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chained(root, root.recip() * 0.5)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn recip(self) -> Self {
        let recip = self.value.recip();
        self.chained(recip, -(recip * recip))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn floor(self) -> Self {
        Self::detached(self.value.floor())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp(self) -> Self {
        let value = self.value.exp();
        self.chained(value, value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp_of_term(self) -> Self {
        let value = self.value.exp_of_term();
        self.chained(value, value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln(self) -> Self {
        self.chained(self.value.ln(), self.value.recip())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_through_one(self) -> Self {
        self.chained(self.value.ln_through_one(), self.value.recip())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn detach(self) -> Self {
        Self::detached(self.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chain(self, derivative: Self) -> Self {
        self * derivative
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp_m1(self) -> Self {
        // Not value + 1, which cancels on the left.
        self.chained(self.value.exp_m1(), self.value.exp())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_1p(self) -> Self {
        self.chained(self.value.ln_1p(), (self.value + 1.0).recip())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp_m1_remainder(self) -> Self {
        self.chained(self.value.exp_m1_remainder(), self.value.exp_m1())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tanh(self) -> Self {
        // 1 - tanh² cancels for large |x|; 4 σ(2x) σ(-2x) from one exponential does not.
        let e = (self.value.abs() * -2.0).exp();
        let r = (e + 1.0).recip();
        self.chained(self.value.tanh(), e * r * r * 4.0)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn atan(self) -> Self {
        self.chained(self.value.atan(), (self.value.square() + 1.0).recip())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sin_pi(self) -> Self {
        self.chained(self.value.sin_pi(), self.value.cos_pi() * consts::PI)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cos_pi(self) -> Self {
        self.chained(self.value.cos_pi(), self.value.sin_pi() * -consts::PI)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn pow(self, exponent: Self) -> Self {
        let value = self.value.pow(exponent.value);
        // y x^(y-1), not y x^y / x: the quotient is 0/0 at x = 0.
        let local = exponent.value * self.value.pow(exponent.value - 1.0);
        let zero = R::constant(0.0);
        let local_exponent = R::select(self.value.equal(zero), zero, value * self.value.ln());
        self.chained_with(exponent, value, local, local_exponent)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erf(self) -> Self {
        self.chained(self.value.erf(), recipes::gaussian(self.value, 1.0) * TWO_OVER_SQRT_PI)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfc(self) -> Self {
        self.chained(self.value.erfc(), recipes::gaussian(self.value, 1.0) * -TWO_OVER_SQRT_PI)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ndtr(self) -> Self {
        let density = recipes::gaussian(self.value, 0.5) * FRAC_1_SQRT_2_PI;
        self.chained(self.value.ndtr(), density)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_ndtr(self) -> Self {
        let value = self.value.log_ndtr();
        self.chained(value, recipes::normal_hazard(-self.value))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ndtri(self) -> Self {
        let (value, p) = (self.value.ndtri(), self.value);
        let tail = R::select(p.gt(R::constant(0.5)), -p + 1.0, p);
        self.chained(value, quantile_slope(value, tail))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfinv(self) -> Self {
        let value = self.value.erfinv();
        let tail = (-self.value.abs() + 1.0) * 0.5;
        let slope = quantile_slope(value * consts::SQRT_2, tail) * (0.5 * consts::FRAC_1_SQRT_2);
        self.chained(value, slope)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_slope(self, slope: Self, variable: Self) -> Self {
        variable.chained(self.value, slope.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_gamma(self) -> Self {
        self.chained(self.value.ln_gamma(), self.value.digamma())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma(self) -> Self {
        self.chained(self.value.digamma(), self.value.trigamma())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn trigamma(self) -> Self {
        self.chained(self.value.trigamma(), self.value.polygamma(2))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn polygamma(self, order: u32) -> Self {
        self.chained(self.value.polygamma(order), self.value.polygamma(order + 1))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_abs_gamma(self) -> Self {
        self.chained(self.value.ln_abs_gamma(), self.value.digamma_real())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma_real(self) -> Self {
        self.chained(self.value.digamma_real(), self.value.trigamma_real())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn trigamma_real(self) -> Self {
        let local = super::recipes::tetragamma_real(self.value);
        self.chained(self.value.trigamma_real(), local)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_beta(self, b: Self) -> Self {
        // ψ(a) − ψ(a + b) cancels where the other argument is small.
        let (a, other) = (self.value, b.value);
        let local = -a.digamma_difference(other);
        self.chained_with(b, a.ln_beta(other), local, -other.digamma_difference(a))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_binomial(self, k: Self) -> Self {
        let (n, value) = (self.value, self.value.log_binomial(k.value));
        let rest = n - k.value;
        let local = (rest + 1.0).digamma_difference(k.value);
        let local_k = (k.value + 1.0).digamma_difference(rest - k.value);
        // Outside the triangle the value is constant.
        let (zero, inside) =
            (R::constant(0.0), k.value.ge(R::constant(0.0)) & rest.ge(R::constant(0.0)));
        let known = inside | value.is_nan();
        let local = R::select(known, local, zero);
        self.chained_with(k, value, local, R::select(known, local_k, zero))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_gamma_difference(self, d: Self) -> Self {
        let (x, value) = (self.value, self.value.log_gamma_difference(d.value));
        let local = x.digamma_difference(d.value);
        self.chained_with(d, value, local, (x + d.value).digamma())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma_difference(self, d: Self) -> Self {
        let (x, value) = (self.value, self.value.digamma_difference(d.value));
        // For small d the difference of the trigamma functions cancels; nothing has needed more.
        let end = (x + d.value).trigamma();
        self.chained_with(d, value, end - x.trigamma(), end)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn softplus(self) -> Self {
        self.chained(self.value.softplus(), self.value.sigmoid())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sigmoid(self) -> Self {
        let e = (-self.value.abs()).exp();
        let r = (e + 1.0).recip();
        self.chained(self.value.sigmoid(), e * r * r)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log1mexp(self) -> Self {
        // d/dx ln(1 - e^-x) = 1/(e^x - 1).
        self.chained(self.value.log1mexp(), self.value.exp_m1().recip())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn xlogy(self, y: Self) -> Self {
        let zero = self.value.equal(R::constant(0.0));
        let ratio = R::select(zero, R::constant(0.0), self.value / y.value);
        self.chained_with(y, self.value.xlogy(y.value), y.value.ln_through_one(), ratio)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn xlog1py(self, y: Self) -> Self {
        let zero = self.value.equal(R::constant(0.0));
        let ratio = R::select(zero, R::constant(0.0), self.value / (y.value + 1.0));
        self.chained_with(y, self.value.xlog1py(y.value), y.value.ln_1p(), ratio)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfcx(self) -> Self {
        let value = self.value.erfcx();
        self.chained(value, recipes::erfcx_slope(self.value, value))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn normal_hazard(self) -> Self {
        let value = self.value.normal_hazard();
        self.chained(value, recipes::normal_hazard_slope(self.value, value))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ndtri_exp(self) -> Self {
        // Φ/φ, above the median from the upper tail: see `quantile_slope`.
        let (value, y) = (self.value.ndtri_exp(), self.value);
        let lower = (-value).normal_hazard().recip();
        let upper = y.exp() * quantile_slope(value, -y.exp_m1());
        self.chained(value, R::select(value.gt(R::constant(0.0)), upper, lower))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_1p_remainder(self) -> Self {
        let local = -(self.value / (self.value + 1.0));
        self.chained(self.value.ln_1p_remainder(), local)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_gamma(self, x: Self) -> IncompleteGamma<Self> {
        let at = self.value.incomplete_gamma(x.value);
        // d/dx through the density, whose logarithm at 0 is ∞, 0 or −∞.
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let infinity = R::constant(f64::INFINITY);
        let at_zero = R::select(self.value.equal(one), zero, -infinity);
        let at_zero = R::select(self.value.lt(one), infinity, at_zero);
        let inside = at.log_kernel - x.value.ln();
        let log_density = R::select(x.value.equal(zero), at_zero, inside);
        self.with_incomplete_gamma(x, at, log_density, x.value)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_gamma_at_log(self, log_x: Self) -> IncompleteGamma<Self> {
        let (at, one) = (self.value.incomplete_gamma_at_log(log_x.value), R::constant(1.0));
        // d/d ln x is through the kernel itself, x times the density.
        self.with_incomplete_gamma(log_x, at, at.log_kernel, one)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gamma_quantile(self, p: Self, q: Self) -> GammaQuantile<Self> {
        let at = self.value.gamma_quantile(p.value, q.value);
        GammaQuantile {
            log_value: self.chained_with(p, at.log_value, at.log_quantile_slope, at.log_rate),
            value: self.chained_with(p, at.value, at.quantile_slope, at.rate),
            rate: Self::detached(at.rate),
            log_rate: Self::detached(at.log_rate),
            log_quantile_slope: Self::detached(at.log_quantile_slope),
            quantile_slope: Self::detached(at.quantile_slope),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_beta(self, b: Self, x: Self, y: Self) -> IncompleteBeta<Self> {
        R::outlined(
            #[inline(always)]
            || recipes::incomplete_beta_with_derivatives(self, b, x, y),
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_beta_at_logit(self, b: Self, logit: Self) -> IncompleteBeta<Self> {
        R::outlined(
            #[inline(always)]
            || recipes::incomplete_beta_at_logit_with_derivatives(self, b, logit),
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn logit_beta_quantile(self, b: Self, p: Self, q: Self) -> Self {
        let logit = self.value.logit_beta_quantile(b.value, p.value, q.value);
        let at = self.value.incomplete_beta_at_logit(b.value, logit);
        let shapes = [self.value, b.value];
        let kernel = beta_kernel_at_quantile(&at, shapes, logit, p.value, q.value);
        let rate = kernel.divide(R::constant(1.0), R::constant(0.0));
        Self::along(logit, [(self, at.slope_a), (b, at.slope_b), (p, rate)])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn beta_quantile(self, b: Self, p: Self, q: Self) -> Self {
        self.beta_quantile_with_slopes(b, p, q).value
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn beta_quantile_with_slopes(self, b: Self, p: Self, q: Self) -> BetaQuantile<Self> {
        let at = self.value.beta_quantile_with_slopes(b.value, p.value, q.value);
        let [by_a, by_b, by_p] = at.slopes;
        BetaQuantile {
            value: Self::along(at.value, [(self, by_a), (b, by_b), (p, by_p)]),
            slopes: at.slopes.map(Self::detached),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn student_t(self, t: Self) -> StudentT<Self> {
        R::outlined(
            #[inline(always)]
            || recipes::student_t_with_derivatives(self, t),
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn student_t_quantile(self, p: Self, q: Self) -> Self {
        let t = self.value.student_t_quantile(p.value, q.value);
        let slope = self.value.student_t_implicit_gradient(t);
        // The density as the tail times its hazard: by itself it changes by much within the rounding
        // of a t far out.
        let rate = (self.value.student_t(t).hazard * p.value.min(q.value)).recip();
        Self::along(t, [(self, slope), (p, rate)])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn i0e(self) -> Self {
        let at = R::outlined(
            #[inline(always)]
            || recipes::bessel(self.value),
        );
        self.chained(at.i0e, -(at.i0e * at.complement))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn i1e(self) -> Self {
        // d/dx e⁻ˣ I₀ A = i0e (A' − A (1 − A)), where A' is the smaller part for large x.
        let at = R::outlined(
            #[inline(always)]
            || recipes::bessel(self.value),
        );
        let local = at.i0e * (at.slope - at.ratio * at.complement);
        self.chained(at.i0e * at.ratio, local)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_i0(self) -> Self {
        self.chained(self.value.log_i0(), self.value.bessel_ratio())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bessel_ratio(self) -> Self {
        let at = R::outlined(
            #[inline(always)]
            || recipes::bessel(self.value),
        );
        self.chained(at.ratio, at.slope)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bessel_ratio_complement(self) -> Self {
        let at = R::outlined(
            #[inline(always)]
            || recipes::bessel(self.value),
        );
        self.chained(at.complement, -at.slope)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bessel_ratio_slope(self) -> Self {
        // Nothing asks for second derivatives; NaN says so should anything ever do.
        self.chained(self.value.bessel_ratio_slope(), R::constant(f64::NAN))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn von_mises(self, angle: Self) -> VonMises<Self> {
        R::outlined(
            #[inline(always)]
            || recipes::von_mises_with_derivatives(self, angle),
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn von_mises_quantile(self, p: Self, q: Self) -> Self {
        let angle = self.value.von_mises_quantile(p.value, q.value);
        let slope = self.value.von_mises_implicit_gradient(angle);
        let rate = (-self.value.von_mises(angle).log_density).exp();
        Self::along(angle, [(self, slope), (p, rate)])
    }
}

/// 1/φ(x) at the standard normal quantile x with `tail` beyond |x|.
#[cfg_attr(not(debug_assertions), inline(always))]
fn quantile_slope<R: Real>(x: R, tail: R) -> R {
    // φ from the tail and its hazard rate: e^(−x²/2) would multiply the rounding of x by x².
    let slope = (tail * x.abs().normal_hazard()).recip();
    R::select(tail.equal(R::constant(0.0)), R::constant(f64::INFINITY), slope)
}

/// The slope of ln P at x = 0, where that of P is e^`log_rate`: infinite where P is 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn rate_at_zero<R: Real>(log_rate: R, value: R) -> R {
    let infinite = value.equal(R::constant(f64::NEG_INFINITY));
    R::select(infinite, R::constant(f64::INFINITY), (log_rate - value).exp())
}

/// The density from a probability and its hazard: its logarithm has lost digits where it is large.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn density<R: Real>([probability, hazard]: [R; 2], log_density: R) -> R {
    let known = probability.gt(masks::smallest::<R>());
    R::select(known, probability * hazard, log_density.exp())
}

impl<R: Real, const N: usize> Dual<R, N> {
    /// Attaches derivatives to values of the incomplete gamma functions at (self, x), where
    /// e^`log_rate` is dP/dx.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_incomplete_gamma(
        self,
        x: Self,
        at: IncompleteGamma<R>,
        log_rate: R,
        per: R,
    ) -> IncompleteGamma<Self> {
        let (zero, nan) = (R::constant(0.0), R::constant(f64::NAN));
        // dP/da is −K times the slope of the quantile.
        // At 0 that slope is infinite, and nothing depends on a.
        let by_shape = |kernel: R, sign: f64| {
            let local = kernel * at.log_quantile_slope * -sign;
            R::select(kernel.equal(zero), zero, local)
        };
        let kernel = density([at.p, at.kernel_over_p], at.log_kernel);
        let known = at.p.gt(masks::smallest::<R>()) & !per.equal(zero);
        let rate = R::select(known, kernel / per, log_rate.exp());
        let along =
            |value: R, sign: f64| self.chained_with(x, value, by_shape(kernel, sign), rate * sign);
        // Far in a tail K and the tail underflow together, and the difference of their logarithms
        // would lose as many digits as those are large; at 0 it is what has a limit.
        let along_log = |value: R, ratio: R, sign: f64| {
            let local = by_shape(ratio, sign);
            let rate = R::select(per.equal(zero), rate_at_zero(log_rate, value), ratio / per);
            self.chained_with(x, value, local, rate * sign)
        };
        // Nothing asks for second derivatives; NaN says so should anything ever do.
        let without = |value: R| self.chained_with(x, value, nan, nan);
        IncompleteGamma {
            p: along(at.p, 1.0),
            q: along(at.q, -1.0),
            log_p: along_log(at.log_p, at.kernel_over_p, 1.0),
            log_q: along_log(at.log_q, at.kernel_over_q, -1.0),
            log_kernel: without(at.log_kernel),
            kernel_over_p: without(at.kernel_over_p),
            kernel_over_q: without(at.kernel_over_q),
            log_quantile_slope: without(at.log_quantile_slope),
        }
    }
}
