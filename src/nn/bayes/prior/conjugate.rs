//! Normal priors whose variance, and mean, are unknown too and integrated out.

use burn::tensor::Tensor;

use super::{Prior, WeightPosterior};
use crate::kernel::Real;
use crate::kernel::lanes::Lane;
use crate::kernel::rows::sum_rows;

/// ½ ln 2π.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// A Normal whose variance is InverseGamma(α₀, β₀) and whose mean, given the variance σ², is
/// N(μ₀, σ²/κ₀); both are shared by the weights of a tensor and integrated out.
///
/// Each weight tensor learns by itself where its weights lie and how wide. The divergence is the
/// entropy, which is exact, and −ln of the marginal density at the weights drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalInverseGammaPrior {
    mean: f64,
    observations: f64,
    variance: InverseGammaPrior,
}

impl NormalInverseGammaPrior {
    /// The prior with mean μ₀, believed as much as `observations` κ₀ weights would say, and variance
    /// InverseGamma(`concentration` α₀, `scale` β₀).
    ///
    /// # Panics
    ///
    /// If one of the last three is not positive.
    #[must_use]
    pub fn new(mean: f64, observations: f64, concentration: f64, scale: f64) -> Self {
        assert!(
            observations > 0.0,
            "NormalInverseGammaPrior: the observations must be positive, not {observations}"
        );
        Self { mean, observations, variance: InverseGammaPrior::new(mean, concentration, scale) }
    }
}

impl Prior for NormalInverseGammaPrior {
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1> {
        let count = weights.elements() as f64;
        // About μ₀ and not about 0, so that a far μ₀ does not take the digits of the spread.
        let draw = weights.draw() - self.mean;
        let centre = sum_rows(draw.clone()) / count;
        let spread = sum_rows((draw - centre.clone()).square());
        let kappa = self.observations;
        let squares = spread + centre.square() * (kappa * count / (kappa + count));
        let shrink = 0.5 * (count / kappa).ln_1p();
        self.variance.cost_of_squares(weights, squares) + shrink
    }
}

/// A Normal of known mean whose variance is InverseGamma(α₀, β₀), shared by the weights of a tensor
/// and integrated out: together they are a multivariate Student's t.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseGammaPrior {
    mean: f64,
    concentration: f64,
    scale: f64,
}

impl InverseGammaPrior {
    /// The prior with this mean and variance InverseGamma(`concentration` α₀, `scale` β₀).
    ///
    /// # Panics
    ///
    /// If one of the last two is not positive.
    #[must_use]
    pub fn new(mean: f64, concentration: f64, scale: f64) -> Self {
        assert!(
            concentration > 0.0 && scale > 0.0,
            "InverseGamma prior: concentration and scale must be positive, not {concentration} and \
             {scale}"
        );
        Self { mean, concentration, scale }
    }

    /// −H − ln p at weights whose squared distances to the mean sum to `squares`.
    fn cost_of_squares(&self, weights: &WeightPosterior, squares: Tensor<1>) -> Tensor<1> {
        let half_count = 0.5 * weights.elements() as f64;
        let (alpha, beta) = (self.concentration, self.scale);
        // ln β₀ is taken out of ln(β₀ + S/2), whose product with α₀ + n/2 would cancel against it;
        // ln Γ(α₀ + n/2) − ln Γ(α₀) from their difference, which n large and α₀ larger would lose.
        let gammas = Lane(alpha).log_gamma_difference(Lane(half_count)).0;
        let constant = gammas - half_count * (beta.ln() + 2.0 * HALF_LN_TWO_PI);
        let log_density = (squares / (2.0 * beta)).log1p() * -(alpha + half_count) + constant;
        -(log_density + weights.entropy())
    }
}

impl Prior for InverseGammaPrior {
    fn kl(&self, weights: &WeightPosterior) -> Tensor<1> {
        let squares = sum_rows((weights.draw() - self.mean).square());
        self.cost_of_squares(weights, squares)
    }
}
