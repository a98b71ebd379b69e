//! The quantile, through that of the beta variate ν/(ν + t²).

use burn::tensor::Tensor;

use super::super::beta::logit_quantile;
use super::normaliser::bounded;
use crate::kernel::{Formula, MultiFormula, Op, Real};

static SIDES: Op<1, 2> = Op::new::<Sides>();
static FINISH: Op<5> = Op::new::<Finish>();

/// The quantiles of `probability`; mirrored about `loc` for a negative scale.
pub(super) fn quantile<const D: usize>([probability, df, loc, scale]: [Tensor<D>; 4]) -> Tensor<D> {
    let sides: (Tensor<D>, Tensor<D>) = SIDES.apply_all([probability.clone().detach()]).into();
    // The recipes hold ν/2 to what the quantile of a beta variate can follow.
    let half = df.clone().detach() * 0.5;
    let shapes = [half.clone().clamp_max(5e29), half.ones_like() * 0.5];
    let logit = logit_quantile(sides.into(), shapes);
    FINISH.apply([logit, probability, df, loc, scale])
}

/// P(|T| > |t|) and P(|T| < |t|) at the quantile t of p.
struct Sides;

impl MultiFormula<1, 2> for Sides {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 1] = ["probability"];

    #[inline(always)]
    fn evaluate<R: Real>([p]: [R; 1]) -> [R; 2] {
        // 1 − p is exact for p ≥ ½, as 1 − 2p is around ½.
        let q = -p + 1.0;
        [R::select(p.lt(q), p, q) * 2.0, (q - p).abs()]
    }
}

/// t from the logit, after a Newton step, with the gradient of the implicit function.
struct Finish;

/// |t| at the logit of ν/(ν + t²).
#[inline(always)]
fn size<R: Real>(logit: R, df: R, p: R) -> R {
    let zero = R::constant(0.0);
    let q = -p + 1.0;
    let size = ((df.ln() - logit) * 0.5).exp();
    // The exponential has lost the digits that the logit spends on its size; a Newton step in ln t
    // returns them, from whichever of the tail and the centre is the smaller.
    let at = df.student_t(size);
    let tail = R::select(p.lt(q), p, q);
    let centre = (q - p).abs() * 0.5;
    let excess = R::select(tail.lt(R::constant(0.25)), at.tail - tail, centre - at.central);
    let change = excess / (at.log_density.exp() * size);
    let change = R::select(change.abs().lt(R::constant(1e-2)), change, zero);
    R::select(centre.equal(zero), zero, size * (change + 1.0))
}

impl Formula<5> for Finish {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 5] = ["logit", "probability", "df", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([logit, p, df, loc, scale]: [R; 5]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let size = size(logit, bounded(df), p);
        let t = R::select(p.lt(R::constant(0.5)), -size, size);
        let valid = p.ge(zero) & p.le(one) & df.gt(zero);
        R::select(valid, loc + scale * t, R::constant(f64::NAN))
    }

    #[inline(always)]
    fn partials<R: Real>([logit, p, df, loc, scale]: [R; 5]) -> [R; 5] {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let size = size(logit, bounded(df), p);
        let t = R::select(p.lt(R::constant(0.5)), -size, size);
        // The density as the tail times its hazard: by itself it changes by much within the rounding
        // of a t far out.
        let rate = (df.student_t(t).hazard * p.min(-p + 1.0)).recip();
        let slope = df.student_t_implicit_gradient(t);
        // At p = 0 and 1 the quantile is infinite and does not move with the degrees of freedom.
        let end = t.abs().equal(R::constant(f64::INFINITY));
        let slope = R::select(end, zero, slope);
        [zero, scale * rate, scale * slope, R::select(loc.is_nan(), loc, one), t]
    }
}
