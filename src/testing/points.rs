//! Points on the host and as tensors, and what a law has to know about an instance.

use burn::tensor::kind::Basic;
use burn::tensor::{DType, Device, Float, Int, Tensor, TensorData};

use super::Check;
use crate::distribution::Distribution;
use crate::parameter::Argument;
use crate::support::{Bound, Support};

/// A kind of tensor that points can be written to and read from: floats and integers.
pub trait Values: Basic {
    /// The numbers as a tensor; rounded to the precision of `like` if they are floats.
    fn from_numbers<const D: usize>(
        numbers: Vec<f64>,
        shape: [usize; D],
        like: &Tensor<D>,
    ) -> Tensor<D, Self>;

    /// The same numbers as floats.
    fn to_float<const D: usize>(values: Tensor<D, Self>, like: &Tensor<D>) -> Tensor<D>;

    /// Floats in this kind; an integer kind forgets how they came about.
    fn from_float<const D: usize>(values: Tensor<D>) -> Tensor<D, Self>;
}

impl Values for Float {
    fn from_numbers<const D: usize>(
        numbers: Vec<f64>,
        shape: [usize; D],
        like: &Tensor<D>,
    ) -> Tensor<D> {
        tensor(numbers, shape, &like.device(), like.dtype())
    }

    fn to_float<const D: usize>(values: Tensor<D>, _: &Tensor<D>) -> Tensor<D> {
        values
    }

    fn from_float<const D: usize>(values: Tensor<D>) -> Tensor<D> {
        values
    }
}

impl Values for Int {
    fn from_numbers<const D: usize>(
        numbers: Vec<f64>,
        shape: [usize; D],
        like: &Tensor<D>,
    ) -> Tensor<D, Int> {
        // Within what every backend's integers hold.
        let whole: Vec<i64> = numbers.iter().map(|number| number.clamp(-1e9, 1e9) as i64).collect();
        Tensor::from_data(TensorData::new(whole, shape), &like.device())
    }

    fn to_float<const D: usize>(values: Tensor<D, Int>, like: &Tensor<D>) -> Tensor<D> {
        values.float().cast(like.dtype())
    }

    fn from_float<const D: usize>(values: Tensor<D>) -> Tensor<D, Int> {
        values.int()
    }
}

/// A float tensor of these numbers.
pub(super) fn tensor<const D: usize>(
    numbers: Vec<f64>,
    shape: [usize; D],
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    let data = TensorData::new(numbers, shape).convert_dtype(dtype);
    Tensor::from_data(data, (device, dtype))
}

/// The numbers of a tensor.
pub(super) fn numbers<const D: usize, K: Basic>(tensor: Tensor<D, K>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

/// The numbers of a tensor rounded to the precision of `like`.
pub(super) fn rounded<const D: usize>(values: Vec<f64>, like: &Tensor<D>) -> Vec<f64> {
    let count = values.len();
    numbers(tensor::<1>(values, [count], &like.device(), like.dtype()))
}

/// What laws know about an instance: the precision, and how its draws are laid out.
#[derive(Clone, Debug)]
pub(super) struct Frame<const D: usize> {
    /// A log-density, for its device and precision.
    pub(super) like: Tensor<D>,
    /// The spacing of floats at 1.
    pub(super) epsilon: f64,
    /// The shape of one draw.
    pub(super) shape: [usize; D],
    /// Numbers in one draw.
    pub(super) columns: usize,
    /// Log-densities of one draw.
    pub(super) batches: usize,
    /// Numbers that make one event.
    pub(super) events: usize,
    /// The ends of the support of each column.
    pub(super) ends: Vec<(f64, f64)>,
    /// The middle of the draws of each column.
    pub(super) middle: Vec<f64>,
    /// Half the width of the middle two thirds of the draws of each column.
    pub(super) spread: Vec<f64>,
}

impl<const D: usize> Frame<D> {
    pub(super) fn of<P: Distribution<D> + ?Sized>(distribution: &P, check: &Check) -> Self
    where
        P::Kind: Values,
    {
        let shape = distribution.shape();
        assert!(
            D > 0 && shape[0] == 1,
            "{}: laws put points along the first dimension, which must have size 1: {shape:?}",
            check.instance(),
        );
        let mut many = shape;
        many[0] = 401;
        let draws = distribution.sample(many, &mut check.rng());
        let like = distribution.log_prob(draws.clone());
        let columns: usize = shape.iter().product();
        let batches: usize = like.dims()[1..].iter().product();
        let draws = numbers(draws);
        let sorted = |column: usize| {
            let mut sorted: Vec<f64> =
                draws.iter().skip(column).step_by(columns).copied().collect();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        let quantiles: Vec<[f64; 3]> = (0..columns)
            .map(|column| {
                let sorted = sorted(column);
                [sorted[66], sorted[200], sorted[334]]
            })
            .collect();
        Self {
            epsilon: epsilon(&like),
            ends: ends(&distribution.support(), shape, &like),
            middle: quantiles.iter().map(|[_, middle, _]| *middle).collect(),
            spread: quantiles.iter().map(|[low, _, high]| (high - low) / 2.0).collect(),
            events: columns / batches,
            like,
            shape,
            columns,
            batches,
        }
    }

    /// The shape of `rows` draws.
    pub(super) fn rows(&self, rows: usize) -> [usize; D] {
        let mut shape = self.shape;
        shape[0] = rows;
        shape
    }

    /// Points, row by row, as a tensor.
    pub(super) fn values<K: Values>(&self, points: Vec<f64>) -> Tensor<D, K> {
        let rows = points.len() / self.columns;
        K::from_numbers(points, self.rows(rows), &self.like)
    }

    /// Points rounded to the precision of the instance.
    pub(super) fn round(&self, points: Vec<f64>) -> Vec<f64> {
        rounded(points, &self.like)
    }

    /// The smallest normal float.
    pub(super) fn smallest(&self) -> f64 {
        if self.epsilon == f64::EPSILON { f64::MIN_POSITIVE } else { f64::from(f32::MIN_POSITIVE) }
    }

    /// A place in words.
    pub(super) fn place(&self, column: usize, value: f64) -> String {
        format!("{value:e}, column {column} of {}", self.columns)
    }
}

/// The spacing of floats at 1.
pub(super) fn epsilon<const D: usize>(like: &Tensor<D>) -> f64 {
    if like.dtype() == DType::F64 { f64::EPSILON } else { f64::from(f32::EPSILON) }
}

/// The ends of a set of numbers, for each element of `shape`; infinite for a set without ends.
pub(super) fn ends<const D: usize>(
    support: &Support,
    shape: [usize; D],
    like: &Tensor<D>,
) -> Vec<(f64, f64)> {
    let bound = |bound: &Bound| match bound.argument::<D>() {
        Argument::Number(number) => rounded(vec![number; shape.iter().product()], like),
        Argument::Tensor(tensor) => numbers(tensor.detach().expand(shape)),
    };
    let same = |number: f64| vec![number; shape.iter().product()];
    let (low, high) = match support {
        Support::Positive | Support::NonNegative | Support::Count => {
            (same(0.0), same(f64::INFINITY))
        }
        Support::UnitInterval
        | Support::PositiveProbability
        | Support::ProbabilityBelowOne
        | Support::Boolean
        | Support::OneHot
        | Support::Simplex => (same(0.0), same(1.0)),
        Support::Interval { low, high } => (bound(low), bound(high)),
        Support::AtLeast(low) | Support::GreaterThan(low) | Support::Above(low) => {
            (bound(low), same(f64::INFINITY))
        }
        Support::Below(count) => (same(0.0), same(*count as f64 - 1.0)),
        Support::CountUpTo(high) => (same(0.0), bound(high)),
        Support::Real | Support::LogWeight | Support::LowerCholesky | Support::PositiveDefinite => {
            (same(f64::NEG_INFINITY), same(f64::INFINITY))
        }
    };
    low.into_iter().zip(high).collect()
}
