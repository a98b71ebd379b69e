//! A weight, its variance and the logarithm of its standard deviation.

use crate::kernel::{Formula, Op, Real};

/// ln softplus(ρ), the logarithm of the standard deviation.
#[inline(always)]
pub(super) fn log_softplus<R: Real>(rho: R) -> R {
    let [factor, log] = factor_and_log(rho, rho.softplus());
    factor.ln() + log
}

/// softplus(ρ) = f·eˢ as [f, s], for logarithms of its products: s is 0 but where softplus(ρ)
/// underflows and its logarithm does not, and f is 1 there.
#[inline(always)]
pub(super) fn factor_and_log<R: Real>(rho: R, std_dev: R) -> [R; 2] {
    // With s = ln(1 + e^ρ) the logarithm is ρ − ln((e^s − 1)/s) = ρ − s/2 − s²/24 + …, whose next
    // term, s⁴/2880, is lost at −15 in f64 too.
    let far = rho.lt(R::constant(FAR));
    let series = rho - std_dev * (std_dev * (1.0 / 24.0) + 0.5);
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    [R::select(far, one, std_dev), R::select(far, series, zero)]
}

/// d ln softplus(ρ)/dρ = σ(ρ)/softplus(ρ), given both.
#[inline(always)]
pub(super) fn log_softplus_slope<R: Real>(rho: R, slope: R, std_dev: R) -> R {
    // 0/0 once both underflow; the quotient is 1 − e^ρ/2 there, and e^ρ is the slope itself.
    let far = rho.lt(R::constant(FAR));
    R::select(far, -(slope * 0.5) + 1.0, slope / std_dev)
}

/// Where softplus is its exponential tail to more digits than `f64` has in the logarithm's series.
const FAR: f64 = -15.0;

/// μ + softplus(ρ)·ε, a weight.
struct Weight;

pub(in crate::nn::bayes) static WEIGHT: Op<3> = Op::new::<Weight>();

impl Formula<3> for Weight {
    const NAME: &'static str = "mean-field weight";
    const INPUTS: [&'static str; 3] = ["mean", "rho", "noise"];

    #[inline(always)]
    fn evaluate<R: Real>([mean, rho, noise]: [R; 3]) -> R {
        mean + rho.softplus() * noise
    }

    /// The slope of the softplus is the logistic function: cheaper than through its two halves.
    #[inline(always)]
    fn partials<R: Real>([_, rho, noise]: [R; 3]) -> [R; 3] {
        [R::constant(1.0), noise * rho.sigmoid(), rho.softplus()]
    }
}

/// softplus(ρ)².
struct Variance;

pub(in crate::nn::bayes) static VARIANCE: Op<1> = Op::new::<Variance>();

impl Formula<1> for Variance {
    const NAME: &'static str = "mean-field variance";
    const INPUTS: [&'static str; 1] = ["rho"];

    #[inline(always)]
    fn evaluate<R: Real>([rho]: [R; 1]) -> R {
        rho.softplus().square()
    }

    #[inline(always)]
    fn partials<R: Real>([rho]: [R; 1]) -> [R; 1] {
        [rho.softplus() * rho.sigmoid() * 2.0]
    }
}

/// ln softplus(ρ).
struct LogStdDev;

pub(in crate::nn::bayes) static LOG_STD_DEV: Op<1> = Op::new::<LogStdDev>();

impl Formula<1> for LogStdDev {
    const NAME: &'static str = "logarithm of a softplus";
    const INPUTS: [&'static str; 1] = ["rho"];

    #[inline(always)]
    fn evaluate<R: Real>([rho]: [R; 1]) -> R {
        log_softplus(rho)
    }

    #[inline(always)]
    fn partials<R: Real>([rho]: [R; 1]) -> [R; 1] {
        [log_softplus_slope(rho, rho.sigmoid(), rho.softplus())]
    }
}
