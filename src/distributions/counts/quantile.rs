//! Quantiles of counts: a guess, Newton steps in the logarithm of the smaller tail, and a last step
//! that decides between neighbours. Each is a formula of its own, so that what a backend compiles
//! stays small.

use core::marker::PhantomData;

use burn::tensor::{DType, Int, Tensor};

use super::{CountFormulas, whole};
use crate::distribution::Tail;
use crate::kernel::{Formula, Op, Real};

/// The handles of the steps, for probabilities below and above a quantile. `N` inputs are the
/// probability and the parameters, `M` = `N` + 1 a count and these.
pub(in super::super) struct QuantileOps<const N: usize, const M: usize> {
    lower: Steps<N, M>,
    upper: Steps<N, M>,
}

struct Steps<const N: usize, const M: usize> {
    guess: Op<N>,
    step: Op<M>,
    finish: Op<M>,
    /// How many steps are taken in single and in double precision.
    count: [usize; 2],
}

impl<const N: usize, const M: usize> Steps<N, M> {
    const fn new<L: CountFormulas<N>, const UPPER: bool>() -> Self {
        const { assert!(M == N + 1) }
        Self {
            guess: Op::new::<Guess<L, UPPER>>(),
            step: Op::new::<Step<L, N, UPPER>>(),
            finish: Op::new::<Finish<L, N, UPPER>>(),
            // Each squares the error, relative to the spread, once it is small.
            count: if L::STEPS_OF_RATIO { [8, 10] } else { [4, 6] },
        }
    }

    fn apply<const D: usize>(&self, inputs: [Tensor<D>; N]) -> Tensor<D, Int> {
        let inputs = inputs.map(Tensor::detach);
        let with = |count: Tensor<D>| -> [Tensor<D>; M] {
            let mut all = vec![count];
            all.extend(inputs.iter().cloned());
            all.try_into().expect("one more")
        };
        let steps = self.count[usize::from(inputs[0].dtype() == DType::F64)];
        let guess = self.guess.apply(inputs.clone());
        let count = (0..steps).fold(guess, |count, _| self.step.apply(with(count)));
        whole(self.finish.apply(with(count)))
    }
}

impl<const N: usize, const M: usize> QuantileOps<N, M> {
    pub(in super::super) const fn new<L: CountFormulas<N>>() -> Self {
        Self { lower: Steps::new::<L, false>(), upper: Steps::new::<L, true>() }
    }

    /// The smallest counts with P(X ≤ k) ≥ the first input; −1 where that is no probability.
    pub(in super::super) fn quantile<const D: usize>(
        &self,
        inputs: [Tensor<D>; N],
    ) -> Tensor<D, Int> {
        self.lower.apply(inputs)
    }

    /// The smallest counts with P(X > k) ≤ the first input; −1 where that is no probability.
    pub(in super::super) fn upper_quantile<const D: usize>(
        &self,
        inputs: [Tensor<D>; N],
    ) -> Tensor<D, Int> {
        self.upper.apply(inputs)
    }
}

/// The probabilities below and above, of which that given is exact.
#[inline(always)]
fn both<const UPPER: bool, R: Real>(probability: R) -> [R; 2] {
    let complement = -probability + 1.0;
    if UPPER { [complement, probability] } else { [probability, complement] }
}

/// The parameters of `inputs`, from the second or third on, with `count` in front.
#[inline(always)]
fn at<R: Real, const N: usize, const M: usize>(count: R, inputs: [R; M]) -> [R; N] {
    let mut all = [count; N];
    for index in 1..N {
        all[index] = inputs[index + M - N];
    }
    all
}

struct Guess<L, const UPPER: bool>(PhantomData<fn() -> L>);

impl<L: CountFormulas<N>, const N: usize, const UPPER: bool> Formula<N> for Guess<L, UPPER> {
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; N] = {
        let mut inputs = L::INPUTS;
        inputs[0] = "probability";
        inputs
    };

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        let [p, q] = both::<UPPER, R>(inputs[0]);
        let lower = p.lt(R::constant(0.5));
        let z = R::select(lower, p, q).ndtri();
        let z = R::select(lower, z, -z);
        within::<L, R, N>(L::guess(z, inputs), inputs)
    }
}

/// `count` held between the ends of the support; a NaN becomes the smallest. The largest is left to
/// the last step: a step looks one count further.
#[inline(always)]
fn within<L: CountFormulas<N>, R: Real, const N: usize>(count: R, inputs: [R; N]) -> R {
    let [least, largest] = L::ends(inputs);
    let above = R::select(count.gt(least), count, least);
    let below = R::select(above.lt(largest - 1.0), above, largest - 1.0);
    R::select(below.gt(least), below, least)
}

const fn step_inputs<const N: usize, const M: usize>(inputs: [&str; N]) -> [&str; M] {
    let mut all = ["count"; M];
    all[1] = "probability";
    let mut index = 1;
    while index < N {
        all[index + 1] = inputs[index];
        index += 1;
    }
    all
}

struct Step<L, const N: usize, const UPPER: bool>(PhantomData<fn() -> L>);

impl<L: CountFormulas<N>, const N: usize, const M: usize, const UPPER: bool> Formula<M>
    for Step<L, N, UPPER>
{
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; M] = step_inputs(L::INPUTS);

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; M]) -> R {
        let [p, q] = both::<UPPER, R>(inputs[1]);
        let k = inputs[0];
        let lower = p.lt(R::constant(0.5));
        let here = at::<R, N, M>(k, inputs);
        let log_below = L::tail(Tail::LogCdf, here);
        let log_above = L::tail(Tail::LogSurvival, here);
        // The mass at k + 1 is what the lower tail gains from k to k + 1, that at k what the upper one
        // loses from k − 1 to k: exact slopes of their logarithms, which are concave, so that steps
        // do not run away.
        let mass = L::log_mass(at::<R, N, M>(R::select(lower, k + 1.0, k), inputs));
        let rise = (mass - log_below).exp().ln_1p();
        let fall = (mass - log_above).exp().ln_1p();
        let up = (p.ln() - log_below) / rise;
        let down = (log_above - q.ln()) / fall;
        let step = R::select(lower, up, down);
        // A tail that has no slope left says to go down, to the smallest count; up it says nothing.
        let usable = step.lt(R::constant(f64::INFINITY));
        // By ratios the same step of the logarithm of k + 1, bounded so that it does not overflow.
        let next = if L::STEPS_OF_RATIO {
            let limit = R::constant(8.0);
            let step = (step / (k + 1.0)).min(limit).max(-limit);
            (k + 1.0) * step.exp() - 1.0
        } else {
            k + step
        };
        let next = R::select(usable, next, k);
        within::<L, R, N>(next, here)
    }
}

struct Finish<L, const N: usize, const UPPER: bool>(PhantomData<fn() -> L>);

impl<L: CountFormulas<N>, const N: usize, const M: usize, const UPPER: bool> Formula<M>
    for Finish<L, N, UPPER>
{
    const NAME: &'static str = L::NAME;
    const INPUTS: [&'static str; M] = step_inputs(L::INPUTS);

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; M]) -> R {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let [p, q] = both::<UPPER, R>(inputs[1]);
        let lower = p.lt(R::constant(0.5));
        let middle = -(-inputs[0]).floor();
        let parameters = at::<R, N, M>(middle, inputs);
        let [least, largest] = L::ends(parameters);
        let reached = |count: R| {
            let here = at::<R, N, M>(count, inputs);
            let below = L::tail(Tail::Cdf, here).ge(p);
            let above = L::tail(Tail::Survival, here).le(q);
            count.ge(least) & (((lower & below) | (!lower & above)) | count.ge(largest))
        };
        let before = middle - 1.0;
        let count = R::select(reached(middle), middle, middle + 1.0);
        let count = R::select(reached(before), before, count);
        let count = R::select(p.equal(zero), least, R::select(q.equal(zero), largest, count));
        let possible = p.ge(zero) & p.le(one) & q.ge(zero) & q.le(one);
        let valid = possible & !largest.is_nan();
        let known = (1..N).fold(valid, |known, index| known & !parameters[index].is_nan());
        R::select(known, count, R::constant(-1.0))
    }
}
