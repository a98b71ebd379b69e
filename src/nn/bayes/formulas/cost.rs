//! What a weight costs: the divergence of its posterior to a prior.

use super::weight::{factor_and_log, log_softplus_slope};
use crate::divergence::gaps::scale_gap;
use crate::kernel::{Formula, Op, Real};

/// The divergence of N(μ, softplus(ρ)²) to a Normal.
struct NormalCost;

pub(in crate::nn::bayes) static NORMAL_COST: Op<4> = Op::new::<NormalCost>();

impl Formula<4> for NormalCost {
    const NAME: &'static str = "KL of a mean-field weight to Normal";
    const INPUTS: [&'static str; 4] = ["mean", "rho", "loc", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([mean, rho, loc, scale]: [R; 4]) -> R {
        scale_gap(rho.softplus(), scale) + ((mean - loc) / scale).square() * 0.5
    }
}

/// e^−|a − b|, at least e^−limit: less is nothing beside 1, but takes the processor several times as
/// long where it, or what is made of it, leaves the range of normal numbers.
#[inline(always)]
fn smaller_over_larger<R: Real>(a: R, b: R, limit: f64) -> R {
    let gap = (a - b).abs();
    let limit = R::constant(limit);
    (-R::select(gap.gt(limit), limit, gap)).exp()
}

/// What one draw tells of the divergence to a mixture of two Normals about 0:
/// E ln q − ln p(w) at w = μ + softplus(ρ)·ε.
///
/// Only the posterior has a gradient. A component of weight π and scale s enters as its offset ln(π/s) and half precision 1/(2s²).
struct MixtureCost;

pub(in crate::nn::bayes) static MIXTURE_COST: Op<7> = Op::new::<MixtureCost>();

impl Formula<7> for MixtureCost {
    const NAME: &'static str = "cost of a mean-field weight under a scale mixture";
    const INPUTS: [&'static str; 7] = [
        "mean",
        "rho",
        "noise",
        "first offset",
        "first half precision",
        "second offset",
        "second half precision",
    ];

    #[inline(always)]
    fn evaluate<R: Real>([mean, rho, noise, o1, h1, o2, h2]: [R; 7]) -> R {
        let std_dev = rho.softplus();
        let square = (mean + std_dev * noise).square();
        let (first, second) = (o1 - square * h1, o2 - square * h2);
        // ln(e^a + e^b) from the larger: a weight far from both components makes each exponential
        // underflow, and a floor inside the logarithm would stop its gradient.
        let larger = R::select(first.lt(second), second, first);
        let rest = smaller_over_larger(first, second, 40.0) + 1.0;
        // One logarithm of the product of the standard deviation and the rest. The ½ ln 2π of the
        // entropy and that of the prior cancel on paper.
        let [factor, log] = factor_and_log(rho, std_dev);
        -((factor * rest).ln() + log + larger) - 0.5
    }

    #[inline(always)]
    fn partials<R: Real>([mean, rho, noise, o1, h1, o2, h2]: [R; 7]) -> [R; 7] {
        let (std_dev, slope) = (rho.softplus(), rho.sigmoid());
        let weight = mean + std_dev * noise;
        let square = weight.square();
        let (first, second) = (o1 - square * h1, o2 - square * h2);
        // The components' shares from one exponential; 1 minus the larger would cancel.
        // Its product with a precision may count beside the other's, so less is kept.
        let e = smaller_over_larger(first, second, 80.0);
        let most = (e + 1.0).recip();
        let least = e * most;
        let below = first.lt(second);
        let (share1, share2) = (R::select(below, least, most), R::select(below, most, least));
        let pull = weight * (share1 * h1 + share2 * h2) * 2.0;
        let rho_slope = pull * noise * slope - log_softplus_slope(rho, slope, std_dev);
        // The noise and the prior are numbers, which have no gradient.
        let zero = R::constant(0.0);
        [pull, rho_slope, zero, zero, zero, zero, zero]
    }
}
