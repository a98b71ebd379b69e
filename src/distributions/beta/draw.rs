//! Draws, whose gradient in the concentrations is that of an implicit function (Figurnov, Mohamed
//! and Mnih 2018): the probability below a draw stays as it is.

use crate::kernel::masks::smallest;
use crate::kernel::{Formula, Op, Real};

/// The logit of a draw, given itself.
pub(super) static LOGIT_DRAW: Op<3> = Op::new::<LogitDraw>();
/// A draw, given its logit.
pub(super) static DRAW: Op<3> = Op::new::<Draw>();

const INPUTS: [&str; 3] = ["logit", "concentration1", "concentration0"];

struct LogitDraw;

impl Formula<3> for LogitDraw {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([logit, _, _]: [R; 3]) -> R {
        logit
    }

    #[inline(always)]
    fn partials<R: Real>([logit, a, b]: [R; 3]) -> [R; 3] {
        let [by_a, by_b] = a.beta_implicit_gradient(b, logit);
        [R::constant(0.0), by_a, by_b]
    }
}

struct Draw;

impl Formula<3> for Draw {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([logit, _, _]: [R; 3]) -> R {
        // Draws of small concentrations round to 0 and 1; kept inside the support, they have a
        // finite density, and logit_rsample tells them apart. NaN passes both comparisons.
        let below_one = if R::double() { f64::EPSILON } else { f64::from(f32::EPSILON) };
        let (least, largest) = (smallest::<R>(), R::constant(1.0 - below_one * 0.5));
        let x = logit.sigmoid();
        R::select(x.lt(least), least, R::select(x.gt(largest), largest, x))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        // Straight through the bounds: a gradient cut off there would be biased.
        let slope = inputs[0].sigmoid() * (-inputs[0]).sigmoid();
        // A slope in the logit may be infinite where the draw no longer moves.
        LogitDraw::partials(inputs).map(|derivative| derivative.chain(slope))
    }
}
