//! Laws of the gradients of everything but densities and draws, against difference quotients.

use burn::tensor::{Device, Float, Tensor};

use super::differences::{expand, sizes, weight};
use super::gradients::{agree_with_differences, with_points};
use super::points::{Frame, Values, numbers, tensor};
use super::{Check, LawError};
use crate::distribution::{Distribution, Entropy, KlDivergence, Moments, Tail, Univariate};

/// The gradients of the four probabilities, with respect to the value and every parameter.
///
/// # Errors
///
/// Where one disagrees with difference quotients.
pub fn of_tails<const D: usize, P: Univariate<D> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError>
where
    P::Kind: Values,
{
    let (_, inputs, steps) = with_points(parameters, &*build(parameters), check);
    let tails = [
        ("the gradient of cdf", Tail::Cdf),
        ("the gradient of log_cdf", Tail::LogCdf),
        ("the gradient of survival", Tail::Survival),
        ("the gradient of log_survival", Tail::LogSurvival),
    ];
    tails.into_iter().try_for_each(|(law, tail)| {
        agree_with_differences(law, &inputs, &steps, device, check, &|inputs| {
            let (parameters, value) = inputs.split_at(inputs.len() - 1);
            build(parameters).tail(tail, P::Kind::from_float(value[0].clone()))
        })
    })
}

/// The gradients of both quantiles, with respect to the probability and every parameter.
///
/// # Errors
///
/// Where one disagrees with difference quotients.
pub fn of_quantiles<const D: usize, P: Univariate<D, Kind = Float> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError> {
    type Level<P, const D: usize> = fn(&P, Tensor<D>) -> Tensor<D>;
    const LEVELS: [f64; 7] = [0.003, 0.05, 0.3, 0.5, 0.6, 0.9, 0.996];
    let frame = Frame::of(&*build(parameters), check);
    let rows = frame.rows(LEVELS.len());
    let mut inputs = expand(parameters, rows);
    let mut steps: Vec<Vec<f64>> = inputs.iter().map(|input| sizes(input.clone())).collect();
    let levels: Vec<f64> = LEVELS.iter().flat_map(|level| vec![*level; frame.columns]).collect();
    steps.push(levels.iter().map(|level| level.min(1.0 - level)).collect());
    inputs.push(tensor(levels, rows, &frame.like.device(), frame.like.dtype()));
    let quantiles: [(&str, Level<P, D>); 2] = [
        ("the gradient of quantile", P::quantile),
        ("the gradient of upper_quantile", P::upper_quantile),
    ];
    quantiles.into_iter().try_for_each(|(law, quantile)| {
        agree_with_differences(law, &inputs, &steps, device, check, &|inputs| {
            let (parameters, level) = inputs.split_at(inputs.len() - 1);
            quantile(&build(parameters), level[0].clone())
        })
    })
}

/// The gradients of mean, variance and standard deviation, with respect to every parameter.
///
/// # Errors
///
/// Where one disagrees with difference quotients.
pub fn of_moments<const D: usize, P: Moments<D> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError> {
    let of = |law, moment: fn(&P) -> Tensor<D>| {
        of_summary(law, parameters, device, check, &|parameters| {
            let instance = build(parameters);
            event_sum(moment(&instance), instance.event_dims())
        })
    };
    of("the gradient of the mean", P::mean)?;
    of("the gradient of the variance", P::variance)?;
    of("the gradient of the standard deviation", P::std_dev)
}

/// The gradient of the entropy, with respect to every parameter.
///
/// # Errors
///
/// Where it disagrees with difference quotients.
pub fn of_entropy<const D: usize, P: Entropy<D> + ?Sized>(
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> Box<P>,
) -> Result<(), LawError> {
    of_summary("the gradient of the entropy", parameters, device, check, &|parameters| {
        build(parameters).entropy()
    })
}

/// The gradient of the divergence between two members of a family, with respect to the parameters
/// of both: `parameters` are those of the first, `others` those of the second.
///
/// # Errors
///
/// Where it disagrees with difference quotients.
pub fn of_divergence<const D: usize, P: KlDivergence<D, P> + Distribution<D>>(
    parameters: &[Tensor<D>],
    others: &[Tensor<D>],
    device: &Device,
    check: &Check,
    build: impl Fn(&[Tensor<D>]) -> P,
) -> Result<(), LawError> {
    let all = [parameters, others].concat();
    of_summary("the gradient of the divergence", &all, device, check, &|all| {
        let (parameters, others) = all.split_at(parameters.len());
        build(parameters).kl_divergence(&build(others))
    })
}

/// The elements of an event, each times a weight of its own, summed over the event: every one of
/// them may depend on every parameter of the event.
fn event_sum<const D: usize>(x: Tensor<D>, event_dims: usize) -> Tensor<D> {
    let mut shape = [1; D];
    shape[D - event_dims..].copy_from_slice(&x.dims()[D - event_dims..]);
    let weights = (0..shape.iter().product()).map(weight).collect();
    let weights = tensor(weights, shape, &x.device(), x.dtype());
    (D - event_dims..D).fold(x * weights, |x, dim| x.sum_dim(dim))
}

/// The gradient of a function of the parameters alone; holds of one that exists nowhere.
fn of_summary<const D: usize>(
    law: &'static str,
    parameters: &[Tensor<D>],
    device: &Device,
    check: &Check,
    summary: &dyn Fn(&[Tensor<D>]) -> Tensor<D>,
) -> Result<(), LawError> {
    let value = summary(parameters);
    let inputs = expand(parameters, value.dims());
    if numbers(value).iter().all(|value| !value.is_finite()) {
        return Ok(());
    }
    let steps: Vec<Vec<f64>> = inputs.iter().map(|input| sizes(input.clone())).collect();
    agree_with_differences(law, &inputs, &steps, device, check, summary)
}
