//! One graph node for images and slopes together, which keeps the values and the parameters.

use burn::backend::tensor::FloatTensor;
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::base::Checkpointer;
use burn_autodiff::checkpoint::strategy::CheckpointStrategy;
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind};

use burn::backend::AutodiffBackend;

use crate::kernel::spline::{SplineOps, SplineShape};

/// The backward step of a spline, of the values and the parameters.
#[derive(Debug)]
struct SplineStep;

#[derive(Clone, Debug)]
struct State<B: SplineOps> {
    values: FloatTensor<B>,
    parameters: FloatTensor<B>,
    shape: SplineShape,
    inverse: bool,
}

impl<B: SplineOps> Backward<B, 2> for SplineStep {
    type State = State<B>;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let State { values, parameters, shape, inverse } = ops.state;
        let upstream = grads.consume::<B>(&ops.node);
        let (of_values, of_parameters) =
            B::spline_gradients(values, parameters, upstream, shape, inverse);
        for (parent, gradient) in ops.parents.into_iter().zip([of_values, of_parameters]) {
            if let Some(parent) = parent {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}

impl<B: SplineOps, C: CheckpointStrategy> SplineOps for Autodiff<B, C> {
    fn spline(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> FloatTensor<Self> {
        let prepared = SplineStep.prepare::<C>([values.node(), parameters.node()]).compute_bound();
        let (values, parameters): (FloatTensor<B>, FloatTensor<B>) =
            (values.into_primitive(), parameters.into_primitive());
        let output = B::spline(values.clone(), parameters.clone(), shape, inverse);
        match prepared.stateful() {
            OpsKind::Tracked(step) => {
                step.finish(State { values, parameters, shape, inverse }, output)
            }
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    /// Gradients have none of their own: Burn differentiates once.
    fn spline_gradients(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        upstream: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (of_values, of_parameters) = B::spline_gradients(
            values.into_primitive(),
            parameters.into_primitive(),
            upstream.into_primitive(),
            shape,
            inverse,
        );
        let wrap = <Self as AutodiffBackend>::from_inner;
        (wrap(of_values), wrap(of_parameters))
    }
}
