//! What the laws of counts 0, 1, 2, … share: their integers, their distribution functions as
//! handles, and quantiles by search.

mod quantile;

use core::marker::PhantomData;

use burn::tensor::{FloatDType, Int, IntDType, Tensor};

use super::powers::ln_quotient;
use crate::constants::LN_TWO_PI;
use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real};
pub(super) use quantile::QuantileOps;

/// Counts as floats of the precision of `like`, in which formulas read them.
pub(super) fn float<const D: usize>(value: Tensor<D, Int>, like: &Tensor<D>) -> Tensor<D> {
    value.cast(FloatDType::from(like.dtype()))
}

/// A parameter as draws read it: without gradient, and in `f32` where it is in half precision, which
/// would round counts and rates.
pub(super) fn precise<const D: usize>(parameter: Tensor<D>) -> Tensor<D> {
    match FloatDType::from(parameter.dtype()) {
        FloatDType::F64 => parameter.detach(),
        _ => parameter.detach().cast(FloatDType::F32),
    }
}

/// Whole numbers as integers of the device's own type; beyond it the largest float inside.
pub(super) fn whole<const D: usize>(counts: Tensor<D>) -> Tensor<D, Int> {
    let counts = counts.detach();
    let wide = matches!(counts.device().settings().int_dtype, IntDType::I64 | IntDType::U64);
    let double = FloatDType::from(counts.dtype()) == FloatDType::F64;
    let largest = match (wide, double) {
        (true, true) => 9_223_372_036_854_774_784.0,
        (true, false) => 9_223_371_487_098_961_920.0,
        (false, true) => 2_147_483_647.0,
        (false, false) => 2_147_483_520.0,
    };
    // Half precision has neither number.
    let counts = if double { counts } else { counts.cast(FloatDType::F32) };
    counts.clamp_max(largest).int()
}

/// k ln(k/m) − k + m ≥ 0 for k > 0 and m ≥ 0, the deviance of Loader (2000): how much less likely
/// than its mean m a count of k is.
#[inline(always)]
pub(super) fn deviance<R: Real>(k: R, m: R) -> R {
    // The difference of the logarithms would lose the digits that each has in front.
    deviance_at(k, (m - k) / k, ln_quotient(m, k))
}

/// The same from t = (m − k)/k, which is to come from an exact difference where m is near k, and
/// ln(m/k), which is read where it is far.
#[inline(always)]
pub(super) fn deviance_at<R: Real>(k: R, t: R, log_ratio: R) -> R {
    let close = t.abs().le(R::constant(0.5));
    k * R::select(close, -t.ln_1p_remainder(), t - log_ratio)
}

/// ln(k!) − (k ln k − k) for k > 0: ½ ln 2πk and Stirling's remainder, both positive.
#[inline(always)]
pub(super) fn ln_factorial_excess<R: Real>(k: R) -> R {
    (k.ln() + LN_TWO_PI) * 0.5 + k.ln_gamma_stirling()
}

/// A law of counts; the first of `N` inputs is the count, the others are the parameters.
pub(super) trait CountFormulas<const N: usize>: Send + Sync + 'static {
    const NAME: &'static str;
    const INPUTS: [&'static str; N];
    /// Whether the logarithms of the tails follow that of the count rather than the count itself.
    const STEPS_OF_RATIO: bool = false;

    /// ln P(X = k) for k ≥ 0, also between the integers.
    fn log_mass<R: Real>(inputs: [R; N]) -> R;
    /// The probability that `tail` names, for k ≥ 0, also between the integers.
    fn tail<R: Real>(tail: Tail, inputs: [R; N]) -> R;
    /// The partial derivatives of the logarithm of the mass.
    fn mass_partials<R: Real>(inputs: [R; N]) -> [R; N];
    /// Those of a tail; at the largest count as well, where a parameter at its edge may move them.
    fn tail_partials<R: Real>(tail: Tail, inputs: [R; N]) -> [R; N];
    /// A first guess of the count at a standard normal deviate z; the count in `inputs` is not
    /// read.
    fn guess<R: Real>(z: R, inputs: [R; N]) -> R;
    /// The smallest and the largest count of positive probability; the largest is NaN where a
    /// parameter is outside its domain.
    fn ends<R: Real>(inputs: [R; N]) -> [R; 2];
}

/// The handles of a [`CountFormulas`].
pub(super) struct CountOps<const N: usize> {
    pub(super) log_mass: Op<N>,
    tails: [Op<N>; 4],
}

impl<const N: usize> CountOps<N> {
    pub(super) const fn new<L: CountFormulas<N>>() -> Self {
        Self {
            log_mass: Op::new::<LogMass<L>>(),
            tails: [
                Op::new::<TailOf<L, 0>>(),
                Op::new::<TailOf<L, 1>>(),
                Op::new::<TailOf<L, 2>>(),
                Op::new::<TailOf<L, 3>>(),
            ],
        }
    }

    pub(super) fn tail(&self, tail: Tail) -> &Op<N> {
        let at = TAILS.iter().position(|other| *other == tail);
        &self.tails[at.expect("one of four")]
    }
}

const TAILS: [Tail; 4] = [Tail::Cdf, Tail::LogCdf, Tail::Survival, Tail::LogSurvival];

/// `inside` for counts from 0 to the largest, the limits below and above; NaN where a parameter is.
#[inline(always)]
fn placed<L: CountFormulas<N>, R: Real, const N: usize>(
    inputs: [R; N],
    [below, above]: [f64; 2],
    inside: R,
) -> R {
    let [_, largest] = L::ends(inputs);
    let k = inputs[0];
    let value = R::select(k.lt(R::constant(0.0)), R::constant(below), inside);
    let value = R::select(k.gt(largest), R::constant(above), value);
    let value = R::select(largest.is_nan(), largest, value);
    inputs.into_iter().fold(value, |value, input| R::select(input.is_nan(), input, value))
}

struct LogMass<L>(PhantomData<fn() -> L>);

impl<L: CountFormulas<N>, const N: usize> Formula<N> for LogMass<L> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        let inside = possible::<L, R, N>(inputs, f64::NEG_INFINITY, L::log_mass(inputs));
        placed::<L, R, N>(inputs, [f64::NEG_INFINITY; 2], inside)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; N]) -> [R; N] {
        let mut partials = L::mass_partials(inputs);
        for partial in &mut partials {
            let inside = possible::<L, R, N>(inputs, 0.0, *partial);
            *partial = placed::<L, R, N>(inputs, [0.0; 2], inside);
        }
        partials
    }
}

/// `inside` from the smallest possible count on, else the limit.
#[inline(always)]
fn possible<L: CountFormulas<N>, R: Real, const N: usize>(
    inputs: [R; N],
    below: f64,
    inside: R,
) -> R {
    let [least, _] = L::ends(inputs);
    R::select(inputs[0].lt(least), R::constant(below), inside)
}

/// The tail at a place of [`TAILS`].
struct TailOf<L, const WHICH: usize>(PhantomData<fn() -> L>);

impl<L: CountFormulas<N>, const N: usize, const WHICH: usize> Formula<N> for TailOf<L, WHICH> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = L::INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        let tail = TAILS[WHICH];
        let [_, largest] = L::ends(inputs);
        // At the last count the tail above is empty; the formula may have no value there.
        let last = inputs[0].equal(largest);
        let inside = R::select(last, R::constant(tail.limits()[1]), L::tail(tail, inputs));
        placed::<L, R, N>(inputs, tail.limits(), inside)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; N]) -> [R; N] {
        let mut partials = L::tail_partials(TAILS[WHICH], inputs);
        for partial in &mut partials {
            *partial = placed::<L, R, N>(inputs, [0.0; 2], *partial);
        }
        partials
    }
}
