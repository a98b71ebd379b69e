//! The mode and the entropy.

use crate::constants::HALF_LN_TWO_PI;
use crate::divergence::stirling::gamma_bregman_by;
use crate::kernel::{Formula, Op, Real};

pub(super) static MODE: Op<2> = Op::new::<Mode>();
pub(super) static ENTROPY: Op<2> = Op::new::<BetaEntropy>();

const INPUTS: [&str; 2] = ["concentration1", "concentration0"];

struct Mode;

impl Formula<2> for Mode {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([a, b]: [R; 2]) -> R {
        let one = R::constant(1.0);
        let (excess, other) = (a - 1.0, b - 1.0);
        let rising = (a.gt(one) & b.le(one)) | (a.equal(one) & b.lt(one));
        let falling = a.le(one) & !rising & !b.is_nan();
        let value = R::select(rising, one, excess / (excess + other));
        R::select(falling, R::constant(0.0), value)
    }

    // By hand for the reason of the mean's: beside a small excess the other's slope would cancel.
    #[inline(always)]
    fn partials<R: Real>([a, b]: [R; 2]) -> [R; 2] {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (excess, other) = (a - 1.0, b - 1.0);
        let sum = excess + other;
        let fixed = (a.le(one) | b.le(one)) & !sum.is_nan();
        [other / sum / sum, -(excess / sum / sum)].map(|slope| R::select(fixed, zero, slope))
    }
}

struct BetaEntropy;

impl Formula<2> for BetaEntropy {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([a, b]: [R; 2]) -> R {
        entropy(a, b)
    }
}

/// ln B(a, b) and the terms with ψ cancel for large concentrations; with Stirling's formula taken
/// out of both functions, ½ ln(ab/(a + b)³) is what is left.
#[inline(always)]
pub(crate) fn entropy<R: Real>(a: R, b: R) -> R {
    let total = a + b;
    let weighted = |x: R, less: f64| (x - less) / x * x.digamma_stirling();
    let digammas = weighted(a, 1.0) + weighted(b, 1.0) - weighted(total, 2.0);
    let remainders = a.ln_gamma_stirling() + b.ln_gamma_stirling() - total.ln_gamma_stirling();
    // Shares of the total: a product of concentrations overflows.
    let logs = ((a / total).ln() + (b / total).ln() - total.ln()) * 0.5 + HALF_LN_TWO_PI;
    let far = logs + remainders + digammas;
    // Near the uniform distribution it is minus the divergence from there, which vanishes with its
    // gradient.
    let (to_a, to_b) = (-a + 1.0, -b + 1.0);
    let gaps = gamma_bregman_by(to_a, a) + gamma_bregman_by(to_b, b)
        - gamma_bregman_by(to_a + to_b, total);
    let near = a.min(b).ge(R::constant(0.5)) & a.max(b).le(R::constant(2.0));
    R::select(near, -gaps, far)
}
