//! Parameters outside their domain: log-densities, probabilities and quantiles are NaN, or −1 where
//! they are integers, and never a plausible number.

mod common;

use core::fmt::Display;

use burn::tensor::{DType, Device, Float, Int, Tensor};
use common::{devices_in, families, first_device};
use pushforward::prelude::*;

/// Every family is shown by its name, which the list of `src/distributions/mod.rs` sees to.
trait Shown<K>: Univariate<1, Kind = K> + Display {}
impl<K, F: Univariate<1, Kind = K> + Display> Shown<K> for F {}

type Continuous = Box<dyn Shown<Float>>;
type Counts = Box<dyn Shown<Int>>;

fn laws(device: &Device) -> Vec<(&'static str, Continuous)> {
    let x = |value: f64| Tensor::<1>::from_floats([value as f32], device);
    vec![
        ("normal", Box::new(Normal::new(x(0.5), x(-2.0)))),
        ("cauchy", Box::new(Cauchy::new(x(0.5), x(-2.0)))),
        ("gumbel", Box::new(Gumbel::new(x(0.5), x(-2.0)))),
        ("laplace", Box::new(Laplace::new(x(0.5), x(-2.0)))),
        ("logistic", Box::new(Logistic::new(x(0.5), x(-2.0)))),
        ("log_normal", Box::new(LogNormal::new(x(0.5), x(-2.0)))),
        ("exponential", Box::new(Exponential::new(x(-2.0)))),
        ("half_normal", Box::new(HalfNormal::new(x(-2.0)))),
        ("half_cauchy", Box::new(HalfCauchy::new(x(-2.0)))),
        ("rayleigh", Box::new(Rayleigh::new(x(-2.0)))),
        ("weibull, scale", Box::new(Weibull::new(x(-2.0), x(3.0)))),
        ("weibull, concentration", Box::new(Weibull::new(x(2.0), x(-3.0)))),
        ("log_logistic, scale", Box::new(LogLogistic::new(x(-2.0), x(3.0)))),
        ("log_logistic, concentration", Box::new(LogLogistic::new(x(2.0), x(-3.0)))),
        ("frechet, scale", Box::new(Frechet::new(x(-2.0), x(3.0)))),
        ("frechet, concentration", Box::new(Frechet::new(x(2.0), x(-3.0)))),
        ("pareto, scale", Box::new(Pareto::new(x(-2.0), x(3.0)))),
        ("pareto, alpha", Box::new(Pareto::new(x(0.25), x(-3.0)))),
        ("kumaraswamy, first", Box::new(Kumaraswamy::new(x(-2.0), x(3.0)))),
        ("kumaraswamy, second", Box::new(Kumaraswamy::new(x(2.0), x(-3.0)))),
        ("gamma, concentration", Box::new(Gamma::new(x(-2.0), x(3.0)))),
        ("gamma, rate", Box::new(Gamma::new(x(2.0), x(-3.0)))),
        ("chi2", Box::new(Chi2::new(x(-2.0)))),
        ("inverse_gamma, concentration", Box::new(InverseGamma::new(x(-2.0), x(3.0)))),
        ("inverse_gamma, rate", Box::new(InverseGamma::new(x(2.0), x(-3.0)))),
        ("beta, first", Box::new(Beta::new(x(-2.0), x(3.0)))),
        ("beta, second", Box::new(Beta::new(x(2.0), x(-3.0)))),
        ("student_t, df", Box::new(StudentT::new(x(-4.0), x(0.5), x(2.0)))),
        ("von_mises", Box::new(VonMises::new(x(0.5), x(-2.0)))),
        (
            "truncated_normal, scale",
            Box::new(TruncatedNormal::new(x(0.5), x(-2.0), x(-1.0), x(3.0))),
        ),
        (
            "truncated_normal, ends",
            Box::new(TruncatedNormal::new(x(0.5), x(2.0), x(0.75), x(0.25))),
        ),
        ("uniform", Box::new(Uniform::new(x(0.75), x(0.25)))),
        ("log_uniform, ends", Box::new(LogUniform::new(x(0.75), x(0.25)))),
        ("log_uniform, low", Box::new(LogUniform::new(x(-0.25), x(0.75)))),
    ]
}

fn counts(device: &Device) -> Vec<(&'static str, Counts)> {
    let x = |value: f64| Tensor::<1>::from_floats([value as f32], device);
    let pair = |values: [f32; 2]| Tensor::<1>::from_floats(values, device);
    vec![
        ("bernoulli", Box::new(Bernoulli::from_probs(x(-0.25)))),
        ("geometric", Box::new(Geometric::from_probs(x(1.25)))),
        ("poisson", Box::new(Poisson::new(x(-2.0)))),
        ("binomial, trials", Box::new(Binomial::from_logits(x(-5.0), x(0.5)))),
        ("binomial, negative", Box::new(Binomial::from_probs(x(5.0), x(-0.25)))),
        ("binomial, above one", Box::new(Binomial::from_probs(x(5.0), x(1.25)))),
        ("negative_binomial", Box::new(NegativeBinomial::from_logits(x(-5.0), x(0.5)))),
        ("negative_binomial, above", Box::new(NegativeBinomial::from_probs(x(5.0), x(1.25)))),
        ("categorical, one negative", Box::new(Categorical::from_probs(pair([0.5, -0.25])))),
        ("categorical, both negative", Box::new(Categorical::from_probs(pair([-0.5, -0.25])))),
        ("categorical, NaN", Box::new(Categorical::from_logits(pair([f32::NAN, 0.5])))),
    ]
}

/// Those of the functions of a value that are not NaN.
fn plausible<K>(name: &str, law: &dyn Shown<K>, at: Tensor<1, K>) -> Vec<String>
where
    K: burn::tensor::kind::Basic,
{
    let results = [
        ("log_prob", law.log_prob(at.clone())),
        ("cdf", law.cdf(at.clone())),
        ("log_cdf", law.log_cdf(at.clone())),
        ("survival", law.survival(at.clone())),
        ("log_survival", law.log_survival(at)),
    ];
    let number = |tensor: Tensor<1>| tensor.into_scalar::<f32>();
    let results = results.map(|(function, result)| (function, number(result)));
    let wrong = results.into_iter().filter(|(_, value)| !value.is_nan());
    wrong.map(|(function, value)| format!("{name}.{function}: {value}")).collect()
}

#[test]
fn every_family_is_in_a_list() {
    // Of several numbers, or made of other families.
    let others = [
        "dirichlet",
        "independent",
        "low_rank_multivariate_normal",
        "mixture",
        "multivariate_normal",
        "one_hot_categorical",
        "transformed",
    ];
    let device = first_device();
    let names = laws(&device).into_iter().map(|(name, _)| name);
    let names: Vec<_> = names.chain(counts(&device).into_iter().map(|(name, _)| name)).collect();
    let listed = |family: &String| names.iter().any(|name| name.split(',').next() == Some(family));
    let missing = families().into_iter().filter(|family| !listed(family));
    let missing: Vec<_> = missing.filter(|family| !others.contains(&family.as_str())).collect();
    assert!(missing.is_empty(), "no invalid parameters of {missing:?}");
}

#[test]
fn invalid_parameters_give_nan() {
    let mut failures = Vec::new();
    for device in devices_in(DType::F32) {
        let probability = || Tensor::<1>::from_floats([0.25], &device);
        for (name, law) in laws(&device) {
            failures.extend(plausible(name, &*law, Tensor::from_floats([0.5], &device)));
            for quantile in [law.quantile(probability()), law.upper_quantile(probability())] {
                let value = quantile.into_scalar::<f32>();
                if !value.is_nan() {
                    failures.push(format!("{name}: quantile {value}"));
                }
            }
        }
        for (name, law) in counts(&device) {
            failures.extend(plausible(name, &*law, Tensor::from_ints([1], &device)));
            for quantile in [law.quantile(probability()), law.upper_quantile(probability())] {
                let value = quantile.into_scalar::<i64>();
                if value != -1 {
                    failures.push(format!("{name}: quantile {value}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} plausible numbers:\n{}", failures.len(), failures.join("\n"));
}
