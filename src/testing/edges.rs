//! The sweep for NaN: values and gradients at, beside and beyond the edges of a support.

use burn::tensor::{Device, Float, Tensor};

use super::density::outside;
use super::differences::{element, expand, gradients, positions};
use super::gradients::points;
use super::points::{Frame, Values, numbers, tensor};
use super::{Check, Comparison, LawError};
use crate::distribution::{Distribution, Tail, Univariate};

/// A function of an instance and a value.
type Of<P, const D: usize> = fn(&P, Tensor<D, <P as Distribution<D>>::Kind>) -> Tensor<D>;

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
    let log_prob: Of<P, D> = |law, value| law.log_prob(value);
    let function = ("ln p", log_prob, Some(f64::NEG_INFINITY));
    sweep(function, parameters, device, check, &build, &mut comparison);
    comparison.finish()
}

/// The same of the four probabilities, each of which is constant outside the support.
///
/// # Errors
///
/// Where that is not so.
pub fn tails_are_harmless<const D: usize, P: Univariate<D> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("tails have harmless edges", check);
    let tails: [(&str, Of<P, D>); 4] = [
        ("cdf", |law, value| law.tail(Tail::Cdf, value)),
        ("log_cdf", |law, value| law.tail(Tail::LogCdf, value)),
        ("survival", |law, value| law.tail(Tail::Survival, value)),
        ("log_survival", |law, value| law.tail(Tail::LogSurvival, value)),
    ];
    for (name, tail) in tails {
        sweep((name, tail, None), parameters, device, check, &build, &mut comparison);
    }
    comparison.finish()
}

/// At both ends of the probabilities, beside them and at the smallest floats neither a quantile nor its gradient
/// is NaN, and none of these changes the gradient at an ordinary probability beside it.
///
/// # Errors
///
/// Where that is not so.
pub fn quantiles_are_harmless<const D: usize, P: Univariate<D, Kind = Float> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("quantiles have harmless edges", check);
    let frame = Frame::of(&*build(parameters), check);
    let (place, dtype) = (frame.like.device(), frame.like.dtype());
    let (epsilon, smallest) = (frame.epsilon, smallest(&frame));
    let ordinary = [0.1, 0.5, 0.8];
    let edges = [0.0, smallest, 1e-30, 1e-10, epsilon, 1.0 - epsilon, 1.0, f64::NAN, -0.5, 2.0];
    let evaluate = |levels: &[f64], quantile: Of<P, D>| {
        let all = levels.iter().flat_map(|level| vec![*level; frame.columns]).collect();
        let levels = tensor(all, frame.rows(levels.len()), &place, dtype);
        Swept::new(parameters, levels, &frame, device, &|p, level| quantile(&build(p), level))
    };
    let quantiles: [(&str, Of<P, D>); 2] = [
        ("quantile", |law, level| law.quantile(level)),
        ("upper_quantile", |law, level| law.upper_quantile(level)),
    ];
    for (name, quantile) in quantiles {
        let all = [&ordinary[..], &edges[..]].concat();
        let (swept, alone) = (evaluate(&all, quantile), evaluate(&ordinary, quantile));
        for (at, got) in swept.values.iter().enumerate() {
            let level = all[at / frame.columns];
            if !(0.0..=1.0).contains(&level) {
                comparison.near(|| format!("{name} of {level:e}"), *got, f64::NAN, 0.0);
                continue;
            }
            comparison.is_number(|| format!("a number as {name} of {level:e}"), *got);
            for (input, element) in swept.elements(at) {
                let gradient = swept.gradients[input][element];
                let what = || format!("the gradient of {name} of {level:e} in input {input}");
                comparison.is_number(what, gradient);
                if at < alone.values.len() {
                    comparison.near(what, gradient, alone.gradients[input][element], 0.0);
                }
            }
        }
    }
    comparison.finish()
}

/// The smallest normal number.
fn smallest<const D: usize>(frame: &Frame<D>) -> f64 {
    if frame.epsilon == f64::EPSILON { f64::MIN_POSITIVE } else { f64::from(f32::MIN_POSITIVE) }
}

/// Looks at a function, given what it is outside the support where that is one number.
fn sweep<const D: usize, P: Distribution<D> + ?Sized>(
    (name, function, outer): (&str, Of<P, D>, Option<f64>),
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
    comparison: &mut Comparison<'_>,
) where
    P::Kind: Values,
{
    let distribution = build(parameters);
    let frame = Frame::of(&*distribution, check);
    if frame.events > 1 {
        return;
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

    let evaluate = |values: Tensor<D>| {
        Swept::new(parameters, values, &frame, device, &|parameters, value| {
            function(&build(parameters), P::Kind::from_float(value))
        })
    };
    let swept = evaluate(values);
    let alone = evaluate(tensor(
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
            comparison.near(|| place(name), swept.values[at], f64::NAN, 0.0);
            continue;
        }
        if let Some(outer) = outer.filter(|_| is_outside) {
            comparison.near(|| place(name), swept.values[at], outer, 0.0);
        }
        comparison.is_number(|| place(&format!("a number as {name}")), swept.values[at]);
        for (input, element) in swept.elements(at) {
            let gradient = swept.gradients[input][element];
            let what = || place(&format!("the gradient of {name} in input {input}"));
            if is_outside {
                comparison.near(what, gradient, 0.0, 0.0);
            }
            comparison.is_number(what, gradient);
            if at < alone.values.len() {
                comparison.near(what, gradient, alone.gradients[input][element], 0.0);
            }
        }
    }
}

/// A function of parameters and of points in rows, with its gradients.
struct Swept<const D: usize> {
    out: [usize; D],
    shapes: Vec<[usize; D]>,
    values: Vec<f64>,
    gradients: Vec<Vec<f64>>,
}

impl<const D: usize> Swept<D> {
    fn new(
        parameters: &[Tensor<D>],
        points: Tensor<D>,
        frame: &Frame<D>,
        device: &Device,
        function: &dyn Fn(&[Tensor<D>], Tensor<D>) -> Tensor<D>,
    ) -> Self {
        let mut out = frame.like.dims();
        out[0] = points.dims()[0];
        let mut inputs = expand(parameters, out);
        inputs.push(points);
        let (values, gradients) = gradients(&inputs, device, &|inputs| {
            let (parameters, points) = inputs.split_at(inputs.len() - 1);
            function(parameters, points[0].clone())
        });
        Self { out, shapes: inputs.iter().map(Tensor::dims).collect(), values, gradients }
    }

    /// The inputs, each with an element that the value `at` depends on.
    fn elements(&self, at: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.shapes.iter().enumerate().flat_map(move |(input, shape)| {
            (0..positions(self.out, *shape))
                .map(move |position| (input, element(self.out, *shape, at, position)))
        })
    }
}

/// The edges, their neighbours and floats of every size, row by row.
fn edges<const D: usize>(frame: &Frame<D>) -> Vec<f64> {
    let wide = frame.epsilon == f64::EPSILON;
    let largest = if wide { f64::MAX } else { f64::from(f32::MAX) };
    let smallest = smallest(frame);
    let of_column = |column: usize| {
        let (low, high) = frame.ends[column];
        let sizes = [0.0, smallest, 1e-10, 1e-3, 0.1, 1.0, 10.0, 1e3, 1e10, largest];
        let mut points: Vec<f64> = sizes.into_iter().flat_map(|size| [size, -size]).collect();
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
