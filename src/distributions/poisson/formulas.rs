//! The mass, the distribution functions and the mode.

use super::super::counts::{CountFormulas, deviance, ln_factorial_excess};
use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real};

pub(super) static MODE: Op<1> = Op::new::<Mode>();

/// The formulas of a count and the rate.
pub(super) struct Formulas;

impl CountFormulas<2> for Formulas {
    const NAME: &'static str = "Poisson";
    const INPUTS: [&'static str; 2] = ["value", "rate"];

    #[inline(always)]
    fn log_mass<R: Real>([k, rate]: [R; 2]) -> R {
        // k ln λ − λ − ln k! would cancel for large counts. All three of these have one sign.
        let large = -deviance(k, rate) - ln_factorial_excess(k);
        R::select(k.equal(R::constant(0.0)), -rate, large)
    }

    #[inline(always)]
    fn tail<R: Real>(tail: Tail, [k, rate]: [R; 2]) -> R {
        // A count of k or less: the (k + 1)st event, whose time is gamma distributed, comes late.
        let order = k + 1.0;
        match tail {
            Tail::Cdf => order.gamma_q(rate),
            Tail::LogCdf => order.log_gamma_q(rate),
            Tail::Survival => order.gamma_p(rate),
            Tail::LogSurvival => order.log_gamma_p(rate),
        }
    }

    #[inline(always)]
    fn mass_partials<R: Real>([k, rate]: [R; 2]) -> [R; 2] {
        let zero = R::constant(0.0);
        let slope = (k - rate) / rate;
        [zero, R::select(k.equal(zero), R::constant(-1.0), slope)]
    }

    #[inline(always)]
    fn tail_partials<R: Real>(tail: Tail, inputs: [R; 2]) -> [R; 2] {
        // With the rate the mass at k moves up.
        let zero = R::constant(0.0);
        let log_mass = Self::log_mass(inputs);
        let log_mass = R::select(log_mass.is_nan(), R::constant(f64::NEG_INFINITY), log_mass);
        let [k, rate] = inputs;
        let at = (k + 1.0).incomplete_gamma(rate);
        // Far in a tail the difference of the logarithms would lose as many digits as those are large.
        let relative = |log_tail: R, kernel_over_tail: R| {
            let deep = log_tail.lt(R::constant(-1.0));
            let ratio = R::select(deep, kernel_over_tail / rate, (log_mass - log_tail).exp());
            R::select(log_tail.equal(R::constant(f64::NEG_INFINITY)), zero, ratio)
        };
        let slope = match tail {
            Tail::Cdf => -log_mass.exp(),
            Tail::Survival => log_mass.exp(),
            Tail::LogCdf => -relative(Self::tail(tail, inputs), at.kernel_over_q),
            Tail::LogSurvival => relative(Self::tail(tail, inputs), at.kernel_over_p),
        };
        [zero, slope]
    }

    #[inline(always)]
    fn guess<R: Real>(z: R, [_, rate]: [R; 2]) -> R {
        // Cornish and Fisher (1938), the first correction for skewness.
        rate + rate.sqrt() * z + (z.square() - 1.0) / 6.0 - 0.5
    }

    #[inline(always)]
    fn ends<R: Real>([_, rate]: [R; 2]) -> [R; 2] {
        let zero = R::constant(0.0);
        let largest = R::select(rate.equal(zero), zero, R::constant(f64::INFINITY));
        [zero, R::select(rate.lt(zero), R::constant(f64::NAN), largest)]
    }
}

/// The smaller of the two likeliest counts where the rate is whole.
struct Mode;

impl Formula<1> for Mode {
    const NAME: &'static str = "Poisson";
    const INPUTS: [&'static str; 1] = ["rate"];

    #[inline(always)]
    fn evaluate<R: Real>([rate]: [R; 1]) -> R {
        let ceiling = -(-rate).floor();
        let count = (ceiling - 1.0).max(R::constant(0.0));
        R::select(rate.ge(R::constant(0.0)), count, R::constant(-1.0))
    }
}
