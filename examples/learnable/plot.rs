//! The picture: a panel for each fit.

use plotters::prelude::*;

use crate::common::Problem;
use crate::common::chart::{
    Area, BARS, Drawn, FAINT, FITTED, INK, QUIET, TRUTH, legend, text, tick,
};
use crate::outcome::{Outcome, Panel};

const ACROSS: usize = 3;
const PANEL: (u32, u32) = (380, 260);
const HEADER: u32 = 90;

/// The picture as SVG.
pub fn draw(outcomes: &[Outcome]) -> Result<String, Problem> {
    let mut picture = String::new();
    compose(&mut picture, outcomes)
        .map_err(|error| Problem(format!("The picture cannot be drawn: {error}.")))?;
    Ok(picture)
}

fn compose(picture: &mut String, outcomes: &[Outcome]) -> Drawn {
    let down = outcomes.len().div_ceil(ACROSS);
    let size = (PANEL.0 * ACROSS as u32, HEADER + PANEL.1 * down as u32);
    let root = SVGBackend::with_string(picture, size).into_drawing_area();
    root.fill(&WHITE)?;
    let (header, panels) = root.split_vertically(HEADER);
    text(&header, "One training loop, whatever the family", (24, 30), 24, INK)?;
    let next = legend(&header, (24, 64), BARS, "samples")?;
    let next = legend(&header, (next, 64), TRUTH, "the law they are drawn from, or the target")?;
    legend(&header, (next, 64), FITTED, "fitted by gradient")?;
    for (area, outcome) in panels.split_evenly((down, ACROSS)).iter().zip(outcomes) {
        text(area, outcome.name, (24, 20), 16, INK)?;
        match &outcome.panel {
            Panel::Line { x, histogram, truth, fitted } => {
                line(area, x, histogram, [truth, fitted])?;
            }
            Panel::Plane { points, truth, fitted } => plane(area, points, &[], [truth, fitted])?,
            Panel::Cloud { points, draws } => plane(area, points, draws, [&[]; 2])?,
        }
    }
    root.present()?;
    Ok(())
}

fn line(area: &Area, x: &[f64], histogram: &[f64], [truth, fitted]: [&[f64]; 2]) -> Drawn {
    let (low, high) = (x[0], x[x.len() - 1]);
    // A density that is infinite at an edge would leave no room for the rest.
    let mut heights: Vec<f64> =
        truth.iter().chain(fitted).copied().filter(|height| height.is_finite()).collect();
    heights.sort_by(f64::total_cmp);
    let top = 1.15 * heights[(heights.len() - 1) * 99 / 100];
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .margin_top(34)
        .x_label_area_size(24)
        .build_cartesian_2d(low..high, 0.0..top)?;
    let formatter = |value: &f64| tick(*value);
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_x_mesh()
        .y_labels(0)
        .x_labels(5)
        .x_label_formatter(&formatter)
        .axis_style(FAINT)
        .label_style(("sans-serif", 13).into_font().color(&QUIET))
        .draw()?;
    let width = (high - low) / histogram.len().max(1) as f64;
    chart.draw_series(histogram.iter().enumerate().map(|(bin, height)| {
        let from = low + bin as f64 * width;
        Rectangle::new([(from, 0.0), (from + width, height.min(top))], BARS.filled())
    }))?;
    for (curve, color) in [(truth, TRUTH), (fitted, FITTED)] {
        let points = x.iter().zip(curve).map(|(x, y)| (*x, y.min(top)));
        chart.draw_series(LineSeries::new(points, color.stroke_width(2)))?;
    }
    Ok(())
}

type Points = [(f64, f64)];

fn plane(area: &Area, points: &Points, draws: &Points, ellipses: [&Points; 2]) -> Drawn {
    let range = |of: fn(&(f64, f64)) -> f64| {
        let low = points.iter().map(of).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        low..high
    };
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .margin_top(34)
        .x_label_area_size(24)
        .build_cartesian_2d(range(|point| point.0), range(|point| point.1))?;
    let formatter = |value: &f64| tick(*value);
    chart
        .configure_mesh()
        .disable_mesh()
        .y_labels(0)
        .x_labels(5)
        .x_label_formatter(&formatter)
        .axis_style(FAINT)
        .label_style(("sans-serif", 13).into_font().color(&QUIET))
        .draw()?;
    chart.draw_series(points.iter().map(|point| Circle::new(*point, 2, BARS.filled())))?;
    let (across, up) = (range(|point| point.0), range(|point| point.1));
    let seen = draws.iter().filter(|point| across.contains(&point.0) && up.contains(&point.1));
    chart.draw_series(seen.map(|point| Circle::new(*point, 1, FITTED.filled())))?;
    for (ellipse, color) in ellipses.into_iter().zip([TRUTH, FITTED]) {
        let path = ellipse.iter().copied();
        chart.draw_series(LineSeries::new(path, color.stroke_width(2)))?;
    }
    Ok(())
}
