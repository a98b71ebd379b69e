//! The divergence between two negative binomial laws.
//!
//! A law Q′ of as many failures as Q and of the mean of P splits it, as ln q is linear in the count: it
//! is that from P to Q′, which only differ in dispersion, and that from Q′ to Q, which differ in the
//! probability alone.

use burn::tensor::Tensor;

use super::counts::EventsFromLogits;
use super::discrete::gives_probs;
use super::gaps::{exp_gap, ln_ratio, log_gap, mass_gap_by};
use crate::distribution::KlDivergence;
use crate::distributions::NegativeBinomial;
use crate::kernel::{Formula, Op, Real};

/// How many points the integral is taken at, how many powers of e below the smallest scale of the
/// integrand it begins, and how many scales above the largest, in the exponent, it ends.
const POINTS_F32: (usize, f64, f64) = (72, 9.0, 24.0);
const POINTS_F64: (usize, f64, f64) = (192, 18.0, 48.0);

/// The divergence from r failures to s, both with mean m.
///
/// By Malmsten's formula for the ln Γ and that for x ln x it is ∫ (e⁻ˢᵗ − e⁻ʳᵗ) B dt/t with
/// B = (1 − G)/(1 − e⁻ᵗ) − (1 − e⁻ᵐᵗ)/t and the generating function G(t) = (1 + (1 − e⁻ᵗ) m/r)⁻ʳ. As
/// ∫ e⁻ʳᵗ B dt = 0, a multiple of t e⁻ʳᵗ may be taken from the first factor: of its terms of order
/// s − r nothing is left then.
struct Dispersion;

/// (eˣ − 1 − x)/x².
#[inline(always)]
fn exp_curve<R: Real>(x: R) -> R {
    let tiny = R::constant(if R::double() { 1e-17 } else { 1e-8 });
    R::select(x.abs().lt(tiny), R::constant(0.5), exp_gap(x) / x / x)
}

/// (x − ln(1 + x))/x².
#[inline(always)]
fn log_curve<R: Real>(x: R) -> R {
    let tiny = R::constant(if R::double() { 1e-17 } else { 1e-8 });
    R::select(x.abs().lt(tiny), R::constant(0.5), log_gap(x) / x / x)
}

impl Dispersion {
    /// B(t), as a difference of two terms of about its size.
    #[inline(always)]
    fn excess<R: Real>([r, mean, t]: [R; 3]) -> R {
        let one = R::constant(1.0);
        let (odds, share) = (mean / r, -(-t).exp_m1());
        let x = odds * share;
        // G = e⁻ᵐᶜ, with c = ln(1 + x)/odds below t by what the exponential and the logarithm bend.
        let bent = x * log_curve(x);
        let c = share * (-bent + 1.0);
        let bent_exponential = t * exp_curve(-t);
        let below = t * bent_exponential + share * bent;
        let (u, v, w) = (mean * c, mean * t, mean * below);
        let generating = (-(x.ln_1p() * r)).exp();
        // Of few events all that is linear in the mean cancels, and is left out.
        let curved = mean * (below / t) * (-u).exp() * (c * exp_curve(u) + below * exp_curve(-w));
        let few = mean * (curved - bent * (-(u * exp_curve(-u)) + 1.0));
        let many = (generating * (-w).exp_m1() - (-v).exp_m1() * bent_exponential) / share;
        R::select(v.lt(one) & odds.lt(one), few, many)
    }

    /// e⁻ˢᵗ − e⁻ʳᵗ and a multiple of t e⁻ʳᵗ.
    #[inline(always)]
    fn weight<R: Real>([r, s, t]: [R; 3]) -> R {
        let y = (r - s) * t;
        let own = (-(r * t)).exp();
        let near = own * exp_gap(y);
        let apart = (-(s * t)).exp() - own * (y + 1.0);
        // For many more failures of Q, as that multiple would be larger than the rest.
        let more = own * (y.exp_m1() + r * t);
        let value = R::select(y.lt(R::constant(1.0)), near, apart);
        R::select(s.gt(r * 2.0), more, value)
    }
}

impl Formula<3> for Dispersion {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 3] = ["total_count", "other total_count", "mean"];

    #[inline(always)]
    fn evaluate<R: Real>([r, s, mean]: [R; 3]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (points, depth, height) = if R::double() { POINTS_F64 } else { POINTS_F32 };
        // In ln t, where the integrand is smooth and falls exponentially on both sides: equal steps
        // converge as fast as powers of e.
        let fastest = mean.max(mean / r).max(r).max(s).max(one);
        let low = -fastest.ln() - depth;
        let high = (r.min(s).recip() * height).ln();
        let (low, high) = (low.detach(), high.detach());
        let step = (high - low) * (1.0 / points as f64);
        let mut sum = zero;
        for point in 0..points {
            let t = (low + step * (point as f64 + 0.5)).exp();
            sum = sum + Self::weight([r, s, t]) * Self::excess([r, mean, t]);
        }
        R::select(r.equal(s), zero, sum * step)
    }
}

const NAME: &str = "KL(NegativeBinomial ‖ NegativeBinomial)";

/// From the probabilities of the event.
struct FromProbs;

/// The probabilities of the event and of the failure under Q′, and how far Q is above the first.
struct Middle<R> {
    event: R,
    failure: R,
    gained: R,
}

impl<R: Real> Middle<R> {
    #[inline(always)]
    fn new([r, s, p, q]: [R; 4]) -> Self {
        // Both from products, as 1 − p rounds; as many failures leave P itself.
        let alike = r.equal(s);
        let (events, failures) = (r * p, s * (-p + 1.0));
        let whole = events + failures;
        let event = R::select(alike, p, events / whole);
        let failure = R::select(alike, -p + 1.0, failures / whole);
        let by_failure = !alike & failure.lt(event);
        let gained = R::select(by_failure, failure - (-q + 1.0), q - event);
        Self { event, failure, gained }
    }
}

/// ln(x/y), given the difference x − y as well, which both may have rounded away.
#[inline(always)]
fn ln_ratio_by<R: Real>(difference: R, x: R, y: R) -> R {
    let close = difference.abs().lt(y * 0.5);
    R::select(close, (difference / y).ln_1p(), ln_ratio(x, y))
}

impl Formula<4> for FromProbs {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 4] = ["total_count", "other total_count", "probs", "other probs"];

    #[inline(always)]
    fn evaluate<R: Real>([r, s, p, q]: [R; 4]) -> R {
        let at = Middle::new([r, s, p, q]);
        let dispersion = Dispersion::evaluate([r, s, r * (p / (-p + 1.0))]);
        let events = mass_gap_by(at.gained, at.event, q);
        let trial = events + mass_gap_by(-at.gained, at.failure, -q + 1.0);
        dispersion + s * (trial / at.failure)
    }

    // At a given mean the divergence from Q′ moves with ln(p′/q) along the mean and with
    // ln((1 − p′)/(1 − q)) along the failures; the steps of the value have terms far larger.
    #[inline(always)]
    fn partials<R: Real>([r, s, p, q]: [R; 4]) -> [R; 4] {
        let zero = R::constant(0.0);
        let at = Middle::new([r, s, p, q]);
        let failure = -p + 1.0;
        let odds = p / failure;
        let [by_own, by_to, by_mean] = Dispersion::partials([r, s, r * odds]);
        // Infinite where one of both is impossible.
        let impossible = at.event.equal(zero) | q.equal(zero);
        let logs = R::select(impossible, zero, ln_ratio_by(-at.gained, at.event, q));
        let by_mean = by_mean + logs;
        let by_to = by_to + ln_ratio_by(at.gained, at.failure, -q + 1.0);
        let by_other = s * (at.gained / at.failure / q / (-q + 1.0));
        let by_other = R::select(q.equal(zero), zero, by_other);
        [by_own + odds * by_mean, by_to, r * by_mean / failure / failure, by_other]
    }
}

/// From its log-odds.
struct FromLogits;

impl Formula<4> for FromLogits {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 4] =
        ["total_count", "other total_count", "logits", "other logits"];

    #[inline(always)]
    fn evaluate<R: Real>([r, s, x, y]: [R; 4]) -> R {
        let dispersion = Dispersion::evaluate([r, s, r * x.exp()]);
        dispersion + s * EventsFromLogits::evaluate([x + ln_ratio(r, s), y])
    }

    // As from probabilities.
    #[inline(always)]
    fn partials<R: Real>([r, s, x, y]: [R; 4]) -> [R; 4] {
        let mean = r * x.exp();
        let [by_own, by_to, by_mean] = Dispersion::partials([r, s, mean]);
        let middle = x + ln_ratio(r, s);
        let [by_logit, by_other] = EventsFromLogits::partials([middle, y]);
        let by_x = mean * by_mean + s * by_logit;
        [by_own + by_x / r, by_to + (y.softplus() - middle.softplus()), by_x, s * by_other]
    }
}

impl<const D: usize> KlDivergence<D, NegativeBinomial<D>> for NegativeBinomial<D> {
    /// An integral where the numbers of failures differ.
    fn kl_divergence(&self, other: &NegativeBinomial<D>) -> Tensor<D> {
        static FROM_PROBS: Op<4> = Op::new::<FromProbs>();
        static FROM_LOGITS: Op<4> = Op::new::<FromLogits>();
        let [n, m] = [self.total_count(), other.total_count()];
        if gives_probs(self) && gives_probs(other) {
            FROM_PROBS.apply([n, m, self.probs(), other.probs()])
        } else {
            FROM_LOGITS.apply([n, m, self.logits(), other.logits()])
        }
    }
}
