//! The formulas and the draw.

use crate::distributions::powers::{complement, ln_complement};
use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};

/// The formulas.
struct Law;

pub(super) static OPS: UnivariateOps<3> = UnivariateOps::new::<Law>();

impl UnivariateLaw<3> for Law {
    const NAME: &'static str = "Gumbel";
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];
    const POSITIVE: &'static [usize] = &[2];

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = (x - loc) / scale;
        // At z = −∞ the sum e^-z + z is ∞ − ∞, and its slope too where z is merely large: so z is
        // held, and the slope 1 − e^-z is given as one number.
        let bounded = R::select(z.lt(R::constant(-1e4)), R::constant(-1e4), z);
        let sum = ((-bounded).exp() + bounded).with_slope(-(-z).exp_m1(), z);
        -sum - scale.ln()
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        Self::log_cdf(inputs).exp()
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        -((loc - x) / scale).exp()
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        complement(-Self::log_cdf(inputs))
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let w = (loc - x) / scale;
        ln_complement(w, w.exp())
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        let p = masks::probability(p);
        // Near 1 the logarithm vanishes with p − 1, which is exact.
        let log = R::select(p.gt(R::constant(0.5)), (p - 1.0).ln_1p(), p.ln());
        loc - scale * (-log).ln()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        loc - scale * (-(-masks::probability(p)).ln_1p()).ln()
    }
}

/// A draw from standard Gumbel noise, with its log-density.
struct Draw;

pub(super) static DRAW: DrawOps<3> = DrawOps::new::<Draw>();

impl MultiFormula<3, 2> for Draw {
    const NAME: &'static str = "Gumbel";
    const INPUTS: [&'static str; 3] = ["noise", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        [masks::finite(loc + scale * noise), -((-noise).exp() + noise) - scale.ln()]
    }
}
