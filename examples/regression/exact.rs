//! The exact posterior of the coefficients when the noise scale is known.

use crate::matrix::{Cholesky, Matrix, dot};

/// The Normal posterior of a linear model with Normal priors and known noise.
///
/// With design X, noise scale σ and prior precisions Λ, the coefficients given the target y have
/// precision XᵀX/σ² + Λ and mean (XᵀX/σ² + Λ)⁻¹ Xᵀy/σ² (Lindley and Smith 1972).
pub struct Conjugate {
    /// The posterior means.
    pub mean: Vec<f64>,
    /// The standard deviation of each coefficient, whatever the others are.
    pub marginal: Vec<f64>,
    /// The standard deviation of each coefficient when the others are known, which is what a
    /// mean-field posterior finds.
    pub conditional: Vec<f64>,
}

impl Conjugate {
    /// The posterior for a design `[coefficients, rows]`; `prior` are the priors' standard
    /// deviations around 0. None where the columns are so nearly dependent that rounding hides
    /// the posterior.
    pub fn new(design: &[Vec<f64>], target: &[f64], prior: &[f64], noise: f64) -> Option<Self> {
        let mut precision = Matrix::gram(design);
        for row in 0..precision.size() {
            for column in 0..precision.size() {
                precision[(row, column)] /= noise * noise;
            }
            precision[(row, row)] += prior[row].powi(-2);
        }
        let weighted: Vec<f64> =
            (design.iter()).map(|column| dot(column, target) / (noise * noise)).collect();
        let factor = Cholesky::new(&precision, f64::EPSILON).ok()?;
        Some(Self {
            mean: factor.solve(&weighted),
            marginal: factor.inverse_diagonal().iter().map(|variance| variance.sqrt()).collect(),
            conditional: (0..precision.size())
                .map(|at| precision[(at, at)].sqrt().recip())
                .collect(),
        })
    }
}
