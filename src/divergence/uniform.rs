//! Divergences to the Uniform. From any other family of this crate they are +∞, as no bounded
//! interval covers its support.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::ln_ratio;
use crate::distribution::KlDivergence;
use crate::distributions::Uniform;
use crate::kernel::{Formula, Op, Real};

/// ln of the ratio of the widths where one interval covers the other, else +∞.
struct UniformToUniform;

impl Formula<4> for UniformToUniform {
    const NAME: &'static str = "KL(Uniform ‖ Uniform)";
    const INPUTS: [&'static str; 4] = ["low", "high", "other low", "other high"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, to_low, to_high]: [R; 4]) -> R {
        let (width, to_width) = (high - low, to_high - to_low);
        // The widths differ by two exact differences, not by that of two rounded widths.
        let excess = ((low - to_low) + (to_high - high)) / width;
        let value =
            R::select(excess.lt(R::constant(1.0)), excess.ln_1p(), ln_ratio(to_width, width));
        let outside = low.lt(to_low) | to_high.lt(high);
        R::select(outside, R::constant(f64::INFINITY), value)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<UniformToUniform>();
        closed_form(&FORMULA, self, other)
    }
}
