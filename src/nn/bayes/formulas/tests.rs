//! Gradients of the formulas against difference quotients in `f64`, and their extreme values.

use burn::tensor::{DType, Device, Tensor, TensorData};

use super::{
    ACTIVATION, DISAGREEMENT, LOG_STD_DEV, MIXTURE_COST, NORMAL_COST, RATIO_EXCESS, SURPRISE,
    VARIANCE, WEIGHT,
};
use crate::kernel::Op;
use crate::testing::gradients::agree_with_differences;
use crate::testing::{Check, assert_law};

/// A row of numbers in double precision.
fn row(numbers: &[f64]) -> Tensor<1> {
    let device = Device::flex();
    Tensor::from_data(TensorData::from(numbers), (&device, DType::F64))
}

/// Holds a formula to difference quotients, at rows of inputs that are smooth over their `steps`.
fn check<const N: usize>(name: &'static str, op: &Op<N>, inputs: [&[f64]; N], steps: [f64; N]) {
    let steps = core::array::from_fn::<_, N, _>(|input| vec![steps[input]; inputs[input].len()]);
    let inputs = inputs.map(row);
    let device = Device::flex().autodiff();
    assert_law(agree_with_differences(
        name,
        &inputs,
        &steps,
        &device,
        &Check::new(name),
        &|inputs: &[Tensor<1>]| op.apply(core::array::from_fn(|at| inputs[at].clone())),
    ));
}

const MEAN: [f64; 8] = [0.0, 0.3, -1.2, 2.0, -0.01, 0.5, 1e-3, -3.0];
/// On both sides of where the logarithm of the softplus changes its form.
const RHO: [f64; 8] = [-4.0, 0.5, -14.0, -16.0, 3.0, -40.0, -1.0, 20.0];
const NOISE: [f64; 8] = [0.7, -1.1, 0.2, 2.5, -0.6, 1.3, -2.0, 0.1];

#[test]
fn weights_and_their_spread() {
    check("weight", &WEIGHT, [&MEAN, &RHO, &NOISE], [1.0; 3]);
    check("variance", &VARIANCE, [&RHO], [0.5]);
    check("log std dev", &LOG_STD_DEV, [&RHO], [0.5]);
}

#[test]
fn costs() {
    let rho = [-4.0, 0.5, -6.0, -2.0, 3.0, 0.0, -1.0, 2.0];
    check("normal cost", &NORMAL_COST, [&MEAN, &rho, &[0.1; 8], &[0.4; 8]], [0.5, 0.25, 0.5, 0.1]);
    // Weights that the wide component explains, that the narrow one does, and far outside both.
    let held: [&[f64]; 5] = [&NOISE, &[-0.7; 8], &[0.5; 8], &[2.0; 8], &[40.0; 8]];
    assert_law(agree_with_differences(
        "mixture cost",
        &[row(&MEAN), row(&rho)],
        &[vec![0.05; 8], vec![0.05; 8]],
        &Device::flex().autodiff(),
        &Check::new("mixture cost"),
        &|learnt: &[Tensor<1>]| {
            let [mean, rho] = [0, 1].map(|at| learnt[at].clone());
            let like = |numbers| {
                if mean.is_autodiff() { Tensor::from_inner(row(numbers)) } else { row(numbers) }
            };
            let [noise, o1, h1, o2, h2] = held.map(like);
            MIXTURE_COST.apply([mean, rho, noise, o1, h1, o2, h2])
        },
    ));
}

#[test]
fn activations_and_predictions() {
    let variance = [0.5, 1e-4, 3.0, 20.0, 0.1, 1.0, 2.0, 7.0];
    let steps = [1.0, 5e-5, 1.0];
    check("activation", &ACTIVATION, [&MEAN, &variance, &NOISE], steps);
    let (x, largest) = ([-0.5, -2.0, -0.1, -30.0], [-0.4, -0.3, -0.05, -1.0]);
    check("ratio", &RATIO_EXCESS, [&x, &largest], [0.04, 0.04]);
    check("surprise", &SURPRISE, [&x], [0.05]);
    let inputs: [&[f64]; 3] = [&x, &largest, &[-0.06, -0.7, -0.01, -0.5]];
    check("disagreement", &DISAGREEMENT, inputs, [0.02, 0.02, 0.004]);
}

#[test]
fn an_activation_without_variance_has_no_infinite_gradient() {
    let device = Device::flex().autodiff();
    let mean = Tensor::<1>::from_floats([0.25], &device).require_grad();
    let variance = Tensor::<1>::from_floats([0.0], &device).require_grad();
    let noise = Tensor::<1>::from_floats([1.5], &device);
    let drawn = ACTIVATION.apply([mean.clone(), variance.clone(), noise]);
    let gradients = drawn.clone().sum().backward();
    assert_eq!(drawn.into_scalar::<f32>(), 0.25);
    assert_eq!(variance.grad(&gradients).unwrap().into_scalar::<f32>(), 0.0);
    assert_eq!(mean.grad(&gradients).unwrap().into_scalar::<f32>(), 1.0);
}

/// ln softplus(ρ) where softplus(ρ) itself underflows, and its slope, 1.
#[test]
fn the_logarithm_of_a_tiny_standard_deviation() {
    let device = Device::flex().autodiff();
    let rho = Tensor::<1>::from_floats([-200.0, -1e4, -15.5, -14.5], &device).require_grad();
    let log = LOG_STD_DEV.apply([rho.clone()]);
    let gradients = log.clone().sum().backward();
    let log: Vec<f64> = log.into_data().iter().collect();
    let slope: Vec<f64> = rho.grad(&gradients).unwrap().into_data().iter().collect();
    for (log, rho) in log.iter().zip([-200.0_f64, -1e4, -15.5, -14.5]) {
        let expected = rho - rho.exp() / 2.0;
        assert!((log / expected - 1.0).abs() < 2e-7, "{rho}: {log}");
    }
    assert!(slope.iter().all(|slope| (slope - 1.0).abs() < 1e-6), "{slope:?}");
}

/// A weight so far out that both densities underflow still costs what it should, and is still
/// pulled back: a floor under the density would stop at about 18 nats with no pull at all.
#[test]
fn a_weight_far_from_the_prior_is_pulled_back() {
    let device = Device::flex().autodiff();
    let number = |value: f32| Tensor::<1>::from_floats([value], &device);
    let mean = number(50.0).require_grad();
    let (rho, noise) = (number(-5.0), number(0.0));
    let wide = [number(0.5_f32.ln()), number(0.5)];
    let narrow = [number(0.5_f32.ln() + 6.0), number(0.5 * 12.0_f32.exp())];
    let [o1, h1] = wide;
    let [o2, h2] = narrow;
    let cost = MIXTURE_COST.apply([mean.clone(), rho, noise, o1, h1, o2, h2]);
    let pull = mean.grad(&cost.clone().sum().backward()).unwrap().into_scalar::<f32>();
    let expected = 0.5 * 2500.0 - 0.5_f64.ln() - (-5.0_f64).exp().ln_1p().ln() - 0.5;
    assert!((cost.into_scalar::<f64>() / expected - 1.0).abs() < 1e-6);
    assert!((pull - 50.0).abs() < 1e-4, "{pull}");
}
