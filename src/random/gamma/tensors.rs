//! Log-gamma draws on backends without a host loop: noise for every attempt made on the host and
//! uploaded, proposals judged where the concentration is, nothing read back.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{DType, Element, FloatDType, Shape, TensorData};

use super::super::draw::{Draw, Exponential, Normal};
use super::super::host_float::HostFloat;
use super::super::key::Key;
use super::super::stream::{Source, fill};
use super::{ATTEMPT, ATTEMPTS, FINISH, FIRST_ATTEMPT};
use crate::kernel::{FormulaOps, Op, Tensors};

/// Draws of `shape` from noise; see the layout in [`super`].
pub(crate) fn from_noise<B: FormulaOps>(
    concentration: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    match concentration.dtype() {
        DType::F64 => drawn::<B, f64>(concentration, shape, key),
        DType::F32 => drawn::<B, f32>(concentration, shape, key),
        dtype => {
            let concentration = B::float_cast(concentration, FloatDType::F32);
            B::float_cast(drawn::<B, f32>(concentration, shape, key), dtype.into())
        }
    }
}

fn drawn<B: FormulaOps, E: HostFloat + Element>(
    concentration: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    let device = concentration.device();
    let attempt = |attempt, number| Source::Attempt { attempt, number };
    let normal = |k| uploaded::<B, E, Normal>(shape, key, attempt(k, 0), &device);
    let exponential = |source| uploaded::<B, E, Exponential>(shape, key, source, &device);
    let first = [concentration.clone(), normal(0), exponential(attempt(0, 1))];
    let accepted = (1..ATTEMPTS).fold(applied::<B, 3>(FIRST_ATTEMPT, first), |accepted, k| {
        let noise = [normal(k), exponential(attempt(k, 1))];
        let [normal, exponential] = noise;
        applied::<B, 4>(ATTEMPT, [accepted, concentration.clone(), normal, exponential])
    });
    let boost = exponential(Source::Stream);
    applied::<B, 3>(FINISH, [accepted, concentration, boost])
}

fn uploaded<B: Backend, E: HostFloat + Element, T: Draw>(
    shape: &Shape,
    key: Key,
    source: Source,
    device: &B::Device,
) -> FloatTensor<B> {
    let mut draws = vec![E::literal(0.0); shape.num_elements()];
    fill::<E, T>(&mut draws, key, source);
    B::float_from_data(TensorData::new(draws, shape.clone()), device)
}

fn applied<B: FormulaOps, const N: usize>(
    op: Op<N>,
    inputs: [FloatTensor<B>; N],
) -> FloatTensor<B> {
    let mut results = B::formula_values(op.kernel(), Tensors(inputs.into()));
    results.0.pop().expect("a formula of one result")
}
