//! The elementwise formulas of a Gaussian mean-field posterior N(μ, softplus(ρ)²).

mod cost;
mod layer;
mod prediction;
#[cfg(all(test, feature = "autodiff"))]
mod tests;
mod weight;

pub(super) use cost::{MIXTURE_COST, NORMAL_COST};
pub(super) use layer::{ACTIVATION, SIGN};
pub(super) use prediction::{DISAGREEMENT, RATIO_EXCESS, SURPRISE};
pub(super) use weight::{LOG_STD_DEV, VARIANCE, WEIGHT};
