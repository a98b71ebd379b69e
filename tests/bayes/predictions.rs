//! What predictions say together, against known answers.

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use pushforward::nn::bayes::{Calibration, Predictions, expected_calibration_error};

use crate::common::devices_in;
use crate::numbers;

/// Logits `[members, examples, classes]` of a fixed spread about those of the first member.
fn logits(device: &Device, dtype: DType, spread: f64) -> Tensor<3> {
    let (members, examples, classes) = (4, 3, 5);
    let mut values = Vec::new();
    for member in 0..members {
        for example in 0..examples {
            for class in 0..classes {
                let shared = ((example * 7 + class * 3) % 5) as f64 - 2.0;
                let own = (((member * 11 + example * 5 + class * 13) % 9) as f64 - 4.0) / 4.0;
                values.push(shared + spread * own);
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [members, examples, classes]), (device, dtype))
}

/// Mutual information by Σ p ln(p/q), of the log-probabilities as they are, in `f64`.
fn mutual_information(log_probabilities: &[f64], members: usize, examples: usize) -> Vec<f64> {
    let classes = log_probabilities.len() / members / examples;
    let at = |member: usize, example: usize, class: usize| {
        log_probabilities[(member * examples + example) * classes + class]
    };
    let of_example = |example: usize| {
        let mut total = 0.0;
        for class in 0..classes {
            let mean = (0..members).map(|member| at(member, example, class).exp()).sum::<f64>()
                / members as f64;
            for member in 0..members {
                let p = at(member, example, class).exp();
                // p ln(p/q) − p + q by the exact difference, as small spreads need.
                let t = (mean - p) / p;
                let log = if t.abs() < 1e-3 {
                    t * t * (0.5 - t / 3.0 + t * t / 4.0 - t.powi(3) / 5.0)
                } else {
                    t - t.ln_1p()
                };
                total += p * log / members as f64;
            }
        }
        total
    };
    (0..examples).map(of_example).collect()
}

#[test]
fn entropies_and_mutual_information_agree() {
    for (dtype, tolerance) in [(DType::F32, 3e-6), (DType::F64, 1e-13)] {
        for device in devices_in(dtype) {
            let predictions = Predictions::from_logits(logits(&device, dtype, 1.0));
            let total = numbers(predictions.entropy());
            let expected = numbers(predictions.expected_entropy());
            let information = numbers(predictions.mutual_information());
            for example in 0..3 {
                let difference = total[example] - expected[example];
                assert!((information[example] - difference).abs() < tolerance, "{dtype:?}");
                assert!(information[example] > 0.01);
            }
            let sums = numbers(predictions.mean_probabilities().sum_dim(1));
            assert!(sums.iter().all(|sum| (sum - 1.0).abs() < tolerance));
        }
    }
}

/// Where members nearly agree the difference of entropies is rounding; the sum of divergences keeps
/// its digits, and is never negative.
#[test]
fn tiny_mutual_information_keeps_its_digits() {
    for (dtype, spreads, tolerance) in
        [(DType::F32, [1e-1, 1e-2, 1e-3], 2e-2), (DType::F64, [1e-3, 1e-5, 1e-7], 1e-5)]
    {
        for device in devices_in(dtype) {
            for spread in spreads {
                let logits = logits(&device, dtype, spread);
                let log = burn::tensor::activation::log_softmax(logits, 2);
                let exact = mutual_information(&numbers(log.clone()), 4, 3);
                let got = numbers(Predictions::from_log_probabilities(log).mutual_information());
                for (got, exact) in got.iter().zip(&exact) {
                    assert!(*got >= 0.0);
                    assert!((got / exact - 1.0).abs() < tolerance, "{spread}: {got} and {exact}");
                }
            }
        }
    }
}

#[test]
fn identical_members_share_no_information() {
    for dtype in [DType::F32, DType::F64] {
        for device in devices_in(dtype) {
            let one = logits(&device, dtype, 1.0).narrow(0, 0, 1);
            let predictions = Predictions::from_logits(one.repeat_dim(0, 7));
            assert!(numbers(predictions.mutual_information()).iter().all(|bits| *bits == 0.0));
        }
    }
}

/// Probabilities of exactly 0 and 1.
#[test]
fn certain_members() {
    let (certain, never) = (0.0_f32, f32::NEG_INFINITY);
    let rows = [[[certain, never, never], [certain, never, never]], [[never, certain, never]; 2]];
    let predictions =
        Predictions::from_log_probabilities(Tensor::<3>::from_floats(rows, &Device::flex()));
    let ln_2 = core::f64::consts::LN_2;
    for (got, expected) in [
        (numbers(predictions.entropy()), ln_2),
        (numbers(predictions.expected_entropy()), 0.0),
        (numbers(predictions.mutual_information()), ln_2),
    ] {
        assert!(got.iter().all(|got| (got - expected).abs() < 1e-6), "{got:?}");
    }
    let probabilities = numbers(predictions.mean_probabilities());
    assert_eq!(probabilities[2], 0.0);
}

#[test]
fn calibration_has_known_answers() {
    let device = Device::flex();
    // Confidences .9 (right), .9 (wrong), .6 (right), 1 (right).
    let rows = [[0.9, 0.1], [0.1, 0.9], [0.4, 0.6], [0.0, 1.0]];
    let probabilities = Tensor::<2>::from_floats(rows, &device);
    let labels = Tensor::<1, Int>::from_ints([0, 0, 1, 1], &device);
    let calibration = Calibration::new(probabilities.clone(), labels.clone(), 10);
    assert_eq!(calibration.count(), 4);
    // Single precision puts 0.9 and 0.6 just below, or above, their edges: 0.9 is 0.89999998.
    let error = expected_calibration_error(probabilities.clone(), labels.clone(), 10);
    let expected = (2.0 * (0.5_f64 - 0.9).abs() + (1.0_f64 - 0.6).abs() + 0.0) / 4.0;
    assert!((error - expected).abs() < 1e-6, "{error}");
    assert!((calibration.largest_error() - 0.4).abs() < 1e-6);
    // One bin compares the averages: confidence .85, accuracy .75.
    let error = expected_calibration_error(probabilities, labels, 1);
    assert!((error - 0.1).abs() < 1e-6, "{error}");

    let certain = Tensor::<2>::from_floats([[1.0, 0.0], [0.0, 1.0]], &device);
    let right = Tensor::<1, Int>::from_ints([0, 1], &device);
    let wrong = Tensor::<1, Int>::from_ints([1, 0], &device);
    assert_eq!(expected_calibration_error(certain.clone(), right, 15), 0.0);
    assert_eq!(expected_calibration_error(certain, wrong, 15), 1.0);
}
