//! Draws of counts against an independent implementation and against the exact distributions.

use super::goldens::{KEY, POISSONS_F32, POISSONS_F64};
use super::reference::{assert_mean, ln_gamma, mean_of};
use crate::kernel::grid::{Operand, Readers};
use crate::kernel::lanes::{self, Lane};
use crate::random::counts::{self, ATTEMPTS, Binomial, CountSampler, Point, Poisson};
use crate::random::host_float::HostFloat;
use crate::random::key::Key;

trait Number: HostFloat + lanes::HostFloat + Into<f64> {}
impl<E: HostFloat + lanes::HostFloat + Into<f64>> Number for E {}

/// One draw for every element of the first of the parameters.
fn draws_of<C: CountSampler<P>, E: Number, const P: usize>(
    parameters: [&[E]; P],
    key: Key,
) -> Vec<E> {
    let length = parameters[0].len();
    let mut out = vec![E::literal(0.0); length];
    let operand = |data| Operand::new(data, 0, &[length], &[1], &[length]);
    let operands = parameters.into_iter().map(operand);
    counts::fill::<C, E, P>(&Readers::new(&[length], operands, &mut []), &mut out, key);
    out
}

fn draws<E: Number>(rate: &[E], key: Key) -> Vec<E> {
    draws_of::<Poisson, E, 1>([rate], key)
}

fn assert_golden<E: Number>(golden: &[(f64, u32)]) {
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

/// A law of counts whose draws are checked.
struct Law<'a> {
    name: String,
    mean: f64,
    variance: f64,
    /// Of (X − mean)²: the fourth central moment less the squared variance.
    variance_of_square: f64,
    last: f64,
    /// ln P(X = k), to far more digits than draws can tell.
    log_mass: &'a dyn Fn(f64) -> f64,
}

/// χ² of the counts, cells of less than 20 expected draws pooled at both ends, within the bound of
/// Laurent and Massart (2000), which a right sampler exceeds once in a million; then the mean and
/// the variance.
fn assert_distribution(law: &Law<'_>, values: &[f64]) {
    let Law { name, mean, variance, last, log_mass, .. } = law;
    let count = values.len();
    assert_mean(name, mean_of(values, |k| k), *mean, variance.sqrt(), count);
    let spread = mean_of(values, |k| (k - mean).powi(2));
    assert_mean(name, spread, *variance, law.variance_of_square.sqrt(), count);
    assert!(values.iter().all(|k| (0.0..=*last).contains(k)), "{name}");

    let reach = 8.0 * variance.sqrt() + 8.0;
    let first = (mean - reach).max(0.0).floor() as usize;
    let last = (mean + reach).min(*last) as usize;
    // Neighbours share a cell where there are many.
    let width = ((last - first) / 400).max(1);
    let cells = (last - first) / width + 1;
    let (mut seen, mut expected) = (vec![0.0; cells], vec![0.0; cells]);
    for k in first..=last {
        expected[(k - first) / width] += count as f64 * log_mass(k as f64).exp();
    }
    for value in values {
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

const COUNT: usize = 200_000;

fn assert_poisson<E: Number>(rate: f64) {
    let stored = E::literal(rate);
    let rate: f64 = stored.into();
    let rates: Vec<E> = core::iter::repeat_n(stored, COUNT).collect();
    let values = draws(&rates, Key::new(rate.to_bits()));
    let law = Law {
        name: format!("{} Poisson of {rate}", core::any::type_name::<E>()),
        mean: rate,
        variance: rate,
        variance_of_square: rate + 2.0 * rate * rate,
        last: f64::INFINITY,
        log_mass: &|k| k * rate.ln() - rate - ln_gamma(k + 1.0),
    };
    assert_distribution(&law, &values.into_iter().map(Into::into).collect::<Vec<_>>());
}

fn assert_binomial<E: Number>(n: f64, p: f64) {
    let (trials, probability) = (E::literal(n), E::literal(p));
    let p: f64 = probability.into();
    let parameters = [vec![trials; COUNT], vec![probability; COUNT]];
    let key = Key::new(n.to_bits() ^ p.to_bits());
    let values = draws_of::<Binomial, E, 2>([&parameters[0], &parameters[1]], key);
    let variance = n * p * (1.0 - p);
    let law = Law {
        name: format!("{} binomial of {n} and {p}", core::any::type_name::<E>()),
        mean: n * p,
        variance,
        variance_of_square: variance * (1.0 - 6.0 * p * (1.0 - p)) + 2.0 * variance * variance,
        last: n,
        log_mass: &|k| {
            let choices = ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
            choices + k * p.ln() + (n - k) * (-p).ln_1p()
        },
    };
    assert_distribution(&law, &values.into_iter().map(Into::into).collect::<Vec<_>>());
}

#[test]
fn distribution() {
    let rates = [1e-3, 0.05, 0.7, 3.0, 9.99, 10.0, 10.5, 14.2, 20.0, 57.3, 300.0, 1e4, 1e6];
    for rate in rates {
        assert_poisson::<f32>(rate);
        assert_poisson::<f64>(rate);
    }
    let laws = [
        (1.0, 0.3),
        (5.0, 0.5),
        (19.0, 0.5),
        (20.0, 0.5),
        (21.0, 0.49),
        (40.0, 0.26),
        (100.0, 0.02),
        (1e3, 0.5),
        (1e4, 1e-3),
        (1e5, 0.3),
        (1e6, 2e-5),
        (4e6, 0.5),
    ];
    for (n, p) in laws {
        assert_binomial::<f32>(n, p);
        assert_binomial::<f64>(n, p);
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
    fn check<E: Number>(precision: f64) {
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

#[test]
fn edges_of_the_trials() {
    fn check<E: Number>() {
        let nan = f64::NAN;
        let edges = [
            (0.0, 0.3, 0.0),
            (7.0, 0.0, 0.0),
            (1e6, 0.0, 0.0),
            (-1.0, 0.3, -1.0),
            (5.0, 0.6, -1.0),
            (5.0, -0.1, -1.0),
            (f64::INFINITY, 0.3, -1.0),
            (nan, 0.3, -1.0),
            (5.0, nan, -1.0),
        ];
        let column = |of: fn(&(f64, f64, f64)) -> f64| -> Vec<E> {
            edges.iter().map(|edge| E::literal(of(edge))).collect()
        };
        let (trials, probability) = (column(|edge| edge.0), column(|edge| edge.1));
        for seed in 0..200 {
            let values = draws_of::<Binomial, E, 2>([&trials, &probability], Key::new(seed));
            for (value, (n, p, expected)) in values.into_iter().zip(edges) {
                assert_eq!(value.into(), expected, "{n}, {p}");
            }
        }
    }
    check::<f32>();
    check::<f64>();
}

/// The share of proposals that are accepted, by summing over both points.
fn acceptance<C: CountSampler<P>, const P: usize>(parameters: [f64; P]) -> f64 {
    let steps = 2000;
    let point = |index: usize| {
        let u = (index as f64 + 0.5) / steps as f64;
        Point { tail: Lane(u.min(1.0 - u)), upper: u > 0.5 }
    };
    let mut accepted = 0;
    for hat in 0..steps {
        for test in 0..100 {
            let points = [point(hat), point(test * (steps / 100) + steps / 200)];
            accepted += usize::from(C::propose(parameters.map(Lane), points).1);
        }
    }
    accepted as f64 / (100 * steps) as f64
}

/// What is behind the bound on the attempts.
#[test]
fn acceptance_exceeds_the_stated_share() {
    for rate in [10.0, 10.3, 12.0, 20.0, 100.0, 1e4, 1e6] {
        let share = acceptance::<Poisson, 1>([rate]);
        assert!(share > 0.74, "{rate}: {share}");
    }
    for n in [20.0, 21.0, 40.0, 100.0, 1e4, 1e6] {
        for mean in [10.0, 10.3, 12.0, 20.0, 100.0, 1e4] {
            if mean <= 0.5 * n {
                let share = acceptance::<Binomial, 2>([n, mean / n]);
                assert!(share > 0.68, "{n}, {mean}: {share}");
            }
        }
    }
    assert!(0.26_f64.powi(ATTEMPTS as i32) < 1e-9);
    assert!(0.32_f64.powi(ATTEMPTS as i32) < 2e-8);
}

/// A proposal that is refused, and the stated behaviour where every one is.
#[test]
fn refused_proposals_end_at_the_mean() {
    let tail = |tail: f64, upper| Point { tail: Lane(tail), upper };
    // Far out, and against the largest point.
    let refused = [tail(1e-3, true), tail(1e-12, true)];
    assert!(!Poisson::propose([Lane(12.7)], refused).1);
    assert!(!Binomial::propose([Lane(50.0), Lane(0.31)], refused).1);
    assert_eq!(counts::finished::<Poisson, _, 1>(Lane(-1.0), [Lane(12.7)]).0, 12.0);
    assert_eq!(counts::finished::<Binomial, _, 2>(Lane(-1.0), [Lane(50.0), Lane(0.31)]).0, 15.0);
}

/// What a backend without a host loop does, on one that has it.
#[cfg(feature = "flex")]
#[test]
fn draws_from_noise_are_the_same() {
    use burn::backend::ops::FloatTensorOps;
    use burn::backend::{Flex, TensorMetadata};
    use burn::tensor::{DType, Shape, TensorData};
    let shape = Shape::new([2, 3, 3000]);
    let key = Key::new(12);
    for dtype in [DType::F32, DType::F64, DType::F16] {
        // Not in the order of memory.
        let parameter = |data: TensorData| {
            let rate = Flex::float_from_data(data.convert_dtype(dtype), &burn_flex::FlexDevice);
            Flex::float_reshape(Flex::float_swap_dims(rate, 0, 1), Shape::new([2, 3, 1]))
        };
        let assert_same = |ours: [_; 2]| {
            let [ours, theirs] = ours.map(|tensor: burn::backend::tensor::FloatTensor<Flex>| {
                let expected = if dtype == DType::F64 { DType::F64 } else { DType::F32 };
                assert_eq!((tensor.shape(), tensor.dtype()), (shape.clone(), expected));
                let data = burn::tensor::try_read_sync(Flex::float_into_data(tensor));
                data.unwrap().unwrap().iter::<f64>().collect::<Vec<_>>()
            });
            assert!(ours == theirs, "{dtype:?}");
        };
        let rate = parameter(TensorData::from([[0.03, 9.0], [10.5, 50.0], [1e4, f64::NAN]]));
        let steps = counts::Steps::<3, 4, 2>::new::<Poisson, 1>();
        assert_same([
            counts::on_host::<Flex, Poisson, 1>([rate.clone()], &shape, key),
            steps.draw::<Flex, 1>([rate], &shape, key),
        ]);
        let trials = parameter(TensorData::from([[4.0, 19.0], [21.0, 400.0], [1e4, f64::NAN]]));
        let probs = parameter(TensorData::from([[0.5, 0.3], [0.49, 0.03], [1e-4, 0.25]]));
        let steps = counts::Steps::<4, 5, 3>::new::<Binomial, 2>();
        assert_same([
            counts::on_host::<Flex, Binomial, 2>([trials.clone(), probs.clone()], &shape, key),
            steps.draw::<Flex, 2>([trials, probs], &shape, key),
        ]);
    }
}
