//! Integrals over the support, by formulas that place their nodes double-exponentially.

use burn::tensor::Tensor;

use super::points::{Frame, Values, numbers};
use crate::distribution::Distribution;
use crate::support::Support;

const NODES: usize = 4097;
const NODES_IN_THE_PLANE: usize = 257;

/// An integral.
#[derive(Clone, Copy, Debug)]
pub(super) struct Integral {
    /// The value.
    pub(super) value: f64,
    /// A bound on its error: how far the coarser rules, each with a quarter of the nodes, are apart.
    /// It stays one where the integrand has a kink, which no two of them meet at the same place.
    pub(super) error: f64,
    /// The outermost term relative to the largest; not small when the integral diverges.
    pub(super) outermost: f64,
}

/// Points that cover the support, with the measure of each and the log-density there.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) rows: usize,
    /// Row by row, `columns` numbers each.
    pub(super) points: Vec<f64>,
    /// Row by row, one number for each log-density.
    pub(super) weights: Vec<f64>,
    pub(super) log_prob: Vec<f64>,
    pub(super) discrete: bool,
    batches: usize,
    nodes: usize,
    events: usize,
    /// Of the set that is integrated over: a pair on the simplex runs along a line.
    dimensions: usize,
}

impl Grid {
    /// # Panics
    ///
    /// If an event has more than two numbers and is not one of a finite set.
    pub(super) fn new<const D: usize, P: Distribution<D> + ?Sized>(
        distribution: &P,
        frame: &Frame<D>,
    ) -> Self
    where
        P::Kind: Values,
    {
        let support = distribution.support();
        let Frame { columns, batches, events, .. } = *frame;
        let discrete = support.is_discrete();
        let simplex = matches!(support, Support::Simplex);
        let dimensions = if simplex { events - 1 } else { events };
        let (rows, nodes, points, weights);
        if matches!(support, Support::OneHot) {
            (rows, nodes) = (events, events);
            points = (0..rows * columns)
                .map(|at| f64::from((at % columns) % events == at / columns))
                .collect();
            weights = vec![1.0; rows * batches];
        } else {
            assert!(
                events <= 2,
                "an event of {events} numbers cannot be integrated: test one of two"
            );
            let counts = match support {
                Support::Below(count) => count,
                Support::Count | Support::CountUpTo(_) => counts(distribution, frame),
                _ => 0,
            };
            let axes: Vec<Vec<(f64, f64)>> = (0..columns)
                .map(|column| match support {
                    Support::Boolean => vec![(0.0, 1.0), (1.0, 1.0)],
                    _ if counts > 0 => (0..counts).map(|at| (at as f64, 1.0)).collect(),
                    _ => {
                        let count = if dimensions == 1 { NODES } else { NODES_IN_THE_PLANE };
                        axis(frame, column, count, 35.0, 69.0)
                    }
                })
                .collect();
            nodes = axes[0].len();
            rows = nodes.pow(dimensions as u32);
            let node = |row: usize, column: usize| match column % events {
                0 => axes[column][row % nodes],
                // The mirrored node is 1 less the first, with its digits near 0.
                _ if simplex => axes[column - 1][nodes - 1 - row],
                _ => axes[column][row / nodes],
            };
            points = (0..rows * columns).map(|at| node(at / columns, at % columns).0).collect();
            weights = (0..rows * batches)
                .map(|at| {
                    let first = at % batches * events;
                    let columns = first..first + dimensions;
                    columns.map(|column| node(at / batches, column).1).product()
                })
                .collect();
        }
        let points = frame.round(points);
        let values: Tensor<D, P::Kind> = frame.values(points.clone());
        let log_prob = numbers(distribution.log_prob(values));
        let mut grid =
            Self { rows, points, weights, log_prob, discrete, batches, nodes, events, dimensions };
        if !discrete {
            grid.leave_out_ends(frame);
        }
        grid
    }

    /// Nodes that rounding moved onto an end of the support, where a density may be infinite,
    /// stand for next to nothing.
    fn leave_out_ends<const D: usize>(&mut self, frame: &Frame<D>) {
        for row in 0..self.rows {
            for column in 0..frame.columns {
                let point = self.points[row * frame.columns + column];
                let (low, high) = frame.ends[column];
                if !(point > low && point < high) {
                    self.weights[row * self.batches + column / self.events] = 0.0;
                }
            }
        }
    }

    /// Which of four rules, each as good as the others, a node belongs to.
    fn part(&self, row: usize) -> usize {
        if self.dimensions == 2 { row % self.nodes % 2 + row / self.nodes % 2 * 2 } else { row % 4 }
    }

    /// ∫ p(x) g(x) dx for each log-density; `integrand` takes the row and the log-density's place
    /// in it.
    pub(super) fn expectations(&self, integrand: impl Fn(usize, usize) -> f64) -> Vec<Integral> {
        (0..self.batches)
            .map(|batch| {
                let mut parts = [0.0; 4];
                let (mut largest, mut outermost) = (0.0f64, 0.0f64);
                for row in 0..self.rows {
                    let at = row * self.batches + batch;
                    let mass = self.weights[at] * self.log_prob[at].exp();
                    let term = if mass == 0.0 { 0.0 } else { mass * integrand(row, batch) };
                    parts[self.part(row)] += term;
                    largest = largest.max(term.abs());
                    if self.dimensions == 1 && (row < 8 || row + 8 >= self.rows) {
                        outermost = outermost.max(term.abs());
                    }
                }
                let value: f64 = parts.iter().sum();
                let error =
                    parts.iter().fold(0.0f64, |worst, part| worst.max((part - value / 4.0).abs()));
                Integral {
                    value,
                    error: if self.discrete { 0.0 } else { error },
                    outermost: if self.discrete { 0.0 } else { outermost / largest },
                }
            })
            .collect()
    }
}

/// How many counts hold all mass of every column but for some e⁻¹⁰⁰: the laws look at unimodal
/// ones with a mode among the draws of the frame.
fn counts<const D: usize, P: Distribution<D> + ?Sized>(distribution: &P, frame: &Frame<D>) -> usize
where
    P::Kind: Values,
{
    const MOST: f64 = 65_536.0;
    // Beyond the modes, before which a mass may be small as well.
    let middle = frame.middle.iter().copied().fold(0.0, f64::max);
    let mut count = (2.0 * middle + 64.0).floor();
    while count < MOST {
        let last = vec![count; frame.columns];
        let log_prob = numbers(distribution.log_prob(frame.values(last)));
        if log_prob.iter().all(|log_prob| *log_prob < -100.0) {
            break;
        }
        count = (count * 1.25).floor();
    }
    let highest = frame.ends.iter().map(|(_, high)| *high).fold(0.0, f64::max);
    count.min(highest + 1.0) as usize
}

/// Nodes and weights of the trapezoidal rule after a double-exponential substitution (Takahasi
/// and Mori 1974) on the support of a column. `reach` is the logarithm of the distance, in
/// spreads, of the last node towards infinity, and `approach` minus that of the one nearest to a
/// finite end.
pub(super) fn axis<const D: usize>(
    frame: &Frame<D>,
    column: usize,
    count: usize,
    reach: f64,
    approach: f64,
) -> Vec<(f64, f64)> {
    use core::f64::consts::FRAC_PI_2;
    let (low, high) = frame.ends[column];
    let (middle, spread) = (frame.middle[column], frame.spread[column]);
    // s = π/2 sinh t runs over [from, to].
    let (from, to) = match (low.is_finite(), high.is_finite()) {
        (false, false) => (-reach, reach),
        (true, true) => (-approach, approach),
        (true, false) => (-approach, reach),
        (false, true) => (-reach, approach),
    };
    let (first, last) = ((from / FRAC_PI_2).asinh(), (to / FRAC_PI_2).asinh());
    let step = (last - first) / (count - 1) as f64;
    (0..count)
        .map(|at| {
            let t = first + step * at as f64;
            let (s, slope) = (FRAC_PI_2 * t.sinh(), FRAC_PI_2 * t.cosh() * step);
            match (low.is_finite(), high.is_finite()) {
                (false, false) => (middle + spread * s.sinh(), spread * s.cosh() * slope),
                (true, false) => {
                    let far = (middle - low) * s.exp();
                    (low + far, far * slope)
                }
                (false, true) => {
                    let far = (high - middle) * (-s).exp();
                    (high - far, far * slope)
                }
                (true, true) => {
                    // Each half by its distance to the end that it is near to.
                    let (width, share) = (high - low, 1.0 / (1.0 + s.abs().exp()));
                    let point = if s < 0.0 { low + width * share } else { high - width * share };
                    (point, width * share * (1.0 - share) * slope)
                }
            }
        })
        .collect()
}

/// Nodes and weights of Gauss and Legendre's formula on [0, 1], by Newton's method on the
/// Legendre polynomial.
pub(super) fn legendre(count: usize) -> Vec<(f64, f64)> {
    (0..count)
        .map(|at| {
            let mut x = (core::f64::consts::PI * (at as f64 + 0.75) / (count as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..50 {
                let (mut before, mut here) = (1.0, x);
                for degree in 2..=count {
                    let degree = degree as f64;
                    let next = ((2.0 * degree - 1.0) * x * here - (degree - 1.0) * before) / degree;
                    (before, here) = (here, next);
                }
                slope = count as f64 * (x * here - before) / (x * x - 1.0);
                x -= here / slope;
            }
            (0.5 - x / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}
