//! The Gamma family and those made of it: fifty-digit values, edges, draws and their gradients, on
//! every device.

mod common;

use burn::tensor::{DType, Device, Float, Tensor};
use common::{Promises, devices, devices_in, every_device, first_device, precisions};
use pushforward::kernel::{Formula, Op, Real};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

/// Largest errors allowed, in units of ε (|f| + S), where S is the table's sensitivity: what
/// rounding every input by ε would do to the value. In `f32`, then in `f64`.
const BOUNDS: [(&str, f64, f64); 17] = [
    ("log_prob", 2.0, 4.0),
    ("cdf", 0.5, 1.0),
    ("log_cdf", 0.5, 1.0),
    ("survival", 0.5, 1.0),
    ("log_survival", 0.5, 1.0),
    ("grad_value", 0.6, 1.0),
    ("grad_concentration", 2.0, 3.0),
    ("grad_rate", 0.5, 1.0),
    ("grad_df", 2.0, 3.0),
    ("quantile", 0.5, 1.0),
    ("mean", 0.5, 0.5),
    ("variance", 0.5, 0.5),
    ("std_dev", 0.5, 0.5),
    ("mode", 0.5, 0.5),
    ("entropy", 1.0, 1.5),
    ("implicit_gradient", 1.0, 2.0),
    ("implicit_gradient_from_log", 0.5, 1.0),
];

struct ImplicitGradient;

impl Formula<2> for ImplicitGradient {
    const NAME: &'static str = "implicit_gradient";
    const INPUTS: [&'static str; 2] = ["concentration", "log_value"];

    fn evaluate<R: Real>([concentration, log_value]: [R; 2]) -> R {
        concentration.gamma_implicit_gradient(log_value)
    }
}

static IMPLICIT_GRADIENT: Op<2> = Op::new::<ImplicitGradient>();

fn values<const D: usize>(tensor: &Tensor<D>) -> Vec<f64> {
    tensor.to_data().iter::<f64>().collect()
}

fn tensor(values: &[f64], device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data(burn::tensor::TensorData::from(values), (device, dtype))
}

/// One function of a table on one device, of the law that `new` makes of its parameters.
fn evaluate<L>(
    function: &str,
    column: &dyn Fn(&str) -> Tensor<1>,
    names: &[&str],
    new: impl Fn(&[Tensor<1>]) -> L,
) -> Tensor<1>
where
    L: Distribution<1, Kind = Float> + Univariate<1> + Moments<1> + Entropy<1>,
{
    let law = || new(&names.iter().map(|name| column(name)).collect::<Vec<_>>());
    match function {
        "log_prob" => law().log_prob(column("value")),
        "cdf" => law().cdf(column("value")),
        "log_cdf" => law().log_cdf(column("value")),
        "survival" => law().survival(column("value")),
        "log_survival" => law().log_survival(column("value")),
        "quantile" => law().quantile(column("p")),
        "mean" => law().mean(),
        "variance" => law().variance(),
        "std_dev" => law().std_dev(),
        "mode" => law().mode(),
        "entropy" => law().entropy(),
        "implicit_gradient" => {
            IMPLICIT_GRADIENT.apply([column("concentration"), column("value").log()])
        }
        "implicit_gradient_from_log" => {
            IMPLICIT_GRADIENT.apply([column("concentration"), column("log_value")])
        }
        other => {
            let input = other.strip_prefix("grad_").expect("a function this test knows");
            let x = column("value").require_grad();
            let parameters: Vec<_> = names.iter().map(|name| column(name).require_grad()).collect();
            let gradients = new(&parameters).log_prob(x.clone()).sum().backward();
            let leaf = match names.iter().position(|name| *name == input) {
                Some(at) => parameters[at].clone(),
                None => x,
            };
            leaf.grad(&gradients).expect("tracked")
        }
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    }
}

fn column(values: &Value) -> Vec<f64> {
    values.as_array().expect("a column").iter().map(number).collect()
}

#[test]
fn fifty_digits() {
    let two: &[&str] = &["concentration", "rate"];
    agrees_with(include_str!("reference/gamma.json"), two, |p| {
        Gamma::new(p[0].clone(), p[1].clone())
    });
    agrees_with(include_str!("reference/inverse_gamma.json"), two, |p| {
        InverseGamma::new(p[0].clone(), p[1].clone())
    });
    agrees_with(include_str!("reference/chi2.json"), &["df"], |p| Chi2::new(p[0].clone()));
}

fn agrees_with<L>(table: &str, names: &[&str], new: impl Fn(&[Tensor<1>]) -> L)
where
    L: Distribution<1, Kind = Float> + Univariate<1> + Moments<1> + Entropy<1>,
{
    let table: Value = serde_json::from_str(table).unwrap();
    let family = table["name"].as_str().unwrap();
    let cases = table["cases"].as_array().unwrap();
    // The two implicit gradients are of the Gamma alone, the others of every family.
    let (own, shared) = (if family == "gamma" { 2 } else { 0 }, 11 + names.len());
    assert_eq!(cases.len(), shared + own + 1);
    let mut failures = Vec::new();
    for case in cases {
        let function = case["function"].as_str().unwrap();
        let bound = BOUNDS.iter().find(|(name, ..)| *name == function).expect("a bound");
        let (expected, sensitivity) = (column(&case["expected"]), column(&case["sensitivity"]));
        for device in devices() {
            for dtype in precisions(&device) {
                let double = dtype == DType::F64;
                let (epsilon, least, largest, bound) = if double {
                    (f64::EPSILON, f64::MIN_POSITIVE, f64::MAX, bound.2)
                } else {
                    let limits = [f32::EPSILON, f32::MIN_POSITIVE, f32::MAX].map(f64::from);
                    // On the CPU `f32` is computed in `f64`. A device computes K · ∫ in `f32`: the
                    // exponent of K is a sum of three terms of order one (half a unit each, and as
                    // much for the exponential of it), the integral a length (a quotient of sums and
                    // roots, two units) times a sum of 18 positive terms (a unit): four units of
                    // ε/2 and more, in the worst case. Its logarithms may be off by three units, of
                    // which a log-density has two.
                    let on_device = if function == "log_prob" { 2.5 } else { 2.0 };
                    let bound = if device.is_host() { bound.1 } else { bound.1.max(on_device) };
                    (limits[0], limits[1], limits[2], bound)
                };
                let autodiff = device.clone().autodiff();
                let device = if function.starts_with("grad_") { &autodiff } else { &device };
                let inputs = |name: &str| column(&case["inputs"][name]);
                let ours = |name: &str| tensor(&inputs(name), device, dtype);
                let ours = evaluate(function, &ours, names, &new);
                let ours = values(&ours);
                assert_eq!(ours.len(), expected.len());
                let mut worst = (0.0, 0);
                for (index, (ours, exact)) in ours.iter().zip(&expected).enumerate() {
                    let mut spread = sensitivity[index];
                    if function == "implicit_gradient" {
                        // The logarithm of the value is rounded once more.
                        spread *= 1.0 + inputs("value")[index].ln().abs();
                    }
                    let exact =
                        if exact.abs() > largest { exact.signum() * f64::INFINITY } else { *exact };
                    let error = if *ours == exact || ours.is_nan() && exact.is_nan() {
                        0.0
                    } else {
                        ((ours - exact).abs() - least).max(0.0) / (epsilon * (exact.abs() + spread))
                    };
                    if error.is_nan() || error > worst.0 {
                        worst = (if error.is_nan() { f64::INFINITY } else { error }, index);
                    }
                }
                if std::env::var_os("SHOW").is_some() {
                    println!("{family:14} {function:26} {dtype:?} {:.3}", worst.0);
                }
                if worst.0 > bound {
                    let index = worst.1;
                    let names = case["inputs"].as_object().unwrap().keys();
                    let at: Vec<_> = names.map(|name| (name, inputs(name)[index])).collect();
                    failures.push(format!(
                        "{family} {function} {dtype:?} {device:?}: {} and not {} at {at:?}: {:.2} of {bound}",
                        ours[index], expected[index], worst.0
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// An upper quantile is the value beyond which there is its probability, however small.
#[test]
fn upper_quantiles_invert_the_survival_function() {
    let levels = [1e-30, 1e-10, 1e-3, 0.3, 0.5, 0.7, 0.999];
    for device in devices() {
        for dtype in precisions(&device) {
            let of = |value| tensor(&[value], &device, dtype);
            let laws: [Box<dyn Univariate<1, Kind = Float>>; 5] = [
                Box::new(Gamma::new(of(0.3), 2.0)),
                Box::new(Gamma::new(of(40.0), 0.1)),
                Box::new(Chi2::new(of(3.0))),
                Box::new(InverseGamma::new(of(9.0), 5.0)),
                Box::new(InverseGamma::new(of(1.5), 0.3)),
            ];
            let tolerance = if dtype == DType::F64 { 1e-10 } else { 1e-4 };
            for law in laws {
                let found =
                    values(&law.survival(law.upper_quantile(tensor(&levels, &device, dtype))));
                for (found, level) in found.into_iter().zip(levels) {
                    assert!((found / level - 1.0).abs() < tolerance, "{law:?} {level}: {found}");
                }
            }
        }
    }
}

/// The one-sided limits at 0, −∞ outside, NaN for NaN; gradients finite, and none outside.
#[test]
fn edges_of_the_support() {
    for device in devices() {
        for dtype in precisions(&device) {
            let autodiff = device.clone().autodiff();
            let leaf = |values: &[f64]| tensor(values, &autodiff, dtype).require_grad();
            let (infinity, nan) = (f64::INFINITY, f64::NAN);
            let x = leaf(&[0.0, 0.0, 0.0, -1.0, infinity, nan, 1.0]);
            let concentration = leaf(&[1.0, 2.0, 0.5, 2.0, 2.0, 2.0, 2.0]);
            let rate = leaf(&[4.0; 7]);
            let gamma = Gamma::new(concentration.clone(), rate.clone());
            let log_prob = gamma.log_prob(x.clone());
            let found = values(&log_prob);
            assert!((found[0] - 4.0_f64.ln()).abs() < 1e-6);
            assert_eq!(found[1..5], [-infinity, infinity, -infinity, -infinity]);
            assert!(found[5].is_nan());
            let gradients = log_prob.sum().backward();
            for (leaf, at_origin) in [(x, -4.0), (concentration, 0.0), (rate, 0.25)] {
                let gradient = values(&leaf.grad(&gradients).unwrap());
                assert_eq!(gradient[0], at_origin);
                assert_eq!(gradient[1..5], [0.0; 4]);
                assert!(gradient[5].is_nan());
                assert!(gradient[6].is_finite() && gradient[6] != 0.0);
            }
            let x = tensor(&[-1.0, 0.0, infinity, nan], &device, dtype);
            let gamma = Gamma::new(tensor(&[2.0], &device, dtype), 3.0);
            let found = [gamma.cdf(x.clone()), gamma.survival(x.clone())];
            let logs = [gamma.log_cdf(x.clone()), gamma.log_survival(x)];
            let [cdf, survival] = found.map(|tensor| values(&tensor));
            let [log_cdf, log_survival] = logs.map(|tensor| values(&tensor));
            assert_eq!((&cdf[..3], &survival[..3]), (&[0.0, 0.0, 1.0][..], &[1.0, 1.0, 0.0][..]));
            assert_eq!(log_cdf[..3], [-infinity, -infinity, 0.0]);
            assert_eq!(log_survival[..3], [0.0, 0.0, -infinity]);
            for tail in [cdf, survival, log_cdf, log_survival] {
                assert!(tail[3].is_nan());
            }
            let p = tensor(&[0.0, 1.0, -0.1, 1.1, nan], &device, dtype);
            let found = values(&gamma.quantile(p));
            assert_eq!(found[..2], [0.0, infinity]);
            assert!(found[2..].iter().all(|quantile| quantile.is_nan()));
            let invalid = Gamma::new(tensor(&[nan, 0.0, -1.0, 2.0], &device, dtype), 1.0);
            let bad_rate = Gamma::new(tensor(&[2.0], &device, dtype), -1.0);
            let one = tensor(&[1.0], &device, dtype);
            let found = values(&invalid.log_prob(one.clone()));
            assert!(found[..3].iter().all(|value| value.is_nan()) && found[3].is_finite());
            assert!(values(&bad_rate.log_prob(one.clone()))[0].is_nan());
            assert!(values(&bad_rate.cdf(one))[0].is_nan());
            assert!(values(&invalid.mode())[0].is_nan());
        }
    }
}

/// rate · x underflows in `f32`, the functions do not.
#[test]
fn products_that_underflow() {
    for device in devices() {
        for dtype in precisions(&device) {
            let (concentration, rate, x) = (1e-3, 1e-25, 1e-20);
            let gamma = Gamma::new(tensor(&[concentration], &device, dtype), rate);
            let x_tensor = || tensor(&[x], &device, dtype);
            // P = yᵃ/Γ(1 + a) to 10⁻⁴⁵, and ln Γ(1 + a) from its series.
            let log_gamma = -0.577_215_664_901_532_9 * 1e-3 + 0.822_467_033_424_113_2 * 1e-6
                - 0.400_685_634_386_531_4 * 1e-9;
            let log_cdf = concentration * (x.ln() + rate.ln()) - log_gamma;
            let close = |ours: Tensor<1>, exact: f64| {
                let ours = values(&ours)[0];
                assert!((ours - exact).abs() < 2e-6 * exact.abs(), "{ours} {exact}");
            };
            close(gamma.cdf(x_tensor()), log_cdf.exp());
            close(gamma.log_cdf(x_tensor()), log_cdf);
            close(gamma.survival(x_tensor()), -log_cdf.exp_m1());
            close(gamma.log_survival(x_tensor()), (-log_cdf.exp_m1()).ln());
            let density = concentration.ln() + log_cdf - x.ln();
            close(gamma.log_prob(x_tensor()), density);
        }
    }
}

/// KS against the distribution function: at √n D = 2.7 a true law is refused once in 10⁶.
#[test]
fn draws_follow_the_distribution() {
    let count = 40_000;
    for concentration in [1e-3, 0.03, 0.7, 1.0, 3.5, 60.0, 1e3, 1e6] {
        for device in devices() {
            let dtype = DType::F32;
            let gamma = Gamma::new(tensor(&[concentration], &device, dtype), 0.5);
            let mut rng = StdRng::seed_from_u64(concentration.to_bits());
            let x = gamma.sample([count], &mut rng);
            assert!(values(&x).iter().all(|x| *x > 0.0 && x.is_finite()));
            assert!(values(&gamma.log_prob(x.clone())).iter().all(|density| density.is_finite()));
            let mut levels = values(&gamma.cdf(x));
            levels.sort_by(f64::total_cmp);
            // Draws that underflow share one value, and with it one level.
            let least = levels[0];
            let tied = levels.iter().filter(|level| **level == least).count();
            let distance = (levels.iter().enumerate().skip(tied.saturating_sub(1)))
                .map(|(index, level)| {
                    let above = (index + 1) as f64 / count as f64 - level;
                    let below = level - index as f64 / count as f64;
                    above.abs().max(if index < tied { 0.0 } else { below.abs() })
                })
                .fold(0.0, f64::max);
            assert!(distance * (count as f64).sqrt() < 2.7, "{concentration}: {distance}");
        }
    }
}

/// The same key gives the same draws everywhere, and `log_rsample` their logarithms.
#[test]
fn draws_agree_between_devices() {
    for dtype in [DType::F32, DType::F64] {
        let mut first: Option<Vec<f64>> = None;
        for device in every_device().into_iter().filter(|device| device.promises(dtype)) {
            for device in [device.clone(), device.autodiff()] {
                let concentration =
                    Tensor::<2>::from_data([[1e-3], [0.4], [1.0], [30.0]], (&device, dtype));
                let rate =
                    Tensor::from_data([[1.0, 0.5, 40.0]], (&device, dtype)).repeat(&[1, 100]);
                let gamma = Gamma::new(concentration.swap_dims(0, 1).swap_dims(0, 1), rate);
                let draw = |seed| gamma.rsample([4, 300], &mut StdRng::seed_from_u64(seed));
                let logs = gamma.log_rsample([4, 300], &mut StdRng::seed_from_u64(1));
                assert!(values(&logs).iter().all(|log| log.is_finite()));
                assert!(!values(&logs.clone().exp()).iter().all(|x| *x > 0.0));
                let drawn = values(&draw(1));
                for (x, log) in drawn.iter().zip(values(&logs)) {
                    let least = if dtype == DType::F32 {
                        f32::MIN_POSITIVE.into()
                    } else {
                        f64::MIN_POSITIVE
                    };
                    assert!((x / log.exp().max(least) - 1.0).abs() < 1e-5 * log.abs().max(1.0));
                }
                assert_ne!(drawn, values(&draw(2)));
                let first = first.get_or_insert_with(|| drawn.clone());
                let close = |(a, b): (&f64, &f64)| (a / b - 1.0).abs() < 1e-4;
                assert!(first.iter().zip(&drawn).all(close));
            }
        }
    }
}

/// ∂/∂a E[x + x²] = 1/b + (2a + 1)/b², ∂/∂b = −a/b² − 2a(a + 1)/b³.
#[test]
fn pathwise_gradients_match_the_closed_form() {
    let count = 200_000;
    for device in devices() {
        for (a, b) in [(0.05, 1.0), (0.6, 2.0), (1.0, 0.5), (7.0, 3.0), (400.0, 20.0)] {
            for autodiff in
                [device.clone().autodiff(), device.clone().autodiff().gradient_checkpointing()]
            {
                let leaf =
                    |value: f64| tensor(&vec![value; count], &autodiff, DType::F32).require_grad();
                let (concentration, rate) = (leaf(a), leaf(b));
                let gamma = Gamma::new(concentration.clone(), rate.clone());
                let x = gamma.rsample([count], &mut StdRng::seed_from_u64(11));
                let gradients = (x.clone() + x.square()).sum().backward();
                let exact = [
                    1.0 / b + (2.0 * a + 1.0) / (b * b),
                    -a / (b * b) - 2.0 * a * (a + 1.0) / (b * b * b),
                ];
                for (leaf, exact) in [concentration, rate].iter().zip(exact) {
                    let each = values(&leaf.grad(&gradients).unwrap());
                    assert!(each.iter().all(|gradient| gradient.is_finite()));
                    let mean = each.iter().sum::<f64>() / count as f64;
                    let spread =
                        each.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / count as f64;
                    let error = (spread / count as f64).sqrt();
                    // Five standard errors; the last gradient is nearly free of noise.
                    let allowed = 5.0 * error + 2e-6 * exact.abs();
                    assert!((mean - exact).abs() < allowed, "{a} {b}: {mean} {exact} ± {error}");
                }
            }
        }
    }
}

/// In log space the gradient lives where the draw itself has underflowed: (ψ(a + 1) − ln z)/a.
#[test]
fn log_draws_keep_their_gradient() {
    for device in devices() {
        let autodiff = device.clone().autodiff();
        let a = 1e-3;
        let concentration = tensor(&[a; 500], &autodiff, DType::F32).require_grad();
        let rate = tensor(&[2.0; 500], &autodiff, DType::F32).require_grad();
        let gamma = Gamma::new(concentration.clone(), rate.clone());
        let log_x = gamma.log_rsample([500], &mut StdRng::seed_from_u64(3));
        let gradients = log_x.clone().sum().backward();
        let slopes = values(&concentration.grad(&gradients).unwrap());
        assert_eq!(values(&rate.grad(&gradients).unwrap()), [-0.5; 500]);
        let mut underflown = 0;
        for (log_x, slope) in values(&log_x).into_iter().zip(slopes) {
            let log_z = log_x + 2.0_f64.ln();
            if log_z > -30.0 {
                continue;
            }
            underflown += usize::from(log_z < -104.0);
            // ψ(1.001) = −γ + ζ(2) 10⁻³ − …
            let exact = (-0.577_215_664_9 + 1.644_934e-3 - 1.202e-6 - log_z) / a;
            assert!((slope / exact - 1.0).abs() < 2e-6, "{slope} {exact}");
        }
        assert!(underflown > 400);
        // Drawn in linear space these are the smallest normal number, and poison nothing.
        let gamma = Gamma::new(concentration.clone(), rate.clone());
        let (x, log_prob) = gamma.rsample_and_log_prob([500], &mut StdRng::seed_from_u64(3));
        assert!(values(&log_prob).iter().all(|density| density.is_finite()));
        let gradients = (x.sum() + log_prob.sum()).backward();
        for leaf in [concentration, rate] {
            let gradient = values(&leaf.grad(&gradients).unwrap());
            assert!(gradient.iter().all(|gradient| gradient.is_finite()));
        }
    }
}

/// d quantile/da by the implicit function, against differences in `f64`.
#[test]
fn quantile_gradients() {
    for device in devices_in(DType::F64) {
        let autodiff = device.clone().autodiff();
        let parameters = [[0.2, 0.3, 2.0], [0.9, 1.0, 0.5], [0.999, 30.0, 1.0], [1e-4, 4.0, 3.0]];
        for point in parameters {
            let leaves = point.map(|value| tensor(&[value], &autodiff, DType::F64).require_grad());
            let [p, concentration, rate] = leaves.clone();
            let gradients = Gamma::new(concentration, rate).quantile(p).sum().backward();
            for (index, leaf) in leaves.iter().enumerate() {
                let ours = values(&leaf.grad(&gradients).unwrap())[0];
                let shifted = |sign: f64| {
                    let mut moved = point;
                    moved[index] += sign * 1e-4 * point[index].min(1.0 - p_room(point, index));
                    let [p, a, b] = moved.map(|value| tensor(&[value], &device, DType::F64));
                    (values(&Gamma::new(a, b).quantile(p))[0], moved[index])
                };
                let ((above, right), (below, left)) = (shifted(1.0), shifted(-1.0));
                let difference = (above - below) / (right - left);
                assert!(
                    (ours / difference - 1.0).abs() < 1e-5,
                    "{point:?} {index}: {ours} {difference}"
                );
            }
        }
    }
}

/// A probability must not be moved past 1.
fn p_room(point: [f64; 3], index: usize) -> f64 {
    if index == 0 { point[0] } else { 0.0 }
}

#[test]
fn names_and_checks() {
    let device = first_device();
    let concentration = Tensor::<2>::from_floats([[1.0, -2.0]], &device);
    let gamma = Gamma::new(concentration.clone(), 3.0);
    assert_eq!(gamma.to_string(), "Gamma(concentration: [1, 2], rate: [1, 1])");
    let error = Gamma::try_new(concentration, 3.0).unwrap_err();
    assert_eq!((error.parameter, error.index, error.value), ("concentration", vec![0, 1], -2.0));
}
