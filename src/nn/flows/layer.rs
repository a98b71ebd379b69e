//! What a layer of a flow can do.

use core::fmt::Debug;

use burn::module::{Module, ModuleDisplay};
use burn::tensor::Tensor;

use super::{
    ActNorm, Autoregressive, Coupling, FlowBatchNorm, LuLinear, Permutation, Planar, Radial,
    Sylvester,
};
use crate::bijector::Bijector;
use crate::parameter::common_shape;
use crate::support::Support;

/// An invertible Burn module over rows `[N, features]`, given an optional context.
///
/// Layers made for a context need one of as many features, and those made for none refuse one.
/// [`Permutation`], [`LuLinear`], [`ActNorm`] and [`FlowBatchNorm`] depend on no context, and accept
/// any: they stand in flows of both kinds.
pub trait FlowLayer: Module + ModuleDisplay + Debug + Sync {
    /// The features of a row.
    fn features(&self) -> usize;

    /// From noise to data: the image of each row and ln |det| of the map there.
    ///
    /// # Shapes
    ///
    /// - `x`: `[N, features]`
    /// - `context`: `[N, context]`, or `[1, context]` for all rows
    /// - output: `[N, features]` and `[N, 1]`
    ///
    /// # Panics
    ///
    /// If the shapes are not those that the layer was made for.
    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>);

    /// From data to noise: the preimage of each row and ln |det| of the inverse map there, with
    /// shapes as for [`forward`](Self::forward).
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward).
    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>);

    /// Whether the log-determinant is the same at every point.
    fn is_constant_jacobian(&self) -> bool {
        false
    }

    /// The layer as a plain bijector, given a context.
    fn condition(&self, context: Option<Tensor<2>>) -> Conditioned<Self> {
        Conditioned { layer: self.clone(), context }
    }
}

/// A layer and the context it is given, made by [`FlowLayer::condition`].
#[derive(Clone, Debug)]
pub struct Conditioned<L> {
    layer: L,
    context: Option<Tensor<2>>,
}

impl<L> Conditioned<L> {
    /// The layer.
    pub fn layer(&self) -> &L {
        &self.layer
    }

    /// The context.
    pub fn context(&self) -> Option<&Tensor<2>> {
        self.context.as_ref()
    }
}

impl<L: FlowLayer> Conditioned<L> {
    /// Points in the shape that they and the layer broadcast to: a row for each context.
    fn rows(&self, points: Tensor<2>) -> Tensor<2> {
        let (own, given) = (self.parameter_shape(), points.dims());
        let whole = common_shape("Conditioned", &["points", "layer"], &[given, own]);
        if given == whole { points } else { points.expand(whole) }
    }
}

impl<L: FlowLayer> Bijector<2> for Conditioned<L> {
    fn forward_and_log_det(&self, x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        self.layer.forward(self.rows(x), self.context())
    }

    fn inverse_and_log_det(&self, y: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        self.layer.inverse(self.rows(y), self.context())
    }

    fn parameter_shape(&self) -> [usize; 2] {
        [self.context().map_or(1, |context| context.dims()[0]), self.layer.features()]
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::Real
    }

    fn is_constant_jacobian(&self) -> bool {
        self.layer.is_constant_jacobian()
    }
}

/// Any layer of this crate, for flows whose layers are of several kinds.
#[derive(Module, Debug)]
pub enum Layer {
    /// A coupling layer.
    Coupling(Coupling),
    /// An autoregressive layer.
    Autoregressive(Autoregressive),
    /// Another order of the features.
    Permutation(Permutation),
    /// An invertible linear map.
    LuLinear(LuLinear),
    /// Scales and shifts set from data.
    ActNorm(ActNorm),
    /// Batch normalisation.
    BatchNorm(FlowBatchNorm),
    /// A planar flow.
    Planar(Planar),
    /// A radial flow.
    Radial(Radial),
    /// A Sylvester flow.
    Sylvester(Sylvester),
}

impl Layer {
    /// The layer itself, by what it can do.
    fn each<T>(&self, with: impl FnOnce(&dyn Steps) -> T) -> T {
        match self {
            Self::Coupling(layer) => with(layer),
            Self::Autoregressive(layer) => with(layer),
            Self::Permutation(layer) => with(layer),
            Self::LuLinear(layer) => with(layer),
            Self::ActNorm(layer) => with(layer),
            Self::BatchNorm(layer) => with(layer),
            Self::Planar(layer) => with(layer),
            Self::Radial(layer) => with(layer),
            Self::Sylvester(layer) => with(layer),
        }
    }
}

/// The part of [`FlowLayer`] that does not need the type.
trait Steps {
    fn features(&self) -> usize;
    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>);
    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>);
    fn is_constant_jacobian(&self) -> bool;
}

impl<L: FlowLayer> Steps for L {
    fn features(&self) -> usize {
        FlowLayer::features(self)
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        FlowLayer::forward(self, x, context)
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        FlowLayer::inverse(self, y, context)
    }

    fn is_constant_jacobian(&self) -> bool {
        FlowLayer::is_constant_jacobian(self)
    }
}

impl FlowLayer for Layer {
    fn features(&self) -> usize {
        self.each(|layer| layer.features())
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        self.each(|layer| layer.forward(x, context))
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        self.each(|layer| layer.inverse(y, context))
    }

    fn is_constant_jacobian(&self) -> bool {
        self.each(|layer| layer.is_constant_jacobian())
    }
}

/// A log-determinant of 0 for each row.
pub(super) fn no_change(rows: &Tensor<2>) -> Tensor<2> {
    Tensor::zeros([rows.dims()[0], 1], (&rows.device(), rows.dtype()))
}
