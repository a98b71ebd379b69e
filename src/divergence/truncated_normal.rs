//! Divergences to and from a truncated Normal.
//!
//! All are that to Q restricted to the interval of P, and −ln of Q's share of that interval. The first
//! is ln E e^v for v = ln(q/p) less its mean: by quadrature a sum of positive terms, where P and
//! Q nearly agree and their normalisers would cancel.

mod source;
mod target;

use burn::tensor::Tensor;

use super::closed_form;
use super::gaps::ln_ratio;
use crate::distribution::KlDivergence;
use crate::distributions::{Normal, TruncatedNormal, Uniform};
use crate::kernel::{Formula, Op, Real};
use source::{Expected, Source, Tilt};
use target::Target;

/// The divergence to a truncated Normal, for P on the interval `ends`.
#[inline(always)]
fn to_normal<R: Real>(source: &Source<R>, tilt: Tilt<R>, ends: [R; 2], target: &Target<R>) -> R {
    let [low, high] = ends;
    let expected = source.expected(tilt);
    let near = expected.gap.ln_1p() + target.escape(low, high);
    // The cross entropy less the entropy: of the exponents P expects, relative to each mode, that
    // of its own is 1 at most.
    let [_, fall] = target.expected(source, expected.moments);
    let logs = ln_ratio(target.integral(), source.unit * source.mass);
    let far = fall - source.exponent(expected.moments) + logs;
    let value = R::select(expected.near(), near, far);
    R::select(target.misses(low, high), R::constant(f64::INFINITY), value)
}

/// Its derivatives in the parameters of a Normal that P is before it is truncated, in the ends of P,
/// and in the parameters of Q.
#[inline(always)]
fn to_normal_slopes<R: Real>(
    source: &Source<R>,
    tilt: Tilt<R>,
    ends: [R; 2],
    target: &Target<R>,
) -> ([R; 2], [R; 2], [R; 4]) {
    let expected = source.expected(tilt);
    let [with_tilt, moved] = source.covariances(tilt, &expected);
    let outside = target.misses(ends[0], ends[1]);
    let inside = |slope: R| R::select(outside, R::constant(0.0), slope);
    (
        source.slopes(with_tilt).map(inside),
        source.end_slopes(tilt, expected.moments).map(inside),
        target.slopes(source, ends, &expected, moved).map(inside),
    )
}

struct TruncatedToTruncated;

impl TruncatedToTruncated {
    #[inline(always)]
    fn parts<R: Real>(inputs: [R; 8]) -> (Source<R>, Tilt<R>, [R; 2], Target<R>) {
        let [loc, scale, low, high, to @ ..] = inputs;
        let source = Source::truncated_normal([loc, scale, low, high]);
        let target = Target::new(to);
        let tilt = target.tilt(&source, loc);
        (source, tilt, [low, high], target)
    }
}

impl Formula<8> for TruncatedToTruncated {
    const NAME: &'static str = "KL(TruncatedNormal ‖ TruncatedNormal)";
    const INPUTS: [&'static str; 8] =
        ["loc", "scale", "low", "high", "other loc", "other scale", "other low", "other high"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 8]) -> R {
        let (source, tilt, ends, target) = Self::parts(inputs);
        to_normal(&source, tilt, ends, &target)
    }

    // By hand: expectations, where the steps of the value would cancel.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 8]) -> [R; 8] {
        let (source, tilt, ends, target) = Self::parts(inputs);
        let ([a, b], [c, d], [e, f, g, h]) = to_normal_slopes(&source, tilt, ends, &target);
        [a, b, c, d, e, f, g, h]
    }
}

impl<const D: usize> KlDivergence<D, TruncatedNormal<D>> for TruncatedNormal<D> {
    fn kl_divergence(&self, other: &TruncatedNormal<D>) -> Tensor<D> {
        static FORMULA: Op<8> = Op::new::<TruncatedToTruncated>();
        closed_form(&FORMULA, self, other)
    }
}

/// A Normal is truncated nowhere.
struct TruncatedToNormal;

#[inline(always)]
fn with_infinite_ends<R: Real>([loc, scale, low, high, to_loc, to_scale]: [R; 6]) -> [R; 8] {
    let infinity = R::constant(f64::INFINITY);
    [loc, scale, low, high, to_loc, to_scale, -infinity, infinity]
}

impl Formula<6> for TruncatedToNormal {
    const NAME: &'static str = "KL(TruncatedNormal ‖ Normal)";
    const INPUTS: [&'static str; 6] = ["loc", "scale", "low", "high", "other loc", "other scale"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 6]) -> R {
        TruncatedToTruncated::evaluate(with_infinite_ends(inputs))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 6]) -> [R; 6] {
        let slopes = TruncatedToTruncated::partials(with_infinite_ends(inputs));
        let [a, b, c, d, e, f, _, _] = slopes;
        [a, b, c, d, e, f]
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for TruncatedNormal<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        static FORMULA: Op<6> = Op::new::<TruncatedToNormal>();
        closed_form(&FORMULA, self, other)
    }
}

struct UniformToTruncated;

impl UniformToTruncated {
    #[inline(always)]
    fn parts<R: Real>(inputs: [R; 6]) -> (Source<R>, Tilt<R>, [R; 2], Target<R>) {
        let [low, high, to @ ..] = inputs;
        let source = Source::uniform([low, high]);
        let target = Target::new(to);
        let tilt = target.tilt_of_uniform(&source, [low, high]);
        (source, tilt, [low, high], target)
    }
}

impl Formula<6> for UniformToTruncated {
    const NAME: &'static str = "KL(Uniform ‖ TruncatedNormal)";
    const INPUTS: [&'static str; 6] =
        ["low", "high", "other loc", "other scale", "other low", "other high"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 6]) -> R {
        let (source, tilt, ends, target) = Self::parts(inputs);
        to_normal(&source, tilt, ends, &target)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 6]) -> [R; 6] {
        let (source, tilt, ends, target) = Self::parts(inputs);
        let (_, [a, b], [c, d, e, f]) = to_normal_slopes(&source, tilt, ends, &target);
        [a, b, c, d, e, f]
    }
}

impl<const D: usize> KlDivergence<D, TruncatedNormal<D>> for Uniform<D> {
    fn kl_divergence(&self, other: &TruncatedNormal<D>) -> Tensor<D> {
        static FORMULA: Op<6> = Op::new::<UniformToTruncated>();
        closed_form(&FORMULA, self, other)
    }
}

struct TruncatedToUniform;

impl TruncatedToUniform {
    #[inline(always)]
    fn parts<R: Real>(inputs: [R; 6]) -> (Source<R>, Tilt<R>, Expected<R>, R::Mask) {
        let [loc, scale, low, high, to_low, to_high] = inputs;
        let source = Source::truncated_normal([loc, scale, low, high]);
        let target = [R::constant(0.0); 2];
        let tilt = Tilt { curvature: R::constant(1.0), slope: source.offset, target };
        let expected = source.expected(tilt);
        (source, tilt, expected, low.lt(to_low) | high.gt(to_high))
    }
}

impl Formula<6> for TruncatedToUniform {
    const NAME: &'static str = "KL(TruncatedNormal ‖ Uniform)";
    const INPUTS: [&'static str; 6] = ["loc", "scale", "low", "high", "other low", "other high"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 6]) -> R {
        let [_, _, low, high, to_low, to_high] = inputs;
        let (source, _, expected, misses) = Self::parts(inputs);
        let width = to_high - to_low;
        let excess = ((low - to_low) + (to_high - high)) / (high - low);
        let close = excess.lt(R::constant(1.0));
        let escape = R::select(close, excess.ln_1p(), ln_ratio(width, high - low));
        let near = expected.gap.ln_1p() + escape;
        let logs = ln_ratio(width, source.unit * source.mass);
        let far = logs - source.exponent(expected.moments);
        let value = R::select(expected.near(), near, far);
        R::select(misses, R::constant(f64::INFINITY), value)
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 6]) -> [R; 6] {
        let [_, _, _, _, to_low, to_high] = inputs;
        let (source, tilt, expected, misses) = Self::parts(inputs);
        let [with_tilt, _] = source.covariances(tilt, &expected);
        let [a, b] = source.slopes(with_tilt);
        let [c, d] = source.end_slopes(tilt, expected.moments);
        let density = (to_high - to_low).recip();
        let slopes = [a, b, c, d, -density, density];
        slopes.map(|slope| R::select(misses, R::constant(0.0), slope))
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for TruncatedNormal<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        static FORMULA: Op<6> = Op::new::<TruncatedToUniform>();
        closed_form(&FORMULA, self, other)
    }
}
