//! The Cholesky factorisation of one matrix in `f64`.

use crate::kernel::lanes::HostFloat;

/// Partial sums of a product of two vectors.
const PARTS: usize = 8;

/// Σ a b, in partial sums that become SIMD code.
#[inline(always)]
pub(crate) fn dot<E: HostFloat>(a: &[E], b: &[f64]) -> f64 {
    let mut parts = [0.0; PARTS];
    let (mut left, mut right) = (a.chunks_exact(PARTS), b.chunks_exact(PARTS));
    for (a, b) in (&mut left).zip(&mut right) {
        for part in 0..PARTS {
            parts[part] += HostFloat::to_f64(a[part]) * b[part];
        }
    }
    let rest = left.remainder().iter().zip(right.remainder());
    parts.iter().sum::<f64>() + rest.map(|(a, b)| HostFloat::to_f64(*a) * b).sum::<f64>()
}

/// Row by row, each element from a product of two rows above and left of it. `Err` with the first
/// row whose pivot is not positive and finite, and that pivot.
#[inline(always)]
pub(crate) fn factorise(
    factor: &mut [f64],
    length: usize,
    element: impl Fn(usize, usize) -> f64,
) -> Result<(), (usize, f64)> {
    for row in 0..length {
        let (above, own) = factor.split_at_mut(row * length);
        for column in 0..row {
            let symmetric = 0.5 * (element(row, column) + element(column, row));
            let other = &above[column * length..][..=column];
            let sum = dot(&own[..column], &other[..column]);
            own[column] = (symmetric - sum) / other[column];
        }
        let pivot = element(row, row) - dot(&own[..row], &own[..row]);
        if !(pivot > 0.0 && pivot < f64::INFINITY) {
            return Err((row, pivot));
        }
        own[row] = pivot.sqrt();
    }
    Ok(())
}
