//! Autodiff: one graph node for each result of a formula, which keeps the inputs and nothing else.

use burn::backend::TensorMetadata;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::Shape;
use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::base::Checkpointer;
use burn_autodiff::checkpoint::strategy::CheckpointStrategy;
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind, unary};

use crate::kernel::formula::Kernel;
use crate::kernel::ops::{FormulaOps, Tensors};
use crate::kernel::rows::{self, RowOps};

/// The backward step of one result.
#[derive(Debug)]
struct ResultStep;

type State<B> = (Kernel, usize, Vec<FloatTensor<B>>);

impl<B: FormulaOps, const N: usize> Backward<B, N> for ResultStep {
    type State = State<B>;

    fn backward(self, ops: Ops<State<B>, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (kernel, result, mut inputs) = ops.state;
        inputs.push(grads.consume::<B>(&ops.node));
        let tracked = ops.parents.iter().map(Option::is_some).collect();
        let partials = B::formula_partials(kernel, result, Tensors(inputs), tracked);
        for (parent, partial) in ops.parents.into_iter().flatten().zip(partials.0) {
            grads.register::<B>(parent.id, partial);
        }
    }
}

impl<B: FormulaOps, C: CheckpointStrategy> FormulaOps for Autodiff<B, C> {
    fn formula_values(kernel: Kernel, inputs: Tensors<Self>) -> Tensors<Self> {
        match inputs.0.len() {
            1 => tracked::<B, C, 1>(kernel, inputs),
            2 => tracked::<B, C, 2>(kernel, inputs),
            3 => tracked::<B, C, 3>(kernel, inputs),
            4 => tracked::<B, C, 4>(kernel, inputs),
            5 => tracked::<B, C, 5>(kernel, inputs),
            6 => tracked::<B, C, 6>(kernel, inputs),
            7 => tracked::<B, C, 7>(kernel, inputs),
            8 => tracked::<B, C, 8>(kernel, inputs),
            arity => panic!("{}: {arity} inputs, autodiff takes 1 to 8", kernel.name()),
        }
    }
}

/// The inputs are kept whatever the strategy: they are cheaper than computing them again, and the
/// output is never needed.
fn tracked<B: FormulaOps, C: CheckpointStrategy, const N: usize>(
    kernel: Kernel,
    inputs: Tensors<Autodiff<B, C>>,
) -> Tensors<Autodiff<B, C>> {
    let inputs: [FloatTensor<Autodiff<B, C>>; N] =
        inputs.0.try_into().expect("the caller matched the length");
    let guards: Vec<_> =
        (0..kernel.results()).map(|_| inputs.each_ref().map(|input| input.node())).collect();
    let inputs: Vec<FloatTensor<B>> = inputs.map(|input| input.into_primitive()).into();
    let results = B::formula_values(kernel, Tensors(inputs.clone()));
    let outputs = (results.0.into_iter().zip(guards).enumerate())
        .map(|(result, (output, guards))| {
            match ResultStep.prepare::<C>(guards).compute_bound().stateful() {
                OpsKind::Tracked(step) => step.finish((kernel, result, inputs.clone()), output),
                OpsKind::UnTracked(step) => step.finish(output),
            }
        })
        .collect();
    Tensors(outputs)
}

/// The backward step of a logarithm of a sum of exponentials.
#[derive(Debug)]
struct LogSumExpStep;

/// The logits, and the two parts of the result.
type LogSumExpState<B> = (FloatTensor<B>, [FloatTensor<B>; 2]);

impl<B: RowOps> Backward<B, 1> for LogSumExpStep {
    type State = LogSumExpState<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (logits, partition) = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |upstream| {
            rows::log_sum_exp_gradient::<B>(logits, partition, upstream)
        });
    }
}

/// The backward step of a logarithm of the softmax at an index.
#[derive(Debug)]
struct LogSoftmaxAtStep;

#[derive(Clone, Debug)]
struct LogSoftmaxAtState<B: RowOps> {
    logits: FloatTensor<B>,
    partition: [FloatTensor<B>; 2],
    index: IntTensor<B>,
    result: FloatTensor<B>,
}

impl<B: RowOps> Backward<B, 1> for LogSoftmaxAtStep {
    type State = LogSoftmaxAtState<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let LogSoftmaxAtState { logits, partition, index, result } = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |upstream| {
            rows::log_softmax_at_gradient::<B>(logits, partition, index, result, upstream)
        });
    }
}

/// The backward step of a sum of rows, which keeps their shape.
#[derive(Debug)]
struct RowSumStep;

impl<B: RowOps> Backward<B, 1> for RowSumStep {
    type State = Shape;

    fn backward(self, ops: Ops<Shape, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let shape = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |upstream| B::float_expand(upstream, shape));
    }
}

/// One graph node each, which keeps the logits and a few numbers a row: never the softmax.
impl<B: RowOps, C: CheckpointStrategy> RowOps for Autodiff<B, C> {
    fn row_sum(rows: FloatTensor<Self>) -> FloatTensor<Self> {
        let prepared = RowSumStep.prepare::<C>([rows.node()]).compute_bound();
        let rows: FloatTensor<B> = rows.into_primitive();
        let shape = rows.shape();
        match prepared.stateful() {
            OpsKind::Tracked(step) => step.finish(shape, B::row_sum(rows)),
            OpsKind::UnTracked(step) => step.finish(B::row_sum(rows)),
        }
    }

    fn log_sum_exp(logits: FloatTensor<Self>) -> FloatTensor<Self> {
        let prepared = LogSumExpStep.prepare::<C>([logits.node()]).compute_bound();
        let logits: FloatTensor<B> = logits.into_primitive();
        let (largest, rest) = B::row_partition(logits.clone());
        let output = B::float_add(largest.clone(), rest.clone());
        match prepared.stateful() {
            OpsKind::Tracked(step) => step.finish((logits, [largest, rest]), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn log_softmax_at(logits: FloatTensor<Self>, index: IntTensor<Self>) -> FloatTensor<Self> {
        let prepared = LogSoftmaxAtStep.prepare::<C>([logits.node()]).compute_bound();
        let logits: FloatTensor<B> = logits.into_primitive();
        let (largest, rest) = B::row_partition(logits.clone());
        let gathered = B::row_gather(logits.clone(), index.clone());
        let result = rows::log_softmax_at::<B>(gathered, largest.clone(), rest.clone());
        match prepared.stateful() {
            OpsKind::Tracked(step) => {
                let partition = [largest, rest];
                let output = result.clone();
                step.finish(LogSoftmaxAtState { logits, partition, index, result }, output)
            }
            OpsKind::UnTracked(step) => step.finish(result),
        }
    }
}
