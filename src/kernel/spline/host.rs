//! Splines in host memory: the bins of a strip of values are looked up one by one, and then
//! evaluated together.

mod loops;
mod strip;

use rayon::prelude::*;

use self::loops::{Evaluation, Gradients};
use super::SplineShape;
use crate::kernel::host::unwritten;
use crate::kernel::lanes::HostFloat;
use crate::kernel::simd::dispatch;

/// Values a thread takes at a time; fewer stay on the calling thread.
const CHUNK: usize = 1 << 11;

/// What is worked on: `values` and their `parameters`, in rows of `features`.
#[derive(Clone, Copy)]
pub(crate) struct Splines<'a, E> {
    pub(crate) values: &'a [E],
    pub(crate) parameters: &'a [E],
    pub(crate) features: usize,
    pub(crate) shape: SplineShape,
    pub(crate) inverse: bool,
}

impl<'a, E: HostFloat> Splines<'a, E> {
    /// Images and logarithms of slopes; see [`SplineOps::spline`](super::SplineOps::spline).
    pub(crate) fn results(self) -> Vec<E> {
        let mut results = unwritten(2 * self.values.len());
        if self.values.len() <= CHUNK {
            dispatch(Evaluation { splines: self, results: &mut results });
        } else {
            let rows = (CHUNK / self.features).max(1);
            let parts = self.parts(rows);
            results
                .par_chunks_mut(2 * rows * self.features)
                .zip(parts)
                .for_each(|(results, splines)| dispatch(Evaluation { splines, results }));
        }
        results
    }

    /// Gradients; see [`SplineOps::spline_gradients`](super::SplineOps::spline_gradients).
    pub(crate) fn gradients(self, upstream: &[E]) -> [Vec<E>; 2] {
        let mut of_values = unwritten(self.values.len());
        // Those of values outside the box are never written.
        let mut of_parameters = vec![E::zero(); self.parameters.len()];
        if self.values.len() <= CHUNK {
            let of_values = of_values.as_mut_slice();
            let of_parameters = of_parameters.as_mut_slice();
            dispatch(Gradients { splines: self, upstream, of_values, of_parameters });
        } else {
            let rows = (CHUNK / self.features).max(1);
            let size = rows * self.features;
            let outputs = (of_values.par_chunks_mut(size))
                .zip(of_parameters.par_chunks_mut(size * self.shape.parameters()));
            outputs.zip(self.parts(rows)).zip(upstream.par_chunks(2 * size)).for_each(
                |(((of_values, of_parameters), splines), upstream)| {
                    dispatch(Gradients { splines, upstream, of_values, of_parameters });
                },
            );
        }
        [of_values, of_parameters]
    }

    fn parts(self, rows: usize) -> impl IndexedParallelIterator<Item = Self> + use<'a, E> {
        let size = rows * self.features;
        let parameters = self.parameters.par_chunks(size * self.shape.parameters());
        (self.values.par_chunks(size).zip(parameters)).map(move |(values, parameters)| Self {
            values,
            parameters,
            ..self
        })
    }

    /// Where the image of a value stands among the results; its slope follows `features` later.
    #[inline(always)]
    fn place(&self, at: usize) -> usize {
        at / self.features * self.features + at
    }
}
