//! Distributions as modules, beyond the laws that `tests/laws.rs` runs on every family.

use burn::module::{Module, ParamGroup};
use burn::optim::{AdamConfig, GradientsParams};
use burn::store::ModuleRecord;
use burn::tensor::{Device, Tensor, TensorData};
use pushforward::nn::{Learnable, LearnableConfig, Positivity};
use pushforward::prelude::*;
use pushforward::testing::{Check, learnable};
use rand::SeedableRng;
use rand::rngs::StdRng;

fn device() -> Device {
    Device::flex().autodiff()
}

fn tensor<const D: usize>(data: impl Into<TensorData>) -> Tensor<D> {
    Tensor::from_data(data, &device())
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.detach().into_data().iter::<f64>().collect()
}

/// The loop that serves every module that is a distribution.
fn fit<const D: usize, M: Module + Distribution<D>>(
    mut model: M,
    data: &Tensor<D, M::Kind>,
    steps: usize,
    rate: f64,
) -> M {
    let mut optimizer = AdamConfig::new().init();
    for _ in 0..steps {
        let loss = -model.log_prob(data.clone()).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimizer.step(rate, model, gradients);
    }
    model
}

#[test]
fn extreme_parameters_come_back() {
    let scales: [f64; 8] = [1e-30, 1e-10, 1e-3, 1.0, 10.0, 1e4, 1e10, 1e30];
    let given = Normal::new(
        tensor::<1>([0.0]),
        tensor([1e-30f32, 1e-10, 1e-3, 1.0, 10.0, 1e4, 1e10, 1e30]),
    );
    for positivity in [Positivity::Softplus, Positivity::Exp] {
        let model = LearnableConfig::new().with_positivity(positivity).init(given.clone());
        let found = numbers(model.distribution().scale());
        for (found, expected) in found.into_iter().zip(scales) {
            // e^x magnifies the rounding of x = ln y.
            let allowed = f64::from(f32::EPSILON) * (2.0 + expected.ln().abs());
            assert!(
                (found / expected - 1.0).abs() < allowed,
                "{positivity:?} {expected:e}: {found:e}"
            );
        }
    }
}

#[test]
fn a_triangular_matrix_comes_back() {
    let tril = [[[1e-3, 0.0, 0.0], [5.0, 2.0, 0.0], [-0.5, 0.25, 30.0]]];
    let given = MultivariateNormal::from_scale_tril(tensor([[0.0, 1.0, 2.0]]), tensor::<3>(tril));
    for positivity in [Positivity::Softplus, Positivity::Exp] {
        let model = LearnableConfig::new().with_positivity(positivity).init(given.clone());
        assert_eq!(model.unconstrained("scale_tril").unwrap().dims(), [1, 6]);
        let found = numbers(model.distribution().scale_tril::<3>());
        for (found, expected) in found.iter().zip(tril[0].as_flattened()) {
            assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{found} {expected}");
        }
    }
}

#[test]
fn an_infinite_bound_stays_and_harms_nothing() {
    let (low, high) =
        ([0.0, f32::NEG_INFINITY, f32::NEG_INFINITY], [f32::INFINITY, f32::INFINITY, 3.0]);
    let start = TruncatedNormal::new(tensor::<1>([0.5]), 1.0, tensor(low), tensor(high));
    let model = Learnable::new(start);
    let data = tensor([0.4, 2.0, 1.0]);
    let before = numbers(model.log_prob(data.clone()));
    assert!(before.iter().all(|value| value.is_finite()), "{before:?}");
    let fitted = fit(model, &data, 5, 0.05).distribution();
    let (low, high) = (numbers(fitted.low()), numbers(fitted.high()));
    assert_eq!(low[1..], [f64::NEG_INFINITY; 2]);
    assert_eq!(high[..2], [f64::INFINITY; 2]);
    assert!(low[0] > 0.0 && low[0] < 0.4 && high[2] < 3.0 && high[2] > 1.0, "{low:?} {high:?}");
    let after = numbers(fitted.log_prob(data));
    assert!(after[0] > before[0], "{before:?} {after:?}");
}

#[test]
fn probabilities_at_the_edge_stay_there() {
    let model = Learnable::new(Bernoulli::from_probs(tensor::<1>([0.0, 0.25, 1.0])));
    let data = Tensor::<1, burn::tensor::Int>::from_ints([0, 1, 1], &device());
    let fitted = fit(model, &data, 20, 0.1).distribution();
    let probs = numbers(fitted.probs());
    assert!(probs[0] == 0.0 && probs[2] == 1.0 && probs[1] > 0.4, "{probs:?}");
}

/// Moves every parameter.
struct Raise;
impl burn::module::ModuleMapper for Raise {
    fn map_float<const D: usize>(
        &mut self,
        param: burn::module::Param<Tensor<D>>,
    ) -> burn::module::Param<Tensor<D>> {
        param.map(|tensor| (tensor + 5.0).detach().require_grad())
    }
}

#[test]
fn a_bound_that_is_trained_takes_the_other_along() {
    let model = Learnable::new(Uniform::new(tensor::<1>([1.0]), tensor([3.0])));
    let before = numbers(model.unconstrained("high").unwrap())[0];
    let raised = Module::map(model, &mut Raise);
    let (low, high) = (raised.distribution().low(), raised.distribution().high());
    let (low, high) = (numbers(low)[0], numbers(high)[0]);
    let gap = (before + 5.0).exp().ln_1p();
    assert!(low == 6.0 && (high - low - gap).abs() < 1e-5, "{low} {high} {gap}");
    // Of the density 1/(high − low), which the lower end moves without changing.
    let gradients = raised.log_prob(tensor([7.0])).backward();
    let slope = raised.unconstrained("low").and_then(|low| low.grad(&gradients));
    let slope = numbers(slope.expect("a gradient"))[0];
    assert!(slope.abs() < 1e-6, "{slope}");
}

#[test]
fn one_loop_trains_every_family() {
    let mut rng = StdRng::seed_from_u64(7);
    let close = |name: &str, found: Vec<f64>, expected: &[f64], allowed: f64| {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < allowed, "{name}: {found} for {expected}");
        }
    };
    let data = Gamma::new(tensor::<1>([3.0]), 2.0).sample([2000], &mut rng);
    let fitted =
        fit(Learnable::new(Gamma::new(tensor::<1>([1.0]), 1.0)), &data, 150, 0.1).distribution();
    close("concentration", numbers(fitted.concentration()), &[3.0], 0.1);
    close("rate", numbers(fitted.rate()), &[2.0], 0.1);

    let data = StudentT::new(tensor::<1>([4.0]), 1.0, 0.5).sample([2000], &mut rng);
    let fitted = fit(Learnable::new(StudentT::new(tensor::<1>([10.0]), 0.0, 1.0)), &data, 150, 0.2)
        .distribution();
    close(
        "loc and scale",
        [numbers(fitted.loc()), numbers(fitted.scale())].concat(),
        &[1.0, 0.5],
        0.05,
    );
    close("df", numbers(fitted.df()), &[4.0], 0.25);

    let truth = [2.0, 0.6, 0.6, 0.5];
    let covariance = tensor::<3>([[[2.0, 0.6], [0.6, 0.5]]]);
    let normal = MultivariateNormal::from_covariance(tensor([[1.0, -1.0]]), covariance);
    let data = normal.sample([2000, 2], &mut rng);
    let identity = tensor::<3>([[[1.0, 0.0], [0.0, 1.0]]]);
    let by_factor = MultivariateNormal::from_scale_tril(tensor([[0.0, 0.0]]), identity.clone());
    let by_precision = MultivariateNormal::from_precision(tensor([[0.0, 0.0]]), identity);
    for start in [by_factor, by_precision] {
        let fitted = fit(Learnable::new(start), &data, 300, 0.05).distribution();
        close("loc", numbers(fitted.loc()), &[1.0, -1.0], 0.1);
        close("covariance", numbers(fitted.covariance::<3>()), &truth, 0.1);
    }

    let weights = Categorical::from_probs(tensor::<2>([[0.3, 0.7]]));
    let mixture = Mixture::new(weights, Normal::new(tensor([[-2.0, 2.0]]), tensor([[0.5, 1.0]])));
    let data = mixture.sample([2000, 1], &mut rng);
    let weights = Categorical::from_probs(tensor::<2>([[0.5, 0.5]]));
    let start = Mixture::new(weights, Normal::new(tensor([[-1.0, 1.0]]), tensor([[1.0, 1.0]])));
    let model = Learnable::new(start);
    assert_eq!(model.names().collect::<Vec<_>>(), ["mixture_probs", "loc", "scale"]);
    let fitted = fit(model, &data, 150, 0.1).distribution();
    close("weights", numbers(fitted.weights().probs()), &[0.3, 0.7], 0.1);
    close("locs", numbers(fitted.components().loc()), &[-2.0, 2.0], 0.1);
    close("scales", numbers(fitted.components().scale()), &[0.5, 1.0], 0.1);
}

#[test]
fn transformed_laws_are_trained_as_a_whole() {
    let mut rng = StdRng::seed_from_u64(8);
    let truth = Normal::new(tensor::<1>([0.4]), 0.6).pushforward(Tanh);
    let data = truth.sample([4000], &mut rng);
    let model = Learnable::new(Normal::new(tensor::<1>([0.0]), 1.0).pushforward(Tanh));
    assert_eq!(model.names().collect::<Vec<_>>(), ["loc", "scale"]);
    let fitted: Transformed<Normal<1>, Tanh> = fit(model, &data, 150, 0.05).distribution();
    let found = [numbers(fitted.base().loc()), numbers(fitted.base().scale())].concat();
    assert!((found[0] - 0.4).abs() < 0.04 && (found[1] - 0.6).abs() < 0.03, "{found:?}");

    // The map's own tensors are trained as well; its plain number is not.
    let start = Logistic::new(tensor::<1>([0.0]), 1.0)
        .pushforward(Affine::new(tensor([0.5]), 2.0).then(Affine::new(1.0, tensor([-1.5]))));
    let model = LearnableConfig::new().hold("loc").init(start);
    assert_eq!(model.names().collect::<Vec<_>>(), ["loc", "scale", "affine_loc", "affine_scale"]);
    let data = tensor([3.0, 5.0, 6.0]);
    let before = numbers(model.log_prob(data.clone()).sum())[0];
    let fitted = fit(model, &data, 50, 0.05);
    assert!(numbers(fitted.log_prob(data).sum())[0] > before + 0.5);
    assert_eq!(numbers(fitted.distribution().base().loc()), [0.0]);
    assert_ne!(numbers(fitted.unconstrained("affine_scale").unwrap()), [-1.5]);
}

/// The laws of families as modules, where the map has parameters of its own.
#[test]
fn laws_hold_of_transformed_laws_with_parameters() {
    let normal = || Normal::new(tensor::<1>([0.3, -1.0]), tensor([0.5]));
    let map = Affine::new(tensor([0.5, 2.0]), tensor([-1.5])).then(Tanh);
    learnable::assert_laws(&normal().pushforward(Tanh), &Check::new("Normal through Tanh"));
    learnable::assert_laws(&normal().pushforward(map), &Check::new("through Affine and Tanh"));
    let shape = SplineShape::linear(3, 2.0);
    let spline = RationalQuadraticSpline::new(tensor([0.5f32; 8]), shape).inverted();
    learnable::assert_laws(&normal().pushforward(spline), &Check::new("through a spline"));
    let grouped = Normal::new(tensor::<2>([[0.3, -1.0]]), 0.5).independent(1);
    learnable::assert_laws(&grouped.pushforward(Softplus), &Check::new("through Softplus"));
}

/// A spline on top of a Normal law takes the shape of data with two humps, and its record
/// gives it back.
#[test]
fn a_law_with_a_spline_is_learned_and_recorded() {
    let shape = SplineShape::linear(8, 4.0);
    let start = |at: f64| {
        let parameters = Tensor::<1>::full([shape.parameters()], at, &device());
        let spline = RationalQuadraticSpline::new(parameters, shape);
        Learnable::new(Normal::new(tensor::<1>([at]), 1.0).pushforward(spline))
    };
    let weights = Categorical::from_probs(tensor::<1>([0.4, 0.6]));
    let humps = Mixture::new(weights, Normal::new(tensor([-2.0, 1.5]), tensor([0.4, 0.5])));
    let draws = (0..500).map(|seed| humps.sample([1], &mut StdRng::seed_from_u64(seed)));
    let data = Tensor::cat(draws.collect(), 0);
    let loss = |model: &dyn Distribution<1, Kind = burn::tensor::Float>| {
        -numbers(model.log_prob(data.clone()).mean())[0]
    };
    let model = start(0.0);
    let before = loss(&model);
    let fitted = fit(model, &data, 200, 0.05);
    let after = loss(&fitted);
    assert!(after < before - 0.3, "{before} to {after}");

    let bytes = fitted.clone().into_record().into_bytes().expect("bytes");
    let loaded = start(0.5).load_record(ModuleRecord::from_bytes(bytes).expect("a record"));
    assert_eq!(numbers(loaded.log_prob(data.clone())), numbers(fitted.log_prob(data.clone())));
    let draw = |model: &Learnable<_, 1>| {
        numbers(Distribution::<1>::sample(model, [50], &mut StdRng::seed_from_u64(3)))
    };
    assert_eq!(draw(&loaded), draw(&fitted));
}

#[test]
fn held_parameters_are_saved_and_not_trained() {
    let start = Normal::new(tensor::<1>([0.0]), 2.0);
    let model = LearnableConfig::new().hold("scale").init(start);
    assert!(model.is_held("scale") && !model.is_held("loc"));
    let fitted = fit(model, &tensor([3.0, 4.0]), 50, 0.1);
    assert_eq!(numbers(fitted.distribution().scale()), [2.0]);
    assert!(numbers(fitted.distribution().loc())[0] > 1.0);
    let record = fitted.clone().into_record();
    let other = LearnableConfig::new().hold("scale").init(Normal::new(tensor::<1>([9.0]), 9.0));
    let other = other.load_record(record).distribution();
    assert_eq!(numbers(other.scale()), [2.0]);
    assert_eq!(numbers(other.loc()), numbers(fitted.distribution().loc()));
}

#[test]
fn burns_own_freezing_holds_a_parameter_too() {
    let model = Learnable::new(Normal::new(tensor::<1>([0.0]), 2.0));
    let model = model.freeze_group(ParamGroup::from_path("scale"));
    let fitted = fit(model, &tensor([3.0, 4.0]), 50, 0.1).distribution();
    assert_eq!(numbers(fitted.scale()), [2.0]);
    assert!(numbers(fitted.loc())[0] > 1.0);
}

/// A model of the user's with two distributions in it.
#[derive(Module, Debug)]
struct Model {
    prior: Learnable<Normal<2>, 2>,
    posterior: Learnable<MultivariateNormal<2>, 2>,
}

#[test]
fn it_is_a_part_of_other_modules_and_their_records() {
    let model = |at: f64| Model {
        prior: Learnable::new(Normal::new(tensor::<2>([[at, 1.0]]), 0.5 + at)),
        posterior: Learnable::new(MultivariateNormal::from_scale_tril(
            tensor([[at, 2.0]]),
            tensor::<3>([[[1.0, 0.0], [0.3 + at, 2.0]]]),
        )),
    };
    assert_eq!(model(0.0).num_params(), 2 + 1 + 2 + 3);
    let shown = model(0.0).to_string();
    assert!(
        shown.contains("Learnable MultivariateNormal") && shown.contains("scale_tril"),
        "{shown}"
    );

    let bytes = model(0.25).into_record().into_bytes().expect("bytes");
    let record = ModuleRecord::from_bytes(bytes).expect("a record");
    let loaded = model(0.0).load_record(record);
    let x = tensor([[0.1, 0.2], [3.0, -1.0]]);
    let density = |model: &Model| {
        [model.prior.log_prob(x.clone()), model.posterior.log_prob(x.clone())].map(numbers)
    };
    assert_eq!(density(&loaded), density(&model(0.25)));
    assert_ne!(density(&loaded), density(&model(0.0)));

    let plain = loaded.valid();
    let inner = Tensor::from_data([[0.1, 0.2], [3.0, -1.0]], &Device::flex());
    assert_eq!(numbers(plain.prior.log_prob(inner)), density(&loaded)[0]);
    assert!(plain.train().prior.unconstrained("scale").unwrap().is_require_grad());
}

#[test]
#[allow(deprecated, reason = "NdArray keeps its users")]
fn it_moves_to_another_device() {
    let start = Uniform::new(tensor::<1>([0.0]).inner(), tensor::<1>([2.0]).inner());
    let here = Learnable::new(start);
    let there = here.clone().to_device(&Device::ndarray());
    assert_eq!(there.devices(), [Device::ndarray()]);
    let x = [0.5];
    let [here, there] = [(here, Device::flex()), (there, Device::ndarray())]
        .map(|(model, device)| numbers(model.log_prob(Tensor::from_data(x, &device))));
    assert_eq!(here, there);
}

#[test]
#[should_panic(expected = "Normal has no parameter `sigma`: its parameters are `loc`, `scale`")]
fn an_unknown_name_is_refused() {
    let _ = LearnableConfig::new().hold("sigma").init(Normal::new(tensor::<1>([0.0]), 1.0));
}

#[test]
fn configurations_can_be_stored() {
    use burn::config::Config;
    let config = LearnableConfig::new().with_parameter("rate", Positivity::Exp).hold("low");
    let text = serde_json::to_string(&config).expect("JSON");
    let read = LearnableConfig::load_binary(text.as_bytes()).expect("the same");
    assert_eq!(read.held, config.held);
    assert_eq!(read.exceptions, config.exceptions);
}

/// The log-determinant of a map between triangles, by difference quotients on the elements on and
/// below the diagonal.
fn numerical_log_det<B: Bijector<2>>(map: &B, x: &[f64], order: usize) -> f64 {
    let count = x.len();
    let forward = |x: &[f64]| {
        let options = (&Device::flex(), burn::tensor::DType::F64);
        let y = numbers(
            map.forward(Tensor::from_data(TensorData::new(x.to_vec(), [1, count]), options)),
        );
        let place = |row: usize, column: usize| y[row * order + column];
        (0..order)
            .flat_map(|row| (0..=row).map(move |column| (row, column)))
            .map(|(row, column)| place(row, column))
            .collect::<Vec<f64>>()
    };
    let step = 1e-6;
    let mut matrix: Vec<Vec<f64>> = (0..count)
        .map(|along| {
            let moved = |by: f64| {
                let mut x = x.to_vec();
                x[along] += by;
                forward(&x)
            };
            moved(step).iter().zip(moved(-step)).map(|(a, b)| (a - b) / (2.0 * step)).collect()
        })
        .collect();
    let mut total = 0.0;
    for at in 0..count {
        let pivot = (at..count)
            .max_by(|a, b| matrix[*a][at].abs().total_cmp(&matrix[*b][at].abs()))
            .unwrap();
        matrix.swap(at, pivot);
        total += matrix[at][at].abs().ln();
        for row in at + 1..count {
            let factor = matrix[row][at] / matrix[at][at];
            for column in at..count {
                matrix[row][column] -= factor * matrix[at][column];
            }
        }
    }
    total
}

fn matrix_laws<B: Bijector<2>>(map: &B) {
    let options = (&Device::flex(), burn::tensor::DType::F64);
    for order in 1..=4usize {
        let count = order * (order + 1) / 2;
        let mut rng = StdRng::seed_from_u64(order as u64);
        let x = Normal::new(Tensor::<2>::zeros([1, 1], options), 1.0).sample([5, count], &mut rng);
        let (y, log_det) = map.forward_and_log_det(x.clone());
        assert_eq!((y.dims(), log_det.dims()), ([5, order * order], [5, 1]));
        let inside = map.codomain().contains(y.clone());
        assert!(inside.all().into_scalar::<bool>(), "{:?}", numbers(y));
        let (back, inverse_log_det) = map.inverse_and_log_det(y);
        let gap = (back - x.clone()).abs().max().into_scalar::<f64>();
        assert!(gap < 1e-9, "order {order}: {gap:e}");
        let gap = (inverse_log_det + log_det.clone()).abs().max().into_scalar::<f64>();
        assert!(gap < 1e-9, "order {order}: {gap:e}");
        for (row, log_det) in numbers(log_det).into_iter().enumerate() {
            let x = numbers(x.clone().slice([row..row + 1, 0..count]));
            let expected = numerical_log_det(map, &x, order);
            assert!((log_det - expected).abs() < 1e-6, "order {order}: {log_det} {expected}");
        }
    }
}

#[test]
fn bijectors_onto_matrices_hold_their_laws() {
    matrix_laws(&LowerCholesky::new(Exp));
    matrix_laws(&LowerCholesky::new(Softplus));
    matrix_laws(&PositiveDefinite::new(Exp));
    matrix_laws(&PositiveDefinite::new(Softplus));
    matrix_laws(&Support::LowerCholesky.bijector::<2>().expect("a bijector"));
    matrix_laws(&Support::PositiveDefinite.bijector::<2>().expect("a bijector"));
}

#[test]
#[should_panic(expected = "4 numbers fill no lower triangle")]
fn numbers_that_fill_no_triangle_are_refused() {
    let _ = LowerCholesky::new(Exp).forward(tensor::<1>([1.0, 2.0, 3.0, 4.0]));
}
