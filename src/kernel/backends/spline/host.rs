//! Flex and NdArray.
#![allow(deprecated, reason = "NdArray, which keeps its users")]

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Element, FloatDType};

use crate::kernel::backends::HostMemory;
use crate::kernel::lanes::HostFloat;
use crate::kernel::spline::host::Splines;
use crate::kernel::spline::{SplineOps, SplineShape};

fn spline<B: HostMemory>(
    values: FloatTensor<B>,
    parameters: FloatTensor<B>,
    shape: SplineShape,
    inverse: bool,
) -> FloatTensor<B> {
    match values.dtype() {
        DType::F32 => spline_in::<B, f32>(values, parameters, shape, inverse),
        DType::F64 => spline_in::<B, f64>(values, parameters, shape, inverse),
        dtype => {
            let [values, parameters] =
                [values, parameters].map(|x| B::float_cast(x, FloatDType::F32));
            let results = spline_in::<B, f32>(values, parameters, shape, inverse);
            B::float_cast(results, dtype.into())
        }
    }
}

fn spline_in<B: HostMemory, E: HostFloat + Element>(
    values: FloatTensor<B>,
    parameters: FloatTensor<B>,
    shape: SplineShape,
    inverse: bool,
) -> FloatTensor<B> {
    let mut dims = values.shape();
    let last = dims.num_dims() - 1;
    let (values, parameters) = (B::row_major(values), B::row_major(parameters));
    let (values, parameters) = (B::slice::<E>(&values), B::slice::<E>(&parameters));
    let features = dims[last];
    let results = Splines { values, parameters, features, shape, inverse }.results();
    dims[last] *= 2;
    B::tensor(results, &dims)
}

fn gradients<B: HostMemory>(
    operands: [FloatTensor<B>; 3],
    shape: SplineShape,
    inverse: bool,
) -> (FloatTensor<B>, FloatTensor<B>) {
    match operands[0].dtype() {
        DType::F32 => gradients_in::<B, f32>(operands, shape, inverse),
        DType::F64 => gradients_in::<B, f64>(operands, shape, inverse),
        dtype => {
            let operands = operands.map(|x| B::float_cast(x, FloatDType::F32));
            let (values, parameters) = gradients_in::<B, f32>(operands, shape, inverse);
            (B::float_cast(values, dtype.into()), B::float_cast(parameters, dtype.into()))
        }
    }
}

fn gradients_in<B: HostMemory, E: HostFloat + Element>(
    operands: [FloatTensor<B>; 3],
    shape: SplineShape,
    inverse: bool,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let (dims, parameter_dims) = (operands[0].shape(), operands[1].shape());
    let features = dims[dims.num_dims() - 1];
    let operands = operands.map(B::row_major);
    let [values, parameters, upstream] = operands.each_ref().map(|x| B::slice::<E>(x));
    let splines = Splines { values, parameters, features, shape, inverse };
    let [of_values, of_parameters] = splines.gradients(upstream);
    (B::tensor(of_values, &dims), B::tensor(of_parameters, &parameter_dims))
}

#[cfg(feature = "flex")]
impl SplineOps for burn::backend::Flex {
    fn spline(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> FloatTensor<Self> {
        spline::<Self>(values, parameters, shape, inverse)
    }

    fn spline_gradients(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        upstream: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        gradients::<Self>([values, parameters, upstream], shape, inverse)
    }
}

#[cfg(feature = "ndarray")]
impl SplineOps for burn::backend::NdArray {
    fn spline(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> FloatTensor<Self> {
        spline::<Self>(values, parameters, shape, inverse)
    }

    fn spline_gradients(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        upstream: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        gradients::<Self>([values, parameters, upstream], shape, inverse)
    }
}
