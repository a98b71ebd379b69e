//! Sylvester flows.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::layer::FlowLayer;
use super::linear::within;
use super::root::{TANH_ROOT, TANH_STEP};
use super::rows::{RowParameters, column, scaled, square_length};
use crate::linalg::identity;
use crate::random::Key;

/// Configuration of a [`Sylvester`] layer.
#[derive(Config, Debug)]
pub struct SylvesterConfig {
    /// The features of a row.
    pub features: usize,
    /// The dimensions of the subspace in which rows move, at most the features.
    pub rank: usize,
    /// The features of the context.
    #[config(default = 0)]
    pub context: usize,
    /// The seed of the parameters.
    #[config(default = 0)]
    pub seed: u64,
}

impl SylvesterConfig {
    /// Creates the layer on `device`, close to the identity.
    ///
    /// # Panics
    ///
    /// If the rank is 0 or above the features.
    pub fn init(&self, device: &Device) -> Sylvester {
        let Self { features, rank, context, seed } = *self;
        assert!((1..=features).contains(&rank), "a rank from 1 to {features}, not {rank}");
        let reflections =
            within([rank, features], 1.0, Key::new(seed).salted("reflections"), device);
        Sylvester {
            parameters: RowParameters::new(2 * rank * rank + rank, 0.1, context, seed, device),
            reflections: Param::from_tensor(reflections),
            features,
            rank,
        }
    }
}

/// x = z + Q R tanh(S Qᵀz + b) with orthonormal columns Q and upper triangular R and S (van den Berg,
/// Hasenclever, Tomczak and Welling 2018): a planar flow along several directions at once. Q is a
/// product of Householder reflections; the products of diagonal elements are held above −1.
///
/// The inverse solves one equation for each direction, from the last one up, with implicit
/// gradients. The context moves R, S and b.
#[derive(Module, Debug)]
pub struct Sylvester {
    /// R, S and b.
    parameters: RowParameters,
    /// The normals of the reflections, `[rank, features]`.
    reflections: Param<Tensor<2>>,
    features: usize,
    rank: usize,
}

/// What a context gives: columns `[1 or N, 1]`.
struct Given {
    row: Tensor<2>,
    rank: usize,
}

impl Given {
    /// An element of R (0) or S (1); those of the diagonals lie between −1 and 1.
    fn element(&self, matrix: usize, row: usize, place: usize) -> Tensor<2> {
        let element = column(&self.row, (matrix * self.rank + row) * self.rank + place);
        if row == place { element.tanh() } else { element }
    }

    fn shift(&self, row: usize) -> Tensor<2> {
        column(&self.row, 2 * self.rank * self.rank + row)
    }

    /// `start` and the product of a row of a matrix, from `from` on, with `columns` so far known.
    fn add(
        &self,
        start: Tensor<2>,
        matrix: usize,
        row: usize,
        columns: &[Option<Tensor<2>>],
    ) -> Tensor<2> {
        (row + 1..self.rank).fold(start, |sum, place| {
            let known = columns[place].clone().expect("later columns are known");
            sum + self.element(matrix, row, place) * known
        })
    }
}

impl Sylvester {
    fn given(&self, context: Option<&Tensor<2>>) -> Given {
        Given { row: self.parameters.row("Sylvester", context), rank: self.rank }
    }

    /// Q, `[features, rank]`.
    fn basis(&self) -> Tensor<2> {
        let (normals, _) = scaled(self.reflections.val());
        let start = identity(self.features, &normals).narrow(1, 0, self.rank);
        (0..self.rank).fold(start, |basis, reflection| {
            let normal = normals.clone().narrow(0, reflection, 1);
            // A normal of length 0 reflects nothing.
            let length = square_length(&normal);
            let along = normal.clone().matmul(basis.clone()) * (length.recip() * 2.0);
            basis - normal.transpose().matmul(along)
        })
    }

    /// Each tanh, their log-determinant, and R times them, from the columns of Qᵀz or, where
    /// `inverse`, of Qᵀx.
    fn steps(
        &self,
        along: &Tensor<2>,
        context: Option<&Tensor<2>>,
        inverse: bool,
    ) -> (Tensor<2>, Tensor<2>) {
        let given = self.given(context);
        let mut values = vec![None; self.rank];
        let mut tanhs = vec![None; self.rank];
        let mut moves = Vec::with_capacity(self.rank);
        let mut total: Option<Tensor<2>> = None;
        for row in (0..self.rank).rev() {
            let (outer, inner) = (given.element(0, row, row), given.element(1, row, row));
            let own = column(along, row);
            let zero = own.zeros_like();
            if !inverse {
                values[row] = Some(own.clone());
            }
            let shift = given.add(zero.clone() + given.shift(row), 1, row, &values);
            let others = given.add(zero, 0, row, &tanhs);
            let value = if inverse {
                let target = own - others.clone();
                TANH_ROOT.apply([target, outer.clone(), inner.clone(), shift.clone()])
            } else {
                own
            };
            values[row] = Some(value.clone());
            let [tanh, log_det] = TANH_STEP.apply_all([value, outer.clone(), inner, shift]);
            moves.push(others + outer * tanh.clone());
            tanhs[row] = Some(tanh);
            total = Some(match total {
                Some(total) => total + log_det,
                None => log_det,
            });
        }
        moves.reverse();
        (Tensor::cat(moves, 1), total.expect("the rank is 1 or more"))
    }
}

impl FlowLayer for Sylvester {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let basis = self.basis();
        let (moves, log_det) = self.steps(&x.clone().matmul(basis.clone()), context, false);
        (x + moves.matmul(basis.transpose()), log_det)
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let basis = self.basis();
        let (moves, log_det) = self.steps(&y.clone().matmul(basis.clone()), context, true);
        (y - moves.matmul(basis.transpose()), -log_det)
    }
}
