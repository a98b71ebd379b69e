//! Cholesky factors, one matrix after another.

use rayon::prelude::*;

use super::matrices_each;
use crate::kernel::lanes::HostFloat;
use crate::kernel::simd::dispatch;
use crate::kernel::triangular::factorise::factorise;

/// See [`TriangularOps::cholesky`](crate::kernel::TriangularOps::cholesky).
pub(crate) fn cholesky<E: HostFloat>(matrices: &[E], length: usize) -> Vec<E> {
    let mut factors = vec![E::zero(); matrices.len()];
    if matrices.is_empty() {
        return factors;
    }
    let size = length * length;
    let each = matrices_each(size * length / 6) * size;
    (matrices.par_chunks(each).zip(factors.par_chunks_mut(each)))
        .for_each(|(matrices, factors)| dispatch(Cholesky { matrices, factors, length }));
    factors
}

struct Cholesky<'a, E> {
    matrices: &'a [E],
    factors: &'a mut [E],
    length: usize,
}

impl<E: HostFloat> pulp::WithSimd for Cholesky<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let length = self.length;
        let size = length * length;
        let mut work = vec![0.0; size];
        let all = self.matrices.chunks_exact(size).zip(self.factors.chunks_exact_mut(size));
        for (matrix, factor) in all {
            let element = |row, column| HostFloat::to_f64(matrix[row * length + column]);
            let whole = factorise(&mut work, length, element).is_ok();
            for row in 0..length {
                for column in 0..=row {
                    let at = row * length + column;
                    factor[at] = E::from_f64(if whole { work[at] } else { f64::NAN });
                }
            }
        }
    }
}
