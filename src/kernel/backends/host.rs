//! What Flex and NdArray share: their tensors are host memory, so formulas run as one loop over it.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{DType, Element, FloatDType};

use crate::kernel::formula::{Kernel, Loops};
use crate::kernel::grid::Operand;
use crate::kernel::host::{self, Wanted};
use crate::kernel::lanes::HostFloat;
use crate::kernel::ops::{Tensors, common_shape};

/// A backend whose tensors can be read in place.
pub(crate) trait HostMemory: Backend {
    /// The tensor, copied only where its memory cannot be read in place.
    fn readable(tensor: FloatTensor<Self>) -> FloatTensor<Self> {
        tensor
    }
    /// The tensor's memory, seen with a shape it broadcasts to.
    fn operand<'a, E: HostFloat + Element>(
        tensor: &'a FloatTensor<Self>,
        shape: &[usize],
    ) -> Operand<'a, E>;
    /// A row-major tensor.
    fn tensor<E: HostFloat + Element>(vector: Vec<E>, dims: &[usize]) -> FloatTensor<Self>;
}

pub(super) fn formula_values<B: HostMemory>(kernel: Kernel, inputs: Tensors<B>) -> Tensors<B> {
    match inputs.0[0].dtype() {
        DType::F32 => values(kernel.single(), kernel.results(), inputs),
        DType::F64 => values(kernel.double(), kernel.results(), inputs),
        dtype => {
            let inputs = cast(inputs, FloatDType::F32);
            cast(
                values(kernel.single(), kernel.results(), inputs),
                dtype.into(),
            )
        }
    }
}

pub(super) fn formula_partials<B: HostMemory>(
    kernel: Kernel,
    result: usize,
    inputs: Tensors<B>,
    tracked: &[bool],
) -> Tensors<B> {
    match inputs.0[0].dtype() {
        DType::F32 => partials(kernel.single(), result, inputs, tracked),
        DType::F64 => partials(kernel.double(), result, inputs, tracked),
        dtype => {
            let inputs = cast(inputs, FloatDType::F32);
            cast(
                partials(kernel.single(), result, inputs, tracked),
                dtype.into(),
            )
        }
    }
}

fn values<B: HostMemory, E: HostFloat + Element>(
    loops: &dyn Loops<E>,
    results: usize,
    inputs: Tensors<B>,
) -> Tensors<B> {
    let shape = common_shape::<B>(&inputs.0);
    let operands = inputs
        .0
        .iter()
        .map(|input| B::operand(input, &shape))
        .collect();
    let results = host::values(loops, results, &shape, operands);
    Tensors(
        results
            .into_iter()
            .map(|result| B::tensor(result, &shape))
            .collect(),
    )
}

fn partials<B: HostMemory, E: HostFloat + Element>(
    loops: &dyn Loops<E>,
    result: usize,
    inputs: Tensors<B>,
    tracked: &[bool],
) -> Tensors<B> {
    let shape = common_shape::<B>(&inputs.0);
    let operands = inputs
        .0
        .iter()
        .map(|input| B::operand(input, &shape))
        .collect();
    let dims: Vec<_> = inputs.0.iter().map(TensorMetadata::shape).collect();
    let wanted: Vec<Wanted<'_>> = (dims.iter().zip(tracked))
        .map(|(dims, tracked)| Wanted {
            dims,
            tracked: *tracked,
        })
        .collect();
    let partials = host::partials(loops, result, &shape, operands, &wanted);
    let tracked = wanted.iter().filter(|input| input.tracked);
    Tensors(
        partials
            .into_iter()
            .zip(tracked)
            .map(|(p, input)| B::tensor(p, input.dims))
            .collect(),
    )
}

fn cast<B: Backend>(tensors: Tensors<B>, dtype: FloatDType) -> Tensors<B> {
    Tensors(
        tensors
            .0
            .into_iter()
            .map(|tensor| B::float_cast(tensor, dtype))
            .collect(),
    )
}
