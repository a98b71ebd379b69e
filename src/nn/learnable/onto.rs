//! From the reals onto the support of a parameter.

use burn::tensor::Tensor;

use super::Positivity;
use crate::bijector::Bijector;
use crate::bijectors::{LowerCholesky, PositiveDefinite, Softplus};
use crate::kernel::{Formula, Op, Real};
use crate::support::{Bound, Support};

/// The map onto a support, with the choice of what makes numbers positive.
#[derive(Debug)]
pub(super) enum Onto<const D: usize> {
    Bijector(Box<dyn Bijector<D>>),
    /// Numbers beyond a bound, which may be infinite for some of them: these are then any number.
    Beyond(Bound, Positivity),
}

impl<const D: usize> Onto<D> {
    /// The map onto `support`; none where that is discrete.
    pub(super) fn new(support: &Support, positivity: Positivity) -> Option<Self> {
        let softplus = positivity == Positivity::Softplus;
        Some(Self::Bijector(match support {
            Support::AtLeast(bound) | Support::GreaterThan(bound) | Support::Above(bound) => {
                return Some(Self::Beyond(bound.clone(), positivity));
            }
            Support::Positive | Support::NonNegative if softplus => Box::new(Softplus),
            Support::LowerCholesky if softplus => Box::new(LowerCholesky::new(Softplus)),
            Support::PositiveDefinite if softplus => Box::new(PositiveDefinite::new(Softplus)),
            other => other.bijector()?,
        }))
    }

    pub(super) fn forward(&self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Bijector(bijector) => bijector.forward(x),
            Self::Beyond(bound, positivity) => {
                let bound = bound.argument().like(&x);
                match positivity {
                    Positivity::Softplus => BEYOND_BY_SOFTPLUS.apply([x, bound]),
                    Positivity::Exp => BEYOND_BY_EXP.apply([x, bound]),
                }
            }
        }
    }

    pub(super) fn inverse(&self, y: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Bijector(bijector) => bijector.inverse(y),
            Self::Beyond(bound, positivity) => {
                let bound = bound.argument().like(&y);
                match positivity {
                    Positivity::Softplus => BACK_BY_SOFTPLUS.apply([y, bound]),
                    Positivity::Exp => BACK_BY_EXP.apply([y, bound]),
                }
            }
        }
    }

    /// Whether each number has a support of its own.
    pub(super) fn is_elementwise(&self) -> bool {
        match self {
            Self::Bijector(bijector) => bijector.event_dims() == 0,
            Self::Beyond(..) => true,
        }
    }
}

static BEYOND_BY_SOFTPLUS: Op<2> = Op::new::<BeyondBySoftplus>();
static BEYOND_BY_EXP: Op<2> = Op::new::<BeyondByExp>();
static BACK_BY_SOFTPLUS: Op<2> = Op::new::<BackBySoftplus>();
static BACK_BY_EXP: Op<2> = Op::new::<BackByExp>();

struct BeyondBySoftplus;
struct BeyondByExp;
struct BackBySoftplus;
struct BackByExp;

/// `near` where there is a bound, and `free` where it is infinite, of which sums and differences
/// would be infinite or NaN.
#[inline(always)]
fn where_bounded<R: Real>(bound: R, near: R, free: R) -> R {
    R::select(bound.abs().lt(R::constant(f64::INFINITY)), near, free)
}

impl Formula<2> for BeyondBySoftplus {
    const NAME: &'static str = "Learnable";
    const INPUTS: [&'static str; 2] = ["value", "bound"];

    #[inline(always)]
    fn evaluate<R: Real>([x, bound]: [R; 2]) -> R {
        where_bounded(bound, bound + x.softplus(), x)
    }
}

impl Formula<2> for BeyondByExp {
    const NAME: &'static str = "Learnable";
    const INPUTS: [&'static str; 2] = ["value", "bound"];

    #[inline(always)]
    fn evaluate<R: Real>([x, bound]: [R; 2]) -> R {
        where_bounded(bound, bound + x.exp(), x)
    }
}

impl Formula<2> for BackBySoftplus {
    const NAME: &'static str = "Learnable";
    const INPUTS: [&'static str; 2] = ["value", "bound"];

    #[inline(always)]
    fn evaluate<R: Real>([y, bound]: [R; 2]) -> R {
        where_bounded(bound, (y - bound).softplus_inverse(), y)
    }
}

impl Formula<2> for BackByExp {
    const NAME: &'static str = "Learnable";
    const INPUTS: [&'static str; 2] = ["value", "bound"];

    #[inline(always)]
    fn evaluate<R: Real>([y, bound]: [R; 2]) -> R {
        where_bounded(bound, (y - bound).ln(), y)
    }
}
