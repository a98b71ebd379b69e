//! Maximum-likelihood fits: against reference numbers, and against what a maximum is.

mod common;

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use common::{Setting, devices, settings};

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.detach().into_data().iter::<f64>().collect()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn floats<const D: usize>(x: &[f64], shape: [usize; D], at: &Setting) -> Tensor<D> {
    Tensor::from_data(TensorData::new(x.to_vec(), shape), (&at.0, at.1))
}

fn ints<const D: usize>(x: &[f64], shape: [usize; D], at: &Setting) -> Tensor<D, Int> {
    let x: Vec<i64> = x.iter().map(|x| *x as i64).collect();
    Tensor::from_data(TensorData::new(x, shape), &at.0)
}

/// The parameters of a fit, one after another.
fn parameters<const D: usize>(fitted: &impl Parametric<D>) -> Vec<f64> {
    fitted.parameters().into_iter().flat_map(|parameter| numbers(parameter.value)).collect()
}

/// A fit of the whole table's samples, plain or weighted, by name.
fn fit(name: &str, x: &[f64], weights: Option<&[f64]>, at: &Setting) -> Vec<f64> {
    fn on_the_line<F: MaximumLikelihood<1> + Parametric<1>>(
        samples: Tensor<1, F::Kind>,
        weights: Option<Tensor<1>>,
    ) -> Vec<f64> {
        let fitted = match weights {
            Some(weights) => F::fit_mle_weighted(samples, weights),
            None => F::fit_mle(samples),
        };
        parameters(&fitted)
    }
    let count = 15;
    let w = weights.map(|w| floats(w, [count], at));
    let line = || floats(x, [count], at);
    let whole = || ints(x, [count], at);
    let rows = || floats(x, [count, 3], at);
    let w_rows = weights.map(|w| floats(w, [count, 1], at));
    match name.split("_small").next().unwrap().split("_large").next().unwrap() {
        "normal" => on_the_line::<Normal<1>>(line(), w),
        "log_normal" => on_the_line::<LogNormal<1>>(line(), w),
        "half_normal" => on_the_line::<HalfNormal<1>>(line(), w),
        "laplace" => on_the_line::<Laplace<1>>(line(), w),
        "uniform" => on_the_line::<Uniform<1>>(line(), w),
        "log_uniform" => on_the_line::<LogUniform<1>>(line(), w),
        "exponential" => on_the_line::<Exponential<1>>(line(), w),
        "pareto" => on_the_line::<Pareto<1>>(line(), w),
        "gamma" => on_the_line::<Gamma<1>>(line(), w),
        "inverse_gamma" => on_the_line::<InverseGamma<1>>(line(), w),
        "weibull" => on_the_line::<Weibull<1>>(line(), w),
        "frechet" => on_the_line::<Frechet<1>>(line(), w),
        "beta" => on_the_line::<Beta<1>>(line(), w),
        "von_mises" => on_the_line::<VonMises<1>>(line(), w),
        "poisson" => on_the_line::<Poisson<1>>(whole(), w),
        "geometric" => on_the_line::<Geometric<1>>(whole(), w),
        "bernoulli" => on_the_line::<Bernoulli<1>>(whole(), w),
        "dirichlet" => parameters(&match w_rows {
            Some(w) => Dirichlet::fit_mle_weighted(rows(), w),
            None => Dirichlet::fit_mle(rows()),
        }),
        "multivariate_normal" => parameters(&match w_rows {
            Some(w) => MultivariateNormal::fit_mle_weighted(rows(), w),
            None => MultivariateNormal::fit_mle(rows()),
        }),
        other => panic!("no family {other}"),
    }
}

/// Sixteen roundings; those of a sum A of concentrations are roundings of ψ(A) − ψ(a), which is 1/A.
fn allowed(name: &str, expected: &[f64], dtype: DType, weighted: bool) -> f64 {
    let counts = ["poisson", "geometric", "bernoulli"].contains(&name);
    // Whole numbers without weights are averaged in the device's own precision.
    let single = dtype == DType::F32 || counts && !weighted;
    let epsilon = if single { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let vector = name.starts_with("beta") || name.starts_with("dirichlet");
    let total = if vector { expected.iter().sum() } else { 0.0 };
    epsilon * (16.0 + 2.0 * total)
}

#[test]
fn fits_are_those_of_the_reference() {
    let text = include_str!("reference/maximum_likelihood.json");
    let table: Value = serde_json::from_str(text).expect("JSON");
    let weights = list(&table["weights"]);
    let mut failures = Vec::new();
    for at in settings() {
        for (name, entry) in table.as_object().expect("a table") {
            if name == "weights" {
                continue;
            }
            let samples = list(&entry["samples"]);
            for (way, weights) in [("plain", None), ("weighted", Some(&weights[..]))] {
                let expected = list(&entry[way]);
                let found = fit(name, &samples, weights, &at);
                assert_eq!(found.len(), expected.len(), "{name}");
                let worst = (found.iter().zip(&expected))
                    .map(|(found, expected)| {
                        // Of an angle a small value is as uncertain as any other.
                        let size = if name.starts_with("von_mises") { 1.0 } else { 0.0 };
                        (found - expected).abs() / expected.abs().max(size)
                    })
                    .fold(0.0, |worst: f64, error| if error > worst { error } else { worst });
                let allowed = allowed(name, &expected, at.1, weights.is_some());
                if worst > allowed || found.iter().any(|x| x.is_nan()) {
                    failures.push(format!("{at:?} {name} {way}: {found:?} for {expected:?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Columns of samples of as many distributions, in `f64`.
fn samples<F: Distribution<2>>(family: &F, count: usize) -> Tensor<2, F::Kind> {
    let mut shape = family.shape();
    shape[0] = count;
    family.sample(shape, &mut StdRng::seed_from_u64(11))
}

/// The average log-density of each column.
fn likelihood<F: Distribution<2>>(family: &F, samples: &Tensor<2, F::Kind>) -> Vec<f64> {
    numbers(family.log_prob(samples.clone()).mean_dim(0))
}

/// No small step from the fit makes the samples more likely: of one parameter, or of all, since for
/// large concentrations the likelihood is a ridge along that direction.
fn assert_most_likely<F>(truth: &F)
where
    F: MaximumLikelihood<2> + Parametric<2, WithRank<2> = F> + Clone,
{
    let samples = samples(truth, 400);
    let fitted = F::fit_mle(samples.clone());
    assert_eq!(fitted.shape(), truth.shape(), "{}", F::NAME);
    let most = likelihood(&fitted, &samples);
    assert!(most.iter().all(|most| most.is_finite()), "{}: {most:?}", F::NAME);
    let least = likelihood(truth, &samples);
    assert!(most.iter().zip(&least).all(|(a, b)| a >= b), "{}: {most:?} {least:?}", F::NAME);
    let count = fitted.parameters().len();
    for moved in 0..=count {
        for step in [1e-5, -1e-5] {
            let mut at = 0;
            let near = fitted.clone().map(|value| {
                at += 1;
                if moved == at - 1 || moved == count { value * (1.0 + step) } else { value }
            });
            let found = likelihood(&near, &samples);
            for (column, (most, found)) in most.iter().zip(found).enumerate() {
                let rounding = 1e-14 * (1.0 + most.abs());
                assert!(
                    found < most + rounding,
                    "{} column {column}: {found} after a step of {step} of {moved}, above {most}",
                    F::NAME,
                );
            }
        }
    }
}

#[test]
fn no_step_away_from_a_fit_is_more_likely() {
    let row = |x: &[f64]| floats(x, [1, x.len()], &(Device::flex(), DType::F64));
    let (locs, scales) = (row(&[-3.0, 0.5, 1e3]), row(&[1e-3, 1.0, 50.0]));
    assert_most_likely(&Normal::new(locs.clone(), scales.clone()));
    assert_most_likely(&Laplace::new(locs.clone(), scales.clone()));
    assert_most_likely(&LogNormal::new(row(&[-3.0, 0.5, 4.0]), row(&[0.1, 1.0, 3.0])));
    assert_most_likely(&HalfNormal::new(scales.clone()));
    assert_most_likely(&Exponential::new(scales.clone()));
    assert_most_likely(&Uniform::new(row(&[1.0, 2.0]), row(&[3.0, 2.5])));
    assert_most_likely(&LogUniform::new(row(&[1e-3, 2.0]), row(&[3.0, 2.5])));
    assert_most_likely(&Pareto::new(scales, row(&[0.5, 3.0, 1e3])));
    let shapes = row(&[1e-2, 0.1, 0.5, 1.0, 3.0, 19.0, 21.0, 1e3, 1e5]);
    let rates = row(&[1.0, 1e-3, 1e3, 2.0, 1.0, 1.0, 1.0, 10.0, 1e5]);
    assert_most_likely(&Gamma::new(shapes.clone(), rates.clone()));
    assert_most_likely(&InverseGamma::new(shapes, rates.clone()));
    let powers = row(&[0.05, 0.3, 1.0, 3.0, 20.0, 500.0, 1e4, 2.0, 0.7]);
    assert_most_likely(&Weibull::new(rates.clone(), powers.clone()));
    assert_most_likely(&Frechet::new(rates, powers));
    let ones = row(&[0.05, 0.05, 0.5, 1.0, 3.0, 100.0, 0.2, 3e3, 1.0]);
    let zeros = row(&[0.05, 5.0, 0.3, 1.0, 40.0, 30.0, 50.0, 2e3, 1e3]);
    assert_most_likely(&Beta::new(ones, zeros));
    let (directions, narrow) = (row(&[-3.0, 1.0, 0.2, 2.0]), row(&[0.5, 1.1, 5.0, 1e5]));
    assert_most_likely(&VonMises::new(directions, narrow));
    for concentration in [
        vec![0.1, 0.2, 0.15],
        vec![1.0, 1.0, 1.0],
        vec![0.1, 30.0, 4.0, 1.0],
        vec![2e3, 1e3, 500.0],
        vec![5.0; 40],
    ] {
        assert_most_likely(&Dirichlet::new(row(&concentration)));
    }
    let device = (Device::flex(), DType::F64);
    let covariance = floats(&[2.0, 0.5, 0.5, 1.0], [1, 2, 2], &device);
    let normal = MultivariateNormal::from_covariance(row(&[3.0, -1.0]), covariance);
    assert_most_likely(&normal);
}

/// The parameters of weighted samples and of repeated ones.
fn both<F: MaximumLikelihood<1, Kind = burn::tensor::Float> + Parametric<1>>(
    samples: Tensor<1>,
    weights: Tensor<1>,
    repeated: Tensor<1>,
) -> [Vec<f64>; 2] {
    [parameters(&F::fit_mle_weighted(samples, weights)), parameters(&F::fit_mle(repeated))]
}

#[test]
fn whole_weights_are_repetitions() {
    let at = (Device::flex(), DType::F64);
    let x = [0.5, 1.5, 4.0, 2.5];
    let repeated = [0.5, 0.5, 0.5, 1.5, 2.5, 2.5];
    let weights = || floats(&[3.0, 1.0, 0.0, 2.0], [4], &at);
    let same = |name: &str, a: Vec<f64>, b: Vec<f64>| {
        let close = a.iter().zip(&b).all(|(a, b)| (a / b - 1.0).abs() < 1e-9);
        assert!(close && a.len() == b.len(), "{name}: {a:?} {b:?}");
    };
    macro_rules! check {
        ($($family:ident),*) => {$({
            let (x, repeated) = (floats(&x, [4], &at), floats(&repeated, [6], &at));
            let [a, b] = both::<$family<1>>(x, weights(), repeated);
            same(stringify!($family), a, b);
        })*};
    }
    check!(Normal, LogNormal, HalfNormal, Laplace, Uniform, Exponential, Pareto, Gamma);
    check!(InverseGamma, Weibull, Frechet, LogUniform);
}

#[test]
fn categories_are_counted() {
    for device in devices() {
        let samples = Tensor::<2, Int>::from_ints([[2], [0], [2], [3]], &device);
        let fitted = Categorical::fit_mle(samples.clone(), 4);
        assert_eq!(numbers(fitted.probs()), [0.25, 0.0, 0.5, 0.25]);
        let weights = Tensor::from_floats([[1.0], [3.0], [0.0], [4.0]], &device);
        let fitted = Categorical::fit_mle_weighted(samples, weights, 4);
        assert_eq!(numbers(fitted.probs()), [0.375, 0.0, 0.125, 0.5]);
    }
}

#[test]
fn batches_are_fitted_apart_and_carry_no_gradient() {
    let device = Device::flex().autodiff();
    let x = Tensor::<3>::random([50, 2, 3], burn::tensor::Distribution::Uniform(0.5, 2.0), &device);
    let whole = Gamma::fit_mle(x.clone().require_grad());
    assert_eq!(whole.concentration().dims(), [1, 2, 3]);
    assert!(!whole.concentration().is_require_grad());
    let part = Gamma::fit_mle(x.slice([0..50, 1..2, 2..3]));
    let found = numbers(whole.concentration())[5];
    let expected = numbers(part.concentration())[0];
    assert!((found / expected - 1.0).abs() < 1e-5, "{found} {expected}");

    let vectors = Tensor::<3>::random(
        [50, 2, 3],
        burn::tensor::Distribution::Normal(0.0, 1.0),
        &Device::flex(),
    );
    let whole = MultivariateNormal::fit_mle(vectors.clone());
    assert_eq!(whole.shape(), [1, 2, 3]);
    assert!(whole.validate().is_ok());
    let part = MultivariateNormal::fit_mle(vectors.slice([0..50, 1..2, 0..3]));
    let (whole, part) = (whole.covariance::<4>(), part.covariance::<4>());
    let gap = (numbers(whole)[9..].iter().zip(numbers(part)))
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max);
    assert!(gap < 1e-6, "{gap}");
}

#[test]
fn far_from_zero_the_spread_keeps_its_digits() {
    // Exact in f32, at a distance of which the squares are not.
    let x = Tensor::<1>::from_floats([65536.0, 65537.0, 65538.0, 65539.0], &Device::flex());
    let fitted = Normal::fit_mle(x);
    assert_eq!(numbers(fitted.loc()), [65537.5]);
    assert!((numbers(fitted.scale())[0] - 1.25f64.sqrt()).abs() < 1e-7);
    let tiny = Tensor::<1>::from_floats([-3e-30, 3e-30], &Device::flex());
    let scale = numbers(Normal::fit_mle(tiny).scale())[0];
    assert!((scale / 3e-30 - 1.0).abs() < 1e-6, "{scale}");
}

#[test]
#[should_panic(expected = "fit_mle_weighted: the shapes samples [3], weights [2]")]
fn weights_of_another_shape_are_refused() {
    let device = Device::flex();
    let (x, w) = (Tensor::<1>::ones([3], &device), Tensor::ones([2], &device));
    let _ = Normal::fit_mle_weighted(x, w);
}
