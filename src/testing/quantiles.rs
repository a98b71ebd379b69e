//! The law of quantiles, shown as part of [`univariate`](super::univariate).

use burn::tensor::{Float, Tensor};

use super::points::{Frame, Values, numbers};
use super::quadrature::Grid;
use super::univariate::{Tails, wide};
use super::{Check, Comparison, LawError};
use crate::distribution::Univariate;

/// `quantile` gives the smallest value whose `cdf` reaches a probability: it inverts `cdf` and,
/// seen from the upper tail, `survival`; 0 and 1 give the ends, anything outside them NaN.
///
/// # Errors
///
/// Where it does not.
pub fn quantile_inverts_cdf<const D: usize, P: Univariate<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("cdf and quantile invert each other", check);
    let frame = Frame::of(distribution, check);
    let grid = Grid::new(distribution, &frame);
    let columns = frame.columns;
    let levels = [
        1e-30,
        1e-20,
        1e-10,
        1e-6,
        1e-3,
        0.02,
        0.1,
        0.25,
        0.4,
        0.499,
        0.5,
        0.501,
        0.6,
        0.75,
        0.9,
        0.98,
        0.999,
        1.0 - 1e-5,
        1.0 - 1e-6,
    ];
    let levels: Vec<f64> = (0..levels.len() * columns).map(|at| levels[at / columns]).collect();
    let levels = frame.round(levels);
    let quantile = |levels: &[f64]| {
        let probabilities: Tensor<D, Float> = frame.values(levels.to_vec());
        numbers(distribution.quantile(probabilities))
    };
    let quantiles = quantile(&levels);
    let tolerance = check.roundings(frame.epsilon);
    let tails = Tails::at(distribution, &frame, &quantiles);
    let smallest = frame.smallest();
    let cdf_at = |factor: f64| {
        // A device may flush what is below the smallest normal number, on its way out or in.
        let reach = |point: f64| {
            if point.abs() < smallest { smallest } else { tolerance / 2.0 * point.abs() }
        };
        let moved = |point: &f64| point + factor * reach(*point);
        let moved = quantiles.iter().map(moved).collect();
        numbers(distribution.cdf(frame.values(moved)))
    };
    let (below, above) = (cdf_at(-1.0), cdf_at(1.0));
    let density = numbers(distribution.log_prob(frame.values(quantiles.clone())));
    for (at, level) in levels.iter().enumerate() {
        let column = at % columns;
        let place = || format!("probability {}", frame.place(column, *level));
        if grid.discrete {
            let mass = density[at].exp();
            comparison.at_most(place, *level, tails.cdf[at], tolerance * level);
            comparison.at_most(place, tails.cdf[at] - mass, *level, tolerance);
            continue;
        }
        // Rounding the quantile moves the probability.
        let moved = above[at] - below[at];
        let allowed = tolerance * level * (1.0 - level.ln());
        comparison.near(place, tails.cdf[at], *level, allowed + moved);
        comparison.near(place, tails.survival[at], 1.0 - level, tolerance + moved);
    }
    if !grid.discrete {
        let points = wide(distribution, &frame);
        let cdf = Tails::at(distribution, &frame, &points).cdf;
        let density = numbers(distribution.log_prob(frame.values(points.clone())));
        let back = quantile(&cdf);
        for (at, point) in points.iter().enumerate() {
            // What no probability below 1, or no normal float above 0, can tell is not inverted.
            if cdf[at] >= 1.0 || cdf[at] < smallest {
                continue;
            }
            // The probability is rounded, and the value moves by that over the density.
            let allowed =
                tolerance * (point.abs() + cdf[at] * (1.0 - cdf[at].ln()) / density[at].exp());
            let place = || format!("value {}", frame.place(at % columns, *point));
            comparison.near(place, back[at], *point, allowed);
        }
        let specials = [0.0, 1.0, -0.1, 1.1, f64::NAN];
        let probabilities: Vec<f64> = (0..5 * columns).map(|at| specials[at / columns]).collect();
        for (at, got) in quantile(&probabilities).into_iter().enumerate() {
            let (low, high) = frame.ends[at % columns];
            let expected = [low, high, f64::NAN, f64::NAN, f64::NAN][at / columns];
            let place = || format!("probability {}", frame.place(at % columns, probabilities[at]));
            comparison.near(place, got, expected, tolerance * expected.abs());
        }
    }
    comparison.finish()
}
