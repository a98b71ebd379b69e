//! The law of log-determinants, shown as part of [`bijector`](super::bijector).

use burn::tensor::Tensor;

use super::bijector::{expand_like, points, points_with_room};
use super::points::{epsilon, numbers, tensor};
use super::{Check, Comparison, LawError};
use crate::bijector::Bijector;

/// The log-determinants are those of the numerical Jacobian, and the inverse's is minus the
/// other's.
///
/// # Errors
///
/// Where they are not.
pub fn log_dets_are_of_the_jacobian<const D: usize, B: Bijector<D> + ?Sized>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("log-determinants are of the Jacobian", check);
    let roundings = check.roundings(epsilon(like));
    let events: usize = like.dims()[D - bijector.event_dims()..].iter().product();
    let x = points(&bijector.domain(), like);
    let at_points = numbers(x.clone());
    let log_det = |x: Tensor<D>| {
        numbers(expand_like(bijector.log_det_jacobian(x.clone()), &x, bijector.event_dims()))
    };
    let claimed = log_det(x.clone());
    let (_, room) = points_with_room(&bijector.domain(), like);
    // The slope of every number of an event along each of them, with a bound on its error.
    let slopes = |along: usize, width: f64| {
        let move_by = |sign: f64| {
            let moved = (at_points.iter().enumerate())
                .map(|(at, point)| {
                    let step = width * epsilon(like).powf(0.2) * room[at];
                    if at % events == along { point + sign * step } else { *point }
                })
                .collect();
            let moved = tensor(moved, x.dims(), &like.device(), like.dtype());
            (numbers(moved.clone()), numbers(bijector.forward(moved)))
        };
        let ((right, above), (left, below)) = (move_by(1.0), move_by(-1.0));
        (0..at_points.len())
            .map(|at| {
                let run = at / events * events + along;
                let run = right[run] - left[run];
                let size = above[at].abs().max(below[at].abs());
                ((above[at] - below[at]) / run, roundings * size / run)
            })
            .collect::<Vec<_>>()
    };
    let by_direction: Vec<Vec<(f64, f64)>> = (0..events)
        .map(|along| {
            let (wide, narrow) = (slopes(along, 1.0), slopes(along, 0.5));
            let extrapolate = |((wide, _), (narrow, rounding)): ((f64, f64), (f64, f64))| {
                ((4.0 * narrow - wide) / 3.0, (narrow - wide).abs() + rounding)
            };
            wide.into_iter().zip(narrow).map(extrapolate).collect()
        })
        .collect();
    for (event, claimed) in claimed.iter().enumerate() {
        let entry = |row: usize, along: usize| by_direction[along][event * events + row];
        let jacobian =
            (0..events).map(|row| (0..events).map(|along| entry(row, along).0).collect()).collect();
        let expected = log_abs_determinant(jacobian);
        let errors: f64 = (0..events * events)
            .map(|at| entry(at / events, at % events).1 / entry(at / events, at / events).0.abs())
            .sum();
        let place = || format!("x = {:e}", at_points[event * events]);
        comparison.near(place, *claimed, expected, errors + roundings * (1.0 + claimed.abs()));
    }
    let y = points(&bijector.codomain(), like);
    let back = bijector.inverse(y.clone());
    let inverse = numbers(expand_like(
        bijector.inverse_log_det_jacobian(y.clone()),
        &y,
        bijector.event_dims(),
    ));
    // The preimage is rounded: what 32 roundings of it change is allowed.
    let moved = |sign: f64| log_det(back.clone() * (1.0 + sign * roundings));
    let (below, expected, above) = (moved(-1.0), log_det(back.clone()), moved(1.0));
    let y = numbers(y);
    for (event, got) in inverse.iter().enumerate() {
        let change =
            (below[event] - expected[event]).abs().max((above[event] - expected[event]).abs());
        let place = || format!("y = {:e}", y[event * events]);
        let allowed = change + roundings * (1.0 + expected[event].abs());
        comparison.near(place, *got, -expected[event], allowed);
    }
    comparison.finish()
}

/// ln |det|, by elimination with row exchanges.
fn log_abs_determinant(mut matrix: Vec<Vec<f64>>) -> f64 {
    let mut total = 0.0;
    for step in 0..matrix.len() {
        let pivot = (step..matrix.len())
            .max_by(|a, b| matrix[*a][step].abs().total_cmp(&matrix[*b][step].abs()))
            .unwrap_or(step);
        matrix.swap(step, pivot);
        total += matrix[step][step].abs().ln();
        for row in step + 1..matrix.len() {
            let factor = matrix[row][step] / matrix[step][step];
            for column in step..matrix.len() {
                matrix[row][column] -= factor * matrix[step][column];
            }
        }
    }
    total
}
