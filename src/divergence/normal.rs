//! Divergences to the Normal.

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{exp_gap, scale_gap};
use super::stirling::gamma_negentropy;
use crate::distribution::{KlDivergence, Moments};
use crate::distributions::{
    Exponential, Gamma, Gumbel, HalfNormal, Laplace, LogNormal, Logistic, Normal, Uniform,
};
use crate::kernel::{Formula, Op, Real};

/// ½ ln(2/π) + ½: the entropy an Exponential lacks to that of a Normal of its variance.
const EXPONENTIAL_NEGENTROPY: f64 = 0.418_938_533_204_672_74;
/// ½ ln(π³e/3) − 1 − γ, the same of a Gumbel.
const GUMBEL_NEGENTROPY: f64 = 0.090_573_019_538_512_56;
/// ½ ln(4 (1 − 2/π)), the same of a HalfNormal.
const HALF_NORMAL_NEGENTROPY: f64 = 0.186_994_413_621_318_41;
/// ½ ln(π/e), the same of a Laplace.
const LAPLACE_NEGENTROPY: f64 = 0.072_364_942_924_700_09;
/// ½ ln(2πe π²/3) − 2, the same of a Logistic.
const LOGISTIC_NEGENTROPY: f64 = 0.014_362_274_720_018_07;
/// ½ ln(πe/6), the same of a Uniform.
const UNIFORM_NEGENTROPY: f64 = 0.176_485_208_310_672_6;

/// ½ [σ²/σ′² − 1 − ln(σ²/σ′²) + ((μ − μ′)/σ′)²].
#[inline(always)]
fn normal_to_normal<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
    scale_gap(scale, to_scale) + ((loc - to_loc) / to_scale).square() * 0.5
}

struct NormalToNormal;

static NORMAL_TO_NORMAL: Op<4> = Op::new::<NormalToNormal>();

impl Formula<4> for NormalToNormal {
    const NAME: &'static str = "KL to Normal";
    const INPUTS: [&'static str; 4] = ["mean", "standard deviation", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 4]) -> R {
        normal_to_normal(inputs)
    }
}

/// The divergence between two Normals.
pub(super) fn between_normals<const D: usize>(parameters: [Tensor<D>; 4]) -> Tensor<D> {
    NORMAL_TO_NORMAL.apply(parameters)
}

/// The divergence to a Normal depends on the mean, the standard deviation and the entropy of P: it
/// is that from a Normal of the same moments, which this is, plus what P's entropy lacks to that
/// Normal's. Both are at least 0, so nothing cancels.
fn of_moments<const D: usize>(p: &impl Moments<D>, q: &Normal<D>) -> Tensor<D> {
    between_normals([p.mean(), p.std_dev(), q.loc(), q.scale()])
}

/// [`gamma_negentropy`], what the entropy of a Gamma lacks.
struct GammaNegentropy;

static GAMMA_NEGENTROPY: Op<1> = Op::new::<GammaNegentropy>();

impl Formula<1> for GammaNegentropy {
    const NAME: &'static str = "Gamma negentropy";
    const INPUTS: [&'static str; 1] = ["concentration"];

    #[inline(always)]
    fn evaluate<R: Real>([concentration]: [R; 1]) -> R {
        gamma_negentropy(concentration)
    }
}

/// ½ ln(2πea) − H for a Gamma of concentration a.
pub(super) fn negentropy_of_gamma<const D: usize>(gamma: &Gamma<D>) -> Tensor<D> {
    GAMMA_NEGENTROPY.apply([gamma.concentration()])
}

impl<const D: usize> KlDivergence<D, Normal<D>> for Normal<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        between_normals([self.loc(), self.scale(), other.loc(), other.scale()])
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        of_moments(self, other) + EXPONENTIAL_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        of_moments(self, other) + HALF_NORMAL_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        of_moments(self, other) + LAPLACE_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        of_moments(self, other) + LOGISTIC_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        of_moments(self, other) + GUMBEL_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        of_moments(self, other) + UNIFORM_NEGENTROPY
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        let (mean, std_dev) = (self.mean(), self.concentration().sqrt() / self.rate());
        let moments = between_normals([mean, std_dev, other.loc(), other.scale()]);
        moments + negentropy_of_gamma(self)
    }
}

/// A Normal of the same moments, and ½ [ln(expm1(σ²)/σ²) + σ²].
struct LogNormalToNormal;

impl Formula<4> for LogNormalToNormal {
    const NAME: &'static str = "KL(LogNormal ‖ Normal)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        let variance = scale.square();
        let mean = (loc + variance * 0.5).exp();
        // expm1(σ²) would overflow for σ > 9.4 in f32.
        let std_dev = (loc + variance).exp() * (-(-variance).exp_m1()).sqrt();
        let ratio = std_dev / to_scale;
        let moments = normal_to_normal([mean, std_dev, to_loc, to_scale]);
        // ln((1 − e^(−y))/y) from the part of 1 − e^(−y) beyond y, as the quotient rounds to 1 for
        // small y; where y itself underflows, −y/2.
        let small = variance.lt(R::constant(1e-30));
        let beyond = R::select(small, variance * 0.5, exp_gap(-variance) / variance);
        let near = moments + variance + (-beyond).ln_1p() * 0.5;
        // A standard deviation that underflows has a logarithm all the same: the textbook form.
        let squares = ratio.square() + ((mean - to_loc) / to_scale).square();
        let far = (squares - 1.0) * 0.5 - loc - (scale / to_scale).ln();
        R::select(ratio.lt(R::constant(0.25)), far, near)
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LogNormalToNormal>();
        closed_form(&FORMULA, self, other)
    }
}
