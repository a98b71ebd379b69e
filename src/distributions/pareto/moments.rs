//! Mean, variance, standard deviation and entropy.

use super::super::powers::{Squared, ln_quotient};
use crate::kernel::{Formula, Op, Real};

pub(super) static MEAN: Op<2> = Op::new::<Mean>();
pub(super) static VARIANCE: Op<2> = Op::new::<Squared<StdDev>>();
pub(super) static STD_DEV: Op<2> = Op::new::<StdDev>();
pub(super) static ENTROPY: Op<2> = Op::new::<Entropy>();

const NAME: &str = "Pareto";
const INPUTS: [&str; 2] = ["scale", "alpha"];

/// +∞ where α is at most `order`, the moment of which diverges there; NaN of the scale stays.
#[inline(always)]
fn above<R: Real>(order: f64, [scale, alpha]: [R; 2], moment: R) -> R {
    let diverges = alpha.le(R::constant(order)) & !scale.is_nan();
    R::select(diverges, R::constant(f64::INFINITY), moment)
}

/// m α/(α − 1).
struct Mean;

impl Formula<2> for Mean {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, alpha]: [R; 2]) -> R {
        // Not the product with α/(α − 1), whose derivative, −m/(α − 1)², cancels for large α.
        above(1.0, [scale, alpha], scale + scale / (alpha - 1.0))
    }
}

/// m/(α − 1) √(α/(α − 2)). Where even the mean is infinite the expected square about any point is
/// as well, which the variance is read as.
struct StdDev;

impl Formula<2> for StdDev {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, alpha]: [R; 2]) -> R {
        let root = (alpha / (alpha - 2.0)).sqrt();
        above(2.0, [scale, alpha], scale / (alpha - 1.0) * root)
    }
}

/// ln(m/α) + 1/α + 1.
struct Entropy;

impl Formula<2> for Entropy {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([scale, alpha]: [R; 2]) -> R {
        ln_quotient(scale, alpha) + (alpha.recip() + 1.0)
    }
}
