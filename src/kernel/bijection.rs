//! The formulas of an elementwise bijector, gathered in one place and turned into handles.

use core::marker::PhantomData;

use super::formula::{Formula, MultiFormula, Op};
use super::real::Real;

/// The formulas of an elementwise bijector: the first input is the point, the others are the
/// parameters.
pub(crate) trait ScalarFormulas<const N: usize>: Send + Sync + 'static {
    const NAME: &'static str;
    const INPUTS: [&'static str; N];

    fn forward<R: Real>(inputs: [R; N]) -> R;
    fn inverse<R: Real>(inputs: [R; N]) -> R;
    /// ln |d forward / dx| at x.
    fn log_det<R: Real>(inputs: [R; N]) -> R;
    /// ln |d inverse / dy| at y.
    fn inverse_log_det<R: Real>(inputs: [R; N]) -> R;
}

/// The handles of a [`ScalarFormulas`], one pass over memory each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScalarOps<const N: usize> {
    pub(crate) forward: Op<N>,
    pub(crate) inverse: Op<N>,
    pub(crate) log_det: Op<N>,
    pub(crate) inverse_log_det: Op<N>,
    pub(crate) forward_and_log_det: Op<N, 2>,
    pub(crate) inverse_and_log_det: Op<N, 2>,
}

impl<const N: usize> ScalarOps<N> {
    pub(crate) const fn new<F: ScalarFormulas<N>>() -> Self {
        Self {
            forward: Op::new::<Forward<F>>(),
            inverse: Op::new::<Inverse<F>>(),
            log_det: Op::new::<LogDet<F>>(),
            inverse_log_det: Op::new::<InverseLogDet<F>>(),
            forward_and_log_det: Op::new::<ForwardAndLogDet<F>>(),
            inverse_and_log_det: Op::new::<InverseAndLogDet<F>>(),
        }
    }
}

struct Forward<F>(PhantomData<fn() -> F>);
struct Inverse<F>(PhantomData<fn() -> F>);
struct LogDet<F>(PhantomData<fn() -> F>);
struct InverseLogDet<F>(PhantomData<fn() -> F>);
struct ForwardAndLogDet<F>(PhantomData<fn() -> F>);
struct InverseAndLogDet<F>(PhantomData<fn() -> F>);

impl<F: ScalarFormulas<N>, const N: usize> Formula<N> for Forward<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        F::forward(inputs)
    }
}

impl<F: ScalarFormulas<N>, const N: usize> Formula<N> for Inverse<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        F::inverse(inputs)
    }
}

impl<F: ScalarFormulas<N>, const N: usize> Formula<N> for LogDet<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        F::log_det(inputs)
    }
}

impl<F: ScalarFormulas<N>, const N: usize> Formula<N> for InverseLogDet<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        F::inverse_log_det(inputs)
    }
}

impl<F: ScalarFormulas<N>, const N: usize> MultiFormula<N, 2> for ForwardAndLogDet<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; 2] {
        [F::forward(inputs), F::log_det(inputs)]
    }
}

impl<F: ScalarFormulas<N>, const N: usize> MultiFormula<N, 2> for InverseAndLogDet<F> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; 2] {
        [F::inverse(inputs), F::inverse_log_det(inputs)]
    }
}
