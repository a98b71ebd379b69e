//! The entropy, which has no closed form.

use core::marker::PhantomData;

use super::super::counts::CountFormulas;
use super::super::odds::Odds;
use super::entropy_series::Series;
use super::even_odds::{EvenOdds, nearly_even};
use super::formulas::Formulas;
use crate::kernel::{Formula, Real};

/// The variance from which the series serves.
#[inline(always)]
fn large<R: Real>(variance: R) -> R::Mask {
    variance.ge(R::constant(if R::double() { 48.0 } else { 16.0 }))
}

/// The counts around the likeliest one that may matter below the variance from which the series
/// serves: as many below and above it, where beyond is less than 1e-9, or 1e-17 in `f64`.
const COUNTS_F32: [i32; 2] = [27, 36];
const COUNTS_F64: [i32; 2] = [59, 78];

/// The rarer of the event and its absence.
struct Rarer<R: Real> {
    trials: R,
    /// Its probability and that of the other.
    probability: R,
    complement: R,
    /// Its log-odds, and by how much its probability exceeds the other.
    logit: R,
    imbalance: R,
    /// The likeliest count of it, and the logarithm of the mass there.
    mode: R,
    log_mass: R,
    /// Whether it is the absence.
    absence: R::Mask,
}

impl<R: Real> Rarer<R> {
    #[inline(always)]
    fn new<O: Odds>(n: R, parameter: R) -> Self {
        let [q, p] = O::probs(parameter);
        let absence = O::excess(parameter).gt(R::constant(0.0));
        let (logit, imbalance) = (-O::logit(parameter).abs(), -O::imbalance(parameter).abs());
        let (rare, common) = (R::select(absence, q, p), R::select(absence, p, q));
        // Any count near the likeliest one will do, so its rounding does not matter.
        let mode = ((n + 1.0) * rare).floor().min(n);
        let count = R::select(absence, n - mode, mode);
        let log_mass = Formulas::<O>::log_mass([count, n, parameter]);
        Self {
            trials: n,
            probability: rare,
            complement: common,
            logit,
            imbalance,
            mode,
            log_mass,
            absence,
        }
    }

    /// Hands over all counts that matter, from the likeliest up and then down, and their masses, relative to
    /// that of the likeliest; before them how many steps from it they are.
    #[inline(always)]
    fn each(&self, mut take: impl FnMut(i32, R, R)) {
        let [below, above] = if R::double() { COUNTS_F64 } else { COUNTS_F32 };
        let (zero, odds) = (R::constant(0.0), self.probability / self.complement);
        take(0, self.mode, R::constant(1.0));
        let (mut count, mut weight) = (self.mode, R::constant(1.0));
        for step in 1..=above {
            // After the last count nothing is left: the factor is 0 there.
            weight = weight * ((self.trials - count) / (count + 1.0) * odds);
            count = count + 1.0;
            take(step, count, weight);
        }
        let (mut count, mut weight) = (self.mode, R::constant(1.0));
        for step in 1..=below {
            weight = weight * (count / ((self.trials - count + 1.0) * odds));
            // No count is below 0, and no event at all has odds 0.
            weight = R::select(count.gt(zero), weight, zero);
            count = count - 1.0;
            take(-step, count, weight);
        }
    }

    /// −Σ P ln P: −ln P at the likeliest count and terms −w ln w, none of which is negative.
    #[inline(always)]
    fn entropy(&self) -> R {
        let mut sum = R::constant(0.0);
        self.each(|_, _, weight| sum = sum + weight.xlogy(weight));
        -(self.log_mass + self.log_mass.exp() * sum)
    }

    /// Its derivative by the logit, −Σ P (k − np) ln P.
    #[inline(always)]
    fn slope(&self) -> R {
        // Both sides of the mean are of the size of the standard deviation, and their sum of that of
        // 1/2. By parts it is −v Σ P′(j) ln(P(j + 1)/P(j)) with the masses P′ of n − 1 trials, and
        // of the logarithm the linear part, of expectation 0, is left out before it is rounded.
        let (n, p, q) = (self.trials, self.probability, self.complement);
        let (zero, variance) = (R::constant(0.0), n * (p * q));
        let (mean, skew) = ((n - 1.0) * p, (q - p) * n * p);
        let mut sum = zero;
        let mut even = EvenOdds::new([self.mode, n, self.logit]);
        self.each(|step, count, weight| {
            let x = count - mean;
            let next = count + 1.0;
            // The ratio of both masses less 1, and what is left of its logarithm; a rare event's is so
            // near −1 that the ratio itself is needed.
            let excess = (p - q - x) / (next * q);
            let log = ((n - count) / next * (p / q)).ln();
            let close = excess.abs().lt(R::constant(0.5));
            let rest = R::select(close, excess.ln_1p_remainder(), log - excess);
            let curved = (x * (x + q) - skew) / next;
            // Nothing comes after the last count, nor is there a count below 0.
            let possible = weight.gt(zero) & count.lt(n);
            let share = (n - count) * weight;
            sum = sum + R::select(possible, share * (curved + variance * rest), zero);
            even.add(step, possible, [count, share, log]);
        });
        let mass = self.log_mass.exp();
        let slope = -(mass * sum / (n * q));
        let balanced = even.slope(self.imbalance, [mass, variance, q]);
        let slope = R::select(nearly_even(n, self.imbalance), balanced, slope);
        R::select(n.gt(zero), slope, zero)
    }
}

/// For a large variance by its asymptotic series, and else by summing over all counts that matter.
pub(super) struct Entropy<O>(PhantomData<fn() -> O>);

impl<O: Odds> Formula<2> for Entropy<O> {
    const NAME: &'static str = "Binomial";
    const INPUTS: [&'static str; 2] = ["total_count", O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([n, parameter]: [R; 2]) -> R {
        let [q, p] = O::probs(parameter);
        let s = p * q;
        let summed = Rarer::new::<O>(n, parameter).entropy();
        let series = Series::new(n * s, n.recip());
        R::select(large(n * s), series.entropy, summed)
    }

    /// The number of trials is whole.
    #[inline(always)]
    fn partials<R: Real>([n, parameter]: [R; 2]) -> [R; 2] {
        let zero = R::constant(0.0);
        let [q, p] = O::probs(parameter);
        let s = p * q;
        let rarer = Rarer::new::<O>(n, parameter);
        let summed = rarer.slope();
        let summed = R::select(rarer.absence, -summed, summed);
        // ln s moves by 1 − 2p with the logit.
        let by_series = Series::new(n * s, n.recip()).by_log_product * -O::imbalance(parameter);
        let by_logit = R::select(large(n * s), by_series, summed);
        // No variance, no slope: that of the logit is infinite there.
        let slope = O::logit_slope(parameter) * by_logit;
        [zero, R::select(by_logit.equal(zero), zero, slope)]
    }
}
