//! The covariance by elimination with complete pivoting, and what densities need of it.

use burn::tensor::{Int, Tensor};

use crate::kernel::rows::sum_rows;
use crate::kernel::triangular::{self, TriangularMap};
use crate::linalg::{self, Layout, reshape};

/// The rows of A = [diag(d)^−½ W; I] as multiples G of `R` chosen ones B, so that
/// det(AᵀA) = det(B)² det(GᵀG). No gradient flows here.
#[derive(Clone, Debug)]
pub(super) struct Elimination<const D: usize> {
    /// G, `[.., (K + R)·R]` row by row: a row of the identity for each chosen row.
    multiples: Tensor<D>,
    /// One column for each chosen row, with a 1 there; in the same form.
    chosen: Tensor<D>,
    /// The Cholesky factor of GᵀG, `[.., R·R]` row by row.
    capacitance: Tensor<D>,
    /// ½ ln det of the covariance, `[.., 1]`.
    half_log_determinant: Tensor<D>,
    /// Its excess over that of d alone: ½ ln det(I + UᵀU), at least 0.
    half_log_excess: Tensor<D>,
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
        let mut rest = Tensor::cat(vec![factor / scales.clone(), unit], 1);
        let (mut columns, mut marks, mut pivots) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rank {
            let mark = largest(&rest);
            let (in_row, in_column) = (mark.clone().sum_dim(2), mark.sum_dim(1));
            let row = (rest.clone() * in_row.clone()).sum_dim(1);
            let column = (rest.clone() * in_column.clone()).sum_dim(2);
            // At least 1: a row of I stays what it was until its column is used.
            let pivot = (row.clone() * in_column.clone()).sum_dim(2);
            // Not by arithmetic: on some devices x / x is not 1. Rows chosen before are 0.
            let others = in_row.clone() * -1.0 + 1.0;
            let multiples = column * others.clone() / pivot.clone() + in_row.clone();
            rest = (rest - multiples.clone() * row) * others * (in_column * -1.0 + 1.0);
            pivots.push(pivot);
            columns.push(multiples);
            marks.push(in_row);
        }
        let (multiples, chosen) = (Tensor::cat(columns, 2), Tensor::cat(marks, 2));
        let lower = chosen.clone().swap_dims(1, 2).matmul(multiples.clone());
        let multiples = triangular::map(lower, multiples, TriangularMap::SOLVE.transpose());
        let open = chosen.clone().sum_dim(2) * -1.0 + 1.0;
        let multiples = multiples * open.clone() + chosen.clone();
        let square = multiples.clone().swap_dims(1, 2).matmul(multiples.clone());
        let capacitance = triangular::cholesky(square);
        let flat = |x: Tensor<3>| {
            let mut shape = batch;
            shape[D - 1] = x.dims()[1] * x.dims()[2];
            reshape::<3, D>(x, shape)
        };
        // One logarithm of a pivot and what it was divided by: that of a small d would cancel.
        let own = chosen.clone().narrow(1, 0, length);
        let beside_unit = chosen.clone().narrow(1, length, rank).sum_dim(1);
        let undone = (own * scales).sum_dim(1) + beside_unit;
        let pivots = Tensor::cat(pivots, 2).abs();
        let excess = flat(pivots.clone().log());
        let pivots = (pivots * undone).log();
        let diagonal = sum_rows(linalg::diagonal(flat(capacitance.clone()), rank).log());
        let others = flat(variances.log() * open.narrow(1, 0, length)) * 0.5;
        let half_log_determinant = sum_rows(others) + sum_rows(flat(pivots)) + diagonal.clone();
        Self {
            multiples: flat(multiples),
            chosen: flat(chosen),
            capacitance: flat(capacitance),
            half_log_determinant,
            half_log_excess: sum_rows(excess) + diagonal,
            sizes,
        }
    }

    pub(super) fn half_log_determinant(&self) -> Tensor<D> {
        self.half_log_determinant.clone()
    }

    pub(super) fn half_log_excess(&self) -> Tensor<D> {
        self.half_log_excess.clone()
    }

    fn parts(&self, layout: &Layout<D>) -> Parts {
        let [length, rank] = self.sizes;
        let multiples = layout.matrices(self.multiples.clone(), [length + rank, rank]);
        let own = multiples.clone().narrow(1, 0, length);
        Parts {
            blocks: [own, multiples.narrow(1, length, rank)],
            chosen: layout.matrices(self.chosen.clone(), [length + rank, rank]),
            capacitance: layout.matrices(self.capacitance.clone(), [rank, rank]),
        }
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
            half_log_excess: with(self.half_log_excess),
            sizes: self.sizes,
        }
    }

    /// With the chosen elements subtracted, times G, it is a regression on G, which has no large
    /// elements: an error of g counts by its square.
    pub(super) fn ridge(&self, layout: &Layout<D>, z: Tensor<3>) -> Ridge {
        let Parts { blocks: [own, unit], chosen, capacitance } = self.parts(layout);
        let [across, short] = [own.clone(), unit.clone()].map(|x| x.swap_dims(1, 2));
        let at = z.clone().matmul(chosen.narrow(1, 0, self.sizes[0]));
        let rest = z - at.clone().matmul(across.clone());
        let along = at.matmul(short.clone());
        let slope = rest.clone().matmul(own) - along.clone().matmul(unit);
        let g = solve(capacitance, slope);
        let rest = rest - g.clone().matmul(across);
        let along = along + g.matmul(short);
        let form = sum_rows(rest.clone().square()) + sum_rows(along.clone().square());
        Ridge { form, rest, along }
    }

    /// From G (GᵀG)⁻¹ Gᵀ, which projects on the columns of A: its block beside I is U (I + UᵀU)⁻¹,
    /// and its diagonal that of I − (I + U Uᵀ)⁻¹.
    pub(super) fn determinant_slopes(&self, cov_diag: Tensor<D>) -> DeterminantSlopes<D> {
        let [length, rank] = self.sizes;
        let Parts { blocks: [own, unit], chosen, capacitance } =
            self.parts(&self.layout(self.multiples.dims()));
        let count = own.dims()[0];
        let block = own.clone().matmul(solve(capacitance.clone(), unit.clone()).swap_dims(1, 2));
        let half = triangular::map(capacitance.clone(), own.clone(), TriangularMap::SOLVE);
        // 1 − p cancels in the chosen rows alone, where it is an element of (GᵀG)⁻¹ FᵀF, with F the
        // other rows of G: their multiples are small, and so is p.
        let open = |chosen: Tensor<3>| chosen.sum_dim(2) * -1.0 + 1.0;
        let [on, below] = [chosen.clone().narrow(1, 0, length), chosen.narrow(1, length, rank)];
        let (own, unit) = (own * open(on.clone()), unit * open(below));
        let square =
            own.clone().swap_dims(1, 2).matmul(own) + unit.clone().swap_dims(1, 2).matmul(unit);
        let whole = linalg::identity(rank, &square).unsqueeze::<3>();
        let of_chosen = (solve(capacitance, square) * whole).sum_dim(2);
        let others = (sum_rows(half.square()) * -1.0 + 1.0) * open(on.clone());
        let diagonal = on.matmul(of_chosen) + others;
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
            factor: flat(block / beside, length * rank),
            diagonal: flat(diagonal, length) / scales * 0.5,
        }
    }
}

/// The matrices in the layout of the kernels, `[P, rows, columns]`.
struct Parts {
    /// The rows of G beside W, and those beside I.
    blocks: [Tensor<3>; 2],
    chosen: Tensor<3>,
    capacitance: Tensor<3>,
}

/// C⁻¹ x by its Cholesky factor, for vectors x.
fn solve(factor: Tensor<3>, x: Tensor<3>) -> Tensor<3> {
    let half = triangular::map(factor.clone(), x, TriangularMap::SOLVE);
    triangular::map(factor, half, TriangularMap::SOLVE.transpose())
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
