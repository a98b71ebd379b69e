//! Bayesian linear regression by reparameterised variational inference.
//!
//! ```text
//! cargo run --release --example regression
//! cargo run --release --example regression -- --data FILE.csv --target COLUMN --features a,b,a:b
//! ```
//!
//! Fits y ~ N(β₀ + Σ βⱼ xⱼ, σ) with priors β₀ ~ N(0, 10), βⱼ ~ N(0, 1), σ ~ U(0, 10), prints the
//! posterior beside the exact one given σ, and draws both.

#[path = "../common/mod.rs"]
mod common;
mod data;
mod exact;
mod fit;
mod matrix;
mod model;
mod plot;
mod report;
mod summary;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::module::Module;
use clap::Parser;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::common::table::Table;
use crate::common::{Backend, Problem, check_writable, exit_code, progress_bar, write};
use crate::data::Dataset;
use crate::model::{MeanField, Regression};
use crate::summary::Summary;

/// The data used where none are given.
const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/diabetes.csv");
const BUNDLED_TARGET: &str = "progression";

/// Bayesian linear regression by variational inference: prints the posterior of every coefficient
/// and draws it.
#[derive(Parser)]
struct Options {
    /// A CSV file whose first line names the columns; without it, the bundled diabetes data
    #[arg(long, value_name = "FILE.csv", requires = "target")]
    data: Option<PathBuf>,

    /// The column to explain
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,

    /// The columns that explain it, a:b being the product of a and b; without it, every other
    /// numeric column
    #[arg(long, value_name = "a,b,a:b", value_delimiter = ',')]
    features: Option<Vec<String>>,

    /// Leave the columns in their own units; without it, each is standardised
    #[arg(long)]
    raw: bool,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = Backend::Flex)]
    device: Backend,

    /// Gradient steps
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,

    /// The seed of all random numbers
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Where to write the picture
    #[arg(long, value_name = "PICTURE.svg", default_value = "regression.svg")]
    output: PathBuf,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Problem> {
    let device = options.device.open()?;
    let table = Table::read(options.data.as_deref().unwrap_or(Path::new(BUNDLED)))?;
    let target = options.target.as_deref().unwrap_or(BUNDLED_TARGET);
    let data = Dataset::new(&table, target, options.features.as_deref(), options.raw)?;
    // An unwritable path is better known before the fit than after.
    check_writable(&options.output)?;

    let mut rng = StdRng::seed_from_u64(options.seed);
    let posterior = {
        let device = device.clone().autodiff();
        let model = Regression::new(&data, &device);
        let start = MeanField::new(&data, &model.noise_support(), &device);
        let bar = progress_bar(options.steps as usize, "steps");
        bar.set_prefix("fitting");
        let fitted = fit::fit(&model, start, options.steps as usize, &mut rng, |step, loss| {
            bar.set_position(step as u64);
            bar.set_message(format!("loss {loss:.2} nats"));
        });
        bar.finish();
        fitted.valid()
    };
    let model = Regression::new(&data, &device);
    let summary = Summary::new(&data, &model, &posterior, &device, &mut rng)?;
    write(&options.output, &plot::draw(&data, &summary)?)?;

    let text = report::report(&data, &summary);
    let picture = options.output.display();
    // A reader that stops early, such as `head`, is no failure.
    let _ = writeln!(std::io::stdout().lock(), "{text}Picture: {picture}");
    Ok(())
}
