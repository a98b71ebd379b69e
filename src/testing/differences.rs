//! Gradients and difference quotients of functions of tensors.

use burn::tensor::{Device, Tensor};

use super::Check;
use super::points::{epsilon, numbers, tensor};

/// Parameters expanded to a result's shape, except where the result reduces them.
pub(super) fn expand<const D: usize>(parameters: &[Tensor<D>], out: [usize; D]) -> Vec<Tensor<D>> {
    let expand = |parameter: &Tensor<D>| {
        let own = parameter.dims();
        let shape = core::array::from_fn(|dim| if out[dim] == 1 { own[dim] } else { out[dim] });
        parameter.clone().expand(shape)
    };
    parameters.iter().map(expand).collect()
}

/// The size of each element, or 1 for 0: how far a parameter may be moved.
pub(super) fn sizes<const D: usize>(input: Tensor<D>) -> Vec<f64> {
    let size = |x: f64| if x == 0.0 { 1.0 } else { x.abs() };
    numbers(input).into_iter().map(size).collect()
}

/// What each element of the result weighs in the scalar that is differentiated: different
/// numbers, so that gradients which land at the wrong element are seen.
pub(super) fn weight(at: usize) -> f64 {
    0.5 + (at * 7 % 11) as f64 / 16.0
}

pub(super) fn positions<const D: usize>(out: [usize; D], shape: [usize; D]) -> usize {
    (0..D).filter(|dim| out[*dim] == 1).map(|dim| shape[dim]).product()
}

/// The element of an input of shape `shape` at the place of element `at` of a result of shape
/// `out`, and at `position` along the dimensions that the result reduces.
pub(super) fn element<const D: usize>(
    out: [usize; D],
    shape: [usize; D],
    at: usize,
    position: usize,
) -> usize {
    let (mut at, mut position, mut element, mut stride) = (at, position, 0, 1);
    for dim in (0..D).rev() {
        let rest = if out[dim] == 1 { &mut position } else { &mut at };
        let size = if out[dim] == 1 { shape[dim] } else { out[dim] };
        element += *rest % size % shape[dim] * stride;
        *rest /= size;
        stride *= shape[dim];
    }
    element
}

/// The values of `function` on the autodiff device, and the gradient of their weighted sum with
/// respect to every input.
pub(super) fn gradients<const D: usize>(
    inputs: &[Tensor<D>],
    device: &Device,
    function: &dyn Fn(&[Tensor<D>]) -> Tensor<D>,
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let dtype = inputs[0].dtype();
    let leaf = |input: &Tensor<D>| {
        tensor(numbers(input.clone()), input.dims(), device, dtype).require_grad()
    };
    let leaves: Vec<Tensor<D>> = inputs.iter().map(leaf).collect();
    let result = function(&leaves);
    let count = result.dims().iter().product();
    let weights = tensor((0..count).map(weight).collect(), result.dims(), device, dtype);
    // A result that depends on no input is in no graph; with the anchor the sum always is.
    let anchor = tensor(vec![0.0], [1], device, dtype).require_grad();
    let collected = ((result.clone() * weights).sum() + anchor).backward();
    let gradients = leaves.iter().map(|leaf| match leaf.grad(&collected) {
        Some(gradient) => numbers(gradient),
        // An integer value, or a parameter that the result does not depend on.
        None => vec![0.0; leaf.dims().iter().product()],
    });
    (numbers(result.detach()), gradients.collect())
}

/// Central difference quotients of two step widths, extrapolated to none (Richardson 1911), each
/// with a bound on its error.
pub(super) fn differences<const D: usize>(
    inputs: &[Tensor<D>],
    input: usize,
    position: usize,
    steps: &[f64],
    out: [usize; D],
    check: &Check,
    function: &dyn Fn(&[Tensor<D>]) -> Tensor<D>,
) -> Vec<(f64, f64)> {
    let (original, shape) = (&inputs[input], inputs[input].dims());
    let epsilon = epsilon(original);
    let moved_elements: Vec<usize> =
        (0..out.iter().product()).map(|at| element(out, shape, at, position)).collect();
    let evaluate = |width: f64| {
        let start = numbers(original.clone());
        let mut moved = start.clone();
        for at in &moved_elements {
            moved[*at] = start[*at] + width * epsilon.powf(0.2) * steps[*at];
        }
        let point = tensor(moved, shape, &original.device(), original.dtype());
        let mut all = inputs.to_vec();
        all[input] = point.clone();
        (numbers(function(&all)), numbers(point))
    };
    let here = evaluate(0.0).0;
    // The slope, its rounding, and how far the slopes to both sides are apart.
    let quotient = |width: f64| {
        let ((above, right), (below, left)) = (evaluate(width), evaluate(-width));
        let slope = |(at, element): (usize, &usize)| {
            let run = right[*element] - left[*element];
            let size = above[at].abs().max(below[at].abs());
            let bend = (above[at] - here[at]) - (here[at] - below[at]);
            let slope = (above[at] - below[at]) / run;
            // Terms as large as the input's share of the result may have cancelled in it.
            let size = size + (slope * right[*element]).abs();
            let rounding = check.roundings(epsilon) * size / run.abs();
            [slope, rounding, 2.0 * bend / run]
        };
        moved_elements.iter().enumerate().map(slope).collect::<Vec<_>>()
    };
    quotient(1.0)
        .into_iter()
        .zip(quotient(0.5))
        .map(|([wide, _, wide_bend], [narrow, rounding, bend])| {
            let slope = (4.0 * narrow - wide) / 3.0;
            // Of a smooth function the bend halves with the width. One with a kink between the
            // points shows there, even where both quotients agree.
            let error = 2.0 * ((narrow - wide).abs() + (bend - wide_bend / 2.0).abs());
            (slope, error + rounding + check.roundings(epsilon) * slope.abs())
        })
        .collect()
}
