//! The quantile, found by iteration on whole tensors: each step is a formula of its own, so that
//! what a backend compiles stays small, and only the last one has a gradient.

use burn::tensor::{DType, Tensor};

use crate::kernel::{Formula, Op, Real, gamma_quantile_guess, gamma_quantile_step};

static GUESS: Op<2> = Op::new::<Guess>();
static STEP: Op<3> = Op::new::<Step>();
static FINISH: Op<4> = Op::new::<Finish>();

/// The quantiles of `probability`.
pub(super) fn quantile<const D: usize>(
    [probability, concentration, rate]: [Tensor<D>; 3],
) -> Tensor<D> {
    // Each step triples the digits.
    let steps = if probability.dtype() == DType::F64 { 5 } else { 3 };
    let (p, a) = (probability.clone().detach(), concentration.clone().detach());
    let guess = GUESS.apply([p.clone(), a.clone()]);
    let log_z = (0..steps).fold(guess, |log_z, _| STEP.apply([log_z, p.clone(), a.clone()]));
    FINISH.apply([log_z, probability, concentration, rate])
}

/// The smaller of p and 1 − p decides in each step; 1 − p is exact for p ≥ ½.
#[inline(always)]
fn complement<R: Real>(p: R) -> R {
    -p + 1.0
}

struct Guess;

impl Formula<2> for Guess {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 2] = ["probability", "concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([p, concentration]: [R; 2]) -> R {
        gamma_quantile_guess(concentration, p, complement(p))
    }
}

/// A step in ln z.
struct Step;

impl Formula<3> for Step {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 3] = ["log_quantile", "probability", "concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([log_z, p, concentration]: [R; 3]) -> R {
        gamma_quantile_step(concentration, log_z, p, complement(p))
    }
}

/// The last step, in z itself, with the gradient of the implicit function P(a, z) = p.
struct Finish;

impl Formula<4> for Finish {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 4] = ["log_quantile", "probability", "concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([log_z, p, concentration, rate]: [R; 4]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        // e^(ln z) has lost the digits that ln z spends on its size; a Newton step in z returns
        // them. Where z is so small that its kernel underflows there is nothing to return.
        let z = log_z.exp();
        let at = concentration.incomplete_gamma(z);
        let excess = R::select(p.lt(R::constant(0.5)), p - at.p, at.q - complement(p));
        let change = excess / at.log_kernel.exp();
        let change = R::select(change.abs().lt(R::constant(1e-2)), change, zero);
        let underflown = log_z.lt(R::constant(-80.0));
        let x = R::select(underflown, (log_z - rate.ln()).exp(), z * (change + 1.0) / rate);
        let valid = p.ge(zero) & p.le(one) & concentration.gt(zero) & rate.gt(zero);
        R::select(valid, x, R::constant(f64::NAN))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 4]) -> [R; 4] {
        let [log_z, _, concentration, rate] = inputs;
        let zero = R::constant(0.0);
        let x = Self::evaluate(inputs);
        let at = concentration.incomplete_gamma_at_log(log_z);
        // The ends of the support do not move.
        let interior = log_z.abs().lt(R::constant(f64::INFINITY)) | x.is_nan();
        let moving = |derivative| R::select(interior, derivative, zero);
        [
            zero,
            moving(x * (-at.log_kernel).exp()),
            moving(x * at.log_quantile_slope),
            moving(-x / rate),
        ]
    }
}
