//! What the tables cannot say of the univariate families: draws, gradients of every function, and
//! what happens at the borders.

mod common;

use burn::tensor::{DType, Device, Float, Tensor, TensorData};
use common::{Promises, devices};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// A univariate family with everything that these tests ask of it.
trait Family: Reparameterized<1> + Univariate<1> + Distribution<1, Kind = Float> {}
impl<T: Reparameterized<1> + Univariate<1> + Distribution<1, Kind = Float>> Family for T {}

type Make = fn([Tensor<1>; 2]) -> Box<dyn Family>;

/// Families by name, with parameters; those of one parameter ignore the second.
const FAMILIES: [(&str, Make, [f64; 2]); 16] = [
    ("cauchy", |[loc, scale]| Box::new(Cauchy::new(loc, scale)), [0.7, 1.6]),
    ("exponential", |[rate, _]| Box::new(Exponential::new(rate)), [2.5, 1.0]),
    ("gumbel", |[loc, scale]| Box::new(Gumbel::new(loc, scale)), [0.4, 1.3]),
    ("half_cauchy", |[scale, _]| Box::new(HalfCauchy::new(scale)), [1.6, 1.0]),
    ("half_normal", |[scale, _]| Box::new(HalfNormal::new(scale)), [0.4, 1.0]),
    ("kumaraswamy", |[one, zero]| Box::new(Kumaraswamy::new(one, zero)), [2.3, 1.7]),
    ("laplace", |[loc, scale]| Box::new(Laplace::new(loc, scale)), [-1.2, 0.8]),
    ("log_normal", |[loc, scale]| Box::new(LogNormal::new(loc, scale)), [0.3, 0.9]),
    ("logistic", |[loc, scale]| Box::new(Logistic::new(loc, scale)), [2.0, 0.6]),
    ("pareto", |[scale, alpha]| Box::new(Pareto::new(scale, alpha)), [0.6, 2.2]),
    ("rayleigh", |[scale, _]| Box::new(Rayleigh::new(scale)), [0.8, 1.0]),
    (
        "truncated_normal",
        |[loc, scale]| Box::new(TruncatedNormal::new(loc, scale, -1.0, 2.0)),
        [0.3, 1.2],
    ),
    (
        "truncated_normal above",
        |[loc, low]| Box::new(TruncatedNormal::new(loc, 0.8, low, f64::INFINITY)),
        [-6.0, 1.0],
    ),
    (
        "truncated_normal below",
        |[scale, high]| Box::new(TruncatedNormal::new(9.0, scale, -1e3, high)),
        [1.5, -1.0],
    ),
    ("uniform", |[low, high]| Box::new(Uniform::new(low, high)), [-2.0, 3.5]),
    ("weibull", |[scale, power]| Box::new(Weibull::new(scale, power)), [1.7, 1.4]),
];

fn number(value: f64, device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::from([value]), (device, dtype))
}

fn values(tensor: &Tensor<1>) -> Vec<f64> {
    tensor.to_data().iter::<f64>().collect()
}

fn assert_close(got: &Tensor<1>, expected: &Tensor<1>, tolerance: f64, what: &str) {
    for (got, expected) in values(got).into_iter().zip(values(expected)) {
        let close = (got - expected).abs() <= tolerance * (1.0 + expected.abs());
        assert!(close, "{what}: {got:e}, not {expected:e}");
    }
}

/// Runs `check` on every family, device and precision.
fn everywhere(check: impl Fn(&str, Make, [f64; 2], &Device, DType)) {
    for device in devices() {
        for dtype in [DType::F32, DType::F64] {
            if device.promises(dtype) {
                for (name, make, parameters) in FAMILIES {
                    let what = format!("{name} {dtype:?} on {device:?}");
                    check(&what, make, parameters, &device, dtype);
                }
            }
        }
    }
}

/// Beyond this distance a sample is not of the distribution with probability 1e-4 (Kolmogorov).
fn kolmogorov_bound(count: usize) -> f64 {
    2.23 / (count as f64).sqrt()
}

#[test]
fn draws_follow_the_distribution_function() {
    everywhere(|what, make, parameters, device, dtype| {
        let law = make(parameters.map(|p| number(p, device, dtype)));
        let count = 20_000;
        let draws = law.sample([count], &mut StdRng::seed_from_u64(11));
        assert!(law.support().contains(draws.clone()).all().into_scalar::<bool>(), "{what}");
        let mut levels = values(&law.cdf(draws));
        levels.sort_by(f64::total_cmp);
        let distance = (levels.iter().enumerate())
            .map(|(index, level)| (level - (index as f64 + 0.5) / count as f64).abs())
            .fold(0.0, f64::max);
        assert!(distance < kolmogorov_bound(count), "{what}: distance {distance}");
    });
}

#[test]
fn the_density_that_comes_with_a_draw_is_that_of_the_draw() {
    everywhere(|what, make, parameters, device, dtype| {
        let law = make(parameters.map(|p| number(p, device, dtype)));
        let (draws, log_prob) = law.rsample_and_log_prob([2_000], &mut StdRng::seed_from_u64(5));
        let again = law.rsample([2_000], &mut StdRng::seed_from_u64(5));
        if device.promises(DType::F64) {
            assert_eq!(values(&draws), values(&again), "{what}");
        } else {
            // Two kernels there, which a driver may round apart.
            assert_close(&draws, &again, 1e-6, what);
        }
        let tolerance = if dtype == DType::F64 { 1e-12 } else { 2e-5 };
        assert_close(&log_prob, &law.log_prob(draws), tolerance, what);
    });
}

/// A draw moves with a parameter so that its probability level stays: dx/dθ = −F_θ/F_x.
#[test]
fn draws_have_the_pathwise_gradient() {
    everywhere(|what, make, parameters, device, dtype| {
        if dtype != DType::F64 {
            return;
        }
        let device = device.clone().autodiff();
        let count = 400;
        // One parameter a draw, so that each has a gradient of its own.
        let leaves = |values: [f64; 2]| {
            values.map(|p| number(p, &device, dtype).expand([count]).detach().require_grad())
        };
        let drawing = leaves(parameters);
        let draws = make(drawing.clone()).rsample([count], &mut StdRng::seed_from_u64(3));
        let paths = draws.clone().sum().backward();
        let tracked = leaves(parameters);
        let x = draws.detach().require_grad();
        let levels = make(tracked.clone()).log_cdf(x.clone()).sum().backward();
        let slope = x.grad(&levels).expect("tracked");
        for (drawn, tracked) in drawing.iter().zip(&tracked) {
            let (Some(path), Some(level)) = (drawn.grad(&paths), tracked.grad(&levels)) else {
                // The unused second parameter.
                continue;
            };
            assert_close(&path, &(-level / slope.clone()), 1e-9, what);
        }
    });
}

#[test]
fn every_function_has_the_density_for_derivative() {
    everywhere(|what, make, parameters, device, dtype| {
        let device = device.clone().autodiff();
        let law = make(parameters.map(|p| number(p, &device, dtype)));
        let levels = [1e-6, 0.001, 0.2, 0.4, 0.5, 0.6, 0.9, 0.999];
        let p = Tensor::<1>::from_data(TensorData::from(levels), (&device, dtype)).require_grad();
        let quantile = law.quantile(p.clone());
        let x = quantile.clone().detach().require_grad();
        let density = law.log_prob(x.clone().detach()).exp();
        let slope = |y: Tensor<1>, x: &Tensor<1>| {
            let slope = x.grad(&y.sum().backward()).expect("tracked");
            Tensor::<1>::from_data(slope.into_data(), (&device, dtype))
        };
        let (cdf, survival) = (law.cdf(x.clone()), law.survival(x.clone()));
        let (level, rest) = (cdf.clone().detach(), survival.clone().detach());
        let tolerance = if dtype == DType::F64 { 1e-12 } else { 1e-5 };
        let ratio = |got: Tensor<1>, expected: Tensor<1>, function: &str| {
            let what = format!("{what} {function}");
            assert_close(
                &(got / expected),
                &number(1.0, &device, dtype).expand([8]),
                tolerance,
                &what,
            );
        };
        assert_close(&level, &p.clone().detach(), tolerance, what);
        ratio(slope(cdf, &x), density.clone(), "cdf");
        ratio(slope(survival, &x), -density.clone(), "survival");
        ratio(slope(law.log_cdf(x.clone()), &x) * level, density.clone(), "log_cdf");
        ratio(slope(law.log_survival(x.clone()), &x) * rest, -density.clone(), "log_survival");
        ratio(slope(quantile, &p) * density.clone(), density.ones_like(), "quantile");
    });
}

#[test]
fn nan_in_nan_out_and_probabilities_outside_the_unit_interval() {
    everywhere(|what, make, parameters, device, dtype| {
        let nan = || number(f64::NAN, device, dtype);
        let all = |law: &dyn Family, x: Tensor<1>| {
            [
                law.log_prob(x.clone()),
                law.cdf(x.clone()),
                law.log_cdf(x.clone()),
                law.survival(x.clone()),
                law.log_survival(x.clone()),
                law.quantile(x),
            ]
        };
        let numbers = parameters.map(|p| number(p, device, dtype));
        let law = make(numbers.clone());
        for result in all(law.as_ref(), nan()) {
            assert!(values(&result)[0].is_nan(), "{what} at NaN");
        }
        for p in [-1e-3, 1.001, f64::INFINITY] {
            let quantile = law.quantile(number(p, device, dtype));
            assert!(values(&quantile)[0].is_nan(), "{what} quantile of {p}");
        }
        // Of Uniform each end is needed everywhere; elsewhere the first parameter is.
        let broken = make([nan(), numbers[1].clone()]);
        for x in [-1e3, 0.3, 1e3] {
            for result in &all(broken.as_ref(), number(x, device, dtype))[..5] {
                assert!(values(result)[0].is_nan(), "{what} with a NaN parameter at {x}");
            }
        }
    });
}

#[test]
fn draws_stay_inside_where_rounding_and_overflow_push_them_out() {
    let cases: [(Make, [f64; 2]); 21] = [
        // Two adjacent numbers of f32, a few, and an upper end of zero.
        (|[low, high]| Box::new(Uniform::new(low, high)), [1.0, 1.000_000_119_209_289_6]),
        (|[low, high]| Box::new(Uniform::new(low, high)), [16.999_99, 17.0]),
        (|[low, high]| Box::new(Uniform::new(low, high)), [-2.0, -1.999_999]),
        (|[low, high]| Box::new(Uniform::new(low, high)), [-3e-38, 0.0]),
        (|[loc, scale]| Box::new(LogNormal::new(loc, scale)), [800.0, 1.0]),
        (|[loc, scale]| Box::new(LogNormal::new(loc, scale)), [-800.0, 1.0]),
        (|[rate, _]| Box::new(Exponential::new(rate)), [1.2e-38, 1.0]),
        (|[scale, _]| Box::new(HalfNormal::new(scale)), [3e38, 1.0]),
        (|[loc, scale]| Box::new(Cauchy::new(loc, scale)), [0.0, 1e36]),
        (|[scale, _]| Box::new(HalfCauchy::new(scale)), [1e36, 1.0]),
        (|[loc, scale]| Box::new(Gumbel::new(loc, scale)), [0.0, 1e38]),
        (|[scale, power]| Box::new(Weibull::new(scale, power)), [1.0, 0.01]),
        (|[scale, _]| Box::new(Rayleigh::new(scale)), [1.2e-38, 1.0]),
        (|[scale, _]| Box::new(Rayleigh::new(scale)), [3e38, 1.0]),
        (|[scale, alpha]| Box::new(Pareto::new(scale, alpha)), [1.0, 1e-3]),
        (|[scale, alpha]| Box::new(Pareto::new(scale, alpha)), [0.3, 1e9]),
        (|[one, zero]| Box::new(Kumaraswamy::new(one, zero)), [1e-3, 1e-3]),
        (|[one, zero]| Box::new(Kumaraswamy::new(one, zero)), [1e6, 0.5]),
        (|[loc, low]| Box::new(TruncatedNormal::new(loc, 1.0, low, -15.0)), [0.0, -16.0]),
        (|[loc, low]| Box::new(TruncatedNormal::new(loc, 1.0, low, f64::INFINITY)), [0.0, 1e4]),
        (|[loc, low]| Box::new(TruncatedNormal::new(loc, 1e3, low, 1.000_000_2)), [0.0, 1.0]),
    ];
    for device in devices() {
        for (make, parameters) in cases {
            let law = make(parameters.map(|p| number(p, &device, DType::F32)));
            let what = format!("{law:?} on {device:?}");
            let (draws, density) = law.rsample_and_log_prob([5_000], &mut StdRng::seed_from_u64(8));
            assert!(law.support().contains(draws.clone()).all().into_scalar::<bool>(), "{what}");
            assert!(density.is_finite().all().into_scalar::<bool>(), "{what}");
            if what.starts_with("Uniform") {
                let high = number(parameters[1], &device, DType::F32);
                assert!(draws.lower(high).all().into_scalar::<bool>(), "{what}");
            }
        }
    }
}

#[test]
fn tails_of_the_draws_are_long() {
    for device in devices() {
        let standard = [0.0, 1.0].map(|p| number(p, &device, DType::F32));
        let reach = |law: &dyn Family| {
            let draws = law.sample([4_000_000], &mut StdRng::seed_from_u64(1));
            let draws = values(&draws);
            let low = draws.iter().copied().fold(f64::INFINITY, f64::min);
            let high = draws.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (-low).min(high)
        };
        // Both extremes of n draws are beyond the level 1/(20 n) with probability below 0.1 and
        // short of 4/n with probability 0.04: bounds at 4/n for this seed.
        let [loc, scale] = standard;
        assert!(reach(&Laplace::new(loc.clone(), scale.clone())) > 13.1);
        assert!(reach(&Logistic::new(loc.clone(), scale.clone())) > 13.8);
        assert!(reach(&Cauchy::new(loc, scale)) > 3e5);
    }
}

#[test]
fn the_kink_of_laplace_has_gradient_zero() {
    for device in devices() {
        let device = device.autodiff();
        let leaf = |value| number(value, &device, DType::F32).require_grad();
        let (x, loc, scale) = (leaf(1.5), leaf(1.5), leaf(0.25));
        let gradients = Laplace::new(loc.clone(), scale.clone()).log_prob(x.clone()).backward();
        let of = |leaf: &Tensor<1>| values(&leaf.grad(&gradients).expect("tracked"))[0];
        assert_eq!([of(&x), of(&loc), of(&scale)], [0.0, 0.0, -4.0]);
    }
}

#[test]
fn constraints_are_named() {
    let device = devices().remove(0);
    let low = Tensor::<1>::from_floats([0.0, 2.0], &device);
    let error = Uniform::try_new(low, 1.0).expect_err("high below low");
    assert_eq!((error.parameter, &error.index[..]), ("high", &[1][..]));
    assert!(Exponential::try_new(Tensor::<1>::from_floats([0.0], &device)).is_err());
    assert!(LogNormal::try_new(Tensor::<1>::from_floats([0.0], &device), -1.0).is_err());
    let laplace = Laplace::new(Tensor::<2>::zeros([1, 3], &device), 2.0);
    assert_eq!(laplace.to_string(), "Laplace(loc: [1, 3], scale: [1, 1])");
}
