//! The composed splines, which devices run, against the loops over host memory.

use burn::backend::Flex;
use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, FloatDType, TensorData};

use super::{SplineEnds, SplineOps, SplineShape, composed};

const ROWS: usize = 40;
const FEATURES: usize = 3;

fn tensor(values: Vec<f64>, shape: [usize; 2], dtype: DType) -> FloatTensor<Flex> {
    let data = TensorData::new(values, shape).convert_dtype(dtype);
    Flex::float_from_data(data, &burn_flex::FlexDevice)
}

fn numbers(tensor: FloatTensor<Flex>) -> Vec<f64> {
    Flex::float_cast(tensor, FloatDType::F64).into_data().iter::<f64>().collect()
}

/// Numbers in (−size, size).
fn noise(count: usize, size: f64) -> Vec<f64> {
    (0..count).map(|at| (((at * 7919 + 13) % 1009) as f64 / 504.5 - 1.0) * size).collect()
}

/// The spline with a parameter that is NaN.
const SPOILT: usize = 10 * FEATURES;
/// The spline whose value is NaN.
const NOWHERE: usize = 2;

/// `each` numbers belong to one spline. Which of those of a spoilt one are NaN is of no interest.
fn near(what: &str, a: FloatTensor<Flex>, b: FloatTensor<Flex>, each: usize, tolerance: f64) {
    assert_eq!(a.shape(), b.shape(), "{what}");
    for (at, (a, b)) in numbers(a).into_iter().zip(numbers(b)).enumerate() {
        if each > 0 && [SPOILT, NOWHERE].contains(&(at / each)) {
            continue;
        }
        let same = a == b || a.is_nan() && b.is_nan();
        assert!(same || (a - b).abs() <= tolerance * (1.0 + b.abs()), "{what} {at}: {a} and {b}");
    }
}

fn agree(dtype: DType, tolerance: f64) {
    for ends in [SplineEnds::Linear, SplineEnds::Circular] {
        for bins in [2, 5, 8] {
            let shape =
                SplineShape { bins, bound: 2.5, ends, smallest_bin: 1e-3, smallest_slope: 1e-3 };
            let mut values = noise(ROWS * FEATURES, 3.5);
            values[..4].copy_from_slice(&[-2.5, 2.5, f64::NAN, 1e9]);
            assert!(values[NOWHERE].is_nan());
            let count = FEATURES * shape.parameters();
            let mut parameters = noise(ROWS * count, 3.0);
            parameters[SPOILT * shape.parameters() + 1] = f64::NAN;
            let values = tensor(values, [ROWS, FEATURES], dtype);
            let parameters = tensor(parameters, [ROWS, count], dtype);
            let upstream = tensor(noise(ROWS * 2 * FEATURES, 1.0), [ROWS, 2 * FEATURES], dtype);
            for inverse in [false, true] {
                let what = format!("{ends:?}, {bins} bins, inverse {inverse}");
                near(
                    &what,
                    composed::values::<Flex>(values.clone(), parameters.clone(), shape, inverse),
                    Flex::spline(values.clone(), parameters.clone(), shape, inverse),
                    0,
                    tolerance,
                );
                let operands = [values.clone(), parameters.clone(), upstream.clone()];
                let [of_values, of_parameters] =
                    composed::gradients::<Flex>(operands.clone(), shape, inverse);
                let [values, parameters, upstream] = operands;
                let (expected_values, expected_parameters) =
                    Flex::spline_gradients(values, parameters, upstream, shape, inverse);
                near(&format!("{what}: values"), of_values, expected_values, 1, tolerance);
                let each = shape.parameters();
                let what = format!("{what}: parameters");
                near(&what, of_parameters, expected_parameters, each, tolerance);
            }
        }
    }
}

#[test]
fn composed_is_the_host_loop() {
    agree(DType::F64, 1e-8);
}

/// Steep knots, flat bins and parameters up to the edge of single precision: gradients are numbers,
/// and those of both paths agree.
#[test]
fn gradients_of_huge_parameters_are_numbers() {
    for dtype in [DType::F32, DType::F64] {
        for ends in [SplineEnds::Linear, SplineEnds::Circular] {
            let shape = SplineShape { ends, ..SplineShape::linear(6, 2.5) };
            let count = FEATURES * shape.parameters();
            let values = tensor(noise(ROWS * FEATURES, 2.4), [ROWS, FEATURES], dtype);
            for size in [1e3, 1e18, 1e30, 1e37] {
                let parameters = tensor(noise(ROWS * count, size), [ROWS, count], dtype);
                for weight in [1.0, 1e6] {
                    let upstream = noise(ROWS * 2 * FEATURES, weight);
                    let upstream = tensor(upstream, [ROWS, 2 * FEATURES], dtype);
                    for inverse in [false, true] {
                        let what = format!("{ends:?} {dtype:?} {size:e} {weight:e} {inverse}");
                        let operands = [values.clone(), parameters.clone(), upstream.clone()];
                        let [v, p, u] = operands.clone();
                        let results =
                            composed::values::<Flex>(v.clone(), p.clone(), shape, inverse);
                        let finite = numbers(results).iter().all(|x| x.is_finite());
                        assert!(finite, "{what}: values");
                        let host = Flex::spline_gradients(v, p, u, shape, inverse);
                        let composed = composed::gradients::<Flex>(operands, shape, inverse);
                        for gradients in composed.into_iter().chain([host.0, host.1]) {
                            let numbers = numbers(gradients);
                            assert!(numbers.iter().all(|x| x.is_finite()), "{what}: {numbers:?}");
                        }
                    }
                }
            }
        }
    }
}
