//! What is printed: how likely rows held out are.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use pushforward::prelude::*;

use crate::data::{Rows, Split};
use crate::fit::{Fitted, mean};
use crate::models::{Kind, numbers, tensor};

/// How a model did on the rows held out for testing.
pub struct Score {
    /// The model.
    pub name: &'static str,
    /// What it is made of.
    pub description: &'static str,
    /// How many numbers were learnt.
    pub parameters: usize,
    /// The step that was best on the validation rows; nothing for a closed form.
    pub step: Option<usize>,
    /// The mean log-density of a row in the units of the columns, in nats.
    pub nats: f64,
    /// The standard error of that mean.
    pub error: f64,
}

/// Scores a trained flow.
pub fn score(kind: Kind, fitted: &Fitted, split: &Split, rows: &Rows, device: &Device) -> Score {
    let log_prob = numbers(fitted.flow.log_prob(tensor(&split.test, split.width, device)));
    Score {
        name: kind.name(),
        description: kind.description(),
        parameters: fitted.flow.num_params(),
        step: Some(fitted.step),
        ..summary(&log_prob, rows)
    }
}

/// The Gaussian of the training rows' own mean and covariance, which no flow should fall behind.
pub fn gaussian(split: &Split, rows: &Rows) -> Score {
    let width = split.width;
    let device = Device::flex();
    let train: Tensor<2> = tensor(&split.train, width, &device);
    let loc = train.clone().mean_dim(0);
    let centred = train - loc.clone();
    let [count, _] = centred.dims();
    let covariance = centred.clone().transpose().matmul(centred) / count as f64;
    let covariance: Tensor<3> = covariance.unsqueeze();
    let normal = MultivariateNormal::<2>::from_covariance(loc, covariance);
    let log_prob = numbers(normal.log_prob(tensor(&split.test, width, &device)));
    Score {
        name: "Gaussian",
        description: "full covariance, closed form",
        parameters: width + width * (width + 1) / 2,
        ..summary(&log_prob, rows)
    }
}

fn summary(log_prob: &[f64], rows: &Rows) -> Score {
    let center = mean(log_prob);
    let squares: Vec<f64> = log_prob.iter().map(|x| (x - center).powi(2)).collect();
    Score {
        name: "",
        description: "",
        parameters: 0,
        step: None,
        nats: center - rows.log_volume(),
        error: (mean(&squares) / log_prob.len() as f64).sqrt(),
    }
}

/// The report.
pub fn report(rows: &Rows, split: &Split, scores: &[Score]) -> String {
    let [train, validation, test] = split.sizes();
    let mut text = format!("{}: {}\n", rows.source, rows.columns.join(", "));
    text += &format!("{train} rows to train on, {validation} to stop by, {test} to test on\n");
    if !rows.dequantised.is_empty() {
        let noise: Vec<String> = (rows.dequantised.iter())
            .map(|(column, step)| format!("{column} ± {:.3}", step / 2.0))
            .collect();
        text += &format!("uniform noise on rounded columns: {}\n", noise.join(", "));
    }
    text += "\nlog-density of a test row, mean ± standard error, higher is better\n";
    text += &format!(
        "{:<10}{:>18}{:>18}{:>13}{:>11}  {}\n",
        "model", "nats", "bits", "parameters", "best step", "made of"
    );
    for score in scores {
        let figure = |unit: f64| format!("{:.3} ± {:.3}", score.nats / unit, score.error / unit);
        let step = score.step.map_or_else(|| "–".to_owned(), |step| step.to_string());
        text += &format!(
            "{:<10}{:>18}{:>18}{:>13}{:>11}  {}\n",
            score.name,
            figure(1.0),
            figure(std::f64::consts::LN_2),
            score.parameters,
            step,
            score.description,
        );
    }
    text.replace(" -", " −") + "\n"
}
