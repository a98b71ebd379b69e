//! Poisson draws on backends without a host loop: noise for every attempt made on the host and
//! uploaded, proposals judged where the rate is, nothing read back.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{DType, Element, FloatDType, Shape, TensorData};

use super::super::draw::SignedTail;
use super::super::host_float::HostFloat;
use super::super::key::Key;
use super::super::stream::{Source, fill};
use super::{ATTEMPT, ATTEMPTS, FINISH, FIRST_ATTEMPT};
use crate::kernel::{FormulaOps, Op, Tensors};

/// Draws of `shape` from noise, in `f64` for rates in `f64` and else in `f32`; see the layout in
/// [`super`].
pub(crate) fn from_noise<B: FormulaOps>(
    rate: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    match rate.dtype() {
        DType::F64 => drawn::<B, f64>(rate, shape, key),
        DType::F32 => drawn::<B, f32>(rate, shape, key),
        _ => drawn::<B, f32>(B::float_cast(rate, FloatDType::F32), shape, key),
    }
}

fn drawn<B: FormulaOps, E: HostFloat + Element>(
    rate: FloatTensor<B>,
    shape: &Shape,
    key: Key,
) -> FloatTensor<B> {
    let device = rate.device();
    let point = |attempt, number| points::<B, E>(shape, key, attempt, number, &device);
    let first = [rate.clone(), point(0, 0), point(0, 1)];
    let accepted = (1..ATTEMPTS).fold(applied::<B, 3>(FIRST_ATTEMPT, first), |accepted, k| {
        applied::<B, 4>(ATTEMPT, [accepted, rate.clone(), point(k, 0), point(k, 1)])
    });
    applied::<B, 2>(FINISH, [accepted, rate])
}

fn points<B: Backend, E: HostFloat + Element>(
    shape: &Shape,
    key: Key,
    attempt: u32,
    number: usize,
    device: &B::Device,
) -> FloatTensor<B> {
    let mut points = vec![E::literal(0.0); shape.num_elements()];
    fill::<E, SignedTail>(&mut points, key, Source::Attempt { attempt, number });
    B::float_from_data(TensorData::new(points, shape.clone()), device)
}

fn applied<B: FormulaOps, const N: usize>(
    op: Op<N>,
    inputs: [FloatTensor<B>; N],
) -> FloatTensor<B> {
    let mut results = B::formula_values(op.kernel(), Tensors(inputs.into()));
    results.0.pop().expect("a formula of one result")
}
