//! Colours and texts of the pictures.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub const INK: RGBColor = RGBColor(34, 40, 49);
pub const QUIET: RGBColor = RGBColor(110, 118, 129);
pub const FAINT: RGBColor = RGBColor(226, 230, 235);
pub const FITTED: RGBColor = RGBColor(43, 108, 176);
pub const BARS: RGBColor = RGBColor(214, 222, 232);
pub const TRUTH: RGBColor = RGBColor(198, 93, 14);

pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Writes from `(x, y)` on to the right.
pub fn text(area: &Area, text: &str, (x, y): (i32, i32), size: u32, color: RGBColor) -> Drawn {
    let place = Pos::new(HPos::Left, VPos::Center);
    let style = ("sans-serif", size).into_font().color(&color).pos(place);
    area.draw_text(text, &style, (x, y))?;
    Ok(())
}

/// A line of the legend with its meaning, and where the next one may begin.
pub fn legend(
    area: &Area,
    (x, y): (i32, i32),
    color: RGBColor,
    meaning: &str,
) -> Result<i32, Box<dyn std::error::Error>> {
    area.draw(&PathElement::new([(x, y), (x + 26, y)], color.stroke_width(3)))?;
    text(area, meaning, (x + 34, y), 15, QUIET)?;
    Ok(x + 34 + 8 * meaning.chars().count() as i32 + 30)
}

/// A number of a few digits, with a minus sign.
pub fn number(value: f64) -> String {
    let decimals = (2.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{value:.decimals$}").replace('-', "−")
}

/// A number on an axis, without needless zeros.
pub fn tick(value: f64) -> String {
    let shown = format!("{value:.2}");
    let shown = shown.trim_end_matches('0').trim_end_matches('.');
    if shown == "-0" { "0".to_owned() } else { shown.replace('-', "−") }
}
