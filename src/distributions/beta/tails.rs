//! The distribution function, its complement, and their logarithms.

use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real};

static CDF: Op<3> = Op::new::<Cdf>();
static LOG_CDF: Op<3> = Op::new::<LogCdf>();
static SURVIVAL: Op<3> = Op::new::<Survival>();
static LOG_SURVIVAL: Op<3> = Op::new::<LogSurvival>();

const NAME: &str = "Beta";
const INPUTS: [&str; 3] = ["value", "concentration1", "concentration0"];

pub(super) fn op(tail: Tail) -> &'static Op<3> {
    match tail {
        Tail::Cdf => &CDF,
        Tail::LogCdf => &LOG_CDF,
        Tail::Survival => &SURVIVAL,
        Tail::LogSurvival => &LOG_SURVIVAL,
    }
}

struct Cdf;

impl Formula<3> for Cdf {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([x, a, b]: [R; 3]) -> R {
        a.beta_p(b, x, -x + 1.0)
    }
}

struct LogCdf;

impl Formula<3> for LogCdf {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([x, a, b]: [R; 3]) -> R {
        a.log_beta_p(b, x, -x + 1.0)
    }
}

struct Survival;

impl Formula<3> for Survival {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([x, a, b]: [R; 3]) -> R {
        a.beta_q(b, x, -x + 1.0)
    }
}

struct LogSurvival;

impl Formula<3> for LogSurvival {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 3] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>([x, a, b]: [R; 3]) -> R {
        a.log_beta_q(b, x, -x + 1.0)
    }
}
