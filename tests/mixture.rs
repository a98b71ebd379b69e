//! Mixtures against closed forms and samples, on every device, in both precisions.

mod common;

use common::{Promises, devices, each, first_device};

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

const INF: f64 = f64::INFINITY;

fn floats<const D: usize>(
    values: &[f64],
    shape: [usize; D],
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (device, dtype))
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f64> {
    x.into_data().iter::<f64>().collect()
}

fn close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let gap = (found - expected).abs();
        let fits = found == expected || gap <= tolerance * expected.abs().max(1e-3);
        assert!(fits, "{what}: {found} instead of {expected}");
    }
}

const WEIGHTS: [f64; 3] = [0.2, 0.5, 0.3];
const LOC: [f64; 3] = [-2.0, 0.5, 4.0];
const SCALE: [f64; 3] = [0.5, 1.0, 2.0];

fn normals(device: &Device, dtype: DType) -> Mixture<Normal<2>, 2> {
    let row = |values: &[f64]| floats(values, [1, 3], device, dtype);
    Mixture::new(Categorical::from_probs(row(&WEIGHTS)), Normal::new(row(&LOC), row(&SCALE)))
}

fn density(x: f64) -> f64 {
    (0..3)
        .map(|k| {
            let z = (x - LOC[k]) / SCALE[k];
            WEIGHTS[k] * (-0.5 * z * z).exp() / (SCALE[k] * core::f64::consts::TAU.sqrt())
        })
        .sum()
}

fn mean_and_variance() -> (f64, f64) {
    let mean: f64 = (0..3).map(|k| WEIGHTS[k] * LOC[k]).sum();
    let square: f64 = (0..3).map(|k| WEIGHTS[k] * (SCALE[k].powi(2) + LOC[k].powi(2))).sum();
    (mean, square - mean * mean)
}

#[test]
fn densities_and_moments() {
    each(|device, dtype| {
        let tolerance = if dtype == DType::F64 { 1e-13 } else { 4e-6 };
        let mixture = normals(device, dtype);
        let points = [-9.0, -2.0, -0.3, 0.5, 3.0, 12.0];
        let x = floats(&points, [6, 1], device, dtype);
        let expected = points.map(|x| density(x).ln());
        close(&numbers(mixture.log_prob(x)), &expected, tolerance, "log_prob");
        let (mean, variance) = mean_and_variance();
        assert_eq!(mixture.shape(), [1, 1]);
        close(&numbers(mixture.mean()), &[mean], tolerance, "mean");
        close(&numbers(mixture.variance()), &[variance], tolerance, "variance");
        close(&numbers(mixture.std_dev()), &[variance.sqrt()], tolerance, "std_dev");
    });
}

#[test]
fn distribution_functions() {
    each(|device, dtype| {
        let tolerance = if dtype == DType::F64 { 1e-12 } else { 4e-6 };
        let mixture = normals(device, dtype);
        let x = floats(&[-5.0, 0.0, 30.0, 1.0], [4, 1], device, dtype);
        let (cdf, survival) =
            (numbers(mixture.cdf(x.clone())), numbers(mixture.survival(x.clone())));
        for (cdf, survival) in cdf.iter().zip(&survival) {
            assert!((cdf + survival - 1.0).abs() <= tolerance);
        }
        // The tails, where the other function is 1, agree with their logarithms.
        let logs = |x: Vec<f64>| x.iter().map(|x| x.ln()).collect::<Vec<_>>();
        let log_cdf = numbers(mixture.log_cdf(x.clone()));
        let log_survival = numbers(mixture.log_survival(x));
        close(&log_cdf[..2], &logs(cdf)[..2], tolerance * 10.0, "log_cdf");
        // ln(1 - 0.3 (1 - Φ(13))): only the wide component reaches that far.
        let far = 0.3 * 6.117_164_399_549_88e-39;
        if dtype == DType::F64 {
            close(&[log_cdf[2] / far], &[-1.0], 1e-10, "log_cdf of the upper tail");
            close(&[survival[2] / far], &[1.0], 1e-10, "survival");
        }
        close(&log_survival[2..3], &[far.ln()], 1e-5, "log_survival");
        // The derivative of the distribution function is the density.
        if device.is_autodiff() && dtype == DType::F64 {
            let x = floats(&[0.3], [1, 1], device, dtype).require_grad();
            let gradients = mixture.cdf(x.clone()).sum().backward();
            let slope = numbers(x.grad(&gradients).expect("tracked"));
            close(&slope, &[density(0.3)], 1e-10, "slope");
        }
    });
}

/// Component weights of zero and densities of zero leave values and gradients finite.
#[test]
fn components_that_do_not_count() {
    each(|device, dtype| {
        let logits = floats(&[0.0, -INF, 1.0], [1, 3], device, dtype);
        let probs = floats(&[0.5, 0.5, 0.0], [1, 3], device, dtype);
        let [logits, probs] =
            [logits, probs].map(|x| if device.is_autodiff() { x.require_grad() } else { x });
        let mixture = Mixture::new(
            Categorical::from_logits(logits.clone()),
            Bernoulli::from_probs(probs.clone()),
        );
        let one = Tensor::<2, Int>::ones([1, 1], device);
        // Only the first component can give 1.
        let log_prob = mixture.log_prob(one);
        let expected = (0.5 / (1.0 + 1.0_f64.exp())).ln();
        close(&numbers(log_prob.clone()), &[expected], 1e-6, "log_prob");
        if device.is_autodiff() {
            let gradients = log_prob.sum().backward();
            let found = numbers(probs.grad(&gradients).expect("tracked"));
            close(&found, &[2.0, 0.0, 0.0], 1e-6, "gradient to the components");
            let found = numbers(logits.grad(&gradients).expect("tracked"));
            let share = 1.0 / (1.0 + (-1.0_f64).exp());
            close(&found, &[share, 0.0, -share], 1e-6, "gradient to the weights");
        }
        // A component of weight 0 with an infinite density, or infinite moments.
        let scale = floats(&[1.0, 0.0, 1.0], [1, 3], device, dtype);
        let loc = floats(&[0.0, INF, 0.0], [1, 3], device, dtype);
        let mixture =
            Mixture::new(Categorical::from_logits(logits.detach()), Normal::new(loc, scale));
        close(&numbers(mixture.mean()), &[0.0], 1e-6, "mean");
        let x = floats(&[0.0], [1, 1], device, dtype);
        close(&numbers(mixture.log_prob(x)), &[-0.918_938_533_204_672_7], 1e-6, "log_prob");
    });
}

fn moments_of(draws: &[f64]) -> (f64, f64) {
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64;
    (mean, variance)
}

#[test]
fn draws_follow_the_mixture() {
    const N: usize = 100_000;
    let (mean, variance) = mean_and_variance();
    for device in devices() {
        let mixture = normals(&device, DType::F32);
        let wide = Mixture::new(
            mixture.weights().clone().expand([N, 3]),
            mixture.components().clone().expand([N, 3]),
        );
        for mixture in [mixture, wide] {
            let draws = numbers(mixture.sample([N, 1], &mut StdRng::seed_from_u64(9)));
            assert_eq!(draws.len(), N);
            let (found, spread) = moments_of(&draws);
            // Six standard errors.
            assert!((found - mean).abs() < 6.0 * (variance / N as f64).sqrt(), "{found} {mean}");
            assert!((spread / variance - 1.0).abs() < 0.05, "{spread} {variance}");
            // Kolmogorov and Smirnov's distance: 2.7/√n is a false alarm of 10⁻⁶.
            let mut sorted = draws;
            sorted.sort_by(f64::total_cmp);
            // The rounding of `f32` is far below the bound.
            let dtype = if device.promises(DType::F64) { DType::F64 } else { DType::F32 };
            let levels = floats(&sorted, [N, 1], &device, dtype);
            let cdf = numbers(normals(&device, dtype).cdf(levels));
            let gap = cdf
                .iter()
                .enumerate()
                .fold(0.0_f64, |gap, (rank, cdf)| gap.max((cdf - rank as f64 / N as f64).abs()));
            assert!(gap < 2.7 / (N as f64).sqrt(), "{device:?}: {gap}");
        }
    }
}

/// Components over vectors: the mixture dimension lies before the event dimension.
#[test]
fn components_with_events() {
    each(|device, dtype| {
        let tolerance = if dtype == DType::F64 { 1e-12 } else { 1e-5 };
        let loc = floats(&[-3.0, -30.0, 3.0, 30.0], [1, 2, 2], device, dtype);
        let parts = Normal::new(loc, 1.0).independent(1);
        let weights = Categorical::from_probs(floats(&[0.25, 0.75], [1, 1, 2], device, dtype));
        let mixture = Mixture::new(weights, parts);
        assert_eq!((mixture.shape(), mixture.event_dims()), ([1, 1, 2], 1));
        let x = floats(&[3.5, 30.0], [1, 1, 2], device, dtype);
        let expected = 0.75_f64.ln() - 0.125 - core::f64::consts::TAU.ln();
        let log_prob = mixture.log_prob(x);
        assert_eq!(log_prob.dims(), [1, 1, 1]);
        close(&numbers(log_prob), &[expected], tolerance, "log_prob");
        close(&numbers(mixture.mean()), &[1.5, 15.0], tolerance, "mean");
        // Both coordinates come from the same component.
        let draws = mixture.sample([2000, 1, 2], &mut StdRng::seed_from_u64(3));
        assert_eq!(draws.dims(), [2000, 1, 2]);
        let draws = numbers(draws);
        assert!(draws.chunks(2).all(|x| (x[0] - x[1] / 10.0).abs() < 7.0 && x[1].abs() > 20.0));
        let second = draws.chunks(2).filter(|x| x[1] > 0.0).count() as f64;
        let z = (second - 1500.0) / (2000.0 * 0.25_f64 * 0.75).sqrt();
        assert!(z.abs() < 5.0, "{z} standard errors");
    });
}

#[test]
fn mixtures_of_integers_and_of_one() {
    each(|device, dtype| {
        let row = |values: &[f64]| floats(values, [1, values.len()], device, dtype);
        let weights = Categorical::from_probs(row(&[0.5, 0.5]));
        let mixture = Mixture::new(weights, Bernoulli::from_probs(row(&[0.1, 0.5])));
        let zero = Tensor::<2, Int>::zeros([1, 1], device);
        close(&numbers(mixture.log_prob(zero)), &[0.7_f64.ln()], 1e-6, "log_prob");
        close(&numbers(mixture.mean()), &[0.3], 1e-6, "mean");
        close(&numbers(mixture.variance()), &[0.21], 1e-6, "variance");
        let draws = mixture.sample([5000, 1], &mut StdRng::seed_from_u64(4));
        let ones = draws.into_data().iter::<f64>().sum::<f64>();
        assert!((ones - 1500.0).abs() < 5.0 * (5000.0 * 0.21_f64).sqrt(), "{ones}");

        let base = Normal::new(row(&[1.0]), 2.0);
        let single = Mixture::new(Categorical::from_logits(row(&[3.0])), base.clone());
        let x = row(&[0.25]);
        assert_eq!(numbers(single.log_prob(x.clone())), numbers(base.log_prob(x)));
        assert_eq!(
            numbers(single.sample([4, 1], &mut StdRng::seed_from_u64(4))),
            numbers(base.sample([4, 1], &mut StdRng::seed_from_u64(4))),
        );
    });
}

#[test]
fn display_and_shape_errors() {
    let device = first_device();
    let mixture = normals(&device, DType::F32);
    let shown = "Mixture(Categorical(probs: [1, 3]), Normal(loc: [1, 3], scale: [1, 3]))";
    assert_eq!(mixture.to_string(), shown);
}

#[test]
#[should_panic(expected = "Mixture: 2 weights of shape [1, 1] for components of shape [1, 3]")]
fn the_number_of_components_is_checked() {
    let device = first_device();
    let row = |values: &[f64]| floats(values, [1, values.len()], &device, DType::F32);
    let _ = Mixture::new(Categorical::from_probs(row(&[0.5, 0.5])), Normal::new(row(&LOC), 1.0));
}

#[test]
#[should_panic(expected = "Mixture: values have size 1 in the mixture dimension 1")]
fn values_do_not_run_over_the_components() {
    let device = first_device();
    let mixture = normals(&device, DType::F32);
    let _ = mixture.log_prob(floats(&LOC, [1, 3], &device, DType::F32));
}

/// Quantiles invert both tails, also far out, and move as the implicit function says.
#[test]
fn quantiles_invert_the_tails() {
    each(|device, dtype| {
        let (tolerance, tail) = if dtype == DType::F64 { (1e-12, 1e-30) } else { (5e-6, 1e-12) };
        let mixture = normals(device, dtype);
        let levels = [tail, 1e-3, 0.2, 0.5, 0.7, 0.999];
        let p = || floats(&levels, [6, 1], device, dtype);
        close(&numbers(mixture.cdf(mixture.quantile(p()))), &levels, 40.0 * tolerance, "quantile");
        let upper = mixture.survival(mixture.upper_quantile(p()));
        close(&numbers(upper), &levels, 40.0 * tolerance, "upper_quantile");
        let ends = mixture.quantile(floats(&[0.0, 1.0], [2, 1], device, dtype));
        assert_eq!(numbers(ends), [-INF, INF]);
        let outside = mixture.quantile(floats(&[-0.1, 1.1, f64::NAN], [3, 1], device, dtype));
        assert!(numbers(outside).iter().all(|x| x.is_nan()));
    });
}

/// dx/dp = 1/density and dx/dθ = −(∂F/∂θ)/density.
#[test]
fn quantiles_have_the_implicit_gradient() {
    for device in devices() {
        let device = device.autodiff();
        let row = |values: &[f64]| floats::<2>(values, [1, 3], &device, DType::F32);
        let (loc, scale) = (row(&LOC).require_grad(), row(&SCALE).require_grad());
        let weights = Categorical::from_probs(row(&WEIGHTS));
        let mixture = Mixture::new(weights, Normal::new(loc.clone(), scale.clone()));
        let p = floats::<2>(&[0.4], [1, 1], &device, DType::F32).require_grad();
        let x = mixture.quantile(p.clone());
        let at: f64 = numbers(x.clone().detach())[0];
        let gradients = x.sum().backward();
        let by_p = numbers(p.grad(&gradients).expect("a gradient"));
        close(&by_p, &[1.0 / density(at)], 1e-4, "by the probability");
        let by_loc: Vec<f64> = (0..3)
            .map(|k| {
                let z = (at - LOC[k]) / SCALE[k];
                let part = (-0.5 * z * z).exp() / (SCALE[k] * core::f64::consts::TAU.sqrt());
                WEIGHTS[k] * part / density(at)
            })
            .collect();
        close(
            &numbers(loc.grad(&gradients).expect("a gradient")),
            &by_loc,
            1e-4,
            "by the location",
        );
    }
}

#[test]
fn a_mixture_moves_as_a_whole() {
    let device = Device::flex();
    let tensor = |data: [[f64; 2]; 1]| Tensor::<2>::from_data(data, &device);
    let weights = Categorical::from_logits(tensor([[0.0, 1.0]]));
    let mixture = Mixture::new(weights, Normal::new(tensor([[-1.0, 2.0]]), tensor([[1.0, 0.5]])));
    let x = Tensor::<2>::from_floats([[0.3], [-2.0], [1.5]], &device);
    let expected = mixture.log_prob(x.clone());

    let expanded = mixture.clone().expand([3, 1]);
    assert_eq!(expanded.shape(), [3, 1]);
    assert_eq!(expanded.components().shape(), [3, 2]);
    expanded.log_prob(x.clone()).into_data().assert_eq(&expected.to_data(), true);

    let higher = mixture.clone().unsqueeze::<3>();
    assert_eq!(higher.shape(), [1, 1, 1]);
    let found = higher.log_prob(x.unsqueeze());
    found.squeeze_dim::<2>(0).into_data().assert_eq(&expected.into_data(), true);

    let names: Vec<_> = mixture.parameters().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["mixture_logits", "loc", "scale"]);
    assert!(mixture.validate().is_ok());
}
