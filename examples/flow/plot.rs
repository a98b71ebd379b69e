//! The pictures.

pub mod pairs;
pub mod plane;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::common::Problem;

/// Points a panel shows.
pub const POINTS: usize = 1500;

const INK: RGBColor = RGBColor(34, 40, 49);
const QUIET: RGBColor = RGBColor(110, 118, 129);
const FAINT: RGBColor = RGBColor(226, 230, 235);
const DATA: RGBColor = RGBColor(43, 108, 176);
const DRAWN: RGBColor = RGBColor(198, 93, 14);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

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
