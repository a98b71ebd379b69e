//! The maps that coupling and autoregressive layers apply to each feature.

use burn::config::Config;
use burn::tensor::Tensor;

use super::monotone::{self, monotone};
use crate::kernel::spline::spline;
use crate::kernel::{MultiFormula, Op, Real, SplineShape};

/// The largest |ln scale| of an affine map: scales lie between e^−3 and e^3.
///
/// The unbounded number a of a conditioner becomes 3 tanh(a/3), which is a near 0. A layer so
/// bounded loses at most 2 decimal digits on the way back, and many of them still reach any scale.
pub const LOG_SCALE_BOUND: f64 = 3.0;

/// Configuration of the splines of a layer.
#[derive(Config, Debug, PartialEq)]
pub struct SplineConfig {
    /// The number of bins.
    #[config(default = 8)]
    pub bins: usize,
    /// Half the width of the box outside which a spline is the identity.
    #[config(default = 4.0)]
    pub bound: f64,
    /// Whether the features are positions on circles of circumference 2 · `bound`.
    #[config(default = false)]
    pub circular: bool,
}

/// Configuration of the map of each feature.
#[derive(Config, Debug, PartialEq)]
pub enum ElementConfig {
    /// x + shift (Dinh, Krueger and Bengio 2015).
    Additive,
    /// x · scale + shift (Dinh, Sohl-Dickstein and Bengio 2017).
    Affine,
    /// A monotone rational-quadratic spline (Durkan et al. 2019).
    Spline(SplineConfig),
    /// A monotone network with this many hidden units (Huang et al. 2018).
    Monotone(usize),
}

impl ElementConfig {
    /// The map.
    ///
    /// # Panics
    ///
    /// If a spline has fewer than 2 bins, or its bound is not positive, or a monotone network has no
    /// hidden units.
    pub fn init(&self) -> ElementMap {
        match self {
            Self::Additive => ElementMap::Additive,
            Self::Affine => ElementMap::Affine,
            Self::Monotone(units) => {
                assert!(*units > 0, "a monotone network needs hidden units");
                ElementMap::Monotone(*units)
            }
            Self::Spline(SplineConfig { bins, bound, circular: true }) => {
                ElementMap::Spline(SplineShape::circular(*bins, *bound))
            }
            Self::Spline(SplineConfig { bins, bound, .. }) => {
                ElementMap::Spline(SplineShape::linear(*bins, *bound))
            }
        }
    }
}

/// A monotone map of numbers, whose parameters a network gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ElementMap {
    /// x + shift.
    Additive,
    /// x · e^a + shift, with |a| at most [`LOG_SCALE_BOUND`].
    Affine,
    /// A rational-quadratic spline.
    Spline(SplineShape),
    /// A monotone network with this many hidden units, inverted numerically, with the implicit
    /// gradient.
    Monotone(usize),
}

impl ElementMap {
    /// How many parameters each feature has.
    #[must_use]
    pub fn parameters(&self) -> usize {
        match self {
            Self::Additive => 1,
            Self::Affine => 2,
            Self::Spline(shape) => shape.parameters(),
            Self::Monotone(units) => monotone::parameters(*units),
        }
    }

    /// The feature that each number of a row of parameters belongs to: the shifts of all features
    /// and then their scales, but the parameters of a spline side by side.
    pub(super) fn owners(&self, features: usize) -> Vec<usize> {
        let owner = |at: usize| match self {
            Self::Additive | Self::Affine => at % features,
            Self::Spline(_) | Self::Monotone(_) => at / self.parameters(),
        };
        (0..features * self.parameters()).map(owner).collect()
    }

    /// The image of each number, or its preimage, and the log-determinant of each row; none where
    /// that is 0.
    ///
    /// # Shapes
    ///
    /// - `x`: `[N, F]`
    /// - `parameters`: `[N, F * self.parameters()]`
    /// - output: `[N, F]` and `[N, 1]`
    pub(super) fn apply(
        &self,
        x: Tensor<2>,
        parameters: Tensor<2>,
        inverse: bool,
    ) -> (Tensor<2>, Option<Tensor<2>>) {
        let [_, features] = x.dims();
        match self {
            Self::Additive => (if inverse { x - parameters } else { x + parameters }, None),
            Self::Affine => {
                let shift = parameters.clone().narrow(1, 0, features);
                let scale = parameters.narrow(1, features, features);
                let op = if inverse { &AFFINE_INVERSE } else { &AFFINE };
                let [y, log_scale] = op.apply_all([x, shift, scale]);
                (y, Some(log_scale.sum_dim(1)))
            }
            Self::Spline(shape) => {
                let (y, log_slope) = spline(x, parameters, *shape, inverse);
                (y, Some(log_slope.sum_dim(1)))
            }
            Self::Monotone(units) => {
                let (y, log_slope) = monotone(x, parameters, *units, inverse);
                (y, Some(log_slope.sum_dim(1)))
            }
        }
    }
}

static AFFINE: Op<3, 2> = Op::new::<Affine>();
static AFFINE_INVERSE: Op<3, 2> = Op::new::<AffineInverse>();

/// A smooth bound: unlike a clamp it always has a gradient.
#[inline(always)]
pub(super) fn bounded<R: Real>(a: R) -> R {
    (a * LOG_SCALE_BOUND.recip()).tanh() * LOG_SCALE_BOUND
}

struct Affine;

impl MultiFormula<3, 2> for Affine {
    const NAME: &'static str = "affine_element";
    const INPUTS: [&'static str; 3] = ["x", "shift", "log_scale"];

    #[inline(always)]
    fn evaluate<R: Real>([x, shift, log_scale]: [R; 3]) -> [R; 2] {
        let log_scale = bounded(log_scale);
        [x * log_scale.exp() + shift, log_scale]
    }
}

struct AffineInverse;

impl MultiFormula<3, 2> for AffineInverse {
    const NAME: &'static str = "affine_element_inverse";
    const INPUTS: [&'static str; 3] = ["y", "shift", "log_scale"];

    #[inline(always)]
    fn evaluate<R: Real>([y, shift, log_scale]: [R; 3]) -> [R; 2] {
        let log_scale = bounded(log_scale);
        [(y - shift) * (-log_scale).exp(), -log_scale]
    }
}
