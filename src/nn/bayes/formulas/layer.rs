//! The formulas of the linear layers.

use crate::kernel::{Formula, Op, Real};

/// m + √v·ε, an activation drawn from its mean and variance.
struct Activation;

pub(in crate::nn::bayes) static ACTIVATION: Op<3> = Op::new::<Activation>();

impl Formula<3> for Activation {
    const NAME: &'static str = "locally reparameterised activation";
    const INPUTS: [&'static str; 3] = ["mean", "variance", "noise"];

    #[inline(always)]
    fn evaluate<R: Real>([mean, variance, noise]: [R; 3]) -> R {
        mean + variance.sqrt() * noise
    }

    #[inline(always)]
    fn partials<R: Real>([_, variance, noise]: [R; 3]) -> [R; 3] {
        // √v is infinitely steep at 0, the variance of an all-zero input row; the variance cannot
        // move from there, so that infinity would only meet zeros further down and make NaN.
        let zero = R::constant(0.0);
        let spread = variance.sqrt();
        let slope = R::select(variance.gt(zero), noise / spread * 0.5, zero);
        [R::constant(1.0), slope, spread]
    }
}

/// −1 or 1 with the probabilities that a uniform number lies below or above ½.
struct Sign;

pub(in crate::nn::bayes) static SIGN: Op<1> = Op::new::<Sign>();

impl Formula<1> for Sign {
    const NAME: &'static str = "random sign";
    const INPUTS: [&'static str; 1] = ["uniform"];

    #[inline(always)]
    fn evaluate<R: Real>([uniform]: [R; 1]) -> R {
        R::select(uniform.lt(R::constant(0.5)), R::constant(-1.0), R::constant(1.0))
    }
}
