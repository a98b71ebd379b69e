//! The columns of a regression, from the columns of a table.

use crate::common::Problem;
use crate::common::table::{Table, counted};
use crate::matrix::{Cholesky, Matrix};

/// The part of a column's variance that others may leave unexplained before it counts as one of
/// their linear combinations: below it, single precision cannot tell.
const COLLINEAR: f64 = 1e-9;

/// A column of numbers, in the units of the model.
pub struct Column {
    /// Its name in the file, or the product `a:b`.
    pub name: String,
    /// The numbers the model sees: (file's number − `center`) / `spread`.
    pub values: Vec<f64>,
    /// What was subtracted; 0 for a raw column.
    pub center: f64,
    /// What was divided by; 1 for a raw column.
    pub spread: f64,
}

/// A target and the features that explain it.
pub struct Dataset {
    /// The file.
    pub source: String,
    /// The column to explain.
    pub target: Column,
    /// The columns that explain it.
    pub features: Vec<Column>,
    /// Columns left out because they hold text.
    pub left_out: Vec<String>,
    /// Whether every column was given mean 0 and standard deviation 1.
    pub standardised: bool,
}

impl Dataset {
    /// Picks `target` and `features` from a table: all other numeric columns where no features
    /// are named. Unless `raw`, each column is standardised.
    pub fn new(
        table: &Table,
        target: &str,
        features: Option<&[String]>,
        raw: bool,
    ) -> Result<Self, Problem> {
        let target_values = table.numbers(target)?;
        let (chosen, left_out) = match features {
            Some(features) => {
                (features.iter().map(|name| name.trim().to_owned()).collect(), Vec::new())
            }
            None => numeric(table, target)?,
        };
        if chosen.is_empty() {
            return Err(Problem(format!(
                "{}, line 1: no numeric column is left to explain `{target}`.",
                table.name()
            )));
        }
        let mut columns = Vec::new();
        for (index, name) in chosen.iter().enumerate() {
            if chosen[..index].contains(name) {
                return Err(Problem(format!("--features: `{name}` is named twice.")));
            }
            columns.push(column(table, name, product(table, target, name)?, raw)?);
        }
        let target = column(table, target, target_values, raw)?;
        let needed = columns.len() + 2;
        if table.len() < needed {
            return Err(table.problem_in(
                &target.name,
                &format!(
                    "{} rows cannot determine {}, an intercept and σ; at least {needed} \
                     are needed",
                    table.len(),
                    counted(columns.len(), "slope"),
                ),
            ));
        }
        check_independent(table, &columns, &target)?;
        Ok(Self { source: table.name(), target, features: columns, left_out, standardised: !raw })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.target.values.len()
    }

    /// The names of the coefficients: the intercept, then the features.
    pub fn coefficients(&self) -> Vec<String> {
        let features = self.features.iter().map(|feature| feature.name.clone());
        std::iter::once("intercept".to_owned()).chain(features).collect()
    }

    /// The design matrix `[coefficients, rows]`, whose first row is ones.
    pub fn design(&self) -> Vec<Vec<f64>> {
        let features = self.features.iter().map(|feature| feature.values.clone());
        std::iter::once(vec![1.0; self.rows()]).chain(features).collect()
    }
}

/// All columns but the target, split into those with numbers and those of text.
fn numeric(table: &Table, target: &str) -> Result<(Vec<String>, Vec<String>), Problem> {
    let (mut numbers, mut text) = (Vec::new(), Vec::new());
    for name in table.columns().filter(|name| *name != target) {
        let place = if table.is_text(name)? { &mut text } else { &mut numbers };
        place.push(name.to_owned());
    }
    Ok((numbers, text))
}

/// The numbers of a feature: of a column, or the product of columns joined by colons.
fn product(table: &Table, target: &str, name: &str) -> Result<Vec<f64>, Problem> {
    let factors: Vec<&str> =
        if table.has(name) { vec![name] } else { name.split(':').map(str::trim).collect() };
    let mut values = vec![1.0; table.len()];
    for factor in factors {
        if factor.is_empty() {
            return Err(Problem(format!("--features: a name is missing in `{name}`.")));
        }
        if factor == target {
            return Err(Problem(format!(
                "{}, line 1, column `{target}`: the target cannot explain itself; take it out of \
                 --features.",
                table.name()
            )));
        }
        for (value, number) in values.iter_mut().zip(table.numbers(factor)?) {
            *value *= number;
        }
    }
    Ok(values)
}

/// The column in the units of the model.
fn column(table: &Table, name: &str, values: Vec<f64>, raw: bool) -> Result<Column, Problem> {
    let first = values[0];
    if values.iter().all(|value| *value == first) {
        let wrong = format!("every number is {first}; a constant column tells nothing");
        return Err(table.problem_in(name, &wrong));
    }
    let center = mean(&values);
    let spread = standard_deviation(&values);
    if raw && !(1e-9..=1e9).contains(&spread) {
        let wrong = format!(
            "the standard deviation {spread:.1e} is out of reach of the priors; choose another \
             unit, or leave --raw out"
        );
        return Err(table.problem_in(name, &wrong));
    }
    if raw && center.abs() > 1e5 * spread {
        let wrong = format!(
            "numbers around {center:.3e} that differ by {spread:.1e} are too alike for single \
             precision; subtract a constant, or leave --raw out"
        );
        return Err(table.problem_in(name, &wrong));
    }
    let (center, spread) = if raw { (0.0, 1.0) } else { (center, spread) };
    let values = values.iter().map(|value| (value - center) / spread).collect();
    Ok(Column { name: name.to_owned(), values, center, spread })
}

/// Refuses features that are linear combinations of earlier ones, and a target that is one of
/// them, which leaves nothing to σ.
fn check_independent(table: &Table, features: &[Column], target: &Column) -> Result<(), Problem> {
    let columns: Vec<Vec<f64>> =
        (features.iter().chain([target])).map(|column| unit(&column.values)).collect();
    let correlation = Matrix::gram(&columns);
    let Err(failed) = Cholesky::new(&correlation, COLLINEAR) else {
        return Ok(());
    };
    let named: Vec<String> =
        (features.iter().take(failed)).map(|feature| format!("`{}`", feature.name)).collect();
    let named = named.join(", ");
    Err(match features.get(failed) {
        Some(feature) => table.problem_in(
            &feature.name,
            &format!("it is a linear combination of {named}, so leave one of them out"),
        ),
        None => table.problem_in(
            &target.name,
            &format!("it is a linear combination of {named}, which leaves no noise to learn"),
        ),
    })
}

/// The values, centred and of length 1.
fn unit(values: &[f64]) -> Vec<f64> {
    let center = mean(values);
    let length = standard_deviation(values) * (values.len() as f64).sqrt();
    values.iter().map(|value| (value - center) / length).collect()
}

/// The average.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation around the mean, with divisor `values.len()`.
pub fn standard_deviation(values: &[f64]) -> f64 {
    let center = mean(values);
    let largest = values.iter().map(|value| (value - center).abs()).fold(0.0, f64::max);
    // Squares of deviations below 1e-154 would underflow to 0, so they are taken relative to the
    // largest; a column whose deviations are all lost to rounding has none.
    if largest == 0.0 {
        return 0.0;
    }
    let squares = values.iter().map(|value| ((value - center) / largest).powi(2));
    largest * (squares.sum::<f64>() / values.len() as f64).sqrt()
}
