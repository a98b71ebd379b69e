//! Small dense symmetric matrices in double precision.

use std::ops::{Index, IndexMut};

/// A square matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    size: usize,
    entries: Vec<f64>,
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.entries[row * self.size + column]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.entries[row * self.size + column]
    }
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(size: usize) -> Self {
        Self { size, entries: vec![0.0; size * size] }
    }

    /// The inner products of vectors with each other.
    pub fn gram(vectors: &[Vec<f64>]) -> Self {
        let mut gram = Self::zeros(vectors.len());
        for (row, a) in vectors.iter().enumerate() {
            for (column, b) in vectors.iter().enumerate() {
                gram[(row, column)] = dot(a, b);
            }
        }
        gram
    }

    /// How many rows and columns there are.
    pub fn size(&self) -> usize {
        self.size
    }
}

/// The inner product.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The Cholesky factorisation A = L Lᵀ of a positive definite matrix.
pub struct Cholesky {
    lower: Matrix,
}

impl Cholesky {
    /// Factorises `matrix`.
    ///
    /// # Errors
    ///
    /// The first column whose pivot is not above `tolerance` times its diagonal entry: a linear
    /// combination of the columns before it.
    pub fn new(matrix: &Matrix, tolerance: f64) -> Result<Self, usize> {
        let size = matrix.size();
        let mut lower = Matrix::zeros(size);
        for row in 0..size {
            for column in 0..=row {
                let known: f64 =
                    (0..column).map(|before| lower[(row, before)] * lower[(column, before)]).sum();
                let rest = matrix[(row, column)] - known;
                lower[(row, column)] = if row == column {
                    if rest.is_nan() || rest <= tolerance * matrix[(row, row)] {
                        return Err(row);
                    }
                    rest.sqrt()
                } else {
                    rest / lower[(column, column)]
                };
            }
        }
        Ok(Self { lower })
    }

    /// L⁻¹ b.
    pub fn solve_lower(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(b.len());
        for (row, b) in b.iter().enumerate() {
            let known: f64 = x.iter().enumerate().map(|(at, x)| self.lower[(row, at)] * x).sum();
            x.push((b - known) / self.lower[(row, row)]);
        }
        x
    }

    /// L⁻ᵀ b.
    pub fn solve_upper(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for row in (0..b.len()).rev() {
            let known: f64 = (row + 1..b.len()).map(|at| self.lower[(at, row)] * x[at]).sum();
            x[row] = (x[row] - known) / self.lower[(row, row)];
        }
        x
    }

    /// A⁻¹ b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        self.solve_upper(&self.solve_lower(b))
    }

    /// The diagonal of A⁻¹.
    pub fn inverse_diagonal(&self) -> Vec<f64> {
        (0..self.lower.size())
            .map(|at| {
                let column = self.solve_lower(&unit_vector(self.lower.size(), at));
                dot(&column, &column)
            })
            .collect()
    }
}

/// The vector with a single 1, at `at`.
pub fn unit_vector(size: usize, at: usize) -> Vec<f64> {
    (0..size).map(|index| f64::from(u8::from(index == at))).collect()
}
