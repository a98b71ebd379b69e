//! The picture.
use std::path::Path;
use crate::data::Dataset;
use crate::summary::Summary;
use crate::table::Problem;
pub fn draw(_: &Dataset, _: &Summary) -> Result<String, Problem> { Ok(String::new()) }
/// Writes the picture.
pub fn write(path: &Path, picture: &str) -> Result<(), Problem> {
    std::fs::write(path, picture)
        .map_err(|error| Problem(format!("{}: the picture cannot be written: {error}.", path.display())))
}
