//! Moments, mode and entropy as formulas of the parameters.

use core::marker::PhantomData;

use super::formula::{Formula, Kernel, Op};
use super::real::Real;

/// What summarises a law in one number each, as formulas of its parameters, in the order of
/// [`Parametric::parameters`](crate::parameter::Parametric::parameters).
pub trait SummaryFormulas<const N: usize>: Send + Sync + 'static {
    /// The name of the family, shown in errors.
    const NAME: &'static str;
    /// The names of the parameters, shown in shape errors.
    const PARAMETERS: [&'static str; N];

    /// The expectation: +∞ where it is infinite, NaN where it does not exist.
    fn mean<R: Real>(parameters: [R; N]) -> R;
    /// The standard deviation, of which the variance is the square.
    fn std_dev<R: Real>(parameters: [R; N]) -> R;
    /// The value of largest density.
    fn mode<R: Real>(parameters: [R; N]) -> R;
    /// −E ln p(X).
    fn entropy<R: Real>(parameters: [R; N]) -> R;
}

/// The handles of [`SummaryFormulas`], whatever their number of parameters.
#[derive(Clone, Copy, Debug)]
pub struct SummaryOps {
    pub(crate) mean: Kernel,
    pub(crate) variance: Kernel,
    pub(crate) std_dev: Kernel,
    pub(crate) mode: Kernel,
    pub(crate) entropy: Kernel,
}

impl SummaryOps {
    /// The handles of formulas of `N` parameters.
    #[must_use]
    pub const fn new<const N: usize, F: SummaryFormulas<N>>() -> Self {
        Self {
            mean: Op::new::<Part<F, MEAN>>().kernel(),
            variance: Op::new::<Part<F, VARIANCE>>().kernel(),
            std_dev: Op::new::<Part<F, STD_DEV>>().kernel(),
            mode: Op::new::<Part<F, MODE>>().kernel(),
            entropy: Op::new::<Part<F, ENTROPY>>().kernel(),
        }
    }
}

/// One of the formulas.
struct Part<F, const PART: u8>(PhantomData<fn() -> F>);

const MEAN: u8 = 0;
const VARIANCE: u8 = 1;
const STD_DEV: u8 = 2;
const MODE: u8 = 3;
const ENTROPY: u8 = 4;

impl<F: SummaryFormulas<N>, const N: usize, const PART: u8> Formula<N> for Part<F, PART> {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::PARAMETERS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn evaluate<R: Real>(parameters: [R; N]) -> R {
        match PART {
            MEAN => F::mean(parameters),
            // Where the deviation is infinite and has no slope, its square here has none either, which
            // as an operation on tensors would be 0 · ∞.
            VARIANCE => F::std_dev(parameters).square(),
            STD_DEV => F::std_dev(parameters),
            MODE => F::mode(parameters),
            ENTROPY => F::entropy(parameters),
            _ => unreachable!("the parts are those above"),
        }
    }
}
