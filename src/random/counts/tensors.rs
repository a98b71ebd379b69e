//! Draws of counts on backends without a host loop: noise for every attempt, proposals judged where
//! the parameters are, nothing read back.

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, FloatDType, Shape};

use super::super::draw::Sampler;
use super::super::key::Key;
use super::super::ops::{RandomOps, applied};
use super::super::stream::Source;
use super::{ATTEMPTS, Attempt, CountSampler, Finish, FirstAttempt};
use crate::kernel::Op;

/// The handles of a sampler of `P` parameters, of which there are `P` + 2, `P` + 3 and `P` + 1
/// inputs.
pub(crate) struct Steps<const FIRST: usize, const NEXT: usize, const LAST: usize> {
    first: Op<FIRST>,
    next: Op<NEXT>,
    last: Op<LAST>,
}

impl<const FIRST: usize, const NEXT: usize, const LAST: usize> Steps<FIRST, NEXT, LAST> {
    pub(crate) const fn new<C: CountSampler<P>, const P: usize>() -> Self {
        Self {
            first: Op::new::<FirstAttempt<C, P>>(),
            next: Op::new::<Attempt<C, P>>(),
            last: Op::new::<Finish<C, P>>(),
        }
    }

    /// Draws of `shape` from noise, in `f64` for parameters in `f64` and else in `f32`; see the
    /// layout in [`super`].
    pub(crate) fn draw<B: RandomOps, const P: usize>(
        &self,
        parameters: [FloatTensor<B>; P],
        shape: &Shape,
        key: Key,
    ) -> FloatTensor<B> {
        let parameters = parameters.map(|parameter| match parameter.dtype() {
            DType::F64 | DType::F32 => parameter,
            _ => B::float_cast(parameter, FloatDType::F32),
        });
        // The points behind normal draws keep both ends of (0, 1).
        let point = |attempt, number| {
            let source = Source::Attempt { attempt, number };
            B::noise(parameters[0].clone(), shape.clone(), Sampler::Normal, source, key)
        };
        let law = || parameters.iter().cloned();
        let points = |attempt| [point(attempt, 0), point(attempt, 1)];
        let first = applied::<B, FIRST>(self.first, gathered(law().chain(points(0))));
        let accepted = (1..ATTEMPTS).fold(first, |accepted, attempt| {
            let inputs = core::iter::once(accepted).chain(law()).chain(points(attempt));
            applied::<B, NEXT>(self.next, gathered(inputs))
        });
        applied::<B, LAST>(self.last, gathered(core::iter::once(accepted).chain(law())))
    }
}

fn gathered<T, const N: usize>(inputs: impl Iterator<Item = T>) -> [T; N] {
    let inputs: Vec<T> = inputs.collect();
    let count = inputs.len();
    inputs.try_into().unwrap_or_else(|_| panic!("{N} inputs, not {count}"))
}
