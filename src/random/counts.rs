//! Draws of counts: inversion where few are likely, transformed rejection (Hörmann 1993: PTRS for
//! the Poisson, BTRS for the binomial distribution) elsewhere.
//!
//! # Where the noise comes from
//!
//! For element `i` and attempt `k` < [`ATTEMPTS`], the block at counter (`i`, `k`, attempt tag)
//! holds two points of (0, 1), each known by its distance to the nearer end. Inversion reads the
//! first point of attempt 0 and never needs another; a rejected proposal reads the next attempt.
//!
//! The steps are written over [`Real`]. The host loop stops at the first accepted proposal; other
//! backends run [`Attempt`] on whole tensors of noise, for `k` = 0, 1, …, `ATTEMPTS` − 1, and then
//! [`Finish`]. Both choose the same proposals.

mod binomial;
#[cfg(any(feature = "flex", feature = "ndarray", test))]
mod host;
mod inversion;
mod poisson;
mod tensors;

use core::marker::PhantomData;

pub(crate) use binomial::Binomial;
#[cfg(test)]
pub(crate) use host::fill;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use host::on_host;
pub(crate) use poisson::Poisson;
pub(crate) use tensors::Steps;

use crate::kernel::{Formula, Real};
use inversion::inverted;

/// Most proposals made for one element.
///
/// A proposal is accepted with probability above 0.68, so about one draw in 10⁸ exhausts them at
/// the worst parameters and one in 10⁹ at most others; such a draw becomes the whole part of the
/// mean.
pub(crate) const ATTEMPTS: u32 = 16;

/// The mean from which draws are made by rejection.
pub(crate) const REJECTION_FROM: f64 = 10.0;

/// A point of (0, 1): how far it is from the nearer end, never 0, and whether that is 1.
#[derive(Clone, Copy)]
pub(crate) struct Point<R: Real> {
    pub(crate) tail: R,
    pub(crate) upper: R::Mask,
}

impl<R: Real> Point<R> {
    /// From the point as one number; see [`points`](super::points).
    #[inline(always)]
    pub(crate) fn decode(code: R) -> Self {
        let (tail, _, upper) = super::points::decode(code);
        Self { tail, upper }
    }
}

/// Points side by side: each part in an array of its own, so that loops over them become vector code.
pub(crate) struct Points<R: Real, const L: usize> {
    pub(crate) tail: [R; L],
    pub(crate) upper: [R::Mask; L],
}

impl<R: Real, const L: usize> Points<R, L> {
    #[inline(always)]
    fn at(&self, lane: usize) -> Point<R> {
        Point { tail: self.tail[lane], upper: self.upper[lane] }
    }
}

/// The parameters of one lane.
#[inline(always)]
fn of_lane<R: Real, const P: usize, const L: usize>(
    parameters: &[[R; L]; P],
    lane: usize,
) -> [R; P] {
    let mut law = [parameters[0][lane]; P];
    for index in 1..P {
        law[index] = parameters[index][lane];
    }
    law
}

/// A law of counts with `P` parameters, as it is drawn.
pub(crate) trait CountSampler<const P: usize>: Send + Sync + 'static {
    const NAME: &'static str;
    const PARAMETERS: [&'static str; P];

    /// Whether there is such a law; elements where there is none are drawn as −1.
    fn exists<R: Real>(parameters: [R; P]) -> R::Mask;
    fn mean<R: Real>(parameters: [R; P]) -> R;
    /// P(X = 0), for means below [`REJECTION_FROM`].
    fn none<R: Real>(parameters: [R; P]) -> R;
    /// What [`ratio`](Self::ratio) needs of the parameters at every count.
    fn odds<R: Real>(parameters: [R; P]) -> R;
    /// P(X = count)/P(X = count − 1).
    fn ratio<R: Real>(parameters: [R; P], odds: R, count: usize) -> R;
    /// The proposal made of the first point, and whether the second accepts it, for larger means.
    fn propose<R: Real>(parameters: [R; P], points: [Point<R>; 2]) -> (R, R::Mask);
}

/// What stands where no proposal has been accepted yet; counts are not negative.
const NONE_YET: f64 = -1.0;

/// The first `P` of the inputs from `from` on.
#[inline(always)]
fn parameters<R: Real, const N: usize, const P: usize>(inputs: [R; N], from: usize) -> [R; P] {
    let mut parameters = [inputs[0]; P];
    parameters.copy_from_slice(&inputs[from..from + P]);
    parameters
}

const fn names<const N: usize, const P: usize>(
    [first, last]: [&[&'static str]; 2],
    parameters: [&'static str; P],
) -> [&'static str; N] {
    assert!(N == first.len() + P + last.len());
    let mut names = [""; N];
    let mut index = 0;
    while index < N {
        names[index] = if index < first.len() {
            first[index]
        } else if index < first.len() + P {
            parameters[index - first.len()]
        } else {
            last[index - first.len() - P]
        };
        index += 1;
    }
    names
}

/// A draw where the first attempt gives one, else [`NONE_YET`]; of the parameters and two points.
struct FirstAttempt<C, const P: usize>(PhantomData<fn() -> C>);

impl<C: CountSampler<P>, const P: usize, const N: usize> Formula<N> for FirstAttempt<C, P> {
    const NAME: &'static str = C::NAME;
    const INPUTS: [&'static str; N] = names([&[], &["first point", "second point"]], C::PARAMETERS);

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        let law: [R; P] = parameters(inputs, 0);
        let points = [Point::decode(inputs[P]), Point::decode(inputs[P + 1])];
        let first = Points { tail: [points[0].tail], upper: [points[0].upper] };
        let [small] = inverted::<C, R, P, 1>(&law.map(|parameter| [parameter]), &first);
        let (count, accepted) = C::propose(law, points);
        let proposed = R::select(accepted, count, R::constant(NONE_YET));
        R::select(C::mean(law).lt(R::constant(REJECTION_FROM)), small, proposed)
    }
}

/// One more attempt for elements that have no draw.
struct Attempt<C, const P: usize>(PhantomData<fn() -> C>);

impl<C: CountSampler<P>, const P: usize, const N: usize> Formula<N> for Attempt<C, P> {
    const NAME: &'static str = C::NAME;
    const INPUTS: [&'static str; N] =
        names([&["accepted"], &["first point", "second point"]], C::PARAMETERS);

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        let points = [Point::decode(inputs[P + 1]), Point::decode(inputs[P + 2])];
        let (count, accepted) = C::propose(parameters(inputs, 1), points);
        let now = R::select(accepted, count, R::constant(NONE_YET));
        R::select(inputs[0].ge(R::constant(0.0)), inputs[0], now)
    }
}

/// The draws, from what the attempts left.
struct Finish<C, const P: usize>(PhantomData<fn() -> C>);

impl<C: CountSampler<P>, const P: usize, const N: usize> Formula<N> for Finish<C, P> {
    const NAME: &'static str = C::NAME;
    const INPUTS: [&'static str; N] = names([&["accepted"], &[]], C::PARAMETERS);

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        finished::<C, R, P>(inputs[0], parameters(inputs, 1))
    }
}

/// `accepted`, or where it is negative the whole part of the mean.
#[inline(always)]
pub(crate) fn finished<C: CountSampler<P>, R: Real, const P: usize>(
    accepted: R,
    parameters: [R; P],
) -> R {
    let none = accepted.lt(R::constant(0.0));
    let count = R::select(none, C::mean(parameters).floor(), accepted);
    // There is no NaN among counts.
    R::select(C::exists(parameters), count, R::constant(-1.0))
}
