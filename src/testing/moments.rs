//! Laws of moments and entropy, against quadrature and against draws.

use super::points::{Frame, Values, numbers};
use super::quadrature::{Grid, Integral};
use super::{Check, Comparison, LawError, assert_law};
use crate::distribution::{Entropy, Moments};

/// All laws of the moments, in order.
#[must_use]
pub fn laws<const D: usize, P: Moments<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> [Result<(), LawError>; 3]
where
    P::Kind: Values,
{
    [
        agree_with_quadrature(distribution, check),
        agree_with_draws(distribution, check),
        mode_is_the_densest_point(distribution, check),
    ]
}

/// Panics unless the laws of the moments hold.
///
/// # Panics
///
/// If one does not, or the instance is not as [the module](super) asks.
#[track_caller]
pub fn assert_laws<const D: usize, P: Moments<D> + ?Sized>(distribution: &P, check: &Check)
where
    P::Kind: Values,
{
    laws(distribution, check).into_iter().for_each(assert_law);
}

/// A draw's mean of n terms is Normal for the purpose: beyond 5.5 standard errors lies 4e-8, the
/// rest of the 1e-6 is for terms that are not.
const STANDARD_ERRORS: f64 = 5.5;

/// Mean and variance are the integrals that define them, undefined exactly where those diverge,
/// and the standard deviation is the root of the variance.
///
/// # Errors
///
/// Where they are not.
pub fn agree_with_quadrature<const D: usize, P: Moments<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("mean and variance are integrals", check);
    let frame = Frame::of(distribution, check);
    let grid = Grid::new(distribution, &frame);
    let (mean, variance) = (numbers(distribution.mean()), numbers(distribution.variance()));
    let std_dev = numbers(distribution.std_dev());
    let tolerance = check.roundings(frame.epsilon);
    for column in 0..frame.columns {
        let batch = column / frame.events;
        let point = |row: usize| grid.points[row * frame.columns + column];
        let log = |row: usize| grid.log_prob[row * frame.batches + batch].abs();
        let integral = |g: &dyn Fn(usize) -> f64| grid.expectations(|row, _| g(row))[batch];
        let first = integral(&point);
        let size = integral(&|row| point(row).abs() * (1.0 + log(row)));
        let mut compare = |name: &str, claimed: f64, integral: Integral, size: f64| {
            let at = || format!("{name} of column {column} of {}", frame.columns);
            if integral.outermost > 1e-3 {
                comparison.holds(at, !claimed.is_finite());
            } else {
                let allowed = tolerance * size + 2.0 * integral.error;
                comparison.near(at, claimed, integral.value, allowed);
            }
        };
        compare("mean", mean[column], first, size.value);
        let square = |row: usize| (point(row) - first.value).powi(2);
        let second = integral(&square);
        let size = integral(&|row| square(row) * (1.0 + log(row)));
        if first.outermost <= 1e-3 {
            compare("variance", variance[column], second, size.value);
        } else {
            comparison
                .holds(|| format!("variance of column {column}"), !variance[column].is_finite());
        }
        let root = variance[column].sqrt();
        let at = || format!("std_dev of column {column} of {}", frame.columns);
        comparison.near(at, std_dev[column], root, tolerance * root);
    }
    comparison.finish()
}

/// The mean and variance of draws are those claimed, within 5.5 standard errors. Columns without
/// a finite variance are left to the quadrature.
///
/// # Errors
///
/// Where they are not.
pub fn agree_with_draws<const D: usize, P: Moments<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("mean and variance of draws", check);
    let frame = Frame::of(distribution, check);
    let rows = (check.draws / frame.columns).max(2);
    let draws = numbers(distribution.sample(frame.rows(rows), &mut check.rng()));
    let (mean, variance) = (numbers(distribution.mean()), numbers(distribution.variance()));
    for column in (0..frame.columns).filter(|column| variance[*column].is_finite()) {
        let centred = || draws.iter().skip(column).step_by(frame.columns).map(|x| x - mean[column]);
        let average = |power: i32| centred().map(|x| x.powi(power)).sum::<f64>() / rows as f64;
        let errors = STANDARD_ERRORS / (rows as f64).sqrt();
        let at = |name: &str| format!("{name} of column {column} of {}", frame.columns);
        // The mean is rounded, so are the draws.
        let rounding = frame.epsilon * (mean[column].abs() + frame.spread[column]);
        let allowed = errors * variance[column].sqrt() + rounding;
        comparison.near(|| at("mean"), average(1), 0.0, allowed);
        let (second, fourth) = (average(2), average(4));
        // Beyond a kurtosis of 100 the draws do not tell the error of their own variance.
        if fourth < 100.0 * second * second {
            let allowed = errors * (fourth - second * second).max(0.0).sqrt();
            let rounding = rounding * 4.0 * variance[column].sqrt();
            comparison.near(|| at("variance"), second, variance[column], allowed + rounding);
        }
    }
    comparison.finish()
}

/// Nowhere is the density larger than at the mode.
///
/// # Errors
///
/// Where it is.
pub fn mode_is_the_densest_point<const D: usize, P: Moments<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("p(x) ≤ p(mode)", check);
    let frame = Frame::of(distribution, check);
    let grid = Grid::new(distribution, &frame);
    let mode = distribution.mode();
    let highest = numbers(distribution.log_prob(mode));
    for (at, log_prob) in grid.log_prob.iter().enumerate() {
        let highest = highest[at % frame.batches];
        let allowed = check.roundings(frame.epsilon) * (1.0 + highest.abs());
        let point =
            grid.points[at / frame.batches * frame.columns + at % frame.batches * frame.events];
        comparison.at_most(|| frame.place(at % frame.batches, point), *log_prob, highest, allowed);
    }
    comparison.finish()
}

/// The entropy is −∫ p ln p, and minus the mean log-density of draws within 5.5 standard errors.
///
/// # Errors
///
/// Where it is not.
pub fn entropy_agrees<const D: usize, P: Entropy<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("entropy = −E ln p", check);
    let frame = Frame::of(distribution, check);
    let grid = Grid::new(distribution, &frame);
    let log = |row: usize, batch: usize| grid.log_prob[row * frame.batches + batch];
    let exact = grid.expectations(|row, batch| -log(row, batch));
    let size = grid.expectations(|row, batch| (1.0 + log(row, batch).abs()).powi(2));
    let rows = (check.draws / frame.columns).max(2);
    let draws = distribution.sample(frame.rows(rows), &mut check.rng());
    let drawn = numbers(distribution.log_prob(draws));
    for (batch, got) in numbers(distribution.entropy()).into_iter().enumerate() {
        let at = |how: &str| format!("{how}, column {batch} of {}", frame.batches);
        let allowed = check.roundings(frame.epsilon) * size[batch].value + 2.0 * exact[batch].error;
        comparison.near(|| at("quadrature"), got, exact[batch].value, allowed);
        let centred = || drawn.iter().skip(batch).step_by(frame.batches).map(|x| x + got);
        let average = |power: i32| centred().map(|x| x.powi(power)).sum::<f64>() / rows as f64;
        let errors = STANDARD_ERRORS * (average(2) / rows as f64).sqrt();
        comparison.near(|| at("draws"), got, got - average(1), errors + allowed);
    }
    comparison.finish()
}
