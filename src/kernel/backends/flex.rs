//! Flex: the host loop over the tensors' own memory.

use burn::backend::{Flex, tensor::FloatTensor};
use burn::tensor::{Element, TensorData};
use burn_flex::FlexTensor;

use super::host::{self, HostMemory};
use crate::kernel::formula::Kernel;
use crate::kernel::grid::Operand;
use crate::kernel::lanes::HostFloat;
use crate::kernel::ops::{FormulaOps, Tensors};

impl HostMemory for Flex {
    fn operand<'a, E: HostFloat + Element>(
        tensor: &'a FloatTensor<Self>,
        shape: &[usize],
    ) -> Operand<'a, E> {
        let layout = tensor.layout();
        let (dims, strides) = (layout.shape(), layout.strides());
        Operand::new(
            tensor.storage(),
            layout.start_offset(),
            dims,
            strides,
            shape,
        )
    }

    fn tensor<E: HostFloat + Element>(vector: Vec<E>, dims: &[usize]) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(vector, dims))
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
