//! The divergence of a Gamma to the Laplace.

use burn::tensor::Tensor;

use super::super::closed_form;
use super::super::gaps::ratio_gap;
use super::super::stirling::{gamma_negentropy, trigamma_excess};
use super::{NORMAL_EXCESS, slopes, to_laplace};
use crate::constants::{MEAN_ABSOLUTE_NORMAL, SQRT_HALF_PI};
use crate::distribution::KlDivergence;
use crate::distributions::{Gamma, Laplace};
use crate::kernel::{Formula, Op, Real};

/// What E|x − y| is made of for a Gamma of concentration a and rate 1, y > 0.
struct Split<R> {
    /// P(x < y) − P(x > y).
    balance: R,
    /// yᵃe⁻ʸ/Γ(a), relative to √(a/2π), less 1.
    beyond: R,
}

impl<R: Real> Split<R> {
    #[inline(always)]
    fn new(a: R, y: R) -> Self {
        // By its distance from the peak: a ln y − y − ln Γ(a) would cancel for large a.
        let beyond = (-(a * ratio_gap(y, a)) - a.ln_gamma_stirling()).exp_m1();
        Self { balance: a.gamma_p(y) * 2.0 - 1.0, beyond }
    }

    /// 2yᵃe⁻ʸ/Γ(a).
    #[inline(always)]
    fn kernel(&self, a: R) -> R {
        (self.beyond + 1.0) * a.sqrt() * MEAN_ABSOLUTE_NORMAL
    }

    /// E|x − y| = (y − a) (2P(a, y) − 1) + 2 yᵃe⁻ʸ/Γ(a).
    #[inline(always)]
    fn mean_absolute(&self, a: R, y: R) -> R {
        // Both factors of the product change sign near the median, where the kernel is largest.
        (y - a) * self.balance + self.kernel(a)
    }
}

/// E|x − y| for a Gamma of rate 1, y > 0.
struct MeanAbsolute;

impl Formula<2> for MeanAbsolute {
    const NAME: &'static str = "KL(Gamma ‖ Laplace)";
    const INPUTS: [&'static str; 2] = ["concentration", "other loc"];

    #[inline(always)]
    fn evaluate<R: Real>([a, y]: [R; 2]) -> R {
        Split::new(a, y).mean_absolute(a, y)
    }
}

struct GammaToLaplace;

impl Formula<4> for GammaToLaplace {
    const NAME: &'static str = "KL(Gamma ‖ Laplace)";
    const INPUTS: [&'static str; 4] = ["concentration", "rate", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>([a, rate, loc, scale]: [R; 4]) -> R {
        let inside = loc.gt(R::constant(0.0));
        let y = R::select(inside, rate * loc, a);
        let split = Split::new(a, y);
        let unit = R::select(inside, split.mean_absolute(a, y), a - rate * loc);
        // For large a near the least excess, that of a Normal, from what E is beyond a Normal's:
        // constants of five times as much cancel in its logarithm.
        let beyond = split.beyond + (y - a) / a.sqrt() * split.balance * SQRT_HALF_PI;
        let far = (unit / (a.sqrt() * MEAN_ABSOLUTE_NORMAL)).ln();
        let large = inside & a.gt(R::constant(1.0));
        let excess = R::select(large, beyond.ln_1p(), far) + NORMAL_EXCESS + gamma_negentropy(a);
        to_laplace(unit / rate, scale, excess)
    }

    #[inline(always)]
    fn partials<R: Real>([a, rate, loc, scale]: [R; 4]) -> [R; 4] {
        let one = R::constant(1.0);
        let inside = loc.gt(R::constant(0.0));
        let y = R::select(inside, rate * loc, a);
        let split = Split::new(a, y);
        let balance = R::select(inside, split.balance, -one);
        let kernel = R::select(inside, split.kernel(a), R::constant(0.0));
        let unit = (rate * loc - a) * balance + kernel;
        let [by_loc, by_scale] = slopes(unit / rate, balance, scale);
        let [unit_by_a, _] = MeanAbsolute::partials([a, y]);
        let unit_by_a = R::select(inside, unit_by_a, one);
        // E[x; x > y] − E[x; x < y], and the entropy's derivative 1 + (1 − a) ψ₁(a).
        let spread = kernel - a * balance;
        let of_entropy = a.trigamma() - trigamma_excess(a);
        let by_a = unit_by_a / rate / scale - of_entropy;
        [by_a, (-(spread / rate / scale) + 1.0) / rate, by_loc, by_scale]
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        static FORMULA: Op<4> = Op::new::<GammaToLaplace>();
        closed_form(&FORMULA, self, other)
    }
}
