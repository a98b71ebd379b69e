//! The picture: a panel for each posterior density, and the predictions against the observations.

use std::fs::OpenOptions;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::data::Dataset;
use crate::report::significant;
use crate::summary::{Parameter, Prediction, Summary};
use crate::table::Problem;

const WIDTH: u32 = 1200;
const HEADER: u32 = 88;
const PANEL_HEIGHT: u32 = 190;
/// How many panels a row may have, the preferred number first.
const PANELS_ACROSS: [usize; 3] = [4, 5, 3];
const PREDICTIONS_HEIGHT: u32 = 620;
const MARGIN: u32 = 24;
/// Rows beyond which the predictions are thinned: the eye and the viewer take no more.
const MOST_POINTS: usize = 1500;
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
    Problem(format!(
        "{}: the picture cannot be written: {error}.",
        path.display()
    ))
}

fn compose(picture: &mut String, data: &Dataset, summary: &Summary) -> Drawn {
    let parameters: Vec<&Parameter> = summary
        .coefficients
        .iter()
        .chain([&summary.noise])
        .collect();
    let empty = |across: &usize| parameters.len().next_multiple_of(*across) - parameters.len();
    let across = PANELS_ACROSS
        .into_iter()
        .min_by_key(empty)
        .expect("there are choices");
    let down = parameters.len().div_ceil(across);
    let panels_end = HEADER + PANEL_HEIGHT * down as u32;
    let size = (WIDTH, panels_end + PREDICTIONS_HEIGHT);
    let root = SVGBackend::with_string(picture, size).into_drawing_area();
    root.fill(&WHITE)?;
    let (header, rest) = root.split_vertically(HEADER);
    let (panels, predictions) = rest.split_vertically(panels_end - HEADER);
    draw_header(&header, data)?;
    let panels = panels
        .margin(0, 0, MARGIN - 8, MARGIN - 8)
        .split_evenly((down, across));
    for (panel, parameter) in panels.iter().zip(parameters) {
        draw_density(panel, parameter)?;
    }
    draw_predictions(&predictions, data, summary)?;
    root.present()?;
    Ok(())
}

fn draw_header(area: &Area, data: &Dataset) -> Drawn {
    let units = if data.standardised {
        ", columns standardised"
    } else {
        ""
    };
    let title = format!(
        "Posterior of the regression of {}",
        shortened(&data.target.name)
    );
    write_text(
        area,
        &format!("{title}{units}"),
        (MARGIN, 30),
        24,
        INK,
        HPos::Left,
    )?;
    let swatch = Rectangle::new(
        [(MARGIN as i32, 54), (MARGIN as i32 + 26, 66)],
        BAND.filled(),
    );
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

fn draw_density(area: &Area, parameter: &Parameter) -> Drawn {
    let name = shortened(&parameter.name);
    write_text(area, &name, (16, 20), 16, INK, HPos::Left)?;
    let show = |value| significant(value, parameter.sd);
    let moments = format!("{} ± {}", show(parameter.mean), show(parameter.sd)).replace('-', "−");
    write_text(area, &moments, (16, 39), 13, QUIET, HPos::Left)?;

    let curve = &parameter.density;
    let exact: Vec<(f64, f64)> = parameter.exact.map_or(Vec::new(), |exact| {
        let density = |x| normal_density(x, exact.mean, exact.marginal);
        curve.iter().map(|&(x, _)| (x, density(x))).collect()
    });
    let top = curve
        .iter()
        .chain(&exact)
        .map(|point| point.1)
        .fold(0.0, f64::max);
    let (low, high) = (curve[0].0, curve[curve.len() - 1].0);
    let mut chart = ChartBuilder::on(area)
        .margin_left(16)
        .margin_right(16)
        .margin_top(46)
        .margin_bottom(4)
        .x_label_area_size(26)
        .build_cartesian_2d(low..high, 0.0..top * 1.04)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .disable_y_axis()
        .x_labels(4)
        .x_label_formatter(&|x| tick(*x, high - low))
        .axis_style(FAINT.stroke_width(1))
        .label_style(("sans-serif", 12).into_font().color(&QUIET))
        .draw()?;
    let [from, to] = parameter.interval;
    let within: Vec<(f64, f64)> = inside(curve, from, to);
    chart.draw_series(AreaSeries::new(within, 0.0, BAND))?;
    chart.draw_series(LineSeries::new(exact, EXACT.stroke_width(2)))?;
    chart.draw_series(LineSeries::new(
        curve.iter().copied(),
        FITTED.stroke_width(2),
    ))?;
    Ok(())
}

/// The part of a curve between `from` and `to`, whose ends are interpolated.
fn inside(curve: &[(f64, f64)], from: f64, to: f64) -> Vec<(f64, f64)> {
    let at = |x: f64| {
        let pair = curve
            .windows(2)
            .find(|pair| (pair[0].0..=pair[1].0).contains(&x));
        pair.map(|pair| {
            let share = (x - pair[0].0) / (pair[1].0 - pair[0].0);
            (x, pair[0].1 + share * (pair[1].1 - pair[0].1))
        })
    };
    let between = curve.iter().copied().filter(|&(x, _)| x > from && x < to);
    at(from).into_iter().chain(between).chain(at(to)).collect()
}

fn draw_predictions(area: &Area, data: &Dataset, summary: &Summary) -> Drawn {
    let all = &summary.predictions;
    let every = all.len().div_ceil(MOST_POINTS);
    let shown: Vec<Prediction> = all.iter().step_by(every).copied().collect();
    let title = format!("Predictions of {}", shortened(&data.target.name));
    write_text(area, &title, (MARGIN, 34), 20, INK, HPos::Left)?;
    let share = 100.0 * summary.covered() as f64 / all.len() as f64;
    let thinned = if every > 1 {
        format!("; one row in {every} is drawn")
    } else {
        String::new()
    };
    let note = format!(
        "Bars are 90 % predictive intervals. They hold {} of {} observations ({share:.1} %){thinned}.",
        summary.covered(),
        all.len(),
    );
    write_text(area, &note, (MARGIN, 60), 15, QUIET, HPos::Left)?;
    draw_legend(area)?;

    let x = padded(shown.iter().map(|row| row.mean));
    let heights = shown
        .iter()
        .flat_map(|row| [row.interval[0], row.interval[1], row.observed]);
    let y = padded(heights);
    let (width, height) = (x.1 - x.0, y.1 - y.0);
    let mut chart = ChartBuilder::on(area)
        .margin_left(MARGIN)
        .margin_right(MARGIN + 8)
        .margin_top(84)
        .margin_bottom(12)
        .x_label_area_size(48)
        .y_label_area_size(64)
        .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .axis_style(FAINT)
        .x_labels(9)
        .y_labels(8)
        .x_label_formatter(&|x| tick(*x, width))
        .y_label_formatter(&|y| tick(*y, height))
        .x_desc("predicted mean")
        .y_desc("observed")
        .label_style(("sans-serif", 13).into_font().color(&QUIET))
        .axis_desc_style(("sans-serif", 15).into_font().color(&INK))
        .draw()?;
    chart.draw_series(shown.iter().map(|row| {
        let ends = row.interval.map(|end| (row.mean, end));
        PathElement::new(ends, BAND.mix(0.7).stroke_width(2))
    }))?;
    let (from, to) = (x.0.max(y.0), x.1.min(y.1));
    chart.draw_series(LineSeries::new(
        [(from, from), (to, to)],
        QUIET.stroke_width(1),
    ))?;
    chart.draw_series(shown.iter().map(|row| {
        let color = if row.covers() { FITTED } else { EXACT };
        Circle::new((row.mean, row.observed), 3, color.mix(0.85).filled())
    }))?;
    Ok(())
}

/// What the dots mean, to the right of the title.
fn draw_legend(area: &Area) -> Drawn {
    let entries = [
        (FITTED, "inside its interval", 470),
        (EXACT, "outside", 300),
    ];
    for (color, label, from_right) in entries {
        let x = WIDTH - from_right;
        area.draw(&Circle::new((x as i32, 34), 4, color.filled()))?;
        write_text(area, label, (x + 10, 34), 15, QUIET, HPos::Left)?;
    }
    let x = (WIDTH - 196) as i32;
    area.draw(&PathElement::new(
        [(x, 34), (x + 22, 34)],
        QUIET.stroke_width(1),
    ))?;
    write_text(
        area,
        "observed = mean",
        (WIDTH - 164, 34),
        15,
        QUIET,
        HPos::Left,
    )
}

fn write_text(
    area: &Area,
    text: &str,
    (x, y): (u32, u32),
    size: u32,
    color: RGBColor,
    side: HPos,
) -> Drawn {
    let style = ("sans-serif", size)
        .into_font()
        .color(&color)
        .pos(Pos::new(side, VPos::Center));
    area.draw_text(text, &style, (x as i32, y as i32))?;
    Ok(())
}

fn normal_density(x: f64, mean: f64, sd: f64) -> f64 {
    (-0.5 * ((x - mean) / sd).powi(2)).exp() / (sd * std::f64::consts::TAU.sqrt())
}

/// The range of the values, with a little room at both ends.
fn padded(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    let room = 0.03 * (high - low).max(f64::MIN_POSITIVE);
    (low - room, high + room)
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
    if shown == "-0" {
        "0".to_owned()
    } else {
        shown.replace('-', "−")
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}
