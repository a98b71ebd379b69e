//! The formulas of what predictions say together.

use crate::kernel::{Formula, Op, Real};

/// One outcome's term of the divergence of a member's prediction from the average of all, given the
/// member's log-probability x, the largest of all members m and c = ln mean e^(x − m).
struct Disagreement;

pub(in crate::nn::bayes) static DISAGREEMENT: Op<3> = Op::new::<Disagreement>();

/// x − m, 0 where both are −∞.
#[inline(always)]
fn below<R: Real>(x: R, m: R) -> R {
    R::select(x.equal(m), R::constant(0.0), x - m)
}

impl Formula<3> for Disagreement {
    const NAME: &'static str = "mutual information";
    const INPUTS: [&'static str; 3] = ["log probability", "largest", "log mean ratio"];

    #[inline(always)]
    fn evaluate<R: Real>([x, largest, log_mean]: [R; 3]) -> R {
        // p ln(p/q) − p + q, which is never negative, unlike p ln(p/q): the parts added cancel in
        // the sum over outcomes. Near agreement it is p (e^d − 1 − d) with d = ln(q/p), and d comes
        // from differences of the log-probabilities themselves, not of their sizes.
        let d = log_mean - below(x, largest);
        let (p, q) = (x.exp(), (largest + log_mean).exp());
        let close = d.abs().lt(R::constant(0.5));
        let bounded = R::select(close, d, R::constant(0.0));
        let near = p * bounded.exp_m1_remainder();
        let far = (q - p) - p * d;
        // An outcome that the member excludes: 0·∞ in `far`.
        R::select(p.equal(R::constant(0.0)), q, R::select(close, near, far))
    }
}

/// e^(x − m) − 1, with 0 for two infinities.
struct RatioExcess;

pub(in crate::nn::bayes) static RATIO_EXCESS: Op<2> = Op::new::<RatioExcess>();

impl Formula<2> for RatioExcess {
    const NAME: &'static str = "mutual information";
    const INPUTS: [&'static str; 2] = ["log probability", "largest"];

    #[inline(always)]
    fn evaluate<R: Real>([x, largest]: [R; 2]) -> R {
        below(x, largest).exp_m1()
    }
}

/// −p ln p at x = ln p.
struct Surprise;

pub(in crate::nn::bayes) static SURPRISE: Op<1> = Op::new::<Surprise>();

impl Formula<1> for Surprise {
    const NAME: &'static str = "entropy";
    const INPUTS: [&'static str; 1] = ["log probability"];

    #[inline(always)]
    fn evaluate<R: Real>([x]: [R; 1]) -> R {
        // 0 ln 0 = 0, not 0·∞.
        let p = x.exp();
        R::select(p.equal(R::constant(0.0)), R::constant(0.0), -(p * x))
    }
}
