//! Bayesian neural network on handwritten digits, beside a deterministic one and dropout.
//!
//! ```text
//! cargo run --release --example bnn
//! cargo run --release --example bnn -- --mnist DIRECTORY --train 2000
//! ```
//!
//! Trains each version of one network on few images, several times on different ones, and prints
//! accuracy, negative log-likelihood and calibration on the images held out. The picture shows what
//! the versions say of clean and of corrupted digits.

#[path = "../common/mod.rs"]
mod common;
mod digits;
mod evaluate;
mod experiment;
mod idx;
mod network;
mod picture;
mod report;
mod train;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use pushforward::nn::bayes::WeightScale;

use crate::common::{Backend, Problem, check_writable, exit_code, progress_bar, write};
use crate::digits::Source;
use crate::train::{Training, Version};

/// The data used where none are given.
const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv");

/// A Bayesian neural network that reads digits: how often it is right, and how often it is wrongly
/// sure, beside a deterministic network and one trained with dropout.
#[derive(Parser)]
struct Options {
    /// A directory with the four IDX files of MNIST, unpacked; without it, the bundled digits
    #[arg(long, value_name = "DIRECTORY")]
    mnist: Option<PathBuf>,

    /// Images to learn from
    #[arg(long, default_value_t = 300, value_parser = at_least_one)]
    train: usize,

    /// Learn from this many fewer, and test on these instead of the images held out: for choosing the
    /// other options without a look at what they are judged by
    #[arg(long, default_value_t = 0)]
    validation: usize,

    /// How often to train each version, on other images and from other weights
    #[arg(long, default_value_t = 5, value_parser = at_least_one)]
    seeds: usize,

    /// Gradient steps of each training
    #[arg(long, default_value_t = 1500, value_parser = at_least_one)]
    steps: usize,

    /// Draws of the posterior that are averaged in a prediction
    #[arg(long, default_value_t = 32, value_parser = at_least_one)]
    draws: usize,

    /// The part of the divergence to the prior that the Bayesian version counts. With thousands of
    /// weights and hundreds of images all of it would leave the network at its prior, knowing
    /// nothing; less gives what is called a cold posterior
    #[arg(long, default_value_t = 0.005, value_parser = share)]
    divergence: f64,

    /// Units in each hidden layer
    #[arg(long, default_value_t = 64, value_parser = at_least_one)]
    hidden: usize,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = Backend::Flex)]
    device: Backend,

    /// The first seed of the random numbers
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Where to write the picture
    #[arg(long, value_name = "PICTURE.svg", default_value = "bnn.svg")]
    output: PathBuf,
}

/// A positive whole number.
fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "must be at least 1".to_owned())
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "must be a number from 0 to 1".to_owned())
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Problem> {
    let device = options.device.open()?;
    let source = if let Some(directory) = &options.mnist {
        idx::read_directory(directory)?
    } else {
        let images = digits::read_csv(Path::new(BUNDLED))?;
        Source { name: "the bundled set".into(), images, held_out: None }
    };
    // An unwritable path is better known before the training than after.
    check_writable(&options.output)?;
    let training = Training {
        hidden: options.hidden,
        steps: options.steps,
        batch: 64,
        rate: 5e-3,
        dropout: 0.25,
        divergence: options.divergence,
        prior: WeightScale { gain: 1.0, vector: 1.0 },
    };
    let bar = progress_bar(options.steps * options.seeds * Version::ALL.len(), "steps");
    bar.set_prefix("training");
    let setting = experiment::Setting {
        training,
        draws: options.draws,
        count: options.train,
        validation: options.validation,
    };
    let mut experiments = Vec::new();
    for seed in 0..options.seeds as u64 {
        let seed = options.seed.wrapping_add(seed);
        experiments.push(experiment::run(&source, &setting, seed, &device, &bar)?);
    }
    bar.finish();
    let sweep = experiment::sweep(&experiments[0], options.draws, &device);
    write(&options.output, &picture::draw(&experiments, &sweep)?)?;

    let text = report::report(&source, &setting, &experiments);
    let picture = options.output.display();
    // A reader that stops early, such as `head`, is no failure.
    let _ = writeln!(std::io::stdout().lock(), "{text}Picture: {picture}");
    Ok(())
}
