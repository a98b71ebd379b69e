//! A variational autoencoder on 8 × 8 handwritten digits.
//!
//! ```text
//! cargo run --release --example vae
//! cargo run --release --example vae -- --steps 10000 --latent 16 --seed 1
//! ```
//!
//! Prints the evidence lower bound and the importance-weighted bound on held-out images, beside the
//! likelihood of a model whose pixels are independent, and draws reconstructions and new digits.

#[path = "../common/mod.rs"]
mod common;
mod data;
mod model;
mod plot;
mod train;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use burn::module::Module;
use burn::tensor::{Int, Tensor};
use clap::Parser;
use pushforward::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::common::{Backend, Problem, check_writable, exit_code, progress_bar, write};
use crate::data::{Images, black_and_white};
use crate::model::{Vae, VaeConfig};

/// The images used where none are given.
const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv");
/// Draws of the importance-weighted bound, and of the average of the other.
const DRAWS: usize = 50;

/// Trains a variational autoencoder on small images: prints bounds on the likelihood of held-out
/// ones, and draws reconstructions and new images.
#[derive(Parser)]
struct Options {
    /// A CSV file whose first line names the columns and whose rows begin with 64 pixels from 0 to
    /// 16; without it, the bundled digits
    #[arg(long, value_name = "FILE.csv")]
    data: Option<PathBuf>,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = Backend::Flex)]
    device: Backend,

    /// Gradient steps
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,

    /// Hidden numbers of an image
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1024))]
    latent: u32,

    /// The seed of the split, the draws and the batches
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Where to write the picture
    #[arg(long, value_name = "PICTURE.svg", default_value = "vae.svg")]
    output: PathBuf,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Problem> {
    let device = options.device.open()?;
    // An unwritable path is better known before the training than after.
    check_writable(&options.output)?;
    let mut rng = StdRng::seed_from_u64(options.seed);
    // The first weights are Burn's own draws, from the seed of the device.
    device.seed(options.seed);
    let path = options.data.as_deref().unwrap_or(Path::new(BUNDLED));
    let images = Images::read(path, &device, &mut rng)?;
    let held_out = black_and_white(images.held_out.clone(), &mut rng);

    let training = device.clone().autodiff();
    let model = VaeConfig::new().with_latent(options.latent as usize).init(&training);
    let steps = options.steps as usize;
    let bar = progress_bar(steps, "steps");
    bar.set_prefix("training");
    let train = images.train.clone().to_device(&training);
    let model = train::train(model, &train, steps, &mut rng, |step, bound| {
        bar.set_position(step as u64);
        bar.set_message(format!("bound {bound:.2} nats"));
    });
    bar.finish_and_clear();
    let model = model.valid();

    let independent = Bernoulli::fit_mle(black_and_white(images.train.clone(), &mut rng));
    let bounds = Bounds {
        train: average_bound(&model, &black_and_white(images.train, &mut rng), &mut rng),
        elbo: average_bound(&model, &held_out, &mut rng),
        weighted: mean(model.importance_weighted(held_out.clone(), DRAWS, &mut rng)),
        independent: mean(independent.independent(1).log_prob(held_out.clone())),
    };
    write(&options.output, &picture(&model, &images.held_out, &held_out, &mut rng)?)?;
    // A reader that stops early, such as `head`, is no failure.
    let counts = [train.dims()[0], held_out.dims()[0]];
    let text = bounds.report(counts, model.latent());
    let _ = writeln!(std::io::stdout().lock(), "{text}Picture: {}", options.output.display());
    Ok(())
}

fn mean(of_each: Tensor<2>) -> f64 {
    of_each.mean().into_scalar::<f64>()
}

/// The evidence lower bound by several draws.
fn average_bound(model: &Vae, images: &Tensor<2, Int>, rng: &mut dyn Rng) -> f64 {
    let draws = (0..DRAWS).map(|_| mean(model.elbo(images.clone(), rng)));
    draws.sum::<f64>() / DRAWS as f64
}

/// Averages over images, in nats.
struct Bounds {
    train: f64,
    elbo: f64,
    weighted: f64,
    independent: f64,
}

impl Bounds {
    fn report(&self, [train, held_out]: [usize; 2], latent: usize) -> String {
        let line = |what: &str, nats: f64| {
            format!("  {what:<52}{:>9} nats\n", format!("{nats:.2}").replace('-', "−"))
        };
        let mut text = format!("{latent} hidden numbers an image, {train} images to learn from\n");
        text += &line("evidence lower bound", self.train);
        text += &format!("{held_out} images held out\n");
        text += &line("independent pixels, log-likelihood", self.independent);
        text += &line("evidence lower bound", self.elbo);
        text + &line(&format!("importance-weighted bound, {DRAWS} draws"), self.weighted) + "\n"
    }
}

fn picture(
    model: &Vae,
    inked: &Tensor<2>,
    black: &Tensor<2, Int>,
    rng: &mut dyn Rng,
) -> Result<String, Problem> {
    let count = plot::SHOWN.min(black.dims()[0]);
    let black = black.clone().narrow(0, 0, count);
    let posterior = model.posterior(black.clone());
    let reconstructed = model.likelihood(posterior.mean()).mean();
    plot::draw(
        "A variational autoencoder of handwritten digits",
        &[
            ("held out", inked.clone().narrow(0, 0, count)),
            ("in black and white, as the model sees them", black.float()),
            ("reconstructed", reconstructed),
            ("imagined", model.imagine(plot::IMAGINED, rng)),
        ],
    )
}
