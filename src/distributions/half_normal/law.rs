//! The formulas and the draw.

use core::f64::consts::{FRAC_1_SQRT_2, LN_2};

use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};

/// ½ ln(2/π).
pub(super) const HALF_LN_TWO_OVER_PI: f64 = -0.225_791_352_644_727_43;

/// The formulas.
struct Law;

pub(super) static OPS: UnivariateOps<2> = UnivariateOps::new::<Law>();

impl UnivariateLaw<2> for Law {
    const NAME: &'static str = "HalfNormal";
    const INPUTS: [&'static str; 2] = ["value", "scale"];
    const POSITIVE: &'static [usize] = &[1];

    #[inline(always)]
    fn log_density<R: Real>([x, scale]: [R; 2]) -> R {
        let z = x / scale;
        let inside = z.square() * -0.5 - scale.ln() + HALF_LN_TWO_OVER_PI;
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, scale]: [R; 2]) -> R {
        masks::below_zero(x, [scale], 0.0, (x / scale * FRAC_1_SQRT_2).erf())
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, scale]: [R; 2]) -> R {
        let z = x / scale;
        let y = z * FRAC_1_SQRT_2;
        // erf rounds to 1 above z = 5.5 in f32, where only erfc still tells.
        let far = ((-z).ndtr() * -2.0).ln_1p();
        let inside = R::select(y.lt(R::constant(FRAC_1_SQRT_2)), y.erf().ln(), far);
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn survival<R: Real>([x, scale]: [R; 2]) -> R {
        masks::below_zero(x, [scale], 1.0, (-x / scale).ndtr() * 2.0)
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, scale]: [R; 2]) -> R {
        let z = x / scale;
        // Near 0 the sum cancels; in the tail erf is 1 and erfc underflows.
        let near = (-(z * FRAC_1_SQRT_2).erf()).ln_1p();
        let far = (-z).log_ndtr() + LN_2;
        let inside = R::select(z.lt(R::constant(1.0)), near, far);
        masks::below_zero(x, [scale], 0.0, inside)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale]: [R; 2]) -> R {
        scale * masks::probability(p).ndtri_central()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale]: [R; 2]) -> R {
        // Half of the lower tail of a Normal.
        -scale * (masks::probability(p) * 0.5).ndtri()
    }
}

/// A draw from standard normal noise, with its log-density.
struct Draw;

pub(super) static DRAW: DrawOps<2> = DrawOps::new::<Draw>();

impl MultiFormula<2, 2> for Draw {
    const NAME: &'static str = "HalfNormal";
    const INPUTS: [&'static str; 2] = ["noise", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, scale]: [R; 2]) -> [R; 2] {
        let density = noise.square() * -0.5 - scale.ln() + HALF_LN_TWO_OVER_PI;
        [masks::finite(scale * noise.abs()), density]
    }
}
