//! Batches, the list of parameters, and failures in one element of a batch.

use burn::tensor::FloatDType;
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Full, LOC, MATRIX, VALUE, epsilon, forms, instance, near, numbers, settings, tensor};

/// Every way for a batch of means to meet one of matrices gives what each pair gives alone.
#[test]
fn batches_meet() {
    for setting in settings() {
        let matrices: Vec<f64> =
            (0..5).flat_map(|at| MATRIX.map(|x| x * (1.0 + f64::from(at)))).collect();
        let locs: Vec<f64> = (0..5).flat_map(|at| LOC.map(|x| x + f64::from(at))).collect();
        let pick = |all: &[f64], at: usize, size: usize| all[at * size..][..size].to_vec();
        for (means, count) in [(5, 1), (1, 5), (5, 5)] {
            let loc = tensor::<2>(&locs[..means * 4], [means, 4], &setting);
            let matrix = tensor::<3>(&matrices[..count * 16], [count, 4, 4], &setting);
            let law = Full::from_covariance(loc, matrix);
            assert_eq!(law.shape(), [5, 4]);
            let (draws, log_prob) = law.rsample_and_log_prob([5, 4], &mut StdRng::seed_from_u64(1));
            let again = numbers(law.log_prob(draws.clone()));
            near("ln p of draws", &numbers(log_prob), &again, 200.0 * epsilon(setting.1));
            for at in 0..5 {
                let loc = tensor(&pick(&locs, at % means, 4), [1, 4], &setting);
                let matrix = tensor::<3>(&pick(&matrices, at % count, 16), [1, 4, 4], &setting);
                let alone = Full::from_covariance(loc, matrix);
                let value = draws.clone().narrow(0, at, 1);
                let expected = numbers(alone.log_prob(value));
                near("one of a batch", &again[at..=at], &expected, 4.0 * epsilon(setting.1));
            }
        }
    }
}

/// All that follows from the list of parameters, whose matrix keeps its shape.
#[test]
fn a_parametric_family() {
    for setting in settings() {
        let law = &forms(&setting)[2];
        let value = || tensor::<2>(&VALUE, [1, 4], &setting);
        let expected = numbers(law.log_prob(value()));
        let wide = law.clone().expand([3, 4]);
        assert_eq!((wide.shape(), wide.covariance::<3>().dims()), ([3, 4], [3, 4, 4]));
        near("expanded", &numbers(wide.log_prob(value())), &expected.repeat(3), 1e-6);
        let joint = law.clone().independent(1).expand([3, 4]);
        assert_eq!(joint.shape(), [3, 4]);
        let sum: f64 = expected.iter().sum::<f64>() * 3.0;
        let rows = value().expand([3, 4]);
        near("expanded as one event", &numbers(joint.log_prob(rows)), &[sum], 1e-6);
        let deep = law.clone().unsqueeze::<4>();
        assert_eq!(deep.covariance::<5>().dims(), [1, 1, 1, 4, 4]);
        near("unsqueezed", &numbers(deep.log_prob(value().unsqueeze())), &expected, 0.0);
        let single = law.clone().cast(FloatDType::F32);
        near("cast", &numbers(single.log_prob(value().cast(FloatDType::F32))), &expected, 1e-5);
        assert_eq!(law.to_string(), "MultivariateNormal(loc: [1, 4], covariance: [1, 16])");
        assert!(law.validate().is_ok());
    }
}

/// What is not positive definite is NaN and leaves the rest of the batch alone; so does an infinite
/// value, which is −∞ with gradient 0.
#[test]
fn failures_stay_where_they_are() {
    for setting in settings() {
        let bad = [1.0, 2.0, 2.0, 1.0];
        let all = [[2.0, 0.5, 0.5, 1.0], bad, [2.0, 0.5, 0.5, 1.0]].concat();
        let loc = tensor::<2>(&[0.0, 0.0], [1, 2], &setting);
        let law = Full::from_covariance::<3>(loc, tensor(&all, [3, 2, 2], &setting));
        let got = numbers(law.log_prob(tensor(&[0.5, 1.0], [1, 2], &setting)));
        assert!(got[0].is_finite() && got[1].is_nan() && got[0] == got[2], "{setting:?} {got:?}");

        let autodiff = (setting.0.clone().autodiff(), setting.1);
        let good = || tensor::<2>(&[2.0, 0.5, 0.5, 1.0], [1, 4], &autodiff);
        let loc = || tensor::<2>(&[0.0, 0.0], [1, 2], &autodiff);
        let infinity = f64::INFINITY;
        for value in [[infinity, 0.0], [0.0, -infinity], [infinity, infinity]] {
            let good = good().require_grad();
            let law = instance("covariance", loc(), good.clone());
            let got = law.log_prob(tensor(&value, [1, 2], &autodiff));
            assert_eq!(numbers(got.clone()), [-infinity], "{setting:?} {value:?}");
            let gradients = got.sum().backward();
            assert_eq!(numbers(good.grad(&gradients).expect("tracked")), [0.0; 4], "{value:?}");
        }
        let law = instance("covariance", loc(), good());
        let got = numbers(law.log_prob(tensor(&[f64::NAN, infinity], [1, 2], &autodiff)));
        assert!(got[0].is_nan(), "{setting:?}");
    }
}
