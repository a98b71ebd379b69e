//! The entropy, which has no closed form.

use core::marker::PhantomData;

use super::super::binomial::entropy_series::Series;
use super::super::counts::CountFormulas;
use super::super::odds::Odds;
use super::formulas::Formulas;
use crate::constants::LN_TWO_PI_E;
use crate::divergence::stirling::gamma_negentropy;
use crate::kernel::{Formula, Real};

/// The counts below and above the likeliest one that may matter where they are summed.
const COUNTS_F32: [usize; 2] = [26, 72];
const COUNTS_F64: [usize; 2] = [64, 144];

/// How many points an integral is taken at, and how far below its largest value, in powers of e, the
/// integrand is let go.
const POINTS_F32: (usize, f64) = (48, 18.0);
const POINTS_F64: (usize, f64) = (176, 37.0);

/// From how many failures the asymptotic series serves.
#[inline(always)]
fn many<R: Real>() -> R {
    R::constant(if R::double() { 64.0 } else { 18.0 })
}

#[inline(always)]
fn large<R: Real>(failures: R, variance: R) -> R::Mask {
    failures.ge(many()) & variance.ge(R::constant(if R::double() { 64.0 } else { 24.0 }))
}

/// Up to how many failures nothing has to be taken out of the integral.
const AT_MOST: f64 = 3.0;

/// Whether the law is wide with few failures: where more would be too many to sum with events
/// likelier than not.
#[inline(always)]
fn few<R: Real>(failures: R, log_odds: R) -> R::Mask {
    let wide = failures.lt(many()) & log_odds.ge(R::constant(0.0));
    failures.le(R::constant(AT_MOST)) | wide
}

/// The entropy of a law of few failures from their number and the log-odds of the event, as one
/// integral after Malmsten's for ln Γ (Knessl 1998).
struct Few;

impl Formula<2> for Few {
    const NAME: &'static str = "NegativeBinomial";
    const INPUTS: [&'static str; 2] = ["total_count", "logits"];

    /// With odds θ and the generating function G(t) = (1 + θ (1 − e⁻ᵗ))⁻ʳ, E ln(Γ(X + r)/X!) − ln Γ(r)
    /// is ∫ A (1 − G) dt/t, A = (e⁻ᵗ − e⁻ʳᵗ)/(1 − e⁻ᵗ): negative up to one failure, so that the entropy
    /// has terms of one sign, and small for a few. Beyond, the entropy of a Gamma of r and θ is taken
    /// out, whose part in the integral is (r − 1) g for g(t) = (1 + θt)⁻ʳ: the terms would cancel.
    #[inline(always)]
    fn evaluate<R: Real>([r, log_odds]: [R; 2]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (plain, upto_one) = (r.le(R::constant(AT_MOST)), r.le(one));
        let (points, depth) = if R::double() { POINTS_F64 } else { POINTS_F32 };
        let odds = log_odds.exp();
        // In ln t, where the integrand is smooth and falls exponentially on both sides: equal steps
        // converge as fast as powers of e. A falls as e^−t or e^−rt, g as t⁻ʳ.
        let low = -((log_odds + r.ln()).max(zero)) - depth;
        let depth = R::constant(depth);
        let high = (depth / r.min(one)).ln();
        let high = R::select(plain, high, (depth / r - log_odds).max(high));
        let (low, high) = (low.detach(), high.detach());
        let step = (high - low) * (1.0 / points as f64);
        let of_gamma = R::select(plain, zero, r - 1.0);
        let slower = R::select(upto_one, r, one);
        let mut sum = zero;
        for point in 0..points {
            let t = (low + step * (point as f64 + 0.5)).exp_of_term();
            let share = -(-t).exp_m1();
            // Nothing but powers of e below 1, which do not overflow.
            let difference = t * (r - 1.0);
            let falling = R::select(upto_one, difference, -difference).exp_m1();
            let falling = R::select(upto_one, falling, -falling);
            let a = falling * (-(t * slower)).exp_of_term() / share;
            let log_g = (odds * share).ln_1p() * r;
            let generating = R::select(plain, (-log_g).exp_m1(), (-log_g).exp_of_term());
            let gamma = of_gamma * (-((odds * t).ln_1p() * r)).exp_of_term();
            let apart = a * generating - gamma;
            // Near 0 both are r − 1 and their difference is of the order of t: by what A and g/G
            // leave of that and of 1.
            let rest = (-t).exp_m1_remainder();
            let bent = (-difference).exp_m1_remainder() * (-t).exp_of_term() - of_gamma * rest;
            let quotient = (odds * rest / (odds * share + 1.0)).ln_1p() * r;
            let lost = -difference - bent / share;
            let near = generating * (lost - of_gamma * (-quotient).exp_m1());
            let close = difference.lt(one) & !plain;
            sum = sum + R::select(close, near, apart);
        }
        let integral = sum * step;
        let logs = (log_odds.softplus() + odds * (-log_odds).softplus()) * r;
        // (1 + θ) ln(1 + 1/θ) − 1.
        let inverse = (-log_odds).exp();
        let rest = inverse.ln_1p() + inverse.ln_1p_remainder() / inverse;
        let gamma = (r.ln() + LN_TWO_PI_E) * 0.5 + log_odds - gamma_negentropy(r);
        R::select(plain, logs, gamma + r * rest) + integral
    }
}

/// The likeliest count and what is summed around it.
struct Sums<R> {
    entropy: R,
    by_count: R,
    by_parameter: R,
}

/// Of more failures, or a rarer event: −ln P at the likeliest count and terms −w ln w, none of which
/// is negative. The slopes are −Σ P s ln P for the scores s.
#[inline(always)]
fn summed<R: Real, O: Odds>(r: R, parameter: R) -> Sums<R> {
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let [below, above] = if R::double() { COUNTS_F64 } else { COUNTS_F32 };
    let [q, p] = O::probs(parameter);
    let mode = ((r - 1.0) * (p / q)).floor().max(zero);
    let log_mass = Formulas::<O>::log_mass([mode, r, parameter]);
    let [_, at_mode, _] = Formulas::<O>::mass_partials([mode, r, parameter]);
    let mut sums = [zero; 3];
    let mut take = |count: R, weight: R, by_count: R| {
        let term = weight.xlogy(weight);
        let by_parameter = O::score([r, count], parameter);
        sums = [sums[0] + term, sums[1] + term * by_count, sums[2] + term * by_parameter];
    };
    let (mut count, mut weight, mut score) = (mode, one, at_mode);
    for _ in 0..above {
        let total = count + r;
        weight = weight * (total * p / (count + 1.0));
        score = score + total.recip();
        count = count + 1.0;
        take(count, weight, score);
    }
    let (mut count, mut weight, mut score) = (mode, one, at_mode);
    for _ in 0..below {
        let before = count + (r - 1.0);
        weight = R::select(count.gt(zero), weight * (count / (before * p)), zero);
        score = R::select(count.gt(zero), score - before.recip(), zero);
        count = (count - 1.0).max(zero);
        take(count, weight, score);
    }
    let mass = log_mass.exp();
    Sums {
        entropy: -(log_mass + mass * sums[0]),
        by_count: -(mass * sums[1]),
        by_parameter: -(mass * sums[2]),
    }
}

pub(super) struct Entropy<O>(PhantomData<fn() -> O>);

/// The variance, and what is 1/n for the binomial law of −r trials.
#[inline(always)]
fn series<R: Real, O: Odds>(r: R, parameter: R) -> (R, Series<R>) {
    let [q, p] = O::probs(parameter);
    let variance = r * (p / q) / q;
    (variance, Series::new(variance, -r.recip()))
}

impl<O: Odds> Formula<2> for Entropy<O> {
    const NAME: &'static str = "NegativeBinomial";
    const INPUTS: [&'static str; 2] = ["total_count", O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([r, parameter]: [R; 2]) -> R {
        let logit = O::logit(parameter);
        let (variance, series) = series::<R, O>(r, parameter);
        let sum = summed::<R, O>(r, parameter).entropy;
        let value = R::select(few(r, logit), Few::evaluate([r, logit]), sum);
        let value = R::select(large(r, variance), series.entropy, value);
        // An event that never happens has no logit.
        let never = O::probs(parameter)[1].equal(R::constant(0.0)) & !r.is_nan();
        R::select(never, R::constant(0.0), value)
    }

    #[inline(always)]
    fn partials<R: Real>([r, parameter]: [R; 2]) -> [R; 2] {
        let zero = R::constant(0.0);
        let logit = O::logit(parameter);
        let [_, p] = O::probs(parameter);
        let (variance, series) = series::<R, O>(r, parameter);
        let sums = summed::<R, O>(r, parameter);
        let [few_by_count, few_by_logit] = Few::partials([r, logit]);
        let slope = O::logit_slope(parameter);
        // With the logit ln s moves by 1 + p.
        let of_series = [series.by_log_trials / r, series.by_log_product * (p + 1.0) * slope];
        let of_sums = [sums.by_count, sums.by_parameter];
        let of_few = [few_by_count, few_by_logit * slope];
        let (few, large) = (few(r, logit), large(r, variance));
        let never = p.equal(zero);
        [0, 1].map(|at| {
            let slope = R::select(few, of_few[at], of_sums[at]);
            R::select(never, zero, R::select(large, of_series[at], slope))
        })
    }
}
