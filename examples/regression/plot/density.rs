//! The panel of one parameter: its fitted density, and the exact one where there is one.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, BAND, Drawn, EXACT, FAINT, FITTED, INK, QUIET, shortened, tick, write_text};
use crate::report::significant;
use crate::summary::Parameter;

/// Draws the panel.
pub fn draw(area: &Area, parameter: &Parameter) -> Drawn {
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
    let top = curve.iter().chain(&exact).map(|point| point.1).fold(0.0, f64::max);
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
    chart.draw_series(LineSeries::new(curve.iter().copied(), FITTED.stroke_width(2)))?;
    Ok(())
}

/// The part of a curve between `from` and `to`, whose ends are interpolated.
fn inside(curve: &[(f64, f64)], from: f64, to: f64) -> Vec<(f64, f64)> {
    let at = |x: f64| {
        let pair = curve.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&x));
        pair.map(|pair| {
            let share = (x - pair[0].0) / (pair[1].0 - pair[0].0);
            (x, pair[0].1 + share * (pair[1].1 - pair[0].1))
        })
    };
    let between = curve.iter().copied().filter(|&(x, _)| x > from && x < to);
    at(from).into_iter().chain(between).chain(at(to)).collect()
}

fn normal_density(x: f64, mean: f64, sd: f64) -> f64 {
    (-0.5 * ((x - mean) / sd).powi(2)).exp() / (sd * std::f64::consts::TAU.sqrt())
}
