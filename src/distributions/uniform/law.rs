//! The formulas and the draw.

use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};

/// ½ε of `f32` times 1 + 2⁻²⁰.
const HALF_ULP_F32: f64 = 0.5 * f32::EPSILON as f64 * (1.0 + 1.0 / 1_048_576.0);
/// ½ε of `f64` times 1 + 2⁻²⁰.
const HALF_ULP_F64: f64 = 0.5 * f64::EPSILON * (1.0 + 1.0 / 1_048_576.0);

/// The formulas.
struct Law;

pub(super) static OPS: UnivariateOps<3> = UnivariateOps::new::<Law>();

/// `value`, or NaN where the ends are in the wrong order.
#[inline(always)]
fn ordered<R: Real>([low, high]: [R; 2], value: R) -> R {
    R::select(high.lt(low), R::constant(f64::NAN), value)
}

impl UnivariateLaw<3> for Law {
    const NAME: &'static str = "Uniform";
    const INPUTS: [&'static str; 3] = ["value", "low", "high"];

    #[inline(always)]
    fn log_density<R: Real>([x, low, high]: [R; 3]) -> R {
        let beyond = x.lt(low) | x.gt(high);
        // The density does not depend on x, but NaN must come out as NaN.
        let inside = R::select(x.is_nan(), x, -(high - low).ln());
        ordered([low, high], masks::outside(beyond, [low, high], f64::NEG_INFINITY, inside))
    }

    #[inline(always)]
    fn cdf<R: Real>([x, low, high]: [R; 3]) -> R {
        let inside = (x - low) / (high - low);
        let inside = masks::outside(x.gt(high), [low], 1.0, inside);
        ordered([low, high], masks::outside(x.lt(low), [high], 0.0, inside))
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, low, high]: [R; 3]) -> R {
        let (below, above) = (x - low, high - x);
        let width = high - low;
        // From the nearer end: the distance to it is exact to its own rounding.
        let near = below.lt(above);
        let inside = R::select(near, (below / width).ln(), (-(above / width)).ln_1p());
        let inside = masks::outside(x.gt(high), [low], 0.0, inside);
        ordered([low, high], masks::outside(x.lt(low), [high], f64::NEG_INFINITY, inside))
    }

    #[inline(always)]
    fn survival<R: Real>([x, low, high]: [R; 3]) -> R {
        Self::cdf([-x, -high, -low])
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, low, high]: [R; 3]) -> R {
        Self::log_cdf([-x, -high, -low])
    }

    #[inline(always)]
    fn quantile<R: Real>([p, low, high]: [R; 3]) -> R {
        let p = masks::probability(p);
        let width = high - low;
        // From the nearer end, so that 0 and 1 give the ends exactly.
        let lower = p.lt(R::constant(0.5));
        ordered([low, high], R::select(lower, low + p * width, high - (-p + 1.0) * width))
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, low, high]: [R; 3]) -> R {
        -Self::quantile([p, -high, -low])
    }
}

/// The largest number below `high` that is not below `low`.
#[inline(always)]
fn below<R: Real>(low: R, high: R) -> R {
    // A little more than half an ULP of a power of two: it rounds to one step down, whether the
    // step is that of the binade of `high` or, at a power of two, half of it. Near 0 the step is
    // the smallest number that is not flushed.
    let half_ulp = if R::double() { HALF_ULP_F64 } else { HALF_ULP_F32 };
    let step = (high.abs() * half_ulp).max(masks::smallest::<R>());
    (high - step).max(low)
}

/// A draw from uniform noise, with its log-density.
struct Draw;

pub(super) static DRAW: DrawOps<3> = DrawOps::new::<Draw>();

impl MultiFormula<3, 2> for Draw {
    const NAME: &'static str = "Uniform";
    const INPUTS: [&'static str; 3] = ["noise", "low", "high"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, low, high]: [R; 3]) -> [R; 2] {
        // Rounding lifts the largest draws to `high` itself where the interval is narrow.
        let x = Law::quantile([noise, low, high]).min(below(low, high));
        [x, -(high - low).ln()]
    }
}
