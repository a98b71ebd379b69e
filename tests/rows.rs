//! Row reductions: edge rows, layouts, gradients, both precisions, every device.

mod common;

use common::{Promises, devices, each};

use burn::tensor::{DType, Device, Distribution, Tensor, TensorData};
use pushforward::special::logsumexp;

fn rows<const N: usize, const K: usize>(
    values: [[f64; K]; N],
    device: &Device,
    dtype: DType,
) -> Tensor<2> {
    let data = TensorData::new(values.as_flattened().to_vec(), [N, K]);
    Tensor::from_data(data, (device, dtype))
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f64> {
    x.into_data().iter::<f64>().collect()
}

const INF: f64 = f64::INFINITY;

#[test]
fn edge_rows() {
    each(|device, dtype| {
        let sums = |values: [[f64; 2]; 1]| numbers(logsumexp(rows(values, device, dtype)))[0];
        let epsilon = if dtype == DType::F64 { 4e-16 } else { 2e-7 };
        for (row, expected) in [
            ([1000.0, 1000.0], 1_000.693_147_180_559_9),
            ([-1000.0, -1000.0], -999.306_852_819_440_1),
            ([-1e4, -9999.0], -9_998.686_738_312_482),
            ([-INF, 3.5], 3.5),
            // ln(1 + e^-20): the digits of a sum barely above 1 stay.
            ([0.0, -20.0], 2.061_153_620_314_381e-9),
        ] {
            let sum = sums([row]);
            let gap = (sum - expected).abs();
            assert!(gap <= epsilon * expected.abs(), "{device:?} {dtype:?} {row:?}: {sum}");
        }
        assert_eq!(sums([[-INF, -INF]]), -INF);
        assert_eq!(sums([[INF, 0.0]]), INF);
        assert_eq!(sums([[INF, -INF]]), INF);
        assert!(sums([[f64::NAN, 0.0]]).is_nan());
        assert!(sums([[f64::NAN, -INF]]).is_nan());
        assert!(sums([[INF, f64::NAN]]).is_nan());
    });
}

#[test]
fn gradients_of_edge_rows() {
    each(|device, dtype| {
        if !device.is_autodiff() {
            return;
        }
        let gradient = |row: [f64; 3]| {
            let x = rows([row], device, dtype).require_grad();
            let gradients = (logsumexp(x.clone()) * 2.0).sum().backward();
            numbers(x.grad(&gradients).expect("tracked"))
        };
        assert_eq!(gradient([-INF, -INF, -INF]), [0.0, 0.0, 0.0]);
        assert_eq!(gradient([0.0, -INF, -INF]), [2.0, 0.0, 0.0]);
        assert_eq!(gradient([INF, 0.0, -INF]), [2.0, 0.0, 0.0]);
        let third = gradient([1000.0, 1000.0, 1000.0]);
        assert!(third.iter().all(|g| (g - 2.0 / 3.0).abs() < 2e-7), "{third:?}");
    });
}

/// Lengths on both sides of every block and vector width, shapes on both sides of the threads'.
#[test]
fn all_lengths_agree_with_a_plain_sum() {
    for device in devices() {
        for [count, length] in [
            [3, 1],
            [3, 2],
            [5, 31],
            [5, 32],
            [5, 33],
            [7, 100],
            [2, 2047],
            [2, 2048],
            [2, 2081],
            [700, 100],
            [1, 100_000],
            [40_000, 3],
        ] {
            let random = Distribution::Uniform(-5.0, 5.0);
            let x = Tensor::<2>::random([count, length], random, (&device, DType::F32));
            let values = numbers(x.clone());
            let sums = numbers(logsumexp(x));
            assert_eq!(sums.len(), count);
            for (row, sum) in values.chunks(length).zip(sums) {
                let expected = row.iter().map(|x| x.exp()).sum::<f64>().ln();
                let gap = (sum - expected).abs();
                // On the host sums are f64; a device adds in f32, and its roundings add up as in a
                // random walk.
                let walk = if device.is_host() { 0.0 } else { 1.2e-7 * (length as f64).sqrt() };
                let room = 4e-7 * (1.0 + expected.abs()) + walk;
                assert!(gap <= room, "{device:?} {count} {length} {gap}");
            }
        }
    }
}

#[test]
fn strided_and_broadcast_rows() {
    each(|device, dtype| {
        let random = Distribution::Uniform(-5.0, 5.0);
        let x = Tensor::<3>::random([4, 5, 6], random, (device, dtype));
        let turned = x.clone().swap_dims(0, 2);
        let copied = Tensor::<3>::from_data(turned.clone().into_data(), (device, dtype));
        assert_eq!(numbers(logsumexp(turned)), numbers(logsumexp(copied)));
        let narrow = x.clone().narrow(0, 1, 2).narrow(2, 2, 3);
        let copied = Tensor::<3>::from_data(narrow.clone().into_data(), (device, dtype));
        assert_eq!(numbers(logsumexp(narrow)), numbers(logsumexp(copied)));
        let expanded = x.clone().narrow(0, 0, 1).expand([3, 5, 6]);
        assert_eq!(logsumexp(expanded).dims(), [3, 5, 1]);
        let flipped = logsumexp(x.clone().flip([0]));
        assert_eq!(numbers(flipped), numbers(logsumexp(x).flip([0])));
    });
}

/// Half precision computes in `f32`: only the result is rounded.
#[test]
fn half_precision() {
    for device in devices() {
        for dtype in [DType::F16, DType::BF16] {
            if !device.supports_dtype(dtype) {
                continue;
            }
            for device in [device.clone(), device.clone().autodiff()] {
                // 3000 equal terms: their sum in half precision would stop at 2048 (or 256).
                let x = Tensor::<2>::zeros([2, 3000], (&device, dtype));
                let x = if device.is_autodiff() { x.require_grad() } else { x };
                let sum = logsumexp(x.clone());
                assert_eq!(sum.dtype(), dtype);
                let expected = 3000.0_f64.ln();
                let step = if dtype == DType::F16 { 1e-3 } else { 8e-3 };
                for sum in numbers(sum.clone()) {
                    assert!((sum / expected - 1.0).abs() < step, "{device:?} {dtype:?}: {sum}");
                }
                if device.is_autodiff() {
                    let gradients = sum.sum().backward();
                    for g in numbers(x.grad(&gradients).expect("tracked")) {
                        assert!((g * 3000.0 - 1.0).abs() < 4.0 * step, "{dtype:?}: {g}");
                    }
                }
            }
        }
    }
}
