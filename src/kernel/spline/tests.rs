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
