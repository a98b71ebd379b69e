//! The mean and the variance, from a concentration and that of all the rest; a Dirichlet's entries
//! have the same.
//!
//! The slope of a/(a + b) in a, 1/(a + b) − a/(a + b)², cancels beside a small b: it is written as
//! b/(a + b)², and that of the variance likewise.

use crate::kernel::{Formula, Op, Real};

pub(in crate::distributions) static MEAN: Op<2> = Op::new::<Mean>();
pub(in crate::distributions) static VARIANCE: Op<2> = Op::new::<Variance>();

const INPUTS: [&str; 2] = ["concentration1", "concentration0"];

/// The shares of the total, and the total.
#[inline(always)]
fn shares<R: Real>([a, b]: [R; 2]) -> [R; 3] {
    let total = a + b;
    [a / total, b / total, total]
}

struct Mean;

impl Formula<2> for Mean {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 2]) -> R {
        shares(inputs)[0]
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 2]) -> [R; 2] {
        let [own, rest, total] = shares(inputs);
        [rest / total, -(own / total)]
    }
}

struct Variance;

impl Formula<2> for Variance {
    const NAME: &'static str = "Beta";
    const INPUTS: [&'static str; 2] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 2]) -> R {
        // Products of shares, as a product of concentrations overflows sooner.
        let [own, rest, total] = shares(inputs);
        own * rest / (total + 1.0)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 2]) -> [R; 2] {
        let [own, rest, total] = shares(inputs);
        let above = total + 1.0;
        let excess = (inputs[1] - inputs[0]) / total;
        let slope = |own: R, rest: R, excess: R| rest / above * (excess / total - own / above);
        [slope(own, rest, excess), slope(rest, own, -excess)]
    }
}
