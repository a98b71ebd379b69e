//! Rational-quadratic splines: rows of unnormalised parameters, one spline for each number.

pub(crate) mod bin;
pub(crate) mod composed;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) mod host;
#[cfg(all(test, feature = "flex"))]
mod tests;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::{DType, FloatDType, Tensor};

use super::ops::FormulaOps;

/// What a spline does at the ends of its box [−bound, bound].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplineEnds {
    /// The identity outside, slope 1 on both ends.
    Linear,
    /// One slope for both ends, and f(x + 2 bound) = f(x) + 2 bound: a map of the circle.
    Circular,
}

/// What all splines of a tensor have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplineShape {
    /// The number of bins.
    pub bins: usize,
    /// Half the width of the box.
    pub bound: f64,
    /// What happens at its ends.
    pub ends: SplineEnds,
    /// The smallest width and height of a bin, as a part of the box.
    pub smallest_bin: f64,
    /// The smallest slope at a knot.
    pub smallest_slope: f64,
}

impl SplineShape {
    /// `bins` bins on [−bound, bound] and the identity outside; no bin is smaller than 1/1000 of
    /// the box, and no slope below 1/1000.
    ///
    /// # Panics
    ///
    /// If there are fewer than 2 bins or more than 500, or the bound is not positive and finite.
    #[must_use]
    pub fn linear(bins: usize, bound: f64) -> Self {
        assert!((2..=500).contains(&bins), "a spline has 2 to 500 bins, not {bins}");
        assert!(bound > 0.0 && bound.is_finite(), "the bound {bound} is not positive and finite");
        Self { bins, bound, ends: SplineEnds::Linear, smallest_bin: 1e-3, smallest_slope: 1e-3 }
    }

    /// The same for a circle of circumference 2 · `bound`.
    ///
    /// # Panics
    ///
    /// As [`linear`](Self::linear).
    #[must_use]
    pub fn circular(bins: usize, bound: f64) -> Self {
        Self { ends: SplineEnds::Circular, ..Self::linear(bins, bound) }
    }

    /// How many parameters a spline has: widths, heights, and slopes at the knots that have a
    /// slope of their own.
    #[must_use]
    pub fn parameters(&self) -> usize {
        2 * self.bins + self.slopes()
    }

    fn slopes(&self) -> usize {
        match self.ends {
            SplineEnds::Linear => self.bins - 1,
            SplineEnds::Circular => self.bins,
        }
    }

    /// The part of the box that the softmax shares out.
    fn free(&self) -> f64 {
        1.0 - self.bins as f64 * self.smallest_bin
    }

    /// What is added to an unnormalised slope, so that 0 stands for slope 1.
    fn slope_shift(&self) -> f64 {
        (1.0 - self.smallest_slope).exp_m1().ln()
    }

    /// Where the unnormalised slope at the lower end of a bin stands among the parameters.
    fn lower_slope(&self, bin: usize) -> Option<usize> {
        match self.ends {
            SplineEnds::Linear => bin.checked_sub(1).map(|slope| 2 * self.bins + slope),
            SplineEnds::Circular => Some(2 * self.bins + bin),
        }
    }

    /// The same for its upper end.
    fn upper_slope(&self, bin: usize) -> Option<usize> {
        match self.ends {
            SplineEnds::Linear => (bin + 1 < self.bins).then_some(2 * self.bins + bin),
            SplineEnds::Circular => Some(2 * self.bins + (bin + 1) % self.bins),
        }
    }
}

/// Rational-quadratic splines on a backend (Durkan, Bekasov, Murray and Papamakarios 2019).
///
/// `values` is `[.., F]`, `parameters` `[.., F * P]` with the `P` parameters of a value side by
/// side. The default bodies are composed of the backend's primitives; half precision computes in
/// `f32`.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cubecl-backend"),
    Fusion: cfg(feature = "fusion"),
    Autodiff: cfg(feature = "autodiff"),
)]
pub trait SplineOps: FormulaOps {
    /// The image of each value, or its preimage, and after them along the last dimension the
    /// logarithms of the slopes: `[.., 2 * F]`.
    #[fusion(default)]
    fn spline(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> FloatTensor<Self> {
        let ([values, parameters], dtype) = widened::<Self, 2>([values, parameters]);
        narrowed::<Self>(composed::values::<Self>(values, parameters, shape, inverse), dtype)
    }

    /// The gradients with respect to the values and to the parameters, given that of the result.
    #[fusion(default)]
    fn spline_gradients(
        values: FloatTensor<Self>,
        parameters: FloatTensor<Self>,
        upstream: FloatTensor<Self>,
        shape: SplineShape,
        inverse: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (operands, dtype) = widened::<Self, 3>([values, parameters, upstream]);
        let [values, parameters] = composed::gradients::<Self>(operands, shape, inverse);
        (narrowed::<Self>(values, dtype), narrowed::<Self>(parameters, dtype))
    }
}

/// Half-precision operands compute in `f32`.
fn widened<B: Backend, const N: usize>(
    operands: [FloatTensor<B>; N],
) -> ([FloatTensor<B>; N], DType) {
    let dtype = operands[0].dtype();
    let half = matches!(dtype, DType::F16 | DType::BF16);
    let widen = |x| if half { B::float_cast(x, FloatDType::F32) } else { x };
    (operands.map(widen), dtype)
}

fn narrowed<B: Backend>(result: FloatTensor<B>, dtype: DType) -> FloatTensor<B> {
    if result.dtype() == dtype { result } else { B::float_cast(result, dtype.into()) }
}

/// The images, or the preimages, and the logarithms of the slopes; shapes as for [`SplineOps`].
pub(crate) fn spline<const D: usize>(
    values: Tensor<D>,
    parameters: Tensor<D>,
    shape: SplineShape,
    inverse: bool,
) -> (Tensor<D>, Tensor<D>) {
    let features = values.dims()[D - 1];
    let (values, parameters) = (values.into_dispatch(), parameters.into_dispatch());
    let both = <Dispatch as SplineOps>::spline(values, parameters, shape, inverse);
    let both = Tensor::<D>::from_dispatch(both);
    (both.clone().narrow(D - 1, 0, features), both.narrow(D - 1, features, features))
}
