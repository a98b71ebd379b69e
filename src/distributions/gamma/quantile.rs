//! The quantile, found by iteration on whole tensors: each step is a formula of its own, so that
//! what a backend compiles stays small, and only the last one has a gradient.

use burn::tensor::{DType, Tensor};

use crate::kernel::{
    Formula, Op, Real, gamma_kernel_at_quantile, gamma_quantile_guess, gamma_quantile_step,
    refined_gamma_quantile,
};

/// The quantiles of a gamma.
pub(super) fn quantile<const D: usize>(inputs: [Tensor<D>; 3]) -> Tensor<D> {
    search::<D, false, false>(inputs)
}

/// The same from the probability above.
pub(super) fn upper_quantile<const D: usize>(inputs: [Tensor<D>; 3]) -> Tensor<D> {
    search::<D, true, false>(inputs)
}

/// The quantiles of its reciprocal, which is above where the gamma is below.
pub(in super::super) fn inverted_quantile<const D: usize>(inputs: [Tensor<D>; 3]) -> Tensor<D> {
    search::<D, true, true>(inputs)
}

/// The same from the probability above.
pub(in super::super) fn inverted_upper_quantile<const D: usize>(
    inputs: [Tensor<D>; 3],
) -> Tensor<D> {
    search::<D, false, true>(inputs)
}

/// The quantiles of `probability`, which is that above them in the gamma if `UPPER`; the reciprocals
/// of those of the gamma if `INVERTED`.
fn search<const D: usize, const UPPER: bool, const INVERTED: bool>(
    [probability, concentration, rate]: [Tensor<D>; 3],
) -> Tensor<D> {
    let guess: Op<2> = Op::new::<Guess<UPPER>>();
    let step: Op<3> = Op::new::<Step<UPPER>>();
    let finish: Op<4> = Op::new::<Finish<UPPER, INVERTED>>();
    // Each step triples the digits.
    let steps = if probability.dtype() == DType::F64 { 5 } else { 3 };
    let (p, a) = (probability.clone().detach(), concentration.clone().detach());
    let guess = guess.apply([p.clone(), a.clone()]);
    let log_z = (0..steps).fold(guess, |log_z, _| step.apply([log_z, p.clone(), a.clone()]));
    finish.apply([log_z, probability, concentration, rate])
}

/// The probabilities below and above. The smaller of them decides in each step; the other is exact
/// where it is the larger of the two given as the smaller.
#[inline(always)]
fn both<const UPPER: bool, R: Real>(probability: R) -> (R, R) {
    let complement = -probability + 1.0;
    if UPPER { (complement, probability) } else { (probability, complement) }
}

struct Guess<const UPPER: bool>;

impl<const UPPER: bool> Formula<2> for Guess<UPPER> {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 2] = ["probability", "concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([probability, concentration]: [R; 2]) -> R {
        let (p, q) = both::<UPPER, R>(probability);
        gamma_quantile_guess(concentration, p, q)
    }
}

/// A step in ln z.
struct Step<const UPPER: bool>;

impl<const UPPER: bool> Formula<3> for Step<UPPER> {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 3] = ["log_quantile", "probability", "concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([log_z, probability, concentration]: [R; 3]) -> R {
        let (p, q) = both::<UPPER, R>(probability);
        gamma_quantile_step(concentration, log_z, p, q)
    }
}

/// The last step, in z itself, with the gradient of the implicit function P(a, z) = p.
struct Finish<const UPPER: bool, const INVERTED: bool>;

impl<const UPPER: bool, const INVERTED: bool> Formula<4> for Finish<UPPER, INVERTED> {
    const NAME: &'static str = if INVERTED { "InverseGamma" } else { "Gamma" };
    const INPUTS: [&'static str; 4] = ["log_quantile", "probability", "concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([log_z, probability, concentration, rate]: [R; 4]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (p, q) = both::<UPPER, R>(probability);
        // e^(ln z) has lost the digits that ln z spends on its size; a Newton step in z returns
        // them, which loses some itself where z is small. Where its kernel underflows there is nothing to return.
        let z = log_z.exp();
        let at = concentration.incomplete_gamma(z);
        let excess = R::select(p.lt(R::constant(0.5)), p - at.p, at.q - q);
        let change = excess / at.log_kernel.exp();
        let change = R::select(change.abs().lt(R::constant(1e-2)), change, zero);
        let underflown = log_z.lt(R::constant(-80.0));
        let z = refined_gamma_quantile(concentration, log_z, [p, q], z * (change + 1.0));
        let log_x = log_z - rate.ln();
        let (log_x, x) = if INVERTED { (-log_x, rate / z) } else { (log_x, z / rate) };
        let x = R::select(underflown, log_x.exp(), x);
        let possible = probability.ge(zero) & probability.le(one);
        let valid = possible & concentration.gt(zero) & rate.gt(zero);
        R::select(valid, x, R::constant(f64::NAN))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 4]) -> [R; 4] {
        let [log_z, probability, concentration, rate] = inputs;
        let (p, q) = both::<UPPER, R>(probability);
        let zero = R::constant(0.0);
        let x = Self::evaluate(inputs);
        let at = concentration.incomplete_gamma_at_log(log_z);
        // dx/d ln z: the reciprocal falls with z.
        let by_log = if INVERTED { -x } else { x };
        let kernel = gamma_kernel_at_quantile(concentration, log_z, p, q);
        let by_lower = by_log * kernel.divide(R::constant(1.0), zero);
        // The ends of the support do not move.
        let interior = log_z.abs().lt(R::constant(f64::INFINITY)) | x.is_nan();
        let moving = |derivative| R::select(interior, derivative, zero);
        [
            zero,
            moving(if UPPER { -by_lower } else { by_lower }),
            moving(by_log * at.log_quantile_slope),
            moving(-by_log / rate),
        ]
    }
}
