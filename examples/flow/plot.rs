//! The pictures.

pub mod pairs;
pub mod plane;

use std::fs::OpenOptions;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::table::Problem;

/// Points a panel shows.
pub const POINTS: usize = 1500;

const INK: RGBColor = RGBColor(34, 40, 49);
const QUIET: RGBColor = RGBColor(110, 118, 129);
const FAINT: RGBColor = RGBColor(226, 230, 235);
const DATA: RGBColor = RGBColor(43, 108, 176);
const DRAWN: RGBColor = RGBColor(198, 93, 14);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Fails, with a sentence, where no picture could be written to `path`; leaves an old one alone.
pub fn check_writable(path: &Path) -> Result<(), Problem> {
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| unwritable(path, &error))
}

/// Writes the picture.
pub fn write(path: &Path, picture: &str) -> Result<(), Problem> {
    std::fs::write(path, picture).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    Problem(format!("{}: the picture cannot be written: {error}.", path.display()))
}

/// Draws on a white page of a size.
fn page(size: (u32, u32), compose: impl FnOnce(&Area) -> Drawn) -> Result<String, Problem> {
    let mut picture = String::new();
    let drawn = (|| -> Drawn {
        let root = SVGBackend::with_string(&mut picture, size).into_drawing_area();
        root.fill(&WHITE)?;
        compose(&root)?;
        root.present()?;
        Ok(())
    })();
    drawn.map_err(|error| Problem(format!("The picture cannot be drawn: {error}.")))?;
    Ok(picture)
}

fn write_text(area: &Area, text: &str, at: (i32, i32), size: u32, color: RGBColor) -> Drawn {
    let place = Pos::new(HPos::Left, VPos::Center);
    let style = ("sans-serif", size).into_font().color(&color).pos(place);
    area.draw_text(text, &style, at)?;
    Ok(())
}
