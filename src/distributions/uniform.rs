//! The continuous uniform distribution.

use burn::tensor::Tensor;

use crate::distribution::{Distribution, Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::random;
use crate::support::Support;

/// 1/√12, the standard deviation in widths.
const HALF_OVER_SQRT_3: f64 = 0.288_675_134_594_812_9;

/// The uniform distribution on the interval from `low` to `high`.
///
#[cfg_attr(doc, doc = r"$$p(x) = \frac{1}{b - a}, \qquad a \le x \le b$$")]
#[cfg_attr(not(doc), doc = "`p(x) = 1 / (high - low), low <= x <= high`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let low = Tensor::<1>::from_floats([-1.0, 0.0, 5.0], &Device::flex());
/// let uniform = Uniform::new(low, 17.0);
/// let x = uniform.sample([3], &mut rand::rng());
/// assert!(x.lower_elem(17.0).all().into_scalar::<bool>());
/// ```
///
/// # Notes
///
/// The density is positive at both ends, but draws stay below `high`. The mode is `low`, the smallest
/// of all points, which are equally likely.
#[derive(Clone, Debug)]
pub struct Uniform<const D: usize> {
    low: Tensor<D>,
    high: Tensor<D>,
}

impl<const D: usize> Uniform<D> {
    /// Creates a uniform distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `low`: the lower end, any finite number
    /// - `high`: the upper end, greater than `low`
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(low: impl Into<Argument<D>>, high: impl Into<Argument<D>>) -> Self {
        let [low, high] = resolve(Self::NAME, ["low", "high"], [low.into(), high.into()]);
        Self { low, high }
    }

    /// Creates a uniform distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite, or of `high` not greater than `low`.
    pub fn try_new(
        low: impl Into<Argument<D>>,
        high: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(low, high).validated()
    }

    /// The lower end.
    pub fn low(&self) -> Tensor<D> {
        self.low.clone()
    }

    /// The upper end.
    pub fn high(&self) -> Tensor<D> {
        self.high.clone()
    }
}

/// ½ε of `f32` times 1 + 2⁻²⁰.
const HALF_ULP_F32: f64 = 0.5 * f32::EPSILON as f64 * (1.0 + 1.0 / 1_048_576.0);
/// ½ε of `f64` times 1 + 2⁻²⁰.
const HALF_ULP_F64: f64 = 0.5 * f64::EPSILON * (1.0 + 1.0 / 1_048_576.0);

/// The formulas.
struct Formulas;

/// `value`, or NaN where the ends are in the wrong order.
#[inline(always)]
fn ordered<R: Real>([low, high]: [R; 2], value: R) -> R {
    R::select(high.lt(low), R::constant(f64::NAN), value)
}

impl UnivariateFormulas<3> for Formulas {
    const NAME: &'static str = "Uniform";
    const INPUTS: [&'static str; 3] = ["value", "low", "high"];

    #[inline(always)]
    fn log_density<R: Real>([x, low, high]: [R; 3]) -> R {
        let beyond = x.lt(low) | x.gt(high);
        // The density does not depend on x, but NaN must come out as NaN.
        let inside = R::select(x.is_nan(), x, -(high - low).ln());
        ordered([low, high], masks::outside(beyond, [low, high], f64::NEG_INFINITY, inside))
    }

    #[inline(always)]
    fn cdf<R: Real>([x, low, high]: [R; 3]) -> R {
        let (below, above) = (x - low, high - x);
        let width = high - low;
        // From the nearer end: the slope in the other one, −1/width and a quotient, would cancel.
        let near = below.lt(above);
        let inside = R::select(near, below / width, -(above / width) + 1.0);
        let inside = masks::outside(x.gt(high), [low], 1.0, inside);
        ordered([low, high], masks::outside(x.lt(low), [high], 0.0, inside))
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, low, high]: [R; 3]) -> R {
        let (below, above) = (x - low, high - x);
        let width = high - low;
        // From the nearer end: the distance to it is exact to its own rounding.
        let near = below.lt(above);
        let inside = R::select(near, (below / width).ln(), (-(above / width)).ln_1p());
        let inside = masks::outside(x.gt(high), [low], 0.0, inside);
        ordered([low, high], masks::outside(x.lt(low), [high], f64::NEG_INFINITY, inside))
    }

    #[inline(always)]
    fn survival<R: Real>([x, low, high]: [R; 3]) -> R {
        Self::cdf([-x, -high, -low])
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, low, high]: [R; 3]) -> R {
        Self::log_cdf([-x, -high, -low])
    }

    #[inline(always)]
    fn quantile<R: Real>([p, low, high]: [R; 3]) -> R {
        let p = masks::probability(p);
        let width = high - low;
        // From the nearer end, so that 0 and 1 give the ends exactly.
        let lower = p.lt(R::constant(0.5));
        ordered([low, high], R::select(lower, low + p * width, high - (-p + 1.0) * width))
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, low, high]: [R; 3]) -> R {
        -Self::quantile([p, -high, -low])
    }
}

/// The largest number below `high` that is not below `low`.
#[inline(always)]
fn below<R: Real>(low: R, high: R) -> R {
    // A little more than half an ULP of a power of two: it rounds to one step down, whether the
    // step is that of the binade of `high` or, at a power of two, half of it. Near 0 the step is
    // the smallest number that is not flushed.
    let half_ulp = if R::double() { HALF_ULP_F64 } else { HALF_ULP_F32 };
    let step = (high.abs() * half_ulp).max(masks::smallest::<R>());
    (high - step).max(low)
}

impl DrawFormula<3> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, low, high]: [R; 3]) -> [R; 2] {
        // Rounding lifts the largest draws to `high` itself where the interval is narrow.
        let x = Formulas::quantile([noise, low, high]).min(below(low, high));
        [x, -(high - low).ln()]
    }
}

impl<const D: usize> UnivariateFamily<D> for Uniform<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<3, Formulas>();
    const NOISE: Noise<D> = random::uniform;

    fn range(&self) -> Support {
        Support::Interval { low: self.low().into(), high: self.high().into() }
    }
}

impl<const D: usize> Moments<D> for Uniform<D> {
    fn mean(&self) -> Tensor<D> {
        // Halves first: the sum of the ends may overflow.
        self.low() * 0.5 + self.high() * 0.5
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        (self.high() - self.low()) * HALF_OVER_SQRT_3
    }

    fn mode(&self) -> Tensor<D> {
        self.low().expand(self.shape())
    }
}

impl<const D: usize> Entropy<D> for Uniform<D> {
    fn entropy(&self) -> Tensor<D> {
        (self.high() - self.low()).log()
    }
}

impl<const D: usize> Parametric<D> for Uniform<D> {
    type WithRank<const E: usize> = Uniform<E>;
    const NAME: &'static str = "Uniform";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("low", self.low(), Support::Real),
            Parameter::new("high", self.high(), Support::GreaterThan(self.low().into())),
        ]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Uniform<E> {
        Uniform { low: transform(self.low), high: transform(self.high) }
    }
}
