//! Gradients against difference quotients.

use burn::tensor::{DType, Tensor};
use pushforward::prelude::*;
use pushforward::testing::gradients::agree_with_differences;
use pushforward::testing::{Check, assert_law};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{FORMS, Full, LOC, MATRIX, Setting, VALUE, instance, settings, tensor};

fn in_double() -> Vec<Setting> {
    settings().into_iter().filter(|(_, dtype)| *dtype == DType::F64).collect()
}

type Function = fn(&Full, Tensor<2>, &Full) -> Tensor<2>;

/// Every function that takes a gradient, with respect to the value, the mean and each element of the
/// matrix, in each form, with and without checkpointing.
#[test]
fn gradients_agree_with_differences() {
    let functions: [(&'static str, Function); 6] = [
        ("the gradient of ln p", |law, value, _| law.log_prob(value)),
        ("the gradient of the entropy", |law, value, _| law.entropy() + value.sum_dim(1)),
        ("the gradient of the divergence", |law, value, other| {
            law.kl_divergence(other) + value.sum_dim(1)
        }),
        ("the gradient of the divergence backwards", |law, value, other| {
            other.kl_divergence(law) + value.sum_dim(1)
        }),
        ("the gradient of draws", |law, value, _| {
            (law.rsample([3, 4], &mut StdRng::seed_from_u64(3)) * value).sum().reshape([1, 1])
        }),
        ("the gradient of the three forms", |law, value, _| {
            let all = law.scale_tril::<3>() * 0.5 + law.covariance::<3>() * 0.25;
            let all = (all + law.precision::<3>()).reshape([4, 4]);
            (all * value.expand([4, 4])).sum().reshape([1, 1])
        }),
    ];
    for setting in in_double() {
        let inputs = [
            tensor(&VALUE, [1, 4], &setting),
            tensor(&LOC, [1, 4], &setting),
            tensor(&MATRIX, [1, 16], &setting),
        ];
        let steps = [vec![1.0; 4], vec![1.0; 4], vec![1.0; 16]];
        let plain = setting.0.clone().autodiff();
        for device in [plain.clone(), plain.gradient_checkpointing()] {
            for form in FORMS {
                let check = Check::new(format!("{form} on {device:?}"));
                for (name, function) in functions {
                    assert_law(agree_with_differences(
                        name,
                        &inputs,
                        &steps,
                        &device,
                        &check,
                        &|x: &[Tensor<2>]| {
                            let like = (x[0].device(), DType::F64);
                            let scale = tensor(&[1.0, 0.5, 2.0, 1.5], [1, 4], &like);
                            let other = Full::diagonal(x[0].clone() * 0.0, scale);
                            let other = Full::from_covariance::<3>(
                                other.base().loc(),
                                other
                                    .base()
                                    .scale()
                                    .square()
                                    .reshape([1, 4, 1])
                                    .expand([1, 4, 4])
                                    .tril(0)
                                    .triu(0)
                                    + 0.125,
                            );
                            function(
                                &instance(form, x[1].clone(), x[2].clone()),
                                x[0].clone(),
                                &other,
                            )
                        },
                    ));
                }
            }
        }
    }
}
