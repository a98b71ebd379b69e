//! Laws of the density alone.

use burn::tensor::Tensor;

use super::points::{Frame, Values, numbers};
use super::quadrature::Grid;
use super::{Check, Comparison, LawError, assert_law};
use crate::distribution::Distribution;
use crate::support::Support;

/// All laws of this module, in order.
#[must_use]
pub fn laws<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> [Result<(), LawError>; 2]
where
    P::Kind: Values,
{
    [integrates_to_one(distribution, check), is_zero_outside_the_support(distribution, check)]
}

/// Panics unless all laws of this module hold.
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

/// The density integrates to 1, or the masses sum to 1.
///
/// # Errors
///
/// Where they do not.
pub fn integrates_to_one<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("∫ p(x) dx = 1", check);
    let frame = Frame::of(distribution, check);
    let grid = Grid::new(distribution, &frame);
    let size = |row: usize, batch: usize| grid.log_prob[row * frame.batches + batch].abs();
    let (totals, sizes) = (grid.expectations(|_, _| 1.0), grid.expectations(size));
    for (batch, (total, size)) in totals.iter().zip(sizes).enumerate() {
        let at = || format!("column {batch} of {}", frame.batches);
        // The logarithm is rounded, so the density errs with the size of its logarithm.
        let roundings = check.roundings(frame.epsilon) * (1.0 + size.value);
        comparison.near(at, total.value, 1.0, roundings + 2.0 * total.error);
        comparison.at_most(
            || format!("the error estimate of column {batch}"),
            total.error,
            1e-3,
            0.0,
        );
    }
    comparison.finish()
}

/// Outside the support the log-density is −∞, and NaN gives NaN. For events of one number.
///
/// # Errors
///
/// Where it does not.
pub fn is_zero_outside_the_support<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("ln p = −∞ outside the support, NaN at NaN", check);
    let frame = Frame::of(distribution, check);
    if frame.events > 1 {
        return Ok(());
    }
    let (rows, points) = outside(&distribution.support(), &frame);
    let values: Tensor<D, P::Kind> = frame.values(points.clone());
    // An integer tensor has no NaN and no infinity: what arrived is what is judged.
    let points = numbers(values.clone());
    let log_prob = numbers(distribution.log_prob(values));
    for at in 0..rows * frame.columns {
        let (column, point) = (at % frame.columns, points[at]);
        let expected = if point.is_nan() { f64::NAN } else { f64::NEG_INFINITY };
        comparison.near(|| frame.place(column, point), log_prob[at], expected, 0.0);
    }
    comparison.finish()
}

/// Points outside a support, row by row.
pub(super) fn outside<const D: usize>(support: &Support, frame: &Frame<D>) -> (usize, Vec<f64>) {
    let whole = support.is_discrete() && !matches!(support, Support::OneHot);
    let of_column = |column: usize| {
        let (low, high) = frame.ends[column];
        let gaps = if whole { [1.0, 2.0, 1e3] } else { [frame.spread[column] / 16.0, 1.0, 1e3] };
        let mut points = Vec::new();
        for gap in gaps {
            // An infinite end leaves itself, where a density is 0 as well; integers have no infinity.
            let above = high + gap + gap * high.abs();
            let below = low - gap - gap * low.abs();
            points.extend([below, if whole && above.is_infinite() { below } else { above }]);
        }
        if whole {
            points.push(-1.0);
        } else {
            points.extend([f64::NEG_INFINITY, f64::INFINITY, f64::NAN]);
        }
        points
    };
    let columns: Vec<Vec<f64>> = (0..frame.columns).map(of_column).collect();
    let rows = columns[0].len();
    let points = (0..rows * frame.columns)
        .map(|at| columns[at % frame.columns][at / frame.columns])
        .collect();
    (rows, points)
}
