//! The nodes of the double-exponential rules, and how they lie on one side of a median.

use core::f64::consts::FRAC_PI_2;

use burn::tensor::{DType, Tensor, TensorData};

/// One node of the trapezoidal rule in t, on the half-line and on the unit interval at once.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Distance from the start on the half-line, e^g with g = π/2 · sinh t.
    far: f64,
    /// ln of the weight of `far`.
    far_log_weight: f64,
    /// Distance from the start of the unit interval, 1/(1 + e^-2g).
    near_start: f64,
    /// Distance from its end.
    near_end: f64,
    /// ln of the weight on the unit interval.
    unit_log_weight: f64,
}

/// How finely and how far the rule reaches.
#[derive(Clone, Copy, Debug)]
struct Reach {
    /// The distance between nodes in t.
    step: f64,
    /// The least g: the part of the line within e^g of the median is left out.
    low: f64,
    /// The largest g on a half-line: power-law tails are cut at e^g.
    high: f64,
    /// The largest g on an interval: singular ends of the support are cut at e^-2g.
    end: f64,
}

/// Enough that what is left out is below the rounding of the precision, for power-law tails as far
/// as squares can be formed, for singular densities as close to the end as floats come.
fn reach(dtype: DType) -> Reach {
    match dtype {
        DType::F64 => Reach { step: 1.0 / 24.0, low: -36.0, high: 40.0, end: 80.0 },
        _ => Reach { step: 1.0 / 16.0, low: -18.0, high: 20.0, end: 43.0 },
    }
}

/// Takahasi and Mori 1974: e^(π/2 sinh t) maps the line onto the half-line, its logistic form onto
/// an interval, and the trapezoidal rule in t converges exponentially on both.
fn rule(dtype: DType) -> Vec<Node> {
    let Reach { step, low, high, end } = reach(dtype);
    let at = |g: f64| (g / FRAC_PI_2).asinh() / step;
    let (first, last) = (at(low).floor() as i32, at(end).ceil() as i32);
    // An even number of nodes, which the two half rules share equally.
    let last = last + (first + last + 1).rem_euclid(2);
    let node = |index: i32| {
        let t = f64::from(index) * step;
        let g = FRAC_PI_2 * t.sinh();
        let slope = (FRAC_PI_2 * t.cosh() * step).ln();
        let (near_start, near_end) =
            (1.0 / (1.0 + (-2.0 * g).exp()), 1.0 / (1.0 + (2.0 * g).exp()));
        Node {
            // Beyond, squares would overflow: an infinite node is left out by whoever uses it.
            far: if g > high { f64::INFINITY } else { g.exp() },
            far_log_weight: g + slope,
            near_start,
            near_end,
            unit_log_weight: (2.0 * near_start * near_end).ln() + slope,
        }
    };
    (first..=last).map(node).collect()
}

/// Some nodes as tensors, along one dimension of the batch.
#[derive(Debug)]
pub(crate) struct Chunk<const D: usize> {
    pub(crate) far: Tensor<D>,
    pub(crate) far_log_weight: Tensor<D>,
    pub(crate) near_start: Tensor<D>,
    pub(crate) near_end: Tensor<D>,
    pub(crate) unit_log_weight: Tensor<D>,
    /// Whether these are nodes of the rule with the doubled step.
    pub(crate) coarse: bool,
}

/// Elements that a chunk of nodes may occupy: enough to hide the cost of a call, not more than
/// the caches hold.
const CHUNK: usize = 1 << 15;

/// The rule in chunks: along `axis`, where the batch has size 1 there, else node by node.
pub(crate) fn chunks<const D: usize>(
    like: &Tensor<D>,
    batch: [usize; D],
    axis: Option<usize>,
) -> Vec<Chunk<D>> {
    let rule = rule(like.dtype());
    let elements: usize = batch.iter().product();
    let length = axis.map_or(1, |_| (CHUNK / elements.max(1)).max(1));
    let halves = [0, 1]
        .map(|parity| -> Vec<Node> { rule.iter().copied().skip(parity).step_by(2).collect() });
    let chunk = |nodes: &[Node], coarse: bool| {
        let column = |field: fn(&Node) -> f64| -> Tensor<D> {
            let mut shape = [1; D];
            shape[axis.unwrap_or(0)] = nodes.len();
            let values: Vec<f64> = nodes.iter().map(field).collect();
            Tensor::from_data(TensorData::new(values, shape), (&like.device(), like.dtype()))
        };
        Chunk {
            far: column(|node| node.far),
            far_log_weight: column(|node| node.far_log_weight),
            near_start: column(|node| node.near_start),
            near_end: column(|node| node.near_end),
            unit_log_weight: column(|node| node.unit_log_weight),
            coarse,
        }
    };
    let halves = halves.iter().zip([true, false]);
    halves
        .flat_map(|(half, coarse)| half.chunks(length).map(move |nodes| (nodes, coarse)))
        .map(|(nodes, coarse)| chunk(nodes, coarse))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ∫ f over the half-line and ∫ g over the unit interval.
    fn integrate(dtype: DType, f: fn(f64) -> f64, g: fn(f64) -> f64) -> [f64; 2] {
        let rule = rule(dtype);
        [
            rule.iter()
                .filter(|n| n.far.is_finite())
                .map(|n| f(n.far) * n.far_log_weight.exp())
                .sum(),
            rule.iter().map(|n| g(n.near_end) * n.unit_log_weight.exp()).sum(),
        ]
    }

    #[test]
    fn the_rule_integrates_decays_and_singular_ends() {
        for (dtype, tolerance) in [(DType::F32, 1e-7), (DType::F64, 1e-14)] {
            let checks = [
                (integrate(dtype, |x| (-x).exp(), |x| x * x), [1.0, 1.0 / 3.0]),
                (integrate(dtype, |x| (-x * x).exp(), f64::ln), [0.886_226_925_452_758, -1.0]),
                (integrate(dtype, |x| (1.0 + x).powi(-3), |x| x.powf(-0.5)), [0.5, 2.0]),
            ];
            for (found, expected) in checks {
                for (found, expected) in found.into_iter().zip(expected) {
                    assert!((found - expected).abs() < tolerance, "{dtype:?}: {found} {expected}");
                }
            }
        }
    }

    #[test]
    fn the_half_rules_have_equally_many_nodes() {
        assert!(
            [DType::F32, DType::F64].into_iter().all(|dtype| rule(dtype).len().is_multiple_of(2))
        );
    }
}
