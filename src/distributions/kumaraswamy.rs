//! The Kumaraswamy distribution.

mod moments;

use burn::tensor::{Float, Tensor};
use core::fmt;
use rand::Rng;

use super::powers::{complement, ln_complement};
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized, Tail, Univariate};
use crate::kernel::law::{UnivariateLaw, UnivariateOps};
use crate::kernel::{MultiFormula, Op, Real, masks};
use crate::parameter::{
    Argument, Parameter, ParameterError, Parametric, check_sample_shape, common_shape, resolve,
};
use crate::random::{self, Key};
use crate::support::Support;

/// The Kumaraswamy distribution on the unit interval: like the Beta of the same concentrations, with
/// a distribution function in closed form.
///
#[cfg_attr(doc, doc = r"$$p(x) = a b\, x^{a-1} (1 - x^a)^{b-1}, \qquad 0 < x < 1$$")]
#[cfg_attr(not(doc), doc = "`p(x) = a b x^(a - 1) (1 - x^a)^(b - 1), 0 < x < 1`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let concentration1 = Tensor::<2>::from_floats([[0.5, 1.0, 20.0]], &Device::flex());
/// let fraction = Kumaraswamy::new(concentration1, 2.0);
/// let x = fraction.rsample([4, 3], &mut rand::rng());
/// assert_eq!(fraction.log_prob(x).dims(), [4, 3]);
/// ```
///
/// # Notes
///
/// At 0 and 1 the density is its limit: +∞, a number or 0 as the concentration there is below, at or
/// above 1. Draws stay inside the open interval.
#[derive(Clone, Debug)]
pub struct Kumaraswamy<const D: usize> {
    concentration1: Tensor<D>,
    concentration0: Tensor<D>,
}

impl<const D: usize> Kumaraswamy<D> {
    /// Creates a Kumaraswamy distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `concentration1`: the power a at 0, positive
    /// - `concentration0`: the power b at 1, positive
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or both are plain numbers.
    pub fn new(
        concentration1: impl Into<Argument<D>>,
        concentration0: impl Into<Argument<D>>,
    ) -> Self {
        let arguments = [concentration1.into(), concentration0.into()];
        let [concentration1, concentration0] = resolve(Self::NAME, Self::PARAMETERS, arguments);
        Self { concentration1, concentration0 }
    }

    const PARAMETERS: [&str; 2] = ["concentration1", "concentration0"];

    /// Creates a Kumaraswamy distribution and checks its parameters, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    pub fn try_new(
        concentration1: impl Into<Argument<D>>,
        concentration0: impl Into<Argument<D>>,
    ) -> Result<Self, ParameterError> {
        Self::new(concentration1, concentration0).validated()
    }

    /// The power at 0.
    #[must_use]
    pub fn concentration1(&self) -> Tensor<D> {
        self.concentration1.clone()
    }

    /// The power at 1.
    #[must_use]
    pub fn concentration0(&self) -> Tensor<D> {
        self.concentration0.clone()
    }

    fn with(&self, value: Tensor<D>) -> [Tensor<D>; 3] {
        [value, self.concentration1(), self.concentration0()]
    }
}

/// The formulas.
struct Law;

static OPS: UnivariateOps<3> = UnivariateOps::new::<Law>();

/// ln x for x in [0, 1].
#[inline(always)]
fn ln_unit<R: Real>(x: R) -> R {
    // Near 1 with the digits of x − 1, which is exact.
    R::select(x.gt(R::constant(0.5)), (x - 1.0).ln_1p(), x.ln())
}

/// y = −b ln(1 − xᵃ), whose exponential e^(−y) is the survival function, and ln y.
#[inline(always)]
fn hazard<R: Real>([x, a, b]: [R; 3]) -> [R; 2] {
    let v = -(a * ln_unit(x));
    // xᵃ underflows above v = 88 in f32, where y is b xᵃ and may be a number again.
    let far = v.gt(R::constant(20.0));
    let rest = -v.log1mexp();
    let log_rest = R::select(far, (-v).exp() * 0.5 - v, rest.ln());
    let log = b.ln() + log_rest;
    [R::select(far, log.exp(), b * rest), log]
}

/// `below` for x ≤ 0, `above` for x ≥ 1, `inside` elsewhere.
#[inline(always)]
fn placed<R: Real>([x, a, b]: [R; 3], below: f64, above: f64, inside: R) -> R {
    let inside = masks::outside(x.ge(R::constant(1.0)), [a, b], above, inside);
    masks::outside(x.le(R::constant(0.0)), [a, b], below, inside)
}

impl UnivariateLaw<3> for Law {
    const NAME: &'static str = "Kumaraswamy";
    const INPUTS: [&'static str; 3] = ["value", "concentration1", "concentration0"];

    #[inline(always)]
    fn log_density<R: Real>([x, a, b]: [R; 3]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let (none, infinite) = (R::constant(f64::NEG_INFINITY), R::constant(f64::INFINITY));
        let log = ln_unit(x);
        let at = a * log;
        // Far below 1 xᵃ underflows, and its derivative meets one that overflows.
        let vanished = at.lt(R::constant(if R::double() { -708.0 } else { -87.0 }));
        let rest = R::select(vanished, zero, (-at).log1mexp());
        let inside = a.ln() + b.ln() + (at - log) + (b - 1.0) * rest;
        // At an end the density is that of the other concentration, or a limit.
        let limit = |own: R, other: R| {
            let number = R::select(own.lt(one), infinite, none);
            R::select(own.equal(one), other.ln(), number)
        };
        let known = !a.is_nan() & !b.is_nan();
        let inside = R::select(x.equal(zero) & known, limit(a, b), inside);
        let inside = R::select(x.equal(one) & known, limit(b, a), inside);
        masks::outside(x.lt(zero) | x.gt(one), [a, b], f64::NEG_INFINITY, inside)
    }

    #[inline(always)]
    fn cdf<R: Real>(inputs: [R; 3]) -> R {
        let [y, _] = hazard(inputs);
        placed(inputs, 0.0, 1.0, complement(y))
    }

    #[inline(always)]
    fn log_cdf<R: Real>(inputs: [R; 3]) -> R {
        let [y, log] = hazard(inputs);
        placed(inputs, f64::NEG_INFINITY, 0.0, ln_complement(log, y))
    }

    #[inline(always)]
    fn survival<R: Real>(inputs: [R; 3]) -> R {
        let [y, _] = hazard(inputs);
        placed(inputs, 1.0, 0.0, (-y).exp())
    }

    #[inline(always)]
    fn log_survival<R: Real>(inputs: [R; 3]) -> R {
        let [y, _] = hazard(inputs);
        placed(inputs, 0.0, f64::NEG_INFINITY, -y)
    }

    #[inline(always)]
    fn quantile<R: Real>([p, a, b]: [R; 3]) -> R {
        // ln(1 - p) would lose a small p.
        (log_power(-(-masks::probability(p)).ln_1p(), b) / a).exp()
    }

    #[inline(always)]
    fn upper_quantile<R: Real>([p, a, b]: [R; 3]) -> R {
        (log_power(-masks::probability(p).ln(), b) / a).exp()
    }
}

/// ln xᵃ where the survival function is e^(−y): ln(1 − e^(−y/b)).
#[inline(always)]
fn log_power<R: Real>(y: R, b: R) -> R {
    ln_complement(y.ln() - b.ln(), y / b)
}

/// A draw from standard exponential noise, with its log-density.
struct Draw;

static DRAW: Op<3, 2> = Op::new::<Draw>();

impl MultiFormula<3, 2> for Draw {
    const NAME: &'static str = "Kumaraswamy";
    const INPUTS: [&'static str; 3] = ["noise", "concentration1", "concentration0"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, a, b]: [R; 3]) -> [R; 2] {
        let log = log_power(noise, b);
        let density = a.ln() + b.ln() + (log - log / a) + (noise / b - noise);
        // Small concentrations take draws to where only the ends are numbers.
        let half_step = if R::double() { f64::EPSILON } else { f64::from(f32::EPSILON) } * 0.5;
        let (smallest, largest) = (masks::smallest::<R>(), R::constant(1.0 - half_step));
        let x = (log / a).exp();
        let x = R::select(x.gt(largest), largest, x);
        [R::select(x.lt(smallest), smallest, x), density]
    }
}

impl<const D: usize> Distribution<D> for Kumaraswamy<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let shapes = [self.concentration1.dims(), self.concentration0.dims()];
        common_shape(Self::NAME, &Self::PARAMETERS, &shapes)
    }

    fn support(&self) -> Support {
        Support::UnitInterval
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        OPS.log_density.apply(self.with(value))
    }
}

impl<const D: usize> Reparameterized<D> for Kumaraswamy<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample_and_log_prob(shape, rng).0
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let (device, dtype) = (self.concentration1.device(), self.concentration1.dtype());
        let noise = random::exponential(shape, Key::from_rng(rng), &device, dtype);
        DRAW.apply_all(self.with(noise)).into()
    }
}

impl<const D: usize> Univariate<D> for Kumaraswamy<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        OPS.tail(tail).apply(self.with(value))
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        OPS.quantile.apply(self.with(probability))
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        OPS.upper_quantile.apply(self.with(probability))
    }
}

impl<const D: usize> Moments<D> for Kumaraswamy<D> {
    fn mean(&self) -> Tensor<D> {
        moments::MEAN.apply([self.concentration1(), self.concentration0()])
    }

    fn variance(&self) -> Tensor<D> {
        self.std_dev().square()
    }

    fn std_dev(&self) -> Tensor<D> {
        moments::STD_DEV.apply([self.concentration1(), self.concentration0()])
    }

    fn mode(&self) -> Tensor<D> {
        moments::MODE.apply([self.concentration1(), self.concentration0()])
    }
}

impl<const D: usize> Entropy<D> for Kumaraswamy<D> {
    fn entropy(&self) -> Tensor<D> {
        moments::ENTROPY.apply([self.concentration1(), self.concentration0()])
    }
}

impl<const D: usize> Parametric<D> for Kumaraswamy<D> {
    type WithRank<const E: usize> = Kumaraswamy<E>;
    const NAME: &'static str = "Kumaraswamy";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![
            Parameter::new("concentration1", self.concentration1(), Support::Positive),
            Parameter::new("concentration0", self.concentration0(), Support::Positive),
        ]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Kumaraswamy<E> {
        let [concentration1, concentration0] =
            [self.concentration1, self.concentration0].map(&mut transform);
        Kumaraswamy { concentration1, concentration0 }
    }
}

impl<const D: usize> fmt::Display for Kumaraswamy<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
