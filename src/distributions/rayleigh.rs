//! The Rayleigh distribution.

use burn::tensor::Tensor;
use core::f64::consts::{EULER_GAMMA, LN_2};

use super::powers::{complement, ln_complement, ln_quotient};
use crate::constants::SQRT_HALF_PI;
use crate::distribution::{Entropy, Moments};
use crate::family::{Noise, UnivariateFamily};
use crate::kernel::{DrawFormula, FamilyOps, Real, UnivariateFormulas, masks};
use crate::parameter::{Argument, Parameter, ParameterError, Parametric, resolve};
use crate::{random, support::Support};

/// √(2 − π/2).
const STD_DEV: f64 = 0.655_136_377_562_033_6;

/// The length of a vector of two independent Normals of mean 0 and standard deviation `scale`.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{x}{\sigma^2} \exp\left(-\frac{x^2}{2\sigma^2}\right), \qquad x > 0$$"
)]
#[cfg_attr(not(doc), doc = "`p(x) = x exp(-x² / (2 scale²)) / scale², x > 0`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let scale = Tensor::<1>::from_floats([0.5, 1.0, 4.0], &Device::flex());
/// assert_eq!(Rayleigh::new(scale).sample([3], &mut rand::rng()).dims(), [3]);
/// ```
///
/// # Notes
///
/// Draws that would underflow are the smallest positive number.
#[derive(Clone, Debug)]
pub struct Rayleigh<const D: usize> {
    scale: Tensor<D>,
}

impl<const D: usize> Rayleigh<D> {
    /// Creates a Rayleigh distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `scale`: the standard deviation of each coordinate, and the mode; positive
    ///
    /// # Panics
    ///
    /// If `scale` is a plain number, which has no device.
    pub fn new(scale: impl Into<Argument<D>>) -> Self {
        let [scale] = resolve(Self::NAME, ["scale"], [scale.into()]);
        Self { scale }
    }

    /// Creates a Rayleigh distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first scale that is not positive and finite.
    pub fn try_new(scale: impl Into<Argument<D>>) -> Result<Self, ParameterError> {
        Self::new(scale).validated()
    }

    /// The standard deviation of each coordinate, and the mode.
    pub fn scale(&self) -> Tensor<D> {
        self.scale.clone()
    }
}

/// The formulas, in y = ½ (x/scale)²: the survival function is e^(−y).
struct Formulas;

#[inline(always)]
fn half_square<R: Real>([x, scale]: [R; 2]) -> R {
    masks::below_zero(x, [scale], 0.0, (x / scale).square() * 0.5)
}

/// The same, held where the probability above is 0.
#[inline(always)]
fn held_half_square<R: Real>([x, scale]: [R; 2]) -> R {
    masks::below_zero(x, [scale], 0.0, masks::certain_above(x / scale).square() * 0.5)
}

impl UnivariateFormulas<2> for Formulas {
    const NAME: &'static str = "Rayleigh";
    const INPUTS: [&'static str; 2] = ["value", "scale"];
    const POSITIVE: &'static [usize] = &[1];

    #[inline(always)]
    fn log_density<R: Real>([x, scale]: [R; 2]) -> R {
        // The difference cancels where x is near scale²; the quotient leaves the range elsewhere.
        let (rise, logs) = (x / scale / scale, ln_quotient(x, scale) - scale.ln());
        let ordinary = rise.gt(R::constant(1e-30)) & rise.lt(R::constant(1e30));
        let near = rise.ln().with_slope(R::constant(1.0), logs);
        let inside = R::select(ordinary, near, logs) - half_square([x, scale]);
        // At ∞ it would be ∞ − ∞; the limit at 0 has an infinite slope.
        let beyond = x.le(R::constant(0.0)) | x.equal(R::constant(f64::INFINITY));
        let value = masks::outside(beyond, [scale], f64::NEG_INFINITY, inside);
        // Two signs would cancel in x/scale².
        R::select(scale.lt(R::constant(0.0)), R::constant(f64::NAN), value)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 2]) -> R {
        complement(held_half_square(inputs))
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, scale]: [R; 2]) -> R {
        // The square underflows below 1e-19 in f32, and its logarithm does not.
        let y = held_half_square([x, scale]);
        let inside = ln_complement(ln_quotient(x, scale) * 2.0 - LN_2, y);
        masks::outside(x.le(R::constant(0.0)), [scale], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 2]) -> R {
        (-held_half_square(inputs)).exp()
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 2]) -> R {
        -half_square(inputs)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, scale]: [R; 2]) -> R {
        // ln(1 - p) would lose a small p.
        scale * ((-masks::open_probability(p)).ln_1p() * -2.0).sqrt()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, scale]: [R; 2]) -> R {
        scale * (masks::open_probability(p).ln() * -2.0).sqrt()
    }
}

impl DrawFormula<2> for Formulas {
    #[inline(always)]
    fn draw<R: Real>([noise, scale]: [R; 2]) -> [R; 2] {
        let (length, smallest) = ((noise * 2.0).sqrt(), masks::smallest::<R>());
        let x = scale * length;
        let x = masks::finite(R::select(x.lt(smallest), smallest, x));
        [x, length.ln() - scale.ln() - noise]
    }
}

impl<const D: usize> UnivariateFamily<D> for Rayleigh<D> {
    const FORMULAS: FamilyOps = FamilyOps::new::<2, Formulas>();
    const NOISE: Noise<D> = random::exponential;

    fn range(&self) -> Support {
        Support::Positive
    }
}

impl<const D: usize> Moments<D> for Rayleigh<D> {
    fn mean(&self) -> Tensor<D> {
        self.scale() * SQRT_HALF_PI
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.scale() * STD_DEV
    }

    fn mode(&self) -> Tensor<D> {
        self.scale()
    }
}

impl<const D: usize> Entropy<D> for Rayleigh<D> {
    fn entropy(&self) -> Tensor<D> {
        self.scale().log() + (1.0 + (EULER_GAMMA - LN_2) * 0.5)
    }
}

impl<const D: usize> Parametric<D> for Rayleigh<D> {
    type WithRank<const E: usize> = Rayleigh<E>;
    const NAME: &'static str = "Rayleigh";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("scale", self.scale(), Support::Positive)]
    }

    fn map<const E: usize>(self, mut transform: impl FnMut(Tensor<D>) -> Tensor<E>) -> Rayleigh<E> {
        Rayleigh { scale: transform(self.scale) }
    }
}
