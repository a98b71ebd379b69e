//! Numbers that no formula gives: quadrature and Monte Carlo, which say that they estimate.

mod monte_carlo;
mod moving_ends;
mod nodes;
mod quadrature;

use burn::tensor::Tensor;

pub use monte_carlo::monte_carlo_kl;
pub(crate) use moving_ends::MovingEnds;
pub(crate) use nodes::chunks;
pub(crate) use quadrature::Side;
pub use quadrature::{Point, expectations};

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
