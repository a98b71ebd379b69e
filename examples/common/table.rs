//! Reading a CSV file, with every complaint naming the file, the line and the column.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};

use super::Problem;

/// Numbers beyond this cannot be told apart, or multiplied, in single precision.
const LARGEST: f64 = 1e18;

/// A CSV file: its header and its rows, as text.
pub struct Table {
    path: PathBuf,
    headers: StringRecord,
    rows: Vec<StringRecord>,
    /// The line in the file that each row starts on.
    lines: Vec<usize>,
}

impl Table {
    /// Reads a file whose first line names the columns.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let text = std::fs::read(path).map_err(|error| Problem::unreadable(path, &error))?;
        // Spreadsheets mark UTF-8 with three bytes that are no part of the first name.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        let lines = Lines::new(text);
        let malformed = |error| malformed(path, &lines, error);
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text);
        let headers = reader.headers().map_err(malformed)?.clone();
        let rows: Vec<StringRecord> =
            reader.records().collect::<Result<_, _>>().map_err(malformed)?;
        let table = Self {
            path: path.to_owned(),
            headers,
            lines: rows.iter().map(|row| lines.at(row.position())).collect(),
            rows,
        };
        table.check_shape()?;
        Ok(table)
    }

    fn check_shape(&self) -> Result<(), Problem> {
        if self.headers.is_empty() {
            return Err(self.problem_at(1, "the file is empty; it needs a line of column names"));
        }
        let mut seen = HashMap::new();
        for (position, name) in self.headers.iter().enumerate() {
            if let Some(first) = seen.insert(name, position) {
                return Err(self.problem_at(
                    1,
                    &format!(
                        "two columns are named `{name}`: the {} and the {}",
                        ordinal(first + 1),
                        ordinal(position + 1)
                    ),
                ));
            }
        }
        match *self.lines.as_slice() {
            [] => Err(self.problem_at(1, "no row follows the column names")),
            [only] => Err(self.problem_at(only, "this is the only row; at least two are needed")),
            _ => Ok(()),
        }
    }

    /// The file's name, as the user gave it.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.headers.iter()
    }

    /// Whether there is a column of this name.
    pub fn has(&self, column: &str) -> bool {
        self.columns().any(|name| name == column)
    }

    /// Whether a column is text throughout: none of its cells is a number. A column with some
    /// numbers is not: its other cells are mistakes that the user should hear of.
    pub fn is_text(&self, column: &str) -> Result<bool, Problem> {
        let position = self.position(column)?;
        let mut cells = self.rows.iter().map(|row| &row[position]);
        Ok(cells.all(|cell| !cell.parse().is_ok_and(f64::is_finite)))
    }

    /// The numbers of a column.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>, Problem> {
        let position = self.position(column)?;
        (self.rows.iter().zip(&self.lines))
            .map(|(row, line)| {
                number(&row[position]).map_err(|wrong| {
                    let file = self.name();
                    Problem(format!("{file}, line {line}, column `{column}`: {wrong}."))
                })
            })
            .collect()
    }

    /// A complaint about all rows of a column.
    pub fn problem_in(&self, column: &str, wrong: &str) -> Problem {
        let (first, last) = (self.lines[0], self.lines[self.lines.len() - 1]);
        Problem(format!("{}, lines {first} to {last}, column `{column}`: {wrong}.", self.name()))
    }

    fn problem_at(&self, line: usize, wrong: &str) -> Problem {
        Problem(format!("{}, line {line}: {wrong}.", self.name()))
    }

    fn position(&self, column: &str) -> Result<usize, Problem> {
        let position = self.columns().position(|name| name == column);
        position.ok_or_else(|| {
            let known: Vec<String> = self.columns().map(|name| format!("`{name}`")).collect();
            self.problem_at(
                1,
                &format!("there is no column `{column}`; the columns are {}", known.join(", ")),
            )
        })
    }
}

/// Finds the line that a record starts on. The reader's own count is behind after blank lines and
/// carriage returns, which it skips only when it reads on.
struct Lines<'a> {
    text: &'a [u8],
    /// Where each line ends.
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8]) -> Self {
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        Self { text, ends: ends.map(|(at, _)| at).collect() }
    }

    fn at(&self, position: Option<&Position>) -> usize {
        let behind = position.map_or(0, |position| position.byte() as usize);
        let blank = self.text[behind..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let start = behind + blank.count();
        1 + self.ends.partition_point(|end| *end < start)
    }
}

/// The number in a cell, or what is wrong with it.
fn number(cell: &str) -> Result<f64, String> {
    if cell.is_empty() {
        return Err("the cell is empty".into());
    }
    let number: f64 = cell.parse().map_err(|_| format!("`{cell}` is not a number"))?;
    if !number.is_finite() {
        return Err(format!("`{cell}` is not a finite number"));
    }
    if number.abs() > LARGEST {
        return Err(format!("`{cell}` is too large for single precision; choose another unit"));
    }
    Ok(number)
}

/// What the CSV reader found wrong.
fn malformed(path: &Path, lines: &Lines, error: csv::Error) -> Problem {
    let path = path.display();
    let at = lines.at(error.position());
    Problem(match error.into_kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => format!(
            "{path}, line {at}: the row has {}, but line 1 names {}.",
            counted(len as usize, "cell"),
            counted(expected_len as usize, "column")
        ),
        ErrorKind::Utf8 { err, .. } => format!(
            "{path}, line {at}, {} column: the text is not UTF-8.",
            ordinal(err.field() + 1)
        ),
        ErrorKind::Io(error) => format!("{path}: the file cannot be read: {error}."),
        other => format!("{path}, line {at}: this is not CSV: {other:?}."),
    })
}

/// 1 cell, 2 cells, …
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// 1st, 2nd, 3rd, 4th, …
fn ordinal(number: usize) -> String {
    let suffix = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}
