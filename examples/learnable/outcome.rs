//! What came of a fit: numbers for the table and for the picture.

use burn::tensor::{Device, Tensor, TensorData};
use pushforward::prelude::*;

/// One fit.
pub struct Outcome {
    pub name: &'static str,
    pub rows: Vec<Row>,
    pub panel: Panel,
}

/// One number of a parameter.
pub struct Row {
    pub name: String,
    /// Of the law that the samples are drawn from.
    pub truth: Option<f64>,
    pub fitted: f64,
    /// Without an optimizer, where that is known.
    pub direct: Option<f64>,
}

/// The picture of a fit.
pub enum Panel {
    /// Densities on a line, over the histogram of the samples where there are such.
    Line { x: Vec<f64>, histogram: Vec<f64>, truth: Vec<f64>, fitted: Vec<f64> },
    /// Points in the plane, with the ellipses of two standard deviations.
    Plane { points: Vec<(f64, f64)>, truth: Vec<(f64, f64)>, fitted: Vec<(f64, f64)> },
    /// Samples in the plane, and draws of the model.
    Cloud { points: Vec<(f64, f64)>, draws: Vec<(f64, f64)> },
}

pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.detach().into_data().iter::<f64>().collect()
}

/// The numbers of all parameters, one after another, with their names.
fn entries<F: Parametric<D>, const D: usize>(family: &F) -> Vec<(String, f64)> {
    let of_one = |parameter: pushforward::parameter::Parameter<D>| {
        let values = numbers(parameter.value);
        let single = values.len() == 1;
        let name = parameter.name;
        let named = move |(at, value)| {
            (if single { name.to_string() } else { format!("{name}[{at}]") }, value)
        };
        values.into_iter().enumerate().map(named).collect::<Vec<_>>()
    };
    family.parameters().into_iter().flat_map(of_one).collect()
}

/// The rows of the table.
pub fn rows<F: Parametric<D>, const D: usize>(
    truth: Option<&F>,
    fitted: &F,
    direct: Option<&F>,
) -> Vec<Row> {
    let values = |family: Option<&F>| -> Option<Vec<f64>> {
        Some(entries(family?).into_iter().map(|(_, value)| value).collect())
    };
    let (truth, direct) = (values(truth), values(direct));
    let at = |values: &Option<Vec<f64>>, row: usize| values.as_ref().map(|values| values[row]);
    (entries(fitted).into_iter().enumerate())
        .map(|(row, (name, fitted))| Row {
            name,
            truth: at(&truth, row),
            fitted,
            direct: at(&direct, row),
        })
        .collect()
}

const POINTS: usize = 241;
const BINS: usize = 48;

/// Densities over the range of the samples, or of draws of the truth.
pub fn line<T, F>(truth: &T, fitted: &F, samples: &Tensor<1>, histogram: bool) -> Panel
where
    T: Distribution<1, Kind = burn::tensor::Float>,
    F: Distribution<1, Kind = burn::tensor::Float>,
{
    let mut sorted = numbers(samples.clone());
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
    let (low, high) = (at(0.002), at(0.998));
    let x: Vec<f64> =
        (0..POINTS).map(|i| low + (high - low) * i as f64 / (POINTS - 1) as f64).collect();
    let device = samples.device();
    let grid = |device: &Device| {
        let data = TensorData::new(x.clone(), [POINTS]).convert_dtype(samples.dtype());
        Tensor::<1>::from_data(data, (device, samples.dtype()))
    };
    let width = (high - low) / BINS as f64;
    let mut counts = vec![0.0; BINS];
    for value in sorted.iter().filter(|value| **value >= low && **value < high) {
        counts[(((value - low) / width) as usize).min(BINS - 1)] += 1.0;
    }
    let total = sorted.len() as f64 * width;
    Panel::Line {
        histogram: counts.into_iter().filter(|_| histogram).map(|count| count / total).collect(),
        truth: numbers(truth.log_prob(grid(&device)).exp()),
        fitted: numbers(fitted.log_prob(grid(&device)).exp()),
        x,
    }
}

/// Points that a panel shows.
const SHOWN: usize = 600;

fn pairs(points: &Tensor<2>) -> Vec<(f64, f64)> {
    let numbers = numbers(points.clone());
    numbers.chunks(2).take(SHOWN).map(|pair| (pair[0], pair[1])).collect()
}

/// Samples and draws.
pub fn cloud(samples: &Tensor<2>, draws: &Tensor<2>) -> Panel {
    Panel::Cloud { points: pairs(samples), draws: pairs(draws) }
}

/// Points and ellipses of two multivariate Normals in the plane.
pub fn plane(
    truth: &MultivariateNormal<2>,
    fitted: &MultivariateNormal<2>,
    samples: &Tensor<2>,
) -> Panel {
    let ellipse = |normal: &MultivariateNormal<2>| {
        let (loc, tril) = (numbers(normal.loc()), numbers(normal.scale_tril::<3>()));
        let on_circle = |i: usize| {
            let (sin, cos) = (i as f64 * core::f64::consts::TAU / 90.0).sin_cos();
            (loc[0] + 2.0 * tril[0] * cos, loc[1] + 2.0 * (tril[2] * cos + tril[3] * sin))
        };
        (0..=90).map(on_circle).collect()
    };
    Panel::Plane { points: pairs(samples), truth: ellipse(truth), fitted: ellipse(fitted) }
}
