//! The formulas and the draw.

use crate::constants::HALF_LN_TWO_PI;
use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{Formula, MultiFormula, Op, Real, masks};

/// The formulas.
struct Law;

pub(super) static OPS: UnivariateOps<3> = UnivariateOps::new::<Law>();

impl UnivariateLaw<3> for Law {
    const NAME: &'static str = "LogNormal";
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];
    const POSITIVE: &'static [usize] = &[2];

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let log = x.ln();
        let z = (log - loc) / scale;
        let inside = z.square() * -0.5 - scale.ln() - HALF_LN_TWO_PI - log;
        // The limit at 0 is that from the right; ln 0 would give -inf + inf.
        masks::outside(not_positive(x), [loc, scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = (x.ln() - loc) / scale;
        let inside = z.ndtr();
        masks::outside(not_positive(x), [loc, scale], 0.0, inside)
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let inside = ((x.ln() - loc) / scale).log_ndtr();
        masks::outside(not_positive(x), [loc, scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = (x.ln() - loc) / scale;
        let inside = (-z).ndtr();
        masks::outside(not_positive(x), [loc, scale], 1.0, inside)
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let inside = ((loc - x.ln()) / scale).log_ndtr();
        masks::outside(not_positive(x), [loc, scale], 0.0, inside)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        (loc + scale * masks::probability(p).ndtri()).exp()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        Self::quantile([p, loc, -scale])
    }
}

/// Whether x <= 0; false for NaN.
#[inline(always)]
fn not_positive<R: Real>(x: R) -> R::Mask {
    x.le(R::constant(0.0))
}

/// The standard deviation.
struct StdDev;

pub(super) static STD_DEV: Op<2> = Op::new::<StdDev>();

impl Formula<2> for StdDev {
    const NAME: &'static str = "LogNormal";
    const INPUTS: [&'static str; 2] = ["loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([loc, scale]: [R; 2]) -> R {
        // √(e^(s²) - 1) e^(loc + s²/2), with e^(s²) taken out: it may overflow where the product
        // does not. For tiny s the root is s itself, whose square underflows.
        let square = scale.square();
        let root = (-(-square).exp_m1()).sqrt();
        R::select(scale.lt(R::constant(1e-9)), scale, root) * (loc + square).exp()
    }
}

/// A draw from standard normal noise, with its log-density.
struct Draw;

pub(super) static DRAW: DrawOps<3> = DrawOps::new::<Draw>();

impl MultiFormula<3, 2> for Draw {
    const NAME: &'static str = "LogNormal";
    const INPUTS: [&'static str; 3] = ["noise", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        let log = loc + scale * noise;
        let density = noise.square() * -0.5 - scale.ln() - HALF_LN_TWO_PI - log;
        // Beyond -87 in f32 the draw is 0 or subnormal, beyond 88 infinite.
        let smallest = masks::smallest::<R>();
        let x = log.exp();
        [masks::finite(R::select(x.lt(smallest), smallest, x)), density]
    }
}
