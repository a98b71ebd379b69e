//! What the fitted posterior says: moments, intervals, densities and predictions.

use burn::tensor::{Device, Tensor};
use pushforward::prelude::*;
use rand::Rng;

use crate::common::Problem;
use crate::data::{Dataset, mean, standard_deviation};
use crate::exact::Conjugate;
use crate::model::{
    LARGEST_NOISE, MeanField, Posterior, Regression, draw, numbers, prior_scales, row,
};

/// Draws behind the summary of σ.
const NOISE_DRAWS: usize = 40_000;
/// Simulated targets in all, and the fewest and most for one row.
const SIMULATED: usize = 1_000_000;
const SIMULATED_PER_ROW: (usize, usize) = (200, 4_000);
/// Points at which a density is drawn.
const GRID: usize = 240;
/// The ends of the 90 % interval.
const ENDS: [f64; 2] = [0.05, 0.95];

/// The exact posterior of one coefficient, given σ.
#[derive(Clone, Copy)]
pub struct Exact {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, whatever the other coefficients are.
    pub marginal: f64,
    /// The standard deviation when the other coefficients are known.
    pub conditional: f64,
}

/// The posterior of one parameter, in the units of the model.
pub struct Parameter {
    /// The column, `intercept` or `σ`.
    pub name: String,
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub sd: f64,
    /// The 90 % interval.
    pub interval: [f64; 2],
    /// Points of the density.
    pub density: Vec<(f64, f64)>,
    /// The exact posterior, where there is one.
    pub exact: Option<Exact>,
}

/// What the model predicts for one row, in the units of the file.
#[derive(Clone, Copy)]
pub struct Prediction {
    /// The mean of the predictive distribution.
    pub mean: f64,
    /// Its 90 % interval.
    pub interval: [f64; 2],
    /// The target in the file.
    pub observed: f64,
}

impl Prediction {
    /// Whether the interval holds the observation.
    pub fn covers(&self) -> bool {
        (self.interval[0]..=self.interval[1]).contains(&self.observed)
    }
}

/// The fitted posterior.
pub struct Summary {
    /// The coefficients, the intercept first.
    pub coefficients: Vec<Parameter>,
    /// The noise scale.
    pub noise: Parameter,
    /// One prediction for each row.
    pub predictions: Vec<Prediction>,
}

impl Summary {
    /// Summarises `posterior`, which must be detached from autodiff.
    ///
    /// # Errors
    ///
    /// If the fit diverged.
    pub fn new(
        data: &Dataset,
        model: &Regression,
        posterior: &MeanField,
        device: &Device,
        rng: &mut dyn Rng,
    ) -> Result<Self, Problem> {
        let noise = noise(model, posterior, device, rng);
        let coefficients = coefficients(data, posterior, noise.mean, device);
        let all = || coefficients.iter().chain([&noise]);
        if all().any(|parameter| !parameter.mean.is_finite() || !parameter.sd.is_finite()) {
            return Err(Problem(format!(
                "{}: the fit diverged; leave --raw out, or choose other units.",
                data.source
            )));
        }
        Ok(Self { predictions: predictions(data, model, posterior, rng), coefficients, noise })
    }

    /// How many observations lie in their predictive interval.
    pub fn covered(&self) -> usize {
        self.predictions.iter().filter(|prediction| prediction.covers()).count()
    }
}

fn coefficients(
    data: &Dataset,
    posterior: &MeanField,
    noise: f64,
    device: &Device,
) -> Vec<Parameter> {
    let names = data.coefficients();
    let law = posterior.marginals();
    let (means, sds) = (numbers(law.mean()), numbers(law.std_dev()));
    let ends = ENDS.map(|end| numbers(law.quantile(row(&[end], device))));
    let scales = prior_scales(names.len());
    let exact = Conjugate::new(&data.design(), &data.target.values, &scales, noise);
    let exact = |at: usize| {
        exact.as_ref().map(|exact| Exact {
            mean: exact.mean[at],
            marginal: exact.marginal[at],
            conditional: exact.conditional[at],
        })
    };
    let grids: Vec<Vec<f64>> = (0..names.len())
        .map(|at| {
            let own = (means[at] - 4.0 * sds[at], means[at] + 4.0 * sds[at]);
            let (low, high) = exact(at).map_or(own, |exact| {
                let width = 3.2 * exact.marginal;
                (own.0.min(exact.mean - width), own.1.max(exact.mean + width))
            });
            grid(low, high)
        })
        .collect();
    // One call gives every density: grid points along the first dimension.
    let points: Vec<Tensor<2>> = grids.iter().map(|grid| row(grid, device)).collect();
    let densities = numbers(law.log_prob(Tensor::cat(points, 0).transpose()).exp().transpose());
    (names.into_iter().zip(grids).enumerate())
        .map(|(at, (name, grid))| Parameter {
            name,
            mean: means[at],
            sd: sds[at],
            interval: [ends[0][at], ends[1][at]],
            density: grid.into_iter().zip(densities[at * GRID..].iter().copied()).collect(),
            exact: exact(at),
        })
        .collect()
}

fn noise(
    model: &Regression,
    posterior: &MeanField,
    device: &Device,
    rng: &mut dyn Rng,
) -> Parameter {
    let support = model.noise_support();
    let law = posterior.noise(&support);
    let mut draws = numbers(law.sample([NOISE_DRAWS, 1], rng));
    draws.sort_by(f64::total_cmp);
    let (center, sd) = (mean(&draws), standard_deviation(&draws));
    let grid = grid((center - 4.0 * sd).max(0.0), (center + 4.0 * sd).min(LARGEST_NOISE));
    let densities = numbers(law.log_prob(row(&grid, device)).exp());
    Parameter {
        name: "σ".to_owned(),
        mean: center,
        sd,
        interval: ENDS.map(|end| quantile(&draws, end)),
        density: grid.into_iter().zip(densities).collect(),
        exact: None,
    }
}

/// Simulates every target under draws of the posterior.
fn predictions(
    data: &Dataset,
    model: &Regression,
    posterior: &MeanField,
    rng: &mut dyn Rng,
) -> Vec<Prediction> {
    let rows = data.rows();
    let count = (SIMULATED / rows).clamp(SIMULATED_PER_ROW.0, SIMULATED_PER_ROW.1);
    let (coefficients, noise, _) = draw(posterior, &model.noise_support(), count, rng);
    let law = model.predict(coefficients, noise);
    let simulated = numbers(law.sample([count, rows], rng).transpose());
    let means = numbers(law.mean().mean_dim(0));
    let unscaled = |value: f64| value * data.target.spread + data.target.center;
    (simulated.chunks(count).zip(means).zip(&data.target.values))
        .map(|((simulated, mean), &observed)| {
            let mut sorted = simulated.to_vec();
            sorted.sort_by(f64::total_cmp);
            Prediction {
                mean: unscaled(mean),
                interval: ENDS.map(|end| unscaled(quantile(&sorted, end))),
                observed: unscaled(observed),
            }
        })
        .collect()
}

/// The value below which a share of the sorted values lies, interpolated.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, rest) = (at.floor() as usize, at.fract());
    sorted[below] + rest * (sorted[below + 1] - sorted[below])
}

/// Points at equal distances from `low` to `high`, both included.
fn grid(low: f64, high: f64) -> Vec<f64> {
    (0..GRID).map(|at| low + (high - low) * at as f64 / (GRID - 1) as f64).collect()
}
