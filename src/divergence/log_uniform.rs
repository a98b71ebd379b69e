//! Divergences to the LogUniform.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::ln_ratio;
use crate::distribution::KlDivergence;
use crate::distributions::LogUniform;
use crate::kernel::{Formula, Op, Real, masks};

/// ln of the ratio of the lengths ln(high/low) where one interval covers the other, else +∞.
struct LogUniformToLogUniform;

impl Formula<4> for LogUniformToLogUniform {
    const NAME: &'static str = "KL(LogUniform ‖ LogUniform)";
    const INPUTS: [&'static str; 4] = ["low", "high", "other low", "other high"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, to_low, to_high]: [R; 4]) -> R {
        let (length, to_length) = (ln_ratio(high, low), ln_ratio(to_high, to_low));
        // The lengths differ by what is between the ends, each from an exact difference.
        let excess = (ln_ratio(low, to_low) + ln_ratio(to_high, high)) / length;
        let close = excess.lt(R::constant(1.0));
        let value = R::select(close, excess.ln_1p(), ln_ratio(to_length, length));
        let outside = low.lt(to_low) | to_high.lt(high);
        masks::outside(outside, [length, to_length], f64::INFINITY, value)
    }
}

impl<const D: usize> KlDivergence<D, LogUniform<D>> for LogUniform<D> {
    fn kl_divergence(&self, other: &LogUniform<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LogUniformToLogUniform>();
        closed_form(&FORMULA, self, other)
    }
}
