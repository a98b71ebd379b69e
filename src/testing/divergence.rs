//! The law of divergences.

use super::points::{Frame, Values, numbers};
use super::quadrature::Grid;
use super::{Check, Comparison, LawError};
use crate::distribution::{Distribution, KlDivergence};

/// The divergence from `p` to `q` is ∫ p ln(p/q), and 0 from `p` to itself.
///
/// # Errors
///
/// Where it is not.
pub fn agrees<const D: usize, P, Q>(p: &P, q: &Q, check: &Check) -> Result<(), LawError>
where
    P: KlDivergence<D, Q> + KlDivergence<D, P> + Distribution<D>,
    Q: Distribution<D, Kind = P::Kind>,
    P::Kind: Values,
{
    let divergence = numbers(KlDivergence::<D, Q>::kl_divergence(p, q));
    let itself = numbers(KlDivergence::<D, P>::kl_divergence(p, p));
    compare(p, q, [&divergence, &itself], check)
}

/// The comparison, compiled once for all families of a rank.
fn compare<const D: usize, K: Values>(
    p: &dyn Distribution<D, Kind = K>,
    q: &dyn Distribution<D, Kind = K>,
    [divergence, itself]: [&[f64]; 2],
    check: &Check,
) -> Result<(), LawError> {
    let mut comparison = Comparison::new("KL(p, q) = E ln(p/q)", check);
    let frame = Frame::of(p, check);
    let grid = Grid::new(p, &frame);
    let other = numbers(q.log_prob(frame.values(grid.points.clone())));
    let logs = |row: usize, batch: usize| {
        let at = row * frame.batches + batch;
        (grid.log_prob[at], other[at])
    };
    let exact = grid.expectations(|row, batch| {
        let (p, q) = logs(row, batch);
        p - q
    });
    let size = grid.expectations(|row, batch| {
        let (p, q) = logs(row, batch);
        (1.0 + p.abs()) * (1.0 + p.abs() + q.abs())
    });
    for batch in 0..frame.batches {
        let at = || format!("column {batch} of {}", frame.batches);
        let allowed = check.roundings(frame.epsilon) * size[batch].value + 2.0 * exact[batch].error;
        comparison.near(at, divergence[batch], exact[batch].value, allowed);
        comparison.near(at, itself[batch], 0.0, check.roundings(frame.epsilon));
    }
    comparison.finish()
}
