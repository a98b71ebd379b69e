//! Moments, mode and entropy.

use super::super::powers::ln_quotient;
use super::Formulas;
use crate::kernel::{Real, SummaryFormulas, masks};

/// `moment`, which is infinite up to α = `order`.
#[inline(always)]
fn beyond<R: Real>(order: f64, [scale, alpha]: [R; 2], moment: R) -> R {
    masks::outside(alpha.le(R::constant(order)), [scale], f64::INFINITY, moment)
}

impl SummaryFormulas<2> for Formulas {
    const NAME: &'static str = "Pareto";
    const PARAMETERS: [&'static str; 2] = ["scale", "alpha"];

    /// m α/(α − 1).
    #[inline(always)]
    fn mean<R: Real>([scale, alpha]: [R; 2]) -> R {
        // Not the product with α/(α − 1), whose derivative, −m/(α − 1)², cancels for large α.
        beyond(1.0, [scale, alpha], scale + scale / (alpha - 1.0))
    }

    /// m/(α − 1) √(α/(α − 2)). Where even the mean is infinite the expected square about any point is
    /// as well, which the variance is read as.
    #[inline(always)]
    fn std_dev<R: Real>([scale, alpha]: [R; 2]) -> R {
        let root = (alpha / (alpha - 2.0)).sqrt();
        beyond(2.0, [scale, alpha], scale / (alpha - 1.0) * root)
    }

    /// m.
    #[inline(always)]
    fn mode<R: Real>([scale, _]: [R; 2]) -> R {
        scale
    }

    /// ln(m/α) + 1/α + 1.
    #[inline(always)]
    fn entropy<R: Real>([scale, alpha]: [R; 2]) -> R {
        ln_quotient(scale, alpha) + (alpha.recip() + 1.0)
    }
}
