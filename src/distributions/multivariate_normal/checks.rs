//! Which element of a matrix breaks its constraint.

use burn::tensor::Tensor;

use super::{Given, MultivariateNormal};
use crate::kernel::triangular::factorise::factorise;
use crate::parameter::{ParameterError, Parametric, check_each, unravel};
use crate::support::Support;
use crate::support::matrices::asymmetry;

/// An element that is not what it must be.
struct Fault {
    row: usize,
    column: usize,
    constraint: &'static str,
}

impl<const D: usize> MultivariateNormal<D> {
    /// Reads the parameters back once and checks them.
    pub(super) fn check_values(&self) -> Result<(), ParameterError> {
        check_each(Self::NAME, "loc", self.loc.clone(), &Support::Real)?;
        let (length, name) = (self.length, self.given.name());
        let mut batch = self.matrix.dims();
        batch[D - 1] = 1;
        let read = |x: &Tensor<D>| -> Vec<f64> { x.clone().detach().into_data().iter().collect() };
        let (matrices, factors) = (read(&self.matrix), read(&self.factor));
        let asymmetry = asymmetry(length, self.matrix.dtype());
        let size = (length * length).max(1);
        for (at, (matrix, factor)) in
            matrices.chunks_exact(size).zip(factors.chunks_exact(size)).enumerate()
        {
            let fault = match self.given {
                Given::ScaleTril => of_factor(matrix, length),
                Given::Covariance | Given::Precision => {
                    of_symmetric(matrix, factor, length, asymmetry)
                }
            };
            if let Some(Fault { row, column, constraint }) = fault {
                let mut index = unravel(at, &batch);
                index[D - 1] = row;
                index.push(column);
                return Err(ParameterError {
                    family: Self::NAME,
                    parameter: name,
                    index,
                    value: matrix[row * length + column],
                    constraint: constraint.into(),
                });
            }
        }
        Ok(())
    }
}

fn of_factor(matrix: &[f64], length: usize) -> Option<Fault> {
    places(length).find_map(|(row, column)| {
        let element = matrix[row * length + column];
        let fault = |constraint| Some(Fault { row, column, constraint });
        if !element.is_finite() {
            fault("finite")
        } else if column > row && element != 0.0 {
            fault("0 above the diagonal")
        } else if column == row && element <= 0.0 {
            fault("positive on the diagonal")
        } else {
            None
        }
    })
}

/// `factor` is what the device made of it: in its own precision it may fail where `f64` does not.
fn of_symmetric(matrix: &[f64], factor: &[f64], length: usize, asymmetry: f64) -> Option<Fault> {
    let at = |row: usize, column: usize| matrix[row * length + column];
    let infinite = places(length).find(|(row, column)| !at(*row, *column).is_finite());
    if let Some((row, column)) = infinite {
        return Some(Fault { row, column, constraint: "finite" });
    }
    let crooked = places(length).find(|(row, column)| {
        let size = (at(*row, *row) * at(*column, *column)).abs().sqrt();
        (at(*row, *column) - at(*column, *row)).abs() > asymmetry * size
    });
    if let Some((row, column)) = crooked {
        return Some(Fault { row, column, constraint: "equal to its mirror image" });
    }
    let constraint = "larger for the matrix to be positive definite";
    let mut work = vec![0.0; length * length];
    if let Err((row, _)) = factorise(&mut work, length, at) {
        return Some(Fault { row, column: row, constraint });
    }
    let broken = (0..length).find(|row| factor[row * length + row].is_nan());
    broken.map(|_| {
        let row = length - 1;
        let constraint = "larger for the matrix to be positive definite in its precision";
        Fault { row, column: row, constraint }
    })
}

fn places(length: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..length).flat_map(move |row| (0..length).map(move |column| (row, column)))
}
