//! Divergences of laws on the half-line to the Laplace.

use burn::tensor::Tensor;

use super::super::closed_form;
use super::{slopes, to_laplace, within};
use crate::constants::MEAN_ABSOLUTE_NORMAL;
use crate::distribution::KlDivergence;
use crate::distributions::{Exponential, HalfNormal, Laplace, LogNormal};
use crate::kernel::{Formula, Op, Real};

/// ln 2 + ½ − ½ ln 2π, the part of ln(2e) that the entropy of a Normal of scale 1 leaves.
const UNIT_NORMAL_EXCESS: f64 = 0.274_208_647_355_272_57;
/// ln 2 + ½ − ½ ln(π/2), the same of a HalfNormal.
const HALF_NORMAL_EXCESS: f64 = 0.967_355_827_915_217_9;

/// From E|x − μ′| = 1/r − μ′, and for μ′ > 0 μ′ + (2 exp(−rμ′) − 1)/r.
struct ExponentialToLaplace;

impl ExponentialToLaplace {
    /// r E for y = rμ′.
    #[inline(always)]
    fn unit<R: Real>(y: R) -> R {
        let inside = (y - 1.0) + (-y).exp() * 2.0;
        R::select(y.gt(R::constant(0.0)), inside, -y + 1.0)
    }
}

impl Formula<3> for ExponentialToLaplace {
    const NAME: &'static str = "KL(Exponential ‖ Laplace)";
    const INPUTS: [&'static str; 3] = ["rate", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([rate, loc, scale]: [R; 3]) -> R {
        let unit = Self::unit(rate * loc);
        to_laplace(unit / rate, scale, unit.ln() + core::f64::consts::LN_2)
    }

    #[inline(always)]
    fn partials<R: Real>([rate, loc, scale]: [R; 3]) -> [R; 3] {
        let y = rate * loc;
        // Below the support as at its end.
        let held = within(y, 1e3).max(R::constant(0.0));
        let above = (-held).exp() * 2.0;
        let [by_loc, by_scale] = slopes(Self::unit(y) / rate, -above + 1.0, scale);
        let spread = above * (held + 1.0) - 1.0;
        [(-(spread / rate / scale) + 1.0) / rate, by_loc, by_scale]
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

impl HalfNormalToLaplace {
    /// P(x < μ′) − P(x > μ′), and E[z; x > μ′] − E[z; x < μ′] for the value z of scale 1.
    #[inline(always)]
    fn parts<R: Real>(z: R) -> [R; 2] {
        // Below the support as at its end.
        let z = z.max(R::constant(0.0));
        let tail = (z.square() * -0.5).exp() * 2.0 - 1.0;
        let below = (z * core::f64::consts::FRAC_1_SQRT_2).erf() * 2.0 - 1.0;
        [below, tail * MEAN_ABSOLUTE_NORMAL]
    }
}

impl Formula<3> for HalfNormalToLaplace {
    const NAME: &'static str = "KL(HalfNormal ‖ Laplace)";
    const INPUTS: [&'static str; 3] = ["scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, to_loc, to_scale]: [R; 3]) -> R {
        let z = to_loc / scale;
        let [balance, spread] = Self::parts(z);
        let unit = spread + z * balance;
        to_laplace(unit * scale, to_scale, unit.ln() + HALF_NORMAL_EXCESS)
    }

    #[inline(always)]
    fn partials<R: Real>([scale, to_loc, to_scale]: [R; 3]) -> [R; 3] {
        let z = to_loc / scale;
        let [balance, spread] = Self::parts(z);
        let [by_loc, by_scale] = slopes((spread + z * balance) * scale, balance, to_scale);
        [spread / to_scale - scale.recip(), by_loc, by_scale]
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<3> = Op::new::<HalfNormalToLaplace>();
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
        mean_absolute / to_scale + logs + (UNIT_NORMAL_EXCESS - 1.0)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LogNormalToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}
