//! The scalar algebra every formula is written over.

use core::fmt::Debug;
use core::ops::{Add, BitAnd, BitOr, Div, Mul, Neg, Not, Sub};

use super::recipes;

/// A truth value of the algebra: one bit on the host, a boolean tensor on a tape.
pub trait Mask: Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self> {}

impl<T: Copy + BitAnd<Output = T> + BitOr<Output = T> + Not<Output = T>> Mask for T {}

/// A real number: a formula generic over `Real` is written once and runs as a host SIMD lane, as a
/// node of a tape replayed on any backend, or as a dual number carrying derivatives.
///
/// Rules for code written over `Real`:
///
/// * No branches: use [`select`](Real::select). Both arms are evaluated, and a derivative never
///   leaks from the arm not taken, so an arm may be infinite or NaN where it is not selected.
/// * Constants are plain `f64` on the right of an operator (`x * 0.5`), or [`Real::constant`].
/// * A multiplication by the constant zero is the constant zero.
/// * [`Real::double`] says whether the formula is being evaluated in `f64`, for recipes whose
///   polynomial depends on the precision wanted.
///
/// Derivatives of the provided functions are analytic, not derivatives of their approximations.
pub trait Real:
    Copy
    + Debug
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
{
    /// What comparisons give.
    type Mask: Mask;

    /// The same number everywhere.
    fn constant(value: f64) -> Self;
    /// Whether arithmetic is `f64` rather than `f32`.
    fn double() -> bool;

    /// `self < other`; false when either is NaN.
    fn lt(self, other: Self) -> Self::Mask;
    /// `self <= other`; false when either is NaN.
    fn le(self, other: Self) -> Self::Mask;
    /// `self == other`; false when either is NaN.
    fn equal(self, other: Self) -> Self::Mask;
    /// Whether `self` is NaN.
    fn is_nan(self) -> Self::Mask;
    /// `then` where `mask` holds, `otherwise` elsewhere, also in every derivative.
    fn select(mask: Self::Mask, then: Self, otherwise: Self) -> Self;

    /// |x|, with derivative sign(x) and 0 at 0.
    fn abs(self) -> Self;
    /// √x.
    fn sqrt(self) -> Self;
    /// 1/x.
    fn recip(self) -> Self;
    /// Largest integer not above `self`; derivative 0.
    fn floor(self) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// The same value with derivative zero.
    fn detach(self) -> Self;
    /// `self · derivative` in the chain rule, where a derivative that is exactly zero stays zero
    /// even when `self` is infinite: an input that does not matter cannot make a NaN.
    fn chain(self, derivative: Self) -> Self;

    /// What `work` gives: part of the loop on lanes, which keeps its instruction set, and a call on a
    /// tape, so that the code of a function is compiled once for all formulas. The closure is to be
    /// inlined: one that is not would be compiled for the baseline.
    #[doc(hidden)]
    #[inline(always)]
    fn outlined<T>(work: impl FnOnce() -> T) -> T {
        work()
    }

    /// `self > other`; false when either is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gt(self, other: Self) -> Self::Mask {
        other.lt(self)
    }
    /// `self >= other`; false when either is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ge(self, other: Self) -> Self::Mask {
        other.le(self)
    }
    /// x².
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn square(self) -> Self {
        self * self
    }
    /// The larger of the two; `other` when `self` is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn max(self, other: Self) -> Self {
        Self::select(self.gt(other), self, other)
    }
    /// The smaller of the two; `other` when `self` is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn min(self, other: Self) -> Self {
        Self::select(self.lt(other), self, other)
    }
    /// `magnitude` with the sign of `self`; positive at zero.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sign_of(self, magnitude: Self) -> Self {
        Self::select(self.lt(Self::constant(0.0)), -magnitude, magnitude)
    }

    /// The polynomial with these coefficients, highest power first.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn polynomial<const N: usize>(self, coefficients: &[f64; N]) -> Self {
        let mut sum = Self::constant(coefficients[0]);
        for coefficient in &coefficients[1..] {
            sum = sum * self + *coefficient;
        }
        sum
    }

    /// eˣ for a term of a sum whose largest is near e⁰, or for a node of an integral. Some devices
    /// compute it with an error of |x| units in the last place, which does not show in the sum, and
    /// in a fifth of the time.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp_of_term(self) -> Self {
        self.exp()
    }
    /// eˣ − 1 without cancellation near 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp_m1(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::exp_m1(self),
        )
    }
    /// ln x with relative accuracy through 1, which a device's own logarithm need not have.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_through_one(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_through_one(self),
        )
    }
    /// ln(1 + x) without cancellation near 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_1p(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_1p(self),
        )
    }
    /// eˣ − 1 − x without cancellation near 0, for |x| <= 80.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp_m1_remainder(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::exp_m1_remainder(self),
        )
    }
    /// Hyperbolic tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tanh(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::tanh(self),
        )
    }
    /// Arc tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn atan(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::atan(self),
        )
    }
    /// sin(πx), exact at integers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sin_pi(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::sin_pi(self),
        )
    }
    /// cos(πx), exact at half-integers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cos_pi(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::cos_pi(self),
        )
    }
    /// xʸ for x ≥ 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn pow(self, exponent: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::pow(self, exponent),
        )
    }
    /// The error function.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erf(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::erf(self),
        )
    }
    /// 1 − erf(x) with relative accuracy in the upper tail.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfc(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::erfc(self),
        )
    }
    /// Φ(x), the standard normal distribution function, with relative accuracy in the lower tail.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ndtr(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ndtr(self),
        )
    }
    /// ln Φ(x), the logarithm of the standard normal distribution function, in both tails.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_ndtr(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_ndtr(self),
        )
    }
    /// Φ⁻¹(p), the standard normal quantile.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ndtri(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ndtri(self),
        )
    }
    /// ln Γ(x) for x > 0, with relative accuracy through its roots 1 and 2.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_gamma(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_gamma::<_, 6>(self),
        )
    }
    /// ψ(x) = d ln Γ(x)/dx for x > 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::digamma(self),
        )
    }
    /// ψ₁(x) = dψ(x)/dx for x > 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn trigamma(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::trigamma(self),
        )
    }
    /// dⁿψ(x)/dxⁿ for x > 0 and n = `order`: the digamma function for 0, the trigamma for 1.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn polygamma(self, order: u32) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::polygamma(self, order),
        )
    }
    /// ln |Γ(x)| for all real x: ∞ at 0 and the negative integers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_abs_gamma(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_abs_gamma(self),
        )
    }
    /// ψ(x) for all real x: −∞ at 0, NaN at the negative integers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma_real(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::digamma_real(self),
        )
    }
    /// ψ₁(x) for all real x: ∞ at 0 and the negative integers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn trigamma_real(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::trigamma_real(self),
        )
    }
    /// ln Γₚ(a), the logarithm of the multivariate gamma function of order p for a > (p − 1)/2.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_multivariate_gamma(self, order: u32) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_multivariate_gamma(self, order),
        )
    }
    /// ln B(a, b) for a = `self` and b > 0, the logarithm of the beta function, also where one or
    /// both are large.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_beta(self, b: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_beta(self, b),
        )
    }
    /// ln (n choose k) for n = `self` and real 0 <= k <= n; −∞ for k outside.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_binomial(self, k: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_binomial(self, k),
        )
    }
    /// ln Γ(x + d) − ln Γ(x) for x = `self` > 0 and x + d > 0, also where d is small or x large.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_gamma_difference(self, d: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_gamma_difference(self, d),
        )
    }
    /// ψ(x + d) − ψ(x) for x = `self` > 0 and x + d > 0, also where d is small or x large; its own
    /// derivative in x does lose digits for small d.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma_difference(self, d: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::digamma_difference(self, d),
        )
    }

    /// ln(1 + eˣ), the softplus.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn softplus(self) -> Self {
        // max(x, 0) + ln(1 + e^-|x|): eˣ would overflow above 88 in f32, and 1 + eˣ would lose
        // x below -16. The derivative of the sum is the logistic function in both halves.
        let zero = Self::constant(0.0);
        let tail = (-self.abs()).exp().ln_1p();
        Self::select(self.gt(zero), self + tail, Self::select(self.is_nan(), self, tail))
    }
    /// ln σ(x) = −softplus(−x).
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_sigmoid(self) -> Self {
        -(-self).softplus()
    }
    /// The logistic function σ(x) = 1/(1 + e⁻ˣ).
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sigmoid(self) -> Self {
        // From e^-|x| <= 1, so that neither half overflows and the lower tail keeps its digits.
        let e = (-self.abs()).exp();
        let upper = (e + 1.0).recip();
        Self::select(self.lt(Self::constant(0.0)), e * upper, upper)
    }
    /// ln(eˣ − 1) for x > 0, the inverse of the softplus.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn softplus_inverse(self) -> Self {
        // eˣ overflows for large x, and eˣ − 1 cancels for small x.
        let near = self.exp_m1().ln();
        let far = self + (-(-self).exp()).ln_1p();
        Self::select(self.lt(Self::constant(1.0)), near, far)
    }
    /// ln(x/(1 − x)) for x in [0, 1].
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn logit(self) -> Self {
        // ln x − ln(1 − x) cancels around ½, where 2x − 1 is exact: 2 atanh(2x − 1).
        let s = self * 2.0 - 1.0;
        let near = s.ln_1p() - (-s).ln_1p();
        let far = self.ln() - (-self).ln_1p();
        Self::select(s.abs().lt(Self::constant(0.5)), near, far)
    }
    /// ln(1 − e⁻ˣ) for x > 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log1mexp(self) -> Self {
        // Mächler 2012: 1 - e^-x cancels for small x, ln(1 - e^-x) loses e^-x for large x.
        let small = self.lt(Self::constant(core::f64::consts::LN_2));
        let near = (-(-self).exp_m1()).ln();
        let far = (-(-self).exp()).ln_1p();
        Self::select(small, near, far)
    }
    /// x·ln y, and 0 where x = 0 whatever y is.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn xlogy(self, y: Self) -> Self {
        let zero = self.equal(Self::constant(0.0));
        Self::select(zero & !y.is_nan(), Self::constant(0.0), self * y.ln_through_one())
    }

    /// x·ln(1 + y), and 0 where x = 0 whatever y is.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn xlog1py(self, y: Self) -> Self {
        let zero = self.equal(Self::constant(0.0));
        Self::select(zero & !y.is_nan(), Self::constant(0.0), self * y.ln_1p())
    }

    /// The regularised incomplete gamma functions of concentration `self` at x.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_gamma(self, x: Self) -> recipes::IncompleteGamma<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::IncompleteGamma::recipe(self, x, x.ln()),
        )
    }
    /// The same at e^(log_x), which may underflow.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_gamma_at_log(self, log_x: Self) -> recipes::IncompleteGamma<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::IncompleteGamma::recipe(self, log_x.exp(), log_x),
        )
    }
    /// P(a, x), the regularised lower incomplete gamma function of a = `self` > 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gamma_p(self, x: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::gamma_p(self, x),
        )
    }
    /// Q(a, x) = 1 − P(a, x), with relative accuracy in the upper tail.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gamma_q(self, x: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::gamma_q(self, x),
        )
    }
    /// ln P(a, x), also where P(a, x) underflows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_gamma_p(self, x: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_gamma_p(self, x),
        )
    }
    /// ln Q(a, x), also where Q(a, x) underflows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_gamma_q(self, x: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_gamma_q(self, x),
        )
    }
    /// ln z with P(a, z) = p for a = `self`, given both p and q = 1 − p so that neither tail loses
    /// its digits; finite also where z underflows. Derivatives are taken through a and p.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_gamma_quantile(self, p: Self, q: Self) -> Self {
        self.gamma_quantile(p, q).log_value
    }
    /// [`log_gamma_quantile`](Self::log_gamma_quantile) and what belongs to it.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gamma_quantile(self, p: Self, q: Self) -> recipes::GammaQuantile<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::GammaQuantile::recipe(self, p, q),
        )
    }
    /// z with P(a, z) = p for a = `self`: the inverse of the lower incomplete gamma function.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gamma_p_inverse(self, p: Self) -> Self {
        self.gamma_quantile(p, -p + 1.0).value
    }
    /// z with Q(a, z) = q for a = `self`, also for tiny q.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gamma_q_inverse(self, q: Self) -> Self {
        self.gamma_quantile(-q + 1.0, q).value
    }
    /// d ln z/da at fixed P(a, z), for a = `self` at ln z: the implicit reparameterisation
    /// gradient of a standard gamma variate, in log space. It has no derivative of its own.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gamma_implicit_gradient(self, log_z: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::gamma_implicit_gradient(self, log_z),
        )
    }
    /// The regularised incomplete beta functions of shapes `self` and b at x, given y = 1 − x.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_beta(self, b: Self, x: Self, y: Self) -> recipes::IncompleteBeta<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::IncompleteBeta::recipe(self, b, x, y),
        )
    }
    /// The same at ln x − ln(1 − x), where x or 1 − x may underflow.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn incomplete_beta_at_logit(self, b: Self, logit: Self) -> recipes::IncompleteBeta<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::IncompleteBeta::recipe_at_logit(self, b, logit),
        )
    }
    /// I_x(a, b), the regularised incomplete beta function of a = `self` > 0 and b > 0, given
    /// y = 1 − x so that neither end loses its digits.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn beta_p(self, b: Self, x: Self, y: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::beta_p(self, b, x, y),
        )
    }
    /// 1 − I_x(a, b), with relative accuracy where it is small.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn beta_q(self, b: Self, x: Self, y: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::beta_q(self, b, x, y),
        )
    }
    /// ln I_x(a, b), also where I_x(a, b) underflows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_beta_p(self, b: Self, x: Self, y: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_beta_p(self, b, x, y),
        )
    }
    /// ln(1 − I_x(a, b)), also where 1 − I_x(a, b) underflows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_beta_q(self, b: Self, x: Self, y: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_beta_q(self, b, x, y),
        )
    }
    /// logit z with I_z(a, b) = p for a = `self`, given both p and q = 1 − p so that neither tail
    /// loses its digits; finite also where z or 1 − z underflows. Derivatives are taken through a,
    /// b and p.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn logit_beta_quantile(self, b: Self, p: Self, q: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::logit_beta_quantile(self, b, p, q),
        )
    }
    /// z itself with I_z(a, b) = p, as [`logit_beta_quantile`](Real::logit_beta_quantile), also in `f32`
    /// with the digits that the logit of a small z spends on its size.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn beta_quantile(self, b: Self, p: Self, q: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::beta_quantile(self, b, p, q),
        )
    }
    /// [`beta_quantile`](Self::beta_quantile) and its derivatives.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn beta_quantile_with_slopes(self, b: Self, p: Self, q: Self) -> recipes::BetaQuantile<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::BetaQuantile::recipe(self, b, p, q),
        )
    }
    /// d logit(z)/da and d logit(z)/db at fixed I_z(a, b), for a = `self` at logit(z): the
    /// implicit reparameterisation gradient of a beta variate, finite also where z or 1 − z
    /// underflows. It has no derivative of its own.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn beta_implicit_gradient(self, b: Self, logit: Self) -> [Self; 2] {
        Self::outlined(
            #[inline(always)]
            || recipes::beta_implicit_gradient(self, b, logit),
        )
    }
    /// Student's t distribution with `self` degrees of freedom at t.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn student_t(self, t: Self) -> recipes::StudentT<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::StudentT::recipe(self, t),
        )
    }
    /// P(T <= t) for Student's t with `self` degrees of freedom, relative in the lower tail.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn student_t_cdf(self, t: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::student_t_cdf(self, t),
        )
    }
    /// ln P(T <= t), also where P underflows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_student_t_cdf(self, t: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_student_t_cdf(self, t),
        )
    }
    /// The t with P(T <= t) = p for `self` degrees of freedom, given p and q = 1 − p.
    /// Derivatives are taken through `self` and p.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn student_t_quantile(self, p: Self, q: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::student_t_quantile(self, p, q),
        )
    }
    /// dt/dν at fixed P(T <= t) for ν = `self`: the implicit reparameterisation gradient of a
    /// Student variate. It has no derivative of its own.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn student_t_implicit_gradient(self, t: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::student_t_implicit_gradient(self, t),
        )
    }
    /// e⁻ˣ I₀(x), the scaled modified Bessel function of order 0, for x ≥ 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn i0e(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::i0e(self),
        )
    }
    /// e⁻ˣ I₁(x), the scaled modified Bessel function of order 1, for x ≥ 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn i1e(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::i1e(self),
        )
    }
    /// ln I₀(x) for x ≥ 0, relative also for small x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_i0(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_i0(self),
        )
    }
    /// A(x) = I₁(x)/I₀(x) for x ≥ 0, the mean resultant length of a von Mises distribution.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bessel_ratio(self) -> Self {
        recipes::bessel(self).ratio
    }
    /// 1 − I₁(x)/I₀(x) for x ≥ 0, relative also for large x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bessel_ratio_complement(self) -> Self {
        recipes::bessel(self).complement
    }
    /// d/dx I₁(x)/I₀(x) for x ≥ 0, 1/(2x²) for large x. It has no derivative of its own.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bessel_ratio_slope(self) -> Self {
        recipes::bessel(self).slope
    }
    /// The von Mises distribution with concentration `self` about 0, at an angle in [−π, π].
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn von_mises(self, angle: Self) -> recipes::VonMises<Self> {
        Self::outlined(
            #[inline(always)]
            || recipes::VonMises::recipe(self, angle, Self::double()),
        )
    }
    /// P(Θ <= θ) for the von Mises distribution with concentration `self` about 0, θ in [−π, π],
    /// relative in the lower tail.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn von_mises_cdf(self, angle: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::von_mises_cdf(self, angle),
        )
    }
    /// ln P(Θ <= θ), also where P underflows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_von_mises_cdf(self, angle: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::log_von_mises_cdf(self, angle),
        )
    }
    /// The θ in [−π, π] with P(Θ <= θ) = p, given p and q = 1 − p. Derivatives are taken through
    /// `self` and p.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn von_mises_quantile(self, p: Self, q: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::von_mises_quantile(self, p, q),
        )
    }
    /// dθ/dκ at fixed P(Θ <= θ) for κ = `self`: the implicit reparameterisation gradient of a von
    /// Mises variate about 0. It has no derivative of its own.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn von_mises_implicit_gradient(self, angle: Self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::von_mises_implicit_gradient(self, angle),
        )
    }
    /// e^(x²) erfc(x), the scaled complementary error function.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfcx(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::erfcx(self),
        )
    }
    /// φ(x)/(1 − Φ(x)), the hazard rate of the standard normal.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn normal_hazard(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::normal_hazard(self),
        )
    }
    /// The x with ln Φ(x) = `self`, the normal quantile of a log-probability.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ndtri_exp(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ndtri_exp(self),
        )
    }
    /// ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π] for x > 0, 1/(12x) for large x: what is left of
    /// ln Γ where differences at large arguments cancel.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_gamma_stirling(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_gamma_stirling(self),
        )
    }
    /// x (ln x − ψ(x)) for x > 0: between 1 at 0 and ½ + 1/(12x) for large x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma_stirling(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::digamma_stirling(self),
        )
    }
    /// ln(1 + x) − x without cancellation near 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ln_1p_remainder(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::ln_1p_remainder(self),
        )
    }
    /// The inverse of the error function: √2 erf⁻¹(p) is how far the central interval of probability
    /// p of the standard normal reaches.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfinv(self) -> Self {
        Self::outlined(
            #[inline(always)]
            || recipes::erfinv(self),
        )
    }
    /// The same value, with derivative `slope` times that of `variable`: for values whose
    /// derivative is known better than their own steps tell.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn with_slope(self, _slope: Self, _variable: Self) -> Self {
        self
    }
}
