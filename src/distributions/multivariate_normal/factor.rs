//! The matrix of a multivariate Normal in its three forms, by way of its triangular factor.

use burn::tensor::Tensor;

use super::MultivariateNormal;
use super::formulas::whitening;
use crate::distribution::Distribution;
use crate::kernel::rows::sum_rows;
use crate::kernel::triangular::{self, TriangularMap};
use crate::linalg::{self, Layout, reshape};
use crate::parameter::Parametric;
use crate::support::Support;

/// How the matrix was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// L.
    ScaleTril,
    /// L Lᵀ.
    Covariance,
    /// (L Lᵀ)⁻¹.
    Precision,
}

impl Given {
    /// The name of the parameter.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ScaleTril => "scale_tril",
            Self::Covariance => "covariance",
            Self::Precision => "precision",
        }
    }

    /// The constraint on it.
    pub(super) fn support(self) -> Support {
        match self {
            Self::ScaleTril => Support::LowerCholesky,
            Self::Covariance | Self::Precision => Support::PositiveDefinite,
        }
    }

    /// Whether the factor is L⁻¹ rather than L.
    pub(crate) fn is_inverse(self) -> bool {
        self == Self::Precision
    }
}

impl<const D: usize> MultivariateNormal<D> {
    pub(super) fn new<const M: usize>(loc: Tensor<D>, matrix: Tensor<M>, given: Given) -> Self {
        const {
            assert!(M == D + 1, "the matrix has one dimension more than `loc`");
        }
        let (own, dims) = (loc.dims(), matrix.dims());
        let length = dims[M - 1];
        assert!(
            dims[M - 2] == length,
            "{}: `{}` of shape {dims:?} is not a batch of square matrices",
            Self::NAME,
            given.name(),
        );
        assert!(
            own[D - 1] == length || own[D - 1] == 1,
            "{}: `loc` of shape {own:?} does not fit `{}` of shape {dims:?}: the last dimension \
             must be {length}, or 1",
            Self::NAME,
            given.name(),
        );
        let mut flat = own;
        flat[..D - 1].copy_from_slice(&dims[..D - 1]);
        flat[D - 1] = length * length;
        let normal = Self::assembled(loc, reshape(matrix, flat), given, length);
        // Panics unless the batches broadcast.
        let _ = normal.shape();
        normal
    }

    /// From a matrix that lies row by row along the last dimension.
    pub(crate) fn assembled(
        loc: Tensor<D>,
        matrix: Tensor<D>,
        given: Given,
        length: usize,
    ) -> Self {
        let dims = matrix.dims();
        let count = dims[..D - 1].iter().product();
        let batch = |flat: Tensor<D>| reshape::<D, 3>(flat, [count, length, length]);
        let factor = match given {
            Given::ScaleTril => matrix.clone(),
            Given::Covariance => reshape(triangular::cholesky(batch(matrix.clone())), dims),
            Given::Precision => {
                // With the order of the elements turned round, P = U Uᵀ for an upper triangular U,
                // so that Σ = U⁻ᵀ U⁻¹: the lower triangular Uᵀ is L⁻¹.
                let turned = triangular::cholesky(batch(matrix.clone().flip([D - 1])));
                reshape::<3, D>(turned.swap_dims(1, 2), dims).flip([D - 1])
            }
        };
        Self { loc, matrix, given, factor, length }
    }

    /// The diagonal of the factor.
    pub(super) fn factor_diagonal(&self) -> Tensor<D> {
        linalg::diagonal(self.factor.clone(), self.length)
    }

    /// Vectors of whole length: one that is broadcast along the event stands for all its elements.
    pub(super) fn whole(&self, x: Tensor<D>) -> Tensor<D> {
        let mut shape = x.dims();
        if shape[D - 1] == self.length {
            return x;
        }
        shape[D - 1] = self.length;
        x.expand(shape)
    }

    /// A map by the factor, in the layout of the kernels.
    pub(super) fn mapped(&self, layout: &Layout<D>, x: Tensor<D>, map: TriangularMap) -> Tensor<3> {
        let matrices = layout.matrices(self.factor.clone(), [self.length; 2]);
        triangular::map(matrices, layout.vectors(self.whole(x)), map)
    }

    /// The factors as a batch.
    fn factors(&self) -> Tensor<3> {
        let count = self.factor.dims()[..D - 1].iter().product();
        reshape(self.factor.clone(), [count, self.length, self.length])
    }

    /// The images of the unit vectors, one a row.
    fn columns(&self, factors: &Tensor<3>, map: TriangularMap) -> Tensor<3> {
        let (count, length) = (factors.dims()[0], self.length);
        let unit = linalg::identity(length, factors).unsqueeze::<3>();
        triangular::map(factors.clone(), unit.expand([count, length, length]), map)
    }

    fn flat(&self, matrices: Tensor<3>) -> Tensor<D> {
        reshape(matrices, self.factor.dims())
    }

    pub(super) fn unflattened<const M: usize>(&self, flat: Tensor<D>) -> Tensor<M> {
        const {
            assert!(M == D + 1, "the matrix has one dimension more than `loc`");
        }
        let dims = flat.dims();
        let size = |dim| if dim + 1 < D { dims[dim] } else { self.length };
        reshape(flat, core::array::from_fn(size))
    }

    /// L, row by row along the last dimension, with zeros above the diagonal.
    pub(crate) fn flat_scale_tril(&self) -> Tensor<D> {
        let factors = self.factors();
        self.flat(if self.given.is_inverse() {
            self.columns(&factors, TriangularMap::SOLVE).swap_dims(1, 2)
        } else {
            factors.tril(0)
        })
    }

    /// Σ, in the same form.
    pub(super) fn flat_covariance(&self) -> Tensor<D> {
        let (factors, solve) = (self.factors(), TriangularMap::SOLVE);
        match self.given {
            Given::Covariance => self.matrix.clone(),
            Given::ScaleTril => {
                let rows = factors.clone().tril(0);
                self.flat(triangular::map(factors, rows, TriangularMap::MULTIPLY))
            }
            Given::Precision => {
                let rows = self.columns(&factors, solve.transpose());
                self.flat(triangular::map(factors, rows, solve))
            }
        }
    }

    /// Σ⁻¹, in the same form.
    pub(super) fn flat_precision(&self) -> Tensor<D> {
        if self.given == Given::Precision {
            return self.matrix.clone();
        }
        let (factors, solve) = (self.factors(), TriangularMap::SOLVE);
        let rows = self.columns(&factors, solve);
        self.flat(triangular::map(factors, rows, solve.transpose()))
    }

    /// The diagonal of Σ.
    pub(super) fn flat_variance(&self) -> Tensor<D> {
        if self.given == Given::Covariance {
            return linalg::diagonal(self.matrix.clone(), self.length);
        }
        let mut shape = self.factor.dims();
        let count = shape[..D - 1].iter().product();
        shape[D - 1] = self.length;
        let rows = reshape::<D, 3>(self.flat_scale_tril(), [count, self.length, self.length]);
        reshape(sum_rows(rows.square()), shape)
    }

    /// From a covariance that lies row by row along the last dimension.
    pub(crate) fn from_flat_covariance(loc: Tensor<D>, flat: Tensor<D>, length: usize) -> Self {
        Self::assembled(loc, flat, Given::Covariance, length)
    }

    /// From the standard deviations `[.., K]` of independent elements.
    pub(crate) fn from_scales(loc: Tensor<D>, scales: Tensor<D>) -> Self {
        let (mut dims, length) = (scales.dims(), scales.dims()[D - 1]);
        let count = dims[..D - 1].iter().product();
        dims[D - 1] = length * length;
        let spread = reshape::<D, 3>(scales, [count, 1, length]).expand([count, length, length]);
        let matrix = reshape(spread.tril(0).triu(0), dims);
        Self::assembled(loc, matrix, Given::ScaleTril, length)
    }

    /// The diagonal of L.
    pub(crate) fn scales(&self) -> Tensor<D> {
        let diagonal = self.factor_diagonal();
        if self.given.is_inverse() { diagonal.recip() } else { diagonal }
    }

    /// L⁻¹ x.
    pub(crate) fn whitened(&self, x: Tensor<D>) -> Tensor<D> {
        let layout = Layout::of(self.factor.dims(), x.dims());
        layout.restore(self.mapped(&layout, x, whitening(self.given)))
    }

    /// How the matrix was given.
    pub(crate) fn given(&self) -> Given {
        self.given
    }

    /// The factor that `given` tells of, row by row along the last dimension.
    pub(crate) fn factor(&self) -> Tensor<D> {
        self.factor.clone()
    }

    /// The number of elements of a vector.
    pub(crate) fn length(&self) -> usize {
        self.length
    }
}
