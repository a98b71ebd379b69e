//! Normalizing flows: densities learnt from samples.
//!
//! ```text
//! cargo run --release --example flow -- --target spirals
//! cargo run --release --example flow -- --data
//! cargo run --release --example flow -- --data FILE.csv --columns a,b,c
//! ```
//!
//! With a target, learns a two-dimensional density from draws of it, and draws what was learnt. With
//! data, learns the joint density of the columns of a table by three kinds of flows, and prints how
//! likely each finds rows that it has never seen.

#[path = "../common/mod.rs"]
mod common;
mod data;
mod fit;
mod models;
mod plot;
mod report;
mod targets;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::tensor::Device;
use clap::Parser;
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::common::table::Table;
use crate::common::{Backend, Problem, check_writable, exit_code, progress_bar, write};
use crate::data::{Rows, Split};
use crate::fit::Progress;
use crate::models::Kind;
use crate::report::Score;
use crate::targets::Target;

/// The data used where no file is named.
const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/weather.csv");

/// Draws of a target to learn from, and to test on.
const DRAWN: usize = 20_000;

/// Learns a density by normalizing flows: prints how well, and draws it.
#[derive(Parser)]
struct Options {
    /// A density over the plane to learn from its draws
    #[arg(long, value_enum, default_value_t = Target::TwoMoons, conflicts_with = "data")]
    target: Target,

    /// A CSV file whose first line names the columns, to learn their joint density; without a name,
    /// the bundled weather data
    #[arg(long, value_name = "FILE.csv", num_args = 0..=1, default_missing_value = BUNDLED)]
    data: Option<PathBuf>,

    /// The columns to learn from; without it, every numeric column
    #[arg(long, value_name = "a,b,c", value_delimiter = ',', requires = "data")]
    columns: Option<Vec<String>>,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = Backend::Flex)]
    device: Backend,

    /// The most gradient steps of a flow, 3000 for a target and 1500 for data if not given;
    /// validation rows that do not become more likely any more end it before
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    steps: Option<u32>,

    /// The seed of all random numbers
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Where to write the picture
    #[arg(long, value_name = "PICTURE.svg", default_value = "flow.svg")]
    output: PathBuf,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Problem> {
    let device = options.device.open()?;
    let mut rng = StdRng::seed_from_u64(options.seed);
    let text = match &options.data {
        Some(path) => learn_table(path, options, &device, &mut rng)?,
        None => learn_target(options, &device, &mut rng)?,
    };
    let picture = options.output.display();
    // A reader that stops early, such as `head`, is no failure.
    let _ = writeln!(std::io::stdout().lock(), "{text}Picture: {picture}");
    Ok(())
}

fn learn_target(options: &Options, device: &Device, rng: &mut StdRng) -> Result<String, Problem> {
    check_writable(&options.output)?;
    let rows = Rows::drawn(options.target, DRAWN, rng);
    let split = Split::new(&rows, rng);
    let gaussian = report::gaussian(&split, &rows);
    let (flow, score) = learn(Kind::Spline, &split, &rows, options, device, rng);
    let draws = flow.sample([plot::POINTS, 2], rng);
    let draws = rows.own_units(&models::numbers(draws));
    let density = |points: &[[f64; 2]]| models::density(&flow, &rows, points, device);
    let picture = plot::plane::draw(options.target, &rows, &density, &draws)?;
    write(&options.output, &picture)?;
    Ok(report::report(&rows, &split, &[gaussian, score]))
}

fn learn_table(
    path: &Path,
    options: &Options,
    device: &Device,
    rng: &mut StdRng,
) -> Result<String, Problem> {
    let table = Table::read(path)?;
    let rows = Rows::read(&table, options.columns.as_deref(), rng)?;
    // An unwritable path is better known before the fit than after.
    check_writable(&options.output)?;
    let split = Split::new(&rows, rng);
    let mut scores = vec![report::gaussian(&split, &rows)];
    let mut best = None;
    for kind in [Kind::RealNvp, Kind::Autoregressive, Kind::Spline] {
        let (flow, score) = learn(kind, &split, &rows, options, device, rng);
        scores.push(score);
        best = Some(flow);
    }
    let flow = best.expect("three flows were learnt");
    let draws = models::numbers(flow.sample([plot::POINTS, rows.columns.len()], rng));
    let picture = plot::pairs::draw(&rows, &split, &rows.own_units(&draws))?;
    write(&options.output, &picture)?;
    Ok(report::report(&rows, &split, &scores))
}

/// Trains a flow of one kind, and scores it on the rows held out.
fn learn(
    kind: Kind,
    split: &Split,
    rows: &Rows,
    options: &Options,
    device: &Device,
    rng: &mut StdRng,
) -> (pushforward::nn::flows::Flow, Score) {
    let steps = options.steps.unwrap_or(if options.data.is_some() { 1500 } else { 3000 });
    let bar = progress_bar(steps as usize, "steps");
    bar.set_prefix(format!("{:<8}", kind.name()));
    let flow = kind.init(rows.columns.len(), options.seed, &device.clone().autodiff());
    let fitted = fit::fit(flow, split, steps as usize, device, rng, |progress| {
        let Progress { step, validation } = progress;
        bar.set_position(step as u64);
        if let Some(nats) = validation {
            bar.set_message(format!("validation {nats:.3} nats"));
        }
    });
    bar.finish();
    let score = report::score(kind, &fitted, split, rows, device);
    (fitted.flow, score)
}
