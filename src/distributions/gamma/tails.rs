//! The distribution function, its complement, and their logarithms.

use core::marker::PhantomData;

use super::super::powers::hazard;
use super::density::UNDERFLOW;
use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real, masks};

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

static INVERTED_CDF: Op<3> = Op::new::<Inverted<Survival>>();
static INVERTED_LOG_CDF: Op<3> = Op::new::<Inverted<LogSurvival>>();
static INVERTED_SURVIVAL: Op<3> = Op::new::<Inverted<Cdf>>();
static INVERTED_LOG_SURVIVAL: Op<3> = Op::new::<Inverted<LogCdf>>();

/// The same of the reciprocal, whose lower tail is the upper one of the gamma.
pub(in super::super) fn inverted(tail: Tail) -> &'static Op<3> {
    match tail {
        Tail::Cdf => &INVERTED_CDF,
        Tail::LogCdf => &INVERTED_LOG_CDF,
        Tail::Survival => &INVERTED_SURVIVAL,
        Tail::LogSurvival => &INVERTED_LOG_SURVIVAL,
    }
}

/// One of the four functions, of a gamma with rate 1.
trait TailFormula: 'static {
    /// The function at infinity.
    const AT_INFINITY: f64;
    fn standard<R: Real>(concentration: R, y: R) -> R;
    /// The function where ln P is known.
    fn from_log_cdf<R: Real>(log_cdf: R) -> R;
}

struct Cdf;

impl TailFormula for Cdf {
    const AT_INFINITY: f64 = 1.0;

    #[inline(always)]
    fn standard<R: Real>(concentration: R, y: R) -> R {
        concentration.gamma_p(y)
    }
    #[inline(always)]
    fn from_log_cdf<R: Real>(log_cdf: R) -> R {
        hazard(log_cdf, f64::INFINITY)
    }
}

struct LogCdf;

impl TailFormula for LogCdf {
    const AT_INFINITY: f64 = 0.0;

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
    const AT_INFINITY: f64 = 0.0;

    #[inline(always)]
    fn standard<R: Real>(concentration: R, y: R) -> R {
        concentration.gamma_q(y)
    }
    #[inline(always)]
    fn from_log_cdf<R: Real>(log_cdf: R) -> R {
        -masks::certain_beyond(log_cdf).exp_m1()
    }
}

struct LogSurvival;

impl TailFormula for LogSurvival {
    const AT_INFINITY: f64 = f64::NEG_INFINITY;

    #[inline(always)]
    fn standard<R: Real>(concentration: R, y: R) -> R {
        concentration.log_gamma_q(y)
    }
    #[inline(always)]
    fn from_log_cdf<R: Real>(log_cdf: R) -> R {
        masks::certain_above(-log_cdf).log1mexp()
    }
}

/// `T` at y > 0, given the logarithm of y from its factors.
#[inline(always)]
fn at<T: TailFormula, R: Real>(concentration: R, y: R, log_of_factors: R) -> R {
    // A small concentration has much of its mass where y underflows. There the leading term of the
    // series, P = yᵃ/Γ(a + 1), is exact.
    let leading = concentration * log_of_factors - ln_gamma_1p(concentration);
    let positive = log_of_factors.gt(R::constant(f64::NEG_INFINITY));
    let underflown = positive & y.lt(R::constant(UNDERFLOW));
    R::select(underflown, T::from_log_cdf(leading), T::standard(concentration, y))
}

/// `value` for positive parameters, NaN for others.
#[inline(always)]
fn valid<R: Real>(concentration: R, rate: R, value: R) -> R {
    let zero = R::constant(0.0);
    R::select(rate.gt(zero) & concentration.gt(zero), value, R::constant(f64::NAN))
}

/// `T` at rate · x.
struct Scaled<T>(PhantomData<fn() -> T>);

impl<T: TailFormula> Formula<3> for Scaled<T> {
    const NAME: &'static str = "Gamma";
    const INPUTS: [&'static str; 3] = ["value", "concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([x, concentration, rate]: [R; 3]) -> R {
        let value = at::<T, R>(concentration, x * rate, x.ln() + rate.ln());
        valid(concentration, rate, value)
    }
}

/// `T` at rate/x.
struct Inverted<T>(PhantomData<fn() -> T>);

impl<T: TailFormula> Formula<3> for Inverted<T> {
    const NAME: &'static str = "InverseGamma";
    const INPUTS: [&'static str; 3] = ["value", "concentration", "rate"];

    #[inline(always)]
    fn evaluate<R: Real>([x, concentration, rate]: [R; 3]) -> R {
        // Where nothing is left above y, and the slope of rate/x may be infinite, y is held.
        let y = rate / x;
        let highest = (concentration * 10.0 + 1e3).detach();
        let held = masks::held(y, R::constant(0.0), highest);
        let y = if T::AT_INFINITY.is_finite() { held } else { y };
        let inside = at::<T, R>(concentration, y, rate.ln() - x.ln());
        let outside = x.le(R::constant(0.0));
        let value = masks::outside(outside, [concentration, rate], T::AT_INFINITY, inside);
        valid(concentration, rate, value)
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
