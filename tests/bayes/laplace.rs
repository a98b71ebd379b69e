//! The Laplace approximation of the last layer against the same matrices built by hand.

use burn::tensor::{DType, Device, Tensor, TensorData};
use pushforward::nn::bayes::LastLayerLaplace;
use pushforward::random::{Key, normal};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::common::devices_in;
use crate::numbers;

/// Solves M x = b by Gauss–Jordan elimination with pivoting.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        let largest =
            |a: &usize, b: &usize| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs());
        let pivot = (column..size).max_by(largest).unwrap();
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in (0..size).filter(|row| *row != column) {
            let factor = matrix[row][column] / matrix[column][column];
            for at in column..size {
                matrix[row][at] -= factor * matrix[column][at];
            }
            right[row] -= factor * right[column];
        }
    }
    (0..size).map(|row| right[row] / matrix[row][row]).collect()
}

/// The logits' covariance is φᵀ(A + π√δ)⁻¹φ (G + √δ/π)⁻¹ with A = Σ φφᵀ and G the mean of
/// diag p − ppᵀ.
#[test]
fn the_covariance_is_that_of_the_kronecker_factors() {
    let (examples, inputs, classes, precision) = (20, 3, 4, 0.5_f64);
    for device in devices_in(DType::F64) {
        let features = normal([examples, inputs], Key::new(1), &device, DType::F64);
        let logits = normal([examples, classes], Key::new(2), &device, DType::F64);
        let rows: Vec<Vec<f64>> = (numbers(features.clone()).chunks(inputs))
            .map(|row| row.iter().copied().chain([1.0]).collect())
            .collect();
        let outputs: Vec<Vec<f64>> = (numbers(logits.clone()).chunks(classes))
            .map(|row| {
                let total: f64 = row.iter().map(|logit| logit.exp()).sum();
                row.iter().map(|logit| logit.exp() / total).collect()
            })
            .collect();
        let size = inputs + 1;
        let mut gram = vec![vec![0.0; size]; size];
        for row in &rows {
            for a in 0..size {
                for b in 0..size {
                    gram[a][b] += row[a] * row[b];
                }
            }
        }
        let mut fisher = vec![vec![0.0; classes]; classes];
        for p in &outputs {
            for a in 0..classes {
                for b in 0..classes {
                    let diagonal = if a == b { p[a] } else { 0.0 };
                    fisher[a][b] += (diagonal - p[a] * p[b]) / examples as f64;
                }
            }
        }
        let trace = |matrix: &[Vec<f64>]| {
            (0..matrix.len()).map(|at| matrix[at][at]).sum::<f64>() / matrix.len() as f64
        };
        let share = (trace(&gram) / trace(&fisher)).sqrt();
        for (at, row) in gram.iter_mut().enumerate() {
            row[at] += share * precision.sqrt();
        }
        for (at, row) in fisher.iter_mut().enumerate() {
            row[at] += precision.sqrt() / share;
        }

        let laplace = LastLayerLaplace::new(features, logits, precision);
        let new = [0.5, -1.0, 3.0];
        let point =
            Tensor::<2>::from_data(TensorData::new(new.to_vec(), [1, 3]), (&device, DType::F64));
        let extended = vec![0.5, -1.0, 3.0, 1.0];
        let solved = solve(gram, extended.clone());
        let variance: f64 = extended.iter().zip(&solved).map(|(a, b)| a * b).sum();
        let got = numbers(laplace.variance(point.clone()))[0];
        assert!((got / variance - 1.0).abs() < 1e-10, "{got} {variance}");
        let covariance = numbers(laplace.logit_covariance());
        for column in 0..classes {
            let unit = (0..classes).map(|at| f64::from(u8::from(at == column))).collect();
            for (row, expected) in solve(fisher.clone(), unit).into_iter().enumerate() {
                let got = covariance[row * classes + column];
                assert!((got - expected).abs() < 1e-9, "{got} {expected}");
            }
        }
    }
}

/// Draws of the logits have that covariance, up to the shift that a softmax ignores: log-odds to the
/// last class are compared, within six standard errors.
#[test]
fn draws_have_the_covariance() {
    let device = Device::flex();
    let features = normal([50, 2], Key::new(1), &device, DType::F64);
    let logits = normal([50, 3], Key::new(2), &device, DType::F64);
    let laplace = LastLayerLaplace::new(features, logits, 2.0);
    let point = Tensor::<2>::from_data(TensorData::from([[1.0, -2.0]]), (&device, DType::F64));
    let centre =
        Tensor::<2>::from_data(TensorData::from([[0.3, -0.1, 0.6]]), (&device, DType::F64));
    let draws = 40_000;
    let scale = numbers(laplace.variance(point.clone()))[0];
    let covariance = numbers(laplace.logit_covariance());
    let at = |a: usize, b: usize| covariance[3 * a + b] * scale;
    let expected = at(0, 0) + at(2, 2) - 2.0 * at(0, 2);
    // A binary choice between the first and the last class: its odds, by members.
    let repeated = centre.repeat_dim(0, draws);
    let points = point.repeat_dim(0, draws);
    let mut rng = StdRng::seed_from_u64(4);
    let predictions = laplace.predict(points, repeated, 1, &mut rng);
    let log = numbers(predictions.mean_log_probabilities());
    let odds: Vec<f64> = log.chunks(3).map(|row| row[0] - row[2]).collect();
    let mean = odds.iter().sum::<f64>() / draws as f64;
    let variance = odds.iter().map(|odds| (odds - mean).powi(2)).sum::<f64>() / draws as f64;
    assert!((mean + 0.3).abs() < 6.0 * (expected / draws as f64).sqrt(), "{mean}");
    let error = 6.0 * (2.0 / draws as f64).sqrt();
    assert!((variance / expected - 1.0).abs() < error, "{variance} {expected}");
}

/// More data make the layer surer; examples far from them less sure.
#[test]
fn data_make_sure_and_distance_unsure() {
    let device = Device::flex();
    let layer = normal([4, 3], Key::new(0), &device, DType::F32);
    let fitted = |examples: usize| {
        let features = normal([examples, 4], Key::new(1), &device, DType::F32);
        LastLayerLaplace::new(features.clone(), features.matmul(layer.clone()), 1.0)
    };
    let near = normal([1, 4], Key::new(2), &device, DType::F32);
    let variance =
        |laplace: &LastLayerLaplace, scale: f64| numbers(laplace.variance(near.clone() * scale))[0];
    let (few, many) = (fitted(20), fitted(2000));
    assert!(variance(&many, 1.0) < variance(&few, 1.0) / 10.0);
    assert!(variance(&few, 10.0) > variance(&few, 1.0) * 10.0);
    let far = near.clone() * 30.0;
    let mut rng = StdRng::seed_from_u64(0);
    let logits = far.clone().matmul(layer.clone());
    let sure = pushforward::nn::bayes::Predictions::from_logits(logits.clone().unsqueeze());
    let unsure = few.predict(far, logits, 200, &mut rng);
    assert!(numbers(unsure.entropy())[0] > numbers(sure.entropy())[0]);
}

#[test]
#[should_panic(expected = "precision must be positive")]
fn a_prior_has_a_precision() {
    let device = Device::flex();
    let zeros = |columns| Tensor::<2>::zeros([2, columns], &device);
    let _ = LastLayerLaplace::new(zeros(3), zeros(2), 0.0);
}
