//! Laws of shapes: how parameters, values and draws broadcast, and what is refused.

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::Tensor;

use super::points::{Frame, Values, numbers};
use super::{Check, Comparison, LawError};
use crate::distribution::Distribution;

/// All laws of this module, in order.
#[must_use]
pub fn laws<const D: usize, P: Distribution<D> + ?Sized>(
    parameters: &[Tensor<D>],
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> [Result<(), LawError>; 2]
where
    P::Kind: Values,
{
    [broadcast(parameters, check, &build), mismatches_are_named(parameters, check, &build)]
}

/// Values and parameters broadcast to the same log-densities as when they are expanded, draws
/// have the shape that was asked for, and event dimensions are kept with size 1.
///
/// # Errors
///
/// Where they do not.
pub fn broadcast<const D: usize, P: Distribution<D> + ?Sized>(
    parameters: &[Tensor<D>],
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    const ROWS: usize = 3;
    let mut comparison = Comparison::new("shapes broadcast", check);
    let distribution = build(parameters);
    let frame = Frame::of(&*distribution, check);
    let many = build(&repeated(parameters, ROWS));
    let mut same = |what: &str, got: &[usize], expected: &[usize]| {
        comparison.holds(|| format!("{what} {got:?} instead of {expected:?}"), got == expected);
    };
    same("repeated parameters", &many.shape(), &frame.rows(ROWS));
    let draws = distribution.sample(frame.rows(ROWS), &mut check.rng());
    same("draws", &draws.dims(), &frame.rows(ROWS));
    let one = distribution.sample(frame.shape, &mut check.rng());
    same("one draw", &one.dims(), &frame.shape);
    let mut reduced = frame.shape;
    for dim in D - distribution.event_dims()..D {
        reduced[dim] = 1;
    }
    let log_prob = distribution.log_prob(one.clone());
    same("the log-density of one draw", &log_prob.dims(), &reduced);
    reduced[0] = ROWS;
    let apart = distribution.log_prob(draws.clone());
    same("log-densities of draws", &apart.dims(), &reduced);
    let spread = many.log_prob(one);
    same("log-densities of one draw", &spread.dims(), &reduced);

    let tolerance = check.roundings(frame.epsilon);
    let mut equal = |what: &str, got: Tensor<D>, expected: Tensor<D>| {
        let (got, expected) = (numbers(got), numbers(expected));
        for (at, (got, expected)) in got.into_iter().zip(expected).enumerate() {
            let allowed = tolerance * (1.0 + expected.abs());
            comparison.near(|| format!("{what}, element {at}"), got, expected, allowed);
        }
    };
    equal("parameters repeated", many.log_prob(draws.clone()), apart.clone());
    equal("one value", spread, log_prob.expand(apart.dims()));
    for row in 0..ROWS {
        let value = draws.clone().narrow(0, row, 1);
        equal("row by row", distribution.log_prob(value), apart.clone().narrow(0, row, 1));
    }
    comparison.finish()
}

/// Shapes that do not broadcast are refused with a panic that names them, in
/// [`log_prob`](Distribution::log_prob) and in [`sample`](Distribution::sample).
///
/// # Errors
///
/// Where they are not.
pub fn mismatches_are_named<const D: usize, P: Distribution<D> + ?Sized>(
    parameters: &[Tensor<D>],
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("a panic names the shapes that do not broadcast", check);
    let frame = Frame::of(&*build(parameters), check);
    let parameters = repeated(parameters, 3);
    let many = build(&parameters);
    let value = || build(&parameters[..]).sample(frame.rows(3), &mut check.rng()).narrow(0, 0, 2);
    let asked = format!("{:?}", frame.rows(2));
    let own: Vec<String> = (parameters.iter().map(Tensor::dims))
        .chain([many.shape()])
        .map(|shape| format!("{shape:?}"))
        .collect();
    let log_prob = message(|| drop(many.log_prob(value())));
    let sample = message(|| drop(many.sample(frame.rows(2), &mut check.rng())));
    for (what, message) in [("log_prob", log_prob), ("sample", sample)] {
        let named = message.as_ref().is_some_and(|message| {
            message.contains(&asked) && own.iter().any(|own| message.contains(own))
        });
        let shown = message.unwrap_or_else(|| "no panic".into());
        comparison.holds(|| format!("{what} of {asked} by {own:?}: {shown}"), named);
    }
    comparison.finish()
}

fn message(call: impl FnOnce()) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(call)).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string))
}

/// Parameters repeated along the first dimension.
fn repeated<const D: usize>(parameters: &[Tensor<D>], rows: usize) -> Vec<Tensor<D>> {
    let repeat = |parameter: &Tensor<D>| {
        let mut shape = parameter.dims();
        shape[0] = rows;
        parameter.clone().expand(shape)
    };
    parameters.iter().map(repeat).collect()
}
