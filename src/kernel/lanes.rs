//! Host numbers: the algebra over `f32` and `f64`, written so that a plain loop over it becomes
//! SIMD code.

use core::fmt::Debug;
use core::ops::{Add, Div, Mul, Neg, Sub};

use num_traits::Float;

use super::elementary::{double, single};
use super::real::Real;
use super::recipes::{
    BetaQuantile, GammaQuantile, IncompleteBeta, IncompleteGamma, StudentT, VonMises, beta_host,
    host, ln_gamma, von_mises_host,
};

/// A floating-point type of the host with branch-free elementary functions.
pub(crate) trait HostFloat:
    Float + bytemuck::Pod + Debug + Default + Send + Sync + 'static
{
    /// Whether this is `f64`.
    const DOUBLE: bool;
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
    fn lane_exp(self) -> Self;
    fn lane_ln(self) -> Self;
    fn lane_exp_m1(self) -> Self;
    fn lane_ln_1p(self) -> Self;
    fn lane_tanh(self) -> Self;
    fn lane_sigmoid(self) -> Self;
    fn lane_atan(self) -> Self;
    fn lane_sin_pi(self) -> Self;
    fn lane_cos_pi(self) -> Self;
    fn lane_pow(self, exponent: Self) -> Self;
    fn lane_erf(self) -> Self;
    fn lane_erfc(self) -> Self;
    /// eˣ − 1 − x for |x| <= 80.
    fn lane_exp_m1_remainder(self) -> Self;
    /// eˣ for x in [−80, 0] with a small absolute error.
    fn lane_exp_within(self) -> Self;
    /// eˣ for x <= 0; zero where it is about to leave the normal numbers.
    fn lane_exp_below_zero(self) -> Self;
    /// e^(self + low) for a low part of a few last bits.
    fn lane_exp_pair(self, low: Self) -> Self;
    /// ln x in two parts.
    fn lane_ln_pair(self) -> (Self, Self);
    /// The quadrature of the incomplete gamma functions.
    fn lane_tail_sums(fall: Self, x: Self, along: Self) -> (Self, Self);
}

impl HostFloat for f32 {
    const DOUBLE: bool = false;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn lane_exp(self) -> Self {
        single::exp(self)
    }
    #[inline(always)]
    fn lane_ln(self) -> Self {
        single::ln(self)
    }
    #[inline(always)]
    fn lane_exp_m1(self) -> Self {
        single::exp_m1(self)
    }
    #[inline(always)]
    fn lane_ln_1p(self) -> Self {
        single::ln_1p(self)
    }
    #[inline(always)]
    fn lane_tanh(self) -> Self {
        single::tanh(self)
    }
    #[inline(always)]
    fn lane_sigmoid(self) -> Self {
        single::sigmoid(self)
    }
    #[inline(always)]
    fn lane_atan(self) -> Self {
        single::atan(self)
    }
    #[inline(always)]
    fn lane_sin_pi(self) -> Self {
        single::sin_pi(self)
    }
    #[inline(always)]
    fn lane_cos_pi(self) -> Self {
        single::cos_pi(self)
    }
    #[inline(always)]
    fn lane_pow(self, exponent: Self) -> Self {
        single::pow(self, exponent)
    }
    #[inline(always)]
    fn lane_erf(self) -> Self {
        single::erf(self)
    }
    #[inline(always)]
    fn lane_erfc(self) -> Self {
        single::erfc(self)
    }
    #[inline(always)]
    fn lane_exp_m1_remainder(self) -> Self {
        single::exp_m1_remainder(self)
    }
    #[inline(always)]
    fn lane_exp_within(self) -> Self {
        single::exp_within(self)
    }
    #[inline(always)]
    fn lane_exp_below_zero(self) -> Self {
        single::exp_below_zero(self)
    }
    #[inline(always)]
    fn lane_exp_pair(self, low: Self) -> Self {
        single::exp_pair(self, low)
    }
    #[inline(always)]
    fn lane_ln_pair(self) -> (Self, Self) {
        single::ln_pair(self)
    }
    #[inline(always)]
    fn lane_tail_sums(fall: Self, x: Self, along: Self) -> (Self, Self) {
        host::tail_sums_single(fall, x, along)
    }
}

impl HostFloat for f64 {
    const DOUBLE: bool = true;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn lane_exp(self) -> Self {
        double::exp(self)
    }
    #[inline(always)]
    fn lane_ln(self) -> Self {
        double::ln(self)
    }
    #[inline(always)]
    fn lane_exp_m1(self) -> Self {
        double::exp_m1(self)
    }
    #[inline(always)]
    fn lane_ln_1p(self) -> Self {
        double::ln_1p(self)
    }
    #[inline(always)]
    fn lane_tanh(self) -> Self {
        double::tanh(self)
    }
    #[inline(always)]
    fn lane_sigmoid(self) -> Self {
        double::sigmoid(self)
    }
    #[inline(always)]
    fn lane_atan(self) -> Self {
        double::atan(self)
    }
    #[inline(always)]
    fn lane_sin_pi(self) -> Self {
        double::sin_pi(self)
    }
    #[inline(always)]
    fn lane_cos_pi(self) -> Self {
        double::cos_pi(self)
    }
    #[inline(always)]
    fn lane_pow(self, exponent: Self) -> Self {
        double::pow(self, exponent)
    }
    #[inline(always)]
    fn lane_erf(self) -> Self {
        double::erf(self)
    }
    #[inline(always)]
    fn lane_erfc(self) -> Self {
        double::erfc(self)
    }
    #[inline(always)]
    fn lane_exp_m1_remainder(self) -> Self {
        double::exp_m1_remainder(self)
    }
    #[inline(always)]
    fn lane_exp_within(self) -> Self {
        double::exp_within(self)
    }
    #[inline(always)]
    fn lane_exp_below_zero(self) -> Self {
        double::exp_below_zero(self)
    }
    #[inline(always)]
    fn lane_exp_pair(self, low: Self) -> Self {
        double::exp_pair(self, low)
    }
    #[inline(always)]
    fn lane_ln_pair(self) -> (Self, Self) {
        double::ln_pair(self)
    }
    #[inline(always)]
    fn lane_tail_sums(fall: Self, x: Self, along: Self) -> (Self, Self) {
        host::tail_sums_double(fall, x, along)
    }
}

/// One host number. A newtype, because `f32 + f64` constants need an operator of our own.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(crate) struct Lane<E>(pub(crate) E);

impl<E: HostFloat> Add for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl<E: HostFloat> Sub for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl<E: HostFloat> Mul for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl<E: HostFloat> Div for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self(self.0 / other.0)
    }
}

impl<E: HostFloat> Neg for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<E: HostFloat> Add<f64> for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn add(self, constant: f64) -> Self {
        Self(self.0 + E::from_f64(constant))
    }
}

impl<E: HostFloat> Sub<f64> for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, constant: f64) -> Self {
        Self(self.0 - E::from_f64(constant))
    }
}

impl<E: HostFloat> Mul<f64> for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, constant: f64) -> Self {
        Self(self.0 * E::from_f64(constant))
    }
}

impl<E: HostFloat> Div<f64> for Lane<E> {
    type Output = Self;
    #[inline(always)]
    fn div(self, constant: f64) -> Self {
        Self(self.0 / E::from_f64(constant))
    }
}

impl<E: HostFloat> Real for Lane<E> {
    type Mask = bool;

    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self(E::from_f64(value))
    }
    #[inline(always)]
    fn double() -> bool {
        E::DOUBLE
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self.0 < other.0
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self.0 <= other.0
    }
    #[inline(always)]
    fn equal(self, other: Self) -> bool {
        self.0 == other.0
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        self.0.is_nan()
    }
    #[inline(always)]
    fn select(mask: bool, then: Self, otherwise: Self) -> Self {
        if mask { then } else { otherwise }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    #[inline(always)]
    fn recip(self) -> Self {
        Self(self.0.recip())
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(self.0.floor())
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Self(self.0.lane_exp())
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Self(self.0.lane_ln())
    }
    #[inline(always)]
    fn ln_through_one(self) -> Self {
        self.ln()
    }
    #[inline(always)]
    fn detach(self) -> Self {
        self
    }
    #[inline(always)]
    fn chain(self, derivative: Self) -> Self {
        // Seeds are compile-time zeros and ones, so this also folds whole derivatives away.
        let zero = E::zero();
        Self(if derivative.0 == zero { zero } else { self.0 * derivative.0 })
    }
    #[inline(always)]
    fn exp_m1(self) -> Self {
        Self(self.0.lane_exp_m1())
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        Self(self.0.lane_ln_1p())
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Self(self.0.lane_tanh())
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        Self(self.0.lane_sigmoid())
    }
    #[inline(always)]
    fn atan(self) -> Self {
        Self(self.0.lane_atan())
    }
    #[inline(always)]
    fn sin_pi(self) -> Self {
        Self(self.0.lane_sin_pi())
    }
    #[inline(always)]
    fn cos_pi(self) -> Self {
        Self(self.0.lane_cos_pi())
    }
    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        Self(self.0.lane_pow(exponent.0))
    }
    #[inline(always)]
    fn erf(self) -> Self {
        Self(self.0.lane_erf())
    }
    #[inline(always)]
    fn erfc(self) -> Self {
        Self(self.0.lane_erfc())
    }
    #[inline(always)]
    fn exp_m1_remainder(self) -> Self {
        Self(self.0.lane_exp_m1_remainder())
    }
    #[inline(always)]
    fn polynomial<const N: usize>(self, coefficients: &[f64; N]) -> Self {
        // Even and odd powers apart, each by Horner's rule in x²: half the latency.
        let square = self.0 * self.0;
        let (mut alike, mut other) = (E::from_f64(coefficients[0]), E::zero());
        for coefficient in &coefficients[1..] {
            let next = alike;
            alike = other.mul_add(square, E::from_f64(*coefficient));
            other = next;
        }
        Self(other.mul_add(self.0, alike))
    }
    #[inline(always)]
    fn incomplete_gamma(self, x: Self) -> IncompleteGamma<Self> {
        host::incomplete_gamma(self.0, x.0, host::Pair::ln(x.0))
    }
    #[inline(always)]
    fn incomplete_gamma_at_log(self, log_x: Self) -> IncompleteGamma<Self> {
        let logarithm = host::Pair { high: log_x.0, low: E::zero() };
        host::incomplete_gamma(self.0, log_x.0.lane_exp(), logarithm)
    }
    #[inline(always)]
    fn gamma_quantile(self, p: Self, q: Self) -> GammaQuantile<Self> {
        host::gamma_quantile(self.0, p.0, q.0)
    }
    #[inline(always)]
    fn incomplete_beta(self, b: Self, x: Self, y: Self) -> IncompleteBeta<Self> {
        let [a, b, x, y] = [self, b, x, y].map(|number| number.0.to_f64());
        rounded_beta(beta_host::incomplete_beta(a, b, x, y, E::DOUBLE))
    }
    #[inline(always)]
    fn incomplete_beta_at_logit(self, b: Self, logit: Self) -> IncompleteBeta<Self> {
        let [a, b, logit] = [self, b, logit].map(|number| number.0.to_f64());
        rounded_beta(beta_host::incomplete_beta_at_logit(a, b, logit, E::DOUBLE))
    }
    #[inline(always)]
    fn logit_beta_quantile(self, b: Self, p: Self, q: Self) -> Self {
        let [a, b, p, q] = [self, b, p, q].map(|number| number.0.to_f64());
        Self(E::from_f64(beta_host::logit_beta_quantile(a, b, p, q, E::DOUBLE)))
    }
    #[inline(always)]
    fn ln_gamma(self) -> Self {
        ln_gamma::<_, 2>(self)
    }
    #[inline(always)]
    fn beta_quantile(self, b: Self, p: Self, q: Self) -> Self {
        let [a, b, p, q] = [self, b, p, q].map(|number| number.0.to_f64());
        Self(E::from_f64(beta_host::beta_quantile(a, b, p, q, E::DOUBLE)))
    }
    #[inline(always)]
    fn beta_quantile_with_slopes(self, b: Self, p: Self, q: Self) -> BetaQuantile<Self> {
        let [a, b, p, q] = [self, b, p, q].map(|number| number.0.to_f64());
        let at = beta_host::beta_quantile_with_slopes(a, b, p, q, E::DOUBLE);
        let rounded = |number: Lane<f64>| Self(E::from_f64(number.0));
        BetaQuantile { value: rounded(at.value), slopes: at.slopes.map(rounded) }
    }
    #[inline(always)]
    fn student_t(self, t: Self) -> StudentT<Self> {
        let exact = beta_host::student_t(self.0.to_f64(), t.0.to_f64(), E::DOUBLE);
        exact.map(|number| Lane(E::from_f64(number.0)))
    }
    #[inline(always)]
    fn student_t_quantile(self, p: Self, q: Self) -> Self {
        let [freedom, p, q] = [self, p, q].map(|number| number.0.to_f64());
        Self(E::from_f64(beta_host::student_t_quantile(freedom, p, q, E::DOUBLE)))
    }
    #[inline(always)]
    fn von_mises(self, angle: Self) -> VonMises<Self> {
        let exact = von_mises_host::von_mises(self.0.to_f64(), angle.0.to_f64(), E::DOUBLE);
        exact.map(|number| Lane(E::from_f64(number.0)))
    }
    #[inline(always)]
    fn von_mises_quantile(self, p: Self, q: Self) -> Self {
        let [concentration, p, q] = [self, p, q].map(|number| number.0.to_f64());
        let angle = von_mises_host::von_mises_quantile(concentration, p, q, E::DOUBLE);
        Self(E::from_f64(angle))
    }
}

#[inline(always)]
fn rounded_beta<E: HostFloat>(exact: IncompleteBeta<Lane<f64>>) -> IncompleteBeta<Lane<E>> {
    exact.map(|number| Lane(E::from_f64(number.0)))
}
