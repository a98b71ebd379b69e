//! Numbers that no formula gives: quadrature and Monte Carlo, which say that they estimate.

mod monte_carlo;
mod nodes;
mod quadrature;

use burn::tensor::Tensor;

pub use monte_carlo::monte_carlo_kl;
pub(crate) use nodes::chunks;
pub(crate) use quadrature::Side;
pub use quadrature::{Point, expectations};

use crate::kernel::{Formula, Op, Real};

/// A value that was estimated rather than computed in closed form.
#[derive(Clone, Debug)]
pub struct Estimate<const D: usize> {
    /// The estimate.
    pub value: Tensor<D>,
    /// How far off it may be, without gradient: a standard error for a random method, the change
    /// on halving the nodes for a quadrature.
    pub error: Tensor<D>,
    /// How it was found.
    pub method: &'static str,
}

struct ExpM1;

static EXP_M1: Op<1> = Op::new::<ExpM1>();

impl Formula<1> for ExpM1 {
    const NAME: &'static str = "exp_m1";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn evaluate<R: Real>([x]: [R; 1]) -> R {
        x.exp_m1()
    }
}

/// eˣ − 1 without cancellation near 0, which Burn has no operation for.
pub(crate) fn exp_m1<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    EXP_M1.apply([x])
}
