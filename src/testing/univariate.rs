//! Laws of distribution functions and their inverses.

use burn::tensor::Tensor;

use super::points::{Frame, Values, numbers};
use super::quadrature::{Grid, axis, legendre};
pub use super::quantiles::quantile_inverts_cdf;
use super::{Check, Comparison, LawError, assert_law};
use crate::distribution::Univariate;

/// All laws of this module, in order.
#[must_use]
pub fn laws<const D: usize, P: Univariate<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> [Result<(), LawError>; 4]
where
    P::Kind: Values,
{
    [
        distribution_functions_integrate_the_density(distribution, check),
        tails_agree(distribution, check),
        ends_are_certain(distribution, check),
        quantile_inverts_cdf(distribution, check),
    ]
}

/// Panics unless all laws of this module hold.
///
/// # Panics
///
/// If one does not, or the instance is not as [the module](super) asks.
#[track_caller]
pub fn assert_laws<const D: usize, P: Univariate<D> + ?Sized>(distribution: &P, check: &Check)
where
    P::Kind: Values,
{
    laws(distribution, check).into_iter().for_each(assert_law);
}

/// `cdf` and `survival` of the same points as the logarithms, on the host.
pub(super) struct Tails {
    pub(super) cdf: Vec<f64>,
    pub(super) log_cdf: Vec<f64>,
    pub(super) survival: Vec<f64>,
    pub(super) log_survival: Vec<f64>,
}

impl Tails {
    pub(super) fn at<const D: usize, P: Univariate<D> + ?Sized>(
        distribution: &P,
        frame: &Frame<D>,
        points: &[f64],
    ) -> Self
    where
        P::Kind: Values,
    {
        let values: Tensor<D, P::Kind> = frame.values(points.to_vec());
        Self {
            cdf: numbers(distribution.cdf(values.clone())),
            log_cdf: numbers(distribution.log_cdf(values.clone())),
            survival: numbers(distribution.survival(values.clone())),
            log_survival: numbers(distribution.log_survival(values)),
        }
    }
}

/// Between neighbouring points, `cdf` and `survival` change by the integral of the density, and
/// their logarithms by the integral of p/F and p/(1 − F), down to densities far too small for the
/// floats; for a discrete distribution they are sums of masses.
///
/// # Errors
///
/// Where they do not.
pub fn distribution_functions_integrate_the_density<const D: usize, P: Univariate<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    const PIECES: usize = 96;
    let frame = Frame::of(distribution, check);
    if Grid::new(distribution, &frame).discrete {
        return functions_sum_masses(distribution, &frame, check);
    }
    let mut comparison = Comparison::new("F' = p, (ln F)' = p/F and the same for 1 − F", check);
    let columns = frame.columns;
    // 120 spreads out, and as near to a finite end.
    let reach = 240.0f64.ln();
    let axes: Vec<_> =
        (0..columns).map(|column| axis(&frame, column, PIECES + 1, reach, reach)).collect();
    // Short enough for a polynomial to follow a Normal tail, whose slope grows with the distance.
    let piece = |at: usize| {
        let (piece, column) = (at / columns, at % columns);
        let (low, next) = (axes[column][piece].0, axes[column][piece + 1].0);
        let (middle, spread) = (frame.middle[column], frame.spread[column]);
        let follows = spread / (4.0 + 4.0 * (low - middle).abs() / spread);
        (low, low + (next - low).min(follows))
    };
    let (lows, highs): (Vec<f64>, Vec<f64>) = (0..PIECES * columns).map(piece).unzip();
    let (lows, highs) = (frame.round(lows), frame.round(highs));
    // Ten nodes on each piece, then ten on each of its halves, then five: the differences tell
    // the error, also where the density has a kink.
    let halves = |rule: Vec<(f64, f64)>| {
        let right = rule.clone().into_iter().map(|(x, w)| (0.5 + x / 2.0, w / 2.0));
        rule.into_iter().map(|(x, w)| (x / 2.0, w / 2.0)).chain(right).collect::<Vec<_>>()
    };
    let rules = [halves(legendre(10)), legendre(10), halves(legendre(5))];
    let nodes: Vec<(usize, f64, f64)> = (rules.iter().enumerate())
        .flat_map(|(rule, nodes)| nodes.iter().map(move |(x, w)| (rule, *x, *w)))
        .collect();
    let points: Vec<f64> = (0..PIECES * nodes.len() * columns)
        .map(|at| {
            let (piece, node) = (at / columns / nodes.len(), at / columns % nodes.len());
            let (low, high) =
                (lows[piece * columns + at % columns], highs[piece * columns + at % columns]);
            low + (high - low) * nodes[node].1
        })
        .collect();
    let points = frame.round(points);
    let log_prob = numbers(distribution.log_prob(frame.values(points.clone())));
    let inner = Tails::at(distribution, &frame, &points);
    let (left, right) =
        (Tails::at(distribution, &frame, &lows), Tails::at(distribution, &frame, &highs));
    let zeros = vec![0.0; points.len()];
    // The function at the ends of the pieces, its sign, and what p is divided by.
    let functions = [
        (&left.cdf, &right.cdf, 1.0, &zeros, "cdf"),
        (&left.survival, &right.survival, -1.0, &zeros, "survival"),
        (&left.log_cdf, &right.log_cdf, 1.0, &inner.log_cdf, "log_cdf"),
        (&left.log_survival, &right.log_survival, -1.0, &inner.log_survival, "log_survival"),
    ];
    // A logarithm is as uncertain as it is large, a function relative to its size as its logarithm.
    // A logarithm near 0 is minus the other tail, and so as uncertain as that.
    let of_logarithm =
        |value: f64| value.abs() * (1.0 - value.abs().clamp(f64::MIN_POSITIVE, 1.0).ln());
    let of_function = |value: f64| value * (1.0 - value.max(f64::MIN_POSITIVE).ln());
    for piece in 0..PIECES {
        for column in 0..columns {
            let end = piece * columns + column;
            let (low, high) = (lows[end], highs[end]);
            for (firsts, lasts, sign, divisor, name) in functions {
                let size = |value| {
                    if name.starts_with("log") { of_logarithm(value) } else { of_function(value) }
                };
                let (first, last) = (firsts[end], lasts[end]);
                let (mut integrals, mut roundings) = ([0.0; 3], size(first) + size(last));
                let mut blur = 0.0f64;
                for (node, (rule, _, weight)) in nodes.iter().enumerate() {
                    let at = (piece * nodes.len() + node) * columns + column;
                    let term = weight * (high - low) * (log_prob[at] - divisor[at]).exp();
                    integrals[*rule] += term;
                    let size = log_prob[at].abs() + divisor[at].abs();
                    blur = blur.max(check.roundings(frame.epsilon) * size);
                    if *rule == 0 {
                        // Each logarithm is rounded; so is the node, which counts near an end.
                        let gap = (points[at] - frame.ends[column].0)
                            .min(frame.ends[column].1 - points[at])
                            .min(frame.spread[column]);
                        roundings += term
                            * (1.0
                                + log_prob[at].abs()
                                + divisor[at].abs()
                                + points[at].abs() / gap);
                    }
                }
                // Far down an exponential of an exponential ln p and ln F agree to all digits, and
                // p/F is what they have lost.
                if name.starts_with("log") && blur > 1.0 {
                    continue;
                }
                let [halves, whole, five] = integrals;
                let error = 2.0 * (halves - whole).abs().max((halves - five).abs());
                // Below the smallest normal float a function may be 0.
                let tolerance =
                    check.roundings(frame.epsilon) * roundings + error + 2.0 * frame.smallest();
                comparison.near(
                    || format!("{name} from {low:e} to {high:e}, column {column} of {columns}"),
                    sign * (last - first),
                    halves,
                    tolerance,
                );
            }
        }
    }
    comparison.finish()
}

fn functions_sum_masses<const D: usize, P: Univariate<D> + ?Sized>(
    distribution: &P,
    frame: &Frame<D>,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("F is the sum of masses, 1 − F of the others", check);
    let grid = Grid::new(distribution, frame);
    let tails = Tails::at(distribution, frame, &grid.points);
    let tolerance = check.roundings(frame.epsilon);
    for column in 0..frame.columns {
        // Each sum with its uncertainty: the logarithm of a mass is rounded, by more the larger it is.
        let term = |row: usize| {
            let log_mass = grid.log_prob[row * frame.columns + column];
            let mass = log_mass.exp();
            (mass, if mass == 0.0 { 0.0 } else { mass * (1.0 + log_mass.abs()) })
        };
        let plus = |(sum, size): (f64, f64), (mass, own): (f64, f64)| (sum + mass, size + own);
        // Each from its own end, so that neither tail is a difference.
        let mut above = vec![(0.0, 0.0); grid.rows + 1];
        for row in (0..grid.rows).rev() {
            above[row] = plus(above[row + 1], term(row));
        }
        let mut below = (0.0, 0.0);
        for row in 0..grid.rows {
            below = plus(below, term(row));
            let at = row * frame.columns + column;
            let place = || frame.place(column, grid.points[at]);
            // Below the smallest normal float a function may be 0.
            let least = frame.smallest();
            comparison.near(place, tails.cdf[at], below.0, tolerance * below.1 + least);
            let (above, size) = above[row + 1];
            // The masses of an unbounded set are cut off where they are next to nothing.
            let cut = if frame.ends[column].1.is_infinite() { 1e-40 } else { 0.0 };
            let allowed = tolerance * size.max(frame.epsilon) + cut + least;
            comparison.near(place, tails.survival[at], above, allowed);
        }
    }
    comparison.finish()
}

/// `log_cdf` is the logarithm of `cdf` where that can be seen, likewise for `survival`, and both
/// functions add up to 1.
///
/// # Errors
///
/// Where they do not.
pub fn tails_agree<const D: usize, P: Univariate<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("exp(log_cdf) = cdf = 1 − survival", check);
    let frame = Frame::of(distribution, check);
    let points = wide(distribution, &frame);
    let tails = Tails::at(distribution, &frame, &points);
    let tolerance = check.roundings(frame.epsilon);
    // Below the smallest normal float a function has fewer digits than its logarithm.
    let smallest = frame.smallest();
    for (at, point) in points.iter().enumerate() {
        let place = |name: &str| format!("{name} at {}", frame.place(at % frame.columns, *point));
        for (name, function, logarithm) in [
            ("log_cdf", tails.cdf[at], tails.log_cdf[at]),
            ("log_survival", tails.survival[at], tails.log_survival[at]),
        ] {
            comparison.at_most(|| place(name), logarithm, 0.0, 0.0);
            if function > 2.0 * smallest {
                // Near 1 the function has lost what the logarithm shows: compare on its scale.
                let expected = function.ln();
                let allowed = tolerance * (1.0 + expected.abs());
                comparison.near(|| place(name), logarithm, expected, allowed);
            } else {
                let limit = (4.0 * smallest).ln();
                comparison.at_most(|| place(name), logarithm, limit, 0.0);
            }
        }
        comparison.near(
            || place("cdf + survival"),
            tails.cdf[at] + tails.survival[at],
            1.0,
            tolerance,
        );
    }
    comparison.finish()
}

/// Points over the support, from its finite ends to far out.
pub(super) fn wide<const D: usize, P: Univariate<D> + ?Sized>(
    distribution: &P,
    frame: &Frame<D>,
) -> Vec<f64>
where
    P::Kind: Values,
{
    let grid = Grid::new(distribution, frame);
    if grid.discrete {
        return grid.points;
    }
    let axes: Vec<_> =
        (0..frame.columns).map(|column| axis(frame, column, 129, 8.0, 30.0)).collect();
    let points =
        (0..129 * frame.columns).map(|at| axes[at % frame.columns][at / frame.columns].0).collect();
    frame.round(points)
}

/// Below the support `cdf` is 0, above it 1, and `survival` the other way round; NaN gives NaN.
///
/// # Errors
///
/// Where they are not.
pub fn ends_are_certain<const D: usize, P: Univariate<D> + ?Sized>(
    distribution: &P,
    check: &Check,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let mut comparison = Comparison::new("F is 0 below the support and 1 above, NaN at NaN", check);
    let frame = Frame::of(distribution, check);
    let (_, points) = super::density::outside(&distribution.support(), &frame);
    let values: Tensor<D, P::Kind> = frame.values(points);
    let points = numbers(values);
    let tails = Tails::at(distribution, &frame, &points);
    for (at, point) in points.iter().enumerate() {
        let column = at % frame.columns;
        let cdf = if point.is_nan() { f64::NAN } else { f64::from(*point >= frame.ends[column].1) };
        for (name, got, expected) in [
            ("cdf", tails.cdf[at], cdf),
            ("survival", tails.survival[at], 1.0 - cdf),
            ("log_cdf", tails.log_cdf[at], cdf.ln()),
            ("log_survival", tails.log_survival[at], (1.0 - cdf).ln()),
        ] {
            let place = || format!("{name} at {}", frame.place(column, *point));
            comparison.near(place, got, expected, 0.0);
        }
    }
    comparison.finish()
}
