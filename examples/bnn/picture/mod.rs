//! The picture: digits with what each version says of them, calibration, and growing noise.

mod curves;
mod digits;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::common::Problem;
use crate::experiment::{Experiment, NOISE, Sweep};
use crate::train::Version;

const WIDTH: u32 = 1200;
const HEADER: u32 = 84;
const DIGITS_HEIGHT: u32 = 324;
const CURVES_HEIGHT: u32 = 400;
const MARGIN: u32 = 24;

const INK: RGBColor = RGBColor(34, 40, 49);
const QUIET: RGBColor = RGBColor(110, 118, 129);
const FAINT: RGBColor = RGBColor(226, 230, 235);
/// The colours of [`Version::ALL`]: apart also without red and green.
const COLORS: [RGBColor; 3] =
    [RGBColor(198, 93, 14), RGBColor(140, 140, 140), RGBColor(43, 108, 176)];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The picture as SVG.
///
/// # Errors
///
/// If the plotting library fails.
pub fn draw(experiments: &[Experiment], sweep: &Sweep) -> Result<String, Problem> {
    let mut picture = String::new();
    compose(&mut picture, experiments, sweep)
        .map_err(|error| Problem(format!("The picture cannot be drawn: {error}.")))?;
    Ok(picture)
}

fn compose(picture: &mut String, experiments: &[Experiment], sweep: &Sweep) -> Drawn {
    let size = (WIDTH, HEADER + DIGITS_HEIGHT + CURVES_HEIGHT);
    let root = SVGBackend::with_string(picture, size).into_drawing_area();
    root.fill(&WHITE)?;
    let (header, rest) = root.split_vertically(HEADER);
    let (shown, lower) = rest.split_vertically(DIGITS_HEIGHT);
    draw_header(&header)?;
    let columns = shown.margin(0, 0, MARGIN, MARGIN).split_evenly((1, sweep.shown.len().max(1)));
    for (column, pair) in columns.iter().zip(&sweep.shown) {
        let rows = column.split_evenly((2, 1));
        for (row, shown) in rows.iter().zip(pair) {
            digits::draw(row, shown)?;
        }
    }
    let panels = lower.margin(0, 8, MARGIN, MARGIN).split_evenly((1, 3));
    curves::calibration(&panels[0], experiments)?;
    curves::against_noise(&panels[1], "− ln p of the truth, nats", sweep, |score| {
        score.negative_log_likelihood
    })?;
    curves::against_noise(&panels[2], "entropy of the prediction, nats", sweep, |score| {
        score.entropy
    })?;
    root.present()?;
    Ok(())
}

fn draw_header(area: &Area) -> Drawn {
    let title = format!(
        "What three versions of a network say of held-out digits, clean and under noise {NOISE}"
    );
    write_text(area, &title, (MARGIN, 30), 22, INK, HPos::Left)?;
    for (index, version) in Version::ALL.into_iter().enumerate() {
        let left = (MARGIN + 190 * index as u32) as i32;
        let swatch = Rectangle::new([(left, 54), (left + 26, 66)], COLORS[index].filled());
        area.draw(&swatch)?;
        write_text(area, version.name(), (left as u32 + 36, 60), 15, QUIET, HPos::Left)?;
    }
    Ok(())
}

fn write_text(
    area: &Area,
    text: &str,
    (x, y): (u32, u32),
    size: u32,
    color: RGBColor,
    side: HPos,
) -> Drawn {
    let style = ("sans-serif", size).into_font().color(&color).pos(Pos::new(side, VPos::Center));
    area.draw_text(text, &style, (x as i32, y as i32))?;
    Ok(())
}
