//! Shares of the divergence.

use pushforward::nn::bayes::{Annealing, MinibatchWeights};

#[test]
fn minibatch_weights_sum_to_one() {
    for weights in [MinibatchWeights::Uniform, MinibatchWeights::Halving] {
        for batches in [1, 10, 2000, 10_000] {
            let shares = (0..batches).map(|index| weights.of(index, batches));
            let sum: f64 = shares.clone().sum();
            assert!((sum - 1.0).abs() < 1e-12, "{weights:?} of {batches}: {sum}");
            // As a training loop in single precision would use them.
            let single: f32 = shares.clone().map(|share| share as f32).sum();
            assert!((single - 1.0).abs() < 1e-4, "{weights:?} of {batches} in f32: {single}");
            assert!(shares.clone().all(|share| (0.0..=1.0).contains(&share)));
        }
    }
}

#[test]
fn halving_weights_are_those_of_the_formula() {
    for batches in [1_usize, 2, 5, 20] {
        for index in 0..batches {
            let formula =
                2.0_f64.powi((batches - index - 1) as i32) / (2.0_f64.powi(batches as i32) - 1.0);
            let share = MinibatchWeights::Halving.of(index, batches);
            assert!((share / formula - 1.0).abs() < 1e-14);
        }
    }
}

#[test]
#[should_panic(expected = "counted from 0")]
fn there_is_no_minibatch_after_the_last() {
    let _ = MinibatchWeights::Uniform.of(3, 3);
}

#[test]
fn annealing() {
    let linear = Annealing::Linear { steps: 4 };
    let shares: Vec<f64> = (0..6).map(|step| linear.at(step)).collect();
    assert_eq!(shares, [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]);
    let cyclical = Annealing::Cyclical { period: 5, ramp: 2 };
    let shares: Vec<f64> = (0..10).map(|step| cyclical.at(step)).collect();
    assert_eq!(shares, [0.0, 0.5, 1.0, 1.0, 1.0, 0.0, 0.5, 1.0, 1.0, 1.0]);
    assert_eq!(Annealing::None.at(0), 1.0);
    assert_eq!(Annealing::Linear { steps: 0 }.at(0), 1.0);
}
