//! Statistics of draws.

use burn::tensor::Tensor;
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{LOC, MATRIX, epsilon, forms, near, numbers, settings, tensor};

/// Mean and covariance of draws: each of the 14 numbers within 5.5 standard errors, which a correct
/// sampler leaves once in two million runs a number; the seed is fixed, so this repeats exactly.
#[test]
fn draws_have_mean_and_covariance() {
    const N: usize = 100_000;
    for setting in settings() {
        let factor: Tensor<3> =
            tensor(&[1.0, 0.5, -0.5, 1.5, 0.25, 0.0, 2.0, -1.0], [1, 4, 2], &setting);
        let diagonal = tensor(&[0.5, 1.0, 2.0, 0.25], [1, 4], &setting);
        let low = LowRankMultivariateNormal::new(tensor(&LOC, [1, 4], &setting), factor, diagonal);
        let [tril, precision, covariance] = forms(&setting);
        let expected = numbers(low.covariance::<3>());
        let draw = |law: &dyn Distribution<2, Kind = burn::tensor::Float>| {
            numbers(law.sample([N, 4], &mut StdRng::seed_from_u64(77)))
        };
        for (draws, expected) in [
            (draw(&tril), MATRIX.to_vec()),
            (draw(&precision), MATRIX.to_vec()),
            (draw(&covariance), MATRIX.to_vec()),
            (draw(&low), expected),
        ] {
            let errors = 5.5 / (N as f64).sqrt();
            let centred = |row: usize, at: usize| draws[row * 4 + at] - LOC[at];
            for i in 0..4 {
                let mean = (0..N).map(|row| centred(row, i)).sum::<f64>() / N as f64;
                assert!(mean.abs() <= errors * expected[i * 5].sqrt(), "{setting:?} {i}: {mean}");
                for j in 0..=i {
                    let sum: f64 = (0..N).map(|row| centred(row, i) * centred(row, j)).sum();
                    let (got, wanted) = (sum / N as f64, expected[i * 4 + j]);
                    // The variance of a product of two Normals.
                    let spread = expected[i * 5] * expected[j * 5] + wanted * wanted;
                    let gap = (got - wanted).abs();
                    assert!(gap <= errors * spread.sqrt(), "{setting:?} {i} {j}: {got} {wanted}");
                }
            }
        }
    }
}

/// The slope of a draw in d is that of its own noise, and does not feel a large factor.
#[test]
fn slopes_of_low_rank_draws() {
    for setting in settings() {
        let autodiff = (setting.0.clone().autodiff(), setting.1);
        let slopes = |scale: f64| {
            let factor = tensor::<3>(&[scale, -scale, 0.0], [1, 3, 1], &autodiff);
            let diagonal = tensor::<2>(&[0.5, 1e-4, 2.0], [1, 3], &autodiff).require_grad();
            let loc = tensor(&[0.0; 3], [1, 3], &autodiff);
            let law = LowRankMultivariateNormal::new(loc, factor, diagonal.clone());
            let draws = law.rsample([5, 3], &mut StdRng::seed_from_u64(3));
            numbers(diagonal.grad(&draws.sum().backward()).expect("tracked"))
        };
        assert_eq!(slopes(1e6), slopes(0.0), "{setting:?}");
    }
}

/// A mixture of them: its density is the weighted sum, its draws have its mean and variance within 5.5
/// standard errors.
#[test]
fn a_mixture() {
    const N: usize = 40_000;
    for setting in settings() {
        let loc = tensor::<3>(&[-2.0, 0.0, 2.0, 1.0], [1, 2, 2], &setting);
        let matrices = [1.0, 0.5, 0.5, 1.0, 2.0, -1.0, -1.0, 2.0];
        let matrix = tensor::<4>(&matrices, [1, 2, 2, 2], &setting);
        let parts = MultivariateNormal::<3>::from_covariance(loc, matrix);
        let value = tensor::<3>(&[0.5, -0.5], [1, 1, 2], &setting);
        let [first, second]: [f64; 2] =
            numbers(parts.log_prob(value.clone())).try_into().expect("two parts");
        // One weight a part, in the dimension before the event.
        let weights = Categorical::from_probs(tensor::<3>(&[0.25, 0.75], [1, 1, 2], &setting));
        let mixture = Mixture::new(weights, parts);
        let expected = (0.25 * first.exp() + 0.75 * second.exp()).ln();
        near("ln p", &numbers(mixture.log_prob(value)), &[expected], 20.0 * epsilon(setting.1));
        let draws = numbers(mixture.sample([N, 1, 2], &mut StdRng::seed_from_u64(5)));
        let (mean, variance) = (numbers(mixture.mean()), numbers(mixture.variance()));
        for at in 0..2 {
            let centred = || draws.iter().skip(at).step_by(2).map(|x| x - mean[at]);
            let errors = 5.5 / (N as f64).sqrt();
            let first = centred().sum::<f64>() / N as f64;
            assert!(first.abs() <= errors * variance[at].sqrt(), "{setting:?} {at}: {first}");
            let second = centred().map(|x| x * x).sum::<f64>() / N as f64;
            // The kurtosis of both elements is below 3, that of a Normal.
            let gap = (second - variance[at]).abs();
            assert!(gap <= errors * variance[at] * 2f64.sqrt(), "{setting:?} {at}: {second}");
        }
    }
}
