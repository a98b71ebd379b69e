//! The covariance by elimination with complete pivoting, and what densities need of it.

use burn::tensor::{Int, Tensor};

use crate::kernel::rows::sum_rows;
use crate::kernel::triangular::{self, TriangularMap};
use crate::linalg::{self, Layout, reshape};

/// The rows of A = [diag(d)^−½ W; I] as multiples F of `R` chosen ones B, so that
/// det(AᵀA) = det(B)² det(I + FᵀF). No gradient flows here.
#[derive(Clone, Debug)]
pub(super) struct Elimination<const D: usize> {
    /// F, `[.., (K + R)·R]` row by row, with zeros in the chosen rows.
    multiples: Tensor<D>,
    /// One column for each chosen row, with a 1 there; in the same form.
    chosen: Tensor<D>,
    /// The Cholesky factor of I + FᵀF, `[.., R·R]` row by row.
    capacitance: Tensor<D>,
    /// ½ ln det of the covariance, `[.., 1]`.
    half_log_determinant: Tensor<D>,
    /// K and R.
    sizes: [usize; 2],
}

/// The gradients of ½ ln det of the covariance, with respect to W, `[.., K·R]`, and d, `[.., K]`; that of d
/// times √d, which overflows at no d.
pub(super) struct DeterminantSlopes<const D: usize> {
    pub factor: Tensor<D>,
    pub diagonal: Tensor<D>,
}

/// zᵀ Σ⁻¹ z for vectors whitened by d alone, `[P, C, 1]`; what a ridge regression of z on
/// U = diag(d)^−½ W leaves of it, z − U y, `[P, C, K]`; and y, `[P, C, R]`.
pub(super) struct Ridge {
    pub form: Tensor<3>,
    pub rest: Tensor<3>,
    pub along: Tensor<3>,
}

impl<const D: usize> Elimination<D> {
    /// Of W row by row and d, whose batches broadcast.
    pub(super) fn new(cov_factor: Tensor<D>, cov_diag: Tensor<D>, sizes: [usize; 2]) -> Self {
        let [length, rank] = sizes;
        let (cov_factor, cov_diag) = (cov_factor.detach(), cov_diag.detach());
        let (own, other) = (cov_factor.dims(), cov_diag.dims());
        let batch: [usize; D] =
            core::array::from_fn(|dim| if own[dim] == 1 { other[dim] } else { own[dim] });
        let count = batch[..D - 1].iter().product();
        let of = |x: Tensor<D>, last: usize| {
            let mut shape = batch;
            shape[D - 1] = last;
            reshape::<D, 3>(x.expand(shape), [count, length, last / length.max(1)])
        };
        let variances = of(cov_diag, length);
        let factor = of(cov_factor, length * rank);
        let unit = linalg::identity(rank, &factor).unsqueeze::<3>().expand([count, rank, rank]);
        let scales = variances.clone().sqrt();
        let ones = Tensor::ones([count, rank, 1], (&scales.device(), scales.dtype()));
        let mut rest = Tensor::cat(vec![factor / scales.clone(), unit.clone()], 1);
        let scales = Tensor::cat(vec![scales, ones], 1);
        let mut open = scales.ones_like();
        let (mut columns, mut marks, mut logs) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rank {
            // At least 1: a row of I stays what it was until its column is used.
            let mark = largest(&rest);
            let (in_row, in_column) = (mark.clone().sum_dim(2), mark.sum_dim(1));
            let row = (rest.clone() * in_row.clone()).sum_dim(1);
            let column = (rest.clone() * in_column.clone()).sum_dim(2);
            let pivot = (row.clone() * in_column.clone()).sum_dim(2);
            open = open - in_row.clone();
            let multiples = column * open.clone() / pivot.clone();
            rest = (rest - multiples.clone() * row) * open.clone() * (in_column * -1.0 + 1.0);
            // One logarithm: that of a small d would cancel against that of a pivot divided by it.
            let scale = (scales.clone() * in_row.clone()).sum_dim(1);
            logs.push((pivot.abs() * scale).log());
            columns.push(multiples);
            marks.push(in_row);
        }
        let (multiples, chosen) = (Tensor::cat(columns, 2), Tensor::cat(marks, 2));
        let lower = chosen.clone().swap_dims(1, 2).matmul(multiples.clone()) + unit.clone();
        let rows = multiples * open.clone();
        let multiples = triangular::map(lower, rows, TriangularMap::SOLVE.transpose());
        let square = multiples.clone().swap_dims(1, 2).matmul(multiples.clone());
        let capacitance = triangular::cholesky(square + unit);
        let flat = |x: Tensor<3>| {
            let mut shape = batch;
            shape[D - 1] = x.dims()[1] * x.dims()[2];
            reshape::<3, D>(x, shape)
        };
        let diagonal = linalg::diagonal(flat(capacitance.clone()), rank);
        let others = flat(variances.log() * open.narrow(1, 0, length)) * 0.5;
        let logs = flat(Tensor::cat(logs, 2));
        let half_log_determinant = sum_rows(others) + sum_rows(logs) + sum_rows(diagonal.log());
        Self {
            multiples: flat(multiples),
            chosen: flat(chosen),
            capacitance: flat(capacitance),
            half_log_determinant,
            sizes,
        }
    }

    pub(super) fn half_log_determinant(&self) -> Tensor<D> {
        self.half_log_determinant.clone()
    }

    /// The batch, in front of a last dimension that does not count.
    pub(super) fn batch(&self) -> [usize; D] {
        self.multiples.dims()
    }

    /// The layout of vectors of this shape beside the matrices.
    pub(super) fn layout(&self, vectors: [usize; D]) -> Layout<D> {
        Layout::of(self.multiples.dims(), vectors)
    }

    pub(super) fn expand(self, shape: [usize; D]) -> Self {
        let with = |x: Tensor<D>| {
            let mut shape = shape;
            shape[D - 1] = x.dims()[D - 1];
            x.expand(shape)
        };
        Self {
            multiples: with(self.multiples),
            chosen: with(self.chosen),
            capacitance: with(self.capacitance),
            half_log_determinant: with(self.half_log_determinant),
            sizes: self.sizes,
        }
    }

    pub(super) fn ridge(&self, layout: &Layout<D>, z: Tensor<3>) -> Ridge {
        let [length, rank] = self.sizes;
        let [matrices, vectors, _] = z.dims();
        let nothing = Tensor::zeros([matrices, vectors, rank], (&z.device(), z.dtype()));
        let parts = Parts::new(self, layout);
        let (form, rest) = parts.project(Tensor::cat(vec![z, nothing], 2));
        Ridge {
            form,
            rest: rest.clone().narrow(2, 0, length),
            along: rest.narrow(2, length, rank) * -1.0,
        }
    }

    /// Both from P, which projects on what is orthogonal to the columns of A: its block beside I is
    /// −U (I + UᵀU)⁻¹, and its diagonal is that of (I + U Uᵀ)⁻¹.
    pub(super) fn determinant_slopes(&self, cov_diag: Tensor<D>) -> DeterminantSlopes<D> {
        let [length, rank] = self.sizes;
        let layout = self.layout(self.multiples.dims());
        let parts = Parts::new(self, &layout);
        let count = parts.chosen.dims()[0];
        let unit = linalg::identity(rank, &parts.chosen).unsqueeze::<3>();
        let nothing = unit.zeros_like().narrow(2, 0, 1).expand([count, rank, length]);
        let unit = Tensor::cat(vec![nothing, unit.expand([count, rank, rank])], 2);
        let block = parts.project(unit).1.narrow(2, 0, length).swap_dims(1, 2);
        // A small element belongs to a chosen row, where it is a sum of squares. Those of the others
        // are far from 0, as their multiples are small.
        let of_chosen = parts.project(parts.chosen.clone().swap_dims(1, 2)).0;
        let solve = TriangularMap::SOLVE;
        let leverage = triangular::map(parts.capacitance, parts.multiples, solve).square();
        let others = parts.open.swap_dims(1, 2) * (sum_rows(leverage) * -1.0 + 1.0);
        let diagonal = (parts.chosen.matmul(of_chosen) + others).narrow(1, 0, length);
        let flat = |x: Tensor<3>, last: usize| {
            let mut shape = self.multiples.dims();
            shape[D - 1] = last;
            reshape::<3, D>(x, shape)
        };
        let mut shape = self.multiples.dims();
        shape[D - 1] = length;
        let scales = cov_diag.detach().sqrt().expand(shape);
        let beside = reshape::<D, 3>(scales.clone(), [count, length, 1]);
        DeterminantSlopes {
            factor: flat(block / beside * -1.0, length * rank),
            diagonal: flat(diagonal, length) / scales * 0.5,
        }
    }
}

/// The matrices in the layout of the kernels, `[P, rows, columns]`.
struct Parts {
    multiples: Tensor<3>,
    chosen: Tensor<3>,
    /// 0 in the chosen rows and 1 in the others, as a row.
    open: Tensor<3>,
    capacitance: Tensor<3>,
}

impl Parts {
    fn new<const D: usize>(of: &Elimination<D>, layout: &Layout<D>) -> Self {
        let [length, rank] = of.sizes;
        let rows = length + rank;
        let chosen = layout.matrices(of.chosen.clone(), [rows, rank]);
        let count = chosen.dims()[0];
        Self {
            multiples: layout.matrices(of.multiples.clone(), [rows, rank]),
            open: reshape(chosen.clone().sum_dim(2) * -1.0 + 1.0, [count, 1, rows]),
            chosen,
            capacitance: layout.matrices(of.capacitance.clone(), [rank, rank]),
        }
    }

    /// For vectors `[P, C, K + R]`, the square of what is left of each beside its projection on the
    /// columns of A, and that itself. With the chosen elements subtracted it is what a regression on
    /// F leaves, and F has no large elements: an error of g counts by its square.
    fn project(&self, x: Tensor<3>) -> (Tensor<3>, Tensor<3>) {
        let across = self.multiples.clone().swap_dims(1, 2);
        let at = x.clone().matmul(self.chosen.clone());
        let rest = x * self.open.clone() - at.matmul(across.clone());
        let along = rest.clone().matmul(self.multiples.clone());
        let half = triangular::map(self.capacitance.clone(), along, TriangularMap::SOLVE);
        let back = TriangularMap::SOLVE.transpose();
        let g = triangular::map(self.capacitance.clone(), half, back);
        let rest = rest - g.clone().matmul(across);
        let square = sum_rows(rest.clone().square()) + sum_rows(g.clone().square());
        (square, rest - g.matmul(self.chosen.clone().swap_dims(1, 2)))
    }
}

/// 1 at the first element of each matrix that is largest in size, 0 elsewhere.
fn largest(matrices: &Tensor<3>) -> Tensor<3> {
    let [count, rows, columns] = matrices.dims();
    let flat = reshape::<3, 2>(matrices.clone().abs(), [count, rows * columns]);
    let shape = flat.dims();
    let places = Tensor::<1, Int>::arange(0..(rows * columns) as i64, &flat.device());
    let place = flat.clone().argmax(1).expand(shape);
    let here = places.unsqueeze::<2>().expand(shape).equal(place);
    reshape(flat.zeros_like().mask_fill(here, 1.0), [count, rows, columns])
}
