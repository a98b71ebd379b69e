//! Exact laws, from nothing but a density or a ratio of masses: normalised, integrated and turned
//! into moments on the host in `f64`, with no special function and none of this crate's code.

/// Abscissae and weights of the Gauss–Legendre rule of four points on (−1, 1).
const RULE: [(f64, f64); 4] = [
    (-0.861_136_311_594_052_6, 0.347_854_845_137_453_86),
    (-0.339_981_043_584_856_26, 0.652_145_154_862_546_1),
    (0.339_981_043_584_856_26, 0.652_145_154_862_546_1),
    (0.861_136_311_594_052_6, 0.347_854_845_137_453_86),
];

/// Panels of a piece. Between nodes the cdf is a cubic with the right slopes at both ends, off by a
/// 384th of the fourth power of a panel's width: some 10⁻¹⁰ of the probability of the tail.
const PANELS: usize = 8192;

/// The probabilities on both sides of a point, each with its own digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sides {
    pub below: f64,
    pub above: f64,
}

/// Mean, deviation, and E zᵏ of the standardised number for k up to 8.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    pub mean: f64,
    pub deviation: f64,
    pub powers: [f64; 9],
}

impl Moments {
    fn of(points: &[(f64, f64)]) -> Self {
        let expect = |f: &dyn Fn(f64) -> f64| points.iter().map(|(x, mass)| mass * f(*x)).sum();
        let mean: f64 = expect(&|x| x);
        let variance: f64 = expect(&|x| (x - mean).powi(2));
        let deviation = variance.sqrt();
        let powers = core::array::from_fn(|k| expect(&|x| ((x - mean) / deviation).powi(k as i32)));
        Self { mean, deviation, powers }
    }
}

/// A part of the line with panels of one width.
struct Piece {
    low: f64,
    width: f64,
    density: Vec<f64>,
    masses: Vec<f64>,
    below: Vec<f64>,
    above: Vec<f64>,
}

/// Where the probability lies: over the coordinate of a [`Law`].
enum Distribution {
    Density(Vec<Piece>),
    /// The first whole number, and the masses from there on.
    Masses {
        first: f64,
        masses: Vec<f64>,
        below: Vec<f64>,
        above: Vec<f64>,
    },
}

/// The law of a number x, in a coordinate that increases with x.
pub(crate) struct Law {
    distribution: Distribution,
    coordinate: fn(f64) -> f64,
    inverse: fn(f64) -> f64,
    pub moments: Option<Moments>,
}

fn running(masses: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut total = 0.0;
    let mut sums = vec![0.0];
    sums.extend(masses.map(|mass| {
        total += mass;
        total
    }));
    sums
}

fn both_sums(masses: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut above = running(masses.iter().rev().copied());
    above.reverse();
    (running(masses.iter().copied()), above)
}

impl Law {
    /// The law whose density over the line is proportional to the exponential of `log_density`
    /// between the first and the last of `borders`; the others are where a scale changes.
    pub(crate) fn density(borders: &[f64], log_density: impl Fn(f64) -> f64) -> Self {
        Self::in_coordinate(borders, log_density, |x| x, |y| y)
    }

    /// As [`density`](Self::density), the density being that of `coordinate` of the number.
    pub(crate) fn in_coordinate(
        borders: &[f64],
        log_density: impl Fn(f64) -> f64,
        coordinate: fn(f64) -> f64,
        inverse: fn(f64) -> f64,
    ) -> Self {
        let middle = |piece: &[f64], panel: usize| {
            let width = (piece[1] - piece[0]) / PANELS as f64;
            (piece[0] + (panel as f64 + 0.5) * width, width)
        };
        let mut points = Vec::new();
        let mut masses = Vec::new();
        for piece in borders.windows(2) {
            for panel in 0..PANELS {
                let (centre, width) = middle(piece, panel);
                let nodes = RULE.map(|(at, weight)| {
                    let y = centre + at * width / 2.0;
                    (inverse(y), log_density(y).exp() * weight * width / 2.0)
                });
                masses.push(nodes.iter().map(|(_, mass)| mass).sum::<f64>());
                points.extend(nodes);
            }
        }
        let total: f64 = masses.iter().sum();
        for mass in masses.iter_mut().chain(points.iter_mut().map(|(_, mass)| mass)) {
            *mass /= total;
        }
        let (below, above) = both_sums(&masses);
        let pieces = borders.windows(2).enumerate().map(|(index, piece)| {
            let (low, width) = (piece[0], (piece[1] - piece[0]) / PANELS as f64);
            let first = index * PANELS;
            let at = |node: usize| log_density(low + node as f64 * width).exp() / total;
            Piece {
                low,
                width,
                density: (0..=PANELS).map(at).collect(),
                masses: masses[first..first + PANELS].to_vec(),
                below: below[first..=first + PANELS].to_vec(),
                above: above[first..=first + PANELS].to_vec(),
            }
        });
        let distribution = Distribution::Density(pieces.collect());
        Self { distribution, coordinate, inverse, moments: Some(Moments::of(&points)) }
    }

    /// A law of heavy tails, whose moments do not exist or whose sums are far from normal.
    pub(crate) fn without_moments(mut self) -> Self {
        self.moments = None;
        self
    }

    /// The law of whole numbers from `first` to `last` with P(k + 1) = `ratio(k)` P(k), summed from
    /// `mode`, which is between them.
    pub(crate) fn masses([first, mode, last]: [f64; 3], ratio: impl Fn(f64) -> f64) -> Self {
        let mut masses = vec![0.0; (last - first) as usize + 1];
        let start = (mode - first) as usize;
        masses[start] = 1.0;
        for index in start + 1..masses.len() {
            masses[index] = masses[index - 1] * ratio(first + index as f64 - 1.0);
        }
        for index in (0..start).rev() {
            masses[index] = masses[index + 1] / ratio(first + index as f64);
        }
        Self::weights(first, masses)
    }

    /// The law of whole numbers from `first` on with these weights.
    pub(crate) fn weights(first: f64, mut masses: Vec<f64>) -> Self {
        let total: f64 = masses.iter().sum();
        for mass in &mut masses {
            *mass /= total;
        }
        let points: Vec<(f64, f64)> =
            masses.iter().enumerate().map(|(index, mass)| (first + index as f64, *mass)).collect();
        let (below, above) = both_sums(&masses);
        let distribution = Distribution::Masses { first, masses, below, above };
        let same: fn(f64) -> f64 = |x| x;
        let moments = Some(Moments::of(&points));
        Self { distribution, coordinate: same, inverse: same, moments }
    }

    /// Whether numbers are whole, and so not rounded.
    pub(crate) fn is_discrete(&self) -> bool {
        matches!(self.distribution, Distribution::Masses { .. })
    }

    /// The probability integral transform, uniform on (0, 1) for draws of this law. A whole number
    /// is placed by `within`, itself uniform, in the part of (0, 1) that belongs to it. A number
    /// that has no probability becomes NaN.
    pub(crate) fn uniform(&self, x: f64, within: f64) -> f64 {
        match &self.distribution {
            Distribution::Density(_) => self.sides(x).below,
            Distribution::Masses { first, masses, below, .. } => {
                let index = x - first;
                let known = index >= 0.0 && index < masses.len() as f64 && index.fract() == 0.0;
                if !known || masses[index as usize] == 0.0 {
                    return f64::NAN;
                }
                below[index as usize] + within * masses[index as usize]
            }
        }
    }

    /// The probabilities below and above a number, for whole numbers one between two of them.
    pub(crate) fn sides(&self, x: f64) -> Sides {
        match &self.distribution {
            Distribution::Density(pieces) => density_sides(pieces, (self.coordinate)(x)),
            Distribution::Masses { first, masses, below, above } => {
                let index = (x - first).ceil().clamp(0.0, masses.len() as f64) as usize;
                Sides { below: below[index], above: above[index] }
            }
        }
    }

    /// The numbers with the probability `level` below them, and above them; for whole numbers the
    /// closest between two of them with no less.
    pub(crate) fn quantiles(&self, level: f64) -> [f64; 2] {
        match &self.distribution {
            Distribution::Density(pieces) => {
                let last = &pieces[pieces.len() - 1];
                let ends = [pieces[0].low, last.low + PANELS as f64 * last.width];
                let first = |holds: &dyn Fn(Sides) -> bool| {
                    let [mut low, mut high] = ends;
                    // Halved so often that the widest range is as fine as its floats.
                    for _ in 0..100 {
                        let middle = low.midpoint(high);
                        let end =
                            if holds(density_sides(pieces, middle)) { &mut high } else { &mut low };
                        *end = middle;
                    }
                    (self.inverse)(high)
                };
                [first(&|sides| sides.below >= level), first(&|sides| sides.above < level)]
            }
            Distribution::Masses { first, below, above, .. } => {
                let low = below.partition_point(|sum| *sum < level);
                let high = above.partition_point(|sum| *sum >= level) - 1;
                [low, high].map(|index| first + index as f64 - 0.5)
            }
        }
    }
}

/// The probabilities on both sides of a point of the coordinate.
fn density_sides(pieces: &[Piece], y: f64) -> Sides {
    if y.is_nan() {
        return Sides { below: f64::NAN, above: f64::NAN };
    }
    let index = pieces.partition_point(|piece| piece.low <= y);
    if index == 0 {
        return Sides { below: 0.0, above: 1.0 };
    }
    let piece = &pieces[index - 1];
    let place = (y - piece.low) / piece.width;
    if place >= PANELS as f64 {
        return Sides { below: 1.0, above: 0.0 };
    }
    let panel = place as usize;
    let (t, mass) = (place - panel as f64, piece.masses[panel]);
    let slopes = [panel, panel + 1].map(|node| piece.density[node] * piece.width);
    let part = slopes[0] * t * (1.0 - t).powi(2) + mass * t * t * (3.0 - 2.0 * t)
        - slopes[1] * t * t * (1.0 - t);
    Sides { below: piece.below[panel] + part, above: piece.above[panel + 1] + (mass - part) }
}
