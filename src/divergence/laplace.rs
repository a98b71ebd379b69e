//! Divergences to the Laplace.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{exp_gap, ratio_gap};
use super::stirling::gamma_negentropy;
use crate::distribution::KlDivergence;
use crate::distributions::{
    Exponential, Gamma, HalfNormal, Laplace, LogNormal, Logistic, Normal, Uniform,
};
use crate::kernel::{Formula, Op, Real};

/// ln 2 + ½ − ½ ln 2π, the part of ln(2e) that the entropy of a Normal of scale 1 leaves.
const NORMAL_EXCESS: f64 = 0.274_208_647_355_272_57;
/// ln 2 + ½ − ½ ln(π/2), the same of a HalfNormal.
const HALF_NORMAL_EXCESS: f64 = 0.967_355_827_915_217_9;
/// √(2/π), the mean of |z| for a standard Normal.
const MEAN_ABSOLUTE: f64 = 0.797_884_560_802_865_4;

/// 2/√(2π).
const TWO_OVER_SQRT_TWO_PI: f64 = 0.797_884_560_802_865_4;

/// With E = E|x − μ′|, ln(2σ′) + E/σ′ − H is E/σ′ − 1 − ln(E/σ′) and the excess ln(2eE) − H: the
/// first is 0 for the best scale, and the second at least 0.
#[inline(always)]
fn to_laplace<R: Real>(mean_absolute: R, scale: R, excess: R) -> R {
    ratio_gap(mean_absolute, scale) + excess
}

/// ln(σ′/σ) + |μ − μ′|/σ′ + (σ/σ′) exp(−|μ − μ′|/σ) − 1.
struct LaplaceToLaplace;

impl Formula<4> for LaplaceToLaplace {
    const NAME: &'static str = "KL(Laplace ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        let distance = (loc - to_loc).abs() / scale;
        ratio_gap(scale, to_scale) + scale / to_scale * exp_gap(-distance)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LaplaceToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E|x − μ′| = σ √(2/π) exp(−z²/2) + (μ − μ′) erf(z/√2), z = (μ − μ′)/σ.
struct NormalToLaplace;

impl Formula<4> for NormalToLaplace {
    const NAME: &'static str = "KL(Normal ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        let z = (loc - to_loc) / scale;
        let near = (z.square() * -0.5).exp() * MEAN_ABSOLUTE;
        let unit = near + z * (z * core::f64::consts::FRAC_1_SQRT_2).erf();
        to_laplace(unit * scale, to_scale, unit.ln() + NORMAL_EXCESS)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Normal<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<NormalToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E|x − μ′| = |μ − μ′| + 2σ ln(1 + exp(−|μ − μ′|/σ)).
struct LogisticToLaplace;

impl Formula<4> for LogisticToLaplace {
    const NAME: &'static str = "KL(Logistic ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        let z = (loc - to_loc).abs() / scale;
        let unit = z + (-z).exp().ln_1p() * 2.0;
        let excess = unit.ln() + (core::f64::consts::LN_2 - 1.0);
        to_laplace(unit * scale, to_scale, excess)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LogisticToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E|x − μ′| = 1/r − μ′, and for μ′ > 0 μ′ + (2 exp(−rμ′) − 1)/r.
struct ExponentialToLaplace;

impl Formula<3> for ExponentialToLaplace {
    const NAME: &'static str = "KL(Exponential ‖ Laplace)";
    const INPUTS: [&'static str; 3] = ["rate", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([rate, loc, scale]: [R; 3]) -> R {
        let y = rate * loc;
        let inside = (y - 1.0) + (-y).exp() * 2.0;
        let unit = R::select(y.gt(R::constant(0.0)), inside, -y + 1.0);
        to_laplace(unit / rate, scale, unit.ln() + core::f64::consts::LN_2)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<ExponentialToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E|x − μ′|, in which z = μ′/σ > 0 splits the half-line.
struct HalfNormalToLaplace;

impl Formula<3> for HalfNormalToLaplace {
    const NAME: &'static str = "KL(HalfNormal ‖ Laplace)";
    const INPUTS: [&'static str; 3] = ["scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, to_loc, to_scale]: [R; 3]) -> R {
        let z = to_loc / scale;
        let tail = (z.square() * -0.5).exp() * 2.0 - 1.0;
        let below = (z * core::f64::consts::FRAC_1_SQRT_2).erf() * 2.0 - 1.0;
        let inside = tail * MEAN_ABSOLUTE + z * below;
        let unit = R::select(z.gt(R::constant(0.0)), inside, -z + MEAN_ABSOLUTE);
        to_laplace(unit * scale, to_scale, unit.ln() + HALF_NORMAL_EXCESS)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<HalfNormalToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}

/// From r E|x − μ′| = (y − a) (2P(a, y) − 1) + 2 yᵃe⁻ʸ/Γ(a), y = rμ′ > 0.
struct GammaToLaplace;

impl Formula<4> for GammaToLaplace {
    const NAME: &'static str = "KL(Gamma ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["concentration", "rate", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([a, rate, loc, scale]: [R; 4]) -> R {
        let inside = loc.gt(R::constant(0.0));
        let y = R::select(inside, rate * loc, a);
        // yᵃe⁻ʸ/Γ(a) by its distance from the peak: a ln y − y − ln Γ(a) would cancel for large a.
        let peak = (-(a * ratio_gap(y, a)) - a.ln_gamma_stirling()).exp();
        let kernel = peak * a.sqrt() * TWO_OVER_SQRT_TWO_PI;
        // Both factors of the product change sign near the median, where the kernel is largest.
        let split = (y - a) * (a.gamma_p(y) * 2.0 - 1.0) + kernel;
        let unit = R::select(inside, split, a - rate * loc);
        let excess = (unit / a.sqrt()).ln() + NORMAL_EXCESS + gamma_negentropy(a);
        to_laplace(unit / rate, scale, excess)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<GammaToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E|x − μ′| = μ′ erf(k/√2) − M erf((k − σ)/√2), k = (ln μ′ − μ)/σ, μ′ > 0.
struct LogNormalToLaplace;

impl Formula<4> for LogNormalToLaplace {
    const NAME: &'static str = "KL(LogNormal ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        let mean = (loc + scale.square() * 0.5).exp();
        let inside = to_loc.gt(R::constant(0.0));
        let k = (R::select(inside, to_loc, mean).ln() - loc) / scale;
        let at = |x: R| (x * core::f64::consts::FRAC_1_SQRT_2).erf();
        let split = to_loc * at(k) - mean * at(k - scale);
        let mean_absolute = R::select(inside, split, mean - to_loc);
        // Not through ln E, as E may underflow where μ does not.
        let logs = (to_scale / scale).ln() - loc;
        mean_absolute / to_scale + logs + (NORMAL_EXCESS - 1.0)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LogNormalToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}

/// From E|x − μ′|, half the mean square distance over the width where μ′ lies inside.
struct UniformToLaplace;

impl Formula<4> for UniformToLaplace {
    const NAME: &'static str = "KL(Uniform ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["low", "high", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([low, high, loc, scale]: [R; 4]) -> R {
        let width = high - low;
        let (left, right) = (loc - low, high - loc);
        let inside = left * (left / width) * 0.5 + right * (right / width) * 0.5;
        let middle = ((high - loc) - left) * 0.5;
        let zero = R::constant(0.0);
        let outside = left.lt(zero) | right.lt(zero);
        let mean_absolute = R::select(outside, middle.abs(), inside);
        let excess = (mean_absolute / width).ln() + (core::f64::consts::LN_2 + 1.0);
        to_laplace(mean_absolute, scale, excess)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<UniformToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}
