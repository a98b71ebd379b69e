//! The formulas of the half-Cauchy distribution.

use core::f64::consts::{FRAC_2_PI, LN_2};

use crate::kernel::law::{DrawOps, UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Real, masks};

/// ln(2/π).
pub(super) const LN_TWO_OVER_PI: f64 = -0.451_582_705_289_454_86;

/// The formulas.
struct Law;

pub(super) static OPS: UnivariateOps<2> = UnivariateOps::new::<Law>();

impl UnivariateLaw<2> for Law {
    const NAME: &'static str = "HalfCauchy";
    const INPUTS: [&'static str; 2] = ["value", "scale"];
    const POSITIVE: &'static [usize] = &[1];

    #[inline(always)]
    fn log_density<R: Real>([x, scale]: [R; 2]) -> R {
        // scale / (x² + scale²) from the larger of both and their ratio: squares overflow.
        let far = x.gt(scale);
        let larger = R::select(far, x, scale);
        let ratio = R::select(far, scale, x) / larger;
        let inside = scale.ln() - larger.ln() * 2.0 - ratio.square().ln_1p() + LN_TWO_OVER_PI;
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, scale]: [R; 2]) -> R {
        masks::below_zero(x, [scale], 0.0, (x / scale).atan() * FRAC_2_PI)
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, scale]: [R; 2]) -> R {
        // From the smaller tail: the cdf rounds to 1 above 10⁷ scales in f32.
        let near = x.lt(scale);
        let inside =
            R::select(near, Self::cdf([x, scale]).ln(), (-Self::survival([x, scale])).ln_1p());
        masks::below_zero(x, [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn survival<R: Real>([x, scale]: [R; 2]) -> R {
        // 1 - 2/π atan(z) cancels in the tail, where it is 2/π atan(1/z).
        let far = x.gt(scale);
        let angle = (R::select(far, scale, x) / R::select(far, x, scale)).atan() * FRAC_2_PI;
        masks::below_zero(x, [scale], 1.0, R::select(far, angle, -angle + 1.0))
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, scale]: [R; 2]) -> R {
        let near = x.lt(scale);
        let inside =
            R::select(near, (-Self::cdf([x, scale])).ln_1p(), Self::survival([x, scale]).ln());
        masks::below_zero(x, [scale], 0.0, inside)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale]: [R; 2]) -> R {
        scale * tan_half_pi(masks::probability(p))
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale]: [R; 2]) -> R {
        scale / tan_half_pi(masks::probability(p))
    }
}

/// tan(πt/2) for t in [0, 1], relative at both ends.
#[inline(always)]
fn tan_half_pi<R: Real>(t: R) -> R {
    // The cosine is taken of ½ - t/2, which is exact where it is small.
    (t * 0.5).sin_pi() / (t * 0.5).cos_pi()
}

/// A draw from standard exponential noise, with its log-density: the point where the survival
/// function is e^-noise.
struct Draw;

pub(super) static DRAW: DrawOps<2> = DrawOps::new::<Draw>();

impl MultiFormula<2, 2> for Draw {
    const NAME: &'static str = "HalfCauchy";
    const INPUTS: [&'static str; 2] = ["noise", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, scale]: [R; 2]) -> [R; 2] {
        // Of e^-noise and 1 - e^-noise the smaller: both keep their digits, down to 1e-10 in f32.
        let lower = noise.lt(R::constant(LN_2));
        let tail = R::select(lower, -(-noise).exp_m1(), (-noise).exp());
        let tangent = tan_half_pi(tail);
        let z = R::select(lower, tangent, tangent.recip());
        // 1 + z² = 1/cos² of the angle below, 1/sin² of that above.
        let half = tail * 0.5;
        let root = R::select(lower, half.cos_pi(), half.sin_pi());
        [masks::finite(scale * z), root.ln() * 2.0 - scale.ln() + LN_TWO_OVER_PI]
    }
}
