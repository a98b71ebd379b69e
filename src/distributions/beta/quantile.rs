//! The quantile, found by iteration on whole tensors: each step is a formula of its own, so that
//! what a backend compiles stays small, and only the last one has a gradient.

use burn::tensor::{DType, Tensor};

use crate::kernel::{
    Formula, Op, Real, beta_kernel_at_quantile, beta_quantile_guess, beta_quantile_step,
    refined_beta_quantile,
};

static GUESS: Op<4> = Op::new::<Guess>();
static STEP: Op<5> = Op::new::<Step>();
static FINISH: Op<4> = Op::new::<Finish<false>>();
static UPPER_FINISH: Op<4> = Op::new::<Finish<true>>();

/// The quantiles of `probability`.
pub(super) fn quantile<const D: usize>([probability, a, b]: [Tensor<D>; 3]) -> Tensor<D> {
    let p = probability.clone().detach();
    // Exact from ½ up; below, p itself decides.
    let q = -p.clone() + 1.0;
    let logit = logit_quantile([p, q], [a.clone(), b.clone()]);
    FINISH.apply([logit, probability, a, b])
}

/// The values with `probability` above them.
pub(super) fn upper_quantile<const D: usize>([probability, a, b]: [Tensor<D>; 3]) -> Tensor<D> {
    let q = probability.clone().detach();
    let p = -q.clone() + 1.0;
    let logit = logit_quantile([p, q], [a.clone(), b.clone()]);
    UPPER_FINISH.apply([logit, probability, a, b])
}

/// logit z with I_z(a, b) = p, given p and q = 1 − p, without gradient.
pub(in crate::distributions) fn logit_quantile<const D: usize>(
    [p, q]: [Tensor<D>; 2],
    shapes: [Tensor<D>; 2],
) -> Tensor<D> {
    // Each step triples the digits.
    let steps = if p.dtype() == DType::F64 { 5 } else { 4 };
    let [a, b] = shapes.map(Tensor::detach);
    let (p, q) = (p.detach(), q.detach());
    let rest = || [p.clone(), q.clone(), a.clone(), b.clone()];
    (0..steps).fold(GUESS.apply(rest()), |logit, _| {
        let [p, q, a, b] = rest();
        STEP.apply([logit, p, q, a, b])
    })
}

struct Guess;

impl Formula<4> for Guess {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 4] =
        ["probability", "complement", "concentration1", "concentration0"];

    #[inline(always)]
    fn evaluate<R: Real>([p, q, a, b]: [R; 4]) -> R {
        beta_quantile_guess(a, b, p, q)
    }
}

/// A step in the logit.
struct Step;

impl Formula<5> for Step {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 5] =
        ["logit", "probability", "complement", "concentration1", "concentration0"];

    #[inline(always)]
    fn evaluate<R: Real>([logit, p, q, a, b]: [R; 5]) -> R {
        beta_quantile_step(a, b, logit, p, q)
    }
}

/// The last step, in the smaller of x and 1 − x, with the gradient of the implicit function
/// I_x(a, b) = p, or 1 − p where `UPPER`.
struct Finish<const UPPER: bool>;

impl<const UPPER: bool> Formula<4> for Finish<UPPER> {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 4] = ["logit", "probability", "concentration1", "concentration0"];

    #[inline(always)]
    fn evaluate<R: Real>([logit, probability, a, b]: [R; 4]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let complement = -probability + 1.0;
        let (p, q) = if UPPER { (complement, probability) } else { (probability, complement) };
        let below = logit.le(zero);
        // The exponential has lost the digits that the logit spends on its size; a Newton step
        // returns them, which loses some itself where x or 1 − x is small. Where its kernel underflows there is
        // nothing to return.
        let small = (-logit.abs()).sigmoid();
        let (x, y) = (R::select(below, small, one - small), R::select(below, one - small, small));
        let at = a.incomplete_beta(b, x, y);
        let excess = R::select(p.lt(R::constant(0.5)), p - at.p, at.q - q);
        let change = excess / at.log_kernel.exp();
        let change = R::select(change.abs().lt(R::constant(1e-2)), change, zero);
        let change = R::select(below, change, -change);
        let small = small * (change * (one - small) + 1.0);
        let small = refined_beta_quantile([a, b], logit, [p, q], small);
        let x = R::select(below, small, one - small);
        let valid = p.ge(zero) & p.le(one) & a.gt(zero) & b.gt(zero);
        R::select(valid, x, R::constant(f64::NAN))
    }

    #[inline(always)]
    fn partials<R: Real>([logit, probability, a, b]: [R; 4]) -> [R; 4] {
        let zero = R::constant(0.0);
        let at = a.incomplete_beta_at_logit(b, logit);
        let complement = -probability + 1.0;
        let (p, q) = if UPPER { (complement, probability) } else { (probability, complement) };
        // dx/d logit = x (1 − x), and its logarithm.
        let size = logit.abs();
        let small = (-size).sigmoid();
        let slope = small * (R::constant(1.0) - small);
        let log_slope = -size - (-size).exp().ln_1p() * 2.0;
        let kernel = beta_kernel_at_quantile(&at, [a, b], logit, p, q);
        let rate = kernel.divide(slope, log_slope);
        // The ends of the support do not move.
        let interior = size.lt(R::constant(f64::INFINITY)) | (probability + a + b).is_nan();
        let moving = |derivative| R::select(interior, derivative, zero);
        [
            zero,
            moving(if UPPER { -rate } else { rate }),
            moving(at.slope_a.chain(slope)),
            moving(at.slope_b.chain(slope)),
        ]
    }
}
