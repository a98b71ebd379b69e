//! Divergences to the Cauchy.

use burn::tensor::Tensor;

use super::closed_form;
use super::interval::{mean_ln_1p_square, mean_slopes};
use crate::distribution::KlDivergence;
use crate::distributions::{Cauchy, HalfCauchy, Uniform};
use crate::kernel::{Formula, Op, Real};

/// ln(((γ + γ′)² + (μ − μ′)²)/(4γγ′)).
struct CauchyToCauchy;

impl Formula<4> for CauchyToCauchy {
    const NAME: &'static str = "KL(Cauchy ‖ Cauchy)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        let (distance, gap) = (loc - to_loc, scale - to_scale);
        let excess = (gap / scale) * (gap / to_scale) + (distance / scale) * (distance / to_scale);
        // The products overflow long before the logarithm is large.
        let far = excess.gt(R::constant(if R::double() { 1e290 } else { 1e30 }));
        let sum = scale + to_scale;
        let (large, small) = (sum.max(distance.abs()), sum.min(distance.abs()));
        let hypotenuse = large.ln() + (small / large).square().ln_1p() * 0.5;
        let spread = (hypotenuse - core::f64::consts::LN_2) * 2.0 - (scale.ln() + to_scale.ln());
        R::select(far, spread, (excess * 0.25).ln_1p())
    }
}

impl<const D: usize> KlDivergence<D, Cauchy<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Cauchy<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<CauchyToCauchy>();
        closed_form(&FORMULA, self, other)
    }
}

/// Folding two Cauchys about their common median leaves their divergence as it is.
struct HalfCauchyToHalfCauchy;

impl Formula<2> for HalfCauchyToHalfCauchy {
    const NAME: &'static str = "KL(HalfCauchy ‖ HalfCauchy)";
    const INPUTS: [&'static str; 2] = ["scale", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, to_scale]: [R; 2]) -> R {
        let median = R::constant(0.0);
        CauchyToCauchy::evaluate([median, scale, median, to_scale])
    }
}

impl<const D: usize> KlDivergence<D, HalfCauchy<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &HalfCauchy<D>) -> Tensor<D> {
        static FORMULA: Op<2> = Op::new::<HalfCauchyToHalfCauchy>();
        closed_form(&FORMULA, self, other)
    }
}

/// ln(πγ/(high − low)) + E ln(1 + z²), z = (x − μ)/γ.
struct UniformToCauchy;

impl Formula<4> for UniformToCauchy {
    const NAME: &'static str = "KL(Uniform ‖ Cauchy)";
    const INPUTS: [&'static str; 4] = ["low", "high", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, loc, scale]: [R; 4]) -> R {
        let width = (high - low) / scale;
        let mean = mean_ln_1p_square((low - loc) / scale, (high - loc) / scale, width);
        mean - (width * core::f64::consts::FRAC_1_PI).ln()
    }

    // Expectations of their own, where the antiderivative that the value is taken from has terms of
    // the size of z to cancel.
    #[inline(always)]
    fn partials<R: Real>([low, high, loc, scale]: [R; 4]) -> [R; 4] {
        let [left, right] = [low, high].map(|end| (end - loc) / scale);
        let width = (high - low) / scale;
        let [by_place, by_size] = mean_slopes(left, right, width);
        // The mean is that of the ends, each times the other's distance, and these two.
        let by_low = right * by_place + (by_size - 1.0);
        let by_high = -(left * by_place) - (by_size - 1.0);
        [
            by_low / (high - low),
            by_high / (high - low),
            -(by_place / scale),
            (by_size - 1.0) / scale,
        ]
    }
}

impl<const D: usize> KlDivergence<D, Cauchy<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Cauchy<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<UniformToCauchy>();
        closed_form(&FORMULA, self, other)
    }
}
