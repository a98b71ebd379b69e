//! Mixtures of one family.

mod univariate;

use core::fmt;

use burn::tensor::{Int, Tensor};
use rand::Rng;

use super::Categorical;
use crate::distribution::{Distribution, Moments};
use crate::kernel::{Formula, Op, Real};
use crate::parameter::{Parameter, Parametric, check_sample_shape};
use crate::special::logsumexp;
use crate::support::Support;

/// The mixture of the distributions along one dimension of a batch, weighted by a Categorical.
///
#[cfg_attr(doc, doc = r"$$p(x) = \sum_k w_k\, p_k(x)$$")]
#[cfg_attr(not(doc), doc = "`p(x) = sum_k w_k p_k(x)`")]
///
/// The mixture dimension is the last batch dimension of the components, the one before their
/// event dimensions. Values have size 1 there.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let weights = Categorical::from_probs(Tensor::<2>::from_floats([[0.3, 0.7]], &device));
/// let loc = Tensor::<2>::from_floats([[-2.0, 2.0]], &device);
/// let mixture = Mixture::new(weights, Normal::new(loc, 1.0));
/// let x = mixture.sample([5, 1], &mut rand::rng());
/// assert_eq!(mixture.log_prob(x).dims(), [5, 1]);
/// ```
///
/// # Notes
///
/// Components of weight 0 count for nothing, even where their density is infinite. A draw chooses
/// one component for each element and samples that one only; it has no pathwise gradient. The mode
/// has no closed form, so the moments are methods of the type. The distribution functions are sums,
/// and the quantile is found by bisection, with the gradient of the implicit function.
#[derive(Clone, Debug)]
pub struct Mixture<P, const D: usize> {
    weights: Categorical<D>,
    components: P,
    /// The event dimensions of a component.
    events: usize,
}

/// The name in messages.
const NAME: &str = "Mixture";

impl<P, const D: usize> Mixture<P, D> {
    /// The mixture dimension.
    fn axis(&self) -> usize {
        D - 1 - self.events
    }

    fn check_value(&self, shape: [usize; D]) {
        let axis = self.axis();
        assert!(
            shape[axis] == 1,
            "{NAME}: values have size 1 in the mixture dimension {axis}, not the shape {shape:?}",
        );
    }
}

impl<P: Distribution<D>, const D: usize> Mixture<P, D> {
    /// Creates a mixture.
    ///
    /// # Arguments
    ///
    /// - `weights`: logits or probabilities `[.., K]`, whose other dimensions broadcast with the
    ///   batch of the components; of size 1 where the components have their event dimensions,
    ///   save the last
    /// - `components`: a batch `[.., K, events..]`
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    pub fn new(weights: Categorical<D>, components: P) -> Self {
        let events = components.event_dims();
        assert!(events < D, "{NAME}: the components have no batch dimension to mix over");
        let mixture = Self { weights, components, events };
        let (axis, count) = (mixture.axis(), mixture.weights.categories());
        let (own, parts) = (mixture.weights.shape(), mixture.components.shape());
        let fits = own[axis..].iter().all(|size| *size == 1)
            && parts[axis] == count
            && (own[..axis].iter().zip(&parts)).all(|(a, b)| *a == 1 || *b == 1 || a == b);
        assert!(
            fits,
            "{NAME}: {count} weights of shape {own:?} for components of shape {parts:?}: dimension \
             {axis} of the components must be the number of weights, the dimensions before it \
             must broadcast, and the weights must have size 1 in those after it",
        );
        mixture
    }

    /// The weights.
    #[must_use]
    pub fn weights(&self) -> &Categorical<D> {
        &self.weights
    }

    /// The components.
    #[must_use]
    pub fn components(&self) -> &P {
        &self.components
    }

    /// ln Σ w e^x over the mixture dimension, for the logarithms `x` of each component.
    fn mix_logarithms(&self, x: Tensor<D>) -> Tensor<D> {
        let axis = self.axis();
        let weights = self.weights.log_probs().swap_dims(axis, D - 1);
        let joint = JOINT.apply([weights, x]);
        logsumexp(joint.swap_dims(axis, D - 1)).swap_dims(axis, D - 1)
    }

    /// Σ w x over the mixture dimension.
    fn mix(&self, x: Tensor<D>) -> Tensor<D> {
        let axis = self.axis();
        let weights = self.weights.probs().swap_dims(axis, D - 1);
        WEIGHTED.apply([weights, x]).sum_dim(axis)
    }
}

static JOINT: Op<2> = Op::new::<Joint>();
static WEIGHTED: Op<2> = Op::new::<Weighted>();

struct Joint;

impl Formula<2> for Joint {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = ["log_weights", "log_prob"];

    #[inline(always)]
    fn evaluate<R: Real>([log_weight, log_prob]: [R; 2]) -> R {
        // A constant: -inf + inf would be NaN, and the component gets no gradient.
        let never = R::constant(f64::NEG_INFINITY);
        R::select(log_weight.equal(never), never, log_weight + log_prob)
    }
}

struct Weighted;

impl Formula<2> for Weighted {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 2] = ["weights", "component"];

    #[inline(always)]
    fn evaluate<R: Real>([weight, component]: [R; 2]) -> R {
        // 0 · inf would be NaN. The product is kept for the gradient of the weight, which is the
        // component where that is finite.
        let never = weight.equal(R::constant(0.0)) & !finite(component);
        R::select(never, R::constant(0.0), weight * component)
    }
}

#[inline(always)]
fn finite<R: Real>(x: R) -> R::Mask {
    x.abs().lt(R::constant(f64::INFINITY))
}

impl<P, const D: usize> Distribution<D> for Mixture<P, D>
where
    P: Distribution<D> + Parametric<D, WithRank<D> = P> + Clone,
{
    type Kind = P::Kind;

    fn shape(&self) -> [usize; D] {
        let (axis, mut shape) = (self.axis(), self.components.shape());
        let weights = self.weights.shape();
        for batch in 0..axis {
            shape[batch] = shape[batch].max(weights[batch]);
        }
        shape[axis] = 1;
        shape
    }

    fn event_dims(&self) -> usize {
        self.components.event_dims()
    }

    fn support(&self) -> Support {
        self.components.support()
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, P::Kind> {
        check_sample_shape(NAME, self.shape(), shape);
        self.check_value(shape);
        if self.weights.categories() == 1 {
            return self.components.sample(shape, rng);
        }
        let axis = self.axis();
        let mut batch = [1; D];
        batch[..axis].copy_from_slice(&shape[..axis]);
        let index = self.weights.sample(batch, rng);
        let chosen = (self.components.clone())
            .map(|parameter| choose(parameter.detach(), index.clone(), axis));
        chosen.sample(shape, rng)
    }

    fn log_prob(&self, value: Tensor<D, P::Kind>) -> Tensor<D> {
        self.check_value(value.dims());
        self.mix_logarithms(self.components.log_prob(value))
    }
}

/// The elements of a parameter that belong to the chosen components: `index` has the batch shape
/// of the draws, and size 1 from the mixture dimension on.
fn choose<const D: usize>(parameter: Tensor<D>, index: Tensor<D, Int>, axis: usize) -> Tensor<D> {
    let own = parameter.dims();
    if own[axis] == 1 {
        return parameter;
    }
    let mut shape = own;
    shape[..axis].copy_from_slice(&index.dims()[..axis]);
    let mut chosen = shape;
    chosen[axis] = 1;
    if own[..axis].iter().all(|size| *size == 1) {
        // One set of components for all draws: no copy of it for each.
        let count = index.shape().num_elements();
        return parameter.select(axis, index.reshape([count])).reshape(chosen);
    }
    parameter.expand(shape).gather(axis, index.expand(chosen))
}

impl<P: Moments<D>, const D: usize> Mixture<P, D> {
    /// The expectation.
    pub fn mean(&self) -> Tensor<D> {
        self.mix(self.components.mean())
    }

    /// The variance, elementwise: that within the components plus that of their means.
    pub fn variance(&self) -> Tensor<D> {
        let deviation = self.components.mean() - self.mean();
        self.mix(self.components.variance() + deviation.square())
    }

    /// The square root of the variance.
    pub fn std_dev(&self) -> Tensor<D> {
        self.variance().sqrt()
    }
}

impl<P, const D: usize> Parametric<D> for Mixture<P, D>
where
    P: Parametric<D>,
{
    type WithRank<const E: usize> = Mixture<P::WithRank<E>, E>;
    const NAME: &'static str = NAME;

    /// The weights, named as such, then the parameters of the components.
    fn parameters(&self) -> Vec<Parameter<D>> {
        let weights = self.weights.parameters().into_iter().map(|parameter| Parameter {
            // Components may have logits or probabilities of their own.
            name: if parameter.name == "logits" { "mixture_logits" } else { "mixture_probs" },
            ..parameter
        });
        weights.chain(self.components.parameters()).collect()
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E> {
        let weights = self.weights.map(&mut transform);
        Mixture { weights, components: self.components.map(transform), events: self.events }
    }

    /// Expanded along the batch and the events; the mixture dimension keeps its components.
    fn expand(self, shape: [usize; D]) -> Self::WithRank<D> {
        self.check_value(shape);
        let axis = self.axis();
        let mut of_components = shape;
        of_components[axis] = self.weights.categories();
        let mut of_weights = self.weights.shape();
        of_weights[..axis].copy_from_slice(&shape[..axis]);
        of_weights[D - 1] = self.weights.categories();
        Mixture {
            weights: self.weights.map(|weights| weights.expand(of_weights)),
            components: self.components.expand(of_components),
            events: self.events,
        }
    }
}

impl<P: fmt::Display, const D: usize> fmt::Display for Mixture<P, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mixture({}, {})", self.weights, self.components)
    }
}
