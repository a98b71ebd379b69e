//! The mixture of a wide and a narrow Normal.

use burn::tensor::Tensor;

use super::{Prior, WeightPosterior, number};
use crate::kernel::rows::sum_rows;
use crate::nn::bayes::formulas::MIXTURE_COST;

/// Independent mixtures π N(0, σ₁²) + (1 − π) N(0, σ₂²), the prior of Blundell, Cornebise,
/// Kavukcuoglu and Wierstra (2015): many weights near zero, some free to be large.
///
/// The divergence is the entropy, which is exact, and −ln p at the weights drawn: one pass over
/// memory forward and one back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaleMixturePrior {
    weight: f64,
    scales: [f64; 2],
}

impl ScaleMixturePrior {
    /// The prior with π = ½, σ₁ = 1 and σ₂ = e⁻⁶.
    #[must_use]
    pub fn new() -> Self {
        Self::with(0.5, 1.0, (-6.0_f64).exp())
    }

    /// The prior with weight `weight` on the Normal of standard deviation `first`, and the rest on
    /// that of standard deviation `second`.
    ///
    /// # Panics
    ///
    /// If `weight` is not inside (0, 1), or a standard deviation is not positive.
    #[must_use]
    pub fn with(weight: f64, first: f64, second: f64) -> Self {
        assert!(
            weight > 0.0 && weight < 1.0,
            "ScaleMixturePrior: the weight must lie between 0 and 1, not be {weight}"
        );
        assert!(
            first > 0.0 && second > 0.0,
            "ScaleMixturePrior: standard deviations must be positive, not {first} and {second}"
        );
        Self { weight, scales: [first, second] }
    }
}

impl Default for ScaleMixturePrior {
    fn default() -> Self {
        Self::new()
    }
}

impl Prior for ScaleMixturePrior {
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1> {
        let component = |share: f64, scale: f64| {
            // ln π − ln σ: the quotient could overflow or underflow.
            [number(weights, share.ln() - scale.ln()), number(weights, 0.5 / scale / scale)]
        };
        let [first_offset, first_precision] = component(self.weight, self.scales[0]);
        let [second_offset, second_precision] = component(1.0 - self.weight, self.scales[1]);
        let inputs = [
            weights.mean(),
            weights.rho(),
            weights.noise(),
            first_offset,
            first_precision,
            second_offset,
            second_precision,
        ];
        sum_rows(MIXTURE_COST.apply(inputs))
    }
}
