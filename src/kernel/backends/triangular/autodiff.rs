//! One graph node for each operation, with the analytic gradient.

use burn::backend::AutodiffBackend;
use burn::backend::tensor::FloatTensor;
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::base::Checkpointer;
use burn_autodiff::checkpoint::strategy::CheckpointStrategy;
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind, unary};

use crate::kernel::triangular::{TriangularMap, TriangularOps, cholesky_gradient, map_gradients};

/// The backward step of a map, of the matrix and the vectors.
#[derive(Debug)]
struct MapStep;

#[derive(Clone, Debug)]
struct MapState<B: TriangularOps> {
    matrix: FloatTensor<B>,
    /// The vectors of a product, the result of a solve.
    kept: FloatTensor<B>,
    map: TriangularMap,
}

impl<B: TriangularOps> Backward<B, 2> for MapStep {
    type State = MapState<B>;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let MapState { matrix, kept, map } = ops.state;
        let upstream = grads.consume::<B>(&ops.node);
        let tracked = ops.parents.each_ref().map(Option::is_some);
        let gradients = map_gradients::<B>(matrix, kept, map, upstream, tracked);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}

/// The backward step of a Cholesky factorisation, of which it keeps the factor alone.
#[derive(Debug)]
struct CholeskyStep;

impl<B: TriangularOps> Backward<B, 1> for CholeskyStep {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let factor = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |upstream| {
            cholesky_gradient::<B>(factor, upstream)
        });
    }
}

impl<B: TriangularOps, C: CheckpointStrategy> TriangularOps for Autodiff<B, C> {
    fn triangular_map(
        matrix: FloatTensor<Self>,
        rows: FloatTensor<Self>,
        map: TriangularMap,
    ) -> FloatTensor<Self> {
        let prepared = MapStep.prepare::<C>([matrix.node(), rows.node()]).compute_bound();
        let (matrix, rows): (FloatTensor<B>, FloatTensor<B>) =
            (matrix.into_primitive(), rows.into_primitive());
        match prepared.stateful() {
            OpsKind::Tracked(step) => {
                let output = B::triangular_map(matrix.clone(), rows.clone(), map);
                let kept = if map.inverse { output.clone() } else { rows };
                step.finish(MapState { matrix, kept, map }, output)
            }
            OpsKind::UnTracked(step) => step.finish(B::triangular_map(matrix, rows, map)),
        }
    }

    fn lower_product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        let product = B::lower_product(a.into_primitive(), b.into_primitive());
        <Self as AutodiffBackend>::from_inner(product)
    }

    fn cholesky(matrix: FloatTensor<Self>) -> FloatTensor<Self> {
        let prepared = CholeskyStep.prepare::<C>([matrix.node()]).compute_bound();
        let factor = B::cholesky(matrix.into_primitive());
        match prepared.stateful() {
            OpsKind::Tracked(step) => step.finish(factor.clone(), factor),
            OpsKind::UnTracked(step) => step.finish(factor),
        }
    }
}
