//! NdArray: the host loop over the tensors' own memory.
#![allow(deprecated, reason = "the backend is deprecated upstream, its users remain")]

use burn::backend::NdArray;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{Element, TensorData};
use burn_ndarray::NdArrayTensor;
use ndarray::ArrayViewD;

use super::host::{self, HostMemory};
use crate::kernel::formula::Kernel;
use crate::kernel::grid::Operand;
use crate::kernel::lanes::HostFloat;
use crate::kernel::ops::{FormulaOps, Tensors};
use crate::kernel::rows::RowOps;

impl HostMemory for NdArray {
    fn readable(tensor: FloatTensor<Self>) -> FloatTensor<Self> {
        match &tensor {
            NdArrayTensor::F32(storage) if !is_dense(&storage.view()) => copied(storage.view()),
            NdArrayTensor::F64(storage) if !is_dense(&storage.view()) => copied(storage.view()),
            _ => tensor,
        }
    }

    fn operand<'a, E: HostFloat + Element>(
        tensor: &'a FloatTensor<Self>,
        shape: &[usize],
    ) -> Operand<'a, E> {
        match tensor {
            NdArrayTensor::F32(storage) => in_place(storage.view(), shape),
            NdArrayTensor::F64(storage) => in_place(storage.view(), shape),
            _ => unreachable!("the caller matched a float dtype"),
        }
    }

    fn tensor<E: HostFloat + Element>(vector: Vec<E>, dims: &[usize]) -> NdArrayTensor {
        NdArrayTensor::from_data(TensorData::new(vector, dims))
    }

    fn row_major(tensor: FloatTensor<Self>) -> NdArrayTensor {
        match &tensor {
            NdArrayTensor::F32(storage) if !storage.view().is_standard_layout() => {
                copied(storage.view())
            }
            NdArrayTensor::F64(storage) if !storage.view().is_standard_layout() => {
                copied(storage.view())
            }
            _ => tensor,
        }
    }

    fn slice<E: HostFloat + Element>(tensor: &FloatTensor<Self>) -> &[E] {
        match tensor {
            NdArrayTensor::F32(storage) => rows_of(storage.view()),
            NdArrayTensor::F64(storage) => rows_of(storage.view()),
            _ => unreachable!("the caller matched a float dtype"),
        }
    }

    fn integers(tensor: IntTensor<Self>) -> Vec<i64> {
        match &tensor {
            NdArrayTensor::I64(storage) => whole(storage.view()),
            NdArrayTensor::I32(storage) => whole(storage.view()),
            NdArrayTensor::I16(storage) => whole(storage.view()),
            NdArrayTensor::I8(storage) => whole(storage.view()),
            NdArrayTensor::U64(storage) => whole(storage.view()),
            NdArrayTensor::U32(storage) => whole(storage.view()),
            NdArrayTensor::U16(storage) => whole(storage.view()),
            NdArrayTensor::U8(storage) => whole(storage.view()),
            _ => unreachable!("an index is an integer"),
        }
    }
}

fn in_place<'a, F: HostFloat, E: HostFloat>(
    view: ArrayViewD<'a, F>,
    shape: &[usize],
) -> Operand<'a, E> {
    let (dims, strides) = (view.shape().to_vec(), view.strides().to_vec());
    let data = view.to_slice_memory_order().expect("made dense before");
    Operand::new(bytemuck::cast_slice(data), 0, &dims, &strides, shape)
}

fn rows_of<F: HostFloat, E: HostFloat>(view: ArrayViewD<'_, F>) -> &[E] {
    bytemuck::cast_slice(view.to_slice().expect("made row-major before"))
}

fn whole<I: Element>(view: ArrayViewD<'_, I>) -> Vec<i64> {
    match view.as_slice() {
        Some(integers) => integers.iter().map(|integer| integer.elem()).collect(),
        None => view.iter().map(|integer| integer.elem()).collect(),
    }
}

/// Whether the elements fill their memory and run forwards through it.
fn is_dense<E>(view: &ArrayViewD<'_, E>) -> bool {
    view.strides().iter().all(|stride| *stride >= 0) && view.as_slice_memory_order().is_some()
}

fn copied<E: HostFloat + Element>(view: ArrayViewD<'_, E>) -> NdArrayTensor {
    let elements: Vec<E> = view.iter().copied().collect();
    NdArrayTensor::from_data(TensorData::new(elements, view.shape()))
}

/// Copies the tensors that cannot be read in place.
fn dense(tensors: Tensors<NdArray>) -> Tensors<NdArray> {
    Tensors(tensors.0.into_iter().map(NdArray::readable).collect())
}

impl FormulaOps for NdArray {
    fn formula_values(kernel: Kernel, inputs: Tensors<Self>) -> Tensors<Self> {
        host::formula_values(kernel, dense(inputs))
    }

    fn formula_partials(
        kernel: Kernel,
        result: usize,
        inputs: Tensors<Self>,
        tracked: Vec<bool>,
    ) -> Tensors<Self> {
        host::formula_partials(kernel, result, dense(inputs), tracked)
    }
}

impl RowOps for NdArray {
    fn row_partition(logits: FloatTensor<Self>) -> (FloatTensor<Self>, FloatTensor<Self>) {
        host::row_partition::<Self>(logits)
    }

    fn row_gather(rows: FloatTensor<Self>, index: IntTensor<Self>) -> FloatTensor<Self> {
        host::row_gather::<Self>(rows, index)
    }

    fn row_sum(rows: FloatTensor<Self>) -> FloatTensor<Self> {
        host::row_sum::<Self>(rows)
    }
}
