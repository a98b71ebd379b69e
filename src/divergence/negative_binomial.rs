//! The divergence between two negative binomial laws.
//!
//! A law Q′ of as many failures as Q and of the mean of P splits it, as ln q is linear in the count: it
//! is that from P to Q′, which only differ in dispersion, and that from Q′ to Q, which differ in the
//! probability alone.

use burn::tensor::{DType, Tensor, TensorData};

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

/// What is left of a gap beside x², ½ at 0.
#[inline(always)]
fn curve<R: Real>(gap: R, x: R) -> R {
    let tiny = R::constant(if R::double() { 1e-17 } else { 1e-8 });
    R::select(x.abs().lt(tiny), R::constant(0.5), gap / x / x)
}

/// (eˣ − 1 − x)/x².
#[inline(always)]
fn exp_curve<R: Real>(x: R) -> R {
    curve(exp_gap(x), x)
}

/// (x − ln(1 + x))/x².
#[inline(always)]
fn log_curve<R: Real>(x: R) -> R {
    curve(log_gap(x), x)
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

impl Formula<4> for Dispersion {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 4] = ["total_count", "other total_count", "mean", "point"];

    /// What one point adds, the first at ½.
    #[inline(always)]
    fn evaluate<R: Real>([r, s, mean, point]: [R; 4]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (points, depth, height) = if R::double() { POINTS_F64 } else { POINTS_F32 };
        // In ln t, where the integrand is smooth and falls exponentially on both sides: equal steps
        // converge as fast as powers of e.
        let fastest = mean.max(mean / r).max(r).max(s).max(one);
        let low = -fastest.ln() - depth;
        let high = (r.min(s).recip() * height).ln();
        let (low, high) = (low.detach(), high.detach());
        let step = (high - low) * (1.0 / points as f64);
        let t = (low + step * point).exp();
        let value = Self::weight([r, s, t]) * Self::excess([r, mean, t]) * step;
        R::select(r.equal(s), zero, value)
    }
}

/// The sum over the points, some of them at a time as a dimension: a formula of all would be
/// thousands of operations where tapes are replayed.
fn dispersion<const D: usize>(inputs: [Tensor<D>; 3]) -> Tensor<D> {
    const TOGETHER: usize = 24;
    static DISPERSION: Op<4> = Op::new::<Dispersion>();
    let (device, dtype) = (inputs[0].device(), inputs[0].dtype());
    let [r, s, mean] = &inputs;
    let shape = (r.clone() + s.clone() + mean.clone()).dims();
    let count = shape.iter().product();
    let [r, s, mean] = inputs.map(|input| input.expand(shape).reshape([count, 1]));
    let points = if dtype == DType::F64 { POINTS_F64.0 } else { POINTS_F32.0 };
    let first: Vec<f64> = (0..TOGETHER).map(|point| point as f64 + 0.5).collect();
    let first = TensorData::new(first, [1, TOGETHER]).convert_dtype(dtype);
    let first = Tensor::<2>::from_data(first, (&device, dtype));
    let sums = (0..points).step_by(TOGETHER).map(|start| {
        let points = first.clone() + start as f64;
        DISPERSION.apply([r.clone(), s.clone(), mean.clone(), points]).sum_dim(1)
    });
    sums.reduce(|sum, part| sum + part).expect("some points").reshape(shape)
}

const NAME: &str = "KL(NegativeBinomial ‖ NegativeBinomial)";

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

/// The divergence from Q′ to Q, from the probabilities of the event.
struct FromProbs;

impl Formula<4> for FromProbs {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 4] = ["total_count", "other total_count", "probs", "other probs"];

    #[inline(always)]
    fn evaluate<R: Real>([r, s, p, q]: [R; 4]) -> R {
        let at = Middle::new([r, s, p, q]);
        let events = mass_gap_by(at.gained, at.event, q);
        let trial = events + mass_gap_by(-at.gained, at.failure, -q + 1.0);
        s * (trial / at.failure)
    }

    // It moves with ln(p′/q) along the mean and with ln((1 − p′)/(1 − q)) along the failures; the steps
    // of the value have terms far larger.
    #[inline(always)]
    fn partials<R: Real>([r, s, p, q]: [R; 4]) -> [R; 4] {
        let zero = R::constant(0.0);
        let at = Middle::new([r, s, p, q]);
        let failure = -p + 1.0;
        // Infinite where one of both is impossible.
        let impossible = at.event.equal(zero) | q.equal(zero);
        let by_mean = ln_ratio_by(-at.gained, at.event, q);
        let by_mean = R::select(impossible, zero, by_mean);
        let by_to = ln_ratio_by(at.gained, at.failure, -q + 1.0);
        let by_other = s * (at.gained / at.failure / q / (-q + 1.0));
        let by_other = R::select(q.equal(zero), zero, by_other);
        [p / failure * by_mean, by_to, r * by_mean / failure / failure, by_other]
    }
}

/// The same from its log-odds.
struct FromLogits;

impl Formula<4> for FromLogits {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 4] =
        ["total_count", "other total_count", "logits", "other logits"];

    #[inline(always)]
    fn evaluate<R: Real>([r, s, x, y]: [R; 4]) -> R {
        s * EventsFromLogits::evaluate([x + ln_ratio(r, s), y])
    }

    #[inline(always)]
    fn partials<R: Real>([r, s, x, y]: [R; 4]) -> [R; 4] {
        let middle = x + ln_ratio(r, s);
        let [by_logit, by_other] = EventsFromLogits::partials([middle, y]);
        let by_x = s * by_logit;
        [by_x / r, y.softplus() - middle.softplus(), by_x, s * by_other]
    }
}

impl<const D: usize> KlDivergence<D, NegativeBinomial<D>> for NegativeBinomial<D> {
    /// An integral where the numbers of failures differ.
    fn kl_divergence(&self, other: &NegativeBinomial<D>) -> Tensor<D> {
        static FROM_PROBS: Op<4> = Op::new::<FromProbs>();
        static FROM_LOGITS: Op<4> = Op::new::<FromLogits>();
        let [n, m] = [self.total_count(), other.total_count()];
        let (trials, odds) = if gives_probs(self) && gives_probs(other) {
            let (p, q) = (self.probs(), other.probs());
            let odds = p.clone() / (-p.clone() + 1.0);
            (FROM_PROBS.apply([n.clone(), m.clone(), p, q]), odds)
        } else {
            let (x, y) = (self.logits(), other.logits());
            (FROM_LOGITS.apply([n.clone(), m.clone(), x.clone(), y]), x.exp())
        };
        dispersion([n.clone(), m, n * odds]) + trials
    }
}
