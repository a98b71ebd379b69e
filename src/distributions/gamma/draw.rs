//! Draws, whose gradient in the concentration is that of an implicit function (Figurnov, Mohamed
//! and Mnih 2018): the probability below a draw stays as it is.

use crate::kernel::{Formula, Op, Real, masks};

/// ln(z/rate), given ln z of a standard draw z.
pub(super) static LOG_DRAW: Op<3> = Op::new::<LogDraw>();
/// z/rate, given ln z.
pub(super) static DRAW: Op<3> = Op::new::<Draw>();

const INPUTS: [&str; 3] = ["log_noise", "concentration", "rate"];

/// e^x within the range of the floats.
pub(in super::super) static EXP: Op<1> = Op::new::<Exp>();

/// Draws of small concentrations under- and overflow; kept inside the support, they have a finite
/// density, and `log_rsample` has their true logarithm. NaN passes.
#[inline(always)]
fn within_range<R: Real>(x: R) -> R {
    let least = masks::smallest::<R>();
    masks::finite(R::select(x.lt(least), least, x))
}

struct LogDraw;

impl Formula<3> for LogDraw {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([log_z, _, rate]: [R; 3]) -> R {
        log_z - rate.ln()
    }

    #[inline(always)]
    fn partials<R: Real>([log_z, concentration, rate]: [R; 3]) -> [R; 3] {
        let slope = concentration.gamma_implicit_gradient(log_z);
        [R::constant(0.0), slope, -rate.recip()]
    }
}

struct Draw;

impl Formula<3> for Draw {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 3]) -> R {
        within_range(LogDraw::evaluate(inputs).exp())
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        // Straight through the bounds: a gradient cut off there would be biased.
        let x = Self::evaluate(inputs);
        LogDraw::partials(inputs).map(|derivative| x * derivative)
    }
}

struct Exp;

impl Formula<1> for Exp {
    const NAME: &'static str = "exp";
    const INPUTS: [&'static str; 1] = ["log_draw"];

    #[inline(always)]
    fn evaluate<R: Real>([x]: [R; 1]) -> R {
        within_range(x.exp())
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 1]) -> [R; 1] {
        // Straight through, as above.
        [Self::evaluate(inputs)]
    }
}
