//! What Flex and NdArray share: their tensors are host memory, so formulas run as one loop over it.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{DType, Element, FloatDType};

use crate::kernel::formula::{Kernel, Loops};
use crate::kernel::grid::Operand;
use crate::kernel::host::{self, Wanted};
use crate::kernel::lanes::HostFloat;
use crate::kernel::ops::{Tensors, common_shape, replayed_partials, replayed_values};
use crate::kernel::{rows, simd};

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
    /// The same tensor in row-major order, copied only where it is not.
    fn row_major(tensor: FloatTensor<Self>) -> FloatTensor<Self>;
    /// The memory of a row-major tensor.
    fn slice<E: HostFloat + Element>(tensor: &FloatTensor<Self>) -> &[E];
    /// The elements of an integer tensor in row-major order.
    fn integers(tensor: IntTensor<Self>) -> Vec<i64>;
}

pub(super) fn formula_values<B: HostMemory>(kernel: Kernel, inputs: Tensors<B>) -> Tensors<B> {
    if !simd::runs() {
        return replayed_values(kernel, inputs);
    }
    match inputs.0[0].dtype() {
        DType::F32 => values(kernel.single(), kernel.results(), inputs),
        DType::F64 => values(kernel.double(), kernel.results(), inputs),
        dtype => {
            let inputs = cast(inputs, FloatDType::F32);
            cast(values(kernel.single(), kernel.results(), inputs), dtype.into())
        }
    }
}

pub(super) fn formula_partials<B: HostMemory>(
    kernel: Kernel,
    result: usize,
    inputs: Tensors<B>,
    tracked: Vec<bool>,
) -> Tensors<B> {
    if !simd::runs() {
        return replayed_partials(kernel, result, inputs, tracked);
    }
    let tracked = &tracked[..];
    match inputs.0[0].dtype() {
        DType::F32 => partials(kernel.single(), result, inputs, tracked),
        DType::F64 => partials(kernel.double(), result, inputs, tracked),
        dtype => {
            let inputs = cast(inputs, FloatDType::F32);
            cast(partials(kernel.single(), result, inputs, tracked), dtype.into())
        }
    }
}

fn values<B: HostMemory, E: HostFloat + Element>(
    loops: &dyn Loops<E>,
    results: usize,
    inputs: Tensors<B>,
) -> Tensors<B> {
    let shape = common_shape::<B>(&inputs.0);
    let operands = inputs.0.iter().map(|input| B::operand(input, &shape));
    let results = host::values(loops, results, &shape, operands);
    Tensors(results.into_iter().map(|result| B::tensor(result, &shape)).collect())
}

fn partials<B: HostMemory, E: HostFloat + Element>(
    loops: &dyn Loops<E>,
    result: usize,
    inputs: Tensors<B>,
    tracked: &[bool],
) -> Tensors<B> {
    let shape = common_shape::<B>(&inputs.0);
    let operands = inputs.0.iter().map(|input| B::operand(input, &shape));
    let dims: Vec<_> = inputs.0.iter().map(TensorMetadata::shape).collect();
    let wanted: Vec<Wanted<'_>> = (dims.iter().zip(tracked))
        .map(|(dims, tracked)| Wanted { dims, tracked: *tracked })
        .collect();
    let partials = host::partials(loops, result, &shape, operands, &wanted);
    let tracked = wanted.iter().filter(|input| input.tracked);
    Tensors(partials.into_iter().zip(tracked).map(|(p, input)| B::tensor(p, input.dims)).collect())
}

fn cast<B: Backend>(tensors: Tensors<B>, dtype: FloatDType) -> Tensors<B> {
    Tensors(tensors.0.into_iter().map(|tensor| B::float_cast(tensor, dtype)).collect())
}

pub(super) fn row_partition<B: HostMemory>(
    logits: FloatTensor<B>,
) -> (FloatTensor<B>, FloatTensor<B>) {
    match logits.dtype() {
        DType::F32 => partition::<B, f32>(logits),
        DType::F64 => partition::<B, f64>(logits),
        dtype => {
            let (largest, rest) = partition::<B, f32>(B::float_cast(logits, FloatDType::F32));
            let narrowed = |part| B::float_cast(part, dtype.into());
            (narrowed(largest), narrowed(rest))
        }
    }
}

fn partition<B: HostMemory, E: HostFloat + Element>(
    logits: FloatTensor<B>,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let mut dims = logits.shape().to_vec();
    let length = dims.pop().expect("rows have a dimension");
    let count = dims.iter().product();
    dims.push(1);
    let logits = B::row_major(logits);
    let [largest, rest] = rows::host::partition::<E>(B::slice(&logits), length, count);
    (B::tensor(largest, &dims), B::tensor(rest, &dims))
}

pub(super) fn row_gather<B: HostMemory>(
    rows: FloatTensor<B>,
    index: IntTensor<B>,
) -> FloatTensor<B> {
    match rows.dtype() {
        DType::F32 => gather::<B, f32>(rows, index),
        DType::F64 => gather::<B, f64>(rows, index),
        dtype => {
            let gathered = gather::<B, f32>(B::float_cast(rows, FloatDType::F32), index);
            B::float_cast(gathered, dtype.into())
        }
    }
}

fn gather<B: HostMemory, E: HostFloat + Element>(
    rows: FloatTensor<B>,
    index: IntTensor<B>,
) -> FloatTensor<B> {
    let (mut dims, wanted) = (rows.shape(), index.shape());
    let shape = rows::gathered_shape(&dims, &wanted);
    let last = dims.num_dims() - 1;
    let length = dims[last];
    dims[last] = 1;
    let (rows, index) = (B::row_major(rows), B::integers(index));
    let elements = if dims == wanted {
        rows::host::gather_own::<E>(B::slice(&rows), length, &index)
    } else {
        let own = rows::host::broadcast_positions(&shape, &dims);
        let places = rows::host::broadcast_positions(&shape, &wanted);
        let places = own.zip(places.map(|place| index[place]));
        rows::host::gather::<E>(B::slice(&rows), length, places)
    };
    B::tensor(elements, &shape)
}

pub(super) fn row_sum<B: HostMemory>(rows: FloatTensor<B>) -> FloatTensor<B> {
    match rows.dtype() {
        DType::F32 => sums::<B, f32>(rows),
        DType::F64 => sums::<B, f64>(rows),
        dtype => {
            let sums = sums::<B, f32>(B::float_cast(rows, FloatDType::F32));
            B::float_cast(sums, dtype.into())
        }
    }
}

fn sums<B: HostMemory, E: HostFloat + Element>(rows: FloatTensor<B>) -> FloatTensor<B> {
    let mut dims = rows.shape().to_vec();
    let length = dims.pop().expect("rows have a dimension");
    let count = dims.iter().product();
    dims.push(1);
    let rows = B::row_major(rows);
    B::tensor(rows::host::sums::<E>(B::slice(&rows), length, count), &dims)
}
