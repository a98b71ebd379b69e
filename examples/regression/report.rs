//! The report: tables of the posterior, as text.

use std::fmt::Write;

use crate::data::Dataset;
use crate::model::LARGEST_NOISE;
use crate::summary::{Parameter, Summary};

/// The whole report.
pub fn report(data: &Dataset, summary: &Summary) -> String {
    let mut text = String::new();
    heading(&mut text, data);
    posterior_table(&mut text, data, summary);
    explanation(&mut text, summary);
    if data.standardised {
        original_units(&mut text, data, summary);
    }
    let (covered, rows) = (summary.covered(), data.rows());
    let share = 100.0 * covered as f64 / rows as f64;
    let _ = writeln!(
        text,
        "\n90 % predictive intervals hold {covered} of {rows} observations ({share:.1} %)."
    );
    text
}

fn heading(text: &mut String, data: &Dataset) {
    let (target, rows) = (&data.target.name, data.rows());
    let _ = writeln!(text, "{}: {target} explained in {rows} rows.", data.source);
    if !data.left_out.is_empty() {
        let _ = writeln!(text, "Left out, being text: {}.", data.left_out.join(", "));
    }
    let units = if data.standardised {
        "Every column is standardised: mean 0, standard deviation 1."
    } else {
        "Columns are raw: each slope is in units of the target per unit of its column."
    };
    let _ = writeln!(text, "{units}\n");
}

fn posterior_table(text: &mut String, data: &Dataset, summary: &Summary) {
    let title = format!("exact, given σ = {}", significant(summary.noise.mean, summary.noise.sd));
    let rows: Vec<[String; 7]> =
        (summary.coefficients.iter().chain([&summary.noise])).map(posterior_row).collect();
    let header = ["", "mean", "sd", "90 % interval", "mean", "sd", "sd, others fixed"];
    let widths = widths(header, &rows);
    let variational: usize = widths[1..4].iter().map(|width| width + 2).sum();
    let _ = writeln!(
        text,
        "{:name$}{:>variational$}   {title}",
        "",
        "variational posterior",
        name = widths[0],
    );
    table(text, header, &rows, widths);
    if summary.noise.interval[1] > 0.99 * LARGEST_NOISE {
        let _ = writeln!(
            text,
            "\nσ presses against the end of its prior, {LARGEST_NOISE} units of `{}`: leave --raw \
             out, or choose another unit.",
            data.target.name
        );
    }
    if summary.coefficients.iter().any(unfinished) {
        let _ = writeln!(
            text,
            "\nThe fit is unfinished, as the exact posterior shows: take more --steps."
        );
    }
}

/// Whether a coefficient is far from what the mean-field family can reach. Of a σ that is still
/// uncertain, its exact posterior takes the mean alone, which accounts for a few parts in a
/// hundred.
fn unfinished(parameter: &Parameter) -> bool {
    parameter.exact.is_some_and(|exact| {
        let off = (parameter.mean - exact.mean).abs() / exact.conditional;
        let ratio = parameter.sd / exact.conditional;
        off > 0.25 || !(0.75..1.25).contains(&ratio)
    })
}

fn posterior_row(parameter: &Parameter) -> [String; 7] {
    let show = |value| significant(value, parameter.sd);
    let [low, high] = parameter.interval;
    let exact = parameter.exact.map_or(["none", "", ""].map(String::from), |exact| {
        [exact.mean, exact.marginal, exact.conditional].map(show)
    });
    let [mean, marginal, conditional] = exact;
    [
        parameter.name.clone(),
        show(parameter.mean),
        show(parameter.sd),
        format!("[{}, {}]", show(low), show(high)),
        mean,
        marginal,
        conditional,
    ]
}

/// Says why the standard deviations differ, with the worst coefficient as the example.
fn explanation(text: &mut String, summary: &Summary) {
    let ratio = |parameter: &Parameter| {
        parameter.exact.map_or(1.0, |exact| exact.marginal / exact.conditional)
    };
    let worst = (summary.coefficients.iter())
        .max_by(|a, b| ratio(a).total_cmp(&ratio(b)))
        .expect("there is an intercept");
    let _ = writeln!(
        text,
        "\nA mean-field posterior has the spread of each coefficient with the others fixed, smaller \
         than its full\nspread where columns are correlated: {:.1} times for {}. The exact posterior \
         takes σ as known;\nwith the uniform prior on σ there is none in closed form.",
        ratio(worst),
        worst.name,
    );
}

fn original_units(text: &mut String, data: &Dataset, summary: &Summary) {
    let target = &data.target;
    let _ = writeln!(
        text,
        "\nIn the units of the file: change of {} for one unit more of",
        target.name
    );
    let slopes =
        data.features.iter().zip(&summary.coefficients[1..]).map(|(feature, slope)| {
            (feature.name.clone(), slope, target.spread / feature.spread, 0.0)
        });
    let others = [
        // At the features' means the standardised features are 0: only the intercept is left.
        ("level at the means".to_owned(), &summary.coefficients[0], target.spread, target.center),
        ("σ".to_owned(), &summary.noise, target.spread, 0.0),
    ];
    let rows: Vec<[String; 4]> = slopes
        .chain(others)
        .map(|(name, parameter, scale, shift)| {
            let sd = parameter.sd * scale;
            let show = |value| significant(value * scale + shift, sd);
            let [low, high] = parameter.interval.map(show);
            let interval = format!("[{low}, {high}]");
            [name, show(parameter.mean), significant(sd, sd), interval]
        })
        .collect();
    let header = ["", "mean", "sd", "90 % interval"];
    table(text, header, &rows, widths(header, &rows));
}

/// The value with three significant digits of its standard deviation.
pub fn significant(value: f64, sd: f64) -> String {
    if !(sd > 0.0 && sd.is_finite()) {
        return format!("{value:.3e}");
    }
    let decimals = (2.0 - sd.log10().floor()).clamp(0.0, 12.0) as usize;
    let shown = format!("{value:.decimals$}");
    // Rounding turns small negative numbers into "-0.000".
    match shown.strip_prefix('-') {
        Some(rest) if rest.chars().all(|digit| matches!(digit, '0' | '.')) => rest.to_owned(),
        _ => shown,
    }
}

fn widths<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> [usize; N] {
    std::array::from_fn(|at| {
        let cells = rows.iter().map(|row| row[at].chars().count());
        cells.chain([header[at].chars().count()]).max().unwrap_or(0)
    })
}

fn table<const N: usize>(
    text: &mut String,
    header: [&str; N],
    rows: &[[String; N]],
    widths: [usize; N],
) {
    let mut line = |cells: [&str; N]| {
        let mut line = format!("{:<width$}", cells[0], width = widths[0]);
        for (cell, width) in cells.iter().zip(widths).skip(1) {
            let _ = write!(line, "  {cell:>width$}");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    };
    line(header);
    for row in rows {
        line(row.each_ref().map(String::as_str));
    }
}
