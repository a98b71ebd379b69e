//! Beta, Dirichlet, Student's t and von Mises: edges, draws and their gradients, on every device.

mod common;

use burn::tensor::{DType, Device, Tensor, TensorData};
use common::{devices, first_device, precisions};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

fn values<const D: usize>(tensor: &Tensor<D>) -> Vec<f64> {
    tensor.to_data().iter::<f64>().collect()
}

fn tensor(values: &[f64], device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (device, dtype))
}

fn seeded(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// √n times the Kolmogorov distance of levels from the uniform distribution: above 2.7 for one
/// correct sampler in 10⁶.
fn distance(mut levels: Vec<f64>) -> f64 {
    levels.sort_by(f64::total_cmp);
    let count = levels.len() as f64;
    let gap = |(index, level): (usize, &f64)| {
        ((index + 1) as f64 / count - level).abs().max((level - index as f64 / count).abs())
    };
    levels.iter().enumerate().map(gap).fold(0.0, f64::max) * count.sqrt()
}

/// The mean of the gradients of `count` draws is `exact` within five standard errors.
fn agrees(leaf: &Tensor<1>, gradients: &burn::tensor::Gradients, exact: f64, what: &str) {
    let each = values(&leaf.grad(gradients).expect("tracked"));
    assert!(each.iter().all(|gradient| gradient.is_finite()), "{what}");
    let count = each.len() as f64;
    let mean = each.iter().sum::<f64>() / count;
    let spread = each.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / count;
    let allowed = 5.0 * (spread / count).sqrt() + 1e-5 * exact.abs();
    assert!((mean - exact).abs() < allowed, "{what}: {mean} instead of {exact} ± {allowed}");
}

/// The one-sided limits at both ends, with finite gradients, and nothing outside.
#[test]
fn the_ends_of_a_beta() {
    for device in devices() {
        for dtype in precisions(&device) {
            let autodiff = device.clone().autodiff();
            let leaf = |values: &[f64]| tensor(values, &autodiff, dtype).require_grad();
            let infinity = f64::INFINITY;
            let x = leaf(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, -0.1, 1.1, f64::NAN, 0.5]);
            let one = leaf(&[1.0, 1.0, 2.0, 0.5, 8.0, 0.5, 2.0, 2.0, 2.0, 2.0]);
            let zero = leaf(&[8.0, 1.0, 8.0, 0.5, 1.0, 3.0, 2.0, 2.0, 2.0, 2.0]);
            let log_prob = Beta::new(one.clone(), zero.clone()).log_prob(x.clone());
            let found = values(&log_prob);
            assert!((found[0] - 8.0_f64.ln()).abs() < 1e-6 && found[1] == 0.0);
            assert_eq!(found[2..4], [-infinity, infinity]);
            assert!((found[4] - 8.0_f64.ln()).abs() < 1e-6);
            assert_eq!(found[5..8], [-infinity; 3]);
            assert!(found[8].is_nan());
            let gradients = log_prob.sum().backward();
            let of = |leaf: &Tensor<1>| values(&leaf.grad(&gradients).expect("tracked"));
            assert_eq!((of(&x)[0], of(&x)[4]), (-7.0, 7.0));
            assert_eq!((of(&zero)[0], of(&one)[4]), (0.125, 0.125));
            for leaf in [x, one, zero] {
                let gradient = of(&leaf);
                assert!(gradient[..8].iter().all(|gradient| gradient.is_finite()));
                assert_eq!(gradient[6..8], [0.0; 2]);
                assert!(gradient[8].is_nan() && gradient[9].is_finite());
            }
        }
    }
}

/// Nearly all draws of tiny concentrations round to 0 or 1; their logits do not.
#[test]
fn logits_of_a_beta_with_two_horns() {
    for device in devices() {
        for dtype in precisions(&device) {
            let autodiff = device.clone().autodiff();
            let leaf = || tensor(&vec![1e-3; 4000], &autodiff, dtype).require_grad();
            let (one, zero) = (leaf(), leaf());
            let beta = Beta::new(one.clone(), zero.clone());
            let x = beta.rsample([4000], &mut seeded(1));
            let logit = beta.logit_rsample([4000], &mut seeded(1));
            let (inner, logits) = (values(&x), values(&logit));
            assert!(inner.iter().all(|x| *x > 0.0 && *x < 1.0));
            assert!(values(&beta.log_prob(x.clone())).iter().all(|density| density.is_finite()));
            assert!(logits.iter().all(|logit| logit.is_finite()));
            let low = logits.iter().filter(|logit| **logit < 0.0).count();
            assert!((low as f64 - 2000.0).abs() < 5.0 * 1000f64.sqrt(), "{low}");
            assert!(logits.iter().filter(|logit| logit.abs() > 200.0).count() > 2000);
            // A logit at a fixed probability p goes like ln(2p)/a on the left: a slope −z/a.
            let gradients = (logit.sum() + x.sum()).backward();
            for (leaf, sign) in [(one, -1.0), (zero, 1.0)] {
                let slopes = values(&leaf.grad(&gradients).expect("tracked"));
                assert!(slopes.iter().all(|slope| slope.is_finite() && *slope > 0.0 || sign > 0.0));
                assert!(slopes.iter().all(|slope| slope.is_finite() && *slope < 0.0 || sign < 0.0));
            }
        }
    }
}

/// E x = a/(a + b) and E x² = a (a + 1)/(n (n + 1)).
#[test]
fn gradients_of_beta_draws() {
    const COUNT: usize = 100_000;
    for device in devices() {
        for (a, b) in [(0.05, 0.3), (1.0, 1.0), (7.0, 2.0), (300.0, 500.0)] {
            let autodiff = device.clone().autodiff();
            let leaf = |value| tensor(&vec![value; COUNT], &autodiff, DType::F32).require_grad();
            let (one, zero) = (leaf(a), leaf(b));
            let x = Beta::new(one.clone(), zero.clone()).rsample([COUNT], &mut seeded(2));
            let gradients = (x.clone() + x.square()).sum().backward();
            let n: f64 = a + b;
            let second = a * (a + 1.0) / (n * (n + 1.0));
            let shrink = -second * (1.0 / n + 1.0 / (n + 1.0));
            let exact =
                [b / (n * n) + shrink + (2.0 * a + 1.0) / (n * (n + 1.0)), -a / (n * n) + shrink];
            agrees(&one, &gradients, exact[0], &format!("Beta({a}, {b}) to the first"));
            agrees(&zero, &gradients, exact[1], &format!("Beta({a}, {b}) to the second"));
        }
    }
}

#[test]
fn beta_draws_follow_the_distribution() {
    for (a, b) in [(0.05, 2.0), (0.7, 0.7), (3.0, 1.0), (40.0, 2e3), (1e4, 1e4)] {
        for device in devices() {
            let beta = Beta::new(tensor(&[a], &device, DType::F32), b);
            let x = beta.sample([20_000], &mut seeded(3));
            let off = distance(values(&beta.cdf(x)));
            assert!(off < 2.7, "Beta({a}, {b}) on {device:?}: {off}");
        }
    }
}

/// A Dirichlet of two entries is a Beta; outside the simplex there is no density.
#[test]
fn a_dirichlet_is_a_beta_and_more() {
    for device in devices() {
        for dtype in precisions(&device) {
            let autodiff = device.clone().autodiff();
            let rows = [[0.25, 0.75], [0.5, 0.5], [0.125, 0.875], [0.5, 0.75], [-0.5, 1.5]];
            let x = Tensor::<2>::from_data(rows, (&autodiff, dtype)).require_grad();
            let concentration =
                Tensor::<2>::from_data([[2.5, 300.0]], (&autodiff, dtype)).require_grad();
            let dirichlet = Dirichlet::new(concentration.clone());
            let log_prob = dirichlet.log_prob(x.clone());
            assert_eq!(log_prob.dims(), [5, 1]);
            let first = x.clone().narrow(1, 0, 1);
            let beta = Beta::new(concentration.clone().narrow(1, 0, 1), 300.0);
            let expected = values(&beta.log_prob(first));
            let found = values(&log_prob);
            for (found, expected) in found.iter().zip(&expected).take(3) {
                let epsilon =
                    if dtype == DType::F64 { f64::EPSILON } else { f64::from(f32::EPSILON) };
                assert!((found - expected).abs() < 16.0 * epsilon * expected.abs());
            }
            assert_eq!(found[3..], [f64::NEG_INFINITY; 2]);
            let gradients = log_prob.narrow(0, 3, 2).sum().backward();
            let leaf = values(&x.grad(&gradients).expect("tracked"));
            assert!(leaf.iter().all(|gradient| *gradient == 0.0), "{leaf:?}");
            let broken = Tensor::<2>::from_data([[f64::NAN, 1.0]], (&device, dtype));
            let outside = Tensor::<2>::from_data([[0.5, 0.75]], (&device, dtype));
            assert!(values(&Dirichlet::new(broken.clone()).log_prob(outside.clone()))[0].is_nan());
            assert!(values(&Dirichlet::new(outside).log_prob(broken))[0].is_nan());
        }
    }
}

/// Logarithms of entries that underflow, and the gradients of all entries.
#[test]
fn draws_of_a_dirichlet() {
    const COUNT: usize = 60_000;
    for device in devices() {
        let autodiff = device.clone().autodiff();
        let small = Tensor::<2>::from_data([[1e-3, 2e-3, 1e-3]], (&device, DType::F32));
        let dirichlet = Dirichlet::new(small);
        let logs = dirichlet.log_rsample([500, 3], &mut seeded(4));
        let total: Vec<f64> = values(&logs.clone().exp().sum_dim(1));
        assert!(values(&logs).iter().all(|log| log.is_finite() && *log <= 0.0));
        assert!(total.iter().all(|total| (total - 1.0).abs() < 1e-6));
        assert!(values(&logs).iter().filter(|log| **log < -100.0).count() > 500);
        let x = dirichlet.sample([500, 3], &mut seeded(4));
        assert!(values(&x).iter().all(|x| *x > 0.0 && *x <= 1.0));

        let alphas: [f64; 3] = [0.4, 3.0, 1.5];
        let row = Tensor::<2>::from_data([alphas], (&autodiff, DType::F32));
        let concentration = row.repeat(&[COUNT, 1]).require_grad();
        let x = Dirichlet::new(concentration.clone()).rsample([COUNT, 3], &mut seeded(5));
        let gradients = x.narrow(1, 0, 1).square().sum().backward();
        let gradient = concentration.grad(&gradients).expect("tracked");
        let (n, a): (f64, f64) = (alphas.iter().sum(), alphas[0]);
        let second = a * (a + 1.0) / (n * (n + 1.0));
        let shrink = -second * (1.0 / n + 1.0 / (n + 1.0));
        for entry in 0..3 {
            let own = if entry == 0 { (2.0 * a + 1.0) / (n * (n + 1.0)) } else { 0.0 };
            let each = values(&gradient.clone().narrow(1, entry, 1));
            let mean = each.iter().sum::<f64>() / COUNT as f64;
            let spread = each.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / COUNT as f64;
            let allowed = 5.0 * (spread / COUNT as f64).sqrt();
            assert!((mean - shrink - own).abs() < allowed, "{entry}: {mean} {}", shrink + own);
        }
    }
}

/// For E x² = scale² ν/(ν − 2).
#[test]
fn gradients_of_student_draws() {
    const COUNT: usize = 100_000;
    for device in devices() {
        let autodiff = device.clone().autodiff();
        let leaf = |value| tensor(&vec![value; COUNT], &autodiff, DType::F32).require_grad();
        let (df, loc, scale) = (leaf(14.0), leaf(0.5), leaf(2.0));
        let law = StudentT::new(df.clone(), loc.clone(), scale.clone());
        let x = law.rsample([COUNT], &mut seeded(6));
        let gradients = x.square().sum().backward();
        agrees(&df, &gradients, -8.0 / 144.0, "to df");
        agrees(&loc, &gradients, 1.0, "to loc");
        agrees(&scale, &gradients, 4.0 * 14.0 / 12.0, "to scale");
    }
}

/// Also where the gamma underflows, as at one tenth of a degree of freedom.
#[test]
fn student_draws_follow_the_distribution() {
    for df in [0.1, 0.7, 1.0, 4.0, 50.0, 1e6] {
        for device in devices() {
            let law = StudentT::new(tensor(&[df], &device, DType::F32), 0.0, 2.0);
            let x = law.sample([20_000], &mut seeded(7));
            assert!(values(&x).iter().all(|x| x.is_finite()));
            let off = distance(values(&law.cdf(x)));
            assert!(off < 2.7, "{df} on {device:?}: {off}");
        }
    }
}

/// A(κ) = I₁/I₀ and its derivative, by means over the circle.
fn resultant(kappa: f64) -> [f64; 2] {
    let nodes = (0..4096).map(|at| f64::from(at) * core::f64::consts::TAU / 4096.0);
    let [mut total, mut first, mut second] = [0.0; 3];
    for angle in nodes {
        let weight = (kappa * (angle.cos() - 1.0)).exp();
        total += weight;
        first += weight * angle.cos();
        second += weight * angle.cos().powi(2);
    }
    [first / total, second / total - (first / total).powi(2)]
}

/// Functions of angles that do not jump at ±π, whatever the direction and the concentration.
#[test]
fn gradients_of_von_mises_draws() {
    const COUNT: usize = 20_000;
    for device in devices() {
        for (loc, kappa) in [(0.5, 0.3), (3.0, 2.0), (-1.0, 15.0), (7.0, 300.0)] {
            let autodiff = device.clone().autodiff();
            let leaf = |value| tensor(&vec![value; COUNT], &autodiff, DType::F32).require_grad();
            let (at, concentration) = (leaf(loc), leaf(kappa));
            let x =
                VonMises::new(at.clone(), concentration.clone()).rsample([COUNT], &mut seeded(8));
            let gradients = x.cos().sum().backward();
            let [ratio, slope] = resultant(kappa);
            let what = format!("von Mises about {loc} with {kappa}");
            agrees(&at, &gradients, -ratio * loc.sin(), &format!("{what} to loc"));
            agrees(&concentration, &gradients, slope * loc.cos(), &what);
        }
    }
}

#[test]
fn von_mises_draws_follow_the_distribution() {
    for (loc, kappa) in [(0.0, 0.0), (0.5, 1e-3), (3.0, 0.7), (-2.0, 4.0), (1.0, 50.0), (0.1, 1e4)]
    {
        for device in devices() {
            let law = VonMises::new(tensor(&[loc], &device, DType::F32), kappa);
            let x = law.sample([8000], &mut seeded(9));
            let inside = law.support().contains(x.clone());
            assert!(inside.into_data().iter::<bool>().all(|inside| inside));
            let off = distance(values(&law.cdf(x)));
            assert!(off < 2.7, "{loc}, {kappa} on {device:?}: {off}");
        }
    }
}

/// The direction and its spread do not depend on where the circle is cut.
#[test]
fn circular_moments() {
    let device = first_device();
    let law = VonMises::new(tensor(&[0.5, 7.0, -3.5], &device, DType::F32), 2.0);
    let turn = core::f64::consts::TAU;
    let expected = [0.5, 7.0 - turn, turn - 3.5];
    for (mean, expected) in values(&law.circular_mean()).iter().zip(expected) {
        assert!((mean - expected).abs() < 1e-6);
    }
    let [ratio, _] = resultant(2.0);
    for variance in values(&law.circular_variance()) {
        assert!((variance - (1.0 - ratio)).abs() < 1e-6);
    }
    assert_eq!(values(&law.mode()), values(&law.circular_mean()));
}

/// The registry's instances keep away from the antipode, where draws and quantiles move apart; here
/// is what holds there too.
#[test]
fn laws_of_broad_von_mises_distributions() {
    use pushforward::testing::{Check, gradients, summaries, univariate};
    for device in devices() {
        for dtype in precisions(&device) {
            let tensors = |numbers: [[f64; 3]; 2]| {
                numbers.map(|numbers| Tensor::<2>::from_data([numbers], (&device, dtype)))
            };
            let parameters = tensors([[2.5, -0.5, 0.25], [0.5, 3.0, 12.0]]);
            let build = |p: &[Tensor<2>]| Box::new(VonMises::new(p[0].clone(), p[1].clone()));
            let check = Check::new(format!("broad von Mises, {device:?}, {dtype:?}")).draws(30_000);
            let check = if dtype == DType::F64 { check.slack(30.0) } else { check };
            univariate::assert_laws(&*build(&parameters), &check);
            let autodiff = device.clone().autodiff();
            let outcomes = [
                gradients::of_log_prob(&parameters, &autodiff, &check, build),
                summaries::of_tails(&parameters, &autodiff, &check, build),
                summaries::of_quantiles(&parameters, &autodiff, &check, build),
                summaries::of_entropy(&parameters, &autodiff, &check, build),
            ];
            for outcome in outcomes {
                outcome.unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
}
