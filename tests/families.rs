//! What neither the laws nor the tables say of the families: draws where rounding and overflow push
//! them out of the support, tails of millions of draws, kinks, and the errors of constructors.

mod common;

use burn::tensor::{DType, Device, Float, Tensor, TensorData};
use common::{devices, first_device};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// A univariate family with everything that these tests ask of it.
trait Family: Reparameterized<1> + Univariate<1> + Distribution<1, Kind = Float> {}
impl<T: Reparameterized<1> + Univariate<1> + Distribution<1, Kind = Float>> Family for T {}

type Make = fn([Tensor<1>; 2]) -> Box<dyn Family>;

fn number(value: f64, device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::from([value]), (device, dtype))
}

fn values(tensor: &Tensor<1>) -> Vec<f64> {
    tensor.to_data().iter::<f64>().collect()
}

#[test]
fn draws_stay_inside_where_rounding_and_overflow_push_them_out() {
    let cases: &[(Make, [f64; 2])] = &[
        // Two adjacent numbers of f32, a few, and an upper end of zero.
        (|[low, high]| Box::new(Uniform::new(low, high)), [1.0, 1.000_000_119_209_289_6]),
        (|[low, high]| Box::new(Uniform::new(low, high)), [16.999_99, 17.0]),
        (|[low, high]| Box::new(Uniform::new(low, high)), [-2.0, -1.999_999]),
        (|[low, high]| Box::new(Uniform::new(low, high)), [-3e-38, 0.0]),
        // Two adjacent numbers, a few, and all floats.
        (|[low, high]| Box::new(LogUniform::new(low, high)), [1.0, 1.000_000_119_209_289_6]),
        (|[low, high]| Box::new(LogUniform::new(low, high)), [0.999_999_9, 1.0]),
        (|[low, high]| Box::new(LogUniform::new(low, high)), [16.999_99, 17.0]),
        (|[low, high]| Box::new(LogUniform::new(low, high)), [1.2e-38, 3.4e38]),
        (|[low, high]| Box::new(LogUniform::new(low, high)), [1.2e-38, 1.3e-38]),
        (|[loc, scale]| Box::new(LogNormal::new(loc, scale)), [800.0, 1.0]),
        (|[loc, scale]| Box::new(LogNormal::new(loc, scale)), [-800.0, 1.0]),
        (|[rate, _]| Box::new(Exponential::new(rate)), [1.2e-38, 1.0]),
        (|[scale, _]| Box::new(HalfNormal::new(scale)), [3e38, 1.0]),
        (|[loc, scale]| Box::new(Cauchy::new(loc, scale)), [0.0, 1e36]),
        (|[scale, _]| Box::new(HalfCauchy::new(scale)), [1e36, 1.0]),
        (|[loc, scale]| Box::new(Gumbel::new(loc, scale)), [0.0, 1e38]),
        (|[scale, power]| Box::new(Weibull::new(scale, power)), [1.0, 0.01]),
        (|[scale, power]| Box::new(LogLogistic::new(scale, power)), [1.0, 1e-3]),
        (|[scale, power]| Box::new(Frechet::new(scale, power)), [1.0, 0.01]),
        (|[scale, power]| Box::new(Frechet::new(scale, power)), [3e38, 2.0]),
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

/// At ∞ the logarithm is infinite and does not move: its square has no slope there, and not 0 · ∞.
#[test]
fn the_gradient_at_infinity_is_a_number() {
    for device in devices() {
        let device = device.autodiff();
        let leaf = |value| number(value, &device, DType::F32).require_grad();
        let (x, loc, scale) = (leaf(f64::INFINITY), leaf(0.3), leaf(0.9));
        let gradients = LogNormal::new(loc, scale).log_prob(x.clone()).backward();
        assert_eq!(values(&x.grad(&gradients).expect("tracked")), [0.0], "{device:?}");
    }
}

#[test]
fn constraints_are_named() {
    let device = first_device();
    let low = Tensor::<1>::from_floats([0.0, 2.0], &device);
    let error = Uniform::try_new(low, 1.0).expect_err("high below low");
    assert_eq!((error.parameter, &error.index[..]), ("high", &[1][..]));
    assert!(Exponential::try_new(Tensor::<1>::from_floats([0.0], &device)).is_err());
    assert!(LogNormal::try_new(Tensor::<1>::from_floats([0.0], &device), -1.0).is_err());
    let laplace = Laplace::new(Tensor::<2>::zeros([1, 3], &device), 2.0);
    assert_eq!(laplace.to_string(), "Laplace(loc: [1, 3], scale: [1, 1])");
}
