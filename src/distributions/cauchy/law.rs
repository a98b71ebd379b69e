//! The formulas and the draw.

use crate::kernel::law::{DrawOps, SymmetricLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};
use core::f64::consts::{FRAC_1_PI, LN_2};

/// ln π.
pub(super) const LN_PI: f64 = 1.144_729_885_849_400_2;

/// The formulas.
struct Law;

pub(super) static OPS: UnivariateOps<3> = UnivariateOps::new::<Law>();

impl SymmetricLaw for Law {
    const NAME: &'static str = "Cauchy";

    #[inline(always)]
    fn log_density<R: Real>([x, loc, scale]: [R; 3]) -> R {
        // scale / (distance² + scale²) from the larger of both and their ratio: squares overflow.
        let distance = (x - loc).abs();
        let far = distance.gt(scale);
        let larger = R::select(far, distance, scale);
        let ratio = R::select(far, scale, distance) / larger;
        // Where the scale is the larger, the logarithms make -ln scale exactly.
        scale.ln() - larger.ln() * 2.0 - ratio.square().ln_1p() - LN_PI
    }

    #[inline(always)]
    fn cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        // atan(z) + π/2 cancels in the lower tail, where it is atan(-1/z).
        let distance = x - loc;
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let far = distance.abs().gt(scale);
        let numerator = R::select(far, -scale, distance);
        let angle = (numerator / R::select(far, distance, scale)).atan() * FRAC_1_PI;
        let side = R::select(distance.lt(zero), zero, one);
        R::select(far, side, R::constant(0.5)) + angle
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, loc, scale]: [R; 3]) -> R {
        // From the smaller tail. Not |x - loc|, whose derivative at 0 is 0.
        let lower = x.lt(loc);
        let distance = R::select(lower, x - loc, loc - x);
        let tail = Self::cdf([distance, R::constant(0.0), scale]);
        R::select(lower, tail.ln(), (-tail).ln_1p())
    }

    #[inline(always)]
    fn quantile<R: Real>([p, loc, scale]: [R; 3]) -> R {
        let p = masks::probability(p);
        // The cotangent from the nearer end, where 1 - p is exact: tan π(p - ½) loses both tails.
        let lower = p.lt(R::constant(0.5));
        let z = cot_pi(R::select(lower, p, -p + 1.0));
        loc + scale * R::select(lower, -z, z)
    }
}

/// cot πt for t in [0, ½].
#[inline(always)]
fn cot_pi<R: Real>(t: R) -> R {
    t.cos_pi() / t.sin_pi()
}

/// A draw from standard exponential noise, with its log-density: the point where the
/// survival function is e^-noise.
struct Draw;

pub(super) static DRAW: DrawOps<3> = DrawOps::new::<Draw>();

impl MultiFormula<3, 2> for Draw {
    const NAME: &'static str = "Cauchy";
    const INPUTS: [&'static str; 3] = ["noise", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, loc, scale]: [R; 3]) -> [R; 2] {
        // Of e^-noise and 1 - e^-noise the smaller: both keep their digits, down to 1e-10 in f32.
        let lower = noise.lt(R::constant(LN_2));
        let tail = R::select(lower, -(-noise).exp_m1(), (-noise).exp());
        let z = cot_pi(tail);
        let z = R::select(lower, -z, z);
        // 1 + z² = 1/sin² πt.
        let density = tail.sin_pi().ln() * 2.0 - scale.ln() - LN_PI;
        [masks::finite(loc + scale * z), density]
    }
}
