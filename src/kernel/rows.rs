//! Reductions along rows: the last dimension, kept with size 1.

mod blocks;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) mod host;

use burn::backend::backend_extension;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, TensorMetadata};
#[cfg(feature = "autodiff")]
use burn::tensor::IntDType;
use burn::tensor::{DType, FloatDType, Int, Shape, Tensor};

use self::blocks::{max_by_blocks, sum_by_blocks};
use super::formula::{Formula, Op};
use super::ops::{FormulaOps, Tensors};
use super::real::Real;
use super::replay::truth;

/// Row operations on a backend: logits are rows of categories along the last dimension.
///
/// The default bodies are composed of the backend's primitives. Half-precision rows compute in
/// `f32`.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cubecl-backend"),
    Fusion: cfg(feature = "fusion"),
    Autodiff: cfg(feature = "autodiff"),
)]
pub trait RowOps: FormulaOps {
    /// The two parts of ln Σ eˣ for each row: the largest logit, 0 where that is infinite, and
    /// ln Σ e^(x − largest), which is accurate however close to 0.
    #[fusion(default)]
    fn row_partition(logits: FloatTensor<Self>) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let truth = truth::<Self>(&logits);
        let (logits, dtype) = widened::<Self>(logits);
        let largest = max_by_blocks::<Self>(logits.clone());
        // -inf - (-inf) would be NaN; so would +inf - (+inf).
        let infinite = Self::float_is_inf(largest.clone(), truth);
        let largest = Self::float_mask_fill(largest, infinite, 0.0.into());
        let shifted = Self::float_sub(logits, largest.clone());
        // The largest terms are exactly 1 each. They are counted and the first left out, so that
        // the logarithm of a sum barely above 1 keeps its digits.
        let top = Self::float_equal_elem(shifted.clone(), 0.0.into(), truth);
        let float = FloatDType::from(shifted.dtype());
        let count = sum_by_blocks::<Self>(Self::bool_into_float(top.clone(), float));
        let others = Self::float_mask_fill(Self::float_exp(shifted), top, 0.0.into());
        let others = sum_by_blocks::<Self>(others);
        let above_one = Self::float_add(Self::float_sub_scalar(count, 1.0.into()), others);
        let rest = single::<Self>(&LOG_ABOVE_ONE, [above_one]);
        (narrowed::<Self>(largest, dtype), narrowed::<Self>(rest, dtype))
    }

    /// The element of each row at `index`, whose other dimensions broadcast; −∞ where there is no
    /// such element.
    #[fusion(default)]
    fn row_gather(rows: FloatTensor<Self>, index: IntTensor<Self>) -> FloatTensor<Self> {
        let truth = truth::<Self>(&rows);
        let (dims, wanted) = (rows.shape(), index.shape());
        let last = dims.num_dims() - 1;
        let shape = gathered_shape(&dims, &wanted);
        let mut full = shape.to_vec();
        full[last] = dims[last];
        let rows = Self::float_expand(rows, Shape::from(full));
        let index = Self::int_expand(index, shape);
        let largest = dims[last] as i64 - 1;
        let below = Self::int_lower_elem(index.clone(), 0_i64.into(), truth);
        let above = Self::int_greater_elem(index.clone(), largest.into(), truth);
        let inside = Self::int_clamp(index, 0_i64.into(), largest.into());
        let gathered = Self::float_gather(last, rows, inside);
        Self::float_mask_fill(gathered, Self::bool_or(below, above), f64::NEG_INFINITY.into())
    }

    /// The sum of each row. On the host it is taken in `f64`, elsewhere by blocks of blocks.
    #[fusion(default)]
    fn row_sum(rows: FloatTensor<Self>) -> FloatTensor<Self> {
        sum_by_blocks::<Self>(rows)
    }

    /// ln Σ eˣ of each row.
    #[fusion(default)]
    fn log_sum_exp(logits: FloatTensor<Self>) -> FloatTensor<Self> {
        let (largest, rest) = Self::row_partition(logits);
        Self::float_add(largest, rest)
    }

    /// x − ln Σ eˣ at `index` of each row; −∞ with gradient zero where there is no such element or
    /// it is −∞ itself.
    #[fusion(default)]
    fn log_softmax_at(logits: FloatTensor<Self>, index: IntTensor<Self>) -> FloatTensor<Self> {
        let (largest, rest) = Self::row_partition(logits.clone());
        log_softmax_at::<Self>(Self::row_gather(logits, index), largest, rest)
    }
}

/// The shape of elements gathered from rows of shape `rows` at an index of shape `index`.
pub(crate) fn gathered_shape(rows: &Shape, index: &Shape) -> Shape {
    let mut shape = super::replay::broadcast(rows, index).to_vec();
    *shape.last_mut().expect("rows have a dimension") = 1;
    Shape::from(shape)
}

/// Half-precision rows compute in `f32`.
fn widened<B: Backend>(rows: FloatTensor<B>) -> (FloatTensor<B>, DType) {
    let dtype = rows.dtype();
    match dtype {
        DType::F16 | DType::BF16 => (B::float_cast(rows, FloatDType::F32), dtype),
        _ => (rows, dtype),
    }
}

fn narrowed<B: Backend>(result: FloatTensor<B>, dtype: DType) -> FloatTensor<B> {
    if result.dtype() == dtype { result } else { B::float_cast(result, dtype.into()) }
}

fn single<B: FormulaOps>(op: &Op<1>, inputs: [FloatTensor<B>; 1]) -> FloatTensor<B> {
    first(B::formula_values(op.kernel, Tensors(inputs.into())))
}

fn first<B: Backend>(results: Tensors<B>) -> FloatTensor<B> {
    results.0.into_iter().next().expect("one result")
}

/// The logarithm of the softmax at elements already gathered, given the partition of their rows.
pub(crate) fn log_softmax_at<B: FormulaOps>(
    gathered: FloatTensor<B>,
    largest: FloatTensor<B>,
    rest: FloatTensor<B>,
) -> FloatTensor<B> {
    let inputs = Tensors(vec![gathered, largest, rest]);
    first(B::formula_values(LOG_SOFTMAX.kernel, inputs))
}

/// `upstream` times the gradient of ln Σ eˣ, the softmax.
#[cfg(feature = "autodiff")]
pub(crate) fn log_sum_exp_gradient<B: FormulaOps>(
    logits: FloatTensor<B>,
    [largest, rest]: [FloatTensor<B>; 2],
    upstream: FloatTensor<B>,
) -> FloatTensor<B> {
    let inputs = Tensors(vec![logits, largest, rest, upstream]);
    let tracked = vec![true, false, false];
    first(B::formula_partials(SOFTMAX.kernel, 0, inputs, tracked))
}

/// The gradient of the logarithm of the softmax at `index`, summed over the dimensions along which
/// rows are shared.
#[cfg(feature = "autodiff")]
pub(crate) fn log_softmax_at_gradient<B: FormulaOps>(
    logits: FloatTensor<B>,
    partition: [FloatTensor<B>; 2],
    index: IntTensor<B>,
    result: FloatTensor<B>,
    upstream: FloatTensor<B>,
) -> FloatTensor<B> {
    // Half precision could not tell the categories above 2048 apart.
    let (logits, dtype) = widened::<B>(logits);
    let [largest, rest] = partition.map(|part| widened::<B>(part).0);
    let upstream = widened::<B>(upstream).0;
    // Where the result is -inf the element lies outside the support: no gradient.
    let truth = truth::<B>(&result);
    let outside = B::float_equal_elem(result, f64::NEG_INFINITY.into(), truth);
    let upstream = B::float_mask_fill(upstream, outside, 0.0.into());
    let (float, device) = (FloatDType::from(logits.dtype()), logits.device());
    let mut row = vec![1; logits.rank()];
    let count = logits.shape()[row.len() - 1];
    *row.last_mut().expect("rows have a dimension") = count;
    let categories = B::int_arange(0..count as i64, &device, IntDType::from(index.dtype()));
    let categories = B::float_reshape(B::int_into_float(categories, float), Shape::from(row));
    let index = B::int_into_float(index, float);
    let inputs = Tensors(vec![logits, largest, rest, index, categories, upstream]);
    let tracked = vec![true, false, false, false, false];
    let gradient = first(B::formula_partials(SOFTMAX_AT.kernel, 0, inputs, tracked));
    narrowed::<B>(gradient, dtype)
}

/// ln Σ eˣ along the last dimension, which is kept with size 1.
pub(crate) fn log_sum_exp_rows<const D: usize>(logits: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as RowOps>::log_sum_exp(logits.into_dispatch()))
}

/// The sum along the last dimension, which is kept with size 1. A million terms of one size keep
/// their digits in `f32`, as they do not in every backend's own sum.
pub(crate) fn sum_rows<const D: usize>(rows: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as RowOps>::row_sum(rows.into_dispatch()))
}

/// x − ln Σ eˣ at `index` of each row; −∞ with gradient zero outside.
pub(crate) fn log_softmax_rows_at<const D: usize>(
    logits: Tensor<D>,
    index: Tensor<D, Int>,
) -> Tensor<D> {
    let (logits, index) = (logits.into_dispatch(), index.into_dispatch());
    Tensor::from_dispatch(<Dispatch as RowOps>::log_softmax_at(logits, index))
}

static LOG_ABOVE_ONE: Op<1> = Op::new::<LogAboveOne>();
static LOG_SOFTMAX: Op<3> = Op::new::<LogSoftmax>();
#[cfg(feature = "autodiff")]
static SOFTMAX: Op<3> = Op::new::<Softmax>();
#[cfg(feature = "autodiff")]
static SOFTMAX_AT: Op<5> = Op::new::<SoftmaxAt>();

struct LogAboveOne;

impl Formula<1> for LogAboveOne {
    const NAME: &'static str = "log_sum_exp";
    const INPUTS: [&'static str; 1] = ["above_one"];

    #[inline(always)]
    fn evaluate<R: Real>([above_one]: [R; 1]) -> R {
        above_one.ln_1p()
    }
}

struct LogSoftmax;

impl Formula<3> for LogSoftmax {
    const NAME: &'static str = "log_softmax";
    const INPUTS: [&'static str; 3] = ["logit", "largest", "rest"];

    #[inline(always)]
    fn evaluate<R: Real>([logit, largest, rest]: [R; 3]) -> R {
        // In this order: both terms are at most 0, so nothing cancels; logit - (largest + rest)
        // would lose `rest` beside a large `largest`.
        let inside = (logit - largest) - rest;
        let lowest = R::constant(f64::NEG_INFINITY);
        // A row of -inf alone has rest = -inf as well; NaN anywhere in the row stays.
        R::select(logit.equal(lowest) & !rest.is_nan(), lowest, inside)
    }
}

#[cfg(feature = "autodiff")]
#[inline(always)]
fn softmax<R: Real>(logit: R, largest: R, rest: R) -> R {
    let zero = R::constant(0.0);
    let inside = ((logit - largest) - rest).exp();
    // -inf - (-inf) in a row of -inf alone, inf - inf at a logit of +inf.
    let empty = logit.equal(R::constant(f64::NEG_INFINITY));
    let all = logit.equal(R::constant(f64::INFINITY));
    R::select(empty, zero, R::select(all, R::constant(1.0), inside))
}

/// Only its partials are used: `log_sum_exp` has its value already.
#[cfg(feature = "autodiff")]
struct Softmax;

#[cfg(feature = "autodiff")]
impl Formula<3> for Softmax {
    const NAME: &'static str = "log_sum_exp";
    const INPUTS: [&'static str; 3] = ["logits", "largest", "rest"];

    #[inline(always)]
    fn evaluate<R: Real>([_, largest, rest]: [R; 3]) -> R {
        largest + rest
    }

    #[inline(always)]
    fn partials<R: Real>([logit, largest, rest]: [R; 3]) -> [R; 3] {
        let zero = R::constant(0.0);
        [softmax(logit, largest, rest), zero, zero]
    }
}

/// The logarithm of the softmax at `index`, as a function of the logit of each category.
#[cfg(feature = "autodiff")]
struct SoftmaxAt;

#[cfg(feature = "autodiff")]
impl Formula<5> for SoftmaxAt {
    const NAME: &'static str = "log_softmax_at";
    const INPUTS: [&'static str; 5] = ["logits", "largest", "rest", "index", "category"];

    #[inline(always)]
    fn evaluate<R: Real>([logit, largest, rest, ..]: [R; 5]) -> R {
        (logit - largest) - rest
    }

    #[inline(always)]
    fn partials<R: Real>([logit, largest, rest, index, category]: [R; 5]) -> [R; 5] {
        let zero = R::constant(0.0);
        // 1 - p by expm1: next to a certain category 1 - p cancels.
        let hit = -((logit - largest) - rest).exp_m1();
        let miss = -softmax(logit, largest, rest);
        [R::select(index.equal(category), hit, miss), zero, zero, zero, zero]
    }
}
