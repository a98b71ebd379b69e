//! Flex: the host loop over the tensors' own memory.

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{Element, TensorData};
use burn_flex::FlexTensor;

use super::host::{self, HostMemory};
use crate::kernel::formula::Kernel;
use crate::kernel::grid::Operand;
use crate::kernel::lanes::HostFloat;
use crate::kernel::ops::{FormulaOps, Tensors};
use crate::kernel::rows::RowOps;

impl HostMemory for Flex {
    fn operand<'a, E: HostFloat + Element>(
        tensor: &'a FloatTensor<Self>,
        shape: &[usize],
    ) -> Operand<'a, E> {
        let layout = tensor.layout();
        let (dims, strides) = (layout.shape(), layout.strides());
        Operand::new(tensor.storage(), layout.start_offset(), dims, strides, shape)
    }

    fn tensor<E: HostFloat + Element>(vector: Vec<E>, dims: &[usize]) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(vector, dims))
    }

    fn row_major(tensor: FloatTensor<Self>) -> FlexTensor {
        tensor.to_contiguous()
    }

    fn slice<E: HostFloat + Element>(tensor: &FloatTensor<Self>) -> &[E] {
        let layout = tensor.layout();
        let start = layout.start_offset();
        &tensor.storage()[start..start + layout.num_elements()]
    }

    fn integers(tensor: IntTensor<Self>) -> Vec<i64> {
        let tensor = tensor.to_contiguous();
        // The default integers of most devices.
        if let Some(integers) = tensor.as_slice::<i64>() {
            return integers.to_vec();
        }
        if let Some(integers) = tensor.as_slice::<i32>() {
            return integers.iter().map(|integer| i64::from(*integer)).collect();
        }
        tensor.into_data().iter::<i64>().collect()
    }
}

impl FormulaOps for Flex {
    fn formula_values(kernel: Kernel, inputs: Tensors<Self>) -> Tensors<Self> {
        host::formula_values(kernel, inputs)
    }

    fn formula_partials(
        kernel: Kernel,
        result: usize,
        inputs: Tensors<Self>,
        tracked: Vec<bool>,
    ) -> Tensors<Self> {
        host::formula_partials(kernel, result, inputs, &tracked)
    }
}

impl RowOps for Flex {
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
