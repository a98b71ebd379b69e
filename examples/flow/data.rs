//! Rows to learn from: read or drawn, made continuous, standardised and split.

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use crate::common::Problem;
use crate::common::table::Table;
use crate::targets::Target;

/// The fewest rows of a table: a tenth of them is for testing.
const FEWEST: usize = 200;

/// Rows in the order of the file, each column with mean 0 and standard deviation 1.
pub struct Rows {
    /// Where they come from.
    pub source: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The mean and the standard deviation of each column in its own units.
    pub scales: Vec<[f64; 2]>,
    /// Columns that were given uniform noise, and how wide.
    pub dequantised: Vec<(String, f64)>,
    /// The rows, one after another.
    pub values: Vec<f64>,
}

impl Rows {
    /// Draws rows of a target.
    pub fn drawn(target: Target, count: usize, rng: &mut dyn Rng) -> Self {
        let columns = ["x", "y"].map(str::to_owned).to_vec();
        let values = (0..count).flat_map(|_| target.draw(rng)).collect();
        Self::standardised(target.title().to_owned(), columns, Vec::new(), values)
    }

    /// Takes the named columns of a table, or every numeric one.
    pub fn read(
        table: &Table,
        columns: Option<&[String]>,
        rng: &mut dyn Rng,
    ) -> Result<Self, Problem> {
        let columns = if let Some(columns) = columns {
            columns.to_vec()
        } else {
            let mut numeric = Vec::new();
            for column in table.columns() {
                if !table.is_text(column)? {
                    numeric.push(column.to_owned());
                }
            }
            numeric
        };
        if let Some((at, name)) =
            columns.iter().enumerate().find(|(at, name)| columns[..*at].contains(name))
        {
            let place = at + 1;
            return Err(
                table.problem_in(name, &format!("--columns names it again as number {place}"))
            );
        }
        if columns.len() < 2 {
            let names = columns.join(", ");
            return Err(Problem(format!(
                "{}, line 1: a joint density needs two numeric columns or more, not `{names}`.",
                table.name()
            )));
        }
        if table.len() < FEWEST {
            let wrong =
                format!("{} rows are too few to learn from; {FEWEST} are needed", table.len());
            return Err(table.problem_in(&columns[0], &wrong));
        }
        let mut dequantised = Vec::new();
        let mut values = vec![0.0; table.len() * columns.len()];
        for (place, name) in columns.iter().enumerate() {
            let mut column = table.numbers(name)?;
            if column.iter().all(|value| *value == column[0]) {
                let wrong =
                    format!("every number is {}; a constant column has no density", column[0]);
                return Err(table.problem_in(name, &wrong));
            }
            if let Some(step) = step(&column) {
                for value in &mut column {
                    *value += step * (rng.random::<f64>() - 0.5);
                }
                dequantised.push((name.clone(), step));
            }
            for (row, value) in column.into_iter().enumerate() {
                values[row * columns.len() + place] = value;
            }
        }
        Ok(Self::standardised(table.name(), columns, dequantised, values))
    }

    fn standardised(
        source: String,
        columns: Vec<String>,
        dequantised: Vec<(String, f64)>,
        mut values: Vec<f64>,
    ) -> Self {
        let width = columns.len();
        let count = (values.len() / width) as f64;
        let scale = |place: usize| {
            let column = || values.iter().skip(place).step_by(width);
            let mean = column().sum::<f64>() / count;
            let variance = column().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
            [mean, variance.sqrt()]
        };
        let scales: Vec<[f64; 2]> = (0..width).map(scale).collect();
        for row in values.chunks_mut(width) {
            for (value, [mean, deviation]) in row.iter_mut().zip(&scales) {
                *value = (*value - mean) / deviation;
            }
        }
        Self { source, columns, scales, dequantised, values }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.columns.len()
    }

    /// ln of the volume, in the units of the columns, of a unit of standardised volume.
    pub fn log_volume(&self) -> f64 {
        self.scales.iter().map(|[_, deviation]| deviation.ln()).sum()
    }

    /// Standardised rows in the units of the columns.
    pub fn own_units(&self, values: &[f64]) -> Vec<f64> {
        let scales = self.scales.iter().cycle();
        values
            .iter()
            .zip(scales)
            .map(|(value, [mean, deviation])| mean + deviation * value)
            .collect()
    }
}

/// The usual step between neighbouring values of a column that was rounded, and nothing for one
/// most of whose values are different. Without noise of that width the density of rounded numbers
/// would be infinite, and a flow could be as likely as it wants.
fn step(column: &[f64]) -> Option<f64> {
    let mut distinct = column.to_vec();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    if 2 * distinct.len() > column.len() {
        return None;
    }
    let mut steps: Vec<f64> = distinct.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

/// Rows to train on, to stop by, and to test on.
pub struct Split {
    /// How many columns a row has.
    pub width: usize,
    /// Eight tenths of the rows.
    pub train: Vec<f64>,
    /// A tenth.
    pub validation: Vec<f64>,
    /// A tenth.
    pub test: Vec<f64>,
}

impl Split {
    /// A random split.
    pub fn new(rows: &Rows, rng: &mut dyn Rng) -> Self {
        let width = rows.columns.len();
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.shuffle(rng);
        let (held, train) = order.split_at(rows.len() / 5);
        let (validation, test) = held.split_at(held.len() / 2);
        let part = |places: &[usize]| {
            let row = |place: &usize| rows.values[place * width..][..width].iter().copied();
            places.iter().flat_map(row).collect()
        };
        Self { width, train: part(train), validation: part(validation), test: part(test) }
    }

    /// How many rows each part has.
    pub fn sizes(&self) -> [usize; 3] {
        [&self.train, &self.validation, &self.test].map(|part| part.len() / self.width)
    }
}
