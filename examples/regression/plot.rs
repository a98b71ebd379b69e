//! The picture: a panel for each posterior density, and the predictions against the observations.

mod density;
mod predictions;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::common::Problem;
use crate::data::Dataset;
use crate::summary::{Parameter, Summary};

const WIDTH: u32 = 1200;
const HEADER: u32 = 88;
const PANEL_HEIGHT: u32 = 190;
/// How many panels a row may have, the preferred number first.
const PANELS_ACROSS: [usize; 3] = [4, 5, 3];
const PREDICTIONS_HEIGHT: u32 = 620;
const MARGIN: u32 = 24;
/// The longest name that fits above a panel.
const LONGEST_NAME: usize = 30;

const INK: RGBColor = RGBColor(34, 40, 49);
const QUIET: RGBColor = RGBColor(110, 118, 129);
const FAINT: RGBColor = RGBColor(226, 230, 235);
const FITTED: RGBColor = RGBColor(43, 108, 176);
const BAND: RGBColor = RGBColor(190, 214, 240);
const EXACT: RGBColor = RGBColor(198, 93, 14);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The picture as SVG.
///
/// # Errors
///
/// If the plotting library fails.
pub fn draw(data: &Dataset, summary: &Summary) -> Result<String, Problem> {
    let mut picture = String::new();
    compose(&mut picture, data, summary)
        .map_err(|error| Problem(format!("The picture cannot be drawn: {error}.")))?;
    Ok(picture)
}

fn compose(picture: &mut String, data: &Dataset, summary: &Summary) -> Drawn {
    let parameters: Vec<&Parameter> = summary.coefficients.iter().chain([&summary.noise]).collect();
    let empty = |across: &usize| parameters.len().next_multiple_of(*across) - parameters.len();
    let across = PANELS_ACROSS.into_iter().min_by_key(empty).expect("there are choices");
    let down = parameters.len().div_ceil(across);
    let panels_end = HEADER + PANEL_HEIGHT * down as u32;
    let size = (WIDTH, panels_end + PREDICTIONS_HEIGHT);
    let root = SVGBackend::with_string(picture, size).into_drawing_area();
    root.fill(&WHITE)?;
    let (header, rest) = root.split_vertically(HEADER);
    let (panels, predictions) = rest.split_vertically(panels_end - HEADER);
    draw_header(&header, data)?;
    let panels = panels.margin(0, 0, MARGIN - 8, MARGIN - 8).split_evenly((down, across));
    for (panel, parameter) in panels.iter().zip(parameters) {
        density::draw(panel, parameter)?;
    }
    predictions::draw(&predictions, data, summary)?;
    root.present()?;
    Ok(())
}

fn draw_header(area: &Area, data: &Dataset) -> Drawn {
    let units = if data.standardised { ", columns standardised" } else { "" };
    let title = format!("Posterior of the regression of {}", shortened(&data.target.name));
    write_text(area, &format!("{title}{units}"), (MARGIN, 30), 24, INK, HPos::Left)?;
    let swatch = Rectangle::new([(MARGIN as i32, 54), (MARGIN as i32 + 26, 66)], BAND.filled());
    area.draw(&swatch)?;
    let edge = [(MARGIN as i32, 54), (MARGIN as i32 + 26, 54)];
    area.draw(&PathElement::new(edge, FITTED.stroke_width(2)))?;
    let fitted = "variational posterior, its 90 % interval shaded";
    write_text(area, fitted, (MARGIN + 36, 60), 15, QUIET, HPos::Left)?;
    let exact = [(MARGIN as i32 + 400, 60), (MARGIN as i32 + 426, 60)];
    area.draw(&PathElement::new(exact, EXACT.stroke_width(2)))?;
    let exact = "exact posterior of each coefficient, given σ";
    write_text(area, exact, (MARGIN + 436, 60), 15, QUIET, HPos::Left)
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

/// A number on an axis of length `span`, without needless zeros.
fn tick(value: f64, span: f64) -> String {
    let decimals = (2.0 - span.log10().floor()).clamp(0.0, 12.0) as usize;
    let shown = format!("{value:.decimals$}");
    let shown = if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.')
    } else {
        &shown
    };
    if shown == "-0" { "0".to_owned() } else { shown.replace('-', "−") }
}

/// The name, without its middle where it is too long.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let tail = LONGEST_NAME / 3;
    let start = name.chars().take(LONGEST_NAME - 1 - tail);
    start.chain(['…']).chain(name.chars().skip(length - tail)).collect()
}
