//! The formulas of an elementwise bijector, gathered in one place and turned into handles.

use core::marker::PhantomData;

use super::formula::{Formula, Kernel, MultiFormula, Op};
use super::real::Real;

/// The formulas of an elementwise bijector: the first input is the point, the others are the
/// parameters.
pub trait BijectorFormulas<const N: usize>: Send + Sync + 'static {
    /// The name of the bijector, shown in errors.
    const NAME: &'static str;
    /// The names of the inputs, shown in shape errors.
    const INPUTS: [&'static str; N];

    /// y = f(x).
    fn forward<R: Real>(inputs: [R; N]) -> R;
    /// x = f⁻¹(y).
    fn inverse<R: Real>(inputs: [R; N]) -> R;
    /// ln |dy/dx| at x.
    fn log_det<R: Real>(inputs: [R; N]) -> R;
    /// ln |dx/dy| at y.
    fn inverse_log_det<R: Real>(inputs: [R; N]) -> R;
}

/// The handles of [`BijectorFormulas`], one pass over memory each, whatever their number of inputs.
#[derive(Clone, Copy, Debug)]
pub struct BijectorOps {
    pub(crate) forward: Kernel,
    pub(crate) inverse: Kernel,
    pub(crate) log_det: Kernel,
    pub(crate) inverse_log_det: Kernel,
    pub(crate) forward_and_log_det: Kernel,
    pub(crate) inverse_and_log_det: Kernel,
}

impl BijectorOps {
    /// The handles of formulas of `N` inputs: the point and the parameters.
    #[must_use]
    pub const fn new<const N: usize, F: BijectorFormulas<N>>() -> Self {
        Self {
            forward: Op::new::<Part<F, FORWARD>>().kernel(),
            inverse: Op::new::<Part<F, INVERSE>>().kernel(),
            log_det: Op::new::<Part<F, LOG_DET>>().kernel(),
            inverse_log_det: Op::new::<Part<F, INVERSE_LOG_DET>>().kernel(),
            forward_and_log_det: Op::new::<Pair<F, true>>().kernel(),
            inverse_and_log_det: Op::new::<Pair<F, false>>().kernel(),
        }
    }
}

/// One of the formulas.
struct Part<F, const PART: u8>(PhantomData<fn() -> F>);

const FORWARD: u8 = 0;
const INVERSE: u8 = 1;
const LOG_DET: u8 = 2;
const INVERSE_LOG_DET: u8 = 3;

impl<F: BijectorFormulas<N>, const N: usize, const PART: u8> Formula<N> for Part<F, PART> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> R {
        match PART {
            FORWARD => F::forward(inputs),
            INVERSE => F::inverse(inputs),
            LOG_DET => F::log_det(inputs),
            INVERSE_LOG_DET => F::inverse_log_det(inputs),
            _ => unreachable!("the parts are those above"),
        }
    }
}

/// One of the maps with its log-determinant.
struct Pair<F, const FORWARD: bool>(PhantomData<fn() -> F>);

impl<F: BijectorFormulas<N>, const N: usize, const FORWARD: bool> MultiFormula<N, 2>
    for Pair<F, FORWARD>
{
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; 2] {
        if FORWARD {
            [F::forward(inputs), F::log_det(inputs)]
        } else {
            [F::inverse(inputs), F::inverse_log_det(inputs)]
        }
    }
}
