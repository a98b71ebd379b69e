//! Poisson draws against an independent implementation and against the exact distribution.

use super::goldens::{KEY, POISSONS_F32, POISSONS_F64};
use super::reference::{assert_mean, ln_gamma, mean_of};
use crate::kernel::grid::{Operand, Readers};
use crate::kernel::lanes::{self, Lane};
use crate::random::host_float::HostFloat;
use crate::random::key::Key;
use crate::random::poisson::{ATTEMPTS, Point, Proposals, fill_poisson, propose};

fn draws<E: HostFloat + lanes::HostFloat>(rate: &[E], key: Key) -> Vec<E> {
    let length = rate.len();
    let mut out = vec![E::literal(0.0); length];
    let operand = Operand::new(rate, 0, &[length], &[1], &[length]);
    fill_poisson(&Readers::new(&[length], vec![operand], &mut []), &mut out, key);
    out
}

fn assert_golden<E: HostFloat + lanes::HostFloat + Into<f64>>(golden: &[(f64, u32)]) {
    let rate: Vec<E> = golden.iter().map(|&(rate, _)| E::literal(rate)).collect();
    let values = draws(&rate, Key::new(KEY));
    for (index, (value, (rate, expected))) in values.into_iter().zip(golden).enumerate() {
        assert_eq!(value.into(), f64::from(*expected), "draw {index} of {rate}");
    }
}

#[test]
fn golden_draws() {
    assert_golden::<f64>(&POISSONS_F64);
    assert_golden::<f32>(&POISSONS_F32);
}

/// ln P(X = k), to far more digits than draws can tell.
fn log_mass(k: f64, rate: f64) -> f64 {
    k * rate.ln() - rate - ln_gamma(k + 1.0)
}

/// χ² of the counts, cells of less than 20 expected draws pooled at both ends, within the bound of
/// Laurent and Massart (2000), which a right sampler exceeds once in a million; then the mean and
/// the variance.
fn assert_distribution<E: HostFloat + lanes::HostFloat + Into<f64>>(rate: f64, count: usize) {
    let stored = E::literal(rate);
    let rate: f64 = stored.into();
    let name = format!("{} Poisson of {rate}", core::any::type_name::<E>());
    let key = Key::new(rate.to_bits());
    let values: Vec<f64> = draws(&vec![stored; count], key).into_iter().map(Into::into).collect();
    assert_mean(&name, mean_of(&values, |k| k), rate, rate.sqrt(), count);
    let spread = mean_of(&values, |k| (k - rate).powi(2));
    assert_mean(&name, spread, rate, (rate + 2.0 * rate * rate).sqrt(), count);

    let reach = 8.0 * rate.sqrt() + 8.0;
    let (first, last) = ((rate - reach).max(0.0).floor() as usize, (rate + reach) as usize);
    // Neighbours share a cell where there are many.
    let width = ((last - first) / 400).max(1);
    let cells = (last - first) / width + 1;
    let (mut seen, mut expected) = (vec![0.0; cells], vec![0.0; cells]);
    for k in first..=last {
        expected[(k - first) / width] += count as f64 * log_mass(k as f64, rate).exp();
    }
    for value in &values {
        let k = (*value as usize).clamp(first, last);
        seen[(k - first) / width] += 1.0;
    }
    let (mut statistic, mut freedom) = (0.0, -1.0_f64);
    let (mut pooled, mut pooled_expected) = (0.0, 0.0);
    for (seen, expected) in seen.into_iter().zip(expected) {
        pooled += seen;
        pooled_expected += expected;
        if pooled_expected >= 20.0 {
            statistic += (pooled - pooled_expected).powi(2) / pooled_expected;
            freedom += 1.0;
            (pooled, pooled_expected) = (0.0, 0.0);
        }
    }
    let t = f64::ln(1e6);
    let limit = freedom + 2.0 * (freedom.max(0.0) * t).sqrt() + 2.0 * t;
    assert!(statistic <= limit, "{name}: χ² {statistic} of {freedom}, allowed {limit}");
}

#[test]
fn distribution() {
    let rates = [1e-3, 0.05, 0.7, 3.0, 9.99, 10.0, 10.5, 14.2, 20.0, 57.3, 300.0, 1e4, 1e6];
    for rate in rates {
        assert_distribution::<f32>(rate, 200_000);
        assert_distribution::<f64>(rate, 200_000);
    }
}

/// Small rates side by side with large ones, whose lanes share batches.
#[test]
fn a_draw_depends_on_its_own_rate_and_place() {
    let key = Key::new(4);
    let mixed: Vec<f32> = (0..30_000).map(|index| [0.5, 7.0, 15.0, 900.0][index % 4]).collect();
    let together = draws(&mixed, key);
    for kind in 0..4 {
        let alone = draws(&vec![mixed[kind]; mixed.len()], key);
        for index in (kind..mixed.len()).step_by(4) {
            assert_eq!(together[index], alone[index], "{index}");
        }
    }
    assert_eq!(draws(&mixed[..777], key), together[..777]);
}

#[test]
fn edges_of_the_rate() {
    fn check<E: HostFloat + lanes::HostFloat + Into<f64>>(precision: f64) {
        let rates = [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, 1e-30].map(E::literal);
        for seed in 0..200 {
            let values: Vec<f64> =
                draws(&rates, Key::new(seed)).into_iter().map(Into::into).collect();
            assert_eq!(values, [0.0, 0.0, -1.0, -1.0, f64::INFINITY, 0.0]);
        }
        // Beyond the rates that are promised: whole, and within ten deviations or roundings.
        for rate in [1e9, 1e15, 1e30] {
            for value in draws(&[E::literal(rate); 200], Key::new(1)) {
                let value: f64 = value.into();
                assert_eq!(value, value.floor());
                let allowed = 10.0 * rate.sqrt() + 4.0 * precision * rate;
                assert!((value - rate).abs() < allowed, "{rate}: {value}");
            }
        }
    }
    check::<f32>(f32::EPSILON.into());
    check::<f64>(f64::EPSILON);
}

/// The acceptance probability behind the bound on the attempts, by summing over both points.
#[test]
fn acceptance_exceeds_74_percent() {
    for rate in [10.0, 10.3, 12.0, 20.0, 100.0, 1e4, 1e6] {
        let proposals = Proposals::new(Lane(rate));
        let steps = 2000;
        let point = |index: usize| {
            let u = (index as f64 + 0.5) / steps as f64;
            Point { tail: Lane(u.min(1.0 - u)), upper: u > 0.5 }
        };
        let mut accepted = 0;
        for hat in 0..steps {
            for test in 0..100 {
                let points = [point(hat), point(test * (steps / 100) + steps / 200)];
                accepted += usize::from(propose(proposals, points).1);
            }
        }
        let share = accepted as f64 / (100 * steps) as f64;
        assert!(share > 0.74, "{rate}: {share}");
    }
    assert!(0.26_f64.powi(ATTEMPTS as i32) < 1e-9);
}

/// A proposal that is refused, and the stated behaviour where every one is.
#[test]
fn refused_proposals_end_at_the_rate() {
    use crate::kernel::Formula;
    let tail = |tail: f64, upper| Point { tail: Lane(tail), upper };
    // Far out, and against the largest point.
    let refused = [tail(1e-3, true), tail(1e-12, true)];
    assert!(!propose(Proposals::new(Lane(12.7)), refused).1);
    let left = crate::random::poisson::Finish::evaluate([Lane(-1.0), Lane(12.7)]);
    assert_eq!(left.0, 12.0);
}

/// What a backend without a host loop does, on one that has it.
#[cfg(feature = "flex")]
#[test]
fn draws_from_noise_are_the_same() {
    use burn::backend::ops::FloatTensorOps;
    use burn::backend::{Flex, TensorMetadata};
    use burn::tensor::{DType, Shape, TensorData};
    for dtype in [DType::F32, DType::F64, DType::F16] {
        let data = TensorData::from([[0.03, 9.0], [10.5, 50.0], [1e4, f64::NAN]]);
        let rate = Flex::float_from_data(data.convert_dtype(dtype), &burn_flex::FlexDevice);
        let rate = Flex::float_reshape(Flex::float_swap_dims(rate, 0, 1), Shape::new([2, 3, 1]));
        let shape = Shape::new([2, 3, 3000]);
        let key = Key::new(12);
        let read = |tensor| -> Vec<f64> {
            let data = burn::tensor::try_read_sync(Flex::float_into_data(tensor));
            data.unwrap().unwrap().iter::<f64>().collect()
        };
        let [ours, theirs] = [
            crate::random::poisson::on_host::<Flex>(rate.clone(), &shape, key),
            crate::random::poisson::from_noise::<Flex>(rate, &shape, key),
        ]
        .map(|tensor| {
            let expected = if dtype == DType::F64 { DType::F64 } else { DType::F32 };
            assert_eq!((tensor.shape(), tensor.dtype()), (shape.clone(), expected));
            read(tensor)
        });
        assert!(ours == theirs, "{dtype:?}");
    }
}

/// Speed, for the record: `cargo test --lib poisson_speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn poisson_speed() {
    for (low, high) in [(5.0, 20.0), (0.1, 9.0), (10.0, 20.0), (100.0, 1e4)] {
        let count = 1_000_000_usize;
        let rates: Vec<f32> = (0..count)
            .map(|index| low + (high - low) * ((index * 7919) % count) as f32 / count as f32)
            .collect();
        let best = (0..7)
            .map(|seed| {
                let start = std::time::Instant::now();
                std::hint::black_box(draws(&rates, Key::new(seed)));
                start.elapsed()
            })
            .min();
        println!("rates {low} to {high}: {best:?} for {count} draws");
    }
}
