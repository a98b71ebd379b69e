//! The distribution function, its complement, and their logarithms.

use core::marker::PhantomData;

use super::density::UNDERFLOW;
use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real};

static CDF: Op<3> = Op::new::<Scaled<Cdf>>();
static LOG_CDF: Op<3> = Op::new::<Scaled<LogCdf>>();
static SURVIVAL: Op<3> = Op::new::<Scaled<Survival>>();
static LOG_SURVIVAL: Op<3> = Op::new::<Scaled<LogSurvival>>();

pub(super) fn op(tail: Tail) -> &'static Op<3> {
    match tail {
        Tail::Cdf => &CDF,
        Tail::LogCdf => &LOG_CDF,
        Tail::Survival => &SURVIVAL,
        Tail::LogSurvival => &LOG_SURVIVAL,
    }
}

/// One of the four functions, of a gamma with rate 1.
trait TailFormula: 'static {
    fn standard<R: Real>(concentration: R, y: R) -> R;
    /// The function where ln P is known.
    fn from_log_cdf<R: Real>(log_cdf: R) -> R;
}

struct Cdf;

impl TailFormula for Cdf {
    #[inline(always)]
    fn standard<R: Real>(concentration: R, y: R) -> R {
        concentration.gamma_p(y)
    }
    #[inline(always)]
    fn from_log_cdf<R: Real>(log_cdf: R) -> R {
        log_cdf.exp()
    }
}

struct LogCdf;

impl TailFormula for LogCdf {
    #[inline(always)]
    fn standard<R: Real>(concentration: R, y: R) -> R {
        concentration.log_gamma_p(y)
    }
    #[inline(always)]
    fn from_log_cdf<R: Real>(log_cdf: R) -> R {
        log_cdf
    }
}

struct Survival;

impl TailFormula for Survival {
    #[inline(always)]
    fn standard<R: Real>(concentration: R, y: R) -> R {
        concentration.gamma_q(y)
    }
    #[inline(always)]
    fn from_log_cdf<R: Real>(log_cdf: R) -> R {
        -log_cdf.exp_m1()
    }
}

struct LogSurvival;

impl TailFormula for LogSurvival {
    #[inline(always)]
    fn standard<R: Real>(concentration: R, y: R) -> R {
        concentration.log_gamma_q(y)
    }
    #[inline(always)]
    fn from_log_cdf<R: Real>(log_cdf: R) -> R {
        (-log_cdf).log1mexp()
    }
}

struct Scaled<T>(PhantomData<fn() -> T>);

impl<T: TailFormula> Formula<3> for Scaled<T> {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 3] = ["value", "concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([x, concentration, rate]: [R; 3]) -> R {
        let zero = R::constant(0.0);
        let y = x * rate;
        // A small concentration has much of its mass where rate · x underflows. There the leading
        // term of the series, P = yᵃ/Γ(a + 1), is exact.
        let leading = concentration * (x.ln() + rate.ln()) - ln_gamma_1p(concentration);
        let underflown = x.gt(zero) & y.lt(R::constant(UNDERFLOW));
        let value = R::select(underflown, T::from_log_cdf(leading), T::standard(concentration, y));
        R::select(rate.gt(zero) & concentration.gt(zero), value, R::constant(f64::NAN))
    }
}

/// ln Γ(1 + a), also where 1 + a would round a away.
#[inline(always)]
fn ln_gamma_1p<R: Real>(a: R) -> R {
    // −γ a + ζ(2)/2 a² − ζ(3)/3 a³ + …, highest power first.
    const SERIES: [f64; 6] = [
        0.169_557_176_997_408_2,
        -0.207_385_551_028_673_98,
        0.270_580_808_427_784_55,
        -0.400_685_634_386_531_4,
        0.822_467_033_424_113_2,
        -0.577_215_664_901_532_9,
    ];
    let mut sum = R::constant(SERIES[0]);
    for coefficient in &SERIES[1..] {
        sum = sum * a + *coefficient;
    }
    R::select(a.lt(R::constant(1e-3)), sum * a, (a + 1.0).ln_gamma())
}
