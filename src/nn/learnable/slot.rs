//! One parameter of a learnable distribution.

use burn::module::Param;
use burn::tensor::Tensor;

use super::onto::Onto;
use super::{Positivity, param};
use crate::parameter::Parameter;
use crate::support::{Bound, Support};

/// One parameter: its tensor, and the way from there to its value.
#[derive(Clone, Debug)]
pub(super) struct Slot<const D: usize> {
    /// Its name in the record.
    pub(super) name: String,
    /// Unconstrained, or the value itself where that is held.
    pub(super) param: Param<Tensor<D>>,
    /// Where the value must lie, as it was at the start.
    pub(super) support: Support,
    pub(super) way: Way,
}

/// From the tensor to the value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    Held,
    Onto {
        positivity: Positivity,
        /// Whether some element was on the edge of its support at the start.
        edges: bool,
    },
}

impl<const D: usize> Slot<D> {
    pub(super) fn new(
        name: String,
        parameter: Parameter<D>,
        positivity: Positivity,
        held: bool,
    ) -> Self {
        let Parameter { value, support, .. } = parameter;
        let onto = if held { None } else { Onto::new(&support, positivity) };
        let Some(onto) = onto else {
            return Self { name, param: param(value, true), support, way: Way::Held };
        };
        // A bound that is a parameter of its own may be wider than what it bounds.
        let unconstrained = onto.inverse(value);
        // A matrix has no edge that a distribution could be on.
        let edges =
            onto.is_elementwise() && !unconstrained.clone().is_finite().all().into_scalar::<bool>();
        let way = Way::Onto { positivity, edges };
        Self { name, param: param(unconstrained, false), support, way }
    }

    pub(super) fn is_held(&self) -> bool {
        matches!(self.way, Way::Held)
    }

    /// Whether the constraint is made of other parameters.
    pub(super) fn follows_others(&self) -> bool {
        let bounds: [Option<&Bound>; 2] = match &self.support {
            Support::Interval { low, high } => [Some(low), Some(high)],
            Support::AtLeast(bound) | Support::GreaterThan(bound) | Support::Above(bound) => {
                [Some(bound), None]
            }
            _ => [None, None],
        };
        !self.is_held()
            && bounds.into_iter().flatten().any(|bound| matches!(bound, Bound::Tensor(_)))
    }

    /// The value, in `support`.
    pub(super) fn value(&self, support: &Support) -> Tensor<D> {
        let tensor = self.param.val();
        let Way::Onto { positivity, edges } = self.way else {
            // Even if the module is told to train all it has: nothing would keep it in its support.
            return tensor.detach().set_require_grad(false);
        };
        let onto = Onto::new(support, positivity).expect("the kind of support does not change");
        if edges { beside_edges(&onto, tensor) } else { onto.forward(tensor) }
    }
}

/// `onto.forward`, but without gradient where the point is infinite: there the slope of a bijector
/// is 0 or ∞, and its product with another ∞ or 0 would be NaN.
fn beside_edges<const D: usize>(onto: &Onto<D>, point: Tensor<D>) -> Tensor<D> {
    let edge = point.clone().is_finite().bool_not();
    let inside = onto.forward(point.clone().mask_fill(edge.clone(), 0.0));
    let at_edge = onto.forward(point.detach());
    let edge = edge.expand(inside.dims());
    inside.mask_where(edge, at_edge)
}
