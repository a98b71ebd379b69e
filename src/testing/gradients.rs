//! Laws of gradients, against difference quotients.
//!
//! These laws need the parameters as tensors and a way to build the instance from them, since
//! they move one parameter at a time. [`parts`] gives both for any
//! [`Parametric`] family.

use core::cell::RefCell;

use burn::tensor::{DType, Device, Tensor};

use super::differences::{differences, element, expand, gradients, positions, sizes, weight};
use super::points::{Frame, Values, epsilon, numbers, tensor};
use super::quadrature::{Grid, axis};
use super::{Check, Comparison, LawError};
use crate::bijector::Bijector;
use crate::distribution::{Distribution, Reparameterized, Univariate};
use crate::parameter::Parametric;
use crate::support::Support;

/// The parameters of an instance, and a function that builds it from others.
///
/// # Panics
///
/// The function panics if it is given fewer parameters than the family has.
pub fn parts<const D: usize, P>(instance: &P) -> (Vec<Tensor<D>>, impl Fn(&[Tensor<D>]) -> P)
where
    P: Parametric<D, WithRank<D> = P> + Clone,
{
    let values = |instance: &P| instance.parameters().into_iter().map(|parameter| parameter.value);
    let original = instance.clone();
    let build = move |parameters: &[Tensor<D>]| {
        let next = RefCell::new(parameters.iter());
        original.clone().map(|_| next.borrow_mut().next().expect("as many parameters").clone())
    };
    (values(instance).collect(), build)
}

/// The gradient of `function` with respect to every element of every input agrees with
/// difference quotients, and its values on the autodiff device with those elsewhere.
///
/// # Arguments
///
/// - `inputs`: on a device without autodiff, in the precision to test
/// - `steps`: for each element of each input, how far the function is smooth around it
/// - `device`: the autodiff device, with or without gradient checkpointing
///
/// Dimensions of the result with size 1 are taken as reduced: a result then depends on all
/// elements of the inputs along them. Otherwise it depends on the element at the same place.
///
/// # Errors
///
/// Where they do not agree.
pub fn agree_with_differences<const D: usize>(
    law: &'static str,
    inputs: &[Tensor<D>],
    steps: &[Vec<f64>],
    device: &Device,
    check: &Check,
    function: &dyn Fn(&[Tensor<D>]) -> Tensor<D>,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new(law, check);
    let plain = function(inputs);
    let out = plain.dims();
    let smallest =
        if plain.dtype() == DType::F64 { f64::MIN_POSITIVE } else { f32::MIN_POSITIVE.into() };
    let (values, gradients) = gradients(inputs, device, function);
    for (at, (got, expected)) in values.iter().zip(numbers(plain)).enumerate() {
        let allowed = check.roundings(epsilon(&inputs[0])) * expected.abs();
        comparison.near(|| format!("the value of element {at}"), *got, expected, allowed);
    }
    for (input, steps) in steps.iter().enumerate() {
        let shape = inputs[input].dims();
        let (mut tried, mut finite) = (0, 0);
        for position in 0..positions(out, shape) {
            let slopes = differences(inputs, input, position, steps, out, check, function);
            for (at, (slope, tolerance)) in slopes.into_iter().enumerate() {
                if !values[at].is_finite() {
                    continue;
                }
                tried += 1;
                if !slope.is_finite() {
                    continue;
                }
                finite += 1;
                let element = element(out, shape, at, position);
                let place = || format!("input {input}, element {element}");
                let got = gradients[input][element] / weight(at);
                // Subnormal numbers have few digits, or are flushed to zero; and where a tail like qᵏ
                // has underflowed, its derivative k qᵏ⁻¹ has too.
                let underflown = slope.abs() < 1e4 * smallest;
                let lost = if underflown { slope.abs() } else { 0.0 };
                comparison.near(place, got, slope, tolerance + lost + smallest);
            }
        }
        // A quotient across an edge of the support says nothing; most must say something.
        let place = || format!("finite quotients of input {input}");
        comparison.holds(place, 4 * finite >= 3 * tried);
    }
    comparison.finish()
}

/// The gradient of [`log_prob`](Distribution::log_prob) with respect to the value and every
/// parameter; a parameter that is broadcast collects the sum over what it stands for.
///
/// # Errors
///
/// Where it disagrees with difference quotients.
pub fn of_log_prob<const D: usize, P: Distribution<D> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let (frame, inputs, steps) = with_points(parameters, &*build(parameters), check);
    let log_prob = |inputs: &[Tensor<D>]| {
        let (parameters, value) = inputs.split_at(inputs.len() - 1);
        build(parameters).log_prob(P::Kind::from_float(value[0].clone()))
    };
    let law = "the gradient of ln p";
    agree_with_differences(law, &inputs, &steps, device, check, &log_prob)?;

    let mut comparison = Comparison::new("broadcast parameters collect the sum", check);
    let (_, apart) = gradients(&inputs, device, &log_prob);
    let mut shared = parameters.to_vec();
    shared.push(inputs[parameters.len()].clone());
    let (_, together) = gradients(&shared, device, &log_prob);
    for (input, parameter) in parameters.iter().enumerate() {
        let (whole, part) = (inputs[input].dims(), parameter.dims());
        let mut sums = vec![(0.0, 0.0); together[input].len()];
        for (at, gradient) in apart[input].iter().enumerate() {
            let sum = &mut sums[element(whole, part, at, 0)];
            *sum = (sum.0 + gradient, sum.1 + gradient.abs());
        }
        for (at, (sum, size)) in sums.into_iter().enumerate() {
            let place = || format!("input {input}, element {at}");
            let allowed = check.roundings(frame.epsilon) * size;
            comparison.near(place, together[input][at], sum, allowed);
        }
    }
    comparison.finish()
}

/// Parameters expanded to the shape of the log-density at [`points`], then the points, and how far
/// each of their elements may be moved. Integer points go along as numbers, but have no step.
pub(super) fn with_points<const D: usize, P: Distribution<D> + ?Sized>(
    parameters: &[Tensor<D>],
    distribution: &P,
    check: &Check,
) -> (Frame<D>, Vec<Tensor<D>>, Vec<Vec<f64>>)
where
    P::Kind: Values,
{
    let frame = Frame::of(distribution, check);
    let points = points(distribution, &frame);
    let shape = frame.rows(points.len() / frame.columns);
    let value = P::Kind::from_numbers(points.clone(), shape, &frame.like);
    let mut inputs = expand(parameters, distribution.log_prob(value).dims());
    let mut steps: Vec<Vec<f64>> = inputs.iter().map(|input| sizes(input.clone())).collect();
    inputs.push(tensor(points.clone(), shape, &frame.like.device(), frame.like.dtype()));
    // Off the simplex there is no density to differentiate.
    if !is_discrete(distribution) && !matches!(distribution.support(), Support::Simplex) {
        let step = |(at, point): (usize, &f64)| {
            let (low, high) = frame.ends[at % frame.columns];
            frame.spread[at % frame.columns].min(point - low).min(high - point)
        };
        steps.push(points.iter().enumerate().map(step).collect());
    }
    (frame, inputs, steps)
}

/// The gradient of draws is the pathwise one, −(∂F/∂θ)/p at the draw, for every parameter θ.
///
/// # Errors
///
/// Where it is not.
pub fn of_draws<const D: usize, P: Reparameterized<D> + Univariate<D> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("the gradient of draws = −(∂F/∂θ)/p", check);
    let frame = Frame::of(&*build(parameters), check);
    let out = frame.rows(64);
    let inputs = expand(parameters, out);
    let draw = |inputs: &[Tensor<D>]| build(inputs).rsample(out, &mut check.rng());
    let (draws, gradients) = gradients(&inputs, device, &draw);
    let value = || frame.values(draws.clone());
    let density = numbers(build(&inputs).log_prob(value()));
    for (input, parameter) in inputs.iter().enumerate() {
        let (shape, steps) = (parameter.dims(), sizes(parameter.clone()));
        for position in 0..positions(out, shape) {
            let slopes = |function: &dyn Fn(&[Tensor<D>]) -> Tensor<D>| {
                differences(&inputs, input, position, &steps, out, check, function)
            };
            let lower = slopes(&|inputs| build(inputs).cdf(value()));
            let upper = slopes(&|inputs| -build(inputs).survival(value()));
            for at in 0..draws.len() {
                // Whichever tail tells more.
                let (slope, error) = if lower[at].1 <= upper[at].1 { lower[at] } else { upper[at] };
                let (slope, error) = (-slope / density[at].exp(), error / density[at].exp());
                let element = element(out, shape, at, position);
                let place = || {
                    format!("parameter {input} at {}", frame.place(at % frame.columns, draws[at]))
                };
                let allowed = error
                    + check.roundings(frame.epsilon) * (1.0 + density[at].abs()) * slope.abs();
                comparison.near(place, gradients[input][element] / weight(at), slope, allowed);
            }
        }
    }
    comparison.finish()
}

/// The gradients of all four maps of a bijector, with respect to the point and every parameter;
/// `like` as in [`bijector`](super::bijector).
///
/// # Errors
///
/// Where they disagree with difference quotients.
pub fn of_bijector<const D: usize, B: Bijector<D>>(
    parameters: &[Tensor<D>],
    like: &Tensor<D>,
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> B,
) -> Result<(), LawError> {
    type Map<B, const D: usize> = fn(&B, Tensor<D>) -> Tensor<D>;
    let original = build(parameters);
    let maps: [(&'static str, Support, Map<B, D>); 4] = [
        ("the gradient of forward", original.domain(), |b, x| b.forward(x)),
        ("the gradient of log_det_jacobian", original.domain(), |b, x| b.log_det_jacobian(x)),
        ("the gradient of inverse", original.codomain(), |b, y| b.inverse(y)),
        ("the gradient of inverse_log_det_jacobian", original.codomain(), |b, y| {
            b.inverse_log_det_jacobian(y)
        }),
    ];
    for (law, set, map) in maps {
        let (point, room) = super::bijector::points_with_room(&set, like);
        let mut inputs = expand(parameters, point.dims());
        let mut steps: Vec<Vec<f64>> = inputs.iter().map(|input| sizes(input.clone())).collect();
        inputs.push(point);
        steps.push(room);
        agree_with_differences(law, &inputs, &steps, device, check, &|inputs| {
            let (parameters, point) = inputs.split_at(inputs.len() - 1);
            // A constant log-determinant does not follow the shape of the point.
            map(&build(parameters), point[0].clone())
        })?;
    }
    Ok(())
}

/// Points of ordinary density, row by row.
pub(super) fn points<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    frame: &Frame<D>,
) -> Vec<f64>
where
    P::Kind: Values,
{
    if is_discrete(distribution) {
        return Grid::new(distribution, frame).points;
    }
    let axes: Vec<_> = (0..frame.columns).map(|column| axis(frame, column, 33, 3.0, 3.0)).collect();
    // The columns of one event take different points, those of a pair on the simplex sum to 1.
    let simplex = matches!(distribution.support(), Support::Simplex);
    let node = |row: usize, column: usize| match (simplex, column % frame.events) {
        (true, place) => axes[column - place][if place == 0 { row } else { 32 - row }].0,
        (false, place) => axes[column][(row + 7 * place) % 33].0,
    };
    frame.round(
        (0..33 * frame.columns).map(|at| node(at / frame.columns, at % frame.columns)).collect(),
    )
}

fn is_discrete<const D: usize, P: Distribution<D> + ?Sized>(distribution: &P) -> bool {
    distribution.support().is_discrete()
}
