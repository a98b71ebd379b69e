//! The predictive interval of each row beside its observation.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{
    Area, BAND, Drawn, EXACT, FAINT, FITTED, INK, MARGIN, QUIET, WIDTH, shortened, tick, write_text,
};
use crate::data::Dataset;
use crate::summary::{Prediction, Summary};

/// Rows beyond which the predictions are thinned: the eye and the viewer take no more.
const MOST_POINTS: usize = 1500;

/// Draws the chart.
pub fn draw(area: &Area, data: &Dataset, summary: &Summary) -> Drawn {
    let all = &summary.predictions;
    let every = all.len().div_ceil(MOST_POINTS);
    let shown: Vec<Prediction> = all.iter().step_by(every).copied().collect();
    let title = format!("Predictions of {}", shortened(&data.target.name));
    write_text(area, &title, (MARGIN, 34), 20, INK, HPos::Left)?;
    let share = 100.0 * summary.covered() as f64 / all.len() as f64;
    let thinned = if every > 1 { format!("; one row in {every} is drawn") } else { String::new() };
    let note = format!(
        "Bars are 90 % predictive intervals. They hold {} of {} observations ({share:.1} %){thinned}.",
        summary.covered(),
        all.len(),
    );
    write_text(area, &note, (MARGIN, 60), 15, QUIET, HPos::Left)?;
    draw_legend(area)?;

    let x = padded(shown.iter().map(|row| row.mean));
    let heights = shown.iter().flat_map(|row| [row.interval[0], row.interval[1], row.observed]);
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
    chart.draw_series(LineSeries::new([(from, from), (to, to)], QUIET.stroke_width(1)))?;
    chart.draw_series(shown.iter().map(|row| {
        let color = if row.covers() { FITTED } else { EXACT };
        Circle::new((row.mean, row.observed), 3, color.mix(0.85).filled())
    }))?;
    Ok(())
}

/// What the dots mean, to the right of the title.
fn draw_legend(area: &Area) -> Drawn {
    let entries = [(FITTED, "inside its interval", 470), (EXACT, "outside", 300)];
    for (color, label, from_right) in entries {
        let x = WIDTH - from_right;
        area.draw(&Circle::new((x as i32, 34), 4, color.filled()))?;
        write_text(area, label, (x + 10, 34), 15, QUIET, HPos::Left)?;
    }
    let x = (WIDTH - 196) as i32;
    area.draw(&PathElement::new([(x, 34), (x + 22, 34)], QUIET.stroke_width(1)))?;
    write_text(area, "observed = mean", (WIDTH - 164, 34), 15, QUIET, HPos::Left)
}

/// The range of the values, with a little room at both ends.
fn padded(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let room = 0.03 * (high - low).max(f64::MIN_POSITIVE);
    (low - room, high + room)
}
