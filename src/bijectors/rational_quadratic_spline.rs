//! Monotone rational-quadratic splines.

use burn::tensor::Tensor;

use crate::bijector::{Bijector, Direction};
use crate::kernel::SplineShape;
use crate::kernel::spline::spline;
use crate::support::Support;

/// A monotone spline for each number: a quotient of two quadratics in each bin, with a continuous
/// slope (Durkan, Bekasov, Murray and Papamakarios 2019; the circular form is that of Rezende et
/// al. 2020).
///
/// The parameters are unnormalised, any finite numbers: widths and heights go through a softmax,
/// slopes through a softplus, and zeros give the identity.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let device = Device::flex();
/// let shape = SplineShape::linear(8, 3.0);
/// let parameters = Tensor::<2>::ones([1, 2 * shape.parameters()], &device);
/// let spline = RationalQuadraticSpline::new(parameters, shape);
/// let x = Tensor::<2>::from_floats([[-0.4, 5.0]], &device);
/// let y = spline.forward(x).into_data();
/// assert_eq!(y.as_slice::<f32>().unwrap()[1], 5.0);
/// ```
///
/// # Notes
///
/// The inverse solves a quadratic whose discriminant is computed as a sum that cannot be negative,
/// and its gradient is that of the implicit function.
#[derive(Clone, Debug)]
pub struct RationalQuadraticSpline<const D: usize> {
    pub(super) parameters: Tensor<D>,
    pub(super) shape: SplineShape,
}

impl<const D: usize> RationalQuadraticSpline<D> {
    /// The splines of the given parameters: for each number the unnormalised widths of the bins,
    /// then the heights, then the slopes, at the inner knots from low to high for linear tails, at
    /// all but the last knot on a circle.
    ///
    /// # Shapes
    ///
    /// - `parameters`: `[.., F * shape.parameters()]`
    /// - points: `[.., F]`, broadcasting with the parameters
    ///
    /// # Panics
    ///
    /// If the last dimension of the parameters is no multiple of `shape.parameters()`.
    #[must_use]
    pub fn new(parameters: Tensor<D>, shape: SplineShape) -> Self {
        let (last, each) = (parameters.dims()[D - 1], shape.parameters());
        assert!(
            last.is_multiple_of(each),
            "RationalQuadraticSpline: {last} parameters along the last dimension are no multiple \
             of the {each} of a spline with {} bins",
            shape.bins,
        );
        Self { parameters, shape }
    }

    fn apply(&self, x: Tensor<D>, inverse: bool) -> (Tensor<D>, Tensor<D>) {
        let own = self.parameter_shape();
        let names = ["point", "parameters"];
        let whole =
            crate::parameter::common_shape("RationalQuadraticSpline", &names, &[x.dims(), own]);
        spline(expand(x, whole), self.parameters_for(whole), self.shape, inverse)
    }

    /// The parameters, repeated for points of a shape that they broadcast to.
    pub(super) fn parameters_for(&self, points: [usize; D]) -> Tensor<D> {
        let mut parameters = self.parameters.clone();
        if self.parameter_shape()[D - 1] != points[D - 1] {
            parameters = parameters.repeat_dim(D - 1, points[D - 1]);
        }
        let mut full = points;
        full[D - 1] *= self.shape.parameters();
        expand(parameters, full)
    }
}

fn expand<const D: usize>(x: Tensor<D>, shape: [usize; D]) -> Tensor<D> {
    if x.dims() == shape { x } else { x.expand(shape) }
}

impl<const D: usize> Bijector<D> for RationalQuadraticSpline<D> {
    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        self.apply(x, false)
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        self.apply(y, true)
    }

    fn parameter_shape(&self) -> [usize; D] {
        let mut shape = self.parameters.dims();
        shape[D - 1] /= self.shape.parameters();
        shape
    }

    fn domain(&self) -> Support {
        Support::Real
    }

    fn codomain(&self) -> Support {
        Support::Real
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(Direction::Increasing)
    }
}
