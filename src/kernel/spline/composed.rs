//! The same splines composed of a backend's primitives: a bin is found by comparing a value with
//! all knots at once, and its numbers are sums over masked rows.

use burn::backend::tensor::{BoolTensor, FloatTensor};
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{DType, FloatDType, Shape, Slice};

use super::bin::{FORWARD, INVERSE, LARGEST_DOUBLE, LARGEST_SINGLE, SOFTPLUS};
use super::{SplineEnds, SplineShape};
use crate::kernel::Op;
use crate::kernel::ops::{FormulaOps, Tensors};
use crate::kernel::replay::truth;

/// Where each of `M` values lies: `[M, 1]`, or `[M, K]` along the bins.
struct Place<B: Backend> {
    inside: Option<BoolTensor<B>>,
    /// 1 at the value's own bin.
    own: FloatTensor<B>,
    /// 1 at the bins before it.
    before: FloatTensor<B>,
    /// The shares of widths and of heights.
    shares: [FloatTensor<B>; 2],
    /// The inputs of the formula of a bin.
    inputs: Vec<FloatTensor<B>>,
    /// The corner that what is computed starts from, with whole turns of a circle.
    start: FloatTensor<B>,
    /// The unnormalised slopes at both ends of the bin, shifted.
    slopes: [FloatTensor<B>; 2],
}

/// See [`SplineOps::spline`](super::SplineOps::spline).
pub(crate) fn values<B: FormulaOps>(
    values: FloatTensor<B>,
    parameters: FloatTensor<B>,
    shape: SplineShape,
    inverse: bool,
) -> FloatTensor<B> {
    let dims = values.shape();
    let (values, parameters) = flat::<B>(values, parameters, &shape);
    let place = find::<B>(values.clone(), &parameters, &shape, inverse);
    let bin = bin(inverse);
    let mut results = B::formula_values(bin.kernel(), Tensors(place.inputs)).0.into_iter();
    let image = B::float_add(place.start, results.next().expect("two results"));
    let log_slope = results.next().expect("two results");
    let (image, log_slope) = match place.inside {
        Some(inside) => {
            // Zero outside, but NaN where the value is.
            let nan = B::float_is_nan(values.clone(), truth::<B>(&values));
            let float = FloatDType::from(values.dtype());
            let zeros = B::float_zeros(values.shape(), &values.device(), float);
            let still = B::float_mask_where(zeros, nan, values.clone());
            (
                B::float_mask_where(values, inside.clone(), image),
                B::float_mask_where(still, inside, log_slope),
            )
        }
        None => (image, log_slope),
    };
    let last = dims.num_dims() - 1;
    B::float_cat(
        vec![B::float_reshape(image, dims.clone()), B::float_reshape(log_slope, dims)],
        last,
    )
}

/// See [`SplineOps::spline_gradients`](super::SplineOps::spline_gradients).
pub(crate) fn gradients<B: FormulaOps>(
    [values, parameters, upstream]: [FloatTensor<B>; 3],
    shape: SplineShape,
    inverse: bool,
) -> [FloatTensor<B>; 2] {
    let (dims, parameter_dims) = (values.shape(), parameters.shape());
    let last = dims.num_dims() - 1;
    let (values, parameters) = flat::<B>(values, parameters, &shape);
    let count = values.shape()[0];
    let arriving = [0, dims[last]].map(|from| {
        let part = along::<B>(&upstream, from..from + dims[last]);
        B::float_reshape(part, Shape::new([count, 1]))
    });
    let place = find::<B>(values, &parameters, &shape, inverse);
    let outside = place.inside.as_ref().map(|inside| B::bool_not(inside.clone()));
    let within = |x: &FloatTensor<B>| match &outside {
        Some(outside) => B::float_mask_fill(x.clone(), outside.clone(), 0.0.into()),
        None => x.clone(),
    };
    let bin = bin(inverse);
    let mut own: Option<Vec<FloatTensor<B>>> = None;
    for (result, arriving) in arriving.iter().enumerate() {
        let mut inputs = place.inputs.clone();
        inputs.push(within(arriving));
        let partials = B::formula_partials(bin.kernel(), result, Tensors(inputs), vec![true; 5]).0;
        // Before they are added: both may overflow, with opposite signs.
        let partials = partials.into_iter().map(limited::<B>);
        own = Some(match own {
            Some(sums) => sums.into_iter().zip(partials).map(|(a, b)| B::float_add(a, b)).collect(),
            None => partials.collect(),
        });
    }
    let own: [FloatTensor<B>; 5] =
        own.and_then(|own| own.try_into().ok()).expect("one gradient an input");
    let [of_value, width, height, lower, upper] = own;
    let image = within(&arriving[0]);
    let corner = B::float_neg(of_value.clone());
    let starts = if inverse { [image, corner] } else { [corner, image] };
    let scale = 2.0 * shape.bound * shape.free();
    let [start_x, start_y] = starts;
    let [shares_x, shares_y] = place.shares;
    let softmax = |shares: FloatTensor<B>, start, size| {
        let gradient = B::float_add(
            B::float_mul(place.before.clone(), start),
            B::float_mul(place.own.clone(), size),
        );
        let weighted = B::float_mul(shares.clone(), gradient);
        let mean = B::float_sum_dim(weighted.clone(), 1);
        let gradient = B::float_sub(weighted, B::float_mul(shares, mean));
        // What lies outside has no bin: its row is zero, or 0 times a NaN that is not its own.
        within_rows::<B>(B::float_mul_scalar(gradient, scale.into()), outside.as_ref())
    };
    let of_x = softmax(shares_x, start_x, width);
    let of_y = softmax(shares_y, start_y, height);
    let [raw_lower, raw_upper] = place.slopes;
    let through = |raw, gradient| {
        let inputs = Tensors(vec![raw, gradient]);
        let gradient = B::formula_partials(SOFTPLUS.kernel(), 0, inputs, vec![true]);
        gradient.0.into_iter().next().expect("one gradient")
    };
    let at_lower = B::float_mul(place.own.clone(), through(raw_lower, lower));
    let at_upper = B::float_mul(place.own.clone(), through(raw_upper, upper));
    let bins = shape.bins;
    // Knot j is the lower end of bin j and the upper end of bin j - 1.
    let (of_lower, of_upper) = match shape.ends {
        SplineEnds::Linear => (along::<B>(&at_lower, 1..bins), along::<B>(&at_upper, 0..bins - 1)),
        SplineEnds::Circular => {
            let wrapped =
                vec![along::<B>(&at_upper, bins - 1..bins), along::<B>(&at_upper, 0..bins - 1)];
            (at_lower, B::float_cat(wrapped, 1))
        }
    };
    let of_slopes = within_rows::<B>(B::float_add(of_lower, of_upper), outside.as_ref());
    let of_parameters = B::float_cat(vec![of_x, of_y, of_slopes], 1);
    let of_values = match place.inside {
        Some(inside) => {
            let [arriving, _] = arriving;
            B::float_mask_where(arriving, inside, of_value)
        }
        None => of_value,
    };
    [B::float_reshape(of_values, dims), B::float_reshape(of_parameters, parameter_dims)]
}

/// The gradients of a bin times what arrives, as the host limits them.
fn limited<B: Backend>(gradient: FloatTensor<B>) -> FloatTensor<B> {
    let limit = if gradient.dtype() == DType::F64 { LARGEST_DOUBLE } else { LARGEST_SINGLE };
    B::float_clamp(gradient, (-limit).into(), limit.into())
}

fn within_rows<B: Backend>(
    rows: FloatTensor<B>,
    outside: Option<&BoolTensor<B>>,
) -> FloatTensor<B> {
    match outside {
        Some(outside) => {
            let outside = B::bool_expand(outside.clone(), rows.shape());
            B::float_mask_fill(rows, outside, 0.0.into())
        }
        None => rows,
    }
}

fn bin(inverse: bool) -> &'static Op<5, 2> {
    if inverse { &INVERSE } else { &FORWARD }
}

/// `[M, 1]` and `[M, P]`.
fn flat<B: Backend>(
    values: FloatTensor<B>,
    parameters: FloatTensor<B>,
    shape: &SplineShape,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let count = values.shape().num_elements();
    let parameters = B::float_reshape(parameters, Shape::new([count, shape.parameters()]));
    (B::float_reshape(values, Shape::new([count, 1])), parameters)
}

fn find<B: FormulaOps>(
    values: FloatTensor<B>,
    parameters: &FloatTensor<B>,
    shape: &SplineShape,
    inverse: bool,
) -> Place<B> {
    let (truth, bins, bound) = (truth::<B>(&values), shape.bins, shape.bound);
    let box_width = 2.0 * bound;
    let (inside, value, turns) = match shape.ends {
        SplineEnds::Linear => {
            let low = B::float_greater_equal_elem(values.clone(), (-bound).into(), truth);
            let high = B::float_lower_elem(values.clone(), bound.into(), truth);
            let inside = B::bool_and(low, high);
            // A place inside for the others, whose results are thrown away.
            let outside = B::bool_not(inside.clone());
            (Some(inside), B::float_mask_fill(values, outside, (-bound).into()), None)
        }
        SplineEnds::Circular => {
            let shifted = B::float_add_scalar(values.clone(), bound.into());
            let turns = B::float_floor(B::float_mul_scalar(shifted, box_width.recip().into()));
            let turns = B::float_mul_scalar(turns, box_width.into());
            (None, B::float_sub(values, turns.clone()), Some(turns))
        }
    };
    let shares = [0, bins].map(|from| softmax::<B>(along::<B>(parameters, from..from + bins)));
    let sides = shares.clone().map(|shares| {
        let sizes = B::float_mul_scalar(shares, (box_width * shape.free()).into());
        let sizes = B::float_add_scalar(sizes, (box_width * shape.smallest_bin).into());
        let before = B::float_sub(B::float_cumsum(sizes.clone(), 1), sizes.clone());
        (B::float_sub_scalar(before, bound.into()), sizes)
    });
    let [(left, widths), (bottom, heights)] = sides;
    let (from, to) = if inverse { (bottom, left) } else { (left, bottom) };

    let float = FloatDType::from(value.dtype());
    let all = B::float_expand(value.clone(), from.shape());
    let reached = B::float_greater_equal(all, from.clone(), truth);
    let reached = along::<B>(&B::bool_into_float(reached, float), 1..bins);
    let edge = B::float_mul_scalar(along::<B>(&reached, 0..1), 0.0.into());
    let before = B::float_cat(vec![reached.clone(), edge.clone()], 1);
    // The first bin begins where the box does, whatever its knot was rounded to.
    let first = B::float_add_scalar(edge, 1.0.into());
    let own = B::float_sub(B::float_cat(vec![first.clone(), reached], 1), before.clone());

    let pick = |rows: FloatTensor<B>| B::float_sum_dim(B::float_mul(own.clone(), rows), 1);
    let shift = shape.slope_shift();
    let raw = along::<B>(parameters, 2 * bins..shape.parameters());
    let raw = B::float_add_scalar(raw, shift.into());
    let raw = match shape.ends {
        SplineEnds::Linear => B::float_cat(vec![first.clone(), raw, first], 1),
        SplineEnds::Circular => B::float_cat(vec![raw.clone(), along::<B>(&raw, 0..1)], 1),
    };
    let slopes = [0, 1].map(|side| pick(along::<B>(&raw, side..side + bins)));
    let mut normalised = slopes.clone().map(|raw| {
        let result = B::formula_values(SOFTPLUS.kernel(), Tensors(vec![raw])).0;
        let result = result.into_iter().next().expect("one result");
        B::float_add_scalar(result, shape.smallest_slope.into())
    });
    if shape.ends == SplineEnds::Linear {
        for (slope, bin) in normalised.iter_mut().zip([0, bins - 1]) {
            let end = B::float_greater_elem(along::<B>(&own, bin..bin + 1), 0.5.into(), truth);
            *slope = B::float_mask_fill(slope.clone(), end, 1.0.into());
        }
    }
    let offset = B::float_sub(value, pick(from));
    let start = pick(to);
    let start = match turns {
        Some(turns) => B::float_add(start, turns),
        None => start,
    };
    let [lower, upper] = normalised;
    let inputs = vec![offset, pick(widths), pick(heights), lower, upper];
    Place { inside, own, before, shares, inputs, start, slopes }
}

fn softmax<B: Backend>(rows: FloatTensor<B>) -> FloatTensor<B> {
    let largest = B::float_max_dim(rows.clone(), 1);
    let terms = B::float_exp(B::float_sub(rows, largest));
    let sum = B::float_sum_dim(terms.clone(), 1);
    B::float_div(terms, sum)
}

/// A part of the last dimension.
fn along<B: Backend>(x: &FloatTensor<B>, range: core::ops::Range<usize>) -> FloatTensor<B> {
    let dims = x.shape();
    let last = dims.num_dims() - 1;
    let mut slices: Vec<Slice> = (0..last).map(|axis| Slice::from(0..dims[axis])).collect();
    slices.push(Slice::from(range));
    B::float_slice(x.clone(), &slices)
}
