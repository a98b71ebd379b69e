//! Sums of outer products.

use rayon::prelude::*;

use super::{CHUNK, matrices_each};
use crate::kernel::lanes::HostFloat;
use crate::kernel::simd::dispatch;

/// See [`TriangularOps::lower_product`](crate::kernel::TriangularOps::lower_product).
pub(crate) fn lower_product<E: HostFloat>(
    a: &[E],
    b: &[E],
    [matrices, count, length]: [usize; 3],
) -> Vec<E> {
    let size = length * length;
    let mut results = vec![E::zero(); matrices * size];
    if a.is_empty() {
        return results;
    }
    // Partial sums over a fixed number of vectors: the same rounding whatever the threads.
    let vectors_each = (count / 16).max(CHUNK / size).max(1);
    let work = |at: usize, result: &mut [E]| {
        let (a, b) = (&a[at * count * length..], &b[at * count * length..]);
        let (a, b) = (&a[..count * length], &b[..count * length]);
        let partial = |(a, b): (&[E], &[E])| dispatch(Product { a, b, length });
        let sum = if count <= vectors_each {
            partial((a, b))
        } else {
            let (a, b) = (a.par_chunks(vectors_each * length), b.par_chunks(vectors_each * length));
            let partials: Vec<Vec<f64>> = a.zip(b).map(partial).collect();
            let mut partials = partials.into_iter();
            let mut sum = partials.next().expect("at least one vector");
            for partial in partials {
                sum.iter_mut().zip(partial).for_each(|(sum, partial)| *sum += partial);
            }
            sum
        };
        result.iter_mut().zip(sum).for_each(|(element, sum)| *element = E::from_f64(sum));
    };
    let each = matrices_each(count * size);
    let pieces = results.par_chunks_mut(size).with_min_len(each).enumerate();
    pieces.for_each(|(at, result)| work(at, result));
    results
}

struct Product<'a, E> {
    a: &'a [E],
    b: &'a [E],
    length: usize,
}

impl<E: HostFloat> pulp::WithSimd for Product<'_, E> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Vec<f64> {
        let length = self.length;
        let mut sums = vec![0.0; length * length];
        for (a, b) in self.a.chunks_exact(length).zip(self.b.chunks_exact(length)) {
            for (row, a) in a.iter().enumerate() {
                let a = HostFloat::to_f64(*a);
                let sums = &mut sums[row * length..][..=row];
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum += a * HostFloat::to_f64(*b);
                }
            }
        }
        sums
    }
}
