//! Moments, mode and entropy.

use core::f64::consts::EULER_GAMMA;

use super::formulas::Formulas;
use crate::divergence::gaps::ratio_gap;
use crate::divergence::stirling::stirling_series;
use crate::kernel::{Real, SummaryFormulas};

impl SummaryFormulas<2> for Formulas {
    const NAME: &'static str = "Kumaraswamy";
    const PARAMETERS: [&'static str; 2] = ["concentration1", "concentration0"];

    /// E x = E (xᵃ)^(1/a).
    #[inline(always)]
    fn mean<R: Real>([a, b]: [R; 2]) -> R {
        let u = a.recip();
        let [log, divisor] = moment(u, b);
        let mean = (log.exp() / divisor).detach();
        // The slopes are differences of digamma functions, which those of the steps would leave by cancelling.
        let by_a = mean * ((u + 1.0).digamma_difference(b) * u * u);
        let by_b = -(mean * (b + 1.0).digamma_difference(u));
        let none = R::constant(0.0);
        mean + none.with_slope(by_a, a) + none.with_slope(by_b, b)
    }

    /// √(E x² − (E x)²).
    #[inline(always)]
    fn std_dev<R: Real>([a, b]: [R; 2]) -> R {
        let t = a.recip();
        let [log, divisor] = moment(t * 2.0, b);
        (log * 0.5).exp() * (-(-log_spread(t, b)).exp_m1() / divisor).sqrt()
    }

    /// The densest point: inside ((a − 1)/(ab − 1))^(1/a), else the end where the density is larger,
    /// and 0 where it is the same at both.
    #[inline(always)]
    fn mode<R: Real>([a, b]: [R; 2]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        // ab − 1 from the differences to 1.
        let rest = a * (b - 1.0);
        let inside = (((a - 1.0) / (a - 1.0 + rest)).ln() / a).exp();
        let falling = a.lt(one) | (a.equal(one) & b.ge(one));
        let rising = b.le(one) & a.ge(one) & !falling;
        let known = !a.is_nan() & !b.is_nan();
        R::select(falling & known, zero, R::select(rising & known, one, inside))
    }

    /// 1 − 1/b + (1 − 1/a) (ψ(b + 1) + γ) − ln ab.
    #[inline(always)]
    fn entropy<R: Real>([a, b]: [R; 2]) -> R {
        // Around a = b = 1, the Uniform, the entropy is of second order: gaps and a product of two
        // differences. Elsewhere what ln b and ψ(b) have in common is taken out.
        let (one, low, high) = (R::constant(1.0), R::constant(0.125), R::constant(8.0));
        let gaps = ratio_gap(one, a) + ratio_gap(one, b);
        let near = (a - 1.0) / a * harmonic_excess(b) - gaps;
        // ψ(b + 1) + γ, which for small b would cancel.
        let harmonic = R::constant(1.0).digamma_difference(b);
        let far = -(b.digamma_stirling() / b + harmonic / a + a.ln()) + (EULER_GAMMA + 1.0);
        let close = a.gt(low) & a.lt(high) & b.gt(low) & b.lt(high);
        R::select(close, near, far)
    }
}

/// From how many factors of a product on Stirling's formula stands for the rest.
const FACTORS: usize = 8;

/// E x^(au) = Γ(1 + u) Γ(1 + b)/Γ(1 + b + u), as ln of a part of it, and what that is divided by.
#[inline(always)]
fn moment<R: Real>(u: R, b: R) -> [R; 2] {
    // Where u or b is large the three cancel. As an infinite product the reciprocal has the factors
    // 1 + ub/(k (k + u + b)), none of them below 1; Stirling's formula for what comes after the
    // first is arranged in the same way.
    let extra = |k: R| (u / k) * (b / (k + u + b));
    let mut excess = R::constant(0.0);
    for k in 1..FACTORS {
        let factor = extra(R::constant(k as f64));
        excess = excess + factor + excess * factor;
    }
    let from = R::constant(FACTORS as f64);
    let shared = extra(from).ln_1p() * (FACTORS as f64 - 0.5);
    let apart = u * (b / (u + from)).ln_1p() + b * (u / (b + from)).ln_1p();
    let remainders = (u + from).ln_gamma_stirling() - from.ln_gamma_stirling()
        + ((b + from).ln_gamma_stirling() - (u + b + from).ln_gamma_stirling());
    [(shared - apart) + remainders, excess + 1.0]
}

/// Nodes and weights of Gauss and Legendre on [0, 1].
const NODES: [(f64, f64); 6] = [
    (0.033_765_242_898_423_99, 0.085_662_246_189_585_18),
    (0.169_395_306_766_867_73, 0.180_380_786_524_069_3),
    (0.380_690_406_958_401_56, 0.233_956_967_286_345_52),
    (0.619_309_593_041_598_5, 0.233_956_967_286_345_52),
    (0.830_604_693_233_132_2, 0.180_380_786_524_069_3),
    (0.966_234_757_101_576, 0.085_662_246_189_585_18),
];

/// The logarithm of E x² / (E x)², with t = 1/a.
///
/// Both moments are infinite products whose quotient has the factors
/// 1 + t² b (2k + 2t + b)/((k + t + b)² k (k + 2t)), k ≥ 1: each exceeds 1 by a positive number, so
/// the logarithm keeps its digits where the moments are nearly equal.
#[inline(always)]
fn log_spread<R: Real>(t: R, b: R) -> R {
    let mut excess = R::constant(0.0);
    for k in 1..FACTORS {
        let k = k as f64;
        let both = t + b + k;
        let rest = t + k;
        let wide = rest / both + 1.0;
        let factor = wide * (t / k) * (t / (t * 2.0 + k)) * share(b, rest);
        excess = excess + factor + excess * factor;
    }
    let z = t + FACTORS as f64;
    let by_slope = NODES.iter().fold(R::constant(0.0), |sum, (node, weight)| {
        sum + Rest::new(t, b * *node).slope(z + b * *node) * *weight
    });
    let none = R::constant(0.0);
    let difference = Rest::new(t, none).value(z) - Rest::new(t, b).value(z + b);
    // The difference cancels for small b.
    excess.ln_1p() + R::select(b.lt(R::constant(1.0)), by_slope * b, difference)
}

/// b/(b + c), without the cancellation of its slope in b where that is large.
#[inline(always)]
fn share<R: Real>(b: R, c: R) -> R {
    let total = b + c;
    let along_b = R::constant(0.0).with_slope(c / total / total, b);
    let constant = b.detach();
    constant / (constant + c) + along_b
}

/// ln Γ(y + t) − 2 ln Γ(y) + ln Γ(y − t) for y = 8 + t + offset, by Stirling's formula.
struct Rest<R: Real> {
    /// s = t/y.
    s: R,
    /// s² and 1 − s².
    square: R,
    complement: R,
}

impl<R: Real> Rest<R> {
    #[inline(always)]
    fn new(t: R, offset: R) -> Self {
        let low = offset + FACTORS as f64;
        let y = low + t;
        let s = t / y;
        // y² − t² from its factors: 1 − s² would cancel for large t.
        Self { s, square: s.square(), complement: (low / y) * ((low + t * 2.0) / y) }
    }

    /// −ln(1 − s²).
    #[inline(always)]
    fn log(&self) -> R {
        let near = (-self.square).ln_1p();
        -R::select(self.square.lt(R::constant(0.5)), near, self.complement.ln())
    }

    /// cₙ = (1 − s)⁻ⁿ + (1 + s)⁻ⁿ − 2, handed over with y⁻ⁿ, from n = 1 on.
    #[inline(always)]
    fn powers(&self, y: R, count: usize, mut take: impl FnMut(usize, R)) {
        // A recurrence without differences of nearly equal numbers.
        let ratio = self.complement.recip();
        let first = self.square * ratio * 2.0;
        let (mut before, mut now, mut power) = (R::constant(0.0), first, y.recip());
        for n in 1..=count {
            take(n, now * power);
            (before, now) = (now, ratio * (now * 2.0 - before) + first);
            power = power / y;
        }
    }

    #[inline(always)]
    fn value(&self, y: R) -> R {
        // (1 + s) ln(1 + s) + (1 − s) ln(1 − s) = s ln((1 + s)/(1 − s)) + ln(1 − s²): 2s² − s².
        let log = self.log();
        let twice_artanh = self.s.ln_1p() * 2.0 + log;
        let series = stirling_series::<R>();
        let mut sum = y * (self.s * twice_artanh - log) + log * 0.5;
        self.powers(y, 2 * series.len() - 1, |n, term| {
            if n % 2 == 1 {
                sum = sum + term * series[n / 2];
            }
        });
        sum
    }

    /// Minus the derivative in y.
    #[inline(always)]
    fn slope(&self, y: R) -> R {
        let series = stirling_series::<R>();
        let mut sum = self.log();
        self.powers(y, 2 * series.len(), |n, term| {
            if n == 1 {
                sum = sum + term * 0.5;
            } else if n % 2 == 0 {
                sum = sum + term * (series[n / 2 - 1] * (n - 1) as f64);
            }
        });
        sum
    }
}

/// ψ(b + 1) + γ − 1, which vanishes with b − 1.
#[inline(always)]
fn harmonic_excess<R: Real>(b: R) -> R {
    // ∑ (b − 1)/(k (k + b − 1)) over k ≥ 2, from k = 8 on as a difference of two ψ.
    let over = b - 1.0;
    let mut sum = R::constant(0.0);
    for k in 2..FACTORS {
        sum = sum + over / ((over + k as f64) * k as f64);
    }
    let from = R::constant(FACTORS as f64);
    let rest = from.digamma_stirling() / from - (from + over).digamma_stirling() / (from + over);
    sum + (over / from).ln_1p() + rest
}
