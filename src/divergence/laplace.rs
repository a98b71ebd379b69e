//! Divergences to the Laplace.

mod gamma;
mod half_line;
mod uniform;

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::{exp_gap, ratio_gap};
use crate::constants::{MEAN_ABSOLUTE_NORMAL, SQRT_HALF_PI};
use crate::distribution::KlDivergence;
use crate::distributions::{Laplace, Logistic, Normal};
use crate::kernel::{Formula, Op, Real};

/// ln 2 + ½ − ½ ln(π/2), what ln(2eE) of a Normal about its mean is above its entropy.
const NORMAL_EXCESS: f64 = 0.048_417_294_710_545_14;
/// ln(4 ln 2) − 1, the same of a Logistic.
const LOGISTIC_EXCESS: f64 = 0.019_781_440_538_226_29;

/// With E = E|x − μ′|, ln(2σ′) + E/σ′ − H is E/σ′ − 1 − ln(E/σ′) and the excess ln(2eE) − H: the
/// first is 0 for the best scale, and the second at least 0.
#[inline(always)]
fn to_laplace<R: Real>(mean_absolute: R, scale: R, excess: R) -> R {
    ratio_gap(mean_absolute, scale) + excess
}

/// The derivatives in the parameters of Q, with P(x < μ′) − P(x > μ′). The steps of the value would
/// lose that in the location: E both enters and leaves the logarithm.
#[inline(always)]
fn slopes<R: Real>(mean_absolute: R, balance: R, scale: R) -> [R; 2] {
    [balance / scale, (-(mean_absolute / scale) + 1.0) / scale]
}

/// A distance beyond which nothing of its exponential is left; NaN for NaN.
#[inline(always)]
fn within<R: Real>(distance: R, far: f64) -> R {
    R::constant(far).min(distance)
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

    #[inline(always)]
    fn partials<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> [R; 4] {
        let difference = loc - to_loc;
        let z = difference.abs() / scale;
        let by_loc = difference.sign_of(-(-z).exp_m1()) / to_scale;
        // (1 + z) e^(−z) − σ′/σ. Near z = 0 from what the first leaves of 1, a product; the steps of
        // the value would leave z twice, to cancel.
        let held = within(z, 80.0);
        let fall = (-held).exp();
        let near = (scale - to_scale) / scale - fall * exp_gap(held);
        let far = fall * (held + 1.0) - to_scale / scale;
        let by_scale = R::select(z.lt(R::constant(1.0)), near, far);
        let excess = (scale - to_scale) / to_scale + scale / to_scale * exp_gap(-z);
        [by_loc, by_scale / to_scale, -by_loc, -(excess / to_scale)]
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

impl NormalToLaplace {
    /// erf(z/√2), and E less that for z = 0, relative to it.
    #[inline(always)]
    fn parts<R: Real>(z: R) -> [R; 2] {
        let balance = (z * core::f64::consts::FRAC_1_SQRT_2).erf();
        [balance, (z.square() * -0.5).exp_m1() + z * balance * SQRT_HALF_PI]
    }
}

impl Formula<4> for NormalToLaplace {
    const NAME: &'static str = "KL(Normal ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["loc", "scale", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> R {
        let [_, beyond] = Self::parts((loc - to_loc) / scale);
        let mean_absolute = scale * ((beyond + 1.0) * MEAN_ABSOLUTE_NORMAL);
        // Not from ln E, with which a constant of five times the least excess would cancel.
        to_laplace(mean_absolute, to_scale, beyond.ln_1p() + NORMAL_EXCESS)
    }

    #[inline(always)]
    fn partials<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> [R; 4] {
        let z = (loc - to_loc) / scale;
        let [balance, beyond] = Self::parts(z);
        let mean_absolute = scale * ((beyond + 1.0) * MEAN_ABSOLUTE_NORMAL);
        let [by_loc, by_to_scale] = slopes(mean_absolute, balance, to_scale);
        let by_scale = (z.square() * -0.5).exp() * MEAN_ABSOLUTE_NORMAL / to_scale - scale.recip();
        [by_loc, by_scale, -by_loc, by_to_scale]
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
        // Near z = 0 from ln cosh(z/2), which E/σ is beyond 2 ln 2, twice: the constants that
        // cancel in the logarithm of E are fifteen times what they leave.
        let beyond = (-(z * 0.5).tanh().square()).ln_1p() * (-0.5 / core::f64::consts::LN_2);
        let near = beyond.ln_1p() + LOGISTIC_EXCESS;
        let far = unit.ln() + (core::f64::consts::LN_2 - 1.0);
        let excess = R::select(z.lt(R::constant(1.0)), near, far);
        to_laplace(unit * scale, to_scale, excess)
    }

    #[inline(always)]
    fn partials<R: Real>([loc, scale, to_loc, to_scale]: [R; 4]) -> [R; 4] {
        let difference = loc - to_loc;
        let z = difference.abs() / scale;
        let rest = (-z).softplus();
        let mean_absolute = scale * (z + rest * 2.0);
        let balance = difference.sign_of((z * 0.5).tanh());
        let [by_loc, by_to_scale] = slopes(mean_absolute, balance, to_scale);
        let held = within(z, 1e3);
        let spread = (rest + held * (-held).sigmoid()) * 2.0;
        [by_loc, spread / to_scale - scale.recip(), -by_loc, by_to_scale]
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<LogisticToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}
