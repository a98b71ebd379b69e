//! Divergences between multivariate Normals.

use burn::tensor::Tensor;

use super::gaps::scale_gap;
use crate::distribution::{Distribution, KlDivergence};
use crate::distributions::{Independent, MultivariateNormal, Normal};
use crate::kernel::rows::sum_rows;
use crate::kernel::triangular::{self, TriangularMap};
use crate::kernel::{Formula, Op, Real};
use crate::linalg::{Layout, reshape};
use crate::parameter::common_shape;

/// The part of one direction: the gap of the scales, which is ½ (r² − 1 − ln r²) for their ratio r,
/// and half the square of the distance of the means.
struct Direction;

static DIRECTION: Op<3> = Op::new::<Direction>();

impl Formula<3> for Direction {
    const NAME: &'static str = "KL(MultivariateNormal ‖ MultivariateNormal)";
    const INPUTS: [&'static str; 3] = ["scale", "other scale", "distance"];

    #[inline(always)]
    fn evaluate<R: Real>([scale, to_scale, distance]: [R; 3]) -> R {
        scale_gap(scale, to_scale) + distance.square() * 0.5
    }
}

impl<const D: usize> KlDivergence<D, MultivariateNormal<D>> for MultivariateNormal<D> {
    /// With A = L′⁻¹ L, which is lower triangular, the trace and the determinant of the textbook
    /// form are those of A: what is left is a gap for each element of its diagonal, and half the
    /// squares of those below. Nothing cancels, and A is the identity where both agree.
    fn kl_divergence(&self, other: &MultivariateNormal<D>) -> Tensor<D> {
        let name = "KL(MultivariateNormal ‖ MultivariateNormal)";
        let own = common_shape(name, &["p", "q"], &[self.shape(), other.shape()]);
        let length = self.length();
        assert!(
            length == other.length(),
            "{name}: vectors of {length} elements and of {}",
            other.length(),
        );
        let mut batch = own;
        batch[D - 1] = 1;
        let below = sum_rows(relative_factor(self, other).square() * 0.5);
        let distance = other.whitened(self.loc() - other.loc());
        let along = DIRECTION.apply([self.scales(), other.scales(), distance]);
        (below + sum_rows(along)).expand(batch)
    }
}

/// A = L′⁻¹ L below its diagonal, row by row along the last dimension, in the common batch.
fn relative_factor<const D: usize>(
    p: &MultivariateNormal<D>,
    q: &MultivariateNormal<D>,
) -> Tensor<D> {
    let length = p.length();
    let solve = TriangularMap::SOLVE;
    // Rows of Aᵀ or of A, whichever needs no inverse of a factor.
    let flat = match (p.given().is_inverse(), q.given().is_inverse()) {
        // A = W′ W⁻¹: the rows of W′ by substitution from the right.
        (true, true) => applied(p, lower(q.factor(), length), solve.transpose()),
        (_, inverse) => {
            let map = if inverse { TriangularMap::MULTIPLY } else { solve };
            applied(q, transposed(p.flat_scale_tril(), length), map)
        }
    };
    let shape = flat.dims();
    let matrices = batched(flat, length);
    // One of the two triangles is 0 but for rounding, and the diagonal is taken from the scales.
    let strict = match (p.given().is_inverse(), q.given().is_inverse()) {
        (true, true) => matrices.tril(-1),
        _ => matrices.triu(1),
    };
    reshape(strict, shape)
}

/// A map by the factor of `normal` of each row of a matrix.
fn applied<const D: usize>(
    normal: &MultivariateNormal<D>,
    rows: Tensor<D>,
    map: TriangularMap,
) -> Tensor<D> {
    let (length, factor) = (normal.length(), normal.factor());
    let layout = Layout::of(factor.dims(), rows.dims());
    let rows = layout.vectors(rows);
    let [matrices, vectors, elements] = rows.dims();
    let rows = reshape(rows, [matrices, vectors * length, length]);
    let results = triangular::map(layout.matrices(factor, [length, length]), rows, map);
    layout.restore(reshape(results, [matrices, vectors, elements]))
}

fn batched<const D: usize>(flat: Tensor<D>, length: usize) -> Tensor<3> {
    let count = flat.dims()[..D - 1].iter().product();
    reshape(flat, [count, length, length])
}

fn lower<const D: usize>(flat: Tensor<D>, length: usize) -> Tensor<D> {
    let shape = flat.dims();
    reshape(batched(flat, length).tril(0), shape)
}

fn transposed<const D: usize>(flat: Tensor<D>, length: usize) -> Tensor<D> {
    let shape = flat.dims();
    reshape(batched(flat, length).swap_dims(1, 2), shape)
}

/// The multivariate Normal that independent elements are.
fn dense<const D: usize>(diagonal: &Independent<Normal<D>>) -> MultivariateNormal<D> {
    let events = diagonal.event_dims();
    assert!(
        events == 1,
        "KL of a MultivariateNormal: Independent elements of {events} event dimensions, not 1",
    );
    let base = diagonal.base();
    MultivariateNormal::from_scales(base.loc(), base.scale().expand(base.shape()))
}

impl<const D: usize> KlDivergence<D, Independent<Normal<D>>> for MultivariateNormal<D> {
    fn kl_divergence(&self, other: &Independent<Normal<D>>) -> Tensor<D> {
        self.kl_divergence(&dense(other))
    }
}

impl<const D: usize> KlDivergence<D, MultivariateNormal<D>> for Independent<Normal<D>> {
    fn kl_divergence(&self, other: &MultivariateNormal<D>) -> Tensor<D> {
        dense(self).kl_divergence(other)
    }
}
