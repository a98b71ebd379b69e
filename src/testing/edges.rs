//! The sweep for NaN: values and gradients at, beside and beyond the edges of a support.

use burn::tensor::{Device, Tensor};

use super::density::outside;
use super::differences::{element, expand, gradients, positions};
use super::gradients::points;
use super::points::{Frame, Values, numbers, tensor};
use super::{Check, Comparison, LawError};
use crate::distribution::Distribution;

/// Outside the support the log-density is −∞ with gradient 0; at its edges, beside them and at the
/// largest and smallest floats neither it nor its gradient is NaN; and none of these, nor a NaN
/// value, changes the gradient of an ordinary value beside it. For events of one number.
///
/// # Errors
///
/// Where that is not so.
pub fn are_harmless<const D: usize, P: Distribution<D> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("edges and outliers are harmless", check);
    let distribution = build(parameters);
    let frame = Frame::of(&*distribution, check);
    if frame.events > 1 {
        return Ok(());
    }
    let columns = frame.columns;
    let ordinary = points(&*distribution, &frame);
    let (_, beyond) = outside(&distribution.support(), &frame);
    let mut all = ordinary.clone();
    all.extend(beyond);
    all.extend(edges(&frame));
    // What arrives in the tensor is judged, not what was asked for.
    let rows = all.len() / columns;
    let kinded: Tensor<D, P::Kind> = P::Kind::from_numbers(all, frame.rows(rows), &frame.like);
    let values = P::Kind::to_float(kinded, &frame.like);
    let all = numbers(values.clone());
    let inside = distribution.support().contains(values.clone());
    let inside: Vec<bool> = inside.into_data().iter::<bool>().collect();

    let log_prob = |inputs: &[Tensor<D>]| {
        let (parameters, value) = inputs.split_at(inputs.len() - 1);
        build(parameters).log_prob(P::Kind::from_float(value[0].clone()))
    };
    let evaluate = |values: Tensor<D>| {
        let mut out = frame.like.dims();
        out[0] = values.dims()[0];
        let mut inputs = expand(parameters, out);
        inputs.push(values);
        let shapes: Vec<[usize; D]> = inputs.iter().map(Tensor::dims).collect();
        let (log_prob, gradients) = gradients(&inputs, device, &log_prob);
        (out, shapes, log_prob, gradients)
    };
    let (out, shapes, got, swept) = evaluate(values);
    let (_, _, _, alone) = evaluate(tensor(
        ordinary.clone(),
        frame.rows(ordinary.len() / columns),
        &frame.like.device(),
        frame.like.dtype(),
    ));
    for (at, point) in all.iter().enumerate() {
        let (low, high) = frame.ends[at % columns];
        // An end may belong to the closure of an open set; an infinite one is no finite outlier.
        let is_outside = !inside[at] && (*point < low || *point > high);
        let place = |what: &str| format!("{what} at {}", frame.place(at % columns, *point));
        if point.is_nan() {
            comparison.near(|| place("ln p"), got[at], f64::NAN, 0.0);
            continue;
        }
        if is_outside {
            comparison.near(|| place("ln p"), got[at], f64::NEG_INFINITY, 0.0);
        }
        comparison.is_number(|| place("a number as ln p"), got[at]);
        for (input, shape) in shapes.iter().enumerate() {
            for position in 0..positions(out, *shape) {
                let element = element(out, *shape, at, position);
                let gradient = swept[input][element];
                let what = || place(&format!("the gradient of input {input}"));
                if is_outside {
                    comparison.near(what, gradient, 0.0, 0.0);
                }
                comparison.is_number(what, gradient);
                if at < ordinary.len() {
                    comparison.near(what, gradient, alone[input][element], 0.0);
                }
            }
        }
    }
    comparison.finish()
}

/// The edges, their neighbours and the extremes of the floats, row by row.
fn edges<const D: usize>(frame: &Frame<D>) -> Vec<f64> {
    let wide = frame.epsilon == f64::EPSILON;
    let (largest, smallest) = if wide {
        (f64::MAX, f64::MIN_POSITIVE)
    } else {
        (f64::from(f32::MAX), f64::from(f32::MIN_POSITIVE))
    };
    let of_column = |column: usize| {
        let (low, high) = frame.ends[column];
        let mut points = vec![0.0, -0.0, smallest, -smallest, largest, -largest, 1.0, -1.0];
        for end in [low, high] {
            let near = 4.0 * frame.epsilon * end.abs();
            points.extend([end, end - near, end + near]);
        }
        points
    };
    let of_columns: Vec<Vec<f64>> = (0..frame.columns).map(of_column).collect();
    let rows = of_columns[0].len();
    (0..rows * frame.columns).map(|at| of_columns[at % frame.columns][at / frame.columns]).collect()
}

/// A parameter that is NaN makes the log-density NaN, inside the support and outside.
///
/// # Errors
///
/// Where it does not.
pub fn nan_parameters_give_nan<const D: usize, P: Distribution<D> + ?Sized>(
    parameters: &[Tensor<D>],
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("a NaN parameter gives NaN", check);
    let distribution = build(parameters);
    let frame = Frame::of(&*distribution, check);
    let mut all = points(&*distribution, &frame);
    if frame.events == 1 {
        all.extend(outside(&distribution.support(), &frame).1);
    }
    let values: Tensor<D, P::Kind> = frame.values(all);
    let all = numbers(values.clone());
    for (input, parameter) in parameters.iter().enumerate() {
        let mut broken = parameters.to_vec();
        broken[input] = parameter.clone() * f64::NAN;
        for (at, got) in numbers(build(&broken).log_prob(values.clone())).into_iter().enumerate() {
            let point = all[at * frame.events];
            let place = || {
                format!("parameter {input} NaN, value {}", frame.place(at % frame.batches, point))
            };
            comparison.near(place, got, f64::NAN, 0.0);
        }
    }
    comparison.finish()
}
