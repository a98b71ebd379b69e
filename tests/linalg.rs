//! Triangular systems and Cholesky factors: against plain loops, every way to broadcast, gradients,
//! matrices that are not positive definite, both precisions, every device.

mod common;

use burn::tensor::{DType, Device, Tensor, TensorData};
use common::{Setting, devices, epsilon, settings};
use pushforward::linalg::{
    cholesky, log_determinant_lower, multiply_lower, solve_lower, solve_lower_transposed,
};
use pushforward::testing::gradients::agree_with_differences;
use pushforward::testing::{Check, assert_law};

fn tensor<const D: usize>(
    values: &[f64],
    shape: [usize; D],
    (device, dtype): &Setting,
) -> Tensor<D> {
    let data = TensorData::new(values.to_vec(), shape).convert_dtype(*dtype);
    Tensor::from_data(data, (device, *dtype))
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f64> {
    x.into_data().iter::<f64>().collect()
}

/// Numbers in (−1, 1) that are exact in `f32`, from a multiplicative congruence.
fn noise(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 44) as f64 / f64::from(1 << 19) - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Lower triangular matrices with a diagonal near 2, and NaN above it, which nothing may read.
fn factors(count: usize, length: usize, seed: u64) -> Vec<f64> {
    let mut elements = noise(count * length * length, seed);
    for (at, element) in elements.iter_mut().enumerate() {
        let (row, column) = (at / length % length, at % length);
        *element = match column.cmp(&row) {
            core::cmp::Ordering::Less => *element / (length as f64).sqrt(),
            core::cmp::Ordering::Equal => 2.0 + *element / 2.0,
            core::cmp::Ordering::Greater => f64::NAN,
        };
    }
    elements
}

fn without_nan(elements: &[f64]) -> Vec<f64> {
    elements.iter().map(|x| if x.is_nan() { 0.0 } else { *x }).collect()
}

/// M X for one matrix and `columns` columns, and how large the terms were.
fn product(
    matrix: &[f64],
    x: &[f64],
    length: usize,
    columns: usize,
    transposed: bool,
) -> Vec<[f64; 2]> {
    let entry = |i: usize, j: usize| {
        if transposed { matrix[j * length + i] } else { matrix[i * length + j] }
    };
    let at = |i: usize, c: usize| {
        (0..length).fold([0.0, 0.0], |[sum, size], j| {
            let term = entry(i, j) * x[j * columns + c];
            [sum + term, size + term.abs()]
        })
    };
    (0..length * columns).map(|place| at(place / columns, place % columns)).collect()
}

/// All four functions on one matrix for each, and one for all, on both sides of the block widths.
#[test]
fn products_and_solutions_fit() {
    for setting in settings() {
        let epsilon = epsilon(setting.1);
        for length in [1, 2, 3, 8, 17, 40] {
            for columns in [1, 2, 3, 15, 16, 17, 33] {
                for batch in [1, 3] {
                    let matrices = factors(batch, length, 7);
                    let right = noise(batch * length * columns, 11);
                    let l: Tensor<3> = tensor(&matrices, [batch, length, length], &setting);
                    let b: Tensor<3> = tensor(&right, [batch, length, columns], &setting);
                    let results = [
                        numbers(multiply_lower(l.clone(), b.clone())),
                        numbers(solve_lower(l.clone(), b.clone())),
                        numbers(solve_lower_transposed(l, b)),
                    ];
                    let (size, count) = (length * length, length * columns);
                    for at in 0..batch {
                        let matrix = without_nan(&numbers(tensor::<1>(
                            &matrices[at * size..][..size],
                            [size],
                            &setting,
                        )));
                        let own = |x: &[f64]| x[at * count..][..count].to_vec();
                        let own_right = own(&right);
                        let multiplied = product(&matrix, &own_right, length, columns, false);
                        for (got, [expected, size]) in own(&results[0]).iter().zip(multiplied) {
                            let gap = (got - expected).abs();
                            assert!(
                                gap <= 2.0 * epsilon * size,
                                "{setting:?} {length} {columns}: {gap}"
                            );
                        }
                        // The backward error of substitution, and the rounding of the solution.
                        for (result, transposed) in [(1, false), (2, true)] {
                            let back = product(
                                &matrix,
                                &own(&results[result]),
                                length,
                                columns,
                                transposed,
                            );
                            for (expected, [got, size]) in own_right.iter().zip(back) {
                                let gap = (got - expected).abs();
                                let allowed = epsilon * (2.0 + length as f64) * size;
                                assert!(
                                    gap <= allowed,
                                    "{setting:?} {length} {columns} {transposed}: {gap}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Every way for a batch of matrices to meet one of right sides gives what the expanded ones give.
#[test]
fn batches_broadcast() {
    const K: usize = 3;
    for setting in settings() {
        for [matrices, rights] in [
            [[1, 1], [4, 5]],
            [[4, 1], [1, 5]],
            [[1, 5], [4, 1]],
            [[4, 5], [1, 1]],
            [[4, 5], [4, 1]],
            [[1, 5], [4, 5]],
            [[4, 1], [4, 5]],
            [[4, 5], [4, 5]],
        ] {
            let [a, b] = matrices;
            let l: Tensor<4> = tensor(&factors(a * b, K, 3), [a, b, K, K], &setting);
            let [a, b] = rights;
            let x: Tensor<4> = tensor(&noise(a * b * K * 2, 5), [a, b, K, 2], &setting);
            let together = solve_lower(l.clone(), x.clone());
            assert_eq!(together.dims(), [4, 5, K, 2]);
            let (l, x) = (l.expand([4, 5, K, K]), x.expand([4, 5, K, 2]));
            let copied =
                |x: Tensor<4>| Tensor::<4>::from_data(x.to_data(), (&setting.0, setting.1));
            assert_eq!(
                numbers(together),
                numbers(solve_lower(copied(l), copied(x))),
                "{matrices:?}"
            );
        }
    }
}

/// A sum of all elements, weighted differently, in a shape that the law reads as reduced.
fn weighed(x: Tensor<3>) -> Tensor<3> {
    let count = x.dims().iter().product();
    let weights: Vec<f64> = (0..count).map(|at| 0.5 + (at * 7 % 11) as f64 / 16.0).collect();
    let weights = Tensor::from_data(
        TensorData::new(weights, x.dims()).convert_dtype(x.dtype()),
        (&x.device(), x.dtype()),
    );
    (x * weights).sum().reshape([1, 1, 1])
}

fn in_double(check: impl Fn(&Setting, &Device)) {
    for setting in settings() {
        if setting.1 == DType::F64 {
            check(&setting, &setting.0.clone().autodiff());
            check(&setting, &setting.0.clone().autodiff().gradient_checkpointing());
        }
    }
}

#[test]
fn gradients_of_maps() {
    in_double(|setting, autodiff| {
        let check = Check::new(format!("linalg on {autodiff:?}"));
        // One matrix for all, one for each, and many for one right side.
        for [matrices, rights] in [[1, 2], [2, 2], [2, 1]] {
            let inputs = [
                tensor::<3>(&without_nan(&factors(matrices, 3, 3)), [matrices, 3, 3], setting),
                tensor::<3>(&noise(rights * 3 * 2, 5), [rights, 3, 2], setting),
            ];
            let steps = [vec![1.0; matrices * 9], vec![1.0; rights * 6]];
            let functions: [fn(Tensor<3>, Tensor<3>) -> Tensor<3>; 3] =
                [multiply_lower, solve_lower, solve_lower_transposed];
            for function in functions {
                assert_law(agree_with_differences(
                    "the gradient of a triangular map",
                    &inputs,
                    &steps,
                    autodiff,
                    &check,
                    &|x| weighed(function(x[0].clone(), x[1].clone())),
                ));
            }
        }
    });
}

#[test]
fn gradients_of_factors_and_determinants() {
    in_double(|setting, autodiff| {
        let check = Check::new(format!("linalg on {autodiff:?}"));
        for length in [1, 2, 4] {
            let size = length * length;
            let l: Tensor<3> =
                tensor(&without_nan(&factors(2, length, 9)), [2, length, length], setting);
            let symmetric = l.clone().matmul(l.clone().swap_dims(1, 2));
            let steps = [vec![1.0; 2 * size]];
            assert_law(agree_with_differences(
                "the gradient of a Cholesky factor",
                core::slice::from_ref(&symmetric),
                &steps,
                autodiff,
                &check,
                &|x| weighed(cholesky(x[0].clone())),
            ));
            assert_law(agree_with_differences(
                "the gradient of a determinant",
                &[symmetric],
                &steps,
                autodiff,
                &check,
                &|x| weighed(log_determinant_lower(cholesky(x[0].clone()))),
            ));
        }
    });
}

#[test]
fn factors_of_products() {
    for setting in settings() {
        for length in [1, 2, 3, 8, 40] {
            let factor = without_nan(&factors(3, length, 21));
            let l: Tensor<3> =
                tensor(&factor, [3, length, length], &(setting.0.clone(), DType::F32));
            // The product of numbers with 20 bits, rounded to the precision.
            let size = length * length;
            let exact = numbers(l);
            let products: Vec<f64> = (0..3 * size)
                .map(|at| {
                    let (batch, row, column) = (at / size, at / length % length, at % length);
                    (0..length)
                        .map(|k| {
                            exact[batch * size + row * length + k]
                                * exact[batch * size + column * length + k]
                        })
                        .sum()
                })
                .collect();
            let got = cholesky(tensor::<3>(&products, [3, length, length], &setting));
            for (at, (got, expected)) in numbers(got).into_iter().zip(&exact).enumerate() {
                // The condition number of these matrices is below 100.
                let gap = (got - expected).abs();
                assert!(gap <= 400.0 * epsilon(setting.1), "{setting:?} {length} {at}: {gap}");
                let above = at % length > at / length % length;
                assert!(!above || got == 0.0, "{setting:?}: above the diagonal {got}");
            }
        }
    }
}

/// What cannot be factorised is NaN, and nothing beside it changes, nor the gradients.
#[test]
fn failures_stay_where_they_are() {
    for setting in settings() {
        let good = [4.0, 2.0, 2.0, 5.0];
        for bad in [
            [1.0, 2.0, 2.0, 1.0],
            [0.0, 0.0, 0.0, 1.0],
            [1.0, 1.0, 1.0, 1.0],
            [-1.0, 0.0, 0.0, 1.0],
            [f64::NAN, 0.0, 0.0, 1.0],
            [1.0, 0.0, 0.0, f64::INFINITY],
            [1.0, f64::NAN, f64::NAN, 5.0],
        ] {
            let all = [good, bad, good].concat();
            let factor = numbers(cholesky(tensor::<3>(&all, [3, 2, 2], &setting)));
            for batch in [0, 2] {
                assert_eq!(factor[batch * 4..][..4], [2.0, 0.0, 1.0, 2.0], "{setting:?} {bad:?}");
            }
            let failed: Vec<bool> = factor[4..8].iter().map(|x| x.is_nan()).collect();
            assert_eq!(failed, [true, false, true, true], "{setting:?} {bad:?}: {factor:?}");
            let autodiff = (setting.0.clone().autodiff(), setting.1);
            let leaf = tensor::<3>(&all, [3, 2, 2], &autodiff).require_grad();
            let gradients = log_determinant_lower(cholesky(leaf.clone())).sum().backward();
            let gradient = numbers(leaf.grad(&gradients).expect("tracked"));
            for batch in [0, 2] {
                assert!(gradient[batch * 4..][..4].iter().all(|x| x.is_finite()), "{gradient:?}");
            }
        }
    }
}

/// Half precision computes in `f32`: only the result is rounded.
#[test]
fn half_precision() {
    for device in devices() {
        for dtype in [DType::F16, DType::BF16] {
            if !device.supports_dtype(dtype) {
                continue;
            }
            let setting = (device.clone(), dtype);
            let a = tensor::<2>(&[4.0, 2.0, 2.0, 5.0], [2, 2], &setting);
            let l = cholesky(a);
            assert_eq!(l.dtype(), dtype);
            let x = solve_lower(l, tensor(&[2.0, 5.0], [2, 1], &setting));
            assert_eq!(numbers(x), [1.0, 2.0]);
        }
    }
}

/// Empty batches.
#[test]
fn nothing_is_nothing() {
    for setting in settings() {
        let l: Tensor<3> = tensor(&[], [0, 2, 2], &setting);
        assert_eq!(cholesky(l.clone()).dims(), [0, 2, 2]);
        let right = tensor(&[], [0, 2, 1], &setting);
        assert_eq!(solve_lower(l, right).dims(), [0, 2, 1]);
    }
}

#[test]
#[should_panic(expected = "the right side must have 2 rows")]
fn misfits_are_named() {
    let setting = (Device::flex(), DType::F32);
    let l = tensor::<2>(&[1.0, 0.0, 0.0, 1.0], [2, 2], &setting);
    let _ = solve_lower(l, tensor(&[1.0, 2.0, 3.0], [3, 1], &setting));
}
