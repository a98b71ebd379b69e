//! The checks. Each says how strongly the numbers speak against independent draws of the law, in
//! one unit: for independent draws, P(evidence ≥ e) ≤ 2 exp(−e).

use core::fmt;

/// How often a check of right numbers fails.
pub(crate) const FALSE_ALARM: f64 = 1e-8;

/// What a check found.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub check: &'static str,
    pub place: String,
    pub evidence: f64,
}

impl Reading {
    pub(crate) fn new(check: &'static str, place: impl ToString, evidence: f64) -> Self {
        Self { check, place: place.to_string(), evidence }
    }

    /// Whether the numbers are refused: the limit is 19.1, for a mean 6.2 standard errors.
    pub(crate) fn fails(&self) -> bool {
        // Also for NaN.
        !(self.evidence <= (2.0 / FALSE_ALARM).ln())
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): evidence {:.2}", self.check, self.place, self.evidence)
    }
}

/// The failed readings in words; shows the strongest evidence.
pub(crate) fn failures(name: &str, readings: &[Reading]) -> Vec<String> {
    let worst = readings.iter().max_by(|a, b| a.evidence.total_cmp(&b.evidence));
    println!("{name}: {} checks, worst: {}", readings.len(), worst.expect("some checks"));
    let failed = readings.iter().filter(|reading| reading.fails());
    failed.map(|reading| format!("{name}: {reading}")).collect()
}

/// Panics with all failed readings.
#[track_caller]
pub(crate) fn assert_passes(name: &str, readings: &[Reading]) {
    let failures = failures(name, readings);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Of a sum in standard errors: P(|Z| ≥ z) ≤ 2 exp(−z²/2).
pub(crate) fn standard(check: &'static str, place: impl ToString, z: f64) -> Reading {
    Reading::new(check, place, z * z / 2.0)
}

/// n times the Kullback–Leibler divergence of one frequency from another (Chernoff 1952), exact for
/// the smallest counts.
pub(crate) fn frequency(
    check: &'static str,
    place: impl ToString,
    seen: f64,
    draws: f64,
    probability: f64,
) -> Reading {
    let term = |seen: f64, expected: f64| {
        if seen == 0.0 { 0.0 } else { seen * (seen / expected).ln() }
    };
    let (rest, expected) = (draws - seen, draws * probability);
    let evidence = term(seen, expected) + term(rest, draws - expected);
    // Where they are equal, the terms cancel to a rounding error.
    Reading::new(check, place, if seen == expected { 0.0 } else { evidence })
}

/// Of χ² with so many degrees of freedom, too large or too small (Laurent and Massart 2000).
fn chi_squared(check: &'static str, place: impl ToString, statistic: f64, freedom: f64) -> Reading {
    let excess = statistic - freedom;
    let root = if excess > 0.0 {
        ((freedom + 2.0 * excess).sqrt() - freedom.sqrt()) / 2.0
    } else {
        -excess / (2.0 * freedom.sqrt())
    };
    Reading::new(check, place, root * root)
}

/// Numbers of the unit interval, and nothing else.
pub(crate) fn range(uniforms: &[f64]) -> Reading {
    let outside = uniforms.iter().filter(|u| !(0.0..=1.0).contains(*u)).count();
    let evidence = if outside == 0 { 0.0 } else { f64::INFINITY };
    Reading::new("range", format!("{outside} outside"), evidence)
}

/// The Legendre polynomials of degree 1 to 4 on (0, 1), orthonormal: their means are four sums with
/// mean 0 and variance 1 that do not correlate.
fn legendre(u: f64) -> [f64; 4] {
    let t = 2.0 * u - 1.0;
    let s = t * t;
    [
        3f64.sqrt() * t,
        5f64.sqrt() * (3.0 * s - 1.0) / 2.0,
        7f64.sqrt() * (5.0 * s - 3.0) * t / 2.0,
        3.0 * ((35.0 * s - 30.0) * s + 3.0) / 8.0,
    ]
}

fn moments(uniforms: &[f64]) -> Vec<Reading> {
    let mut sums = [0.0; 4];
    for u in uniforms {
        for (sum, term) in sums.iter_mut().zip(legendre(*u)) {
            *sum += term;
        }
    }
    let error = (uniforms.len() as f64).sqrt();
    let reading = |k: usize| standard("moments", format!("degree {}", k + 1), sums[k] / error);
    (0..4).map(reading).collect()
}

/// Steps on which the empirical distribution function is compared: fewer points cannot raise the
/// rate of false alarms.
const STEPS: usize = 4096;

/// The largest distance D of the empirical distribution function; P(D > ε) ≤ 2 exp(−2nε²)
/// (Dvoretzky, Kiefer and Wolfowitz 1956, with Massart's constant, 1990).
fn kolmogorov(uniforms: &[f64]) -> Reading {
    let mut cells = [0_u32; STEPS];
    for u in uniforms {
        cells[((u * STEPS as f64) as usize).min(STEPS - 1)] += 1;
    }
    let draws = uniforms.len() as f64;
    let (mut below, mut largest) = (0.0, 0.0_f64);
    for (step, count) in cells.iter().enumerate() {
        below += f64::from(*count);
        largest = largest.max((below / draws - (step + 1) as f64 / STEPS as f64).abs());
    }
    let place = format!("distance {largest:.2e}");
    Reading::new("distribution", place, 2.0 * draws * largest * largest)
}

/// χ² of pairs on a grid of 16 × 16.
fn grid<'a>(
    check: &'static str,
    place: impl ToString,
    pairs: impl Iterator<Item = (&'a f64, &'a f64)>,
) -> Reading {
    let mut cells = [0_u32; 256];
    let mut count = 0.0;
    for (a, b) in pairs {
        let [a, b] = [a, b].map(|u| ((u * 16.0) as usize).min(15));
        cells[16 * a + b] += 1;
        count += 1.0;
    }
    let expected = count / 256.0;
    let statistic: f64 =
        cells.iter().map(|cell| (f64::from(*cell) - expected).powi(2) / expected).sum();
    chi_squared(check, place, statistic, 255.0)
}

/// Pairs that share no number, so many places apart.
pub(crate) fn pairs(check: &'static str, uniforms: &[f64], apart: usize) -> Reading {
    let pairs = (uniforms.chunks_exact(2 * apart))
        .flat_map(|chunk| chunk[..apart].iter().zip(&chunk[apart..]));
    grid(check, format!("{apart} apart"), pairs)
}

/// The first or second polynomial of each number: of its value, of its distance to the middle.
fn scores(uniforms: &[f64], degree: usize) -> Vec<f64> {
    uniforms.iter().map(|u| legendre(*u)[degree - 1]).collect()
}

/// The correlation of numbers with mean 0 and variance 1, in standard errors.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let mut sum = 0.0;
    for index in 0..length {
        sum += a[index] * b[index];
    }
    sum / (length as f64).sqrt()
}

/// Correlations of values, and of distances to the middle, 1 to 16 places apart along the rows and
/// along the columns.
fn lags(uniforms: &[f64], columns: usize) -> Vec<Reading> {
    let mut readings = Vec::new();
    for degree in [1, 2] {
        let scores = scores(uniforms, degree);
        for (check, stride) in [("lags in rows", 1), ("lags in columns", columns)] {
            for lag in 1..=16 {
                let z = correlation(&scores, &scores[lag * stride..]);
                readings.push(standard(check, format!("lag {lag}, degree {degree}"), z));
            }
        }
    }
    readings
}

/// Every check of one stream of rows of this many columns, made uniform on (0, 1).
pub(crate) fn stream(uniforms: &[f64], columns: usize) -> Vec<Reading> {
    let mut readings = vec![range(uniforms), kolmogorov(uniforms)];
    readings.extend(moments(uniforms));
    for apart in [1, 2, 3, 4, columns] {
        readings.push(pairs("pairs", uniforms, apart));
    }
    readings.extend(lags(uniforms, columns));
    readings
}

/// Every check of two streams that should have nothing to do with each other.
pub(crate) fn two_streams(place: &str, a: &[f64], b: &[f64]) -> Vec<Reading> {
    let mut readings = vec![grid("pairs of streams", place, a.iter().zip(b))];
    for degree in [1, 2] {
        let [a, b] = [a, b].map(|uniforms| scores(uniforms, degree));
        for lag in 0..=4 {
            for z in [correlation(&a, &b[lag..]), correlation(&a[lag..], &b)] {
                let place = format!("{place}, lag {lag}, degree {degree}");
                readings.push(standard("streams", place, z));
            }
        }
    }
    readings
}
