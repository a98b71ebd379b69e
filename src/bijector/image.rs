//! Intervals by their ends, for what a monotone map makes of them.

use crate::parameter::Argument;
use crate::support::{Bound, Support};

/// The interval between two ends in either order.
pub(super) fn between<const D: usize>([a, b]: [Argument<D>; 2]) -> Support {
    let (low, high) = match (a, b) {
        (Argument::Number(a), Argument::Number(b)) => {
            (Argument::Number(a.min(b)), Argument::Number(a.max(b)))
        }
        (Argument::Tensor(a), b) | (b, Argument::Tensor(a)) => {
            let b = b.like(&a);
            let shape = (a.clone() + b.clone()).dims();
            let (a, b) = (a.expand(shape), b.expand(shape));
            let (low, high) = (a.clone().min_pair(b.clone()), a.max_pair(b));
            (Argument::Tensor(low), Argument::Tensor(high))
        }
    };
    named(low, high)
}

/// The interval by its name, where it has one.
fn named<const D: usize>(low: Argument<D>, high: Argument<D>) -> Support {
    use Argument::Number;
    match (low, high) {
        (Number(f64::NEG_INFINITY), Number(f64::INFINITY)) => Support::Real,
        (Number(0.0), Number(f64::INFINITY)) => Support::Positive,
        (Number(0.0), Number(1.0)) => Support::UnitInterval,
        (low, Number(f64::INFINITY)) => Support::GreaterThan(bound(low)),
        (low, high) => Support::Interval { low: bound(low), high: bound(high) },
    }
}

fn bound<const D: usize>(end: Argument<D>) -> Bound {
    match end {
        Argument::Number(end) => Bound::Number(end),
        Argument::Tensor(end) => end.into(),
    }
}

/// The ends of an interval; nothing for a set that is none.
pub(crate) fn ends(support: &Support) -> Option<[Bound; 2]> {
    let number = Bound::Number;
    Some(match support {
        Support::Real => [number(f64::NEG_INFINITY), number(f64::INFINITY)],
        Support::Positive | Support::NonNegative => [number(0.0), number(f64::INFINITY)],
        Support::UnitInterval => [number(0.0), number(1.0)],
        Support::Interval { low, high } => [low.clone(), high.clone()],
        Support::AtLeast(low) | Support::GreaterThan(low) => [low.clone(), number(f64::INFINITY)],
        _ => return None,
    })
}
