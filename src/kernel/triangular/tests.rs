//! The composed operations, which devices run, against the loops over host memory.

use burn::backend::Flex;
use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, FloatDType, TensorData};

use super::{TriangularMap, TriangularOps, composed, host};

const MAPS: [TriangularMap; 4] = [
    TriangularMap::MULTIPLY,
    TriangularMap::SOLVE,
    TriangularMap { inverse: false, transposed: true },
    TriangularMap { inverse: true, transposed: true },
];

fn tensor(values: &[f64], shape: [usize; 3], dtype: DType) -> FloatTensor<Flex> {
    let data = TensorData::new(values.to_vec(), shape).convert_dtype(dtype);
    Flex::float_from_data(data, &burn_flex::FlexDevice)
}

fn numbers(tensor: FloatTensor<Flex>) -> Vec<f64> {
    Flex::float_cast(tensor, FloatDType::F64).into_data().iter::<f64>().collect()
}

/// Numbers in (−1, 1).
fn noise(count: usize) -> Vec<f64> {
    (0..count).map(|at| ((at * 7919 + 13) % 1009) as f64 / 512.0 - 0.98).collect()
}

/// Lower triangular, well conditioned, and something above the diagonal that must not be read.
fn factors(count: usize, length: usize) -> Vec<f64> {
    let mut elements = noise(count * length * length);
    for (at, element) in elements.iter_mut().enumerate() {
        let (row, column) = (at / length % length, at % length);
        *element = if row == column { 2.0 + *element / 2.0 } else { *element / length as f64 };
    }
    elements
}

fn agree(what: &str, dtype: DType, composed: FloatTensor<Flex>, host: FloatTensor<Flex>) {
    assert_eq!(composed.shape(), host.shape(), "{what}");
    assert_eq!((composed.dtype(), host.dtype()), (dtype, dtype), "{what}");
    let epsilon = if dtype == DType::F64 { f64::EPSILON } else { f64::from(f32::EPSILON) };
    for (composed, host) in numbers(composed).into_iter().zip(numbers(host)) {
        // Sums of up to 40 terms of size 1, by two orders of addition.
        let allowed = 100.0 * epsilon * (1.0 + host.abs());
        let same = composed.is_nan() && host.is_nan();
        assert!(same || (composed - host).abs() <= allowed, "{what} {dtype:?}: {composed} {host}");
    }
}

#[test]
fn composed_and_host_agree() {
    for dtype in [DType::F32, DType::F64] {
        for (count, vectors, length) in [(1, 1, 1), (1, 40, 3), (3, 2, 8), (2, 17, 33)] {
            let matrix = || tensor(&factors(count, length), [count, length, length], dtype);
            let rows = || tensor(&noise(count * vectors * length), [count, vectors, length], dtype);
            for map in MAPS {
                let what = format!("{map:?} of {count} × {vectors} × {length}");
                let expected = Flex::triangular_map(matrix(), rows(), map);
                agree(&what, dtype, composed::map::<Flex>(matrix(), rows(), map), expected);
            }
            let product = composed::lower_product::<Flex>(rows(), rows());
            agree("a product", dtype, product, Flex::lower_product(rows(), rows()));
            let lower = || composed::lower::<Flex>(matrix());
            let symmetric = || Flex::float_matmul(lower(), Flex::float_swap_dims(lower(), 1, 2));
            let factor = composed::cholesky::<Flex>(symmetric());
            agree("a factor", dtype, factor, Flex::cholesky(symmetric()));
        }
    }
}

#[test]
fn composed_factors_fail_alike() {
    for dtype in [DType::F32, DType::F64] {
        let matrices = [
            [4.0, 2.0, 2.0, 5.0],
            [1.0, 2.0, 2.0, 1.0],
            [0.0, 0.0, 0.0, 1.0],
            [1.0, 1.0, 1.0, 1.0],
            [f64::NAN, 0.0, 0.0, 1.0],
            [1.0, 0.0, 0.0, f64::INFINITY],
            [f64::INFINITY, 0.0, 0.0, 1.0],
        ];
        let all = || tensor(&matrices.concat(), [7, 2, 2], dtype);
        agree("a failure", dtype, composed::cholesky::<Flex>(all()), Flex::cholesky(all()));
    }
}

/// Enough vectors of one matrix that threads share them, and enough to sum in parts.
#[test]
fn threads_share_vectors() {
    let (vectors, length) = (20_000, 5);
    let (matrix, rows) = (factors(1, length), noise(vectors * length));
    for map in MAPS {
        let whole = host::map(&matrix, &rows, [vectors, length], map);
        for (at, row) in rows.chunks_exact(length).enumerate().step_by(997) {
            let single = host::map(&matrix, row, [1, length], map);
            let part = &whole[at * length..][..length];
            let gap = part.iter().zip(&single).fold(0.0, |gap: f64, (a, b)| gap.max((a - b).abs()));
            assert!(gap < 1e-14, "{map:?}, row {at}: {gap}");
        }
    }
    let product = host::lower_product(&rows, &rows, [1, vectors, length]);
    for (at, got) in product.iter().enumerate() {
        let (row, column) = (at / length, at % length);
        let expected: f64 = if column > row {
            0.0
        } else {
            rows.chunks_exact(length).map(|x| x[row] * x[column]).sum()
        };
        assert!((got - expected).abs() <= 1e-10 * (1.0 + expected.abs()), "{at}: {got} {expected}");
    }
}
