//! The model, and the family of posteriors fitted to it.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use pushforward::prelude::*;
use rand::Rng;

use crate::data::{Dataset, mean, standard_deviation};
use crate::matrix::{Cholesky, Matrix, dot, unit_vector};

/// The standard deviation of the intercept's prior.
const INTERCEPT_PRIOR: f64 = 10.0;
/// The standard deviation of a slope's prior.
const SLOPE_PRIOR: f64 = 1.0;
/// The largest noise scale that the prior allows.
pub const LARGEST_NOISE: f64 = 10.0;

/// Bayesian linear regression: y ~ N(β₀ + Σ βⱼ xⱼ, σ), with priors β₀ ~ N(0, 10), βⱼ ~ N(0, 1)
/// and σ ~ U(0, 10).
///
/// Draws of the coefficients lie along the first dimension, so that one call evaluates many.
pub struct Regression {
    /// `[coefficients, rows]`.
    design: Tensor<2>,
    /// `[1, rows]`.
    target: Tensor<2>,
    coefficients: Independent<Normal<2>>,
    noise: Uniform<2>,
}

/// The standard deviations of the coefficients' priors, the intercept's first.
pub fn prior_scales(coefficients: usize) -> Vec<f64> {
    let mut scales = vec![SLOPE_PRIOR; coefficients];
    scales[0] = INTERCEPT_PRIOR;
    scales
}

impl Regression {
    /// The model of a data set.
    pub fn new(data: &Dataset, device: &Device) -> Self {
        let design = data.design();
        let scales = row(&prior_scales(design.len()), device);
        Self {
            target: row(&data.target.values, device),
            coefficients: Normal::new(0.0, scales).independent(1),
            noise: Uniform::new(Tensor::zeros([1, 1], device), LARGEST_NOISE),
            design: matrix(&design, device),
        }
    }

    /// How many rows the data have.
    pub fn rows(&self) -> usize {
        self.target.dims()[1]
    }

    /// Where the noise scale lives.
    pub fn noise_support(&self) -> Support {
        self.noise.support()
    }

    /// ln p(y, β, σ).
    ///
    /// # Shapes
    ///
    /// - `coefficients`: `[draws, coefficients]`
    /// - `noise`: `[draws, 1]`
    /// - output: `[draws, 1]`
    pub fn log_joint(&self, coefficients: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
        let likelihood = self.predict(coefficients.clone(), noise.clone()).independent(1);
        likelihood.log_prob(self.target.clone())
            + self.coefficients.log_prob(coefficients)
            + self.noise.log_prob(noise)
    }

    /// The law of the targets, of shape `[draws, rows]`.
    pub fn predict(&self, coefficients: Tensor<2>, noise: Tensor<2>) -> Normal<2> {
        Normal::new(coefficients.matmul(self.design.clone()), noise)
    }
}

/// A family of posteriors: learnable parameters that make a law of the coefficients and one of the
/// noise scale. The fit sees nothing else, so another family is another type.
pub trait Posterior: Module {
    /// The law of the coefficients, an event of shape `[1, coefficients]`.
    fn coefficients(&self) -> impl Reparameterized<2>;

    /// The law of the noise scale on `support`, of shape `[1, 1]`.
    fn noise(&self, support: &Support) -> impl Reparameterized<2>;
}

/// The mean-field family: an own Normal for each coefficient, and one for σ that is pushed through
/// the bijector of its support.
#[derive(Module, Debug)]
pub struct MeanField {
    /// The means of the coefficients, in uncorrelated coordinates.
    position: Param<Tensor<2>>,
    /// Logarithms of the standard deviations of the coefficients.
    log_scale: Param<Tensor<2>>,
    noise_loc: Param<Tensor<2>>,
    noise_log_scale: Param<Tensor<2>>,
    /// Where the positions start from.
    origin: Tensor<2>,
    /// Maps positions to coefficients.
    basis: Tensor<2>,
}

impl MeanField {
    /// The family before it has seen the target, but for its mean and spread: no feature has an
    /// effect, and all of the target's variance is noise.
    ///
    /// Only the coordinates of the means are prepared: with correlated or unscaled columns, the
    /// coefficients lie in a long narrow valley, which a change of basis makes round (that of the
    /// QR decomposition of the centred columns). The family is the same in any coordinates.
    pub fn new(data: &Dataset, support: &Support, device: &Device) -> Self {
        let target = &data.target.values;
        let (level, spread) = (mean(target), standard_deviation(target));
        let features: Vec<&[f64]> =
            (data.features.iter()).map(|column| column.values.as_slice()).collect();
        let mut origin = vec![0.0; features.len() + 1];
        origin[0] = level;
        let per_row = (data.rows() as f64).sqrt().recip();
        // The spread that each coefficient has with the others fixed, were all variance noise.
        let scales: Vec<f64> = (data.design().iter())
            .map(|column| (spread / dot(column, column).sqrt()).ln())
            .collect();
        let noise = spread.min(LARGEST_NOISE / 2.0);
        let onto = onto(support);
        Self {
            position: Param::from_tensor(Tensor::zeros([1, origin.len()], device)),
            log_scale: Param::from_tensor(row(&scales, device)),
            noise_loc: Param::from_tensor(onto.inverse(row(&[noise], device))),
            noise_log_scale: Param::from_tensor(row(&[per_row.ln()], device)),
            origin: row(&origin, device),
            basis: matrix(&uncorrelated_basis(&features, spread), device),
        }
    }

    /// The Normal law of each coefficient.
    pub fn marginals(&self) -> Normal<2> {
        let loc = self.origin.clone() + self.position.val().matmul(self.basis.clone());
        Normal::new(loc, Exp.forward(self.log_scale.val()))
    }
}

impl Posterior for MeanField {
    fn coefficients(&self) -> impl Reparameterized<2> {
        self.marginals().independent(1)
    }

    fn noise(&self, support: &Support) -> impl Reparameterized<2> {
        let scale = Exp.forward(self.noise_log_scale.val());
        Normal::new(self.noise_loc.val(), scale).pushforward(onto(support))
    }
}

/// The bijector onto an interval.
fn onto(support: &Support) -> Box<dyn Bijector<2>> {
    support.bijector().expect("a continuous support has a bijector")
}

/// Rows that map a position to the change of the coefficients (intercept first), such that each
/// step of length 1 changes the predictions by `spread` on average, and no two alike.
fn uncorrelated_basis(features: &[&[f64]], spread: f64) -> Vec<Vec<f64>> {
    let rows = features[0].len() as f64;
    let centers: Vec<f64> = features.iter().map(|values| mean(values)).collect();
    let centred: Vec<Vec<f64>> = (features.iter().zip(&centers))
        .map(|(values, center)| values.iter().map(|value| (value - center) / rows.sqrt()).collect())
        .collect();
    let covariance = Matrix::gram(&centred);
    let factor = Cholesky::new(&covariance, 0.0).expect("the features were checked");
    let mut basis = vec![unit_vector(features.len() + 1, 0)];
    for at in 0..features.len() {
        let slopes = factor.solve_upper(&unit_vector(features.len(), at));
        // The intercept follows, so that the mean of the predictions stays.
        let intercept: f64 =
            slopes.iter().zip(&centers).map(|(slope, center)| -slope * center).sum();
        basis.push(std::iter::once(intercept).chain(slopes).collect());
    }
    for entry in basis.iter_mut().flatten() {
        *entry *= spread;
    }
    basis
}

/// Draws `count` pairs of coefficients and noise scale, with the logarithm of their density.
pub fn draw<P: Posterior>(
    posterior: &P,
    support: &Support,
    count: usize,
    rng: &mut dyn Rng,
) -> (Tensor<2>, Tensor<2>, Tensor<2>) {
    let coefficients = posterior.coefficients();
    let [_, width] = coefficients.shape();
    let (coefficients, log_prob) = coefficients.rsample_and_log_prob([count, width], rng);
    let (noise, noise_log_prob) = posterior.noise(support).rsample_and_log_prob([count, 1], rng);
    (coefficients, noise, log_prob + noise_log_prob)
}

/// Numbers as a tensor of one row.
pub fn row(values: &[f64], device: &Device) -> Tensor<2> {
    matrix(&[values.to_vec()], device)
}

fn matrix(rows: &[Vec<f64>], device: &Device) -> Tensor<2> {
    let shape = [rows.len(), rows[0].len()];
    Tensor::from_data(TensorData::new(rows.concat(), shape), device)
}

/// The numbers of a tensor.
pub fn numbers(tensor: Tensor<2>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}
