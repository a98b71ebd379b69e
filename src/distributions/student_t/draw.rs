//! Draws, whose gradient in the degrees of freedom is that of an implicit function (Figurnov,
//! Mohamed and Mnih 2018): the probability below a draw stays as it is.

use crate::kernel::masks::finite;
use crate::kernel::{Formula, Op, Real};

/// A draw, from a standard normal and the logarithm of a gamma of concentration ν/2.
pub(super) static DRAW: Op<5> = Op::new::<Draw>();

struct Draw;

/// normal · √(ν/2)/√gamma.
#[inline(always)]
fn standard<R: Real>(normal: R, log_gamma: R, df: R) -> R {
    // In logarithms: for few degrees of freedom the gamma underflows.
    normal * (((df * 0.5).ln() - log_gamma) * 0.5).exp()
}

impl Formula<5> for Draw {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 5] = ["normal", "log_gamma", "df", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([normal, log_gamma, df, loc, scale]: [R; 5]) -> R {
        finite(loc + scale * standard(normal, log_gamma, df))
    }

    #[inline(always)]
    fn partials<R: Real>([normal, log_gamma, df, loc, scale]: [R; 5]) -> [R; 5] {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        // Straight through the bounds of the floats, and with finite derivatives beyond them.
        let t = finite(standard(normal, log_gamma, df));
        let slope = finite(scale * df.student_t_implicit_gradient(t));
        let known = R::select(loc.is_nan(), loc, one);
        [zero, zero, slope, known, t]
    }
}
