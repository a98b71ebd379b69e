//! The distribution function, its complement, and their logarithms.

use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real};

static CDF: Op<4> = Op::new::<Cdf<false>>();
static LOG_CDF: Op<4> = Op::new::<LogCdf<false>>();
static SURVIVAL: Op<4> = Op::new::<Cdf<true>>();
static LOG_SURVIVAL: Op<4> = Op::new::<LogCdf<true>>();

pub(super) fn op(tail: Tail) -> &'static Op<4> {
    match tail {
        Tail::Cdf => &CDF,
        Tail::LogCdf => &LOG_CDF,
        Tail::Survival => &SURVIVAL,
        Tail::LogSurvival => &LOG_SURVIVAL,
    }
}

/// (x − loc)/scale, mirrored where `UPPER`; NaN for a scale that is not positive.
#[inline(always)]
fn standard<R: Real>([x, loc, scale]: [R; 3], upper: bool) -> R {
    let distance = if upper { loc - x } else { x - loc };
    R::select(scale.gt(R::constant(0.0)), distance / scale, R::constant(f64::NAN))
}

struct Cdf<const UPPER: bool>;

impl<const UPPER: bool> Formula<4> for Cdf<UPPER> {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 4] = ["value", "df", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([x, df, loc, scale]: [R; 4]) -> R {
        df.student_t_cdf(standard([x, loc, scale], UPPER))
    }
}

struct LogCdf<const UPPER: bool>;

impl<const UPPER: bool> Formula<4> for LogCdf<UPPER> {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 4] = ["value", "df", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([x, df, loc, scale]: [R; 4]) -> R {
        df.log_student_t_cdf(standard([x, loc, scale], UPPER))
    }
}
