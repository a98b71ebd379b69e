//! The multivariate Normal distribution whose covariance is diagonal but for a few directions.

mod divergence;
mod elimination;
mod formulas;

use burn::tensor::Tensor;

use self::elimination::Elimination;
use super::MultivariateNormal;
use crate::linalg::reshape;
use crate::parameter::{Parameter, ParameterError, Parametric, check_each};
use crate::support::Support;

/// The Normal distribution over vectors `[.., K]` with mean `loc` and covariance W Wᵀ + diag(d), for
/// a factor W of few columns.
///
/// Time and memory grow with K·R² for `R` columns, not with K².
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let loc = Tensor::<2>::zeros([1, 100], &device);
/// let factor = Tensor::<3>::ones([1, 100, 2], &device);
/// let diagonal = Tensor::<2>::full([1, 100], 0.5, &device);
/// let normal = LowRankMultivariateNormal::new(loc, factor, diagonal);
/// let (x, log_prob) = normal.rsample_and_log_prob([8, 100], &mut rand::rng());
/// assert_eq!((x.dims(), log_prob.dims()), ([8, 100], [8, 1]));
/// ```
///
/// # Notes
///
/// With U = diag(d)^−½ W, determinant and inverse are those of I + UᵀU (matrix determinant lemma,
/// Woodbury 1950), which loses the digits of rows and columns of U that are small beside others. So `R`
/// rows of U above the identity are chosen by elimination with complete pivoting, and the others written
/// as their multiples F: I + FᵀF has nothing large in it. The quadratic form is not the difference of
/// Woodbury's identity, but the least value of a ridge regression, a sum of squares. Gradients are
/// analytic, and have the digits of the density.
///
/// As a [`Parametric`] family the factor lies row by row along the last dimension, `[.., K·R]`.
#[derive(Clone, Debug)]
pub struct LowRankMultivariateNormal<const D: usize> {
    loc: Tensor<D>,
    /// Row by row along the last dimension.
    cov_factor: Tensor<D>,
    cov_diag: Tensor<D>,
    elimination: Elimination<D>,
    /// K and R.
    sizes: [usize; 2],
}

impl<const D: usize> LowRankMultivariateNormal<D> {
    /// Creates the distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `loc`: the mean `[.., K]`
    /// - `cov_factor`: W, `[.., K, R]` of rank `M` = `D` + 1 with `R` ≥ 1; another rank does not compile
    /// - `cov_diag`: d, positive, `[.., K]`
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    #[must_use]
    pub fn new<const M: usize>(loc: Tensor<D>, cov_factor: Tensor<M>, cov_diag: Tensor<D>) -> Self {
        const {
            assert!(M == D + 1, "the factor has one dimension more than `loc`");
        }
        let dims = cov_factor.dims();
        let sizes = [dims[M - 2], dims[M - 1]];
        assert!(
            sizes[1] > 0,
            "{}: `cov_factor` of shape {dims:?} has no column; without any the elements are \
             `Independent`",
            Self::NAME,
        );
        for (name, shape) in [("loc", loc.dims()), ("cov_diag", cov_diag.dims())] {
            assert!(
                shape[D - 1] == sizes[0] || shape[D - 1] == 1,
                "{}: `{name}` of shape {shape:?} does not fit `cov_factor` of shape {dims:?}: the \
                 last dimension must be {}, or 1",
                Self::NAME,
                sizes[0],
            );
        }
        let mut flat = loc.dims();
        flat[..D - 1].copy_from_slice(&dims[..D - 1]);
        flat[D - 1] = sizes[0] * sizes[1];
        Self::assembled(loc, reshape(cov_factor, flat), cov_diag, sizes)
    }

    /// As [`new`](Self::new), reading the parameters back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, or of `cov_diag` not positive.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    pub fn try_new<const M: usize>(
        loc: Tensor<D>,
        cov_factor: Tensor<M>,
        cov_diag: Tensor<D>,
    ) -> Result<Self, ParameterError> {
        Self::new(loc, cov_factor, cov_diag).validated()
    }

    /// The mean.
    pub fn loc(&self) -> Tensor<D> {
        self.loc.clone()
    }

    /// The factor W, of rank `M` = `D` + 1.
    #[must_use]
    pub fn cov_factor<const M: usize>(&self) -> Tensor<M> {
        const {
            assert!(M == D + 1, "the factor has one dimension more than `loc`");
        }
        let dims = self.cov_factor.dims();
        let size = |dim| if dim + 1 < D { dims[dim] } else { self.sizes[dim + 1 - D] };
        reshape(self.cov_factor.clone(), core::array::from_fn(size))
    }

    /// The diagonal d.
    pub fn cov_diag(&self) -> Tensor<D> {
        self.cov_diag.clone()
    }

    /// The covariance W Wᵀ + diag(d), of rank `M` = `D` + 1.
    #[must_use]
    pub fn covariance<const M: usize>(&self) -> Tensor<M> {
        const {
            assert!(M == D + 1, "the covariance has one dimension more than `loc`");
        }
        let flat = self.flat_covariance();
        let dims = flat.dims();
        let size = |dim| if dim + 1 < D { dims[dim] } else { self.sizes[0] };
        reshape(flat, core::array::from_fn(size))
    }

    /// The same distribution with its covariance written out.
    #[must_use]
    pub fn to_multivariate_normal(&self) -> MultivariateNormal<D> {
        MultivariateNormal::from_flat_covariance(self.loc(), self.flat_covariance(), self.sizes[0])
    }
}

impl<const D: usize> Parametric<D> for LowRankMultivariateNormal<D> {
    type WithRank<const E: usize> = LowRankMultivariateNormal<E>;
    const NAME: &'static str = "LowRankMultivariateNormal";

    /// The factor row by row along the last dimension.
    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("loc", self.loc(), Support::Real),
            Parameter::new("cov_factor", self.cov_factor.clone(), Support::Real),
            Parameter::new("cov_diag", self.cov_diag(), Support::Positive),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> LowRankMultivariateNormal<E> {
        let (loc, factor) = (transform(self.loc), transform(self.cov_factor));
        LowRankMultivariateNormal::assembled(loc, factor, transform(self.cov_diag), self.sizes)
    }

    /// The factor is expanded along the batch only.
    fn expand(self, shape: [usize; D]) -> Self {
        let with_last = |last: usize| {
            let mut shape = shape;
            shape[D - 1] = last;
            shape
        };
        let [length, rank] = self.sizes;
        Self {
            loc: self.loc.expand(shape),
            cov_factor: self.cov_factor.expand(with_last(length * rank)),
            cov_diag: self.cov_diag.expand(shape),
            elimination: self.elimination.expand(with_last(1)),
            ..self
        }
    }

    fn validate(&self) -> Result<(), ParameterError> {
        check_each(Self::NAME, "loc", self.loc(), &Support::Real)?;
        let rank = self.sizes[1];
        let factor = self.cov_factor.clone();
        check_each(Self::NAME, "cov_factor", factor, &Support::Real).map_err(|error| {
            // The place in the matrix rather than along the row of its elements.
            let mut index = error.index.clone();
            let flat = index.pop().expect("a matrix has elements");
            index.extend([flat / rank, flat % rank]);
            ParameterError { index, ..error }
        })?;
        check_each(Self::NAME, "cov_diag", self.cov_diag(), &Support::Positive)
    }
}
