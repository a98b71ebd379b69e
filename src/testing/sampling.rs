//! Laws of draws: where they lie, how they are distributed, that they repeat.

use burn::tensor::Tensor;

pub use super::goodness::follow_the_density;
use super::points::{Frame, Values, numbers};
use super::{Check, Comparison, LawError, assert_law};
use crate::distribution::{Distribution, Reparameterized};

/// All laws of this module about [`Distribution::sample`], in order.
#[must_use]
pub fn laws<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> [Result<(), LawError>; 3]
where
    P::Kind: Values,
{
    [
        lie_in_the_support(distribution, check),
        follow_the_density(distribution, check),
        repeat(distribution, check),
    ]
}

/// Panics unless all laws of this module about [`Distribution::sample`] hold.
///
/// # Panics
///
/// If one does not, or the instance is not as [the module](super) asks.
#[track_caller]
pub fn assert_laws<const D: usize, P: Distribution<D> + ?Sized>(distribution: &P, check: &Check)
where
    P::Kind: Values,
{
    laws(distribution, check).into_iter().for_each(assert_law);
}

/// Draws lie in the support, and their log-density is finite.
///
/// # Errors
///
/// For one that does not.
pub fn lie_in_the_support<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("draws lie in the support with finite ln p", check);
    let frame = Frame::of(distribution, check);
    let draws = distribution.sample(frame.rows(check.draws / frame.columns), &mut check.rng());
    let floats = P::Kind::to_float(draws.clone(), &frame.like);
    let inside = distribution.support().contains(floats);
    let inside: Vec<bool> = inside.into_data().iter::<bool>().collect();
    let log_prob = numbers(distribution.log_prob(draws.clone()));
    let draws = numbers(draws);
    let numbers_each = draws.len() / inside.len();
    for (at, inside) in inside.iter().enumerate() {
        let first = at * numbers_each;
        comparison.holds(|| frame.place(first % frame.columns, draws[first]), *inside);
    }
    for (at, log_prob) in log_prob.iter().enumerate() {
        let first = at * frame.events;
        let place = || format!("ln p of {}", frame.place(first % frame.columns, draws[first]));
        comparison.holds(place, log_prob.is_finite());
    }
    comparison.finish()
}

/// The same seed gives the same draws, another one others, and more draws begin with the same
/// ones.
///
/// # Errors
///
/// Where they do not.
pub fn repeat<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("draws repeat, and more begin with the same", check);
    let frame = Frame::of(distribution, check);
    let draw = |rows: usize, check: &Check| {
        numbers(distribution.sample(frame.rows(rows), &mut check.rng()))
    };
    let (few, again, many) = (draw(37, check), draw(37, check), draw(1000, check));
    for at in 0..few.len() {
        let place = || format!("draw {at}");
        let apart = between_kernels(&frame, check, at, few[at]);
        comparison.near(place, again[at], few[at], apart);
        comparison.near(place, many[at], few[at], apart);
    }
    let mut other = check.rng();
    other.0 ^= 0xFFFF;
    let other = numbers(distribution.sample(frame.rows(1000), &mut other));
    comparison.holds(|| "another seed".into(), other != many);
    comparison.finish()
}

/// How far two kernels' results for the same draw may lie apart.
fn between_kernels<const D: usize>(frame: &Frame<D>, check: &Check, at: usize, draw: f64) -> f64 {
    if check.apart == 0.0 {
        return 0.0;
    }
    check.apart * frame.epsilon * size(frame, at, draw)
}

/// The numbers that went into a draw, by their size.
fn size<const D: usize>(frame: &Frame<D>, at: usize, draw: f64) -> f64 {
    let column = at % frame.columns;
    draw.abs() + frame.middle[column].abs() + frame.spread[column]
}

/// Two instances with the same parameters, on two devices, draw the same up to rounding.
///
/// # Errors
///
/// Where they do not.
pub fn agree_across_devices<
    const D: usize,
    P: Distribution<D> + ?Sized,
    Q: Distribution<D, Kind = P::Kind> + ?Sized,
>(
    here: &P,
    there: &Q,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("draws agree across devices", check);
    let frame = Frame::of(here, check);
    let draw = |draws: Tensor<D, P::Kind>| numbers(draws);
    let ours = draw(here.sample(frame.rows(1000), &mut check.rng()));
    let theirs = draw(there.sample(frame.rows(1000), &mut check.rng()));
    for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let column = at % frame.columns;
        let allowed = check.roundings(frame.epsilon) * size(&frame, at, theirs);
        comparison.near(|| frame.place(column, theirs), *ours, theirs, allowed);
    }
    comparison.finish()
}

/// `rsample` gives the values of `sample` for the same seed, and `rsample_and_log_prob` those
/// values with their log-densities.
///
/// # Errors
///
/// Where they do not.
pub fn reparameterized_draws_agree<const D: usize, P: Reparameterized<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("sample = rsample, with its ln p", check);
    let frame = Frame::of(distribution, check);
    let shape = frame.rows(1000);
    let drawn = numbers(distribution.sample(shape, &mut check.rng()));
    let pathwise = numbers(distribution.rsample(shape, &mut check.rng()));
    let (value, log_prob) = distribution.rsample_and_log_prob(shape, &mut check.rng());
    let (value, log_prob) = (numbers(value), numbers(log_prob));
    for (at, drawn) in drawn.iter().enumerate() {
        let place = || frame.place(at % frame.columns, *drawn);
        let apart = between_kernels(&frame, check, at, *drawn);
        comparison.near(place, pathwise[at], *drawn, apart);
        comparison.near(place, value[at], *drawn, apart);
    }
    // The draw was rounded after its density was known: what two roundings of it change is allowed.
    let log_prob_at = |factor: f64| {
        let moved = drawn.iter().map(|x| x * factor).collect();
        numbers(distribution.log_prob(frame.values(moved)))
    };
    let [below, at_draw, above] =
        [-2.0, 0.0, 2.0].map(|roundings| log_prob_at(1.0 + roundings * frame.epsilon));
    for (at, got) in log_prob.iter().enumerate() {
        let expected = at_draw[at];
        let moved = (below[at] - expected).abs().max((above[at] - expected).abs());
        let allowed = check.roundings(frame.epsilon) * (1.0 + expected.abs()) + 4.0 * moved;
        let first = at * frame.events;
        let place = || format!("ln p of {}", frame.place(first % frame.columns, drawn[first]));
        comparison.near(place, *got, expected, allowed);
    }
    comparison.finish()
}
