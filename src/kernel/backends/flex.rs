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
        host::formula_partials(kernel, result, inputs, tracked)
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

#[cfg(test)]
mod tests {
    use burn::backend::ops::FloatTensorOps;
    use burn_flex::FlexDevice;

    use super::*;
    use crate::kernel::ops::{replayed_partials, replayed_values};
    use crate::kernel::{Formula, Op, Real};

    /// The density of a von Mises distribution, but for what does not depend on the angle.
    struct Concentrated;

    impl Formula<2> for Concentrated {
        const NAME: &'static str = "concentrated";
        const INPUTS: [&'static str; 2] = ["angle", "concentration"];

        fn evaluate<R: Real>([angle, concentration]: [R; 2]) -> R {
            let inside = angle.abs().le(R::constant(1.0)) & concentration.gt(R::constant(0.0));
            let value = concentration * angle.cos_pi() - concentration.ln_gamma();
            R::select(inside, value, R::constant(f64::NEG_INFINITY))
        }
    }

    static CONCENTRATED: Op<2> = Op::new::<Concentrated>();

    const ANGLES: [f64; 4] = [-0.75, 0.25, 1.0, 1.5];
    const CONCENTRATIONS: [f64; 2] = [0.125, 40.0];

    fn inputs() -> Vec<FlexTensor> {
        let tensor = |data| Flex::float_from_data(data, &FlexDevice);
        vec![
            tensor(TensorData::new(ANGLES.to_vec(), [1, 4])),
            tensor(TensorData::new(CONCENTRATIONS.to_vec(), [2, 1])),
        ]
    }

    fn numbers(tensors: Tensors<Flex>) -> Vec<f64> {
        let numbers = |tensor: FlexTensor| tensor.into_data().iter::<f64>().collect::<Vec<_>>();
        tensors.0.into_iter().flat_map(numbers).collect()
    }

    fn same(loops: &[f64], replayed: &[f64]) {
        for (a, b) in loops.iter().zip(replayed) {
            assert!(a == b || (a - b).abs() <= 8.0 * f64::EPSILON * a.abs().max(1.0), "{a} {b}");
        }
        assert_eq!(loops.len(), replayed.len());
    }

    /// A processor without vectors that the loops are compiled for replays the tape.
    #[test]
    fn loops_and_replay_agree() {
        let kernel = CONCENTRATED.kernel();
        let values = numbers(Flex::formula_values(kernel, Tensors(inputs())));
        same(&values, &numbers(replayed_values(kernel, Tensors(inputs()))));

        let places = CONCENTRATIONS.iter().flat_map(|c| ANGLES.map(|angle| [angle, *c]));
        same(&values, &places.map(|place| kernel.number(&place)).collect::<Vec<_>>());

        let arriving = || {
            let ones = TensorData::new(vec![1.0_f64; 8], [2, 4]);
            let mut inputs = inputs();
            inputs.push(Flex::float_from_data(ones, &FlexDevice));
            Tensors(inputs)
        };
        let tracked = || vec![true; 2];
        let partials = numbers(Flex::formula_partials(kernel, 0, arriving(), tracked()));
        same(&partials, &numbers(replayed_partials(kernel, 0, arriving(), tracked())));
    }
}
