//! One training loop for every family: maximum likelihood on samples, and reverse divergence to a
//! density.
//!
//! ```text
//! cargo run --release --example learnable
//! cargo run --release --example learnable -- --samples 20000 --steps 4000 --seed 3
//! ```
//!
//! The samples come from known laws, whose parameters are printed beside the fitted ones and, where
//! there is one, beside the fit that needs no optimizer.

#[path = "../common/mod.rs"]
mod common;
mod fit;
mod outcome;
mod plot;

use std::fmt::Debug;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use burn::module::Module;
use burn::tensor::{Device, Float, Tensor};
use clap::Parser;
use indicatif::ProgressBar;
use pushforward::nn::Learnable;
use pushforward::nn::flows::{CouplingConfig, Flow, Layer};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::common::chart::number;
use crate::common::{Backend, Problem, check_writable, exit_code, progress_bar, write};
use crate::fit::{fit, negative_log_likelihood, reverse_divergence};
use crate::outcome::{Outcome, Row, cloud, line, numbers, plane, rows};

/// Fits several families by one training loop: prints their parameters and draws their densities.
#[derive(Parser)]
struct Options {
    /// Where to compute
    #[arg(long, value_enum, default_value_t = Backend::Flex)]
    device: Backend,

    /// Samples of each law
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    samples: u32,

    /// Gradient steps of each fit
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,

    /// The seed of all random numbers
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Where to write the picture
    #[arg(long, value_name = "PICTURE.svg", default_value = "learnable.svg")]
    output: PathBuf,
}

/// How many fits there are.
const FITS: usize = 10;
/// The first step size: for parameters of a family, and for the weights of networks.
const FAMILY_RATE: f64 = 0.1;
const FLOW_RATE: f64 = 0.01;
/// Draws of the model a step, for reverse divergences.
const DRAWS: usize = 256;

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Problem> {
    let device = options.device.open()?.autodiff();
    // An unwritable path is better known before the fits than after.
    check_writable(&options.output)?;
    let steps = options.steps as usize;
    let mut session = Session {
        device: device.clone(),
        samples: options.samples as usize,
        steps,
        rng: StdRng::seed_from_u64(options.seed),
        bar: progress_bar(FITS * steps, "steps"),
    };
    let at = |value: f64| Tensor::<1>::full([1], value, &device);
    let outcomes = vec![
        session.likelihood(
            "Normal",
            Normal::new(at(1.5), 0.5),
            Normal::new(at(0.0), 1.0),
            Some(Normal::fit_mle),
        ),
        session.likelihood(
            "Gamma",
            Gamma::new(at(3.0), 2.0),
            Gamma::new(at(1.0), 1.0),
            Some(Gamma::fit_mle),
        ),
        session.likelihood(
            "Beta",
            Beta::new(at(0.7), 2.5),
            Beta::new(at(1.0), 1.0),
            Some(Beta::fit_mle),
        ),
        session.likelihood(
            "Weibull",
            Weibull::new(at(2.0), 1.5),
            Weibull::new(at(1.0), 1.0),
            Some(Weibull::fit_mle),
        ),
        session.likelihood(
            "StudentT",
            StudentT::new(at(3.0), -1.0, 0.5),
            StudentT::new(at(10.0), 0.0, 1.0),
            None,
        ),
        session.multivariate_normal(),
        session.flow(),
        session.divergence(
            "Normal, to a Gumbel density",
            &Gumbel::new(at(0.0), 1.0),
            Normal::new(at(2.0), 0.5),
        ),
        session.divergence(
            "LogNormal, to a Gamma density",
            &Gamma::new(at(4.0), 2.0),
            LogNormal::new(at(0.0), 1.0),
        ),
        session.divergence(
            "Kumaraswamy, to a Beta density",
            &Beta::new(at(2.0), 5.0),
            Kumaraswamy::new(at(1.0), 1.0),
        ),
    ];
    session.bar.finish_and_clear();
    write(&options.output, &plot::draw(&outcomes)?)?;
    // A reader that stops early, such as `head`, is no failure.
    let picture = options.output.display();
    let _ = writeln!(std::io::stdout().lock(), "{}Picture: {picture}", table(&outcomes));
    Ok(())
}

/// What all fits share.
struct Session {
    device: Device,
    samples: usize,
    steps: usize,
    rng: StdRng,
    bar: ProgressBar,
}

impl Session {
    /// Tells the bar of the steps of one fit.
    fn report(&self, name: &'static str) -> impl FnMut(usize, f64) + use<> {
        let (bar, begin) = (self.bar.clone(), self.bar.position());
        move |step, loss| {
            bar.set_prefix(name);
            bar.set_position(begin + step as u64);
            bar.set_message(format!("{loss:.3} nats"));
        }
    }

    /// Maximum likelihood on samples of `truth`.
    fn likelihood<F>(
        &mut self,
        name: &'static str,
        truth: F,
        start: F,
        direct: Option<fn(Tensor<1>) -> F>,
    ) -> Outcome
    where
        F: Distribution<1, Kind = Float> + Parametric<1, WithRank<1> = F> + Clone + Debug,
    {
        let samples = truth.sample([self.samples], &mut self.rng);
        let objective = negative_log_likelihood(samples.clone());
        let report = self.report(name);
        let fitted =
            fit(Learnable::new(start), self.steps, FAMILY_RATE, objective, report).distribution();
        let direct = direct.map(|direct| direct(samples.clone()));
        Outcome {
            name,
            rows: rows(Some(&truth), &fitted, direct.as_ref()),
            panel: line(&truth, &fitted, &samples, true),
        }
    }

    fn multivariate_normal(&mut self) -> Outcome {
        let tensor = |data: [[f32; 2]; 2]| Tensor::<2>::from_floats(data, &self.device);
        let loc = Tensor::<2>::from_floats([[1.0, -1.0]], &self.device);
        let covariance = tensor([[2.0, 0.9], [0.9, 0.6]]).unsqueeze::<3>();
        let truth = MultivariateNormal::from_covariance(loc.clone(), covariance);
        let start = tensor([[1.0, 0.0], [0.0, 1.0]]).unsqueeze::<3>();
        let start = MultivariateNormal::from_covariance(loc.zeros_like(), start);
        let samples = truth.sample([self.samples, 2], &mut self.rng);
        let objective = negative_log_likelihood(samples.clone());
        let report = self.report("MultivariateNormal");
        let fitted =
            fit(Learnable::new(start), self.steps, FAMILY_RATE, objective, report).distribution();
        let direct = MultivariateNormal::fit_mle(samples.clone());
        Outcome {
            name: "MultivariateNormal",
            rows: rows(Some(&truth), &fitted, Some(&direct)),
            panel: plane(&truth, &fitted, &samples),
        }
    }

    /// A flow instead of a family: it is a module, and a distribution, as they are.
    fn flow(&mut self) -> Outcome {
        // A Normal bent along a parabola.
        let across = Normal::new(Tensor::<2>::zeros([1, 1], &self.device), 1.0);
        let along = |x: Tensor<2>| Normal::new(x.square() * 0.5 - 0.5, 0.3);
        let mut samples = |count: usize| {
            let x = across.sample([count, 1], &mut self.rng);
            let y = along(x.clone()).sample([count, 1], &mut self.rng);
            Tensor::cat(vec![x, y], 1)
        };
        let (seen, unseen) = (samples(self.samples), samples(self.samples));
        let layers = (0..4).map(|index| {
            let config = CouplingConfig::new(2).with_swap(index % 2 == 1).with_seed(index);
            Layer::Coupling(config.init(&self.device))
        });
        let start = Flow::standard(layers.collect(), &self.device);
        let objective = negative_log_likelihood(seen.clone());
        let fitted = fit(start, self.steps, FLOW_RATE, objective, self.report("Flow")).valid();
        let unseen = unseen.inner();
        let (x, y) = (unseen.clone().narrow(1, 0, 1), unseen.clone().narrow(1, 1, 1));
        let across = across.to_device(&unseen.device());
        let truth = across.log_prob(x.clone()) + along(x).log_prob(y);
        let row = Row {
            name: "ln p of new data".to_string(),
            truth: Some(numbers(truth.mean())[0]),
            fitted: numbers(fitted.log_prob(unseen.clone()).mean())[0],
            direct: None,
        };
        let draws = fitted.sample(unseen.dims(), &mut self.rng);
        Outcome { name: "Flow", rows: vec![row], panel: cloud(&unseen, &draws) }
    }

    /// Least reverse divergence to `target`, of which only the density is used.
    fn divergence<P, F>(&mut self, name: &'static str, target: &P, start: F) -> Outcome
    where
        P: Distribution<1, Kind = Float> + Clone,
        F: Reparameterized<1> + Distribution<1, Kind = Float>,
        F: Parametric<1, WithRank<1> = F> + Clone + Debug,
    {
        let report = self.report(name);
        let objective = reverse_divergence(target.clone(), [DRAWS], &mut self.rng);
        let fitted =
            fit(Learnable::new(start), self.steps, FAMILY_RATE, objective, report).distribution();
        let fitted = fitted.detach();
        let mut rows = rows(None, &fitted, None);
        let (x, log_prob) = fitted.rsample_and_log_prob([100_000], &mut self.rng);
        let left = (log_prob - target.log_prob(x)).mean();
        rows.push(Row {
            name: "divergence".to_string(),
            truth: None,
            fitted: numbers(left)[0],
            direct: None,
        });
        let samples = target.sample([20_000], &mut self.rng);
        Outcome { name, rows, panel: line(target, &fitted, &samples, false) }
    }
}

/// The parameters of all fits.
fn table(outcomes: &[Outcome]) -> String {
    let shown = |value: Option<f64>| value.map_or(String::new(), number);
    let line = |cells: [&str; 5]| {
        let [fit, parameter, truth, fitted, direct] = cells;
        format!("{fit:<32}{parameter:<18}{truth:>10}{fitted:>12}{direct:>10}\n")
    };
    let mut table = line(["", "", "true", "by gradient", "fit_mle"]);
    for outcome in outcomes {
        for (at, row) in outcome.rows.iter().enumerate() {
            let name = if at == 0 { outcome.name } else { "" };
            let [truth, direct] = [row.truth, row.direct].map(shown);
            table += &line([name, &row.name, &truth, &number(row.fitted), &direct]);
        }
    }
    table + "\n"
}
