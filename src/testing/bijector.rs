//! Laws of bijectors that keep the rank.
//!
//! A bijector has no device: every law takes a tensor `like` whose device and precision the points
//! take, and whose shape is that of one point. Points run along its first dimension, of size 1.

use burn::tensor::{DType, Tensor};

use super::points::{ends, numbers, rounded, tensor};
use super::{Check, Comparison, LawError, assert_law};
use crate::bijector::{Bijector, Direction};
use crate::support::Support;

/// All laws of this module, in order.
#[must_use]
pub fn laws<const D: usize, B: Bijector<D>>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> [Result<(), LawError>; 4] {
    [
        inverses_undo,
        log_dets_are_of_the_jacobian,
        pairs_agree,
        descriptions_hold,
    ]
    .map(|law| law(bijector, like, check))
}

/// Panics unless all laws of this module hold.
///
/// # Panics
///
/// If one does not.
#[track_caller]
pub fn assert_laws<const D: usize, B: Bijector<D>>(bijector: &B, like: &Tensor<D>, check: &Check) {
    laws(bijector, like, check).into_iter().for_each(assert_law);
}

const ROWS: usize = 33;

/// Points over a set, as a tensor: from −4 to 4 on the line, mapped into other sets.
fn points<const D: usize>(set: &Support, like: &Tensor<D>) -> Tensor<D> {
    let columns: usize = like.dims().iter().product();
    let ends = ends(set, like.dims(), like);
    let point = |at: usize| {
        // Columns take points of their own, so that mixing them up is seen.
        let u = (at / columns) as f64 / 4.0 - 4.0 + (at % columns) as f64 / 64.0;
        match ends[at % columns] {
            (low, high) if low.is_infinite() && high.is_infinite() => u,
            (low, high) if high.is_infinite() => low + u.exp(),
            (low, high) if low.is_infinite() => high - u.exp(),
            (low, high) => low + (high - low) / (1.0 + (-u).exp()),
        }
    };
    let points = rounded((0..ROWS * columns).map(point).collect(), like);
    tensor(points, rows(like), &like.device(), like.dtype())
}

/// Points over a set, and how far each is from its ends, at most 1.
pub(super) fn points_with_room<const D: usize>(
    set: &Support,
    like: &Tensor<D>,
) -> (Tensor<D>, Vec<f64>) {
    let points = points(set, like);
    let ends = ends(set, like.dims(), like);
    let room = |(at, point): (usize, f64)| {
        let (low, high) = ends[at % ends.len()];
        1.0f64.min(point - low).min(high - point)
    };
    let room = numbers(points.clone())
        .into_iter()
        .enumerate()
        .map(room)
        .collect();
    (points, room)
}

fn rows<const D: usize>(like: &Tensor<D>) -> [usize; D] {
    let mut shape = like.dims();
    assert!(
        shape[0] == 1,
        "points run along the first dimension, of size 1: {shape:?}"
    );
    shape[0] = ROWS;
    shape
}

fn epsilon<const D: usize>(like: &Tensor<D>) -> f64 {
    if like.dtype() == DType::F64 {
        f64::EPSILON
    } else {
        f64::from(f32::EPSILON)
    }
}

/// `inverse` undoes `forward` and the other way round, as far as the rounding between them lets.
///
/// # Errors
///
/// Where it does not.
pub fn inverses_undo<const D: usize, B: Bijector<D>>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison =
        Comparison::new("inverse ∘ forward and forward ∘ inverse are nothing", check);
    let mut compare = |what: &str, [from, over, back, log_det]: [Tensor<D>; 4]| {
        let repeat =
            from.dims().iter().product::<usize>() / log_det.dims().iter().product::<usize>();
        let [from, over, back, log_det] = [from, over, back, log_det].map(numbers);
        for (at, from) in from.iter().enumerate() {
            // The point between was rounded; on the way back that grows with the slope.
            let slope = (-log_det[at / repeat]).exp();
            let allowed = check.roundings(epsilon(like)) * (from.abs() + over[at].abs() * slope);
            comparison.near(|| format!("{what} {from:e}"), back[at], *from, allowed);
        }
    };
    let x = points(&bijector.domain(), like);
    let y = bijector.forward(x.clone());
    let log_det = bijector
        .log_det_jacobian(x.clone())
        .expand_like(&x, bijector.event_dims());
    compare("x =", [x, y.clone(), bijector.inverse(y), log_det]);
    let y = points(&bijector.codomain(), like);
    let x = bijector.inverse(y.clone());
    let log_det = bijector
        .inverse_log_det_jacobian(y.clone())
        .expand_like(&y, bijector.event_dims());
    compare("y =", [y, x.clone(), bijector.forward(x), log_det]);
    comparison.finish()
}

trait ExpandLike<const D: usize> {
    fn expand_like(self, other: &Tensor<D>, event_dims: usize) -> Tensor<D>;
}

impl<const D: usize> ExpandLike<D> for Tensor<D> {
    /// A log-determinant that does not depend on the point may leave batch dimensions to
    /// broadcasting.
    fn expand_like(self, other: &Tensor<D>, event_dims: usize) -> Self {
        let mut shape = other.dims();
        for dim in D - event_dims..D {
            shape[dim] = 1;
        }
        self.expand(shape)
    }
}

/// The log-determinants are those of the numerical Jacobian, and the inverse's is minus the
/// other's.
///
/// # Errors
///
/// Where they are not.
pub fn log_dets_are_of_the_jacobian<const D: usize, B: Bijector<D>>(
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
        numbers(
            bijector
                .log_det_jacobian(x.clone())
                .expand_like(&x, bijector.event_dims()),
        )
    };
    let claimed = log_det(x.clone());
    let (_, room) = points_with_room(&bijector.domain(), like);
    // The slope of every number of an event along each of them, with a bound on its error.
    let slopes = |along: usize, width: f64| {
        let move_by = |sign: f64| {
            let moved = (at_points.iter().enumerate())
                .map(|(at, point)| {
                    let step = width * epsilon(like).powf(0.2) * room[at];
                    if at % events == along {
                        point + sign * step
                    } else {
                        *point
                    }
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
                (
                    (4.0 * narrow - wide) / 3.0,
                    (narrow - wide).abs() + rounding,
                )
            };
            wide.into_iter().zip(narrow).map(extrapolate).collect()
        })
        .collect();
    for (event, claimed) in claimed.iter().enumerate() {
        let entry = |row: usize, along: usize| by_direction[along][event * events + row];
        let jacobian = (0..events)
            .map(|row| (0..events).map(|along| entry(row, along).0).collect())
            .collect();
        let expected = log_abs_determinant(jacobian);
        let errors: f64 = (0..events * events)
            .map(|at| entry(at / events, at % events).1 / entry(at / events, at / events).0.abs())
            .sum();
        let place = || format!("x = {:e}", at_points[event * events]);
        comparison.near(
            place,
            *claimed,
            expected,
            errors + roundings * (1.0 + claimed.abs()),
        );
    }
    let y = points(&bijector.codomain(), like);
    let back = bijector.inverse(y.clone());
    let inverse = numbers(
        bijector
            .inverse_log_det_jacobian(y.clone())
            .expand_like(&y, bijector.event_dims()),
    );
    // The preimage is rounded: what 32 roundings of it change is allowed.
    let moved = |sign: f64| log_det(back.clone() * (1.0 + sign * roundings));
    let (below, expected, above) = (moved(-1.0), log_det(back.clone()), moved(1.0));
    let y = numbers(y);
    for (event, got) in inverse.iter().enumerate() {
        let change = (below[event] - expected[event])
            .abs()
            .max((above[event] - expected[event]).abs());
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

/// The fused pairs give what the single methods give.
///
/// # Errors
///
/// Where they do not.
pub fn pairs_agree<const D: usize, B: Bijector<D>>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("the fused pairs equal the single calls", check);
    let mut equal = |what: &str, pair: Tensor<D>, single: Tensor<D>| {
        comparison.holds(
            || format!("the shape of {what}"),
            pair.dims() == single.dims(),
        );
        for (pair, single) in numbers(pair).into_iter().zip(numbers(single)) {
            let allowed = check.roundings(epsilon(like)) * (1.0 + single.abs());
            comparison.near(|| what.to_string(), pair, single, allowed);
        }
    };
    let x = points(&bijector.domain(), like);
    let (y, log_det) = bijector.forward_and_log_det(x.clone());
    equal("forward", y, bijector.forward(x.clone()));
    equal("log_det_jacobian", log_det, bijector.log_det_jacobian(x));
    let y = points(&bijector.codomain(), like);
    let (x, log_det) = bijector.inverse_and_log_det(y.clone());
    equal("inverse", x, bijector.inverse(y.clone()));
    equal(
        "inverse_log_det_jacobian",
        log_det,
        bijector.inverse_log_det_jacobian(y),
    );
    comparison.finish()
}

/// Images lie in the codomain and preimages in the domain; the Jacobian is constant exactly if it
/// is said to be; and an elementwise map, which on an interval must be monotone, says in which
/// direction.
///
/// # Errors
///
/// Where that is not so.
pub fn descriptions_hold<const D: usize, B: Bijector<D>>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("domain, codomain, constancy and direction hold", check);
    let mut inside = |what: &str, set: &Support, points: Tensor<D>| {
        let inside: Vec<bool> = set.contains(points).into_data().iter::<bool>().collect();
        comparison.holds(
            || format!("{what} is {set}"),
            inside.iter().all(|inside| *inside),
        );
    };
    let x = points(&bijector.domain(), like);
    let y = bijector.forward(x.clone());
    inside("forward", &bijector.codomain(), y.clone());
    let preimages = bijector.inverse(points(&bijector.codomain(), like));
    inside("inverse", &bijector.domain(), preimages);

    let log_det = numbers(
        bijector
            .log_det_jacobian(x.clone())
            .expand_like(&x, bijector.event_dims()),
    );
    let batches = log_det.len() / ROWS;
    let allowed = |value: f64| check.roundings(epsilon(like)) * (1.0 + value.abs());
    let constant = (0..log_det.len())
        .all(|at| (log_det[at] - log_det[at % batches]).abs() <= allowed(log_det[at]));
    let flag = bijector.is_constant_jacobian();
    comparison.holds(
        || format!("constant Jacobian {constant}, flag {flag}"),
        constant == flag,
    );

    if bijector.event_dims() == 0 {
        let columns: usize = like.dims().iter().product();
        let signs = match bijector.direction() {
            Some(Direction::Increasing) => vec![1.0; columns],
            Some(Direction::Decreasing) => vec![-1.0; columns],
            Some(Direction::Sign(sign)) => numbers(sign.detach().expand(like.dims())),
            None => vec![f64::NAN; columns],
        };
        let (x, y) = (numbers(x), numbers(y));
        for at in columns..x.len() {
            let rise = (y[at] - y[at - columns]) * (x[at] - x[at - columns]);
            let sign = signs[at % columns];
            comparison.holds(
                || format!("direction {sign} at {:e}", x[at]),
                rise * sign > 0.0,
            );
        }
    }
    comparison.finish()
}
