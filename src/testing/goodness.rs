//! The law of how draws are distributed, shown as part of [`sampling`](super::sampling).

use super::points::{Frame, Values, numbers};
use super::quadrature::Grid;
use super::{Check, Comparison, LawError};
use crate::distribution::Distribution;
use crate::support::Support;

/// Draws are distributed as the density says. On the line no empirical distribution function
/// leaves the band of Dvoretzky, Kiefer and Wolfowitz (with Massart's constant, 1990) around the
/// integral of the density; in a finite set χ² stays within the bound of Laurent and Massart
/// (2000). Either fails a correct sampler once in a million parameters. For events of one number,
/// or of one among many.
///
/// # Errors
///
/// Where they are not.
pub fn follow_the_density<const D: usize, P: Distribution<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let one_hot = matches!(distribution.support(), Support::OneHot);
    let frame = Frame::of(distribution, check);
    if frame.events > 1 && !one_hot {
        return Ok(());
    }
    let grid = Grid::new(distribution, &frame);
    let rows = check.draws / frame.columns;
    let draws = numbers(distribution.sample(frame.rows(rows), &mut check.rng()));
    let mut comparison = Comparison::new("draws follow the density", check);
    for batch in 0..frame.batches {
        let masses: Vec<f64> = (0..grid.rows)
            .map(|row| row * frame.batches + batch)
            .map(|at| grid.weights[at] * grid.log_prob[at].exp())
            .collect();
        let at = || format!("column {batch} of {}", frame.batches);
        if grid.discrete {
            let mut counts = vec![0.0; grid.rows];
            for row in 0..rows {
                let event = &draws[row * frame.columns + batch * frame.events..][..frame.events];
                let place = if one_hot {
                    event.iter().position(|entry| *entry == 1.0)
                } else {
                    Some(event[0] as usize)
                };
                counts[place.unwrap_or(0).min(grid.rows - 1)] += 1.0;
            }
            let (statistic, limit) = chi_squared(&counts, &masses, rows as f64);
            comparison.at_most(at, statistic, limit, 0.0);
        } else {
            let mut sorted: Vec<f64> =
                draws.iter().skip(batch).step_by(frame.columns).copied().collect();
            sorted.sort_by(f64::total_cmp);
            let nodes: Vec<f64> =
                (0..grid.rows).map(|row| grid.points[row * frame.columns + batch]).collect();
            let gap = largest_gap(&sorted, &nodes, &masses);
            // P(gap > ε) ≤ 2 exp(−2nε²) = 1e-6.
            let limit = (2e6f64.ln() / (2.0 * rows as f64)).sqrt();
            comparison.at_most(at, gap, limit, 0.0);
        }
    }
    comparison.finish()
}

/// The largest distance between the empirical distribution function and the integral of the
/// density up to each node, less what one node's mass leaves open.
fn largest_gap(sorted: &[f64], nodes: &[f64], masses: &[f64]) -> f64 {
    let (mut below, mut largest, mut total) = (0, 0.0f64, 0.0);
    for (node, mass) in nodes.iter().zip(masses) {
        let upto = sorted[below..].partition_point(|draw| draw <= node);
        below += upto;
        // The integral up to a node has half of its mass.
        let expected = total + mass / 2.0;
        total += mass;
        let seen = below as f64 / sorted.len() as f64;
        // A jump between nodes is resolved to half the mass of one.
        largest = largest.max((seen - expected).abs() - mass / 2.0);
    }
    largest
}

/// Pearson's statistic, cells of less than 20 expected draws pooled, and what it exceeds once in
/// a million.
fn chi_squared(counts: &[f64], masses: &[f64], draws: f64) -> (f64, f64) {
    let mut cells = vec![(0.0, 0.0)];
    for (count, mass) in counts.iter().zip(masses) {
        let expected = mass * draws;
        if expected == 0.0 && *count > 0.0 {
            return (f64::INFINITY, 0.0);
        }
        if expected < 20.0 {
            cells[0].0 += count;
            cells[0].1 += expected;
        } else {
            cells.push((*count, expected));
        }
    }
    let statistic = (cells.iter().filter(|(_, expected)| *expected > 0.0))
        .map(|(count, expected)| (count - expected).powi(2) / expected.max(1.0))
        .sum();
    let (freedom, t) = (cells.len() as f64 - 1.0, 1e6f64.ln());
    (statistic, freedom + 2.0 * (freedom * t).sqrt() + 2.0 * t)
}
