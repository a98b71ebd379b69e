//! Of the entropy's slope the part that is left next to even odds.

use crate::kernel::Real;

/// (artanh t − t)/t³ in t², for |t| up to ½: a Chebyshev fit.
const REMAINDER_F32: [f64; 7] = [
    0.156_291_653_818_563_7,
    0.040_916_230_718_241_74,
    0.097_519_408_657_411_68,
    0.110_508_303_952_239_91,
    0.142_882_860_428_112_85,
    0.199_999_593_362_158_27,
    0.333_333_334_373_071_07,
];
const REMAINDER_F64: [f64; 14] = [
    0.210_980_978_859_757_97,
    -0.144_504_911_834_144_68,
    0.135_579_039_136_922_98,
    0.012_292_448_728_540_532,
    0.054_419_154_182_345_87,
    0.051_607_698_811_471_62,
    0.058_930_996_925_900_416,
    0.066_658_863_527_018_84,
    0.076_923_459_402_706_38,
    0.090_909_078_815_091_88,
    0.111_111_111_339_389_69,
    0.142_857_142_854_901_05,
    0.200_000_000_000_008_65,
    0.333_333_333_333_333_33,
];

/// artanh t − t for |t| up to ½.
#[inline(always)]
pub(super) fn artanh_remainder<R: Real>(t: R) -> R {
    let square = t.square();
    let fit = if R::double() {
        square.polynomial(&REMAINDER_F64)
    } else {
        square.polynomial(&REMAINDER_F32)
    };
    t * square * fit
}

/// Whether `imbalance`, τ = 2p − 1, is so small beside 1/√n that [`EvenOdds`] serves.
#[inline(always)]
pub(super) fn nearly_even<R: Real>(trials: R, imbalance: R) -> R::Mask {
    let small = (imbalance.square() * trials).lt(R::constant(2.0));
    small & imbalance.abs().lt(R::constant(0.5))
}

/// The sum that the slope needs, of Σ (n − k) w(k) (artanh t − t) tanh(yℓ) over all counts k with weights w.
///
/// By parts the slope is −v Σ P′(k) ln(P(k + 1)/P(k)) with the masses P′ of n − 1 trials, and that logarithm
/// ℓ − 2 artanh t for t = 2y/(n + 1), where y = k − (n − 1)/2. At even odds the terms of y and of −y cancel.
/// But P′(y) − P′(−y) is (P′(y) + P′(−y)) tanh(yℓ), so that with this factor all terms have the sign of ℓ.
pub(super) struct EvenOdds<R> {
    trials: R,
    logit: R,
    /// tanh ℓ, tanh(yℓ) at the count with which the sum begins, and at the last one.
    step: R,
    start: R,
    tilt: R,
    sum: R,
}

impl<R: Real> EvenOdds<R> {
    #[inline(always)]
    pub(super) fn new([start, trials, logit]: [R; 3]) -> Self {
        let tilt = ((start - (trials - 1.0) * 0.5) * logit).tanh();
        Self { trials, logit, step: logit.tanh(), start: tilt, tilt, sum: R::constant(0.0) }
    }

    /// Adds a count that is `steps` from the first, one after that before or the first on the other side,
    /// if `possible`, with its share (n − k) w(k) and ln(P(k + 1)/P(k)).
    #[inline(always)]
    pub(super) fn add(&mut self, steps: i32, possible: R::Mask, [count, share, log_ratio]: [R; 3]) {
        let last = if steps == -1 { self.start } else { self.tilt };
        self.tilt = match steps {
            0 => self.start,
            1.. => (last + self.step) / (last * self.step + 1.0),
            _ => (last - self.step) / (-(last * self.step) + 1.0),
        };
        let t = (count * 2.0 - (self.trials - 1.0)) / (self.trials + 1.0);
        let near = t.abs().lt(R::constant(0.5));
        let far = (self.logit - log_ratio) * 0.5 - t;
        let term = share * self.tilt * R::select(near, artanh_remainder(t), far);
        self.sum = self.sum + R::select(possible, term, R::constant(0.0));
    }

    /// The slope, given e^`log_mass` with which the weights are masses, and v = npq.
    #[inline(always)]
    pub(super) fn slope(&self, imbalance: R, [mass, variance, complement]: [R; 3]) -> R {
        // ℓ is 2 artanh τ, of which E t is τ (n − 1)/(n + 1).
        let n = self.trials;
        let curved = mass * self.sum / (n * complement);
        let linear = imbalance * 2.0 / (n + 1.0);
        variance * -2.0 * (linear + (artanh_remainder(imbalance) - curved))
    }
}
