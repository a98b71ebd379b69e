//! Draws, whose gradient in the concentration is that of an implicit function (Figurnov, Mohamed
//! and Mnih 2018): the probability below a draw stays as it is.

use crate::kernel::{Formula, Op, Real};

/// ln(z/rate), given ln z of a standard draw z.
pub(super) static LOG_DRAW: Op<3> = Op::new::<LogDraw>();
/// z/rate, given ln z.
pub(super) static DRAW: Op<3> = Op::new::<Draw>();

const INPUTS: [&str; 3] = ["log_noise", "concentration", "rate"];

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
        let (least, largest) = if R::double() {
            (f64::MIN_POSITIVE, f64::MAX)
        } else {
            (f64::from(f32::MIN_POSITIVE), f64::from(f32::MAX))
        };
        let (least, largest) = (R::constant(least), R::constant(largest));
        // Draws of small concentrations underflow; kept inside the support, they have a finite
        // density, and log_rsample has their true logarithm. NaN passes both comparisons.
        let x = LogDraw::evaluate(inputs).exp();
        R::select(x.lt(least), least, R::select(x.gt(largest), largest, x))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        // Straight through the bounds: a gradient cut off there would be biased.
        let x = Self::evaluate(inputs);
        LogDraw::partials(inputs).map(|derivative| x * derivative)
    }
}
