//! Rows of a table, and draws of a flow below them: each column against the next.

use plotters::prelude::*;

use super::{Area, DATA, DRAWN, Drawn, FAINT, INK, POINTS, QUIET, page, write_text};
use crate::common::Problem;
use crate::data::{Rows, Split};

const PANEL: u32 = 300;
const HEADER: u32 = 48;
/// The most pairs a picture shows.
const MOST: usize = 6;

/// The picture as SVG; `draws` are in the units of the columns.
///
/// # Errors
///
/// If the plotting library fails.
pub fn draw(rows: &Rows, split: &Split, draws: &[f64]) -> Result<String, Problem> {
    let width = rows.columns.len();
    let pairs = MOST.min(width - 1);
    let known = rows.own_units(&split.train);
    page((pairs as u32 * PANEL, HEADER + 2 * PANEL), |root| {
        let (header, panels) = root.split_vertically(HEADER);
        let title = "Rows of the data (above), and draws of the neural spline flow (below)";
        write_text(&header, title, (20, 28), 20, INK)?;
        let panels = panels.split_evenly((2, pairs));
        for pair in 0..pairs {
            let ranges = [pair, pair + 1].map(|column| range(&known, column, width));
            for (row, (values, color)) in
                [(&known[..], DATA), (draws, DRAWN)].into_iter().enumerate()
            {
                let points = values
                    .chunks_exact(width)
                    .take(POINTS)
                    .map(|row| (row[pair], row[pair + 1]))
                    .collect();
                let names = [&rows.columns[pair], &rows.columns[pair + 1]];
                scatter(&panels[row * pairs + pair], points, &ranges, names, color)?;
            }
        }
        Ok(())
    })
}

/// From the lowest to the highest value of a column.
fn range(values: &[f64], column: usize, width: usize) -> [f64; 2] {
    let column = || values.iter().skip(column).step_by(width).copied();
    let low = column().fold(f64::INFINITY, f64::min);
    let high = column().fold(f64::NEG_INFINITY, f64::max);
    let room = 0.03 * (high - low);
    [low - room, high + room]
}

fn scatter(
    area: &Area,
    points: Vec<(f64, f64)>,
    [x, y]: &[[f64; 2]; 2],
    [x_name, y_name]: [&String; 2],
    color: RGBColor,
) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin(10)
        .x_label_area_size(34)
        .y_label_area_size(58)
        .build_cartesian_2d(x[0]..x[1], y[0]..y[1])?;
    let label = ("sans-serif", 12).into_font().color(&QUIET);
    chart
        .configure_mesh()
        .disable_mesh()
        .x_labels(4)
        .y_labels(4)
        .x_desc(x_name)
        .y_desc(y_name)
        .axis_style(FAINT.stroke_width(1))
        .label_style(label)
        .draw()?;
    let inside = |&(a, b): &(f64, f64)| a > x[0] && a < x[1] && b > y[0] && b < y[1];
    let dots = points.into_iter().filter(inside);
    chart.draw_series(dots.map(|point| Circle::new(point, 1, color.mix(0.5).filled())))?;
    Ok(())
}
