//! The forms of one distribution agree.

use burn::tensor::Tensor;
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{
    FORMS, Full, LOC, MATRIX, VALUE, epsilon, forms, instance, near, numbers, settings, tensor,
};

/// The same distribution, whichever way it was given: in value, and draw by draw.
#[test]
fn forms_agree() {
    for setting in settings() {
        let allowed = 200.0 * epsilon(setting.1);
        let [tril, precision, covariance] = forms(&setting);
        near("the covariance", &numbers(covariance.covariance::<3>()), &MATRIX, 0.0);
        let value = || tensor::<2>(&VALUE, [1, 4], &setting);
        let draw = |law: &Full| law.sample([5, 4], &mut StdRng::seed_from_u64(9));
        for (name, law) in [("scale_tril", tril), ("precision", precision)] {
            let same = |what: &str, got: Tensor<2>, expected: Tensor<2>| {
                near(
                    &format!("{what} by {name}, {setting:?}"),
                    &numbers(got),
                    &numbers(expected),
                    allowed,
                );
            };
            let flat = |x: Tensor<3>| x.reshape([1, 16]);
            same("ln p", law.log_prob(value()), covariance.log_prob(value()));
            same("entropy", law.entropy(), covariance.entropy());
            same("variance", law.variance(), covariance.variance());
            same("draws", draw(&law), draw(&covariance));
            same("scale_tril", flat(law.scale_tril()), flat(covariance.scale_tril()));
            same("covariance", flat(law.covariance()), flat(covariance.covariance()));
            same("precision", flat(law.precision()), flat(covariance.precision()));
            near("KL", &numbers(law.kl_divergence(&covariance)), &[0.0], allowed);
        }
    }
}

/// The diagonal form is that of a diagonal matrix, and so is each divergence to and from it.
#[test]
fn diagonal_forms_agree() {
    for setting in settings() {
        let allowed = 50.0 * epsilon(setting.1);
        let scales = [1.0, 0.5, 2.0, 1.5];
        let diagonal =
            Full::diagonal(tensor::<2>(&LOC, [1, 4], &setting), tensor(&scales, [1, 4], &setting));
        let mut matrix = [0.0; 16];
        (0..4).for_each(|at| matrix[at * 5] = scales[at]);
        let dense = instance(
            "scale_tril",
            tensor(&LOC, [1, 4], &setting),
            tensor(&matrix, [1, 16], &setting),
        );
        let value = || tensor::<2>(&VALUE, [1, 4], &setting);
        near(
            "ln p",
            &numbers(dense.log_prob(value())),
            &numbers(diagonal.log_prob(value())),
            allowed,
        );
        let other = &forms(&setting)[2];
        let direct = numbers(other.kl_divergence(&dense));
        near("KL to it", &numbers(other.kl_divergence(&diagonal)), &direct, allowed);
        let direct = numbers(dense.kl_divergence(other));
        near("KL from it", &numbers(diagonal.kl_divergence(other)), &direct, allowed);
        let wide = Full::diagonal(tensor::<2>(&VALUE, [1, 4], &setting), 2.0);
        let both = numbers(diagonal.kl_divergence(&wide));
        near("KL of diagonals", &numbers(dense.kl_divergence(&wide)), &both, allowed);
    }
}

#[test]
fn a_low_rank_is_its_covariance() {
    for setting in settings() {
        let allowed = 100.0 * epsilon(setting.1);
        let factor: Tensor<3> =
            tensor(&[1.0, 0.5, -0.5, 1.5, 0.25, 0.0, 2.0, -1.0], [1, 4, 2], &setting);
        let diagonal = tensor(&[0.5, 1.0, 2.0, 0.25], [1, 4], &setting);
        let law = LowRankMultivariateNormal::new(tensor(&LOC, [1, 4], &setting), factor, diagonal);
        let full = law.to_multivariate_normal();
        let value = || tensor::<2>(&VALUE, [1, 4], &setting);
        let same = |what: &str, got: Tensor<2>, expected: Tensor<2>| {
            near(&format!("{what}, {setting:?}"), &numbers(got), &numbers(expected), allowed);
        };
        same("ln p", law.log_prob(value()), full.log_prob(value()));
        same("entropy", law.entropy(), full.entropy());
        same("variance", law.variance(), full.variance());
        same("divergence", law.kl_divergence(&law), full.kl_divergence(&full));
        let (draws, log_prob) = law.rsample_and_log_prob([50, 4], &mut StdRng::seed_from_u64(2));
        same("ln p of draws", log_prob, full.log_prob(draws));
    }
}

/// A distribution's divergence to itself is exactly 0 with gradient 0.
#[test]
fn divergences_to_itself_vanish() {
    for setting in settings() {
        let autodiff = (setting.0.clone().autodiff(), setting.1);
        for form in FORMS {
            let leaf = tensor::<2>(&MATRIX, [1, 16], &autodiff).require_grad();
            let law = instance(form, tensor(&LOC, [1, 4], &autodiff), leaf.clone());
            let divergence = law.kl_divergence(&law);
            assert_eq!(numbers(divergence.clone()), [0.0], "{form} {setting:?}");
            let gradients = divergence.sum().backward();
            let gradient = numbers(leaf.grad(&gradients).expect("tracked"));
            near(&format!("{form} {setting:?}"), &gradient, &[0.0; 16], 16.0 * epsilon(setting.1));
        }
    }
}
