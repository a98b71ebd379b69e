//! Bijectors, one a file.

mod affine;
mod composed;
mod exp;
mod identity;
mod increments;
mod inverted;
mod log;
mod matrices;
mod parametric;
mod power;
mod rational_quadratic_spline;
mod sequential;
mod sigmoid;
mod softplus;
mod tanh;

pub use affine::Affine;
pub use composed::Composed;
pub(crate) use composed::sum_event;
pub use exp::Exp;
pub use identity::Identity;
pub use inverted::Inverted;
pub use log::Log;
pub use matrices::{LowerCholesky, PositiveDefinite};
pub use parametric::ParametricBijector;
pub use power::Power;
pub use rational_quadratic_spline::RationalQuadraticSpline;
pub use sequential::Sequential;
pub use sigmoid::Sigmoid;
pub use softplus::Softplus;
pub use tanh::Tanh;

pub use crate::kernel::{SplineEnds, SplineShape};
