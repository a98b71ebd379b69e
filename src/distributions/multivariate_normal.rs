//! The multivariate Normal distribution.

mod checks;
mod factor;
mod formulas;

use burn::tensor::Tensor;

use super::{Independent, Normal};
use crate::distribution::Distribution;
use crate::parameter::{Argument, Parameter, ParameterError, Parametric};
use crate::support::Support;

pub(crate) use factor::Given;
pub(crate) use formulas::{DEVIATION, SETTLED};

/// The Normal distribution over vectors `[.., K]` with mean `loc` and covariance Σ.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\exp\left(-\frac12 (x-\mu)^\top \Sigma^{-1} (x-\mu)\right)}
                         {\sqrt{(2\pi)^K \det \Sigma}}$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = exp(-(x - loc)ᵀ Σ⁻¹ (x - loc) / 2) / sqrt((2π)^K det Σ)`")]
///
/// Σ is given as its Cholesky factor, as itself or as its inverse: a matrix `[.., K, K]`, whose rank
/// is one more than that of `loc`. Another rank does not compile. Batch dimensions broadcast: one
/// matrix `[1, K, K]` serves a batch of means `[N, K]` without a copy of it for each.
///
/// For a diagonal Σ take [`diagonal`](Self::diagonal), for one that is diagonal but for a few
/// directions [`LowRankMultivariateNormal`](super::LowRankMultivariateNormal).
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let loc = Tensor::<2>::from_floats([[0.0, 1.0]], &device);
/// let covariance = Tensor::<3>::from_floats([[[2.0, 0.5], [0.5, 1.0]]], &device);
/// let normal = MultivariateNormal::from_covariance(loc, covariance);
/// let x = normal.rsample([100, 2], &mut rand::rng());
/// assert_eq!(normal.log_prob(x).dims(), [100, 1]);
/// let scale_tril: Tensor<3> = normal.scale_tril();
/// assert_eq!(scale_tril.dims(), [1, 2, 2]);
/// ```
///
/// # Notes
///
/// The density is evaluated by substitution at z = L⁻¹ (x − loc); no covariance is ever inverted.
/// From a precision P = WᵀW it is z = W (x − loc) with a factor of P itself. W is lower triangular
/// too, so it is L⁻¹, and for the same seed the same Σ gives the same draws, whichever way it was
/// given.
///
/// A Σ that is not positive definite gives NaN, in that element of the batch only.
///
/// As a [`Parametric`] family the matrix lies row by row along the last dimension, `[.., K·K]`: so
/// it has the rank of `loc`, and mixtures, `expand` and the rest work as for every other family.
#[derive(Clone, Debug)]
pub struct MultivariateNormal<const D: usize> {
    loc: Tensor<D>,
    /// As it was given, row by row along the last dimension.
    matrix: Tensor<D>,
    given: Given,
    /// The lower triangular L of Σ = L Lᵀ, or for a precision L⁻¹, in the same form. Its part above
    /// the diagonal may be anything.
    factor: Tensor<D>,
    length: usize,
}

impl<const D: usize> MultivariateNormal<D> {
    /// From the lower triangular L with a positive diagonal and Σ = L Lᵀ; its part above the
    /// diagonal is not read. Values are not read back.
    ///
    /// # Shapes
    ///
    /// - `loc`: `[.., K]`
    /// - `scale_tril`: `[.., K, K]`, of rank `M` = `D` + 1
    ///
    /// A matrix of another rank does not compile:
    ///
    /// ```compile_fail,E0080
    /// use burn::tensor::{Device, Tensor};
    /// use pushforward::distributions::MultivariateNormal;
    ///
    /// let device = Device::flex();
    /// let loc = Tensor::<2>::zeros([1, 3], &device);
    /// let tril = Tensor::<2>::eye(3, &device);
    /// let normal = MultivariateNormal::from_scale_tril(loc, tril);
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrices are not square, or the shapes do not fit.
    #[must_use]
    pub fn from_scale_tril<const M: usize>(loc: Tensor<D>, scale_tril: Tensor<M>) -> Self {
        Self::new(loc, scale_tril, Given::ScaleTril)
    }

    /// From the covariance Σ, by a Cholesky factorisation of its symmetric part. Shapes and panics
    /// as for [`from_scale_tril`](Self::from_scale_tril).
    #[must_use]
    pub fn from_covariance<const M: usize>(loc: Tensor<D>, covariance: Tensor<M>) -> Self {
        Self::new(loc, covariance, Given::Covariance)
    }

    /// From the precision Σ⁻¹, by a Cholesky factorisation of its symmetric part: it is not inverted.
    /// Shapes and panics as for [`from_scale_tril`](Self::from_scale_tril).
    #[must_use]
    pub fn from_precision<const M: usize>(loc: Tensor<D>, precision: Tensor<M>) -> Self {
        Self::new(loc, precision, Given::Precision)
    }

    /// As [`from_scale_tril`](Self::from_scale_tril), reading the parameters back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, of the diagonal not positive, or above it not 0.
    pub fn try_from_scale_tril<const M: usize>(
        loc: Tensor<D>,
        scale_tril: Tensor<M>,
    ) -> Result<Self, ParameterError> {
        Self::from_scale_tril(loc, scale_tril).validated()
    }

    /// As [`from_covariance`](Self::from_covariance), reading the parameters back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, that differs from its mirror image by more than
    /// rounding, or, on the diagonal, at which the matrix is found not to be positive definite.
    pub fn try_from_covariance<const M: usize>(
        loc: Tensor<D>,
        covariance: Tensor<M>,
    ) -> Result<Self, ParameterError> {
        Self::from_covariance(loc, covariance).validated()
    }

    /// As [`from_precision`](Self::from_precision), reading the parameters back once.
    ///
    /// # Errors
    ///
    /// As [`try_from_covariance`](Self::try_from_covariance).
    pub fn try_from_precision<const M: usize>(
        loc: Tensor<D>,
        precision: Tensor<M>,
    ) -> Result<Self, ParameterError> {
        Self::from_precision(loc, precision).validated()
    }

    /// The Normal distribution over vectors with independent elements of standard deviation `scale`:
    /// `Normal::new(loc, scale).independent(1)`, which needs no matrix.
    ///
    /// # Panics
    ///
    /// As [`Normal::new`].
    #[doc(alias = "MultivariateNormalDiag")]
    #[must_use]
    pub fn diagonal(
        loc: impl Into<Argument<D>>,
        scale: impl Into<Argument<D>>,
    ) -> Independent<Normal<D>> {
        Normal::new(loc, scale).independent(1)
    }

    /// The mean.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The lower triangular L with Σ = L Lᵀ, of rank `M` = `D` + 1, with zeros above the diagonal.
    #[must_use]
    pub fn scale_tril<const M: usize>(&self) -> Tensor<M> {
        self.unflattened(self.flat_scale_tril())
    }

    /// The covariance Σ, of rank `M` = `D` + 1.
    #[must_use]
    pub fn covariance<const M: usize>(&self) -> Tensor<M> {
        self.unflattened(self.flat_covariance())
    }

    /// The precision Σ⁻¹, of rank `M` = `D` + 1.
    #[must_use]
    pub fn precision<const M: usize>(&self) -> Tensor<M> {
        self.unflattened(self.flat_precision())
    }
}

impl<const D: usize> Parametric<D> for MultivariateNormal<D> {
    type WithRank<const E: usize> = MultivariateNormal<E>;
    const NAME: &'static str = "MultivariateNormal";

    /// The matrix as it was given, row by row along the last dimension.
    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new(self.given.name(), self.matrix.clone(), self.given.support()),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> MultivariateNormal<E> {
        let (loc, matrix) = (transform(self.loc), transform(self.matrix));
        MultivariateNormal::assembled(loc, matrix, self.given, self.length)
    }

    /// The matrix is expanded along the batch only, and so is its factor.
    fn expand(self, shape: [usize; D]) -> Self {
        let mut flat = shape;
        flat[D - 1] = self.length * self.length;
        Self {
            loc: self.loc.expand(shape),
            matrix: self.matrix.expand(flat),
            factor: self.factor.expand(flat),
            ..self
        }
    }

    fn validate(&self) -> Result<(), ParameterError> {
        self.check_values()
    }
}
