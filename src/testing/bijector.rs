//! Laws of bijectors that keep the rank.
//!
//! A bijector has no device: every law takes a tensor `like` whose device and precision the points
//! take, and whose shape is that of one point. Points run along its first dimension, of size 1.

use burn::tensor::Tensor;

pub use super::jacobian::log_dets_are_of_the_jacobian;
use super::points::{ends, epsilon, numbers, rounded, tensor};
use super::{Check, Comparison, LawError, assert_law};
use crate::bijector::{Bijector, Direction};
use crate::support::Support;

/// All laws of this module, in order.
#[must_use]
pub fn laws<const D: usize, B: Bijector<D> + ?Sized>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> [Result<(), LawError>; 4] {
    [inverses_undo, log_dets_are_of_the_jacobian, pairs_agree, descriptions_hold]
        .map(|law| law(bijector, like, check))
}

/// Panics unless all laws of this module hold.
///
/// # Panics
///
/// If one does not.
#[track_caller]
pub fn assert_laws<const D: usize, B: Bijector<D> + ?Sized>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) {
    laws(bijector, like, check).into_iter().for_each(assert_law);
}

const ROWS: usize = 33;

/// Points over a set, as a tensor: from −4 to 4 on the line, mapped into other sets.
pub(super) fn points<const D: usize>(set: &Support, like: &Tensor<D>) -> Tensor<D> {
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
    let room = numbers(points.clone()).into_iter().enumerate().map(room).collect();
    (points, room)
}

fn rows<const D: usize>(like: &Tensor<D>) -> [usize; D] {
    let mut shape = like.dims();
    assert!(shape[0] == 1, "points run along the first dimension, of size 1: {shape:?}");
    shape[0] = ROWS;
    shape
}

/// `inverse` undoes `forward` and the other way round, as far as the rounding between them lets.
///
/// # Errors
///
/// Where it does not.
pub fn inverses_undo<const D: usize, B: Bijector<D> + ?Sized>(
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
    let log_det = expand_like(bijector.log_det_jacobian(x.clone()), &x, bijector.event_dims());
    compare("x =", [x, y.clone(), bijector.inverse(y), log_det]);
    let y = points(&bijector.codomain(), like);
    let x = bijector.inverse(y.clone());
    let log_det =
        expand_like(bijector.inverse_log_det_jacobian(y.clone()), &y, bijector.event_dims());
    compare("y =", [y, x.clone(), bijector.forward(x), log_det]);
    comparison.finish()
}

/// A log-determinant that does not depend on the point may leave batch dimensions to
/// broadcasting.
pub(super) fn expand_like<const D: usize>(
    log_det: Tensor<D>,
    point: &Tensor<D>,
    event_dims: usize,
) -> Tensor<D> {
    let mut shape = point.dims();
    for size in &mut shape[D - event_dims..] {
        *size = 1;
    }
    log_det.expand(shape)
}

/// The fused pairs give what the single methods give.
///
/// # Errors
///
/// Where they do not.
pub fn pairs_agree<const D: usize, B: Bijector<D> + ?Sized>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("the fused pairs equal the single calls", check);
    let mut equal = |what: &str, pair: Tensor<D>, single: Tensor<D>| {
        comparison.holds(|| format!("the shape of {what}"), pair.dims() == single.dims());
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
    equal("inverse_log_det_jacobian", log_det, bijector.inverse_log_det_jacobian(y));
    comparison.finish()
}

/// Images lie in the codomain and preimages in the domain; the Jacobian is constant exactly if it
/// is said to be; and an elementwise map, which on an interval must be monotone, says in which
/// direction.
///
/// # Errors
///
/// Where that is not so.
pub fn descriptions_hold<const D: usize, B: Bijector<D> + ?Sized>(
    bijector: &B,
    like: &Tensor<D>,
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("domain, codomain, constancy and direction hold", check);
    let mut inside = |what: &str, set: &Support, points: Tensor<D>| {
        let inside: Vec<bool> = set.contains(points).into_data().iter::<bool>().collect();
        comparison.holds(|| format!("{what} is {set}"), inside.iter().all(|inside| *inside));
    };
    let x = points(&bijector.domain(), like);
    let y = bijector.forward(x.clone());
    inside("forward", &bijector.codomain(), y.clone());
    let preimages = bijector.inverse(points(&bijector.codomain(), like));
    inside("inverse", &bijector.domain(), preimages);

    let log_det =
        numbers(expand_like(bijector.log_det_jacobian(x.clone()), &x, bijector.event_dims()));
    let batches = log_det.len() / ROWS;
    let allowed = |value: f64| check.roundings(epsilon(like)) * (1.0 + value.abs());
    let constant = (0..log_det.len())
        .all(|at| (log_det[at] - log_det[at % batches]).abs() <= allowed(log_det[at]));
    let flag = bijector.is_constant_jacobian();
    comparison.holds(|| format!("constant Jacobian {constant}, flag {flag}"), constant == flag);

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
            comparison.holds(|| format!("direction {sign} at {:e}", x[at]), rise * sign > 0.0);
        }
    }
    comparison.finish()
}
