//! MultivariateNormal and LowRankMultivariateNormal: 50-digit tables, gradients, three forms of one
//! matrix, divergences, draws, errors; on every device, in both precisions.

#[path = "../common/mod.rs"]
mod common;

mod batches;
mod divergences;
mod draws;
mod errors;
mod forms;
mod gradients;
mod tables;

use burn::tensor::{Tensor, TensorData};
use common::{Setting, epsilon, settings};
use pushforward::prelude::*;

type Full = MultivariateNormal<2>;

fn tensor<const D: usize>(values: &[f64], shape: [usize; D], setting: &Setting) -> Tensor<D> {
    let data = TensorData::new(values.to_vec(), shape).convert_dtype(setting.1);
    Tensor::from_data(data, (&setting.0, setting.1))
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f64> {
    x.into_data().iter::<f64>().collect()
}

fn near(what: &str, got: &[f64], expected: &[f64], allowed: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
        let gap = (got - expected).abs();
        assert!(gap <= allowed * (1.0 + expected.abs()), "{what}, element {at}: {got} {expected}");
    }
}

const LOC: [f64; 4] = [0.5, -1.0, 2.0, 0.0];
const VALUE: [f64; 4] = [1.5, 0.25, -1.0, 0.75];
/// Diagonally dominant, so that a step leaves it positive definite; symmetric or not.
const MATRIX: [f64; 16] =
    [3.0, 0.5, -0.25, 0.75, 0.5, 2.5, 0.5, -0.5, -0.25, 0.5, 4.0, 1.0, 0.75, -0.5, 1.0, 3.5];

const FORMS: [&str; 3] = ["scale_tril", "covariance", "precision"];

/// An instance from `[1, K]` and `[1, K·K]`.
fn instance(form: &str, loc: Tensor<2>, flat: Tensor<2>) -> Full {
    let length = flat.dims()[1].isqrt();
    let matrix: Tensor<3> = flat.reshape([1, length, length]);
    match form {
        "scale_tril" => Full::from_scale_tril(loc, matrix),
        "covariance" => Full::from_covariance(loc, matrix),
        "precision" => Full::from_precision(loc, matrix),
        other => panic!("no form {other}"),
    }
}

fn forms(setting: &Setting) -> [Full; 3] {
    let loc = || tensor::<2>(&LOC, [1, 4], setting);
    let by_covariance = Full::from_covariance::<3>(loc(), tensor(&MATRIX, [1, 4, 4], setting));
    [
        Full::from_scale_tril::<3>(loc(), by_covariance.scale_tril()),
        Full::from_precision::<3>(loc(), by_covariance.precision()),
        by_covariance,
    ]
}
