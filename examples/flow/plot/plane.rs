//! A density over the plane: what it was learnt from, what was learnt, and draws of that.

use plotters::prelude::*;

use super::{Area, DATA, DRAWN, Drawn, FAINT, INK, POINTS, QUIET, page, write_text};
use crate::common::Problem;
use crate::data::Rows;
use crate::targets::Target;

const PANEL: u32 = 400;
const HEADER: u32 = 64;
/// Cells along a side of the density's grid.
const CELLS: usize = 120;
/// Shades of the density.
const SHADES: usize = 24;

/// The picture as SVG; `draws` are in the units of the plane.
///
/// # Errors
///
/// If the plotting library fails.
pub fn draw(
    target: Target,
    rows: &Rows,
    density: &dyn Fn(&[[f64; 2]]) -> Vec<f64>,
    draws: &[f64],
) -> Result<String, Problem> {
    let reach = target.reach();
    page((3 * PANEL, HEADER + PANEL), |root| {
        let (header, panels) = root.split_vertically(HEADER);
        let title = format!("{}, learnt by a neural spline flow", target.title());
        write_text(&header, &title, (20, 26), 22, INK)?;
        let titles = ["draws of the target", "density of the flow", "draws of the flow"];
        for (index, title) in titles.into_iter().enumerate() {
            write_text(&header, title, (20 + (index as u32 * PANEL) as i32, 52), 14, QUIET)?;
        }
        let panels = panels.split_evenly((1, 3));
        let known = rows.own_units(&rows.values[..2 * POINTS]);
        scatter(&panels[0], &known, reach, DATA)?;
        shade(&panels[1], density, reach)?;
        scatter(&panels[2], draws, reach, DRAWN)
    })
}

fn scatter(area: &Area, points: &[f64], reach: f64, color: RGBColor) -> Drawn {
    let mut chart =
        ChartBuilder::on(area).margin(12).build_cartesian_2d(-reach..reach, -reach..reach)?;
    chart.configure_mesh().disable_mesh().disable_axes().draw()?;
    let inside = |point: &&[f64]| point.iter().all(|x| x.abs() < reach);
    let dots = points.chunks_exact(2).filter(inside);
    chart.draw_series(
        dots.map(|point| Circle::new((point[0], point[1]), 1, color.mix(0.6).filled())),
    )?;
    frame(&mut chart, reach)
}

fn shade(area: &Area, density: &dyn Fn(&[[f64; 2]]) -> Vec<f64>, reach: f64) -> Drawn {
    let mut chart =
        ChartBuilder::on(area).margin(12).build_cartesian_2d(-reach..reach, -reach..reach)?;
    chart.configure_mesh().disable_mesh().disable_axes().draw()?;
    let width = 2.0 * reach / CELLS as f64;
    let edge = |cell: usize| cell as f64 * width - reach;
    let points: Vec<[f64; 2]> = (0..CELLS * CELLS)
        .map(|at| [at % CELLS, at / CELLS].map(|cell| edge(cell) + 0.5 * width))
        .collect();
    let values = density(&points);
    // The few highest cells would leave all others pale.
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let top = sorted[sorted.len() * 99 / 100].max(f64::MIN_POSITIVE);
    let level = |value: f64| ((value / top).clamp(0.0, 1.0) * SHADES as f64).round() as usize;
    for (row, values) in values.chunks(CELLS).enumerate() {
        // Neighbours of one shade are one rectangle: the file stays small.
        let mut start = 0;
        for end in 1..=CELLS {
            let shade = level(values[start]);
            if end < CELLS && level(values[end]) == shade {
                continue;
            }
            if shade > 0 {
                let corners = [(edge(start), edge(row)), (edge(end), edge(row + 1))];
                chart.draw_series([Rectangle::new(corners, color(shade).filled())])?;
            }
            start = end;
        }
    }
    frame(&mut chart, reach)
}

/// From white over blue to a dark blue.
fn color(shade: usize) -> RGBColor {
    let stops = [[255.0, 255.0, 255.0], [120.0, 170.0, 220.0], [12.0, 44.0, 92.0]];
    let along = shade as f64 / SHADES as f64 * 2.0;
    let low = (along as usize).min(1);
    let part = along - low as f64;
    let [red, green, blue] = [0, 1, 2].map(|channel| {
        let (from, to): (f64, f64) = (stops[low][channel], stops[low + 1][channel]);
        (from + part * (to - from)).round() as u8
    });
    RGBColor(red, green, blue)
}

type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn frame(chart: &mut Chart<'_, '_>, reach: f64) -> Drawn {
    let corners = [(-reach, -reach), (reach, reach)];
    chart.draw_series([Rectangle::new(corners, FAINT.stroke_width(1))])?;
    Ok(())
}
