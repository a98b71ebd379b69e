//! Closed forms at parameters that nobody chose.

use burn::tensor::{DType, Tensor, TensorData};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use pushforward::prelude::*;

mod common;

fn number<const D: usize>(tensor: Tensor<D>) -> f64 {
    tensor.into_data().iter::<f64>().next().expect("one number")
}

/// Runs a property in `f64` on every device, with the same cases every time.
fn property<S: Strategy>(
    strategy: S,
    holds: impl Fn(&dyn Fn(f64) -> Tensor<1>, S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { failure_persistence: None, cases: 64, ..Config::default() };
    for device in common::devices_in(DType::F64) {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(config.clone(), rng);
        let tensor = |x: f64| Tensor::from_data(TensorData::from([x]), (&device, DType::F64));
        let result = runner.run(&strategy, |case| holds(&tensor, case));
        assert!(result.is_ok(), "{device:?}: {}", result.unwrap_err());
    }
}

fn near(got: f64, expected: f64) -> Result<(), TestCaseError> {
    let gap = (got - expected).abs();
    prop_assert!(gap <= 1e-13 * (1.0 + expected.abs()), "{got:e} instead of {expected:e}");
    Ok(())
}

#[test]
fn normal() {
    property((-50.0..50.0, 0.01..20.0, 0.0..6.0), |tensor, (loc, scale, z): (f64, f64, f64)| {
        let normal = Normal::new(tensor(loc), tensor(scale));
        near(number(normal.mean()), loc)?;
        near(number(normal.variance()), scale * scale)?;
        let tau_e = 2.0 * core::f64::consts::PI * core::f64::consts::E;
        near(number(normal.entropy()), 0.5 * (tau_e * scale * scale).ln())?;
        // Symmetric about loc, to what loc ± z keeps of z.
        let (above, below) = (tensor(loc + z * scale), tensor(loc - z * scale));
        near(number(normal.cdf(below)), number(normal.survival(above)))
    });
}

#[test]
fn log_normal() {
    property((-2.0..2.0, 0.05..1.0), |tensor, (loc, scale): (f64, f64)| {
        let log_normal = LogNormal::new(tensor(loc), tensor(scale));
        let square = scale * scale;
        near(number(log_normal.mean()), (loc + square / 2.0).exp())?;
        near(number(log_normal.variance()), square.exp_m1() * (2.0 * loc + square).exp())?;
        near(number(log_normal.mode()), (loc - square).exp())?;
        let normal = Normal::new(tensor(loc), tensor(scale));
        near(number(log_normal.entropy()), number(normal.entropy()) + loc)
    });
}

#[test]
fn exponential() {
    property((0.01..50.0, 0.0..20.0), |tensor, (rate, x): (f64, f64)| {
        let exponential = Exponential::new(tensor(rate));
        near(number(exponential.mean()), 1.0 / rate)?;
        near(number(exponential.variance()), 1.0 / (rate * rate))?;
        near(number(exponential.entropy()), 1.0 - rate.ln())?;
        // Memoryless.
        let [once, twice] =
            [x / rate, 2.0 * x / rate].map(|x| number(exponential.log_survival(tensor(x))));
        near(twice, 2.0 * once)
    });
}

#[test]
fn weibull() {
    property((0.1..10.0, 0.3..6.0, 0.01..3.0), |tensor, (scale, power, z): (f64, f64, f64)| {
        let weibull = Weibull::new(tensor(scale), tensor(power));
        // (x/scale)^power is a standard exponential variate.
        let x = tensor(scale * z.powf(1.0 / power));
        near(number(weibull.log_survival(x)), -z)?;
        let exponential = Exponential::new(tensor(1.0 / scale));
        let same = Weibull::new(tensor(scale), tensor(1.0));
        near(number(same.entropy()), number(exponential.entropy()))?;
        near(number(same.std_dev()), number(exponential.std_dev()))
    });
}

#[test]
fn truncated_normal() {
    let infinity = f64::INFINITY;
    property((-5.0..5.0, 0.1..4.0, -2.0..2.0), |tensor, (loc, scale, z): (f64, f64, f64)| {
        let normal = Normal::new(tensor(loc), tensor(scale));
        let whole = TruncatedNormal::new(tensor(loc), scale, -infinity, infinity);
        near(number(whole.mean()), loc)?;
        near(number(whole.std_dev()), scale)?;
        near(number(whole.entropy()), number(normal.entropy()))?;
        // Cutting a tail off divides by what is left.
        let x = loc + z * scale;
        let upper = TruncatedNormal::new(tensor(loc), scale, x, infinity);
        let [beyond, there] = [x + scale, x].map(|x| number(normal.log_survival(tensor(x))));
        near(number(upper.log_survival(tensor(x + scale))), beyond - there)?;
        let density = number(normal.log_prob(tensor(x + scale))) - there;
        near(number(upper.log_prob(tensor(x + scale))), density)
    });
}
