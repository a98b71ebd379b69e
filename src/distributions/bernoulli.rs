//! The Bernoulli distribution.

use core::fmt;
use core::marker::PhantomData;

use burn::tensor::{DType, FloatDType, Int, Tensor};
use rand::Rng;

use super::given::Given;
use crate::distribution::{Distribution, Entropy, Moments, Univariate};
use crate::kernel::law::{UnivariateLaw, UnivariateOps};
use crate::kernel::{Formula, Op, Real};
use crate::parameter::{Parameter, ParameterError, Parametric, check_sample_shape};
use crate::random::{self, Key};
use crate::support::Support;

/// The Bernoulli distribution on {0, 1}, given the log-odds or the probability of 1.
///
#[cfg_attr(doc, doc = r"$$P(X = 1) = p = \frac{1}{1 + e^{-\ell}}$$")]
#[cfg_attr(not(doc), doc = "`P(X = 1) = p = 1/(1 + exp(-logit))`")]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let logits = Tensor::<2>::from_floats([[-1.0, 0.0, 100.0]], &Device::flex());
/// let coin = Bernoulli::from_logits(logits);
/// let x = coin.sample([5, 3], &mut rand::rng());
/// assert_eq!(coin.log_prob(x).dims(), [5, 3]);
/// ```
///
/// # Notes
///
/// The parameter is kept as it was given: with logits both probabilities keep relative accuracy
/// however close to 0 they are. A value that has probability 0 lies outside the support: its
/// log-probability is −∞ and has gradient zero.
#[derive(Clone, Debug)]
pub struct Bernoulli<const D: usize> {
    parameter: Tensor<D>,
    given: Given,
}

impl<const D: usize> Bernoulli<D> {
    /// Creates a Bernoulli distribution from the log-odds ln(p/(1 − p)) of 1, any number. Values
    /// are not read back.
    #[must_use]
    pub fn from_logits(logits: Tensor<D>) -> Self {
        Self { parameter: logits, given: Given::Logits }
    }

    /// Creates a Bernoulli distribution from the probability of 1, in [0, 1]. Values are not read
    /// back.
    #[must_use]
    pub fn from_probs(probs: Tensor<D>) -> Self {
        Self { parameter: probs, given: Given::Probs }
    }

    /// As [`from_logits`](Self::from_logits), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element that is not finite.
    pub fn try_from_logits(logits: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_logits(logits).validated()
    }

    /// As [`from_probs`](Self::from_probs), and checks the values, reading them back once.
    ///
    /// # Errors
    ///
    /// The first element outside [0, 1].
    pub fn try_from_probs(probs: Tensor<D>) -> Result<Self, ParameterError> {
        Self::from_probs(probs).validated()
    }

    /// The log-odds of 1.
    #[must_use]
    pub fn logits(&self) -> Tensor<D> {
        match self.given {
            Given::Logits => self.parameter.clone(),
            Given::Probs => LOGIT.apply([self.parameter.clone()]),
        }
    }

    /// The probability of 1.
    #[must_use]
    pub fn probs(&self) -> Tensor<D> {
        match self.given {
            Given::Logits => self.apply(&self.ops().mean),
            Given::Probs => self.parameter.clone(),
        }
    }

    fn ops(&self) -> &'static Ops {
        match self.given {
            Given::Logits => &FROM_LOGITS,
            Given::Probs => &FROM_PROBS,
        }
    }

    fn apply(&self, op: &Op<1>) -> Tensor<D> {
        op.apply([self.parameter.clone()])
    }

    fn with(&self, value: Tensor<D, Int>) -> [Tensor<D>; 2] {
        let value = value.cast(FloatDType::from(self.parameter.dtype()));
        [value, self.parameter.clone()]
    }
}

/// What a parameter says about both values.
trait Odds: Send + Sync + 'static {
    const INPUT: &'static str;
    /// P(X = 0) and P(X = 1).
    fn probs<R: Real>(parameter: R) -> [R; 2];
    /// Their logarithms.
    fn log_probs<R: Real>(parameter: R) -> [R; 2];
    /// Positive where 1 is likelier than 0, by however little.
    fn excess<R: Real>(parameter: R) -> R;
    /// √(P(X = 0) P(X = 1)).
    fn std_dev<R: Real>(parameter: R) -> R;
}

struct FromLogits;

impl Odds for FromLogits {
    const INPUT: &'static str = "logits";

    #[inline(always)]
    fn probs<R: Real>(logit: R) -> [R; 2] {
        [(-logit).sigmoid(), logit.sigmoid()]
    }

    #[inline(always)]
    fn log_probs<R: Real>(logit: R) -> [R; 2] {
        [(-logit).log_sigmoid(), logit.log_sigmoid()]
    }

    #[inline(always)]
    fn excess<R: Real>(logit: R) -> R {
        logit
    }

    #[inline(always)]
    fn std_dev<R: Real>(logit: R) -> R {
        // The square root of the product would underflow at half the logit.
        let a = logit.abs();
        (a * -0.5).exp() / ((-a).exp() + 1.0)
    }
}

struct FromProbs;

impl Odds for FromProbs {
    const INPUT: &'static str = "probs";

    #[inline(always)]
    fn probs<R: Real>(p: R) -> [R; 2] {
        let p = valid(p);
        [-p + 1.0, p]
    }

    #[inline(always)]
    fn log_probs<R: Real>(p: R) -> [R; 2] {
        // An impossible value is outside the support: a constant, so that no 1/0 is its gradient.
        let p = valid(p);
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let never = R::constant(f64::NEG_INFINITY);
        [R::select(p.equal(one), never, (-p).ln_1p()), R::select(p.equal(zero), never, p.ln())]
    }

    #[inline(always)]
    fn excess<R: Real>(p: R) -> R {
        p - 0.5
    }

    #[inline(always)]
    fn std_dev<R: Real>(p: R) -> R {
        let p = valid(p);
        // √p √(1 - p): the product would underflow for subnormal p.
        p.sqrt() * (-p + 1.0).sqrt()
    }
}

/// NaN for what is no probability.
#[inline(always)]
fn valid<R: Real>(p: R) -> R {
    let inside = p.ge(R::constant(0.0)) & p.le(R::constant(1.0));
    R::select(inside, p, R::constant(f64::NAN))
}

/// All formulas of one parameterisation.
struct Ops {
    law: UnivariateOps<2>,
    mean: Op<1>,
    variance: Op<1>,
    std_dev: Op<1>,
    mode: Op<1>,
    entropy: Op<1>,
    log_prob_of_one: Op<1>,
}

static FROM_LOGITS: Ops = Ops::new::<FromLogits>();
static FROM_PROBS: Ops = Ops::new::<FromProbs>();
static LOGIT: Op<1> = Op::new::<Logit>();

impl Ops {
    const fn new<O: Odds>() -> Self {
        Self {
            law: UnivariateOps::new::<Law<O>>(),
            mean: Op::new::<Summary<O, 0>>(),
            variance: Op::new::<Summary<O, 1>>(),
            std_dev: Op::new::<Summary<O, 2>>(),
            mode: Op::new::<Summary<O, 3>>(),
            entropy: Op::new::<Summary<O, 4>>(),
            log_prob_of_one: Op::new::<Summary<O, 5>>(),
        }
    }
}

/// The formulas of a value and the parameter.
struct Law<O>(PhantomData<fn() -> O>);

/// `below` for values below 0, `at_zero` from 0 to 1, `above` from 1 on; NaN for a parameter that
/// is.
#[inline(always)]
fn step<R: Real>(x: R, below: f64, at_zero: R, above: f64) -> R {
    let (zero, one) = (R::constant(0.0), R::constant(1.0));
    let outside = R::select(x.lt(zero), R::constant(below), R::constant(above));
    let inside = (x.ge(zero) & x.lt(one)) | x.is_nan() | at_zero.is_nan();
    R::select(inside, at_zero, outside)
}

impl<O: Odds> UnivariateLaw<2> for Law<O> {
    const NAME: &'static str = "Bernoulli";
    const INPUTS: [&'static str; 2] = ["value", O::INPUT];

    #[inline(always)]
    fn log_density<R: Real>([x, parameter]: [R; 2]) -> R {
        let [zero, one] = O::log_probs(parameter);
        let outside = R::select(parameter.is_nan(), zero, R::constant(f64::NEG_INFINITY));
        let not_one = R::select(x.equal(R::constant(0.0)), zero, outside);
        R::select(x.equal(R::constant(1.0)), one, not_one)
    }

    #[inline(always)]
    fn cdf<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, 0.0, O::probs(parameter)[0], 1.0)
    }

    #[inline(always)]
    fn log_cdf<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, f64::NEG_INFINITY, O::log_probs(parameter)[0], 0.0)
    }

    #[inline(always)]
    fn survival<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, 1.0, O::probs(parameter)[1], 0.0)
    }

    #[inline(always)]
    fn log_survival<R: Real>([x, parameter]: [R; 2]) -> R {
        step(x, 0.0, O::log_probs(parameter)[1], f64::NEG_INFINITY)
    }

    #[inline(always)]
    fn quantile<R: Real>([level, parameter]: [R; 2]) -> R {
        let [p0, p1] = O::probs(parameter);
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        // Compared in the nearer tail: 1 - level is exact in the upper half.
        let upper = level.gt(R::constant(0.5));
        let tail = R::select(upper, p1, level);
        let past = R::select(upper, -level + 1.0, p0).lt(tail) | p0.equal(zero);
        let possible = past & p1.gt(zero);
        let inside = level.ge(zero) & level.le(one) & !parameter.is_nan();
        R::select(inside, R::select(possible, one, zero), R::constant(-1.0))
    }
}

/// The formulas of the parameter alone, in the order of [`Ops`].
struct Summary<O, const WHICH: usize>(PhantomData<fn() -> O>);

impl<O: Odds, const WHICH: usize> Formula<1> for Summary<O, WHICH> {
    const NAME: &'static str = "Bernoulli";
    const INPUTS: [&'static str; 1] = [O::INPUT];

    #[inline(always)]
    fn evaluate<R: Real>([parameter]: [R; 1]) -> R {
        let zero = R::constant(0.0);
        let [p0, p1] = O::probs(parameter);
        match WHICH {
            0 => p1,
            1 => p0 * p1,
            2 => O::std_dev(parameter),
            3 => R::select(O::excess(parameter).gt(zero), R::constant(1.0), zero),
            4 => {
                let [log_p0, log_p1] = O::log_probs(parameter);
                // 0 ln 0 = 0. Both terms have one sign: nothing cancels.
                let at_zero = R::select(p0.equal(zero), zero, p0 * log_p0);
                let at_one = R::select(p1.equal(zero), zero, p1 * log_p1);
                -(at_zero + at_one)
            }
            _ => O::log_probs(parameter)[1],
        }
    }
}

/// ln(p/(1 − p)).
struct Logit;

impl Formula<1> for Logit {
    const NAME: &'static str = "Bernoulli";
    const INPUTS: [&'static str; 1] = ["probs"];

    #[inline(always)]
    fn evaluate<R: Real>([p]: [R; 1]) -> R {
        // ln p - ln(1 - p) cancels around p = 1/2, where 2p - 1 is exact: 2 atanh(2p - 1).
        let s = p * 2.0 - 1.0;
        let near = s.ln_1p() - (-s).ln_1p();
        let far = p.ln() - (-p).ln_1p();
        R::select(s.abs().lt(R::constant(0.5)), near, far)
    }
}

impl<const D: usize> Distribution<D> for Bernoulli<D> {
    type Kind = Int;

    fn shape(&self) -> [usize; D] {
        self.parameter.dims()
    }

    fn support(&self) -> Support {
        Support::Boolean
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, Int> {
        check_sample_shape(Self::NAME, self.shape(), shape);
        let threshold = -self.apply(&self.ops().log_prob_of_one).detach();
        let dtype = match threshold.dtype() {
            DType::F64 => DType::F64,
            _ => DType::F32,
        };
        let threshold = threshold.cast(FloatDType::from(dtype)).expand(shape);
        let device = threshold.device();
        // u < p as -ln u > -ln p: an exponential draw resolves probabilities of 2^-33 at both
        // ends, a uniform one only 2^-24. It is positive and finite, so p = 0 never gives a 1 and
        // p = 1 never a 0.
        let noise = random::exponential(shape, Key::from_rng(rng), &device, dtype);
        noise.greater(threshold).int()
    }

    fn log_prob(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.log_density.apply(self.with(value))
    }
}

impl<const D: usize> Univariate<D> for Bernoulli<D> {
    fn cdf(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.cdf.apply(self.with(value))
    }

    fn log_cdf(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.log_cdf.apply(self.with(value))
    }

    fn survival(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.survival.apply(self.with(value))
    }

    fn log_survival(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.ops().law.log_survival.apply(self.with(value))
    }

    /// The smallest value of positive probability with P(X ≤ value) ≥ `probability`. There is no
    /// NaN among integers: outside [0, 1] the answer is −1.
    fn quantile(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        let quantile = &self.ops().law.quantile;
        quantile.apply([probability, self.parameter.clone()]).detach().int()
    }
}

impl<const D: usize> Moments<D> for Bernoulli<D> {
    fn mean(&self) -> Tensor<D> {
        self.probs()
    }

    fn variance(&self) -> Tensor<D> {
        self.apply(&self.ops().variance)
    }

    fn std_dev(&self) -> Tensor<D> {
        self.apply(&self.ops().std_dev)
    }

    fn mode(&self) -> Tensor<D, Int> {
        self.apply(&self.ops().mode).detach().int()
    }
}

impl<const D: usize> Entropy<D> for Bernoulli<D> {
    fn entropy(&self) -> Tensor<D> {
        self.apply(&self.ops().entropy)
    }
}

impl<const D: usize> Parametric<D> for Bernoulli<D> {
    type WithRank<const E: usize> = Bernoulli<E>;
    const NAME: &'static str = "Bernoulli";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter {
            name: self.given.name(),
            value: self.parameter.clone(),
            support: match self.given {
                Given::Logits => Support::Real,
                Given::Probs => Support::Interval { low: 0.0.into(), high: 1.0.into() },
            },
        }]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Bernoulli<E> {
        Bernoulli { parameter: transform(self.parameter), given: self.given }
    }
}

impl<const D: usize> fmt::Display for Bernoulli<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}
