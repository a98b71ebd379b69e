//! Calibration, and what noise does.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, COLORS, Drawn, FAINT, INK, QUIET, write_text};
use crate::evaluate::{BINS, Score};
use crate::experiment::{Experiment, Sweep};

/// Bins with fewer predictions, over all experiments, are not drawn: their accuracy is noise.
const FEWEST: usize = 20;

/// Accuracy against confidence under noise, all experiments together; a calibrated version lies on the
/// diagonal.
pub fn calibration(area: &Area, experiments: &[Experiment]) -> Drawn {
    let title = "how often right, by confidence, under noise";
    write_text(area, title, (16, 14), 15, INK, HPos::Left)?;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_top(34)
        .x_label_area_size(28)
        .y_label_area_size(40)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .axis_style(FAINT.stroke_width(1))
        .label_style(("sans-serif", 12).into_font().color(&QUIET))
        .x_labels(5)
        .y_labels(5)
        .draw()?;
    chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], QUIET.stroke_width(1)))?;
    for (version, color) in COLORS.iter().enumerate() {
        let points: Vec<(f64, f64)> =
            (0..BINS).filter_map(|bin| pooled(experiments, version, bin)).collect();
        chart.draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)))?;
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 3, color.filled())))?;
    }
    Ok(())
}

/// Confidence and accuracy in one bin of all experiments.
fn pooled(experiments: &[Experiment], version: usize, bin: usize) -> Option<(f64, f64)> {
    let (mut count, mut confidence, mut accuracy) = (0, 0.0, 0.0);
    for experiment in experiments {
        let bin = &experiment.outcomes[version].noisy.calibration.bins[bin];
        count += bin.count;
        confidence += bin.confidence * bin.count as f64;
        accuracy += bin.accuracy * bin.count as f64;
    }
    (count >= FEWEST).then(|| (confidence / count as f64, accuracy / count as f64))
}

/// A measure against the noise on the images.
pub fn against_noise(area: &Area, title: &str, sweep: &Sweep, measure: fn(&Score) -> f64) -> Drawn {
    write_text(area, &format!("{title}, by noise"), (16, 14), 15, INK, HPos::Left)?;
    let curves: Vec<Vec<(f64, f64)>> = (sweep.scores.iter())
        .map(|scores| sweep.levels.iter().copied().zip(scores.iter().map(measure)).collect())
        .collect();
    let top = curves.iter().flatten().map(|point| point.1).filter(|value| value.is_finite());
    let top = top.fold(0.1, f64::max) * 1.05;
    let most = sweep.levels.last().copied().unwrap_or(1.0);
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_top(34)
        .x_label_area_size(28)
        .y_label_area_size(40)
        .build_cartesian_2d(0.0..most, 0.0..top)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .axis_style(FAINT.stroke_width(1))
        .label_style(("sans-serif", 12).into_font().color(&QUIET))
        .x_labels(5)
        .y_labels(5)
        .draw()?;
    for (curve, color) in curves.into_iter().zip(COLORS) {
        chart.draw_series(LineSeries::new(curve, color.stroke_width(2)))?;
    }
    Ok(())
}
